/** Who may do what: at the gateway by policy, and once more in each function (N04, N08). */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { LOCAL_API_ARN } from '../../../infra/local/gateway/event.ts'
import { issuerOf, mint } from '../../../infra/local/identity.ts'
import { reads } from '../../../lib/composition/reads.ts'
import { tokenAuthorizer } from '../../../lib/composition/token-authorizer.ts'
import { writes } from '../../../lib/composition/writes.ts'
import { readEnvironment } from '../../../lib/environment.ts'
import { lambda } from '../../../lib/http/lambda.ts'
import { idempotencyOf, type Operation } from '../../../lib/operation.ts'
import { operations } from '../../../lib/operations/index.ts'
import { getLicenseDefinitions } from '../../../lib/operations/license/get-license-definitions.ts'
import { postLicenseToggle } from '../../../lib/operations/license/post-license-toggle.ts'
import { listPeriods } from '../../../lib/operations/periods/list-periods.ts'
import { includesRole, roles } from '../../../lib/roles.ts'
import { giving, postOrganization, userAt } from '../../support/changes/license-requests.ts'
import { type Event, invoke, invokeHandler, restEvent } from '../../support/events.ts'
import { gatewayForTests, type RawAnswer, sendRaw } from '../../support/gateway.ts'
import { expectError, expectUntouched } from '../../support/refusals.ts'
import { someIds, soundBody } from '../../support/requests.ts'

const stack = await gatewayForTests()
const { org } = stack
const user = userAt(stack, 0)
const known: Readonly<Record<string, string>> = { ...someIds, userId: user }
const json = ['Content-Type', 'application/json']

/** A request that an operation serves. */
function soundRequest(operation: Operation) {
  const body = soundBody(operation, user)
  const key = idempotencyOf(operation) === 'required' ? ['Idempotency-Key', randomUUID()] : []
  return {
    method: operation.method,
    path: operation.path.replaceAll(/\{([^}]+)\}/g, (_, name: string) => known[name] ?? ''),
    headers: [...key, ...(body === undefined ? [] : json)],
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }
}

/**
 * What a sound request gets from its operation: nothing is of the ids that are known, and no reading has been made. Which
 * periods there are, the calendar says without one.
 */
function expectServed(answer: RawAnswer, { id, path, method, effect, statuses = [200] }: Operation) {
  if (/\{(changeId|scheduleId|readingId)\}/.test(path))
    expectError(answer, { status: 404, code: 'not.found' })
  else if (effect === 'inventory' && method === 'GET' && id !== listPeriods.id)
    expectError(answer, { status: 503, code: 'reading.unavailable' })
  else expect(statuses).toContain(answer.status)
}

describe.each(operations.map((operation) => [operation.id, operation] as const))('%s', (id, operation) => {
  it.each(roles)('is served or refused to a %s as its declaration says (N04)', async (role) => {
    const answer = await sendRaw(stack, { ...soundRequest(operation), role })
    if (includesRole(role, operation.role)) expectServed(answer, operation)
    else {
      const message = `Your role does not allow this operation; it needs the role ${operation.role}`
      expectError(answer, { status: 403, code: 'not.authorized' })
      expect(answer.json).toMatchObject({ message })
      expectUntouched(stack)
      expect(stack.logged.map((line) => JSON.parse(line))).toMatchObject([
        { code: 'token.refused', reason: 'role', operation: id, needs: operation.role },
      ])
    }
  })

  it.each([
    ['no authorizer', { authorizer: null }],
    ['an authorizer without a role', { authorizer: { principalId: 'ana' } }],
    ['a role that is none', { authorizer: { role: 'admin' } }],
    ['a role in another case', { authorizer: { role: 'Approver' } }],
    ['a role from Object', { authorizer: { role: '__proto__' } }],
    ['claims in place of a role', { authorizer: { claims: { scope: 'approver' } } }],
    [
      'an IAM identity where tokens are asked for',
      { identity: { userArn: 'arn:aws:iam::123456789012:role/x' } },
    ],
  ])('is refused by its function where the gateway vouches for %s (N04)', async (_name, requestContext) => {
    expectError(await invoke(id, restEvent(id, { requestContext })), {
      status: 401,
      code: 'authentication.required',
    })
    expectUntouched(stack)
  })

  it('is refused by its function to lower roles than its own (N04)', async () => {
    for (const role of roles.filter((each) => !includesRole(each, operation.role))) {
      const answer = await invoke(id, restEvent(id, {}, role))
      expectError(answer, { status: 403, code: 'not.authorized' })
      expect(Object(answer.json).message).toContain(operation.role)
    }
    expectUntouched(stack)
  })
})

describe('where callers sign with IAM', () => {
  const environment = () => readEnvironment({ ...process.env, GATEWAY_AUTH: 'iam' })
  const read = (changes: Event) =>
    invokeHandler(
      lambda(getLicenseDefinitions, reads(environment())),
      restEvent('getLicenseDefinitions', changes),
    )
  const write = (changes: Event) =>
    invokeHandler(
      lambda(postLicenseToggle, writes(environment())),
      restEvent('postLicenseToggle', { pathParameters: { featureName: 'wallboards' }, ...changes }),
    )
  const signed = { identity: { userArn: 'arn:aws:sts::123456789012:assumed-role/operator/ana' } }

  it.each([
    ['no identity', { identity: null }],
    ['an identity without an ARN', { identity: { userArn: null, sourceIp: '192.0.2.1' } }],
    ['a role from an authorizer', { authorizer: { role: 'approver' } }],
  ])('a request with %s is refused by the function (N01)', async (_name, requestContext) => {
    for (const send of [read, write]) {
      expectError(await send({ requestContext }), { status: 401, code: 'authentication.required' })
    }
    expectUntouched(stack)
  })

  it('a signed one is served: its policy was judged before (N04)', async () => {
    expect((await read({ requestContext: signed })).status).toBe(200)
    expect((await write({ requestContext: signed })).status).toBe(200)
  })
})

describe('a token', () => {
  const { privateKey } = JSON.parse(readFileSync(join(stack.directory, 'identity.json'), 'utf8'))
  const issuer = issuerOf(stack.gateway)
  const asked = (scope: unknown) =>
    sendRaw(stack, {
      path: '/api/v2/license/definitions',
      authorization: `Bearer ${mint(privateKey, { iss: issuer, sub: 'ana', scope })}`,
    })

  it.each([
    { scope: undefined },
    { scope: '' },
    { scope: 'openid profile' },
    { scope: 'Viewer' },
    { scope: 'viewer,operator' },
    { scope: 'viewers' },
    { scope: 7 },
    { scope: { viewer: true } },
    { scope: ['viewers', 7] },
  ])('of which this is all is nobody: %j (N04)', async ({ scope }) => {
    expectError(await asked(scope), { status: 403, code: 'not.authorized' })
    expectUntouched(stack)
  })

  it.each([
    { scope: 'viewer' },
    { scope: 'openid viewer' },
    { scope: 'operator' },
    { scope: 'x approver' },
    { scope: ['openid', 'viewer'] },
  ])('of which this is all may read: %j (N04)', async ({ scope }) => {
    expect((await asked(scope)).status).toBe(200)
  })

  it.each(['scp', 'roles'])(
    'may have its roles as a list in the claim %s, where the org file says so (N04)',
    async (claim) => {
      const variables = { ...process.env, JWT_ROLE_CLAIM: JSON.stringify([claim]) }
      const authorize = tokenAuthorizer(readEnvironment(variables))
      const authorizationToken = `Bearer ${mint(privateKey, { iss: issuer, sub: 'ana', [claim]: ['x', 'operator'] })}`
      const { context } = await authorize({
        type: 'TOKEN',
        methodArn: `${LOCAL_API_ARN}/GET/v1/openapi.json`,
        authorizationToken,
      })
      expect(context).toEqual({ role: 'operator', subject: 'ana' })
    },
  )
})

it("a read's policy is not good for a write of the same caller, whatever the order (N08)", async () => {
  const body = JSON.stringify(giving(user))
  for (const _round of [1, 2]) {
    expect((await sendRaw(stack, { path: '/api/v2/license/definitions', role: 'viewer' })).status).toBe(200)
    expect((await postOrganization(stack, body, json, 'viewer')).status).toBe(403)
  }
  expect(org.requests().every(({ method }) => method === 'GET')).toBe(true)
})
