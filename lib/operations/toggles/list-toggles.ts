import { ToggleListing } from '../../changes/answers/write-schemas.ts'
import { defineOperation } from '../../operation.ts'
import { noPermission } from '../permissions.ts'

export const listToggles = defineOperation({
  id: 'listToggles',
  method: 'GET',
  path: '/v1/toggles',
  summary: 'Toggles that the gateway has met, and whether switching one takes effect',
  description:
    'Genesys lists no toggles, so these are those that a rule of the org file names and those that the newest 100 changes are about, each with the last of these; `isWhole` says whether those are all changes on record (`GET /v1/changes?toggle=…` has what is older). `switching` is by the newest change that tells: `honoured` where a switch was read back as done, `ignored` where Genesys answered 2xx and nothing changed, as it documents since 2023-07-26, `unknown` where no recent change tells. Genesys is not asked: what one reads now is `GET /api/v2/license/toggles/{featureName}`.',
  effect: 'record',
  role: 'viewer',
  params: {},
  response: ToggleListing,
  permissions: noPermission,
  run: ({ records }) => records.toggles(),
})
