/** What a change stands on in AWS: the table, the bus and its rules, the schedules and the dead letters. */
import { Stack } from 'aws-cdk-lib'
import { Key } from 'aws-cdk-lib/aws-kms'
import { describe, expect, it } from 'vitest'
import { ChangeBus } from '../../../../infra/constructs/data/change-bus.ts'
import { StackSecret } from '../../../../infra/constructs/data/stack-secret.ts'
import {
  DELIVERY_MAX_AGE_SECONDS,
  DELIVERY_MAX_RETRIES,
  TOGGLE_REQUESTED,
} from '../../../../lib/events/contract.ts'
import { table as names } from '../../../../lib/ledger/table/table.ts'
import { orgs } from '../../orgs/test-orgs.ts'
import { at, flat, listOf, Synthesized, statementsIn } from '../../synthesized.ts'

const stack = new Synthesized('jwt')
const withTools = new Synthesized('chat')
const queue = stack.queue('deadLetters')
/** What is said about who may use a queue. */
function policyOf(name: Parameters<Synthesized['queue']>[0]) {
  const id = stack.queue(name).id
  return [...stack.ofType('AWS::SQS::QueuePolicy').values()]
    .filter(({ Properties }) => listOf(Properties['Queues']).map(flat).includes(`<${id}>`))
    .flatMap(({ Properties }) => statementsIn(Properties['PolicyDocument']))
}
const TLS_ALONE = {
  effect: 'Deny',
  actions: ['sqs:*'],
  principal: { AWS: '*' },
  condition: { Bool: { 'aws:SecureTransport': 'false' } },
}
const idOf = (name: string) => `<${stack.lambda(name).id}>`

describe('the ledger (J07)', () => {
  const { Properties, DeletionPolicy } = stack.only('AWS::DynamoDB::Table')

  it('outlives the stack, can be restored to any second, and is protected from deletion', () => {
    expect(DeletionPolicy).toBe('Retain')
    expect(Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    })
  })

  it('is encrypted by our key', () => {
    expect(Properties['SSESpecification']).toMatchObject({ SSEEnabled: true, SSEType: 'KMS' })
    const key = flat(at(Properties, 'SSESpecification', 'KMSMasterKeyId'))
    expect(key).toBe(`<${stack.only('AWS::KMS::Key').id}>`)
  })

  it('expires nothing, and has no name that a stack made again would meet', () => {
    for (const property of ['TimeToLiveSpecification', 'StreamSpecification', 'TableName']) {
      expect(Properties[property], property).toBeUndefined()
    }
  })

  it('has the keys and the two indexes that the code asks', () => {
    const keysOf = (holder: unknown) =>
      listOf(at(holder, 'KeySchema')).map((each) => at(each, 'AttributeName'))
    expect(keysOf(Properties)).toEqual([names.partitionKey, names.sortKey])
    const indexes = listOf(Properties['GlobalSecondaryIndexes'])
    expect(
      indexes.map((index) => [
        at(index, 'IndexName'),
        ...keysOf(index),
        at(index, 'Projection', 'ProjectionType'),
      ]),
    ).toEqual(
      Object.values(names.indexes).map(({ name, partitionKey, sortKey }) => [
        name,
        partitionKey,
        sortKey,
        'KEYS_ONLY',
      ]),
    )
    const types = listOf(Properties['AttributeDefinitions']).map((each) => [
      at(each, 'AttributeName'),
      at(each, 'AttributeType'),
    ])
    for (const { sortKey, sortType } of Object.values(names.indexes)) {
      expect(types).toContainEqual([sortKey, sortType])
    }
  })
})

describe('the bucket of the audit', () => {
  const { id, Properties, DeletionPolicy } = stack.only('AWS::S3::Bucket')

  it('keeps each version of a file, and locks it for 396 days where the org file says nothing', () => {
    expect(Properties).toMatchObject({
      VersioningConfiguration: { Status: 'Enabled' },
      ObjectLockEnabled: true,
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled',
        Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 396 } },
      },
    })
  })

  it('outlives the stack, and deletes nothing by itself', () => {
    expect(DeletionPolicy).toBe('Retain')
    for (const property of ['BucketName', 'LifecycleConfiguration', 'ReplicationConfiguration'])
      expect(Properties[property], property).toBeUndefined()
  })

  it('is public to nobody, encrypted by S3 itself, and owned by the account whatever is put there', () => {
    expect(Properties).toMatchObject({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    })
  })

  it('is asked by TLS alone, and its policy gives nobody anything', () => {
    const policy = stack.only('AWS::S3::BucketPolicy')
    expect(flat(policy.Properties['Bucket'])).toBe(`<${id}>`)
    expect(statementsIn(policy.Properties['PolicyDocument'])).toEqual([
      {
        effect: 'Deny',
        actions: ['s3:*'],
        resources: [`<${id}>`, `<${id}>/*`],
        condition: { Bool: { 'aws:SecureTransport': 'false' } },
        principal: { AWS: '*' },
      },
    ])
  })
})

describe('the bus', () => {
  const bus = stack.only('AWS::Events::EventBus')
  const rules = [...stack.ofType('AWS::Events::Rule')].map(([id, { Properties }]) => ({ id, Properties }))
  const ruleOf = (name: string) =>
    rules.find(({ Properties }) => flat(at(Properties, 'Targets', 0, 'Arn')) === idOf(name))

  it('is named after the stack', () => {
    expect(bus.Properties['Name']).toBe('genesys-license-jwt')
  })

  it('hands toggle requests of any source to their function, for 15 minutes at most (G13)', () => {
    const rule = ruleOf('flip-toggle')?.Properties
    expect(flat(rule?.['EventBusName'])).toBe(`<${bus.id}>`)
    expect(rule?.['EventPattern']).toEqual({ 'detail-type': [TOGGLE_REQUESTED] })
    expect(listOf(rule?.['Targets'])).toHaveLength(1)
    expect(at(rule, 'Targets', 0, 'RetryPolicy')).toEqual({
      MaximumEventAgeInSeconds: DELIVERY_MAX_AGE_SECONDS,
      MaximumRetryAttempts: DELIVERY_MAX_RETRIES,
    })
    expect(flat(at(rule, 'Targets', 0, 'DeadLetterConfig', 'Arn'))).toBe(`<${queue.id}>`)
  })

  it.each(['advance-due-changes', 'take-inventory'])(
    'has no part in %s, which comes every minute and is not made up for',
    (name) => {
      const rule = ruleOf(name)?.Properties
      expect(rule?.['ScheduleExpression']).toBe('rate(1 minute)')
      expect(rule?.['EventBusName']).toBeUndefined()
      expect(at(rule, 'Targets', 0, 'RetryPolicy')).toEqual({
        MaximumEventAgeInSeconds: 60,
        MaximumRetryAttempts: 0,
      })
    },
  )

  it('takes events of a tool’s sources from its principals alone, where both are given', () => {
    const policies = [...withTools.ofType('AWS::Events::EventBusPolicy').values()]
    expect(policies).toHaveLength(1)
    const [policy] = policies
    const { id } = withTools.only('AWS::Events::EventBus')
    expect(flat(policy?.Properties['EventBusName'])).toBe(`<${id}>`)
    const statement = at(policy, 'Properties', 'Statement')
    expect(flat(at(statement, 'Resource'))).toBe(`<${id}>`)
    expect(statement).toMatchObject({
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Action: 'events:PutEvents',
      Condition: {
        'ForAnyValue:StringEquals': { 'events:source': ['workforce.planning', 'workforce.night'] },
        ArnNotLike: {
          'aws:PrincipalArn': [
            'arn:aws:iam::000000000000:role/planner',
            'arn:aws:iam::000000000000:role/*/planner',
            'arn:aws:iam::000000000000:user/planner',
          ],
        },
      },
    })
  })

  it('is refused where its tools are more than its policy takes', () => {
    const tool = (index: number) => [
      `tool-${index}`,
      {
        iam: [`arn:aws:iam::000000000000:role/tool-${index}`],
        eventSources: [`tool.${index}`],
      },
    ]
    const busOf = (count: number) => () =>
      new ChangeBus(new Stack(), 'Bus', {
        ...orgs.jwt,
        tools: Object.fromEntries(Array.from({ length: count }, (_, index) => tool(index))),
      })
    expect(busOf(20)).not.toThrow()
    expect(busOf(40)).toThrow(
      /^Org file 'jwt': tools must have fewer iam or eventSources: .* \d+ characters long, and EventBridge takes 10240\.$/,
    )
  })

  it('has no other rule', () => {
    expect(rules.filter(({ Properties }) => Properties['EventBusName'])).toHaveLength(1)
  })
})

describe("Lambda's own retries (G13)", () => {
  const configOf = (name: string) =>
    [...stack.ofType('AWS::Lambda::EventInvokeConfig').values()]
      .map(({ Properties }) => Properties)
      .find(({ FunctionName }) => flat(FunctionName) === idOf(name))

  it.each(['flip-toggle', 'fire-schedule'])('%s: are bounded, and end in the dead letters', (name) => {
    expect(configOf(name)).toMatchObject({
      Qualifier: '$LATEST',
      MaximumEventAgeInSeconds: DELIVERY_MAX_AGE_SECONDS,
      MaximumRetryAttempts: DELIVERY_MAX_RETRIES,
    })
    expect(flat(at(configOf(name), 'DestinationConfig', 'OnFailure', 'Destination'))).toBe(`<${queue.id}>`)
  })

  it.each(['advance-due-changes', 'take-inventory'])('%s: there are none', (name) => {
    expect(configOf(name)).toMatchObject({
      MaximumEventAgeInSeconds: 60,
      MaximumRetryAttempts: 0,
    })
  })
})

describe('the schedules', () => {
  const group = stack.only('AWS::Scheduler::ScheduleGroup')
  const [role] = [...stack.ofType('AWS::IAM::Role')].filter(([, { Properties }]) =>
    statementsIn(Properties['AssumeRolePolicyDocument']).some(
      ({ principal }) => at(principal, 'Service') === 'scheduler.amazonaws.com',
    ),
  )

  it('are a group named after the stack', () => {
    expect(group.Properties['Name']).toBe('genesys-license-jwt')
  })

  it('are fired by a role that Scheduler may take for this group of this account alone (N14)', () => {
    const [trust, ...others] = statementsIn(role?.[1].Properties['AssumeRolePolicyDocument'])
    expect(others).toEqual([])
    expect(trust).toMatchObject({ effect: 'Allow', actions: ['sts:AssumeRole'] })
    const condition = at(trust?.condition, 'StringEquals')
    expect(Object.keys(trust?.condition ?? {})).toEqual(['StringEquals'])
    expect(flat(at(condition, 'aws:SourceAccount'))).toBe('<AWS::AccountId>')
    expect(flat(at(condition, 'aws:SourceArn'))).toBe(`<${group.id}>`)
  })

  it('invoke exactly one function, and their role can only do that and leave dead letters', () => {
    const statements = [...stack.ofType('AWS::IAM::Policy').values()]
      .filter(({ Properties }) => listOf(Properties['Roles']).map(flat).includes(`<${role?.[0]}>`))
      .flatMap(({ Properties }) => statementsIn(Properties['PolicyDocument']))
    expect(statements.map(({ actions, resources }) => [actions, resources])).toEqual([
      [['lambda:InvokeFunction'], [idOf('fire-schedule')]],
      [['sqs:SendMessage'], [`<${queue.id}>`]],
    ])
  })
})

describe('the dead letters (G12)', () => {
  it('are one standard queue, encrypted, kept for 14 days', () => {
    expect(queue.Properties['FifoQueue']).toBeUndefined()
    expect(queue.Properties).toMatchObject({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 1_209_600 })
  })

  it('come over TLS alone, and from EventBridge for the rule that has them alone', () => {
    const statements = policyOf('deadLetters')
    expect(statements).toContainEqual(expect.objectContaining(TLS_ALONE))
    const allowed = statements.filter(({ effect }) => effect === 'Allow')
    expect(allowed).toHaveLength(1)
    expect(allowed[0]).toMatchObject({
      actions: ['sqs:SendMessage'],
      resources: [`<${queue.id}>`],
      principal: { Service: 'events.amazonaws.com' },
    })
    expect(flat(at(allowed[0]?.condition, 'ArnEquals', 'aws:SourceArn'))).toMatch(
      /^<EventsToggleRequested\w+>$/,
    )
  })
})

describe('the queue of lists', () => {
  const turns = stack.queue('lists')
  const letters = stack.queue('listLetters')

  it('is first in, first out, encrypted, gives a turn up after fifteen tries to a queue of its kind, and keeps both for 14 days', () => {
    const kept = { FifoQueue: true, SqsManagedSseEnabled: true, MessageRetentionPeriod: 1_209_600 }
    expect(letters.Properties).toMatchObject(kept)
    expect(turns.Properties).toMatchObject(kept)
    // Each message names its id: two turns of a list have the same text.
    expect(turns.Properties['ContentBasedDeduplication']).toBeUndefined()
    expect(at(turns.Properties, 'RedrivePolicy', 'maxReceiveCount')).toBe(15)
    expect(flat(at(turns.Properties, 'RedrivePolicy', 'deadLetterTargetArn'))).toBe(`<${letters.id}>`)
  })

  it('comes over TLS alone, and no policy lets anybody else in', () => {
    for (const name of ['lists', 'listLetters'] as const) {
      expect(policyOf(name)).toEqual([expect.objectContaining(TLS_ALONE)])
    }
  })

  it('hands one turn at a time to take-turns, which answers what is to come again message by message (D30)', () => {
    const mappings = [...stack.ofType('AWS::Lambda::EventSourceMapping').values()]
    expect(mappings.map(({ Properties }) => Properties)).toEqual([
      {
        BatchSize: 1,
        EventSourceArn: expect.anything(),
        FunctionName: expect.anything(),
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      },
    ])
    const [mapping] = mappings
    expect(flat(mapping?.Properties['EventSourceArn'])).toBe(`<${turns.id}>`)
    expect(flat(mapping?.Properties['FunctionName'])).toBe(idOf('take-turns'))
  })

  it('keeps a turn that is taken from everybody else for twice as long as the function lives', () => {
    const timeoutSeconds = Number(stack.lambda('take-turns').properties['Timeout'])
    expect(Number(turns.Properties['VisibilityTimeout'])).toBeGreaterThanOrEqual(2 * timeoutSeconds)
  })
})

describe('a secret', () => {
  const named = (name: string) => () => {
    const scope = new Stack()
    return new StackSecret(scope, 'Secret', {
      secretName: name,
      description: 'For a test',
      encryptionKey: new Key(scope, 'Key'),
    })
  }

  it('is not called as the ARN of another would end: a hyphen and six characters', () => {
    for (const name of ['gateway/read-client', 'gateway/a-b-c-de']) {
      expect(named(name), name).toThrow(
        `A secret must not be called ${name}: a hyphen and six characters end its ARN`,
      )
    }
    for (const name of ['gateway/read-token', 'my-client/keys', 'gateway/slack-signing']) {
      expect(named(name), name).not.toThrow()
    }
  })
})
