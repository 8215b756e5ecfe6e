import { defineOperation } from '../../operation.ts'
import { SEAT_COLUMNS, seatRowsOf } from '../../seats/listing-rows.ts'
import { seatListingOf } from '../../seats/render-seats.ts'
import { SeatListing } from '../../seats/seat-schemas.ts'
import { noPermission } from '../permissions.ts'

export const getSeats = defineOperation({
  id: 'getSeats',
  method: 'GET',
  path: '/v1/seats',
  summary: 'How many hold each license, and how many are paid for',
  description:
    'Each license that anybody holds or that the org file names. `held` is from the newest reading of the whole org, with what the gateway has settled since counted on top; `asOf` says how old that is, and where `isWhole` is false, counts may be wrong. Nothing is asked of Genesys for it. **Held is not billed**: Genesys bills named licenses by who logged in during the period and concurrent ones by the peak. `billed` is what Genesys’s billing counts so far, of the charges that the org file maps to the license, and `billedAsOf` when it said so. What nobody has told is absent, and never 0. Before the first reading the answer is 503 `reading.unavailable`. Also as `text/csv` and `application/x-ndjson`, a row a license. docs/seats.md says what each figure is.',
  effect: 'inventory',
  role: 'viewer',
  chat: ['seats'],
  params: {},
  response: SeatListing,
  files: {
    name: () => 'seats',
    columns: SEAT_COLUMNS,
    pagedBy: [],
    loggedQuery: [],
    async *rows({ seats }) {
      yield seatRowsOf(await seats.now())
    },
  },
  permissions: noPermission,
  async run({ seats }) {
    return seatListingOf(await seats.now())
  },
})
