import { Change } from '../../changes/answers/change-schemas.ts'
import { ChangeOrder } from '../../changes/model/change-order.ts'
import { defineOperation } from '../../operation.ts'
import { answerCreated } from '../answer-change.ts'
import { viewLicenses } from '../permissions.ts'

export const createChange = defineOperation({
  id: 'createChange',
  method: 'POST',
  path: '/v1/changes',
  summary: 'Plan a change and look at it before it is applied',
  description:
    'Reads Genesys, records the plan and sends nothing: the answer has before and after, what holds already, missing prerequisites and contradictions, and the `digest` that apply and approve name. What holds already is made in state `NOOP`: there is nothing to apply then. `notBefore` makes it wait once it is applied, `notAfter` makes it expire, `revertAt` or `revertAfter` takes it back to exactly the prior state of what it touched.',
  effect: 'plan',
  role: 'operator',
  params: {},
  body: { schema: ChangeOrder },
  response: Change,
  statuses: [201, 200],
  permissions: viewLicenses,
  async run({ plans }, { body }) {
    const planned = await plans.plan(body)
    return answerCreated(planned, planned.value.id)
  },
})
