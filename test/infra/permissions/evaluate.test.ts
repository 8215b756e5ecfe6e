import { describe, expect, it } from 'vitest'
import { type Call, type Context, judge, type PolicyStatement } from './evaluate.ts'

const account = '111122223333'
const role = `arn:aws:iam::${account}:role/reader`
const table = `arn:aws:dynamodb:eu-west-1:${account}:table/Ledger`
const key = `arn:aws:kms:eu-west-1:${account}:key/1`
const queue = `arn:aws:sqs:eu-west-1:${account}:queue`

interface World {
  readonly own?: readonly PolicyStatement[]
  readonly on?: Readonly<Record<string, readonly PolicyStatement[]>>
}

function verdict({ own = [], on = {} }: World, call: Partial<Call>): string {
  const asked = {
    principal: { kind: 'role', id: role },
    action: 'dynamodb:GetItem',
    resource: table,
    context: {},
  } as const
  const policies = { account, ofRoles: new Map([[role, own]]), onResources: new Map(Object.entries(on)) }
  return judge(policies, { ...asked, ...call })
}

const allow = (more: PolicyStatement = {}): PolicyStatement => ({
  Effect: 'Allow',
  Action: 'dynamodb:GetItem',
  Resource: table,
  ...more,
})

describe('a call is', () => {
  it('denied where no statement speaks of it', () => {
    expect(verdict({}, {})).toBe('denied')
    expect(verdict({ own: [allow()] }, { action: 'dynamodb:PutItem' })).toBe('denied')
    expect(verdict({ own: [allow()] }, { resource: `${table}2` })).toBe('denied')
  })

  it('allowed where one speaks of it, whatever the case of the action', () => {
    expect(verdict({ own: [allow()] }, {})).toBe('allowed')
    expect(verdict({ own: [allow({ Action: ['DynamoDB:get*'] })] }, {})).toBe('allowed')
    expect(verdict({ own: [allow({ Resource: 'arn:aws:dynamodb:*' })] }, {})).toBe('allowed')
  })

  it('denied where another statement denies it, on either side', () => {
    const deny = allow({ Effect: 'Deny' })
    expect(verdict({ own: [allow(), deny] }, {})).toBe('denied')
    expect(verdict({ own: [allow()], on: { [table]: [{ ...deny, Principal: '*' }] } }, {})).toBe('denied')
  })

  it('allowed by NotAction and NotResource for what they do not name', () => {
    const notAction = { Effect: 'Allow', NotAction: 'dynamodb:Delete*', Resource: table }
    expect(verdict({ own: [notAction] }, {})).toBe('allowed')
    expect(verdict({ own: [notAction] }, { action: 'dynamodb:DeleteItem' })).toBe('denied')
    const notResource = { Effect: 'Allow', Action: '*', NotResource: table }
    expect(verdict({ own: [notResource] }, {})).toBe('denied')
    expect(verdict({ own: [notResource] }, { resource: queue })).toBe('allowed')
  })

  it('allowed on a key only where the key itself leaves it to the account, and the role has it', () => {
    const decrypt = { action: 'kms:Decrypt', resource: key }
    const own = [{ Effect: 'Allow', Action: 'kms:Decrypt', Resource: key }]
    const root = { AWS: `arn:aws:iam::${account}:root` }
    const delegates = { Effect: 'Allow', Action: 'kms:*', Resource: '*', Principal: root }
    expect(verdict({ own }, decrypt)).toBe('denied')
    expect(verdict({ on: { [key]: [delegates] } }, decrypt)).toBe('denied')
    expect(verdict({ own, on: { [key]: [delegates] } }, decrypt)).toBe('allowed')
    const elsewhere = { ...delegates, Principal: { AWS: 'arn:aws:iam::999988887777:root' } }
    expect(verdict({ own, on: { [key]: [elsewhere] } }, decrypt)).toBe('denied')
  })

  it('allowed to a service only by what stands on the resource', () => {
    const send = { action: 'sqs:SendMessage', resource: queue }
    const events = { kind: 'service', id: 'events.amazonaws.com' } as const
    const policy = {
      Effect: 'Allow',
      Action: 'sqs:SendMessage',
      Resource: queue,
      Principal: { Service: 'events.amazonaws.com' },
      Condition: { ArnEquals: { 'aws:SourceArn': `arn:aws:events:eu-west-1:${account}:rule/bus/mine` } },
    }
    const on = { [queue]: [policy] }
    const from = (rule: string) => ({
      ...send,
      principal: events,
      context: { 'aws:SourceArn': `arn:aws:events:eu-west-1:${account}:rule/bus/${rule}` },
    })
    expect(verdict({ on }, from('mine'))).toBe('allowed')
    expect(verdict({ on }, from('other'))).toBe('denied')
    expect(verdict({ on }, { ...send, principal: events })).toBe('denied')
    expect(verdict({ on }, send)).toBe('denied')
  })
})

describe('a condition', () => {
  const under = (Condition: object, context: Context) => verdict({ own: [allow({ Condition })] }, { context })

  it.each([
    ['StringEquals', { 'a:b': ['x', 'y'] }, { 'a:b': 'y' }, 'allowed'],
    ['StringEquals', { 'a:b': 'x' }, { 'A:B': 'x' }, 'allowed'],
    ['StringEquals', { 'a:b': 'x' }, {}, 'denied'],
    ['StringNotEquals', { 'a:b': ['x', 'y'] }, { 'a:b': 'y' }, 'denied'],
    ['StringNotEquals', { 'a:b': 'x' }, {}, 'allowed'],
    ['StringLike', { 'a:b': 'snapshot#*' }, { 'a:b': 'snapshot#1' }, 'allowed'],
    ['ForAllValues:StringLike', { 'a:b': 's*' }, { 'a:b': ['s1', 't1'] }, 'denied'],
    ['ForAllValues:StringLike', { 'a:b': 's*' }, {}, 'allowed'],
    ['ForAnyValue:StringEquals', { 'a:b': 's1' }, { 'a:b': ['s1', 't1'] }, 'allowed'],
    ['ForAnyValue:StringEquals', { 'a:b': 's1' }, {}, 'denied'],
    ['BoolIfExists', { 'a:b': 'false' }, {}, 'allowed'],
    ['BoolIfExists', { 'a:b': 'false' }, { 'a:b': 'true' }, 'denied'],
    ['Bool', { 'a:b': false }, { 'a:b': 'false' }, 'allowed'],
    ['Null', { 'a:b': 'true' }, {}, 'allowed'],
    ['Null', { 'a:b': 'true' }, { 'a:b': 'x' }, 'denied'],
    ['Null', { 'a:b': 'false' }, { 'a:b': [] }, 'denied'],
    ['ArnLike', { 'a:b': 'arn:aws:s:*:1:x*' }, { 'a:b': 'arn:aws:s:r:1:x/y' }, 'allowed'],
    ['ArnLike', { 'a:b': 'arn:aws:*:x' }, { 'a:b': 'arn:aws:s:r:1:x' }, 'denied'],
    ['ArnNotLike', { 'aws:PrincipalArn': `arn:aws:iam::${account}:role/*` }, {}, 'denied'],
  ] as const)('%s %j of %j: %s', (operator, keys, context, expected) => {
    expect(under({ [operator]: keys }, context)).toBe(expected)
  })

  it('holds where all of several do', () => {
    const both = { StringEquals: { 'a:b': 'x', 'a:c': 'y' } }
    expect(under(both, { 'a:b': 'x', 'a:c': 'y' })).toBe('allowed')
    expect(under(both, { 'a:b': 'x' })).toBe('denied')
  })
})

describe('nothing is judged that is not understood:', () => {
  it.each([
    ['an operator', allow({ Condition: { NumericLessThan: { 'a:b': '1' } } }), 'NumericLessThan'],
    [
      'an operator on several values',
      allow({ Condition: { 'ForSome:StringEquals': { 'a:b': '1' } } }),
      'ForSome',
    ],
    ['an element', allow({ NotPrincipal: '*' }), 'NotPrincipal'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable is written like that
    ['a variable', allow({ Resource: 'arn:aws:s3:::${aws:username}' }), 'Policy variables'],
    ['an effect', allow({ Effect: 'allow' }), 'neither Allow nor Deny'],
    ['no action', { Effect: 'Allow', Resource: table }, 'neither Action nor NotAction'],
    ['an expression', allow({ Resource: { 'Fn::Sub': 'x' } }), 'is no text'],
  ])('%s', (_, statement, why) => {
    expect(() => verdict({ own: [statement] }, { context: { 'a:b': '1' } })).toThrow(why)
  })

  it('a kind of principal', () => {
    const statement = { ...allow(), Principal: { Federated: 'cognito-identity.amazonaws.com' } }
    expect(() => verdict({ on: { [table]: [statement] } }, {})).toThrow('Federated')
    expect(() => verdict({ on: { [table]: [allow()] } }, {})).toThrow('names nobody')
  })

  it('a caller of another account', () => {
    const principal = { kind: 'role', id: 'arn:aws:iam::999988887777:role/reader' } as const
    expect(() => verdict({}, { principal })).toThrow('of another account')
  })

  it('several values where a condition expects one', () => {
    const own = [allow({ Condition: { StringEquals: { 'a:b': 'x' } } })]
    expect(() => verdict({ own }, { context: { 'a:b': ['x', 'y'] } })).toThrow('several values')
  })
})
