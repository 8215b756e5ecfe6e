import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { verifyTeams } from '../../../lib/chat/teams/signature.ts'

/** Signatures computed with `openssl dgst -sha256 -mac HMAC -macopt hexkey:… -binary | base64`. */
const first = {
  teamId: '19:first@thread.tacv2',
  key: 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=',
}
const second = {
  teamId: '19:second@thread.tacv2',
  key: 'AP8Q+n+AAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRo=',
}
const body = '{"type":"message","text":"café"}'
const bodyByFirst = 'ZtNxm7XJg5QY4Lh7gU9QyXkRmdLse7grdmZxF+kbVuo='
const bodyBySecond = 'Kek0+Wzr/TxKWBpadvBz3aB6UTOYLMBBOT9oYdr195M='
/** With the first key's base64 text as the secret, not decoded. */
const bodyByKeyText = 'I/hcA6ltK1H6Ge22rMJpVVwnjXtTew32jd6tCthTrbk='
/** With an empty key, by Python's hmac. */
const bodyByAnyone = 'NAcHOilNQ2t7P4xnUmepwi3bKMO6nAWS9R1NUZqHpH8='
const bytes = Uint8Array.from([0xff, 0xfe, 0x00])
const bytesByFirst = 'xvmsUTHe9CImFOoHgJaOZv4w4EFw7/H46Dstiq+szHY='
const bytesBySecond = 'wP18BlDPSs9p56RrTuhfWgXJZ2pGMuu4QBei6ztYFjs='

const keys = [first, second]
const verdict = (authorization: readonly string[], rawBody: Uint8Array | string = body, given = keys) =>
  verifyTeams({
    rawBody: Buffer.from(rawBody),
    headers: new Map([['authorization', authorization]]),
    keys: given,
  })
const refused = { isSound: false, reason: expect.any(String) }

describe("Teams' signature", () => {
  it.each([
    [bodyByFirst, body, first.teamId],
    [bodyBySecond, body, second.teamId],
    [bytesByFirst, bytes, first.teamId],
    [bytesBySecond, bytes, second.teamId],
  ])('%s is sound, and tells whose key made it (M10)', (signature, rawBody, teamId) => {
    expect(verdict([`HMAC ${signature}`], rawBody)).toEqual({ isSound: true, teamId })
  })

  it('is sound by either key of a team while one is rotated', () => {
    const rotated = [{ ...first, key: second.key }, first]
    expect(verdict([`HMAC ${bodyByFirst}`], body, rotated)).toEqual({ isSound: true, teamId: first.teamId })
    expect(verdict([`HMAC ${bodyBySecond}`], body, rotated)).toEqual({ isSound: true, teamId: first.teamId })
  })

  it.each([
    ['made with another key', `HMAC ${bodyByFirst}`, [second]],
    ['made with no key of ours', `HMAC ${bodyByFirst}`, []],
    ['made with the key not decoded', `HMAC ${bodyByKeyText}`, keys],
    ['of another body', `HMAC ${bytesByFirst}`, keys],
    ['of the scheme hmac in lower case', `hmac ${bodyByFirst}`, keys],
    ['of the scheme Bearer', `Bearer ${bodyByFirst}`, keys],
    ['without a scheme', bodyByFirst, keys],
    ['with two blanks', `HMAC  ${bodyByFirst}`, keys],
    ['with something behind it', `HMAC ${bodyByFirst} x`, keys],
    ['with a line end', `HMAC ${bodyByFirst}\n`, keys],
    ['without its padding', `HMAC ${bodyByFirst.slice(0, -1)}`, keys],
    ['with other characters than base64', `HMAC ${bodyByFirst.replace('Z', '!')}`, keys],
    ['in base64url', `HMAC ${bodyByFirst.replace('+', '-')}`, keys],
    ['spelt otherwise in its last bits', `HMAC ${bodyByFirst.replace('o=', 'p=')}`, keys],
    ['of 1 MB', `HMAC ${'A'.repeat(1_000_000)}`, keys],
    ['that is empty', '', keys],
    ['of a scheme alone', 'HMAC ', keys],
  ])('%s is refused (M02)', (_name, authorization, given) => {
    expect(verdict([authorization], body, given)).toEqual(refused)
  })

  it('is refused where the header is missing or sent twice (M02)', () => {
    expect(verdict([])).toEqual(refused)
    expect(verdict([`HMAC ${bodyByFirst}`, `HMAC ${bodyByFirst}`])).toEqual(refused)
    expect(verifyTeams({ rawBody: Buffer.from(body), headers: new Map(), keys })).toEqual(refused)
  })

  it('is refused for one byte more', () => {
    expect(verdict([`HMAC ${bodyByFirst}`], `${body}\n`)).toEqual(refused)
  })

  it.each(['', ' ', 'AAAA', 'not base64!', `${first.key}\n`, first.key.slice(0, -1)])(
    'is never sound by the key %j, which is none',
    (key) => {
      for (const signature of [bodyByAnyone, bodyByFirst]) {
        expect(verdict([`HMAC ${signature}`], body, [{ ...first, key }])).toEqual(refused)
      }
    },
  )

  it('never throws, and is never sound by chance', () => {
    const authorizations = fc.array(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc
          .uint8Array({ minLength: 32, maxLength: 32 })
          .map((digest) => `HMAC ${Buffer.from(digest).toString('base64')}`),
      ),
      { maxLength: 2 },
    )
    fc.assert(
      fc.property(fc.uint8Array(), authorizations, fc.string(), (rawBody, authorization, key) => {
        expect(verdict(authorization, rawBody, [first, { ...first, key }])).toEqual(refused)
      }),
      { numRuns: 300 },
    )
  })
})
