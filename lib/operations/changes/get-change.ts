import { Change, ChangeId } from '../../changes/answers/change-schemas.ts'
import { defineOperation } from '../../operation.ts'
import { noPermission } from '../permissions.ts'

export const getChange = defineOperation({
  id: 'getChange',
  method: 'GET',
  path: '/v1/changes/{changeId}',
  summary: 'A change as it stands: who, why, before, after, each step',
  description:
    'The whole of it, with who held what before and after. While it goes on, ask again: each answer is what stands on record then, and Genesys is not asked.',
  effect: 'record',
  role: 'viewer',
  params: { changeId: ChangeId },
  response: Change,
  permissions: noPermission,
  chat: ['change'],
  run: ({ records }, { params }) => records.change(params.changeId),
})
