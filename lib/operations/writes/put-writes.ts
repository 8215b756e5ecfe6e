import { Writes, WritesOrder } from '../../changes/answers/write-schemas.ts'
import { defineOperation } from '../../operation.ts'
import { answerFrom } from '../answer-change.ts'
import { noPermission } from '../permissions.ts'

export const putWrites = defineOperation({
  id: 'putWrites',
  method: 'PUT',
  path: '/v1/writes',
  summary: 'Pause all writes to Genesys, or resume them',
  description:
    'While they are paused nothing is claimed or sent: a write that is asked for is refused (409 `writes.paused`), and what is on record already, comes by event or schedule, or is to be taken back waits. What was sent is still read back and told; reads, plans and approvals go on. What waits is carried out within some five minutes of resuming. Pausing needs a `reason`. What the org file has paused is resumed there alone (409), and who resumes while another pauses is answered 409 `writes.paused` and resumes nothing.',
  effect: 'record',
  role: 'approver',
  params: {},
  body: { schema: WritesOrder },
  response: Writes,
  permissions: noPermission,
  chat: ['pause', 'resume'],
  run: async ({ records }, { body }) => answerFrom(await records.setWrites(body)),
})
