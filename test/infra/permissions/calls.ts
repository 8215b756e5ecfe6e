/** The calls that each function's code makes: its commands, on what the function uses them for. */
import { changeEvents } from '../../../lib/changes/model/change-events.ts'
import { CHAT_DELIVERED, CHAT_SOURCE } from '../../../lib/chat/webhook/queued.ts'
import { EVENT_SOURCE } from '../../../lib/events/contract.ts'
import { table as names } from '../../../lib/ledger/table/table.ts'
import { at } from '../synthesized.ts'
import type { Command } from './carried-commands.ts'
import type { Deployed } from './deployed.ts'
import {
  ASKED,
  AUDITED,
  INVENTORIED,
  KEY_USES_OF_TABLE,
  RECORDS,
  type Request,
  type Requests,
  SHARED,
  TOGETHER,
} from './requests.ts'
import { isDormant, type SecretName, type Uses, usesOf } from './uses.ts'

/** @throws Error for a command that none of the function's uses explains, and for a use without a command. */
export function callsOf(
  name: string,
  commands: ReadonlySet<Command>,
  deployed: Deployed,
  r: Requests,
): readonly Request[] {
  const uses = usesOf(name)
  const byCommand = new Map([...commands].map((command) => [command, callsBy(command, uses, deployed, r)]))
  const unexplained = [...byCommand]
    .filter(([command, calls]) => calls.length === 0 && !isDormant(command, uses))
    .map(([command]) => command)
  if (unexplained.length > 0)
    throw new Error(`${name} carries ${unexplained.join(', ')}, which none of its uses explains (uses.ts)`)
  refuseIdleUses(name, uses, commands)
  return [
    ...[...byCommand.values()].flat(),
    ...(uses.ledger === undefined ? [] : KEY_USES_OF_TABLE.map((action) => r.keyOfTable(action))),
    ...(uses.hasDestination ? [r.request('sqs:SendMessage', r.queue)] : []),
    ...(uses.turns === 'takes' ? TAKING.map((action) => r.request(action, r.turns)) : []),
    ...ofTheRuntime(name, deployed, r),
  ]
}

/**
 * What Lambda asks of a queue in the name of the function that takes its messages (Lambda developer guide, "Using Lambda
 * with Amazon SQS"), and what the CDK has beside it, to give a message back and to find the queue by its name.
 */
const TAKING = [
  'sqs:ReceiveMessage',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
  'sqs:ChangeMessageVisibility',
  'sqs:GetQueueUrl',
]

/** What Lambda itself does in the name of each function. */
function ofTheRuntime(name: string, deployed: Deployed, r: Requests): Request[] {
  const group = deployed.resolve(at(deployed.stack.lambda(name).properties, 'LoggingConfig', 'LogGroup'))
  return [
    r.log('logs:CreateLogStream', group),
    r.log('logs:PutLogEvents', group),
    r.request('xray:PutTraceSegments', '*'),
    r.request('xray:PutTelemetryRecords', '*'),
  ]
}

/** @returns partition keys of all that it puts who may put nothing else; undefined for who may put whatever it reads. */
function putApartBy(ledger: Uses['ledger']): readonly string[] | undefined {
  if (ledger === 'audits') return AUDITED
  if (ledger === 'inventories') return INVENTORIED
  return ledger === 'asks' ? ASKED : undefined
}

/** @returns none where the function has no use for the command. */
function callsBy(command: Command, uses: Uses, deployed: Deployed, r: Requests): Request[] {
  const { ledger } = uses
  if (isDormant(command, uses)) return []
  const pks = ledger === 'shares' ? SHARED : [...RECORDS, ...SHARED, ...AUDITED, ...INVENTORIED]
  const putApart = putApartBy(ledger)
  const items = (action: string, within?: 'TransactWriteItems') =>
    ledger === undefined ? [] : pks.map((pk) => r.items(action, [pk], within))
  switch (command) {
    case 'secretsmanager:GetSecretValue':
      return readSecrets(uses).flatMap((name) => [
        r.secret(command, name),
        r.keyOfSecret('kms:Decrypt', deployed.secretArn(name)),
      ])
    case 'secretsmanager:RotateSecret':
      return uses.token === undefined
        ? []
        : [
            r.secret(command, uses.token),
            r.secret(command, uses.token, { 'secretsmanager:ModifyRotationRules': 'false' }),
            // Secrets Manager asks it of whoever asks for a rotation (API reference of RotateSecret).
            r.invocation(deployed.functionArn('rotate-token')),
          ]
    case 'secretsmanager:DescribeSecret':
      return [...(uses.watches ?? []), ...(uses.isRotating ? TOKENS : [])].map((name) =>
        r.secret(command, name),
      )
    case 'secretsmanager:UpdateSecretVersionStage':
      return uses.isRotating ? TOKENS.map((name) => r.secret(command, name)) : []
    case 'secretsmanager:PutSecretValue':
      return uses.isRotating
        ? TOKENS.flatMap((name) => [
            r.secret(command, name),
            r.keyOfSecret('kms:GenerateDataKey', deployed.secretArn(name)),
          ])
        : []
    case 'dynamodb:GetItem':
      return items(command)
    case 'dynamodb:PutItem':
      return putApart ? putApart.map((pk) => r.items(command, [pk])) : items(command)
    // Of a transaction IAM knows the puts alone, also where a refused one brings the item that refused it (DynamoDB's
    // developer guide, "Using IAM with DynamoDB transactions").
    case 'dynamodb:TransactWriteItems':
      return putApart
        ? putApart.map((pk) => r.items('dynamodb:PutItem', [pk], 'TransactWriteItems'))
        : items('dynamodb:PutItem', 'TransactWriteItems')
    case 'dynamodb:BatchGetItem':
      if (ledger === undefined) return []
      return [
        ...(ledger === 'shares' ? [SHARED] : TOGETHER).map((some) => r.items(command, some)),
        ...items(command),
      ]
    case 'dynamodb:Query':
      return [
        ...items(command),
        ...(ledger === undefined || ledger === 'audits'
          ? []
          : [
              r.index(command, names.indexes.due.name, 'due'),
              r.index(command, names.indexes.list.name, 'all'),
            ]),
      ]
    case 'events:PutEvents':
      if (uses.bus === undefined) return []
      return uses.bus === 'tells'
        ? [
            ...Object.values(changeEvents).map((detailType) => r.events(r.bus, [EVENT_SOURCE], [detailType])),
            r.events(r.bus, [EVENT_SOURCE], Object.values(changeEvents)),
          ]
        : [r.events(r.bus, [CHAT_SOURCE], [CHAT_DELIVERED])]
    case 'scheduler:CreateSchedule':
      return uses.schedules === undefined
        ? []
        : [
            r.schedule(command, r.scheduleGroup),
            r.passing(deployed.scheduleRole(), 'scheduler.amazonaws.com'),
          ]
    case 'scheduler:DeleteSchedule':
      return uses.schedules === undefined ? [] : [r.schedule(command, r.scheduleGroup)]
    case 'sqs:SendMessage':
      return [
        ...(uses.isBurying ? [r.request(command, r.queue)] : []),
        ...(uses.turns ? [r.request(command, r.turns)] : []),
      ]
    case 's3:PutObject':
      return uses.isAuditing ? [r.object(command, 'audit/2026-11-28.ndjson')] : []
    case 'lambda:InvokeFunction':
      return uses.invokes === undefined ? [] : [r.invocation(deployed.functionArn(uses.invokes))]
    default:
      return []
  }
}

const TOKENS: readonly SecretName[] = ['readToken', 'writeToken']

function readSecrets({ token, secrets = [], isRotating }: Uses): readonly SecretName[] {
  return [
    ...(token === undefined ? [] : [token]),
    ...secrets,
    ...(isRotating ? ([...TOKENS, 'readClient', 'writeClient'] as const) : []),
  ]
}

/** Any of these commands is what such a use is there for. */
const commandsOfUse: Readonly<Record<keyof Uses, (uses: Uses) => readonly Command[]>> = {
  token: () => ['secretsmanager:GetSecretValue'],
  secrets: () => ['secretsmanager:GetSecretValue'],
  watches: () => ['secretsmanager:DescribeSecret'],
  isRotating: () => ['secretsmanager:PutSecretValue'],
  ledger: ({ ledger }) =>
    ledger === 'reads'
      ? ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query']
      : ['dynamodb:PutItem', 'dynamodb:TransactWriteItems'],
  bus: () => ['events:PutEvents'],
  schedules: ({ schedules }) => [
    schedules === 'deletes' ? 'scheduler:DeleteSchedule' : 'scheduler:CreateSchedule',
  ],
  turns: () => ['sqs:SendMessage'],
  isBurying: () => ['sqs:SendMessage'],
  isAuditing: () => ['s3:PutObject'],
  invokes: () => ['lambda:InvokeFunction'],
  hasDestination: () => [],
}

function refuseIdleUses(name: string, uses: Uses, commands: ReadonlySet<Command>): void {
  for (const [use, commandsFor] of Object.entries(commandsOfUse)) {
    const wanted = commandsFor(uses)
    if (use in uses && wanted.length > 0 && !wanted.some((command) => commands.has(command)))
      throw new Error(`${name} is said to use ${use}, and carries none of ${wanted.join(', ')} (uses.ts)`)
  }
}
