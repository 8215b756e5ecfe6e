/** Group A of the fault catalogue: headers that are missing, repeated or forged. */
import { describe, expect, it } from 'vitest'
import { idempotencyOf } from '../../../lib/operation.ts'
import { operations } from '../../../lib/operations/index.ts'
import { giving, postOrganization, userAt } from '../../support/changes/license-requests.ts'
import { invoke, restEvent } from '../../support/events.ts'
import { gatewayForTests, sendRaw } from '../../support/gateway.ts'
import {
  expectBadRequest,
  expectError,
  expectStandingHeaders,
  expectUntouched,
} from '../../support/refusals.ts'
import { someIds, soundBody } from '../../support/requests.ts'

const stack = await gatewayForTests()
const body = JSON.stringify(giving(userAt(stack, 0)))
const json = ['Content-Type', 'application/json']
const definitions = '/api/v2/license/definitions'

describe('no headers at all', () => {
  it.each([
    ['null', { headers: null, multiValueHeaders: null }],
    ['absent', { headers: undefined, multiValueHeaders: undefined }],
    ['null inside', { headers: { 'Content-Type': null }, multiValueHeaders: { 'Content-Type': null } }],
  ])('(%s) are a body without a media type (A04)', async (_name, headers) => {
    const event = restEvent('postLicenseOrganization', { ...headers, body })
    const answer = await invoke('postLicenseOrganization', event)
    expectError(answer, { status: 415, code: 'unsupported.media.type' })
    expectUntouched(stack)
  })

  it('do not keep a read from being served (A04)', async () => {
    const event = restEvent('getLicenseDefinitions', { headers: null, multiValueHeaders: null })
    expect((await invoke('getLicenseDefinitions', event)).status).toBe(200)
  })
})

describe('a header sent twice', () => {
  it('is refused where it is Authorization, and never the last one taken (A17)', async () => {
    const headers = ['Authorization', `Bearer ${stack.tokens.approver}`, ...json]
    const answer = await postOrganization(stack, body, headers, 'operator')
    // By the authorizer, to which API Gateway hands both; it has no other word for no.
    expectError(answer, { status: 401, code: 'authentication.required' })
    expectUntouched(stack)
    expect(stack.logged).toEqual([expect.stringContaining('"reason":"repeated"')])
  })

  it('is refused by the function too where it is Authorization (A17)', async () => {
    const tokens = [`Bearer ${stack.tokens.operator}`, `Bearer ${stack.tokens.approver}`]
    const multiValueHeaders = { 'Content-Type': ['application/json'], Authorization: tokens }
    const event = restEvent('postLicenseOrganization', { multiValueHeaders, body })
    const answer = await invoke('postLicenseOrganization', event)
    expectBadRequest(stack, answer, ['authorization', 'INVALID_HEADER'])
  })

  it.each([
    ['content-type', 'Content-Type', 'application/json'],
    ['content-encoding', 'Content-Encoding', 'identity'],
    ['idempotency-key', 'Idempotency-Key', 'one'],
  ])('is refused where it is %s, even with equal values (A17, A18)', async (fieldName, name, value) => {
    const given = name === 'Content-Type' ? [] : json
    const answer = await postOrganization(stack, body, [...given, name, value, name.toLowerCase(), value])
    expectBadRequest(stack, answer, [fieldName, 'INVALID_HEADER'])
  })

  it('is refused where its spellings differ only in case (A17)', async () => {
    const multiValueHeaders = { 'Content-Type': ['application/json'], 'content-type': ['application/json'] }
    const event = restEvent('postLicenseOrganization', { multiValueHeaders, body })
    const answer = await invoke('postLicenseOrganization', event)
    expectBadRequest(stack, answer, ['content-type', 'INVALID_HEADER'])
  })

  it('is refused where a proxy joined two keys with a comma (A18)', async () => {
    const answer = await postOrganization(stack, body, [...json, 'Idempotency-Key', 'one, two'])
    expectBadRequest(stack, answer, ['idempotency-key', 'INVALID_HEADER'])
  })

  it('is served where it is one of those that proxies repeat (A17)', async () => {
    const headers = ['X-Forwarded-For', '192.0.2.7', 'X-Forwarded-For', '192.0.2.8']
    expect((await sendRaw(stack, { path: definitions, headers })).status).toBe(200)
  })
})

describe('a control character in a header', () => {
  const faulty = [
    'value\r\nSet-Cookie: stolen=1',
    'value\u0000',
    'value\nforged line',
    'value\u001b[31m',
    '\u007f',
  ]

  it.each(faulty)('is refused, and neither echoed nor logged: %j (A19)', async (value) => {
    const multiValueHeaders = { 'Content-Type': ['application/json'], 'X-Canary': [value] }
    const event = restEvent('postLicenseOrganization', { multiValueHeaders, body })
    const answer = await invoke('postLicenseOrganization', event)
    expectBadRequest(stack, answer, ['$header', 'INVALID_HEADER'])
    expect(JSON.stringify(answer)).not.toMatch(/stolen|forged|x-canary/i)
    expect(stack.logged).toHaveLength(1)
    expect(stack.logged.join('')).not.toMatch(/stolen|forged|x-canary/i)
  })

  it('is refused where the event has the single-valued form alone (A19)', async () => {
    const headers = { 'Content-Type': 'application/json', Authorization: 'Bearer x\r\ny' }
    const event = restEvent('postLicenseOrganization', { headers, multiValueHeaders: null, body })
    const answer = await invoke('postLicenseOrganization', event)
    expectBadRequest(stack, answer, ['authorization', 'INVALID_HEADER'])
  })

  it('in its name does not reach the answer or the log (A19)', async () => {
    const multiValueHeaders = { 'X-Evil\r\nSet-Cookie: stolen=1': ['value'], 'Content-Type': ['text/plain'] }
    const answer = await invoke(
      'postLicenseOrganization',
      restEvent('postLicenseOrganization', { multiValueHeaders, body }),
    )
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(JSON.stringify(answer) + stack.logged.join('')).not.toContain('stolen')
    expectUntouched(stack)
  })
})

const keyed = operations.filter((operation) => idempotencyOf(operation) === 'required')

/** A sound event with that key, or without one. */
function eventWith(operation: (typeof operations)[number], key?: string) {
  const sound = soundBody(operation)
  return restEvent(operation.id, {
    multiValueHeaders: {
      'Content-Type': ['application/json'],
      ...(key === undefined ? {} : { 'Idempotency-Key': [key] }),
    },
    pathParameters: someIds,
    body: sound === undefined ? null : JSON.stringify(sound),
  })
}

describe.each(keyed.map((operation) => [operation.id, operation] as const))('%s', (id, operation) => {
  it('is refused without an Idempotency-Key, the header named (A21)', async () => {
    const answer = await invoke(id, eventWith(operation))
    expectBadRequest(stack, answer, ['idempotency-key', 'MISSING_HEADER'])
    expect(Object(answer.json).message).toContain('Idempotency-Key')
    expect(await stack.stored.all()).toEqual([])
  })

  it.each(['', 'a b', 'k'.repeat(256), 'schlüssel', 'a\u0001b'])(
    'is refused with the key %j (A22)',
    async (key) => {
      const answer = await invoke(id, eventWith(operation, key))
      expectBadRequest(stack, answer, ['idempotency-key', 'INVALID_HEADER'])
      expect(await stack.stored.all()).toEqual([])
    },
  )
})

it('every operation under /v1 that changes or records something needs a key, and no other; asking for a reading twice is asking once (A21)', () => {
  const mutating = operations.filter(
    ({ id, path, method }) => path.startsWith('/v1/') && method !== 'GET' && id !== 'createReading',
  )
  expect(mutating.length).toBeGreaterThanOrEqual(10)
  expect(keyed).toEqual(mutating)
})

describe('an Idempotency-Key', () => {
  it.each([
    ['empty', ''],
    ['of 256 characters', 'k'.repeat(256)],
    ['with a blank', 'a b'],
    ['beyond ASCII', 'schlüssel'],
    ['with a control character', 'a\u0001b'],
    ['with a tab', 'a\tb'],
  ])('that is %s is refused (A22)', async (_name, key) => {
    const multiValueHeaders = { 'Content-Type': ['application/json'], 'Idempotency-Key': [key] }
    const event = restEvent('postLicenseOrganization', { multiValueHeaders, body })
    const answer = await invoke('postLicenseOrganization', event)
    expectBadRequest(stack, answer, ['idempotency-key', 'INVALID_HEADER'])
  })

  it('of 255 characters is taken (A22)', async () => {
    const headers = [...json, 'Idempotency-Key', 'Az0_.:-'.repeat(37).slice(0, 255)]
    expect((await postOrganization(stack, body, headers)).status).toBe(200)
  })
})

describe('a forged header', () => {
  const forged = [
    'X-Forwarded-For',
    '203.0.113.99',
    'X-Role',
    'approver',
    'Role',
    'approver',
    'X-Amzn-Request-Context',
    '{"authorizer":{"role":"approver"}}',
  ]

  it('gives nobody a role (A27)', async () => {
    const answer = await postOrganization(stack, body, [...json, ...forged], 'viewer')
    expectError(answer, { status: 403, code: 'not.authorized' })
    expectUntouched(stack)
    expect(JSON.stringify(answer) + stack.logged.join('')).not.toContain('203.0.113.99')
  })

  it('does not stand for what the authorizer found (A27)', async () => {
    const headers = {
      'Content-Type': ['application/json'],
      role: ['approver'],
      'X-Forwarded-For': ['203.0.113.99'],
    }
    const event = restEvent('postLicenseOrganization', {
      multiValueHeaders: headers,
      body,
      requestContext: { requestId: 'x', authorizer: null },
    })
    const answer = await invoke('postLicenseOrganization', event)
    expectError(answer, { status: 401, code: 'authentication.required' })
    expectUntouched(stack)
    expect(JSON.stringify(answer) + stack.logged.join('')).not.toContain('203.0.113.99')
  })

  it('Host is in no part of an answer (A28)', async () => {
    const event = (id: string) => restEvent(id, { multiValueHeaders: { Host: ['evil.example.net'] } })
    for (const id of ['getLicenseUsers', 'getLicenseOrganization', 'getOpenApi']) {
      const answer = await invoke(id, event(id))
      expect(answer.status).toBe(200)
      expectStandingHeaders(answer)
      expect(JSON.stringify(answer)).not.toContain('evil.example.net')
    }
  })
})
