import { inventories } from '../../lib/composition/inventories.ts'
import { streamed } from '../../lib/http/streamed.ts'
import { getUserHistory } from '../../lib/operations/users/get-user-history.ts'

export const handler = streamed(getUserHistory, inventories())
