/** Changes, in words. */
import { listing, time, type Words } from './words.ts'

/** When, and why: of orders of every kind. */
export const order = {
  reason: 'Why, for the record and whoever approves: one line',
  notBefore: 'It waits until then. ISO 8601 with an offset',
  notAfter:
    'Past that it expires, if nothing has been sent. An approval moves it on by as long as that took. ISO 8601 with an offset',
  revertAt: 'When it is taken back. ISO 8601 with an offset; not together with `revertAfter`',
  revertAfter:
    'How long after it was applied it is taken back: an ISO 8601 duration, such as PT8H; not together with `revertAt`',
}

/** Of what is planned: whether somebody looks at it first. */
export const isDraft =
  'With `true` nobody is asked for approval before it is applied: to look at it first. Left out, approvers are asked at once'

const result =
  "Genesys's own words, where it gave any: behind `NOT_APPLIED: ` where reading back shows that it did not come about, behind `UNKNOWN: ` where that is not known. Of a pair of a list that was left alone since it is protected: `CONFLICT: ` and what the org file protects, the user or the license"

const outcome =
  'What was seen by reading back. `applied`: it came about. `unchanged`: it held already and nothing was sent for it. `not.applied`: it did not come about. `unknown`: it could not be read. `superseded`: it was left to a newer change. `conflict`: of a list, it was as nobody had planned it, or protected by then, and was left alone. `invalid`: a row of a list that cannot be planned, `result` says why. `not.sent`: nothing has been sent for it'

export const changeWords: Words = {
  ChangeId: ['The id of a change: 20 letters and digits'],
  Digest: [
    'What a plan says, hashed: whoever applies or approves names it, so that nobody confirms another plan than they saw',
  ],
  ToggleOrder: [
    'A toggle that is to be on or off',
    {
      kind: 'Says that this is about a toggle',
      featureName: 'The toggle',
      enabled: 'What it is to be',
      ...order,
    },
  ],
  TogglePlanOrder: [
    'A toggle that is to be on or off',
    {
      kind: 'Says that this is about a toggle',
      featureName: 'The toggle',
      enabled: 'What it is to be',
      isDraft,
      ...order,
    },
  ],
  AssignmentsOrder: [
    'Licenses that are to be given and taken',
    {
      kind: 'Says that this is about licenses of users',
      assignments: 'One entry or more for each license, and at most 500 pairs of a license and a user in all',
      ...order,
    },
  ],
  ChangeOrder: ['What is to be changed, and when'],
  ToggleValue: [
    'What a toggle is to be',
    { enabled: 'Whether it is to be on', reason: 'Why, for the record: one line' },
  ],
  Waits: [
    'Why a change that is to be carried out goes no further for now',
    {
      why: '`reading`: a list is planned from a reading of the whole organization that has not ended; `turn`: that has, and it is planned next, or a list under way stands still until its next turn comes again; `time`, `retry`: it begins, or is tried again, at `until`; `writes.paused`; `failing`: the next part of a list could not be begun; `refused`, `minute.used`, `pace`: all lists, or this one, leave Genesys alone until then; `other.lists`: its parts take turns with theirs; `settling`: what was sent last may still land and is read back later',
      until: 'When that is expected to be over; absent where nobody knows',
      says: 'The same for people, in one sentence without its stop; it says where the end is not known',
    },
  ],
  ObservedToggle: [
    "A toggle's value as it was read",
    { featureName: 'The toggle', enabled: 'Whether it was on; absent where Genesys did not say' },
  ],
  UserHolding: [
    "A user's licenses as they were read",
    { licenses: 'The ids of all licenses held, of those too that the change is not about' },
  ],
  ObservedUsers: ['What users held', { users: 'Each user that the change names' }],
  Observed: ['What was read of what a change is about'],
  DesiredToggle: ['What a toggle is to be', { featureName: 'The toggle', enabled: 'Whether it is to be on' }],
  DesiredAssignments: [
    'Licenses to give and to take',
    {
      assignments: 'One entry a license; empty where an undo finds nothing left to do',
      users: 'What each user is to hold afterwards, where that is known',
    },
  ],
  DesiredCounts: [
    'Licenses to give and to take, counted: what a list has in place of the assignments',
    {
      pairs: 'How many pairs of a license and a user',
      users: 'How many users',
      licenses: 'The ids of the licenses, up to 20',
      mode: 'Of a desired state that is not planned yet, or never was: what it does about those whom it does not name',
      gives: 'To how many users each license is given',
      takes: 'From how many users each license is taken',
      unchanged:
        'Of these, what the plan found so already; absent where that is none or all of it, or is judged when its time has come',
      userId: 'The user, where it is about one alone',
    },
  ],
  UnchangedCounts: [
    'Pairs that were as desired when it was planned, counted',
    {
      pairs: 'How many pairs of a license and a user',
      gives: 'How many users each license would have been given to',
      takes: 'How many users each license would have been taken from',
    },
  ],
  LicenseCount: [
    'How many users a license is given to, or taken from',
    { licenseId: 'The license', users: 'How many users' },
  ],
  SeatCount: [
    "How a license's seats stand with the change",
    {
      seats: 'How many seats are paid for, by the org file or the contract; absent where nobody has told',
      taken: 'How many people hold the license now; absent where nobody has read yet who holds what',
      after: 'How many people hold it once the change is carried out',
      unknown: 'How many people beside those of the change may hold it or not: nobody knows',
      open: 'To how many people other open changes will give it; absent where nobody has told the seats',
      isOver:
        'Whether more people would hold it than there are seats, also where it is not this change that brings that about: it does where `after` is more than `taken`. Absent where one of the two is not known',
      asOf: `When the reading began that is counted from; what the gateway has done since is counted too. ${time}`,
      isWhole:
        'False where somebody is missing in that reading, who is counted as before, so that counts may be too high; else absent',
    },
  ],
  Findings: [
    'What whoever confirms a plan should know. None of it stops the change',
    {
      noOps: 'What holds already: nothing is sent for it',
      'noOps.userId': 'The user',
      'noOps.licenseId': 'The license',
      missingPrerequisites: 'Licenses to give whose prerequisite the user would not hold',
      'missingPrerequisites.userId': 'The user',
      'missingPrerequisites.licenseId': 'The license to give',
      'missingPrerequisites.prerequisites': 'Ids of the licenses that it needs',
      contradictions: 'Licenses to take that another license needs which the user would keep',
      'contradictions.userId': 'The user',
      'contradictions.licenseId': 'The license to take',
      'contradictions.neededBy': 'Ids of the licenses that need it',
      overlaps:
        'Licenses to give beside which the user would hold one that they include, or that includes them',
      'overlaps.userId': 'The user',
      'overlaps.licenseId': 'The license to give',
      'overlaps.comprises': 'Ids of the held licenses that it includes',
      'overlaps.comprisedBy': 'Ids of the held licenses that include it',
      unknownUsers: 'Users for whom Genesys did not answer',
      notActive:
        'Licenses to give to people who are inactive or deleted, of more than one pair by the newest reading; absent where nobody is known to be. Of whom nothing is known nothing is said',
      'notActive.userId': 'The user',
      'notActive.licenseId': 'The license to give',
      'notActive.state': 'The state of the user in Genesys',
      counts: 'Of a list, which names the first hundred of each kind: how many there are',
      repeatedRows: 'Rows that say what another row says, and count once',
      seats: 'Each license that is given and has seats in the org file, first those that would be over them',
      changedOutside:
        'People of the plan whose licenses somebody has changed outside the gateway, between the last whole reading from before the plan was asked for and the plan; absent of a plan of one pair, and of what nobody planned',
      changedSince:
        'Of what waits, people of whom others have changed what the plan shows since it was made: through the gateway, and in Genesys as far as a reading since tells. It is looked up each time, and no part of the digest',
    },
  ],
  ChangedPeople: [
    'People whose licenses are not as they were',
    {
      isKnown:
        'Whether a reading tells; where it is false they are those who are known all the same, and nobody knows of the rest',
      asOf: `When the reading began that this rests on; absent where there is none. ${time}`,
      users: 'How many people they are; absent where nothing is known of anybody',
      people: 'The first hundred of them',
      'people.userId': 'The user',
      'people.given': 'Ids of the licenses that the user holds by now and did not',
      'people.taken': 'Ids of the licenses that the user held and does no longer',
    },
  ],
  FindingCounts: [
    'How many there are of each kind of finding',
    {
      missingPrerequisites: 'Licenses to give whose prerequisite the user would not hold',
      contradictions: 'Licenses to take that another license needs',
      overlaps: 'Licenses to give that the user would hold twice',
      unknownUsers: 'Users for whom Genesys did not answer',
      notActive: 'Licenses to give to people who are inactive or deleted; absent where nobody is known to be',
    },
  ],
  ChangeTarget: [
    'One thing that a change is about: a toggle, or a license of a user',
    { licenseId: 'The license', userId: 'The user', featureName: 'The toggle' },
  ],
  ChangeResult: [
    'What became of one toggle, or of one license of a user',
    {
      licenseId: 'The license',
      userId: 'The user',
      featureName: 'The toggle',
      line: 'Of a bad row of a file: where it stands, its first line is 1',
      desired: 'Whether it was to be held, or on; absent of a bad row',
      before:
        'Whether it was so when it was planned; in the results of a change alone, absent where that was not read',
      after: 'Whether it was so when it was read back; absent where nothing was sent, or that is not known',
      outcome,
      result,
    },
  ],
  LicenseUpdateStatus: [
    "What became of one pair of a license and a user: Genesys's model, with `outcome` beside it",
    {
      userId: 'The user',
      licenseId: 'The license',
      result: `${result}. Where it gave none, one word of the gateway's: \`APPLIED\`, \`UNCHANGED\`, \`NOT_APPLIED\`, \`UNKNOWN\` or \`SUPERSEDED\`. Genesys documents no set of values: go by \`outcome\``,
      outcome,
    },
  ],
  ChangeFailure: [
    'Why a change failed, as the caller was told',
    {
      status: 'The HTTP status of that answer',
      code: 'Its code',
      message: 'What went wrong and what to do about it',
      changeId: 'The other change, where one stood in the way',
    },
  ],
  Change: [
    'A change as it stands. In a list it lacks `before`, `after`, `results` and `findings`',
    {
      id: 'Its id',
      kind: '`toggle`, `assignments` of licenses, or `extend`: keeping what was to be taken back, until `revert.at` or for good',
      state:
        'Where it stands. A list that takes a fresh reading begins in `PLANNING`, and ends as `INVALID` where rows of it are bad. It waits in `PLANNED`, `AWAITING_APPROVAL` and `APPROVED`, is under way in `CLAIMED` and `SENT`, and in `UNKNOWN` nobody knows yet what became of it; a list is `RUNNING`, or `PAUSED`. All others are ends: `APPLIED`, `PARTIAL` (some of it came about), `NO_EFFECT` (sent, and nothing changed), `FAILED`, `NEEDS_ATTENTION` (a person must look), `NOOP` (it held already), `REJECTED`, `EXPIRED`, `CANCELLED`, `SUPERSEDED` (a newer change is about the same)',
      summary: 'What it is about in one line, such as `Give cloudCX3 to Ana Abebe`',
      digest: 'What to name to apply or approve it',
      actor: 'Who asked for it',
      askers:
        'Whoever else asked for it, such as who submitted the plan or made the schedule: none of them may approve it',
      isReleased: 'False for a plan that nobody has applied',
      lapsesAt: `When a plan lapses that nobody applies. ${time}`,
      reason: 'Why, as whoever asked said it',
      offers:
        'What you may do about it now, in the order to show it in; absent where requests are signed, since the IAM policy decides then. Each is `POST /v1/changes/{changeId}/…` by its own name; `keep`, so that it is not taken back at all, is `/cancel`. It is judged anew when it is asked for',
      needs:
        'What applying or approving it needs beside the digest; absent where you may do neither, or nothing is needed',
      quietUntil: `While nobody knows what became of it: what was sent may still land until then, and it can be settled from then on. ${time}`,
      before: 'What was read before anything was sent',
      desired: 'What is to be',
      after: 'What was read after it was sent',
      results: 'What became of each toggle, or of each license of a user',
      findings: 'What whoever confirms it should know',
      impact:
        'How many people it changes, and which licenses it takes from many; absent of toggles, and of what was carried out without a plan',
      failure: 'Why it failed, or has not come about so far',
      retryAt: `When what did not come about so far is tried again. ${time}`,
      writesPaused: 'Present where it waits for writes to be resumed',
      waits: 'Present in `GET /v1/changes/{changeId}` while something keeps it waiting',
      approval: 'The approval that is asked for',
      notBefore: `It waits until then. ${time}`,
      notAfter: `Past that it expires, if nothing has been sent. An approval moves it on by as long as that took. ${time}`,
      revert: 'How it is to be taken back',
      'revert.at': `When. ${time}`,
      'revert.after': 'How long after it was applied: an ISO 8601 duration',
      'revert.heldUntil':
        'Until when it waits, where another change has asked for the same with a later end and found it so. ISO 8601',
      'revert.heldFor': 'That other change',
      'revert.changeId': 'The change that takes it back, once there is one',
      'revert.isCancelled': 'True where it was called off: the change stays',
      'revert.extension': 'The approved change that called it off, or moved it last, where that needed one',
      'revert.dueAt': `When it is taken back as things stand: of what is applied, and is not being taken back yet. ${time}`,
      list: 'How far it has come, where it is a list',
      partOf: 'Of a part of a list: which one it is',
      'partOf.changeId': 'The list',
      'partOf.n': 'Which part, the first is 0',
      undoes: 'The change that this one takes back',
      undoneBy: 'The latest undo of it that did something',
      undone: 'What takes back what it did, or waits for approval to; absent where that was undone in turn',
      retries: 'The change of which this one asks again for what did not come about',
      retriedBy: 'What asks again for what did not come about, as long as that one stands',
      outcomes: 'How many toggles or pairs came to what; those of a list are in `list`',
      extends: 'The change that this one keeps from being taken back',
      supersededBy: 'The newer change that took its place',
      leftAlone: 'Of an undo: what somebody else has changed since, and is left as it is',
      createdAt: `When it was put on record. ${time}`,
      updatedAt: `When it was moved last. ${time}`,
      history: 'Each step, from the first on',
      'history.state': 'Where the step led to',
      'history.at': `When. ${time}`,
      'history.by': 'Who moved it: whoever decided, or a part of the gateway',
      'history.byName': 'What the org file calls that person by now',
      'history.note': 'What there is to say about it',
    },
  ],
  ChangeListing: [
    'One page of changes, newest first',
    {
      ...listing('The changes of this page'),
      isActorUnknown:
        'True where `actor` is neither `kind:id` nor a person of the org file: then only what somebody asked for who was in it once by that short name is found',
    },
  ],
  ChangeResultListing: ['One page of results', listing('The results of this page')],
}
