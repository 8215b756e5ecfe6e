/** Decisions about changes, and what whoever decides is told of the people, in words. */
import { isDraft } from './changes.ts'
import { time, type Words } from './words.ts'

export const decisionWords: Words = {
  Rejection: [
    'Why a change or a schedule is rejected',
    { reason: 'Kept with the decision, and told to whoever asked: one line' },
  ],
  Extension: [
    'A new end for what is to be taken back. One of the two',
    {
      revertAt: 'When it is taken back. ISO 8601 with an offset, in the future',
      revertAfter: 'From now on, however long it has been applied: an ISO 8601 duration, such as PT8H',
    },
  ],
  Decision: [
    'Which plan is meant',
    { digest: 'That of the change, or of the schedule, as it was looked at' },
  ],
  Confirmation: [
    'Which plan is meant, and how many people it changes',
    {
      digest: 'That of the change, as it was looked at',
      confirmPeople:
        'The number of different people whom the plan changes, its `impact.people`: needed where it has `impact.massRemovals`, and right wherever it is given',
    },
  ],
  Undoing: [
    'How many people an undoing changes, whether it is looked at first, and why it is done',
    {
      confirmPeople:
        'The number of different people whom it changes: needed where it takes a license from many, and right wherever it is given; of a draft it is asked for when that is applied',
      isDraft:
        'With `true` it is planned alone, and nobody is asked before it is applied. Left out, it is carried out, or approvers are asked, at once',
      reason: 'Why it is taken back, for the record',
    },
  ],
  Cancelling: [
    'What is called off at most',
    { isDraft: 'Only a plan that nobody has applied yet; what has gone on meanwhile is refused with 409' },
  ],
  Retrying: ['How what did not come about is planned anew', { isDraft }],
  Approval: [
    'The approval that is asked for, or will be once a draft is applied, and what became of it',
    {
      because: 'The rules of the org file that ask for it, in a sentence each',
      expiresAt: `When the request lapses; absent while nobody has been asked. ${time}`,
      isApproved: 'Whether it was approved; absent while nobody has decided',
      by: 'Who decided',
      at: `When it was decided. ${time}`,
      reason: 'What whoever rejected it said',
    },
  ],
  DecisionNeeds: [
    'What whoever applies or approves it must bring',
    { confirmPeople: 'The number of different people whom it changes, typed back' },
  ],
  Impact: [
    'What a plan does to people and seats',
    {
      people: 'How many different people it changes: who has everything already is none of them',
      massRemovals:
        'Licenses that it takes from more than 20 people and more than a fifth of those who hold it; where nobody has read lately who does, from more than 20. Then the number of people must be typed back',
      overSeats:
        'Licenses that it takes over their seats, by the count of the plan; absent where that is none, or nobody knew. `findings.seats` of a change that waits is counted anew',
    },
  ],
  SeatExcess: [
    'A license that a plan takes over its seats',
    {
      licenseId: 'The license',
      seats: 'How many are paid for',
      after: 'How many would hold it once it is carried out, with those to whom other open changes give it',
    },
  ],
  MassRemoval: [
    'A license that a plan takes from many',
    {
      licenseId: 'The license',
      people: 'From how many people',
      holders: 'How many hold it; absent where nobody has read that in the last 26 hours',
    },
  ],
}
