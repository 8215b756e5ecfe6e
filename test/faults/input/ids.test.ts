/** Group C of the fault catalogue: ids in the path. Whatever is sent upstream is one segment of the id grammar. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { userAt } from '../../support/changes/license-requests.ts'
import { invoke, restEvent } from '../../support/events.ts'
import { gatewayForTests, sendRaw } from '../../support/gateway.ts'
import { expectBadRequest, expectError, expectUntouched } from '../../support/refusals.ts'

const stack = await gatewayForTests()
const { org } = stack
const user = userAt(stack, 0)

const LICENSE = '/api/v2/license'
/** Operations with an id in the path: the parameter, what stands before it, an id that exists. */
const withId = [
  ['getLicenseUser', 'userId', `${LICENSE}/users/`, user],
  ['getLicenseDefinition', 'licenseId', `${LICENSE}/definitions/`, 'cloudCX1'],
  ['getLicenseToggle', 'featureName', `${LICENSE}/toggles/`, 'wallboards'],
  ['postLicenseToggle', 'featureName', `${LICENSE}/toggles/`, 'wallboards'],
] as const

const refused = [
  ['.. (C01)', '..'],
  ['.. encoded (C01)', '%2e%2e'],
  ['.. half encoded (C01)', '.%2E'],
  ['. (C02)', '.'],
  ['. encoded (C02)', '%2e'],
  ['a blank (C03)', '%20'],
  ['blanks (C03)', '%20%20%20'],
  ['an encoded slash (C05)', 'a%2Fb'],
  ['a slash that leads elsewhere (C05)', '..%2Fdefinitions'],
  ['an encoded backslash (C05)', 'a%5Cb'],
  ['a zero byte (C05)', 'a%00b'],
  ['a line end (C05)', 'a%0d%0ab'],
  ['a doubly encoded .. (C06)', '%252e%252e'],
  ['a doubly encoded slash (C06)', 'a%252Fb'],
  ['a doubly encoded letter (C06)', 'a%2561'],
  ['a lone percent sign (C07)', '%'],
  ['an escape that is none (C07)', '%zz'],
  ['half a character (C07)', '%C3'],
  ['an overlong dot (C08)', '%c0%ae'],
  ['an overlong slash (C08)', '%c0%af'],
  ['a surrogate (C08)', '%ed%a0%80'],
  ['an encoded question mark (C10)', 'a%3Fb'],
  ['an encoded hash (C10)', 'a%23b'],
  ['a semicolon (C10)', 'a;b=c'],
  ['an ampersand (C10)', 'a&b'],
  ['an at sign (C10)', 'a@b'],
  ['a plus sign (C10)', 'a+b'],
  ['a star (C10)', '*'],
  ['beyond ASCII (C10)', 'stra%C3%9Fe'],
  ['129 characters (C11)', 'a'.repeat(129)],
  ['10,000 characters (C11)', 'a'.repeat(10_000)],
] as const

describe.each(withId)('%s', (operationId, fieldName, prefix, known) => {
  const method = operationId.startsWith('post') ? 'POST' : 'GET'

  it.each(refused)('refuses an id that is %s', async (_name, segment) => {
    const answer = await sendRaw(stack, { method, path: `${prefix}${segment}` })
    expectBadRequest(stack, answer, [fieldName, 'INVALID_VALUE'])
  })

  it('is not the list where the id is empty or missing (C03)', async () => {
    expectError(await sendRaw(stack, { method, path: prefix }), { status: 404, code: 'not.found' })
    for (const pathParameters of [
      null,
      undefined,
      {},
      { [fieldName]: '' },
      { [fieldName]: null },
      { other: known },
    ]) {
      const answer = await invoke(operationId, restEvent(operationId, { pathParameters }))
      expectBadRequest(stack, answer, [fieldName, 'INVALID_VALUE'])
    }
  })

  it('refuses control characters that no URL could carry (C05)', async () => {
    for (const id of ['a\u0000b', 'a\r\nb', `${known}\n`, `${known}\u0000`, '\ud800']) {
      const event = restEvent(operationId, { pathParameters: { [fieldName]: id } })
      expectBadRequest(stack, await invoke(operationId, event), [fieldName, 'INVALID_VALUE'])
    }
  })

  it('decodes an encoded id once and finds it', async () => {
    const encoded = [...known].map((char) => `%${char.charCodeAt(0).toString(16)}`).join('')
    expect((await sendRaw(stack, { method, path: `${prefix}${encoded}` })).status).toBe(200)
    expect(new Set(org.requests().map(({ path }) => path))).toEqual(new Set([`${prefix}${known}`]))
    expect(org.requests().filter((sent) => sent.method === method)).not.toEqual([])
  })

  it('sends upstream one segment of the grammar or nothing, whatever the id (C10)', async () => {
    const grammar = fieldName === 'userId' ? /^[0-9a-f-]{36}$/ : /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}$/
    const id = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.string({ unit: fc.constantFrom(...'./%2eE?#;&@\\ aZ9_:-'), maxLength: 40 }),
      fc.stringMatching(/^[A-Za-z0-9_.:-]{1,130}$/),
      fc.string({ maxLength: 3 }).map((tail) => `${known}${tail}`),
      fc.uuid(),
    )
    const spelled = fc.tuple(id, fc.boolean()).map(([text, isEncoded]) => (isEncoded ? encoded(text) : text))
    await fc.assert(
      fc.asyncProperty(spelled, async (segment) => {
        const before = org.requests().length
        const event = restEvent(operationId, { pathParameters: { [fieldName]: segment } })
        const { status, headers } = await invoke(operationId, event)
        const sent = org.requests().slice(before)
        // A write reads too, all of it at the one path; a repeat of it sends nothing.
        const sentTo = new Set(sent.map(({ path, query }) => `${path}?${query}`))
        if (status === 400 || headers['idempotent-replayed'] === 'true') {
          expect(sent).toEqual([])
          return
        }
        expect([...sentTo]).toEqual([`${sent[0]?.path}?`])
        const path = sent[0]?.path ?? ''
        expect(path.startsWith(prefix)).toBe(true)
        const last = path.slice(prefix.length)
        expect(last).not.toContain('/')
        const decoded = decodeURIComponent(last)
        expect(decoded).toMatch(grammar)
        expect(decoded.toLowerCase()).toBe(decodeURIComponent(segment).toLowerCase())
        // What a URL parser on the way makes of it is still the same segment.
        expect(new URL(path, 'https://api.mypurecloud.com').pathname).toBe(path)
      }),
      { numRuns: 150 },
    )
  })
})

/** Percent-encoded as a client would, lone surrogates left as they are. */
function encoded(text: string): string {
  return text.isWellFormed() ? encodeURIComponent(text) : text
}

describe('a user id', () => {
  it('in upper case is the same user, sent in lower case (C12)', async () => {
    const answer = await sendRaw(stack, { path: `${LICENSE}/users/${user.toUpperCase()}` })
    expect(answer.json).toMatchObject({ id: user })
    expect(org.requests()).toMatchObject([{ path: `${LICENSE}/users/${user}` }])
  })

  it('of zeros is a UUID like any other, which upstream does not know (C13)', async () => {
    const path = `${LICENSE}/users/00000000-0000-0000-0000-000000000000`
    expectError(await sendRaw(stack, { path }), { status: 404, code: 'not.found' })
    expect(org.requests()).toMatchObject([{ path, status: 404 }])
  })

  it.each([
    user.replaceAll('-', ''),
    `{${user}}`,
    `urn:uuid:${user}`,
    user.slice(1),
    `${user}0`,
    user.replace(/./, 'g'),
    'ana@example.com',
  ])('is refused where it is not a UUID with hyphens: %s', async (id) => {
    const answer = await sendRaw(stack, { path: `${LICENSE}/users/${encodeURIComponent(id)}` })
    expectBadRequest(stack, answer, ['userId', 'INVALID_VALUE'])
  })
})

it('a name of 128 characters is sent (C11)', async () => {
  const name = 'Az09_.:-'.repeat(16)
  expectError(await sendRaw(stack, { path: `${LICENSE}/definitions/${name}` }), {
    status: 404,
    code: 'not.found',
  })
  expect(org.requests().map(({ path }) => decodeURIComponent(path))).toEqual([
    `${LICENSE}/definitions/${name}`,
  ])
})

it('several faulty fields are named at once', async () => {
  const answer = await sendRaw(stack, { path: `${LICENSE}/users/x?pageSize=1&verbose=true` })
  expectBadRequest(
    stack,
    answer,
    ['userId', 'INVALID_VALUE'],
    ['pageSize', 'UNKNOWN_PARAMETER'],
    ['verbose', 'UNKNOWN_PARAMETER'],
  )
  expectUntouched(stack)
})
