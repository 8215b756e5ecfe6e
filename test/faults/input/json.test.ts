/** Group B of the fault catalogue: what a JSON body may not be. */
import { describe, expect, it } from 'vitest'
import { giving, postOrganization, sendRecording, userAt } from '../../support/changes/license-requests.ts'
import { gatewayForTests, type RawAnswer } from '../../support/gateway.ts'
import { expectBadRequest, expectError, expectUntouched } from '../../support/refusals.ts'

// B22 asks for a time: the test asks for the refusal instead, since a test must not measure, and each grammar is one
// anchored character class with a bound.
const stack = await gatewayForTests()
const user = userAt(stack, 0)
const sound = JSON.stringify(giving(user))

const post = (body: string | Buffer) => postOrganization(stack, body)
const withLicense = (json: string) =>
  `{"assignments":[{"licenseId":${json},"userIdsAdd":["${user}"],"userIdsRemove":[]}]}`
const withUser = (json: string) =>
  `{"assignments":[{"licenseId":"wallboardUser","userIdsAdd":[${json}],"userIdsRemove":[]}]}`

const licenseId = 'assignments.0.licenseId'
const firstUser = 'assignments.0.userIdsAdd.0'

function fieldsOf(answer: RawAnswer): unknown {
  return Object(answer.json).details.map(({ fieldName, errorCode }: Record<string, unknown>) => [
    fieldName,
    errorCode,
  ])
}

describe('text that is no JSON', () => {
  it.each(['{"canary":', '{"assignments":[{"canary', sound.slice(0, -1), '"canary', '{"a":tru'])(
    'is refused without an echo where it is cut off: %j (B01)',
    async (text) => {
      const answer = await post(text)
      expectBadRequest(stack, answer, ['$', 'INVALID_JSON'])
      expect(answer.text + stack.logged.join('')).not.toMatch(/canary|position/)
    },
  )

  it.each([
    `${sound} x`,
    `${sound}${sound}`,
    `/* why */ ${sound}`,
    `${sound} // why`,
    "{'assignments':[]}",
    '{assignments:[]}',
    '{"assignments":[],}',
    '{"assignments":NaN}',
    '{"assignments":Infinity}',
    '{"assignments":undefined}',
    '{"assignments":01}',
    '{"assignments":"\u0001"}',
    `${sound}\u0000`,
    '\u00a0{}',
  ])('is refused: %j (B02)', async (text) => {
    expectBadRequest(stack, await post(text), ['$', 'INVALID_JSON'])
  })
})

describe('a value of the wrong kind', () => {
  it.each(['null', '1', '"text"', 'true', '[]', `[${sound}]`])(
    'is refused where an object is needed: %s (B03)',
    async (text) => {
      expectBadRequest(stack, await post(text), ['$', 'INVALID_TYPE'])
    },
  )

  it.each(['5', 'null', '"text"', '{}', 'true'])(
    'is told from a missing one: assignments is %s',
    async (json) => {
      expectBadRequest(stack, await post(`{"assignments":${json}}`), ['assignments', 'INVALID_TYPE'])
    },
  )

  it.each(['1e999', '-1e999', '12345678901234567890', '1.0', '-0', 'true', 'null', '{}', '["cloudCX1"]'])(
    'is refused as an id: %s (B15, B16)',
    async (json) => {
      const answer = await post(withLicense(json))
      expectBadRequest(stack, answer, [licenseId, 'INVALID_TYPE'])
      expectBadRequest(stack, await post(withUser(json)), [firstUser, 'INVALID_TYPE'])
    },
  )
})

describe('PUT /v1/toggles/{featureName} without the value that is wished for', () => {
  it.each([
    ['nothing', {}, 'MISSING'],
    ['null', { enabled: null }, 'INVALID_TYPE'],
    ['a text', { enabled: 'true' }, 'INVALID_TYPE'],
    ['a number', { enabled: 1 }, 'INVALID_TYPE'],
  ])('is refused, and switches nothing: %s (F28)', async (_name, order, errorCode) => {
    const answer = await sendRecording(stack, 'PUT', '/v1/toggles/wallboards', order)
    expectBadRequest(stack, answer, ['enabled', errorCode])
  })
})

describe('keys that reach a prototype', () => {
  it.each([
    ['plain (B05)', '{"__proto__":{"isAdmin":true}}'],
    ['escaped (B06)', '{"__pro\\u0074o__":{"isAdmin":true}}'],
    [
      'all escaped (B06)',
      '{"\\u005f\\u005f\\u0070\\u0072\\u006f\\u0074\\u006f\\u005f\\u005f":{"isAdmin":true}}',
    ],
    ['constructor (B07)', '{"constructor":{"prototype":{"isAdmin":true}}}'],
    ['prototype (B07)', '{"prototype":{"isAdmin":true}}'],
    ['beside sound ones (B05)', `${sound.slice(0, -1)},"__proto__":{"isAdmin":true}}`],
    ['deep inside (B05)', '{"assignments":[{"__proto__":{"isAdmin":true}}]}'],
  ])('are refused: %s', async (_name, text) => {
    expectBadRequest(stack, await post(text), ['$', 'FORBIDDEN_KEY'])
    expect(Object.keys(Object.prototype)).toEqual([])
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined()
  })

  it.each(['toString', 'hasOwnProperty', 'valueOf', 'toJSON', 'then', 'length'])(
    'are refused as unknown where they are harmless: %s (B08)',
    async (key) => {
      const assignment = `{"licenseId":"wallboardUser","userIdsAdd":["${user}"],"userIdsRemove":[],"${key}":1}`
      const answer = await post(`{"assignments":[${assignment}],"${key}":null}`)
      expectError(answer, { status: 400, code: 'bad.request' })
      expect(fieldsOf(answer)).toEqual(
        expect.arrayContaining([
          [`assignments.0.${key}`, 'UNKNOWN_FIELD'],
          [key, 'UNKNOWN_FIELD'],
        ]),
      )
      expectUntouched(stack)
    },
  )

  it('are not echoed where they are unprintable', async () => {
    const answer = await post('{"assignments":[],"<script>\\n":1}')
    expect(answer.status).toBe(400)
    expect(answer.text).not.toContain('script')
    expectUntouched(stack)
  })

  it('are refused where one object has the same twice, in any spelling', async () => {
    for (const text of [
      `{"assignments":[],"assignments":[]}`,
      `{"assignments":[],"\\u0061ssignments":[]}`,
      withLicense('"a","licenseId":"b"'),
    ]) {
      expectBadRequest(stack, await post(text), ['$', 'DUPLICATE_KEY'])
    }
  })
})

describe('depth', () => {
  it('of 33 is refused (B10)', async () => {
    expectBadRequest(stack, await post('['.repeat(33) + ']'.repeat(33)), ['$', 'TOO_DEEP'])
    expectBadRequest(stack, await post(`${'{"a":'.repeat(33)}1${'}'.repeat(33)}`), ['$', 'TOO_DEEP'])
  })

  it('of 32 is looked into (B10)', async () => {
    expectBadRequest(stack, await post('['.repeat(32) + ']'.repeat(32)), ['$', 'INVALID_TYPE'])
  })

  it('of 100,000 is refused like any other, closed or not (B11)', async () => {
    expectBadRequest(stack, await post('['.repeat(100_000) + ']'.repeat(100_000)), ['$', 'TOO_DEEP'])
    expectBadRequest(stack, await post('['.repeat(100_000)), ['$', 'TOO_DEEP'])
    expectBadRequest(stack, await post('{"a":'.repeat(100_000)), ['$', 'TOO_DEEP'])
  })
})

describe('size', () => {
  it.each([
    ['of 3 MB', 3_000_000],
    ['that API Gateway itself refuses, of 11 MB', 11_000_000],
  ])('%s is refused before it is parsed (B12)', async (_name, bytes) => {
    const answer = await post(`[${'0,'.repeat(bytes / 2)}`)
    expectError(answer, { status: 413, code: 'request.entity.too.large' })
    expectUntouched(stack)
  })

  it('of one string of 1 MB is refused by the field (B13)', async () => {
    const answer = await post(withLicense(`"${'a'.repeat(1_000_000)}"`))
    expectBadRequest(stack, answer, [licenseId, 'INVALID_VALUE'])
    expect(answer.text.length).toBeLessThan(2_000)
  })
})

describe('characters', () => {
  it.each(['"\\ud800"', '"a\\udc00b"', '"\\udc00\\ud800"', '"\\uD83D"'])(
    'that are half a pair are refused: %s (B18)',
    async (json) => {
      expectBadRequest(stack, await post(withLicense(json)), ['$', 'INVALID_JSON'])
    },
  )

  it.each([
    ['a bidirectional override (B20)', '\u202e'],
    ['a blank', ' '],
    ['a line end', '\\n'],
    ['a composed letter (B21)', '\u00e9'],
    ['a decomposed letter (B21)', 'e\u0301'],
    ['a full-width letter (B21)', '\uff41'],
    ['a dotless i (B21)', '\u0131'],
    ['an emoji', '\u{1f600}'],
  ])('are refused in an id: %s', async (_name, character) => {
    expectBadRequest(stack, await post(withLicense(`"cloud${character}CX1"`)), [licenseId, 'INVALID_VALUE'])
    expectBadRequest(stack, await post(withLicense(`"cloudCX1${character}"`)), [licenseId, 'INVALID_VALUE'])
    expectBadRequest(stack, await post(withUser(`"${user}${character}"`)), [firstUser, 'INVALID_VALUE'])
  })

  it.each([
    ['a mark from left to right', '\u200e'],
    ['a mark from right to left', '\u200f'],
    ['an Arabic letter mark', '\u061c'],
    ['a soft hyphen', '\u00ad'],
    ['a variation selector', '\ufe0f'],
    ['a zero-width space (B20)', '\u200b'],
    ['a joiner', '\u200d'],
    ['a byte order mark', '\ufeff'],
    ['a bidirectional embedding', '\u202a'],
    ['a tag', '\u{e0041}'],
  ])(
    'that nobody sees are dropped at the ends of an id, and told inside it: %s',
    async (_name, character) => {
      const inside = await post(withLicense(`"cloud${character}CX1"`))
      expectBadRequest(stack, inside, [licenseId, 'INVALID_VALUE'])
      const code = character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')
      expect(Object(inside.json).details[0].message).toContain(
        `; as character 6 it has an invisible character (U+${code})`,
      )
      const wrapped = JSON.stringify(giving(`${character}${user}${character}`)).replace(
        'wallboardUser',
        `${character}wallboardUser${character}`,
      )
      const given = await post(wrapped)
      expect(given.status).toBe(200)
      expect(given.json).toMatchObject([{ userId: user, licenseId: 'wallboardUser' }])
    },
  )

  it.each([
    ['an en dash', '\u2013'],
    ['an em dash', '\u2014'],
    ['a minus sign', '\u2212'],
    ['a full-width hyphen', '\uff0d'],
  ])('that are no hyphen are told as such in an id: %s', async (name, dash) => {
    const answer = await post(withUser(JSON.stringify(user.replaceAll('-', dash))))
    expectBadRequest(stack, answer, [firstUser, 'INVALID_VALUE'])
    expect(Object(answer.json).details[0].message).toMatch(
      new RegExp(
        `^must be a UUID; as character 9 it has ${name} \\(U\\+[0-9A-F]{4}\\) where a hyphen belongs$`,
      ),
    )
  })

  it.each([
    `${'a'.repeat(50_000)}!`,
    `${'0'.repeat(50_000)}-`,
    '-'.repeat(50_000),
    ' '.repeat(50_000),
    'a:'.repeat(25_000),
  ])('by the 50,000 are refused by every grammar (B22)', async (text) => {
    const json = JSON.stringify(text)
    expectBadRequest(stack, await post(withLicense(json)), [licenseId, 'INVALID_VALUE'])
    expectBadRequest(stack, await post(withUser(json)), [firstUser, 'INVALID_VALUE'])
  })
})

describe('missing fields', () => {
  it('are all listed once (B25)', async () => {
    expectBadRequest(stack, await post('{}'), ['assignments', 'MISSING'])
    expectBadRequest(
      stack,
      await post('{"assignments":[{},{"licenseId":"wallboardUser"}]}'),
      [licenseId, 'MISSING'],
      ['assignments.0.userIdsAdd', 'MISSING'],
      ['assignments.0.userIdsRemove', 'MISSING'],
      ['assignments.1.userIdsAdd', 'MISSING'],
      ['assignments.1.userIdsRemove', 'MISSING'],
    )
  })
})

it('takes the same request in any order of keys and with any blanks', async () => {
  const spaced = `\n{ "assignments" : [ {\t"userIdsRemove":[],"userIdsAdd":["${user}"],"licenseId":"wallboardUser"} ] }\r\n`
  const answer = await post(spaced)
  expect(answer.json).toEqual([
    { userId: user, licenseId: 'wallboardUser', result: 'SUCCESS', outcome: 'applied' },
  ])
})
