/** What official clients put on the wire beyond what their documents say. */
import { describe, expect, it } from 'vitest'
import { ORGANIZATION, userAt } from '../support/changes/license-requests.ts'
import { gatewayForTests, sendRaw } from '../support/gateway.ts'
import { expectBadRequest } from '../support/refusals.ts'
import { postsOf } from '../support/requests.ts'

const stack = await gatewayForTests()
const { org } = stack
const LICENSE = '/api/v2/license'
const json = ['Content-Type', 'application/json']

describe('the Python SDK', () => {
  it.each([
    ['users', {}],
    ['infer', []],
    ['infer/permissions', []],
    ['toggles/wallboards', { featureName: 'wallboards', enabled: true }],
  ])('sends `null` with POST %s where it has no body', async (path, expected) => {
    const answer = await sendRaw(stack, {
      method: 'POST',
      path: `${LICENSE}/${path}`,
      headers: json,
      body: 'null',
    })
    expect(answer.status).toBe(200)
    expect(answer.json).toEqual(expected)
    expect(org.requests().filter(({ method }) => method === 'POST')).toHaveLength(1)
  })

  it('is told where the body it leaves out is needed', async () => {
    const answer = await sendRaw(stack, { method: 'POST', path: ORGANIZATION, headers: json, body: 'null' })
    expectBadRequest(stack, answer, ['$', 'INVALID_TYPE'])
  })
})

describe('the JavaScript SDK', () => {
  it.each(['users', 'infer', 'infer/permissions', 'toggles/wallboards'])(
    'sends POST %s empty where it has no body',
    async (path) => {
      for (const headers of [json, [], [...json, 'Content-Length', '0']]) {
        expect((await sendRaw(stack, { method: 'POST', path: `${LICENSE}/${path}`, headers })).status).toBe(
          200,
        )
      }
    },
  )

  it('sends a content type with reads', async () => {
    const paths = [
      'definitions',
      'definitions/cloudCX1',
      'toggles/wallboards',
      'users',
      `users/${userAt(stack, 0)}`,
    ]
    for (const path of paths) {
      expect((await sendRaw(stack, { path: `${LICENSE}/${path}`, headers: json })).status).toBe(200)
    }
    const odd = ['Content-Type', 'text/plain; charset=latin1']
    expect((await sendRaw(stack, { path: `${LICENSE}/users`, headers: odd })).status).toBe(200)
  })

  it('sends zeros, which are no page', async () => {
    const answer = await sendRaw(stack, { path: `${LICENSE}/users?pageSize=0&pageNumber=0`, headers: json })
    expectBadRequest(stack, answer, ['pageSize', 'TOO_SMALL'], ['pageNumber', 'TOO_SMALL'])
  })

  it('keeps an encoded slash inside its segment, where the grammar refuses it', async () => {
    const answer = await sendRaw(stack, { path: `${LICENSE}/toggles/a%2Fb`, headers: json })
    expectBadRequest(stack, answer, ['featureName', 'INVALID_VALUE'])
  })

  it('encodes what need not be', async () => {
    const answer = await sendRaw(stack, { path: `${LICENSE}/toggles/%77allboards`, headers: json })
    expect(answer.json).toEqual({ featureName: 'wallboards', enabled: true })
  })
})

describe('the CLI', () => {
  it('may resend a write after 429, which upstream did not act on: the gateway says when', async () => {
    const path = `${LICENSE}/toggles/wallboards`
    org.addFaults([{ match: { method: 'POST', path }, do: { status: 429, headers: { 'retry-after': 60 } } }])
    const answer = await sendRaw(stack, { method: 'POST', path })
    expect(answer.status).toBe(429)
    expect(answer.headers['retry-after']).toBe('60')
  })

  it('is not invited to resend a write of unknown outcome', async () => {
    const path = `${LICENSE}/toggles/wallboards`
    org.addFaults([{ match: { method: 'POST', path }, do: { status: 503, headers: { 'retry-after': 1 } } }])
    const answer = await sendRaw(stack, { method: 'POST', path })
    expect(answer.status).toBe(409)
    expect(answer.headers['retry-after']).toBeUndefined()
    // It repeats no 409. Should it do so all the same, it hears the same again.
    expect((await sendRaw(stack, { method: 'POST', path })).status).toBe(409)
    expect(postsOf(stack)).toHaveLength(1)
  })

  it('repeats an assignment without its body, which is refused and gives nobody anything', async () => {
    const path = ORGANIZATION
    org.addFaults([{ match: { method: 'POST', path }, do: { status: 429, headers: { 'retry-after': 60 } } }])
    const userId = userAt(stack, 0)
    const body = JSON.stringify({
      assignments: [{ licenseId: 'wallboardUser', userIdsAdd: [userId], userIdsRemove: [] }],
    })
    const held = org.truth().users[userId]
    expect((await sendRaw(stack, { method: 'POST', path, headers: json, body })).status).toBe(429)
    const again = await sendRaw(stack, { method: 'POST', path, headers: json })
    expect(again).toMatchObject({ status: 400, json: { code: 'bad.request' } })
    expect([postsOf(stack).length, org.truth().users[userId]]).toEqual([1, held])
  })
})

describe('the Go SDK', () => {
  it('repeats an assignment with its body, which is carried out once', async () => {
    const path = ORGANIZATION
    org.addFaults([{ match: { method: 'POST', path }, do: { status: 429, headers: { 'retry-after': 60 } } }])
    const userId = userAt(stack, 0)
    const body = JSON.stringify({
      assignments: [{ licenseId: 'wallboardUser', userIdsAdd: [userId], userIdsRemove: [] }],
    })
    const send = () => sendRaw(stack, { method: 'POST', path, headers: json, body })
    const statuses = [(await send()).status, (await send()).status, (await send()).status]
    expect(statuses).toEqual([429, 200, 200])
    // The third finds that it holds already, and sends nothing.
    expect(postsOf(stack)).toHaveLength(2)
    expect(org.truth().users[userId]).toContain('wallboardUser')
  })
})
