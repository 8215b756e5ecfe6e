import { defineOperation } from '../../operation.ts'
import { PERIOD_LISTING_COLUMNS, periodListingRowsOf } from '../../seats/listing-rows.ts'
import { periodListingOf } from '../../seats/render-seats.ts'
import { PeriodListing } from '../../seats/seat-schemas.ts'
import { noPermission } from '../permissions.ts'

export const listPeriods = defineOperation({
  id: 'listPeriods',
  method: 'GET',
  path: '/v1/periods',
  summary: 'Billing periods, newest first',
  description:
    'Those of the contract where Genesys tells them (`from` is `contract`), with their dates as Genesys gives them: whether `end` is the last day or the one after is not documented there. Where it tells none, calendar months in UTC of which something is on record (`calendar`). Periods of the contract that are over stay listed where Genesys tells of it no more; `toldAt` says when it did last. All of them, on one page; also as `text/csv` and `application/x-ndjson`, a row a period.',
  effect: 'inventory',
  role: 'viewer',
  params: {},
  response: PeriodListing,
  files: {
    name: () => 'periods',
    columns: PERIOD_LISTING_COLUMNS,
    pagedBy: [],
    loggedQuery: [],
    async *rows({ seats }) {
      yield periodListingRowsOf(await seats.periods())
    },
  },
  permissions: noPermission,
  async run({ seats }) {
    return periodListingOf(await seats.periods())
  },
})
