import * as z from 'zod/mini'
import { Change } from '../../changes/answers/change-schemas.ts'
import { onConflictMember, PlanOrder, timingMembers } from '../../changes/model/change-order.ts'
import { GatewayError } from '../../errors.ts'
import { defineOperation } from '../../operation.ts'
import { answerPlanned } from '../answer-change.ts'
import { viewLicenses } from '../permissions.ts'

/** Of a list: 50,000 pairs, or rows with an e-mail address each, fit; in base64 and with its envelope it is below Lambda's 6 MB. */
const MAX_LIST_BYTES = 4 * 1024 * 1024

/** Of a list: 50,000 people of one license each, the dearest way to say 50,000 pairs but for an assignment to each, have 100,000. */
const MAX_LIST_VALUES = 150_000

export const createChange = defineOperation({
  id: 'createChange',
  method: 'POST',
  path: '/v1/changes',
  summary: 'Plan a change and look at it before it is applied',
  description:
    'Reads Genesys, records the plan and sends nothing: the answer has before and after, what holds already, missing prerequisites and contradictions, and the `digest` that apply and approve name. What holds already is made in state `NOOP`: there is nothing to apply then. `notBefore` makes it wait once it is applied, `notAfter` makes it expire, `revertAt` or `revertAfter` takes it back to exactly the prior state of what it touched.\n\nWhere the rules of the org file want a second person, approvers are asked at once, and the answer is `AWAITING_APPROVAL`. With `isDraft` nobody is asked yet: it is `PLANNED`, `approval.because` says why it will need approval, and apply asks for it.\n\nMore than 500 pairs are a list. It comes as `assignments`, as the `desired` state of some licenses or people, or as a file: `text/csv` whose first line names `user` (id, e-mail or unambiguous name), `license` and `action` (`add` or `remove`), with what a body would say besides as query parameters. Up to 2,000 pairs are planned at once; more, and any desired state that takes licenses away, are answered 202 in state `PLANNING` and planned from a reading of the whole organization that begins after the request, ending `PLANNED`, `AWAITING_APPROVAL`, `NOOP` or `INVALID`. Every bad row is told with its line, and nothing is planned then. `onConflict` says what a list does about a pair that is neither as planned nor as desired once its part begins, and that is left alone: `skip`, the default, goes on, `abort` begins no further part.',
  effect: 'plan',
  role: 'operator',
  params: {},
  query: {
    ...timingMembers(),
    onConflict: onConflictMember(),
    isDraft: z.optional(z.literal('true', 'must be true, or left out')),
  },
  body: { schema: PlanOrder, maxBytes: MAX_LIST_BYTES, maxValues: MAX_LIST_VALUES },
  upload: {
    mediaType: 'text/csv',
    maxBytes: MAX_LIST_BYTES,
    run: async ({ plans }, { bytes, query: { isDraft, ...timing } }) =>
      answerPlanned(await plans.planFile(bytes, timing, isDraft && true)),
  },
  response: Change,
  statuses: [201, 200, 202],
  permissions: viewLicenses,
  async run({ plans }, { body, query }) {
    refuseTwice(query)
    return answerPlanned(await plans.plan(body))
  },
})

/** A body says these itself: of two that differ nobody knows which was meant. */
function refuseTwice(query: Readonly<Record<string, unknown>>): void {
  const faults = Object.entries(query).flatMap(([fieldName, value]) =>
    value === undefined
      ? []
      : [
          {
            fieldName,
            errorCode: 'CONTRADICTION',
            message: 'is a query parameter of a file alone: put it into the body',
          },
        ],
  )
  const [first] = faults
  if (first) throw new GatewayError('bad.request', `${first.fieldName}: ${first.message}`, { faults })
}
