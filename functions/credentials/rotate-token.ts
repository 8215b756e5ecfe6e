import { tokenRotation } from '../../lib/composition/rotation.ts'

export const handler = tokenRotation()
