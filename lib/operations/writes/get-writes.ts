import { Writes } from '../../changes/answers/write-schemas.ts'
import { defineOperation } from '../../operation.ts'
import { noPermission } from '../permissions.ts'

export const getWrites = defineOperation({
  id: 'getWrites',
  method: 'GET',
  path: '/v1/writes',
  summary: 'Whether writes are running or paused, and who has said so',
  description:
    'With the latest turns of the stop switch. `isPausedByOrgFile` says that the org file has paused them, which no request lifts.',
  effect: 'record',
  role: 'viewer',
  params: {},
  response: Writes,
  permissions: noPermission,
  chat: ['writes'],
  run: ({ records }) => records.writes(),
})
