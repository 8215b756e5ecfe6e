import { tokenRotation } from '../../lib/composition/token-rotation.ts'

export const handler = tokenRotation()
