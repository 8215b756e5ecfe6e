import { inParts } from '../../files.ts'
import { LicenseId } from '../../genesys/models/ids.ts'
import { HoldingListing } from '../../inventory/answers/inventory-schemas.ts'
import { holdingColumns, holdingListingOf, holdingRowsOf } from '../../inventory/answers/render-inventory.ts'
import { defineOperation } from '../../operation.ts'
import { paging, pagingNames } from '../paging.ts'
import { noPermission } from '../permissions.ts'

export const getLicenseHistory = defineOperation({
  id: 'getLicenseHistory',
  method: 'GET',
  path: '/v1/licenses/{licenseId}/history',
  summary: 'Who has held a license, from when until when, and by what',
  description:
    'Newest first, and as `GET /v1/users/{userId}/history` in all else. The id is found in any case. A license that nobody has held, and one that there is not, have no entries alike: readings do not tell them apart.',
  effect: 'inventory',
  role: 'viewer',
  params: { licenseId: LicenseId },
  query: paging,
  response: HoldingListing,
  files: {
    name: ({ params: { licenseId } }) => `history-${licenseId}`,
    columns: holdingColumns,
    pagedBy: pagingNames,
    loggedQuery: [],
    async *rows({ inventory }, { params: { licenseId } }) {
      const { holdings, ...dated } = await inventory.everyHolding({ licenseId })
      yield* holdingRowsOf(inventory, inParts(holdings), dated)
    },
  },
  permissions: noPermission,
  async run({ inventory }, { params: { licenseId }, query }) {
    return holdingListingOf(await inventory.holdings({ licenseId, ...query }))
  },
})
