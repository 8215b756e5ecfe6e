import { Change, ChangeId } from '../../changes/answers/change-schemas.ts'
import { defineOperation } from '../../operation.ts'
import { answerSettled } from '../answer-change.ts'
import { viewLicenses } from '../permissions.ts'

export const settleChange = defineOperation({
  id: 'settleChange',
  method: 'POST',
  path: '/v1/changes/{changeId}/settle',
  summary: 'Look at what became of a change whose outcome nobody knows',
  description:
    'For a change that is `UNKNOWN` or `NEEDS_ATTENTION`. Reads Genesys, sends nothing, and what is read decides: `APPLIED`, `FAILED`, or `PARTIAL` where some of its pairs read as desired; its history says who had it looked at. While what was sent may still land it is 409 with Retry-After.',
  effect: 'plan',
  role: 'operator',
  params: { changeId: ChangeId },
  response: Change,
  permissions: viewLicenses,
  chat: ['settle'],
  run: async ({ plans }, { params }) => answerSettled(await plans.settle(params.changeId)),
})
