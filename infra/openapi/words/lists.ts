/** Lists: changes whose parts are changes, in words. */
import { isDraft, order } from './changes.ts'
import { time, type Words } from './words.ts'

const onConflict =
  'What a list does about a pair that is neither as planned nor as desired once its part begins, and that is left alone: `skip`, the default, goes on, `abort` begins no further part'

export const listWords: Words = {
  AssignmentsPlanOrder: [
    'Licenses that are to be given and taken; more than 500 pairs of a license and a user are a list',
    {
      kind: 'Says that this is about licenses of users',
      assignments:
        'One entry or more for each license; of 50,000 pairs of a license and a user in all at most',
      onConflict,
      isDraft,
      ...order,
    },
  ],
  DesiredOrder: [
    'Who is to hold licenses, whoever holds them now. A license or a person that it does not name is left alone',
    {
      kind: 'Says that this is a desired state',
      licenses: 'By license id: all who are to hold it, each by id, e-mail or unambiguous name',
      people:
        'By person (id, e-mail or unambiguous name): which they are to hold of the licenses that stand anywhere in it',
      mode: '`add-only` takes nothing away, `remove-only` gives nothing, `exact` does both',
      onConflict,
      isDraft,
      ...order,
    },
  ],
  PlanOrder: ['What is to be planned: a toggle, licenses to give and take, or who is to hold licenses'],
  ChangeOutcomes: [
    'What a change has come to, counted. A count is absent where it is none, and together they are all of it',
    {
      applied: 'It came about',
      unchanged: 'It held already, and nothing was sent for it',
      notApplied: 'It did not come about',
      unknown: 'It could not be read back',
      superseded: 'It was left to a newer change',
      conflict: 'Of a list: it was as nobody had planned it, and was left alone',
      notSent: 'Of a change that has ended: nothing was sent for it',
      notSettled: 'Of a change that has not: nothing has become of it yet',
    },
  ],
  ListProgress: [
    'How far a list has come: a change about more pairs than one write may have, whose parts are carried out one after the other',
    {
      parts: 'How many parts have something to do',
      begun: 'How many of them have begun',
      underWay: 'How many have begun and have not come to rest',
      outcomes: 'How many pairs of a license and a user came to what, of all of the list',
      onConflict: '`abort` where no part begins behind one with a conflict, else absent',
      requests: 'Requests sent to Genesys in its turns so far; looks at what they left open are not counted',
      requestsPerMinute:
        'Its rate in the last minute or two; absent in the first one, and while it is paused',
      beganAt: `When its first part began. ${time}`,
      failingSince: `Since when the next part cannot be begun, which is tried again by itself. ${time}`,
      waitsUntil: `No part begins before then, since the pace or Genesys says so. ${time}`,
      endEstimatedAt: `When its last part will have been sent, at the rate of the last minute or two; absent before its first part has begun and while no part begins. ${time}`,
      stopped: 'Present where no further part begins',
      'stopped.why':
        'Somebody called it off, it met a conflict and was to stop at one, or its next part could not be begun for a day or in a way that nobody foresaw',
      'stopped.by': 'Who called it off, or `gateway`',
      'stopped.byName': 'What the org file calls that person by now',
      'stopped.at': `When. ${time}`,
      needAttention: 'Parts that a person must look at: settle each of them',
    },
  ],
  Undone: [
    'What takes back what a change did, or has',
    {
      by: 'The undo, or the planned revert',
      state: 'How that stands',
      isInPart: 'True where it has ended, or was itself undone, with some of the change still standing',
    },
  ],
}
