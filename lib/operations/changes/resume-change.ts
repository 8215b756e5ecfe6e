import { Change, ChangeId } from '../../changes/answers/change-schemas.ts'
import { defineOperation } from '../../operation.ts'
import { answerSettled } from '../answer-change.ts'
import { grantLicenses } from '../permissions.ts'

export const resumeChange = defineOperation({
  id: 'resumeChange',
  method: 'POST',
  path: '/v1/changes/{changeId}/resume',
  summary: 'Let a paused list go on',
  description: 'From the part where it was paused, within a minute or so. 202 while it goes on.',
  effect: 'write',
  role: 'operator',
  params: { changeId: ChangeId },
  response: Change,
  statuses: [200, 202],
  permissions: grantLicenses,
  chat: ['resume id'],
  run: async ({ changes }, { params }) => answerSettled(await changes.resume(params.changeId)),
})
