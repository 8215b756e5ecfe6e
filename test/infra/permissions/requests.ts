/** What is asked of AWS, as IAM sees it: action, resource, and what the service says of the request to conditions. */
import { table as names } from '../../../lib/ledger/table/table.ts'
import type { Deployed } from './deployed.ts'
import type { Call, Context } from './evaluate.ts'
import { ACCOUNT, arnOf, REGION } from './resource-names.ts'
import type { SecretName } from './uses.ts'

/** A call of anybody. */
export type Request = Omit<Call, 'principal'>

export type Requests = ReturnType<typeof requestsOf>

/** What DynamoDB asks of whoever uses a table under a customer managed key (its developer guide, "Encryption at rest"). */
export const KEY_USES_OF_TABLE = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
]

/** Partition keys, an item's of each kind. */
export const RECORDS = ['change#1', 'lock#toggle#wallboards', 'pointer#1', 'schedule#1', 'journal#2026-11']
export const AUDITED = [`${names.prefixes.audit}head`]
export const SHARED = [`${names.prefixes.snapshot}holders`, `${names.prefixes.lease}holders`]
export const ASKED = [names.prefixes.ask, `${names.prefixes.reading}1`]
export const INVENTORIED = [
  ...ASKED,
  `${names.prefixes.inventory}#state`,
  `${names.prefixes.inventory}-days`,
  `${names.prefixes.difference}-user#1`,
  names.prefixes.billing,
  names.prefixes.notice,
]
/** Items that one request may ask for together. */
export const TOGETHER = [SHARED, RECORDS, [...RECORDS, ...SHARED], [...SHARED, ...RECORDS.slice(0, 1)]]

/** @returns what makes each kind of request in this stack. */
export function requestsOf(deployed: Deployed) {
  const table = deployed.arnOfOnly('AWS::DynamoDB::Table')
  const key = deployed.arnOfOnly('AWS::KMS::Key')
  const request = (action: string, resource: string, context: Context = {}): Request => ({
    action,
    resource,
    context: { 'aws:SecureTransport': 'true', ...context },
  })
  return {
    request,
    table,
    key,
    bucket: deployed.arnOfOnly('AWS::S3::Bucket'),
    bus: deployed.arnOfOnly('AWS::Events::EventBus'),
    queue: deployed.queueArn('deadLetters'),
    turns: deployed.queueArn('lists'),
    listLetters: deployed.queueArn('listLetters'),
    scheduleGroup: deployed.stackName,

    secret: (action: string, name: SecretName, context?: Context) =>
      request(action, deployed.secretArn(name), context),

    /** The key as Secrets Manager uses it for whoever asks it for a secret (its user guide, "Encryption context"). */
    keyOfSecret: (action: string, secretArn: string) =>
      request(action, key, {
        'kms:ViaService': `secretsmanager.${REGION}.amazonaws.com`,
        'kms:CallerAccount': ACCOUNT,
        'kms:EncryptionContext:SecretARN': secretArn,
        'kms:EncryptionContextKeys': ['SecretARN', 'SecretVersionId'],
      }),

    /** The key as DynamoDB uses it for whoever asks it for items. */
    keyOfTable: (action: string) =>
      request(action, key, {
        'kms:ViaService': `dynamodb.${REGION}.amazonaws.com`,
        'kms:CallerAccount': ACCOUNT,
        'kms:EncryptionContext:aws:dynamodb:tableName': table.split('/').at(-1) ?? '',
        'kms:EncryptionContext:aws:dynamodb:subscriberId': ACCOUNT,
        'kms:EncryptionContextKeys': ['aws:dynamodb:tableName', 'aws:dynamodb:subscriberId'],
      }),

    /** Each item of a transaction is judged as a call of its own. @param pks of the items. */
    items: (action: string, pks: readonly string[], within?: 'TransactWriteItems') =>
      request(action, table, {
        'dynamodb:LeadingKeys': pks,
        ...(within === undefined ? {} : { 'dynamodb:EnclosingOperation': within }),
      }),

    index: (action: string, index: string, pk: string) =>
      request(action, `${table}/index/${index}`, { 'dynamodb:LeadingKeys': [pk] }),

    object: (action: string, key: string) =>
      request(action, `${deployed.arnOfOnly('AWS::S3::Bucket')}/${key}`),

    events: (busArn: string, sources: readonly string[], detailTypes: readonly string[]) =>
      request('events:PutEvents', busArn, {
        'events:source': sources,
        'events:detail-type': detailTypes,
      }),

    invocation: (functionArn: string) => request('lambda:InvokeFunction', functionArn),

    schedule: (action: string, group: string) =>
      request(action, arnOf('scheduler', `schedule/${group}/00000000-0000-4000-8000-000000000001`)),

    passing: (roleArn: string, service: string) =>
      request('iam:PassRole', roleArn, { 'iam:PassedToService': service }),

    /** A stream of a log group, as PutLogEvents names it. */
    log: (action: string, group: string) => request(action, arnOf('logs', `log-group:${group}:log-stream:1`)),
  }
}
