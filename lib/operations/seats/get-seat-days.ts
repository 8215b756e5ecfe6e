import * as z from 'zod/mini'
import { integerQuery, LicenseId } from '../../genesys/models/ids.ts'
import { defineOperation } from '../../operation.ts'
import { seatDayListingOf } from '../../seats/render-seats.ts'
import { SeatDayListing } from '../../seats/seat-schemas.ts'
import { noPermission } from '../permissions.ts'

/** Three months, as a chart shows them. */
const MAX_DAYS = 92

export const getSeatDays = defineOperation({
  id: 'getSeatDays',
  method: 'GET',
  path: '/v1/seats/days',
  summary: 'How many held each license by the last reading of each day, and how many were paid for then',
  description:
    'Days in UTC, as billing periods are; today is the last, and its count is as of now. Each day of the span is there. `held` is what the day’s last whole reading counted, or where none was whole its last, and `isWhole` is false then; of a day without a reading it is absent, and never 0. What was given or taken after that reading shows on the next day. `seats` is what was paid for on that day, absent where nobody has told. Nothing is asked of Genesys. Before the first reading this is 503 `reading.unavailable`.',
  effect: 'inventory',
  role: 'viewer',
  params: {},
  query: { days: integerQuery(1, MAX_DAYS, MAX_DAYS), license: z.optional(LicenseId) },
  response: SeatDayListing,
  permissions: noPermission,
  run: async ({ seats }, { query: { days, license } }) => seatDayListingOf(await seats.days(days, license)),
})
