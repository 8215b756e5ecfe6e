import { Change, ChangeId } from '../../changes/answers/change-schemas.ts'
import { Undoing } from '../../changes/answers/decision-schemas.ts'
import { defineOperation } from '../../operation.ts'
import { answerSettled } from '../answer-change.ts'
import { grantLicenses } from '../permissions.ts'

export const undoChange = defineOperation({
  id: 'undoChange',
  method: 'POST',
  path: '/v1/changes/{changeId}/undo',
  summary: 'Take an applied change back',
  description:
    'Makes a new change, which is the answer, from the state that was recorded before the first one. It restores exactly what that one touched, and leaves alone and names whatever somebody else has changed since. 202 while the new change goes on or waits for approval. Where that takes a license from many, 409 `change.people.unconfirmed` says how many people it changes: ask again with `confirmPeople`. With `isDraft` the new change is planned alone, to be looked at: 202 in state `PLANNED`, or 200 in `NOOP` where nothing is left to take back; apply carries it out, and asks then for the count and for approval where they are needed. `reason` is why it is taken back, and is asked for as of any change.',
  effect: 'write',
  role: 'operator',
  params: { changeId: ChangeId },
  body: { schema: Undoing, isOptional: true },
  response: Change,
  statuses: [200, 202],
  permissions: grantLicenses,
  chat: ['undo'],
  run: async ({ changes }, { params, body }) => answerSettled(await changes.undo(params.changeId, body)),
})
