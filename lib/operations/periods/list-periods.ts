import { defineOperation } from '../../operation.ts'
import { periodListingOf } from '../../seats/render-seats.ts'
import { PeriodListing } from '../../seats/seat-schemas.ts'
import { noPermission } from '../permissions.ts'

export const listPeriods = defineOperation({
  id: 'listPeriods',
  method: 'GET',
  path: '/v1/periods',
  summary: 'Billing periods, newest first',
  description:
    'Those of the contract where Genesys tells them (`from` is `contract`), with their dates as Genesys gives them: whether `end` is the last day or the one after is not documented there. Else calendar months in UTC of which something is on record (`calendar`). All of them, on one page.',
  effect: 'inventory',
  role: 'viewer',
  params: {},
  response: PeriodListing,
  permissions: noPermission,
  async run({ seats }) {
    return periodListingOf(await seats.periods())
  },
})
