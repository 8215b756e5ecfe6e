/** What Genesys, or a proxy before it, may put into a successful answer. */
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { OrgFault } from '../../../infra/local/org/faults/faults.ts'
import { getLicenseDefinitions } from '../../../lib/operations/license/get-license-definitions.ts'
import { getLicenseToggle } from '../../../lib/operations/license/get-license-toggle.ts'
import { getLicenseUser } from '../../../lib/operations/license/get-license-user.ts'
import { postLicenseUsers } from '../../../lib/operations/license/post-license-users.ts'
import { nested } from '../../support/nested.ts'
import { expectError } from '../../support/refusals.ts'
import { userIn } from '../../support/requests.ts'
import { startServer, streaming } from '../../support/servers.ts'
import { world } from '../../support/world.ts'

const BAD = { status: 502, code: 'upstream.bad.response' }

/** Asks for a user when Genesys answers so. */
async function served(action: Extract<OrgFault['do'], { status: number }>) {
  const { org, reader, logged } = await world()
  const user = userIn({ org })
  org.addFaults([{ match: { path: user.path }, times: 9, do: action }])
  const answer = await reader(getLicenseUser)(user.event)
  return { answer, requests: org.requests().length, log: logged.join('') }
}

describe('a successful answer of Genesys that is none', () => {
  it.each([
    ['half of its JSON (H27)', '{"id":"6e5'],
    ['nothing (H31)', ''],
    ['only spaces (H31)', '  '],
    ['a string', '"text"'],
    ['null', 'null'],
    ['a list in place of an object', '[]'],
    ['an object without its id (H35)', '{"licenses":[]}'],
    ['an id that is a number', '{"id":5}'],
    ['a list within that has no id (H35)', '{"id":"u","licenses":[{"description":"d"}]}'],
    ['bytes that are not UTF-8 where JSON needs a quote', '\u{fffd}'],
  ])('but %s is a 502 and not asked for again', async (_, body) => {
    const { answer, requests } = await served({ status: 200, body })
    expectError(answer, BAD)
    expect(requests).toBe(1)
  })

  it('but a 204 is a 502 (H32)', async () => {
    expectError((await served({ status: 204 })).answer, BAD)
  })

  it('but a page of HTML is a 502, and the page is in neither answer nor log (H29)', async () => {
    const { answer, log } = await served({
      status: 200,
      headers: { 'Content-Type': 'text/html' },
      body: '<html>captive portal</html>',
    })
    expectError(answer, BAD)
    expect(answer.text + log).not.toContain('captive')
    expect(answer.text + log).not.toContain('<html')
  })

  it('but a toggle of another name, or one that is neither on nor off, is a 502', async () => {
    const { org, reader } = await world()
    const path = '/api/v2/license/toggles/wallboards'
    const bodies = [
      { featureName: 'other', enabled: true },
      { featureName: 'wallboards', enabled: 'true' },
    ]
    org.addFaults(bodies.map((body) => ({ match: { path }, do: { status: 200, body } })))
    const ask = reader(getLicenseToggle)
    for (const _ of bodies) expectError(await ask({ pathParameters: { featureName: 'wallboards' } }), BAD)
  })
})

describe('an answer of Genesys that is more or less than documented', () => {
  it('and nested deeper than anything means is a 502', async () => {
    const { answer } = await served({ status: 200, body: `{"id":"u","licenses":[],"x":${nested()}}` })
    expectError(answer, BAD)
    expect(answer.text).toContain('nested deeper than 32 levels')
  })

  it.each([
    ['fields nobody knows (H34)', { id: 'u', licenses: [{ id: 'l', tier: { a: [1] } }], added: '<b>\u0007' }],
    ['no field but its id (H35)', { id: 'u' }],
    ['null in optional fields (H35)', { id: 'u', licenses: null, selfUri: null }],
    ['a text in markup (H36)', { id: 'u', licenses: [{ id: 'l', description: '<!channel> & <script>' }] }],
  ])('with %s is served as it came', async (_, body) => {
    expect((await served({ status: 200, body })).answer).toMatchObject({ status: 200, json: body })
    expect((await served({ status: 200, body })).answer.json).toEqual(body)
  })

  it('is served to the letter: in its own order, whatever its fields are called, with numbers that no double holds (H34)', async () => {
    const body =
      '{ "__proto__":{"a":1},"licenses":[{"tier":[2,1],"id":"l"}],"2":{"z":null,"a":1.50},"1":12345678901234567890,"id":"u"}'
    const { answer } = await served({ status: 200, headers: { 'Content-Type': 'application/json' }, body })
    expect(answer).toMatchObject({ status: 200, text: body })
  })

  it.each(['text/html', 'application/octet-stream', 'x'])(
    'that is JSON but says %s is served: the body decides, not its label (H30)',
    async (type) => {
      const { answer } = await served({ status: 200, headers: { 'Content-Type': type }, body: { id: 'u' } })
      expect(answer).toMatchObject({ status: 200, json: { id: 'u' } })
      expect(answer.headers['content-type']).toBe('application/json')
    },
  )

  it('whose values by user id take any of the three known shapes is served', async () => {
    const { org, reader } = await world()
    const body = { a: { id: 'a', licenses: ['l'] }, b: ['l'], c: { id: 'c', licenses: [{ id: 'l' }] } }
    org.addFaults([{ match: {}, do: { status: 200, body } }])
    expect(
      (await reader(postLicenseUsers)({ body: '["6e5e4b32-0000-4000-8000-000000000000"]' })).json,
    ).toEqual(body)
  })
})

describe('a compressed answer of Genesys', () => {
  const json = Buffer.from('{"id":"u","name":"Zoë"}')
  const encoded = (encoding: string, bytes: Buffer) =>
    served({ status: 200, headers: { 'Content-Encoding': encoding }, bodyBase64: bytes.toString('base64') })

  it.each([
    ['gzip', gzipSync(json)],
    ['deflate', deflateSync(json)],
    ['br', brotliCompressSync(json)],
    ['identity', json],
  ])('in %s is decoded (H37)', async (encoding, bytes) => {
    expect((await encoded(encoding, bytes)).answer).toMatchObject({
      status: 200,
      json: { id: 'u', name: 'Zoë' },
    })
  })

  it.each([
    ['gzip, corrupt', 'gzip', Buffer.from('no gzip at all')],
    ['gzip, cut short', 'gzip', gzipSync(json).subarray(0, 12)],
    ['an encoding nobody knows', 'rot13', json],
    ['an encoding named like a property of all objects', 'constructor', json],
  ])('in %s is a 502, not asked for again (H39)', async (_, encoding, bytes) => {
    const { answer, requests } = await encoded(encoding, bytes)
    expectError(answer, BAD)
    expect(requests).toBe(1)
  })

  it('that unpacks to more than the cap is a 502 (H40)', async () => {
    expectError((await encoded('gzip', gzipSync(Buffer.alloc(9 * 1024 * 1024)))).answer, BAD)
  })
})

describe('an answer of 200 MB', () => {
  it('is cut off at the cap: a 502, and the rest is never read (H40)', async () => {
    const { reader, variables } = await world()
    const stream = streaming(200 * 1024 * 1024)
    const url = await startServer(stream.serve)
    const ask = reader(getLicenseDefinitions, {}, { ...variables, GENESYS_API_URL: url })
    expectError(await ask(), BAD)
    await stream.closed
    expect(stream.sentBytes()).toBeLessThan(40 * 1024 * 1024)
  })
})
