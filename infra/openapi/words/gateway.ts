/** The gateway's own models, and its errors, in words. */
import { dated, listing, time, type Words } from './words.ts'

export const gatewayWords: Words = {
  User: [
    'A user with what they hold. Whom the directory does not know any more has neither name nor state',
    {
      id: "The user's id",
      name: 'The name in the directory of Genesys',
      email: 'The e-mail address in the directory of Genesys',
      state: '`active`, `inactive` or `deleted`, as Genesys says it',
      licenses: 'License ids',
      selfUri: "Where this user's licenses are read, with their definitions: a path of this API",
    },
  ],
  UserListing: ['One page of users', { ...listing('The users of this page'), ...dated }],
  KnownToggle: [
    'A toggle that the gateway has met',
    {
      featureName: 'The toggle',
      isInOrgFile: 'Whether a rule of the org file names it',
      lastChange: 'The last change of it among the newest 100 of all; absent where there is none',
      'lastChange.id': 'Its id',
      'lastChange.state': 'Where it stands',
      'lastChange.enabled': 'What the toggle was to be',
      'lastChange.at': `When it was made. ${time}`,
    },
  ],
  ToggleListing: [
    'Toggles, and what switching one does',
    {
      switching:
        '`honoured`: a switch was read back as done. `ignored`: Genesys answered 2xx and nothing changed. `unknown`: no recent change tells',
      because: 'The change that tells, or why none does',
      isWhole: 'Whether these are from all changes on record, and not from the newest 100 alone',
      entities: 'By name',
    },
  ],
  Me: [
    'Who calls, as the token and the org file have them. What nobody has told is absent',
    {
      id: 'The subject of the token, or the ARN that signs; absent of a token without a subject, which may read alone',
      kind: 'What vouches for it',
      person: 'The person of the org file that this is',
      tool: 'The tool of the org file that this is',
      name: 'What the org file calls the person',
      role: 'By the token; absent where requests are signed, since the IAM policy decides then',
      email: "The person's address in Genesys, by the org file",
      timeZone: "The person's, by the org file: the name of an IANA time zone",
      tools: 'Tools of which the person is an owner: what these ask for they cannot approve',
      operations: 'Ids of the operations of this document that the role includes; absent as `role` is',
    },
  ],
  ReadingId: ['The id of a reading of the whole organization, or `latest`'],
  Reading: [
    'A reading of the whole organization: who holds what, with names, e-mails and states',
    {
      id: "The reading's id",
      state:
        '`waiting`: asked for and not begun. `reading`: under way. `whole`: over, and everybody was in it. `notWhole`: over, and somebody may have been missed; nothing rests on it',
      askedAt: `When it was asked for, or due. ${time}`,
      beganAt: `When its first page was asked for: nothing in it is older. ${time}`,
      endedAt: `When its last page was answered. ${time}`,
      pagesRead: 'How many of its requests Genesys has answered',
      pagesToRead: 'How many it takes in all; absent until Genesys has told how many users there are',
      waitsUntil:
        'Genesys has asked that nothing be asked of it until then; absent where it has not since the last page that was read',
      selfUri: 'Where it is looked at: a path of this API',
    },
  ],
  ChangeReference: ["A change of the gateway's", { changeId: "The change's id" }],
  Holding: [
    'From when until when somebody has held a license, and by what',
    {
      licenseId: 'The license',
      userId: 'The user',
      name: 'The name in the directory of Genesys, as the newest reading has it; absent where it has none',
      email: 'The e-mail address, as the newest reading has it',
      from: `Since when: when the change was seen to hold, when a reading showed what was done outside, or when the first reading was made. ${time}`,
      fromAfter: `Of what was given outside: some time after that, and at \`from\` at the latest. ${time}`,
      until: `Until when; absent where it is held. ${time}`,
      untilAfter: `Of what was taken outside: some time after that, and at \`until\` at the latest. ${time}`,
      by: "What gave it: a change of the gateway's; `outside`, in Genesys itself; `before records`, before the first reading",
      endedBy: 'What took it; absent where it is held',
    },
  ],
  HoldingListing: [
    'One page of a history, the latest beginning first',
    { ...listing('The holdings of this page'), ...dated },
  ],
  Actor: [
    'Who asked, or decided',
    {
      kind: 'What vouches for who it is',
      id: 'What that calls them: an ARN, the subject of a token, the source of an event, the id of a schedule or of a user of a chat',
      person: 'The person of the org file that this is; of what a schedule orders, whoever made the schedule',
      tool: 'The tool of the org file that this is',
      name: 'What the org file calls that person by now',
    },
  ],
  Capability: [
    'What this org makes of one operation',
    {
      operation: "The `operationId`; of billing's, as the official SDKs name them",
      honoured: 'Whether Genesys does what the operation says; `unknown` where nothing has shown it',
      because: 'What was looked at, in a sentence',
    },
  ],
  Capabilities: [
    'What Genesys honours for this org today',
    {
      entities:
        "One entry for each operation that may not do what it says, and for each of Genesys's billing that seats and periods come from",
      writes: 'Whether the gateway sends changes to Genesys now: `GET /v1/writes` tells more',
      at: `When it was looked at. ${time}`,
    },
  ],
  Detail: [
    'One faulty field, or one thing that the error is about',
    {
      errorCode: 'What kind of fault, in capitals; stable',
      fieldName: 'The field by its path, such as `assignments.0.licenseId`; `$` is the whole body',
      entityId: 'The id of what it is about, such as the change that stands in the way',
      entityName: 'Its name, where Genesys gives one',
      line: 'Of a file: where the row stands, its first line is 1',
    },
  ],
  ErrorBody: [
    "Genesys's ErrorBody, which every failure is answered with, whether it is Genesys's or the gateway's",
    {
      status: 'The HTTP status',
      code: "What went wrong, for programs; stable. The gateway's own are listed with each status, and Genesys's pass through",
      message: 'What went wrong and what to do about it, for people',
      messageWithParams: "Genesys's message with placeholders",
      messageParams: 'What belongs in the placeholders, by name',
      contextId:
        "What to name when you ask about it: Genesys's correlation id, or else the id of the gateway's request",
      details: 'Each faulty field, or each thing that the error is about',
      errors: 'One error for each faulty field, where there are several',
      entityId: 'The id of what Genesys found at fault',
      entityName: 'The name of what Genesys found at fault',
    },
  ],
  WritesOrder: [
    'Whether writes are to be paused or running',
    {
      state: '`paused`: nothing more is claimed or sent. `running`: all goes on',
      reason: 'Why, for the record and for everybody whose change waits: one line. Needed for pausing',
    },
  ],
  WritesTurn: [
    'One time that somebody threw the stop switch',
    {
      state: 'What they asked for',
      at: `When. ${time}`,
      by: 'Who',
      reason: 'What they said of it',
    },
  ],
  Writes: [
    'Whether changes are sent to Genesys now',
    {
      state: '`paused`: nothing is claimed or sent. `running`: as usual',
      since: `When it was thrown last, by \`by\` for \`reason\`; absent where nobody has thrown it, and where the org file has paused them. ${time}`,
      by: 'Who threw the switch last; absent as `since`',
      reason: 'What they said of it',
      isPausedByOrgFile: 'Whether the org file has paused them, which no request lifts',
      history: 'The latest turns of the switch, the newest first, at most 50',
    },
  ],
  WritesPaused: [
    'Who has paused writes, where a change waits for them to be resumed',
    {
      isByOrgFile: 'Whether the org file has, and no person',
      since: `When they did, last of several. ${time}`,
      by: 'Who has',
      reason: 'What they said of it',
    },
  ],
  'getOpenApi.response': ['An OpenAPI document', { openapi: 'The version of OpenAPI that it follows' }],
}
