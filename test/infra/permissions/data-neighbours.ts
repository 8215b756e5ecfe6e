/** Neighbours among what keeps or carries data: secrets, keys, tables, buses, queues (neighbours.ts). */
import { CHAT_DELIVERED, CHAT_SOURCE } from '../../../lib/chat/webhook/queued.ts'
import { EVENT_SOURCE, TOGGLE_REQUESTED } from '../../../lib/events/contract.ts'
import { table as names } from '../../../lib/ledger/table/table.ts'
import type { Deployed } from './deployed.ts'
import { AUDITED, INVENTORIED, RECORDS, type Request, type Requests, SHARED, TOGETHER } from './requests.ts'
import { ACCOUNT, arnOf, REGION } from './resource-names.ts'
import type { SecretName } from './uses.ts'

const FOREIGN = '999988887777'

/** The same resource in somebody else's account. */
export const foreign = (arn: string) => arn.replace(`:${ACCOUNT}:`, `:${FOREIGN}:`)

/** Each action on each resource, as it is asked without any condition's key. */
export function each(
  r: Requests,
  service: string,
  actions: readonly string[],
  resources: readonly string[],
): Request[] {
  return actions.flatMap((action) => resources.map((resource) => r.request(`${service}:${action}`, resource)))
}

const SECRETS: readonly SecretName[] = [
  'readClient',
  'writeClient',
  'readToken',
  'writeToken',
  'slackSigning',
  'slackBot',
  'teamsKeys',
]

export function onSecrets(deployed: Deployed, r: Requests): Request[] {
  const own = SECRETS.filter((name) => deployed.hasSecret(name)).map((name) => deployed.secretArn(name))
  const others = [
    arnOf('secretsmanager', 'secret:genesys-license-gateway/other/read-token-AbCdEf'),
    foreign(own[0] ?? ''),
  ]
  const secrets = [...own, ...others]
  const actions = [
    'GetSecretValue',
    'DescribeSecret',
    'PutSecretValue',
    'UpdateSecretVersionStage',
    'RotateSecret',
    'UpdateSecret',
    'DeleteSecret',
    'CancelRotateSecret',
    'PutResourcePolicy',
    'ListSecretVersionIds',
    'TagResource',
  ]
  const rules = [
    { 'secretsmanager:ModifyRotationRules': 'false' },
    { 'secretsmanager:ModifyRotationRules': 'true' },
    { 'secretsmanager:RotationLambdaARN': arnOf('lambda', 'function:of-somebody') },
    {
      'secretsmanager:ModifyRotationRules': 'false',
      'secretsmanager:RotationLambdaARN': deployed.functionArn('rotate-token'),
    },
  ]
  return [
    ...each(r, 'secretsmanager', actions, secrets),
    ...secrets.flatMap((arn) =>
      rules.map((context) => r.request('secretsmanager:RotateSecret', arn, context)),
    ),
    ...each(
      r,
      'secretsmanager',
      ['GetRandomPassword', 'ListSecrets', 'BatchGetSecretValue', 'CreateSecret'],
      ['*'],
    ),
  ]
}

const KEY_ACTIONS = [
  'Decrypt',
  'Encrypt',
  'GenerateDataKey',
  'GenerateDataKeyWithoutPlaintext',
  'ReEncryptFrom',
  'ReEncryptTo',
  'DescribeKey',
  'CreateGrant',
  'ListGrants',
  'GetKeyPolicy',
  'PutKeyPolicy',
  'DisableKey',
  'ScheduleKeyDeletion',
]

export function onKeys(deployed: Deployed, r: Requests): Request[] {
  const secrets = [
    ...SECRETS.filter((name) => deployed.hasSecret(name)).map((name) => deployed.secretArn(name)),
    arnOf('secretsmanager', 'secret:genesys-license-gateway/other/read-token-AbCdEf'),
  ]
  const through = (service: string) => ({ 'kms:ViaService': `${service}.${REGION}.amazonaws.com` })
  return KEY_ACTIONS.flatMap((name) => {
    const action = `kms:${name}`
    return [
      r.request(action, r.key),
      r.keyOfTable(action),
      ...secrets.map((arn) => r.keyOfSecret(action, arn)),
      // By oneself, with the context that a secret is encrypted under.
      ...secrets.map((arn) => r.request(action, r.key, { 'kms:EncryptionContext:SecretARN': arn })),
      ...['secretsmanager', 's3', 'sqs', 'logs'].map((service) => r.request(action, r.key, through(service))),
      r.request(action, r.key, { 'kms:ViaService': 'dynamodb.us-east-1.amazonaws.com' }),
      r.request(action, arnOf('kms', 'key/00000000-0000-4000-8000-000000000001'), through('dynamodb')),
      r.request(action, foreign(r.key), through('dynamodb')),
    ]
  })
}

const OBJECT_ACTIONS = [
  'PutObject',
  'GetObject',
  'GetObjectVersion',
  'DeleteObject',
  'DeleteObjectVersion',
  'PutObjectRetention',
  'PutObjectLegalHold',
  'BypassGovernanceRetention',
  'PutObjectAcl',
  'AbortMultipartUpload',
]

export function onBuckets(r: Requests): Request[] {
  const other = 'arn:aws:s3:::other'
  return [
    ...OBJECT_ACTIONS.flatMap((name) =>
      ['audit/2026-11-28.ndjson', 'other/2026-11-28.ndjson', 'audit'].map((key) =>
        r.object(`s3:${name}`, key),
      ),
    ),
    ...each(r, 's3', OBJECT_ACTIONS, [`${other}/audit/2026-11-28.ndjson`]),
    ...each(
      r,
      's3',
      [
        'ListBucket',
        'ListBucketVersions',
        'DeleteBucket',
        'PutBucketPolicy',
        'PutBucketVersioning',
        'PutBucketObjectLockConfiguration',
        'PutLifecycleConfiguration',
        'PutBucketAcl',
      ],
      [r.bucket, other],
    ),
  ]
}

const ITEM_ACTIONS = [
  'GetItem',
  'BatchGetItem',
  'Query',
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'BatchWriteItem',
  'ConditionCheckItem',
  'PartiQLSelect',
  'PartiQLInsert',
  'PartiQLUpdate',
  'PartiQLDelete',
]

const TABLE_ACTIONS = [
  'Scan',
  'DescribeTable',
  'UpdateTable',
  'DeleteTable',
  'CreateTable',
  'UpdateTimeToLive',
  'UpdateContinuousBackups',
  'CreateBackup',
  'ExportTableToPointInTime',
  'RestoreTableToPointInTime',
  'PutResourcePolicy',
  'TagResource',
]

export function onTables(r: Requests): Request[] {
  const other = arnOf('dynamodb', 'table/Other')
  const pks = [...RECORDS, ...SHARED, ...AUDITED, ...INVENTORIED]
  const indexes = Object.values(names.indexes).map(({ name }) => name)
  return [
    ...ITEM_ACTIONS.flatMap((name) => pks.map((pk) => r.items(`dynamodb:${name}`, [pk]))),
    // A put within a transaction is a put.
    ...['UpdateItem', 'DeleteItem', 'ConditionCheckItem'].flatMap((name) =>
      pks.map((pk) => r.items(`dynamodb:${name}`, [pk], 'TransactWriteItems')),
    ),
    ...TOGETHER.flatMap((some) => [
      r.items('dynamodb:BatchGetItem', some),
      r.items('dynamodb:BatchWriteItem', some),
    ]),
    ...each(r, 'dynamodb', TABLE_ACTIONS, [r.table, other]),
    ...each(r, 'dynamodb', ITEM_ACTIONS, [other, foreign(r.table)]),
    ...[...indexes, 'other'].flatMap((index) =>
      ['Scan', 'GetItem'].map((name) => r.index(`dynamodb:${name}`, index, 'all')),
    ),
    r.index('dynamodb:Query', names.indexes.due.name, 'due'),
    r.index('dynamodb:Query', names.indexes.list.name, 'all'),
    r.index('dynamodb:Query', 'other', 'all'),
    ...each(r, 'dynamodb', ['GetRecords', 'GetShardIterator'], [`${r.table}/stream/2026-01-01T00:00:00.000`]),
    ...each(r, 'dynamodb', ['DeleteBackup', 'RestoreTableFromBackup'], [`${r.table}/backup/01`]),
  ]
}

export function onBuses(r: Requests): Request[] {
  const buses = [
    r.bus,
    arnOf('events', 'event-bus/default'),
    arnOf('events', 'event-bus/other'),
    foreign(r.bus),
  ]
  const entries = [
    [[EVENT_SOURCE], ['License Change Applied']],
    [[CHAT_SOURCE], [CHAT_DELIVERED]],
    [[CHAT_SOURCE], [TOGGLE_REQUESTED]],
    [['anybody'], [CHAT_DELIVERED]],
    [['workforce.planning'], [TOGGLE_REQUESTED]],
    [
      [CHAT_SOURCE, 'workforce.planning'],
      [CHAT_DELIVERED, TOGGLE_REQUESTED],
    ],
  ] as const
  return [
    ...buses.flatMap((bus) => entries.map(([sources, types]) => r.events(bus, sources, types))),
    ...each(r, 'events', ['PutEvents', 'DeleteEventBus'], buses),
    ...each(r, 'events', ['PutPermission'], ['*']),
    ...each(
      r,
      'events',
      ['PutRule', 'PutTargets', 'DisableRule', 'DeleteRule'],
      [arnOf('events', 'rule/any')],
    ),
  ]
}

export function onQueues(r: Requests): Request[] {
  const actions = [
    'SendMessage',
    'ReceiveMessage',
    'DeleteMessage',
    'ChangeMessageVisibility',
    'PurgeQueue',
    'GetQueueUrl',
    'GetQueueAttributes',
    'SetQueueAttributes',
    'StartMessageMoveTask',
    'DeleteQueue',
  ]
  return [
    ...each(r, 'sqs', actions, [r.queue, r.turns, r.listLetters, arnOf('sqs', 'other'), foreign(r.turns)]),
    ...[r.queue, r.turns, r.listLetters].flatMap((queue) =>
      ['SendMessage', 'ReceiveMessage', 'DeleteMessage'].map((name) =>
        r.request(`sqs:${name}`, queue, { 'aws:SecureTransport': 'false' }),
      ),
    ),
  ]
}
