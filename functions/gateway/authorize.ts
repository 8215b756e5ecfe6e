import { tokenAuthorizer } from '../../lib/composition/authorizer.ts'

export const handler = tokenAuthorizer()
