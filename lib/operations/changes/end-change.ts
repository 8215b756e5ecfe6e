import { Change, ChangeId } from '../../changes/answers/change-schemas.ts'
import { defineOperation } from '../../operation.ts'
import { answerEnded } from '../answer-change.ts'
import { grantLicenses } from '../permissions.ts'

export const endChange = defineOperation({
  id: 'endChange',
  method: 'POST',
  path: '/v1/changes/{changeId}/end',
  summary: 'Take an applied change back now, before the end that it was given',
  description:
    'The planned revert, due now: it was approved with the change, so nobody is asked. The answer is the change that takes it back. 202 while that one goes on; with the change itself while that one is yet to be made, because it is a list, which a turn takes back within seconds, because what was sent is looked at once more, or because another change asked for the same until `revert.heldUntil`. A change without an end is undone instead.',
  effect: 'write',
  role: 'operator',
  params: { changeId: ChangeId },
  response: Change,
  statuses: [200, 202],
  permissions: grantLicenses,
  chat: ['end'],
  run: async ({ changes }, { params }) => answerEnded(await changes.end(params.changeId), params.changeId),
})
