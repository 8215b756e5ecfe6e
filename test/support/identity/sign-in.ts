/** Signing in to the laptop's identity provider as a browser does, without one: redirects, cookies and the links of its pages. */
import * as oauth from 'oauth4webapi'
import { issuerOf, PAGE_CLIENT } from '../../../infra/local/identity.ts'
import type { Role } from '../../../lib/roles.ts'

/** The issuer is on loopback, where there is no TLS. */
const INSECURE = { [oauth.allowInsecureRequests]: true } as const

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Where it leads, whole. */
  readonly location: string | undefined
}

/** What keeps cookies by name and path, and follows redirects as far as it is told to. */
export interface Visitor {
  /** Asks once. @param form is posted where there is one. */
  readonly visit: (url: string, form?: URLSearchParams) => Promise<Answer>
  /** Goes on while redirects stay beneath the prefix. */
  readonly follow: (url: string, prefix: string) => Promise<Answer>
  /** Sends the one form of a page, as its button or its script does, and goes on as `follow` does. */
  readonly submit: (page: Answer, url: string, prefix: string) => Promise<Answer>
  readonly cookieNames: () => readonly string[]
  /** Makes of each cookie's name and value others. */
  readonly edit: (change: (pair: string) => string) => void
}

interface Cookie {
  readonly pair: string
  readonly path: string
}

export function visitor(): Visitor {
  const jar = new Map<string, Cookie>()
  const keep = (line: string) => {
    const [pair = '', ...attributes] = line.split('; ')
    const path = attributes.find((each) => /^path=/i.test(each))?.slice('path='.length) ?? '/'
    const [name = '', value] = pair.split('=')
    if (value === '' || /expires=Thu, 01 Jan 1970/i.test(line)) jar.delete(`${name} ${path}`)
    else jar.set(`${name} ${path}`, { pair, path })
  }
  const cookiesFor = (path: string) =>
    [...jar.values()].filter((each) => path.startsWith(each.path)).map(({ pair }) => pair)
  const visit: Visitor['visit'] = async (url, form) => {
    const cookies = cookiesFor(new URL(url).pathname)
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { accept: 'text/html', ...(cookies.length > 0 && { cookie: cookies.join('; ') }) },
      ...(form && { method: 'POST', body: form }),
    })
    for (const line of response.headers.getSetCookie()) keep(line)
    const location = response.headers.get('location')
    return {
      status: response.status,
      headers: response.headers,
      text: await response.text(),
      location: location === null ? undefined : new URL(location, url).href,
    }
  }
  const goOn = async (answer: Answer, prefix: string): Promise<Answer> =>
    answer.location?.startsWith(`${prefix}/`) ? await goOn(await visit(answer.location), prefix) : answer
  return {
    visit,
    follow: async (url, prefix) => await goOn(await visit(url), prefix),
    async submit(page, url, prefix) {
      const [, action = ''] = /<form[^>]* action="([^"]*)"/.exec(page.text) ?? []
      const fields = [...page.text.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)]
      const form = new URLSearchParams()
      for (const [, name = '', value = ''] of fields) form.append(name, value)
      return await goOn(await visit(new URL(action, url).href, form), prefix)
    },
    edit(change) {
      for (const [key, cookie] of jar) jar.set(key, { ...cookie, pair: change(cookie.pair) })
    },
    cookieNames: () => [...jar.keys()].map((key) => key.split(' ', 1)[0] ?? ''),
  }
}

export interface Discovered {
  readonly issuer: string
  /** The page's address, to which the browser comes back. */
  readonly base: string
  readonly server: oauth.AuthorizationServer
  readonly client: oauth.Client
}

/** What the page finds out before anybody signs in. */
export async function discover(gateway: string): Promise<Discovered> {
  const issuer = issuerOf(gateway)
  const answer = await oauth.discoveryRequest(new URL(issuer), { algorithm: 'oidc', ...INSECURE })
  const server = await oauth.processDiscoveryResponse(new URL(issuer), answer)
  return { issuer, base: `${gateway}/`, server, client: { client_id: PAGE_CLIENT } }
}

/** A request to sign in that has been made, and what the answer is held against. */
export interface Asked {
  readonly url: string
  readonly verifier: string
  readonly state: string
  readonly nonce: string
}

/** @param changes of the query; undefined takes a parameter away. */
export async function askToSignIn(
  { base, server, client }: Discovered,
  changes: Readonly<Record<string, string | undefined>> = {},
): Promise<Asked> {
  const verifier = oauth.generateRandomCodeVerifier()
  const state = oauth.generateRandomState()
  const nonce = oauth.generateRandomNonce()
  const url = new URL(server.authorization_endpoint ?? '')
  const query = {
    client_id: client.client_id,
    response_type: 'code',
    redirect_uri: base,
    scope: 'openid profile email offline_access',
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...changes,
  }
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) url.searchParams.set(name, value)
  return { url: url.href, verifier, state, nonce }
}

/** @param came where the browser came back to. @throws where oauth4webapi refuses what came back. */
export async function tokensFor({ base, server, client }: Discovered, asked: Asked, came: string) {
  const parameters = oauth.validateAuthResponse(server, client, new URL(came), asked.state)
  const answer = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.None(),
    parameters,
    base,
    asked.verifier,
    INSECURE,
  )
  return await oauth.processAuthorizationCodeResponse(server, client, answer, {
    expectedNonce: asked.nonce,
    requireIdToken: true,
  })
}

/** @throws where the refresh token is no good any more. */
export async function renewed({ server, client }: Discovered, refreshToken: string) {
  const answer = await oauth.refreshTokenGrantRequest(server, client, oauth.None(), refreshToken, INSECURE)
  return await oauth.processRefreshTokenResponse(server, client, answer)
}

/** The address of the link that reads so. */
export function linkIn(page: Answer, url: string, text: string): string {
  for (const [, href = '', inner = ''] of page.text.matchAll(/<a href="([^"]*)">(.*?)<\/a>/gs)) {
    if (inner.replaceAll(/<[^>]*>/g, ' ').includes(text)) return new URL(href, url).href
  }
  throw new Error(`There is no link '${text}' in ${page.text}`)
}

/** Asks, and takes the link that reads so. @returns where the browser ends outside the issuer. */
export async function choose(
  { issuer }: Discovered,
  who: Visitor,
  { url }: Asked,
  text: string,
): Promise<string> {
  const page = await who.follow(url, issuer)
  return (await who.follow(linkIn(page, url, text), issuer)).location ?? ''
}

/** Signs one of the three people in, by the link with their role. */
export async function signIn(gateway: string, role: Role, who: Visitor = visitor()) {
  const found = await discover(gateway)
  const asked = await askToSignIn(found)
  const tokens = await tokensFor(found, asked, await choose(found, who, asked, `, ${role}`))
  return { found, who, tokens }
}
