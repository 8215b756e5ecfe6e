/** Group A of the fault catalogue: what goes back, and what happens when nobody is there to take it. */
import { request } from 'node:http'
import { afterAll, describe, expect, it } from 'vitest'
import { userAt } from '../../support/changes/license-requests.ts'
import { gatewayForTests, sendRaw } from '../../support/gateway.ts'
import { expectBadRequest, expectError, expectStandingHeaders } from '../../support/refusals.ts'
import { postsOf } from '../../support/requests.ts'

const unhandled: unknown[] = []
const onUnhandled = (reason: unknown) => unhandled.push(reason)
process.on('unhandledRejection', onUnhandled)
afterAll(() => {
  process.off('unhandledRejection', onUnhandled)
})

const stack = await gatewayForTests({ org: { users: 1_000, toggles: 'legacy' } })
const { org } = stack
const USERS = '/api/v2/license/users'

const isServed = ({ code }: { readonly code: string }) => code === 'request.served'

describe('a client that closes its connection', () => {
  it('does not keep the change from its end: it is carried out once, recorded and logged (A29)', async () => {
    const path = '/api/v2/license/toggles/wallboards'
    const before = org.truth().toggles['wallboards']
    org.addFaults([{ match: { method: 'POST', path }, do: { delayMs: 600_000 } }])
    const { hostname, port } = new URL(stack.gateway)
    const authorization = `Bearer ${stack.tokens.operator}`
    const outgoing = request({ hostname, port, path, method: 'POST', headers: { authorization } })
    const isGone = new Promise((resolve) => outgoing.on('error', resolve))
    outgoing.end()
    await expect.poll(() => postsOf(stack)).toHaveLength(1)
    outgoing.destroy(new Error('the caller hung up'))
    await isGone
    org.letGo()
    const served = () => stack.logged.map((line) => JSON.parse(line)).filter(isServed)
    await expect.poll(served).toHaveLength(1)
    expect(served()).toMatchObject([{ operation: 'postLicenseToggle', status: 200 }])
    const change = await sendRaw(stack, { path: `/v1/changes/${served()[0]?.changeId}`, role: 'viewer' })
    expect(change.json).toMatchObject({ state: 'APPLIED', after: { enabled: !before } })
    expect(postsOf(stack)).toMatchObject([{ path, status: 200 }])
    expect(org.truth().toggles['wallboards']).toBe(!before)
  })
})

describe('an answer over 6 MB', () => {
  it.each([
    ['from a list', '/api/v2/license/definitions', [{ id: 'x', description: 'x'.repeat(6_000_000) }]],
    [
      'in characters of several bytes',
      '/api/v2/license/definitions',
      [{ id: 'x', description: 'ß'.repeat(3_000_000) }],
    ],
  ])('%s is refused with the way to ask for less (A33)', async (_name, path, body) => {
    org.addFaults([{ match: { path }, do: { status: 200, body } }])
    const answer = await sendRaw(stack, { path })
    expectError(answer, { status: 413, code: 'response.too.large' })
    expect(answer.text).toContain('smaller pages')
  })

  it('from folding all users is refused after page 1, naming their number and GET users (A33)', async () => {
    const entities = [
      { id: userAt(stack, 0), licenses: Array.from({ length: 100 }, (_, index) => `license${index}`) },
    ]
    const body = { entities, pageSize: 100, pageNumber: 1, total: 100_000, pageCount: 1_000 }
    org.addFaults([{ match: { path: USERS }, do: { status: 200, body } }])
    const answer = await sendRaw(stack, { path: '/api/v2/license/organization' })
    expectError(answer, { status: 413, code: 'response.too.large' })
    expect(answer.text).toContain('100000')
    expect(answer.text).toContain(`GET ${USERS}`)
    expect(org.requests()).toHaveLength(1)
  })
})

describe('the standing headers', () => {
  it('are on answers (A34)', async () => {
    const answer = await sendRaw(stack, { path: USERS })
    expect(answer.status).toBe(200)
    expectStandingHeaders(answer)
    expect(answer.headers['inin-correlation-id']).toBe(org.requests()[0]?.correlationId)
  })

  it.each([
    ['a faulty request', { path: `${USERS}?pageSize=0` }, 400, 'bad.request'],
    ['a missing token', { path: USERS, authorization: null }, 401, 'authentication.required'],
    ['a forged token', { path: USERS, authorization: 'Bearer x.y.z' }, 401, 'authentication.required'],
    ['a foreign route', { path: '/nowhere' }, 404, 'not.found'],
    ['a foreign user', { path: `${USERS}/00000000-0000-4000-8000-000000000000` }, 404, 'not.found'],
  ])('are on the refusal of %s (A34)', async (_name, { path, ...rest }, status, code) => {
    const answer = await sendRaw(stack, { path, ...rest })
    expectError(answer, { status, code })
  })

  it.each([
    [500, 502, 'upstream.bad.response'],
    [503, 503, 'upstream.unavailable'],
    [504, 504, 'request.timeout'],
  ])('are on what upstream %i becomes (A34)', async (status, answered, code) => {
    org.addFaults([
      { match: { path: USERS }, times: 3, do: { status, headers: { 'X-Powered-By': 'secret' } } },
    ])
    const answer = await sendRaw(stack, { path: USERS })
    expectError(answer, { status: answered, code })
    expect(answer.headers['x-powered-by']).toBeUndefined()
  })

  it('tell the standing facts of a deprecated operation on refusals too (A34)', async () => {
    const answer = await sendRaw(stack, { path: '/api/v2/license/toggles/%20' })
    expectBadRequest(stack, answer, ['featureName', 'INVALID_VALUE'])
    expect(answer.headers['deprecation']).toBe('@1690329600')
    expect(answer.headers['warning']).toMatch(/^299 - ".*always reads true"$/)
  })
})

it('leaves no rejection unhandled behind an answer, and serves the next request (A36)', async () => {
  // Six pages are under way when the second fails, the others failing after the answer has gone.
  org.addFaults([{ match: { path: USERS }, skip: 1, times: 20, do: { status: 500 } }])
  expectError(await sendRaw(stack, { path: '/api/v2/license/organization' }), {
    status: 502,
    code: 'upstream.bad.response',
  })
  org.clearFaults()
  expect((await sendRaw(stack, { path: USERS })).status).toBe(200)
  await new Promise((resolve) => setImmediate(resolve))
  expect(unhandled).toEqual([])
})
