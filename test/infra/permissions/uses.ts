/**
 * What each function is for, as far as AWS is concerned: declared here once, apart from the constructs that grant it, and
 * held against the code, which must carry a command for each use and no command that none explains.
 */
import type { ChatSecretNames, SecretNames } from '../../../lib/credentials/secret-names.ts'
import type { Operation } from '../../../lib/operation.ts'
import { operationNames } from '../synthesized.ts'
import type { Command } from './carried-commands.ts'

export type SecretName = keyof SecretNames | keyof ChatSecretNames

export interface Uses {
  /** The access token, which it may also have renewed. */
  readonly token?: 'readToken' | 'writeToken'
  /** Read, and nothing else of them. */
  readonly secrets?: readonly SecretName[]
  /** Secrets of which it sees when they were changed. */
  readonly watches?: readonly SecretName[]
  /** Whether it makes the tokens of the clients' credentials. */
  readonly isRotating?: true
  /** `shares`: the reading of all walks and the leases, in no list. `audits`: reads all, in no list, and puts the chain's head. `inventories` and `asks`: read all, and put what readings keep, or a wish for one. */
  readonly ledger?: 'reads' | 'records' | 'shares' | 'audits' | 'inventories' | 'asks'
  /** What it puts on the bus: what became of changes, or deliveries of chat. */
  readonly bus?: 'tells' | 'delivers'
  readonly schedules?: 'makes' | 'deletes'
  /** Whether it asks for turns of lists, or takes them too. */
  readonly turns?: 'asks' | 'takes'
  /** Whether it puts dead letters itself. */
  readonly isBurying?: true
  /** A function that it invokes. */
  readonly invokes?: string
  /** Whether it puts files of the audit's chain. */
  readonly isAuditing?: true
  /** Whether Lambda puts there what it could not carry out, for which it takes the function's role. */
  readonly hasDestination?: true
}

const applies: Uses = { token: 'writeToken', ledger: 'records', bus: 'tells', turns: 'asks' }
const tokensAndClients = ['readClient', 'readToken', 'writeClient', 'writeToken'] as const

const others: Readonly<Record<string, Uses>> = {
  authorize: {},
  'get-page': {},
  'rotate-token': { isRotating: true },
  'flip-toggle': { ...applies, isBurying: true, hasDestination: true },
  'fire-schedule': { ...applies, isBurying: true, hasDestination: true },
  'take-turns': { ...applies, turns: 'takes', isBurying: true },
  'advance-due-changes': { ...applies, watches: tokensAndClients },
  'take-inventory': { token: 'readToken', ledger: 'inventories', bus: 'tells' },
  'run-command': {
    ...applies,
    secrets: ['slackSigning', 'slackBot', 'teamsKeys'],
    hasDestination: true,
  },
  'write-audit': { ledger: 'audits', isAuditing: true },
  slack: { secrets: ['slackSigning'], bus: 'delivers' },
  teams: { secrets: ['teamsKeys'], invokes: 'run-command' },
}

/** @throws Error for a function of which nothing is declared. */
export function usesOf(functionName: string): Uses {
  const operation = operationNames.find(({ name }) => name === functionName)?.operation
  const uses = operation === undefined ? others[functionName] : usesOfOperation(operation)
  if (uses === undefined) throw new Error(`What ${functionName} does with AWS is declared nowhere (uses.ts)`)
  return uses
}

function usesOfOperation({ id, effect, method }: Operation): Uses {
  const ledger = method === 'GET' ? 'reads' : 'records'
  switch (effect) {
    case 'read':
      return { token: 'readToken' }
    case 'walk':
      return { token: 'readToken', ledger: 'shares' }
    case 'write':
      return applies
    case 'plan':
      return { token: 'readToken', ledger }
    case 'record':
      return { ledger }
    case 'inventory':
      return { ledger: method === 'GET' ? ledger : 'asks' }
    case 'schedule':
      return { ledger, schedules: id === 'createSchedule' ? 'makes' : 'deletes' }
    case 'local':
      return {}
  }
}

/** Commands that code carries which is never run in a function of these uses: it comes with what is. */
export function isDormant(command: Command, { ledger, schedules }: Uses): boolean {
  switch (command) {
    // The ledger is one module.
    case 'dynamodb:PutItem':
    case 'dynamodb:TransactWriteItems':
      return ledger === 'reads'
    case 'dynamodb:Query':
      return ledger === 'shares'
    // So is what makes and deletes schedules.
    case 'scheduler:CreateSchedule':
      return schedules === 'deletes'
    case 'scheduler:DeleteSchedule':
      return schedules === 'makes'
    default:
      return false
  }
}
