import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { verifySlack } from '../../../lib/chat/slack/signature.ts'

/** The example of Slack's own documentation. */
const documented = {
  secret: '8f742231b10e8888abcd99yyyzzz85a5',
  timestamp: '1531420618',
  body: 'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
  signature: 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
}
const signedAtMs = 1_531_420_618_000

/** Computed with `openssl dgst -sha256 -hmac`. */
const oldSecret = 'old-signing-secret-0000'
const newSecret = 'new-signing-secret-0001'
const notText = {
  body: Uint8Array.from([...Buffer.from('text='), 0xff, 0xfe, 0x00, 0x80]),
  signature: 'v0=6561890b4fb38fa8e73863f679acfc4b3ef7590d3eeaca66d985414f5f33f095',
}
const foreign = {
  body: Buffer.from('text=grant café €'),
  signature: 'v0=4e84b7f92531e1969b02adb7beef6eb09a0840f0a0d75a0a510576b7f1a4d569',
}
const emptyByOldSecret = 'v0=52ff0a375b290fe424111697fed45ec51003aa2c8dca91381965e31e46fbf622'
/** Of `text=x` with an empty secret, computed with Python's hmac. */
const unkeyed = 'v0=8c12eeec02ebb765a9ce6ff01cbda53f0c3953681b3bba5741affaf149261057'

interface Change {
  readonly body?: Uint8Array | string
  readonly timestamp?: readonly string[]
  readonly signature?: readonly string[]
  readonly secrets?: readonly string[]
  readonly nowMs?: number
}

function verdict(change: Change = {}) {
  return verifySlack({
    rawBody: Buffer.from(change.body ?? documented.body),
    headers: new Map([
      ['x-slack-request-timestamp', change.timestamp ?? [documented.timestamp]],
      ['x-slack-signature', change.signature ?? [documented.signature]],
    ]),
    secrets: change.secrets ?? [documented.secret],
    nowMs: change.nowMs ?? signedAtMs,
  })
}

describe("Slack's signature", () => {
  it("of Slack's documentation is sound", () => {
    expect(verdict()).toMatchObject({ isSound: true })
  })

  it.each([
    ['letters beyond ASCII', foreign],
    ['bytes that are no UTF-8', notText],
  ])('is of the bytes and not of a text made of them: %s (L11)', (_name, { body, signature }) => {
    expect(verdict({ body, signature: [signature], secrets: [newSecret] }).isSound).toBe(true)
    const throughText = Buffer.from(Buffer.from(body).toString('latin1'), 'utf8')
    expect(verdict({ body: throughText, signature: [signature], secrets: [newSecret] }).isSound).toBe(false)
  })

  it('of an empty body is sound', () => {
    expect(verdict({ body: '', signature: [emptyByOldSecret], secrets: [oldSecret] }).isSound).toBe(true)
  })

  it('of either secret is sound while one is rotated, and of the old one no longer after that', () => {
    const byOld = { body: '', signature: [emptyByOldSecret] }
    expect(verdict({ ...byOld, secrets: [newSecret, oldSecret] }).isSound).toBe(true)
    expect(verdict({ ...byOld, secrets: [oldSecret, newSecret] }).isSound).toBe(true)
    expect(verdict({ ...byOld, secrets: [newSecret] }).isSound).toBe(false)
  })

  it('is refused where there is no secret, or an empty one with which anyone can sign', () => {
    expect(verdict({ secrets: [] }).isSound).toBe(false)
    const byAnyone = { body: 'text=x', signature: [unkeyed] }
    for (const secrets of [[''], [' '], ['', newSecret]]) {
      expect(verdict({ ...byAnyone, secrets }).isSound).toBe(false)
    }
  })

  it('is refused for another body and for another moment', () => {
    expect(verdict({ body: `${documented.body}x` }).isSound).toBe(false)
    expect(verdict({ timestamp: ['1531420619'] }).isSound).toBe(false)
  })

  const hex = documented.signature.slice(3)
  it.each([
    ['in upper case', `v0=${hex.toUpperCase()}`],
    ['of another version', `v1=${hex}`],
    ['without a version', hex],
    ['without an equals sign', `v0${hex}`],
    ['that is empty', ''],
    ['of a version alone', 'v0='],
    ['one digit short', `v0=${hex.slice(1)}`],
    ['one digit long', `v0=${hex}0`],
    ['with a line end', `v0=${hex}\n`],
    ['with a blank before it', ` v0=${hex}`],
    ['joined with a second one', `v0=${hex},v0=${hex}`],
    ['with another letter than ASCII', `v0=${hex.slice(1)}é`],
    ['of 1 MB', `v0=${'a'.repeat(1_000_000)}`],
  ])('%s is refused (L03)', (_name, signature) => {
    expect(verdict({ signature: [signature] })).toMatchObject({ isSound: false })
  })

  it('is refused where a header is missing or sent twice (L04)', () => {
    const refused = { isSound: false }
    expect(verdict({ signature: [] })).toMatchObject(refused)
    expect(verdict({ timestamp: [] })).toMatchObject(refused)
    expect(verdict({ signature: [documented.signature, documented.signature] })).toMatchObject(refused)
    expect(verdict({ timestamp: [documented.timestamp, documented.timestamp] })).toMatchObject(refused)
    const nothing = { rawBody: new Uint8Array(), headers: new Map(), secrets: [newSecret], nowMs: 0 }
    expect(verifySlack(nothing)).toMatchObject(refused)
  })

  it.each([
    [0, true],
    [299, true],
    [300, true],
    [301, false],
    [86_400, false],
  ])('that is %s s old is taken: %s (L05)', (ageSeconds, isSound) => {
    expect(verdict({ nowMs: signedAtMs + ageSeconds * 1_000 }).isSound).toBe(isSound)
  })

  it.each([
    [1, true],
    [299, true],
    [300, true],
    [301, false],
  ])('that is %s s ahead of our clock is taken: %s (L06)', (aheadSeconds, isSound) => {
    expect(verdict({ nowMs: signedAtMs - aheadSeconds * 1_000 }).isSound).toBe(isSound)
  })

  it('is as old as its whole seconds say', () => {
    expect(verdict({ nowMs: signedAtMs + 300_999 }).isSound).toBe(true)
    expect(verdict({ nowMs: signedAtMs + 301_000 }).isSound).toBe(false)
  })

  it('is refused where our own clock tells no time', () => {
    expect(verdict({ nowMs: Number.NaN }).isSound).toBe(false)
  })

  it.each([
    '',
    ' 1531420618',
    '+1531420618',
    '-1531420618',
    '1531420618.0',
    '0x5b47a04a',
    '1.5e9',
    '١٥٣١٤٢٠٦١٨',
    '9'.repeat(1_000),
  ])('with the timestamp %s is refused', (timestamp) => {
    expect(verdict({ timestamp: [timestamp] })).toMatchObject({ isSound: false })
  })

  it('has one fingerprint, and no other signed request has it', () => {
    const again = verdict({ nowMs: signedAtMs + 60_000 })
    expect(verdict()).toEqual(again)
    const other = verdict({ ...foreign, signature: [foreign.signature], secrets: [newSecret] })
    expect(other).toMatchObject({ isSound: true })
    expect(other).not.toEqual(again)
  })

  it('never throws, and is never sound by chance', () => {
    const values = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constant(documented.timestamp)), {
      maxLength: 2,
    })
    fc.assert(
      fc.property(
        fc.uint8Array(),
        values,
        values,
        fc.array(fc.string()),
        (body, timestamp, signature, secrets) => {
          const result = verdict({ body, timestamp, signature, secrets })
          expect(result).toMatchObject({ isSound: false, reason: expect.any(String) })
        },
      ),
      { numRuns: 500 },
    )
  })
})
