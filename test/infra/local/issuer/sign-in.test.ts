/** Signing in on the laptop, over real sockets, by the library that the page has. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as oauth from 'oauth4webapi'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { issuerOf, LOCAL_AUDIENCE, mint } from '../../../../infra/local/identity.ts'
import { systemClock } from '../../../../lib/clock.ts'
import { issuerKeys } from '../../../../lib/http/issuer-keys.ts'
import { tokenVerifier } from '../../../../lib/http/verify-token.ts'
import { roles } from '../../../../lib/roles.ts'
import { gatewayForTests, sendRaw } from '../../../support/gateway.ts'
import {
  askToSignIn,
  choose,
  discover,
  linkIn,
  renewed,
  signIn,
  tokensFor,
  type Visitor,
  visitor,
} from '../../../support/identity/sign-in.ts'
import { claimsOf } from '../../../support/identity/tokens.ts'

const printed = (['log', 'info', 'warn', 'error'] as const).map((name) => vi.spyOn(console, name))
const stack = await gatewayForTests()
const { gateway } = stack
const issuer = issuerOf(gateway)

afterEach(() => {
  // Neither its warnings nor a fault of it.
  for (const spy of printed) expect(spy).not.toHaveBeenCalled()
})

const read = (token: string) =>
  sendRaw(stack, { path: '/api/v2/license/definitions', authorization: `Bearer ${token}` })
const write = (token: string) =>
  sendRaw(stack, {
    method: 'PUT',
    path: '/v1/toggles/wallboards',
    authorization: `Bearer ${token}`,
    headers: ['Content-Type', 'application/json', 'Idempotency-Key', 'a-key'],
    body: '{"enabled":true}',
  })

/** A restart of the gateway makes its provider anew: what a browser kept of the one before is worth nothing to it. */
const forget = (who: Visitor) => who.edit((pair) => pair.replace(/=.*/, '=of-a-provider-before'))

describe('whoever signs in', () => {
  it.each(roles)(
    'as the %s has tokens that say what those of run.json say, and may do as much',
    async (role) => {
      const { tokens } = await signIn(gateway, role)
      const { sub, scope, iss, aud, exp = 0, iat = 0 } = claimsOf(tokens.access_token)
      const standing = claimsOf(stack.tokens[role])
      expect({ sub, scope, iss, aud }).toEqual({
        sub: standing.sub,
        scope: standing.scope,
        iss: issuer,
        aud: LOCAL_AUDIENCE,
      })
      expect([standing.iss, exp - iat, tokens.expires_in]).toEqual([issuer, 3600, 3600])
      expect((await read(tokens.access_token)).status).toBe(200)
      expect((await write(tokens.access_token)).status).toBe(role === 'viewer' ? 403 : 200)
    },
  )

  it('is known by name and e-mail to the page, which is told once', async () => {
    const { tokens } = await signIn(gateway, 'operator')
    expect(oauth.getValidatedIdTokenClaims(tokens)).toMatchObject({
      sub: 'local-operator',
      name: 'Ana Abebe',
      email: 'ana@example.com',
    })
    // What says who somebody is says nothing of what they may do.
    expect((await read(tokens.id_token ?? '')).status).toBe(401)
  })

  it('is taken by keys that are found as a deployed authorizer finds them', async () => {
    const { found, tokens } = await signIn(gateway, 'approver')
    const keys = issuerKeys({
      issuer,
      jwksUri: found.server.jwks_uri,
      fetch: async (url) => new Uint8Array(await (await fetch(url)).arrayBuffer()),
      clock: systemClock,
      timeoutMs: 3_000,
      onStale: () => {},
    })
    const rules = { issuer, audiences: [LOCAL_AUDIENCE], audienceClaim: 'aud' } as const
    expect(await tokenVerifier(rules, keys)(tokens.access_token)).toMatchObject({ sub: 'local-approver' })
    expect(await tokenVerifier(rules, keys)(stack.tokens.viewer)).toMatchObject({ sub: 'local-viewer' })
    expect(JSON.parse(process.env['JWT_JWKS'] ?? '')).toEqual(await keys.current())
  })

  it('goes on by a refresh token, each of which is good once', async () => {
    const { found, tokens } = await signIn(gateway, 'operator')
    const first = tokens.refresh_token ?? ''
    const next = await renewed(found, first)
    expect(claimsOf(next.access_token)).toMatchObject({ sub: 'local-operator', scope: 'operator' })
    expect((await read(next.access_token)).status).toBe(200)
    await expect(renewed(found, first)).rejects.toMatchObject({ error: 'invalid_grant' })
    // Somebody has a copy of it: what came of it is off too.
    await expect(renewed(found, next.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' })
  })

  it('is asked for nothing again in the same browser, also where nothing may be asked', async () => {
    const { found, who } = await signIn(gateway, 'approver')
    for (const prompt of ['none', undefined, 'consent']) {
      const asked = await askToSignIn(found, { prompt })
      const back = await who.follow(asked.url, issuer)
      const tokens = await tokensFor(found, asked, back.location ?? '')
      expect(claimsOf(tokens.access_token)).toMatchObject({ sub: 'local-approver', scope: 'approver' })
    }
  })

  it('becomes somebody else by prompt=login', async () => {
    const { found, who } = await signIn(gateway, 'operator')
    const asked = await askToSignIn(found, { prompt: 'login' })
    const page = await who.follow(asked.url, issuer)
    const leaving = await who.follow(linkIn(page, asked.url, ', approver'), issuer)
    const back = await who.submit(leaving, asked.url, issuer)
    expect(claimsOf((await tokensFor(found, asked, back.location ?? '')).access_token)).toMatchObject({
      sub: 'local-approver',
      scope: 'approver',
    })
  })

  it('is signed out where the page asks for it, and what was renewed by is off', async () => {
    const { found, who, tokens } = await signIn(gateway, 'approver')
    const leave = new URL(found.server.end_session_endpoint ?? '')
    leave.search = String(
      new URLSearchParams({
        id_token_hint: tokens.id_token ?? '',
        post_logout_redirect_uri: found.base,
        state: 'gone',
      }),
    )
    const page = await who.visit(leave.href)
    expect(page.text).toContain('<script>document.forms[0].submit()</script>')
    expect((await who.submit(page, leave.href, issuer)).location).toBe(`${found.base}?state=gone`)
    expect(who.cookieNames()).not.toContain(`license_session_${new URL(gateway).port}`)
    await expect(renewed(found, tokens.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' })
    const asked = await askToSignIn(found, { prompt: 'none' })
    expect((await who.visit(asked.url)).location).toContain('error=login_required')
  })

  it('is asked before anybody else’s link signs them out', async () => {
    const { found, who } = await signIn(gateway, 'viewer')
    const url = found.server.end_session_endpoint ?? ''
    const page = await who.visit(url)
    expect(page.text).toContain('Sign out?')
    expect(page.text).not.toContain('<script>')
    const asked = await askToSignIn(found, { prompt: 'none' })
    expect((await who.visit(asked.url)).location).toContain('code=')
    expect((await who.submit(await who.visit(url), url, issuer)).text).toContain('You are signed out')
  })
})

describe('whoever has not signed in', () => {
  it('is shown three people by name and role, by links alone, under a policy that lets nothing else in', async () => {
    const found = await discover(gateway)
    const asked = await askToSignIn(found)
    const page = await visitor().follow(asked.url, issuer)
    expect(page.status).toBe(200)
    for (const name of ['Ben Blanc , viewer', 'Ana Abebe , operator', 'Chloé Costa , approver']) {
      expect(linkIn(page, asked.url, name)).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/__issuer\/sign-in\//)
    }
    expect(page.text).not.toMatch(/<form|<script|<input| on\w+=| style=/)
    expect(page.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; img-src data:; script-src 'sha256-[^']+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
    )
  })

  it('comes back empty-handed by the link that leads back', async () => {
    const found = await discover(gateway)
    const asked = await askToSignIn(found)
    const who = visitor()
    const back = await choose(found, who, asked, 'Go back')
    await expect(tokensFor(found, asked, back)).rejects.toMatchObject({
      error: 'access_denied',
    })
  })

  it('comes back at once where nothing may be asked', async () => {
    const found = await discover(gateway)
    const asked = await askToSignIn(found, { prompt: 'none' })
    const back = await visitor().visit(asked.url)
    expect(back.status).toBe(303)
    await expect(tokensFor(found, asked, back.location ?? '')).rejects.toMatchObject({
      error: 'login_required',
    })
  })

  it('is asked again where the browser’s cookies are of a provider before', async () => {
    const { found, who } = await signIn(gateway, 'operator')
    forget(who)
    const silent = await askToSignIn(found, { prompt: 'none' })
    expect((await who.visit(silent.url)).location).toContain('error=login_required')
    forget(who)
    const asked = await askToSignIn(found)
    const tokens = await tokensFor(found, asked, await choose(found, who, asked, ', viewer'))
    expect(claimsOf(tokens.access_token)).toMatchObject({ scope: 'viewer' })
  })

  it('is told in words that a sign-in is over', async () => {
    const found = await discover(gateway)
    const asked = await askToSignIn(found)
    const who = visitor()
    const link = linkIn(await who.follow(asked.url, issuer), asked.url, ', approver')
    await who.follow(link, issuer)
    const [again, ofAnother] = [await who.visit(link), await visitor().visit(link)]
    for (const { status, text, location } of [again, ofAnother]) {
      expect([status, location]).toEqual([400, undefined])
      expect(text).toContain('This sign-in is over')
      expect(text).toContain(`<a href="${found.base}">Begin again</a>`)
    }
  })
})

describe('a request to sign in', () => {
  it.each([
    ['that would lead elsewhere', { redirect_uri: 'https://evil.example.net/' }, 'redirect_uri'],
    ['that would lead to another path', { redirect_uri: `${gateway}/v1/me` }, 'redirect_uri'],
    [
      'that would lead to another spelling of this machine',
      { redirect_uri: `${gateway.replace('127.0.0.1', 'localhost')}/` },
      'redirect_uri',
    ],
    ['of another client', { client_id: 'another-page' }, 'client'],
    ['of no client', { client_id: undefined }, 'client_id'],
  ])('%s leads nowhere, and the page says why', async (_what, changes, word) => {
    const { status, text, location } = await visitor().visit(
      (await askToSignIn(await discover(gateway), changes)).url,
    )
    expect([status, location]).toEqual([400, undefined])
    expect(text).toContain('This sign-in does not work')
    expect(text).toContain(word)
  })

  it.each([
    ['without a challenge', { code_challenge: undefined, code_challenge_method: undefined }],
    ['for tokens in the address bar', { response_type: 'token' }],
  ])('%s is refused', async (_what, changes) => {
    const { location } = await visitor().visit((await askToSignIn(await discover(gateway), changes)).url)
    expect(new URL((location ?? '').replace('#', '?')).searchParams.get('error')).toMatch(
      /^(invalid_request|unsupported_response_type)$/,
    )
  })

  it('gives a code that is good once, and with its verifier alone', async () => {
    const found = await discover(gateway)
    const who = visitor()
    const asked = await askToSignIn(found)
    const location = await choose(found, who, asked, ', approver')
    const forged = { ...asked, verifier: oauth.generateRandomCodeVerifier() }
    await expect(tokensFor(found, forged, location)).rejects.toMatchObject({ error: 'invalid_grant' })
    const again = await askToSignIn(found)
    const back = (await who.visit(again.url)).location ?? ''
    await tokensFor(found, again, back)
    await expect(tokensFor(found, again, back)).rejects.toMatchObject({ error: 'invalid_grant' })
  })

  it('is made where the issuer knows the page: under another name of this machine it leads there', async () => {
    const { port } = new URL(gateway)
    for (const host of [`localhost:${port}`, `LOCALHOST:${port}`, `[::1]:${port}`]) {
      for (const path of ['/', '/?a=b', '/live', '/live/']) {
        const answer = await sendRaw(stack, { path, host })
        expect([answer.status, answer.headers['location']]).toEqual([307, `${gateway}${path}`])
      }
      // As it is asked for through a proxy.
      const { headers } = await sendRaw(stack, { path: `http://${host}/?a=b`, host })
      expect(headers['location']).toBe(`${gateway}/?a=b`)
      expect((await sendRaw(stack, { path: '/v1/capabilities', host })).status).toBe(200)
    }
    expect((await sendRaw(stack, { path: '/' })).status).toBe(200)
  })

  it('of another site’s page is refused, and no other origin may read what is answered', async () => {
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { origin: 'https://evil.example.net' }]) {
      const answer = await sendRaw(stack, {
        path: '/__issuer/.well-known/openid-configuration',
        headers: Object.entries(headers).flat(),
      })
      expect(answer.status).toBe(403)
    }
    const own = await sendRaw(stack, { path: '/__issuer/jwks', headers: ['Origin', gateway] })
    expect(own.status).toBe(200)
    expect(Object.keys(own.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  })
})

it('a token of the gateway when it was at another port is refused in a sentence, and the log says why', async () => {
  const { privateKey } = JSON.parse(readFileSync(join(stack.directory, 'identity.json'), 'utf8'))
  const old = mint(privateKey, { iss: issuerOf('http://127.0.0.1:1'), sub: 'local-viewer', scope: 'viewer' })
  const { status, json } = await read(old)
  expect([status, json]).toEqual([
    401,
    expect.objectContaining({ message: 'Send an Authorization header with a valid bearer token' }),
  ])
  expect(stack.logged.map((line) => JSON.parse(line))).toContainEqual(
    expect.objectContaining({ code: 'token.refused', reason: 'issuer' }),
  )
})
