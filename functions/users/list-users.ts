import { reads } from '../../lib/composition/reads.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { listUsers } from '../../lib/operations/users/list-users.ts'

export const handler = lambda(listUsers, reads())
