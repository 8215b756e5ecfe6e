/** What is served to whoever has no credential, and to whom it is not. */
import { get } from 'node:http'
import { describe, expect, it } from 'vitest'
import { gatewayForTests, type RawAnswer, sendRaw } from '../../../support/gateway.ts'

const stack = await gatewayForTests()
const { host } = new URL(stack.gateway)

/** Without a credential, as a browser asks. */
function ask(path: string, headers: readonly string[] = [], method = 'GET'): Promise<RawAnswer> {
  const body = method === 'GET' ? {} : { body: '{}' }
  return sendRaw(stack, { method, path, authorization: null, headers, ...body })
}

/** As a browser asks that was led here by another name. @returns the status. */
function askAs(name: string, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asking = get(`${stack.gateway}${path}`, { headers: { Host: name } }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    asking.on('error', reject)
  })
}

/** What asks nobody for a credential. */
const BEHIND_THE_ENTRANCE = [
  '/__chat/members',
  '/__issuer/.well-known/openid-configuration',
  '/config.json',
] as const

describe('the site of the page', () => {
  it('answers what the chats are asked, and lets nothing keep it', async () => {
    const { status, headers, json } = await ask('/__chat/members')
    expect(status).toBe(200)
    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    expect(json).toMatchObject({
      people: expect.arrayContaining([expect.objectContaining({ role: 'approver' })]),
    })
  })

  it('has the view of the chats in its page', async () => {
    const { text } = await ask('/')
    expect(text).toContain('/__chat/messages')
    expect(text).not.toMatch(/\sstyle="|\son\w+="/)
  })

  it.each([
    '/__page',
    '/__page/',
    '/page.html',
    '/page.json',
    '/main.tsx',
    '/__chat/../page.json',
    '/__chat/toString',
    '/favicon.ico',
  ])('serves nothing else of those folders: %s', async (path) => {
    expect(await ask(path)).toMatchObject({ status: 404 })
  })

  it.each(BEHIND_THE_ENTRANCE)('is not for pages of other origins: %s', async (path) => {
    const foreign = [
      ['Origin', 'http://evil.example'],
      ['Origin', 'null'],
      ['Origin', `https://${host}`],
      ['Sec-Fetch-Site', 'cross-site'],
      ['Sec-Fetch-Site', 'same-site'],
      ['Sec-Fetch-Site', 'cross-site', 'Sec-Fetch-Dest', 'document'],
    ]
    for (const headers of foreign) expect(await ask(path, headers)).toMatchObject({ status: 403 })
    const own = [['Origin', stack.gateway], ['Sec-Fetch-Site', 'same-origin'], ['Sec-Fetch-Site', 'none'], []]
    for (const headers of own) expect(await ask(path, headers)).toMatchObject({ status: 200 })
  })

  it('is found by a link from anywhere, which opens it as a document', async () => {
    const link = ['Sec-Fetch-Site', 'cross-site', 'Sec-Fetch-Mode', 'navigate', 'Sec-Fetch-Dest']
    expect(await ask('/', [...link, 'document'])).toMatchObject({ status: 200 })
    expect(await ask('/', [...link, 'iframe'])).toMatchObject({ status: 403 })
    expect(await ask('/', [...link, 'document'], 'POST')).toMatchObject({ status: 403 })
  })

  it('is not found under another name', async () => {
    const { port } = new URL(stack.gateway)
    for (const path of ['/', ...BEHIND_THE_ENTRANCE]) {
      expect(await askAs(`evil.example:${port}`, path)).toBe(403)
      expect(await askAs(`${host}.evil.example`, path)).toBe(403)
      // Of the document the sign-in knows one spelling, to which it leads.
      expect(await askAs(`localhost:${port}`, path)).toBe(path === '/' ? 307 : 200)
    }
  })

  it('takes words from its own pages alone, which no form of another can be', async () => {
    const say = (headers: readonly string[]) => {
      const body = '{"platform":"slack","as":"operator","line":"/license help"}'
      return sendRaw(stack, { method: 'POST', path: '/__chat/say', authorization: null, headers, body })
    }
    const json = ['Content-Type', 'application/json']
    expect(await say(json)).toMatchObject({ status: 200 })
    expect(await say(['Content-Type', 'text/plain'])).toMatchObject({ status: 404 })
    expect(await say([...json, 'Origin', 'http://evil.example'])).toMatchObject({ status: 403 })
    expect(await say([...json, 'Sec-Fetch-Site', 'cross-site'])).toMatchObject({ status: 403 })
  })

  it('answers no POST', async () => {
    for (const path of ['/', ...BEHIND_THE_ENTRANCE]) {
      expect(await ask(path, ['Content-Type', 'application/json'], 'POST')).toMatchObject({ status: 404 })
      expect(await ask(path, ['Content-Type', 'text/plain'], 'POST')).toMatchObject({ status: 404 })
    }
  })
})
