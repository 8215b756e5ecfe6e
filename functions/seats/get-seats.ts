import { inventories } from '../../lib/composition/inventories.ts'
import { streamed } from '../../lib/http/streamed.ts'
import { getSeats } from '../../lib/operations/seats/get-seats.ts'

export const handler = streamed(getSeats, inventories())
