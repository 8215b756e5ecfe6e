import { inventories } from '../../lib/composition/inventories.ts'
import { streamed } from '../../lib/http/streamed.ts'
import { listUsers } from '../../lib/operations/users/list-users.ts'

export const handler = streamed(listUsers, inventories())
