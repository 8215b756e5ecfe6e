import { Change, ToggleValue } from '../../changes/answers/change-schemas.ts'
import { FeatureName } from '../../genesys/models/ids.ts'
import { defineOperation } from '../../operation.ts'
import { answerSettled } from '../answer-change.ts'
import { noPermission } from '../permissions.ts'

export const putToggle = defineOperation({
  id: 'putToggle',
  method: 'PUT',
  path: '/v1/toggles/{featureName}',
  summary: 'Set a license feature on or off',
  description:
    'Names the value that is wanted: where it holds already nothing is sent (`NOOP`). An upstream on which switching has no effect, as Genesys documents it since 2023-07-26, gives `NO_EFFECT` and never `APPLIED`. 202 while the change goes on or waits for approval.',
  effect: 'write',
  role: 'operator',
  params: { featureName: FeatureName },
  body: { schema: ToggleValue },
  response: Change,
  statuses: [200, 202],
  permissions: noPermission,
  chat: ['toggle on', 'toggle off'],
  run: async ({ changes }, { params, body }) =>
    answerSettled(await changes.request({ kind: 'toggle', featureName: params.featureName, ...body })),
})
