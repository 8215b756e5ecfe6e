import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { isReading } from '../../infra/constructs/functions/is-reading.ts'
import { isAllowed } from '../../infra/local/gateway/policy.ts'
import { type AuthorizerDependencies, authorizer } from '../../lib/http/authorizer.ts'
import { KeysUnreachable } from '../../lib/http/issuer-keys.ts'
import { operationsOf } from '../../lib/http/method-arns.ts'
import { type Claims, TokenRefused } from '../../lib/http/verify-token.ts'
import { operations } from '../../lib/operations/index.ts'
import { postLicenseOrganization as postOrganization } from '../../lib/operations/license/post-license-organization.ts'
import { includesRole, type Role, roles } from '../../lib/roles.ts'

const API = 'arn:aws:execute-api:eu-west-1:123456789012:abcdef1234/prod'
const ID = '11111111-1111-4111-8111-111111111111'

/** The method ARN that API Gateway asks about for a route. */
const arnOf = ({ method, path }: { method: string; path: string }) =>
  `${API}/${method}${path.replaceAll(/\{[^}]+\}/g, ID)}`

/** API Gateway's event for it, with a sound header. */
const requestFor = ({ method, path }: { method: string; path: string }) => ({
  type: 'REQUEST',
  methodArn: arnOf({ method, path }),
  resource: path,
  httpMethod: method,
  multiValueHeaders: { Authorization: ['Bearer x.y.z'] },
  requestContext: { requestId: 'request-1' },
})

const [first] = operations
const anyArn = first ? arnOf(first) : ''

const mapped = new Map<string, Role>([
  ['license.read', 'viewer'],
  ['license.write', 'operator'],
  ['license.approve', 'approver'],
])

/** What the log was told, since the test began. */
const told: unknown[][] = []
beforeEach(() => {
  told.length = 0
})

function authorizerFor(claims: Claims, changes: Partial<AuthorizerDependencies> = {}) {
  return authorizer({
    verify: async () => claims,
    roleClaim: ['scope'],
    roles: mapped,
    subjectClaim: 'sub',
    operations,
    log: {
      noteRefusal: (...given) => told.push(['refused', ...given]),
      noteUnreachableKeys: (...given) => told.push(['keysUnreachable', ...given]),
      noteUnforeseen: (...given) => told.push(['unforeseen', ...given]),
    },
    ...changes,
  })
}

const ask = (claims: Claims, methodArn = anyArn, changes: Partial<AuthorizerDependencies> = {}) =>
  authorizerFor(claims, changes)({ type: 'TOKEN', methodArn, authorizationToken: 'Bearer x.y.z' })

describe('the policy of a token', () => {
  it.each([...mapped])('with %s allows exactly what the role %s may do', async (scope, role) => {
    const { policyDocument, context } = await ask({ sub: 'ana', scope })
    expect(context).toEqual({ role, subject: 'ana' })
    const allowed = operations.filter((operation) => isAllowed(policyDocument, arnOf(operation)))
    expect(allowed.map(({ id }) => id)).toEqual(operationsOf(role, operations).map(({ id }) => id))
    expect(isAllowed(policyDocument, `${API}/DELETE/api/v2/license/users`)).toBe(false)
    expect(isAllowed(policyDocument, anyArn.replace('abcdef1234', 'other'))).toBe(false)
    expect(isAllowed(policyDocument, anyArn.replace('/prod/', '/dev/'))).toBe(false)
  })

  it('is the same whichever route was asked for, so that it can be cached by token', async () => {
    for (const scope of [...mapped.keys(), 'nothing']) {
      const policies = await Promise.all(
        operations.map((operation) => ask({ sub: 'ana', scope }, arnOf(operation))),
      )
      for (const policy of policies) expect(policy).toEqual(policies[0])
    }
  })

  it.each([...mapped].filter(([, role]) => role !== 'approver'))(
    'with %s reaches nothing above the role %s by any wildcard, with any parameter',
    (scope, held) => {
      const above = operations.filter(({ role }) => !includesRole(held, role))
      return fc.assert(
        fc.asyncProperty(fc.constantFrom(...above), fc.webSegment(), async ({ method, path }, segment) => {
          const { policyDocument } = await ask({ scope })
          const arn = `${API}/${method}${path.replaceAll(/\{[^}]+\}/g, segment)}`
          expect(isAllowed(policyDocument, arn)).toBe(false)
        }),
      )
    },
  )

  it('is no larger than the 8 kB that API Gateway takes of an authorizer', async () => {
    const answer = await ask({ sub: 'a'.repeat(256), scope: 'license.approve' })
    expect(JSON.stringify(answer).length).toBeLessThan(8_000)
  })

  it('comes with the role that would do, where it does not allow what was asked', async () => {
    for (const scope of ['license.read', 'license.write', 'nothing']) {
      const held = mapped.get(scope)
      for (const operation of operations) {
        const { context } = await authorizerFor({ scope })({ ...requestFor(operation) })
        const isEnough = held !== undefined && includesRole(held, operation.role)
        expect(context?.['hint']).toBe(isEnough ? undefined : `; it needs the role ${operation.role}`)
      }
    }
  })

  it('says the same to a token on every route where it may be cached', async () => {
    const cached = operations.filter(isReading)
    for (const scope of [...mapped.keys(), 'nothing']) {
      const answers = await Promise.all(
        cached.map((operation) => authorizerFor({ scope })(requestFor(operation))),
      )
      for (const answer of answers) expect(answer).toEqual(answers[0])
    }
  })

  it('denies everything to a caller without a role', async () => {
    const claims = [
      {},
      { scope: '' },
      { scope: 'openid profile' },
      { scope: 'LICENSE.READ' },
      { scope: 'license.read.all' },
      { scope: 7 },
      { scope: null },
      { scope: { 'license.read': true } },
      { scope: [['license.read']] },
      { scope: 'license.read,license.write' },
      { scp: 'license.read' },
      { scope: '__proto__ constructor toString' },
    ]
    for (const each of claims) {
      const { policyDocument, context } = await ask(each)
      expect(context).toBeUndefined()
      expect(operations.filter((operation) => isAllowed(policyDocument, arnOf(operation)))).toEqual([])
    }
  })
})

describe('the role of a token', () => {
  it('is the highest one that its claim names, in text or in a list', async () => {
    const names = fc.array(fc.oneof(fc.constantFrom(...mapped.keys()), fc.constantFrom('openid', 'x', '')))
    await fc.assert(
      fc.asyncProperty(names, fc.boolean(), async (given, isList) => {
        const held = given.flatMap((name) => mapped.get(name) ?? [])
        const highest = roles.findLast((role) => held.includes(role))
        const { context } = await ask({ scope: isList ? given : given.join(' ') })
        expect(context?.['role']).toBe(highest)
      }),
    )
  })

  it.each([
    'scope',
    'scp',
    'roles',
    'groups',
    'cognito:groups',
    'permissions',
    'https://example.com/roles',
    'realm_access.roles',
  ])('may be in the claim %s, as text or as a list', async (claim) => {
    for (const value of [['license.write'], 'openid license.write']) {
      const { context } = await ask({ [claim]: value }, anyArn, { roleClaim: [claim] })
      expect(context).toEqual({ role: 'operator' })
    }
  })

  it('may be in a claim within others', async () => {
    const claims = { resource_access: { 'license-gateway.v1': { roles: ['license.write'] } } }
    const roleAt = async (...roleClaim: string[]) =>
      (await ask(claims, anyArn, { roleClaim })).context?.['role']
    expect(await roleAt('resource_access', 'license-gateway.v1', 'roles')).toBe('operator')
    for (const path of [
      ['resource_access', 'license-gateway', 'v1', 'roles'],
      ['resource_access.license-gateway.v1.roles'],
      ['resource_access', 'license-gateway.v1'],
      ['resource_access', 'license-gateway.v1', 'roles', '0'],
      ['constructor', 'name'],
    ]) {
      expect(await roleAt(...path)).toBeUndefined()
    }
  })

  it('may have blanks in it where the claim is a list', async () => {
    const named = new Map<string, Role>([['License Approvers', 'approver']])
    const roleOf = async (groups: unknown) =>
      (await ask({ groups }, anyArn, { roleClaim: ['groups'], roles: named })).context?.['role']
    expect(await roleOf(['License Approvers'])).toBe('approver')
    expect(await roleOf('License Approvers')).toBeUndefined()
  })

  it('may be what true or false stands for, and no number', async () => {
    const named = new Map<string, Role>([
      ['true', 'operator'],
      ['false', 'viewer'],
      ['7', 'approver'],
    ])
    const roleFor = async (admin: unknown) =>
      (await ask({ admin }, anyArn, { roleClaim: ['admin'], roles: named })).context?.['role']
    expect(await roleFor(true)).toBe('operator')
    expect(await roleFor(false)).toBe('viewer')
    for (const other of [7, 1, 0, null, {}, [true]]) expect(await roleFor(other)).toBeUndefined()
  })

  it('includes those below it and none above', () => {
    expect(roles).toEqual(['viewer', 'operator', 'approver'])
    const pairs = roles.flatMap((held) =>
      roles.filter((asked) => includesRole(held, asked)).map((asked) => `${held} ${asked}`),
    )
    expect(pairs).toEqual([
      'viewer viewer',
      'operator viewer',
      'operator operator',
      'approver viewer',
      'approver operator',
      'approver approver',
    ])
  })
})

describe('an authorizer is not satisfied', () => {
  const event = { type: 'TOKEN', methodArn: anyArn, authorizationToken: 'Bearer x.y.z' }
  const unauthorized = /^Unauthorized$/
  const authorize = authorizerFor({ sub: 'ana', scope: 'license.read' })

  it.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    'Basic eHk=',
    'x.y.z',
    'Bearer x y',
    'Bearer x,Bearer y',
    'Bearer\tx',
  ])('with the Authorization %j', async (authorizationToken) => {
    await expect(authorize({ ...event, authorizationToken })).rejects.toThrow(unauthorized)
  })

  it.each([
    [
      'an Authorization header sent twice',
      { multiValueHeaders: { Authorization: ['Bearer x', 'Bearer y'] } },
    ],
    ['two spellings of it', { headers: { Authorization: 'Bearer x', authorization: 'Bearer y' } }],
    ['no headers', { headers: null, multiValueHeaders: null }],
    ['an empty list', { multiValueHeaders: { Authorization: [] } }],
  ])('with %s', async (_name, headers) => {
    await expect(authorize({ type: 'REQUEST', methodArn: anyArn, ...headers })).rejects.toThrow(unauthorized)
  })

  it.each([
    {},
    null,
    'x',
    [],
    { ...event, methodArn: undefined },
    { ...event, methodArn: '*' },
    { ...event, methodArn: 'arn:aws:s3:::x' },
  ])('with an event that is none of its own, which is no fault of a caller: %j', async (given) => {
    await expect(authorize(given)).rejects.toThrow(/^(?!Unauthorized$)/)
    expect(told).toEqual([['unforeseen', expect.any(Error), {}]])
  })

  it('with a token that does not verify, and says why to the log alone', async () => {
    const failing = authorizerFor({}, { verify: () => Promise.reject(new TokenRefused('expired')) })
    await expect(failing(requestFor(postOrganization))).rejects.toThrow(unauthorized)
    const asked = { requestId: 'request-1', operation: 'postLicenseOrganization', needs: 'operator' }
    expect(told).toEqual([['refused', 'expired', asked]])
  })

  it.each([
    ['keysUnreachable', new KeysUnreachable('The keys could not be fetched')],
    ['unforeseen', new TypeError('x is not a function')],
  ])('nor with one of which it cannot tell, which is no 401: %s', async (called, error) => {
    const failing = authorizerFor({}, { verify: () => Promise.reject(error) })
    await expect(failing(event)).rejects.toBe(error)
    expect(told).toEqual([[called, error, expect.anything()]])
  })

  it('where the role is too low, and the log says which it needs', async () => {
    await authorizerFor({ scope: 'license.read' })(requestFor(postOrganization))
    expect(told).toMatchObject([['refused', 'role', { needs: 'operator' }]])
    await authorizerFor({ scope: 'license.write' })(requestFor(postOrganization))
    expect(told).toHaveLength(1)
  })

  it('before, but with a sound one in either form of event', async () => {
    const forms = [
      event,
      { ...event, authorizationToken: 'bearer x.y.z' },
      { ...event, authorizationToken: 'Bearer   x.y.z' },
      { type: 'REQUEST', methodArn: anyArn, headers: { authorization: 'Bearer x.y.z' } },
      { type: 'REQUEST', methodArn: anyArn, multiValueHeaders: { Authorization: ['Bearer x.y.z'] } },
    ]
    for (const form of forms) expect((await authorize(form)).context).toMatchObject({ role: 'viewer' })
  })
})

describe('the subject of a token', () => {
  const subjectOf = async (sub: unknown) => (await ask({ sub, scope: 'license.read' })).context?.['subject']

  it('is handed on exactly as the token has it', async () => {
    const printable = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
      .filter((text) => !/\p{Cc}/u.test(text))
    await fc.assert(
      fc.asyncProperty(printable, async (sub) => {
        expect(await subjectOf(sub)).toBe(sub)
      }),
    )
    for (const sub of ['00u1/ana|b c"d', 'a'.repeat(256)]) expect(await subjectOf(sub)).toBe(sub)
  })

  it.each([
    [undefined],
    [null],
    [7],
    [['ana']],
    [''],
    ['a'.repeat(257)],
    ['ana\nforged line'],
    ['ana\u0000'],
    ['\u009b'],
    ['\ud800'],
  ])('is none where the claim is %j, and the role stands all the same', async (sub) => {
    expect((await ask({ sub, scope: 'license.read' })).context).toEqual({ role: 'viewer' })
  })
})

it('where the org file names another claim, that one is the subject, and sub is never taken in its place', async () => {
  const byObjectId = { subjectClaim: 'oid' }
  const both = { sub: 'of this app', oid: 'of the tenant', scope: 'license.read' }
  expect(await ask(both, anyArn, byObjectId)).toMatchObject({
    principalId: 'of_the_tenant',
    context: { role: 'viewer', subject: 'of the tenant' },
  })
  for (const oid of [undefined, '', 7, ['of the tenant']]) {
    const { context, principalId } = await ask({ ...both, oid }, anyArn, byObjectId)
    expect(context).toEqual({ role: 'viewer' })
    expect(principalId).not.toContain('app')
  }
  // What every object has is no claim.
  const { context } = await ask(both, anyArn, { subjectClaim: 'constructor' })
  expect(context).toEqual({ role: 'viewer' })
})

it('what the access log gets of the subject is one harmless line', async () => {
  const subjects = fc.oneof(fc.string({ unit: 'binary' }), fc.anything())
  await fc.assert(
    fc.asyncProperty(subjects, async (sub) => {
      const { principalId } = await ask({ sub, scope: 'license.read' })
      expect(principalId).not.toMatch(/[\s"\\\p{Cc}]/u)
      expect(principalId.length).toBeLessThanOrEqual(128)
    }),
  )
})
