/** Files of lists on the wire, as tools and the malicious send them: the bytes arrive as they were sent, and nothing is planned of what is bad. */
import { describe, expect, it } from 'vitest'
import { gatewayForTests, sendRaw } from '../../support/gateway.ts'
import { userIn } from '../../support/requests.ts'

const stack = await gatewayForTests()
const user = userIn(stack).id
const sheet = `user,license,action\r\n${user},wallboardUser,add\r\n`

let sent = 0
const post = (
  body: string | Buffer,
  { type = 'text/csv', path = '/v1/changes', more = [] as readonly string[] } = {},
) =>
  sendRaw(stack, {
    method: 'POST',
    path,
    role: 'operator',
    headers: ['Content-Type', type, 'Idempotency-Key', `file-${sent++}`, ...more],
    body,
  })

const planned = { state: 'PLANNED', desired: { assignments: [{ licenseId: 'wallboardUser' }] } }

async function expectNothingPlanned() {
  const { json } = await sendRaw(stack, { path: '/v1/changes' })
  expect(json).toEqual({ entities: [] })
}

describe('a file of rows', () => {
  it.each([
    ['UTF-8', 'text/csv', Buffer.from(sheet)],
    [
      'UTF-8 with a mark and a parameter',
      'Text/CSV; charset=utf-8; header=present',
      Buffer.from(`\ufeff${sheet}`),
    ],
    ['UTF-16, as Excel saves it', 'text/csv', Buffer.from(`\ufeff${sheet}`, 'utf16le')],
    ['UTF-16 that says so', 'text/csv; charset="UTF-16"', Buffer.from(`\ufeff${sheet}`, 'utf16le')],
  ])('is planned as it was sent: %s', async (_, type, body) => {
    const answer = await post(body, { type, path: '/v1/changes?reason=A%20new%20site&revertAfter=PT8H' })
    expect(answer.status).toBe(201)
    expect(answer.json).toMatchObject({ ...planned, reason: 'A new site', revert: { after: 'PT8H' } })
  })

  it('is the same request when it comes again, and another one under the same key is refused', async () => {
    const more = ['Idempotency-Key', 'the-same']
    const send = (body: string) =>
      sendRaw(stack, {
        method: 'POST',
        path: '/v1/changes',
        role: 'operator',
        headers: ['Content-Type', 'text/csv', ...more],
        body,
      })
    const [first, again] = [await send(sheet), await send(sheet)]
    expect([first.status, again.status]).toEqual([201, 200])
    expect(again.json).toMatchObject({ id: (first.json as { id: string }).id })
    expect((await send(`${sheet}\r\n`)).status).toBe(422)
  })

  it('is refused whole for one bad row, which is told with its line, and no value goes anywhere else (D10)', async () => {
    const answer = await post(`${sheet}=cmd|' /C calc'!A0,wallboardUser,add\n`)
    expect(answer).toMatchObject({
      status: 400,
      json: {
        code: 'bad.request',
        details: [{ line: 3, fieldName: 'user', errorCode: 'INVALID_VALUE' }],
        errors: [{ message: expect.stringContaining('line 3, user: begins like a formula') }],
      },
    })
    expect(answer.text).not.toContain('calc')
    await expectNothingPlanned()
  })

  it.each([
    ['NUL', Buffer.from(sheet.replace('add', 'a\0d')), 'NUL'],
    ['neither encoding', Buffer.from([...Buffer.from(sheet), 0xff, 0xfe, 0xfa]), 'neither UTF-8'],
    ['a quote that is never closed', Buffer.from(`user,license,action\n"${user},wallboardUser,add`), 'quote'],
    ['nothing in it', Buffer.from('\n'), 'empty'],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]), 'UTF-8'],
  ])('that has %s is refused', async (_, body, why) => {
    const answer = await post(body)
    expect(answer.status).toBe(400)
    expect(answer.text).toContain(why)
    await expectNothingPlanned()
  })

  it('of more than four megabytes is refused before it is read (K10)', async () => {
    expect((await post(Buffer.alloc(4 * 1024 * 1024 + 1, 'x'))).status).toBe(413)
  })

  it('of one line of almost that is told its line and no more', async () => {
    const answer = await post(`user,license,action\n${'x'.repeat(4_000_000)},wallboardUser,add`)
    expect(answer).toMatchObject({ status: 400, json: { details: [{ line: 2 }] } })
    expect(answer.text.length).toBeLessThan(2_000)
  })

  it('that is packed, or of a type that nobody asked for, is refused', async () => {
    expect((await post(sheet, { more: ['Content-Encoding', 'gzip'] })).status).toBe(415)
    const other = await post(sheet, { type: 'text/tab-separated-values' })
    expect(other.status).toBe(415)
    expect(other.text).toContain('or as text/csv')
    for (const charset of ['latin1', 'utf-16']) {
      const named = await post(sheet, { type: `text/csv; charset=${charset}` })
      expect(named.status).toBe(415)
      expect(named.text).toContain('it is not read in the charset that is named')
    }
  })
})

it('a body that says when and why itself takes no parameters beside it', async () => {
  const order = { kind: 'desired', licenses: { wallboardUser: [user] }, mode: 'add-only' }
  const twice = await post(JSON.stringify(order), { type: 'application/json', path: '/v1/changes?reason=x' })
  expect(twice).toMatchObject({ status: 400, json: { details: [{ fieldName: 'reason' }] } })
  const once = await post(JSON.stringify(order), { type: 'application/json' })
  expect(once).toMatchObject({ status: 201, json: planned })
})

it.each([
  [{ mode: 'exact' }, 'licenses or people'],
  [{ mode: 'exact', licenses: {}, people: {} }, 'not both'],
  [{ mode: 'exact', licenses: {} }, 'at least one'],
  [{ mode: 'replace', licenses: { wallboardUser: [] } }, 'mode'],
  [{ mode: 'exact', licenses: { '../x': [] } }, 'licenses'],
  [{ mode: 'exact', licenses: { wallboardUser: [''] } }, 'licenses.wallboardUser.0'],
])('a desired state that is none is refused (D01): %j', async (order, why) => {
  const answer = await post(JSON.stringify({ kind: 'desired', ...order }), { type: 'application/json' })
  expect(answer.status).toBe(400)
  expect(answer.text).toContain(why)
  await expectNothingPlanned()
})
