/** The page as the laptop serves it: by the function that deploys, with a sign-in that is there. */
import { describe, expect, it } from 'vitest'
import { issuerOf } from '../../../../infra/local/identity.ts'
import { gatewayForTests, sendRaw } from '../../../support/gateway.ts'
import { askToSignIn, choose, discover, tokensFor, visitor } from '../../../support/identity/sign-in.ts'
import { claimsOf } from '../../../support/identity/tokens.ts'

const stack = await gatewayForTests()
const { gateway } = stack

/** Without a credential, as a browser asks. */
const ask = (path: string, headers: readonly string[] = []) =>
  sendRaw(stack, { path, authorization: null, headers })

describe('the page on the laptop', () => {
  it('is what the build makes, and may ask the gateway and its issuer alone', async () => {
    for (const path of ['/', '/live/']) {
      const { status, headers, text } = await ask(path)
      expect(status).toBe(200)
      expect(text).toContain('<script type="module">')
      expect(headers['content-security-policy']).toContain(`connect-src 'self' ${gateway};`)
      expect(headers['content-security-policy']).toMatch(/script-src 'sha256-/)
      const again = await ask(path, ['If-None-Match', String(headers['etag'])])
      expect([again.status, again.text]).toEqual([304, ''])
    }
    expect((await ask('/', ['Accept-Encoding', 'gzip, br'])).headers['content-encoding']).toBe('br')
  })

  it('is told where people sign in, and they can there with what it is told', async () => {
    const { json } = await ask('/config.json')
    expect(json).toEqual({
      org: expect.any(String),
      issuer: issuerOf(gateway),
      clientId: 'license-page',
      scopes: ['openid', 'profile', 'email', 'offline_access'],
    })
    const found = await discover(gateway)
    const asked = await askToSignIn(found)
    const tokens = await tokensFor(found, asked, await choose(found, visitor(), asked, ', operator'))
    expect(claimsOf(tokens.access_token).scope).toBe('operator')
    expect(tokens.refresh_token).toEqual(expect.any(String))
  })
})
