/** What one of each thing costs in calls and bytes. test/infra/docs/usage.test.ts measures it on the whole stack, and fails where it is something else: what it says goes here, and `npm run docs` writes the page. */

export interface Usage {
  /** Invocations, by the function's file. */
  readonly invocations: Readonly<Record<string, number>>
  /** Requests to either of the APIs. */
  readonly apiRequests: number
  /** Requests to Genesys. */
  readonly genesysRequests: number
  /** Calls of the ledger. */
  readonly ledgerCalls: number
  /** DynamoDB's write request units, indexes included; of a transaction twice as many. */
  readonly writeUnits: number
  /** DynamoDB's read request units. */
  readonly readUnits: number
  /** Events put on the bus. */
  readonly events: number
  /** Calls of Secrets Manager. */
  readonly secretCalls: number
  /** Of the functions' own lines, to the nearest 100; Lambda's and API Gateway's come on top (`LOG_BYTES`). */
  readonly logBytes: number
}

const NOTHING: Usage = {
  invocations: {},
  apiRequests: 0,
  genesysRequests: 0,
  ledgerCalls: 0,
  writeUnits: 0,
  readUnits: 0,
  events: 0,
  secretCalls: 0,
  logBytes: 0,
}

/** Everything warm: tokens read, connections open. Of a change with what time does to it afterwards, a second look among it. */
export const usages = {
  read: {
    ...NOTHING,
    invocations: { authorize: 1, 'get-license-user': 1 },
    apiRequests: 1,
    genesysRequests: 1,
    logBytes: 600,
  },
  grant: {
    ...NOTHING,
    invocations: { authorize: 1, 'post-license-organization': 1, 'run-command': 1 },
    apiRequests: 1,
    genesysRequests: 3,
    ledgerCalls: 5,
    writeUnits: 42,
    readUnits: 4,
    events: 1,
    logBytes: 1_600,
  },
  toggle: {
    ...NOTHING,
    invocations: { authorize: 1, 'put-toggle': 1, 'run-command': 1 },
    apiRequests: 1,
    genesysRequests: 3,
    ledgerCalls: 6,
    writeUnits: 33,
    readUnits: 5,
    events: 1,
    logBytes: 1_600,
  },
  chatRead: {
    ...NOTHING,
    invocations: { slack: 1, 'run-command': 1 },
    apiRequests: 1,
    genesysRequests: 2,
    ledgerCalls: 2,
    writeUnits: 2,
    events: 1,
    logBytes: 400,
  },
  chatGrant: {
    ...NOTHING,
    invocations: { slack: 2, 'run-command': 3 },
    apiRequests: 2,
    genesysRequests: 12,
    ledgerCalls: 23,
    writeUnits: 74,
    readUnits: 11,
    events: 3,
    logBytes: 2_400,
  },
  /** The page itself and what it is told of the organization; what its views ask are reads. */
  page: { ...NOTHING, invocations: { 'get-page': 2 }, apiRequests: 2, logBytes: 0 },
  tick: {
    ...NOTHING,
    invocations: { 'advance-due-changes': 1 },
    ledgerCalls: 4,
    readUnits: 2.5,
    secretCalls: 2,
    logBytes: 800,
  },
  /** A minute in which no reading is due: looking for one, at what has turned, and at billing. */
  readings: {
    ...NOTHING,
    invocations: { 'take-inventory': 1 },
    ledgerCalls: 6,
    readUnits: 8,
    logBytes: 300,
  },
  /** An hour in which no day's file is due. */
  audit: {
    ...NOTHING,
    invocations: { 'write-audit': 1 },
    ledgerCalls: 1,
    readUnits: 1,
    logBytes: 300,
  },
  rotation: { ...NOTHING, invocations: { 'rotate-token': 4 }, genesysRequests: 2, secretCalls: 11 },
} as const satisfies Readonly<Record<string, Usage>>

export type UsageName = keyof typeof usages
