import { tokenAuthorizer } from '../../lib/composition/token-authorizer.ts'

export const handler = tokenAuthorizer()
