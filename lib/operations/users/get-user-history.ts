import { inParts } from '../../files.ts'
import { UserId } from '../../genesys/models/ids.ts'
import { HoldingListing } from '../../inventory/answers/inventory-schemas.ts'
import { holdingColumns, holdingListingOf, holdingRowsOf } from '../../inventory/answers/render-inventory.ts'
import { defineOperation } from '../../operation.ts'
import { paging, pagingNames } from '../paging.ts'
import { noPermission } from '../permissions.ts'
import { refuseNobody } from './refuse-nobody.ts'

export const getUserHistory = defineOperation({
  id: 'getUserHistory',
  method: 'GET',
  path: '/v1/users/{userId}/history',
  summary: 'What somebody has held, from when until when, and by what',
  description:
    'Newest first, from the readings of the whole organization and from what the gateway’s own changes brought about since; Genesys is not asked. `by` and `endedBy` name the change; what no change of the gateway’s explains was done `outside`, some time after `fromAfter` or `untilAfter`; what the first reading found is `before records`, and `from` is then when that reading began. Where `isWhole` is false, something may be missing. 404 where the newest reading, a whole one, has nobody of that id and nothing else tells of them; somebody added since shows with the next reading (`POST /v1/readings`).',
  effect: 'inventory',
  role: 'viewer',
  chat: ['history'],
  params: { userId: UserId },
  query: paging,
  response: HoldingListing,
  files: {
    name: ({ params: { userId } }) => `history-${userId}`,
    columns: holdingColumns,
    pagedBy: pagingNames,
    loggedQuery: [],
    async *rows({ inventory }, { params: { userId } }) {
      const { holdings, ...dated } = await inventory.everyHolding({ userId })
      let isAny = false
      for await (const rows of holdingRowsOf(inventory, inParts(holdings), dated)) {
        isAny ||= rows.length > 0
        if (!isAny) await refuseNobody(inventory, userId, dated)
        yield rows
      }
    },
  },
  permissions: noPermission,
  async run({ inventory }, { params: { userId }, query }) {
    const page = await inventory.holdings({ userId, ...query })
    if (page.holdings.length === 0) await refuseNobody(inventory, userId, page)
    return holdingListingOf(page)
  },
})
