import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { runInvocation } from '../../lib/invocation.ts'
import { describeError, embedMetrics, writeLine } from '../../lib/observe/log-lines.ts'
import { takeLines } from '../support/lines.ts'

const NOW_MS = Date.parse('2026-11-15T12:00:00.000Z')
let written: string[]

beforeEach(() => {
  written = takeLines()
})

/** What one entry became: exactly one line, and JSON. */
function line(entry: Record<string, unknown>): Record<string, unknown> {
  written.length = 0
  writeLine('ERROR', entry, NOW_MS)
  expect(written).toHaveLength(1)
  expect(written[0]?.indexOf('\n')).toBe((written[0]?.length ?? 0) - 1)
  return JSON.parse(written[0] ?? '')
}

describe('a line of the log', () => {
  it('is one JSON line with its level and time', () => {
    expect(line({ code: 'request.served' })).toEqual({
      level: 'ERROR',
      timestamp: '2026-11-15T12:00:00.000Z',
      code: 'request.served',
    })
  })

  it('names the invocation that wrote it, of several at once', async () => {
    const work = (id: string) =>
      runInvocation(id, async () => {
        await Promise.resolve()
        writeLine('INFO', { code: 'change.moved', by: id }, NOW_MS)
      })
    await Promise.all([work('first'), work('second')])
    const lines = written.map((text) => JSON.parse(text))
    expect(lines.map(({ requestId, by }) => [requestId, by])).toEqual([
      ['first', 'first'],
      ['second', 'second'],
    ])
  })

  it("names the caller's request where the entry does", async () => {
    await runInvocation('of-lambda', async () => writeLine('INFO', { requestId: 'of-the-api' }, NOW_MS))
    expect(JSON.parse(written[0] ?? '').requestId).toBe('of-the-api')
  })

  it('stays one JSON line whatever text is in it (N22)', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), (text, other) => {
        line({ text, other: { [text]: other } })
      }),
    )
  })

  it.each([
    ['an Authorization header', 'authorization: Bearer abc.DEF-123_~+/=', 'abc.DEF'],
    ['one in lower case', 'authorization: bearer abcDEF123', 'abcDEF'],
    ['a Basic one', 'Basic aWQ6c2VjcmV0', 'aWQ6'],
    ['a token in JSON', '{"access_token":"abcDEF123"}', 'abcDEF'],
    ['a token in its secret', '{"accessToken": "abcDEF123","expiresAt":"x"}', 'abcDEF'],
    ['a client secret in JSON', '{"clientSecret":"abcDEF123"}', 'abcDEF'],
    ['a client secret in OAuth terms', '{"client_secret":"abcDEF123"}', 'abcDEF'],
    ['a client secret in a form', 'grant_type=x&client_secret=abcDEF123', 'abcDEF'],
  ])('does not show %s', (_, text, canary) => {
    expect(JSON.stringify(line({ error: { message: text } }))).not.toContain(canary)
    expect(JSON.stringify(line({ deep: JSON.stringify({ text: JSON.stringify({ text }) }) }))).not.toContain(
      canary,
    )
  })

  it.each(['accessToken', 'access_token', 'clientSecret', 'client_secret', 'Authorization'])(
    'does not show what is named %s',
    (name) => {
      expect(JSON.stringify(line({ [name]: 'canary', deep: { [name]: { of: 'canary' } } }))).not.toContain(
        'canary',
      )
    },
  )

  it('too long for CloudWatch is cut within its texts, so that it stays JSON and its metrics count (K14)', () => {
    const metrics = embedMetrics('s', [{ name: 'RotationFailed', unit: 'Count', value: 1 }], NOW_MS)
    const parsed = line({ code: 'c', error: { message: '\u0000'.repeat(300_000) }, ...metrics })
    expect(parsed).toMatchObject({ code: 'c', RotationFailed: 1, _aws: expect.anything() })
    expect(written[0]?.length).toBeLessThan(256_000 / 4)
  })

  it('with a deep chain of errors stays below the limit of CloudWatch and stays JSON (K14)', () => {
    let error = new Error('\u0001'.repeat(10_000))
    for (let depth = 0; depth < 50; depth++) error = new Error('\u0001'.repeat(10_000), { cause: error })
    line({ error: describeError(error) })
    expect(written[0]?.length).toBeLessThan(256_000 / 4)
  })
})

describe('an error in the log', () => {
  it('shows names, messages, codes and the first stack, and nothing else that errors carry', () => {
    const cause = Object.assign(new TypeError('inner'), {
      code: 'ECONNRESET',
      rawPacket: 'canary',
      config: { a: 'canary' },
    })
    const shown = describeError(Object.assign(new Error('outer', { cause }), { response: 'canary' }))
    expect(shown).toEqual({
      name: 'Error',
      message: 'outer',
      stack: expect.stringContaining('lines.test.ts'),
      cause: { name: 'TypeError', message: 'inner', code: 'ECONNRESET' },
    })
  })

  it.each(['canary', { canary: 1 }, null, 5])('that is no error shows its type alone: %j', (thrown) => {
    expect(describeError(thrown)).toEqual({ message: `thrown value of type ${typeof thrown}` })
  })

  it('that is its own cause ends', () => {
    const error = new Error('loop')
    error.cause = error
    expect(JSON.stringify(describeError(error))).toContain('loop')
  })
})

describe('metrics in a line', () => {
  it('are in CloudWatch embedded format, only those that have a value', () => {
    expect(
      embedMetrics(
        'example',
        [
          { name: 'UpstreamRetries', unit: 'Count', value: 2 },
          { name: 'UpstreamLatency', unit: 'Milliseconds', value: 0 },
          { name: 'RateLimitUsed', unit: 'Count', value: undefined },
        ],
        NOW_MS,
      ),
    ).toEqual({
      _aws: {
        Timestamp: NOW_MS,
        CloudWatchMetrics: [
          {
            Namespace: 'GenesysLicenseGateway',
            Dimensions: [['Stack']],
            Metrics: [
              { Name: 'UpstreamRetries', Unit: 'Count' },
              { Name: 'UpstreamLatency', Unit: 'Milliseconds' },
            ],
          },
        ],
      },
      Stack: 'example',
      UpstreamRetries: 2,
      UpstreamLatency: 0,
    })
  })

  it('are left out where there are none', () => {
    expect(
      embedMetrics('example', [{ name: 'RateLimitUsed', unit: 'Count', value: undefined }], NOW_MS),
    ).toEqual({})
  })
})
