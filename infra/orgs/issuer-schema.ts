/** The rules of an org file about a token issuer's URLs: what no token can have, and nothing can be fetched from. */
import { isIP } from 'node:net'
import * as z from 'zod'
import { oddityIn } from '../../lib/text.ts'
import { must } from './sentences.ts'

/** What RFC 3986 lets a URL have nowhere. */
const STRAY = /[\s\p{Cc}\\{}<>^`|"]/u

/** Why a text is no https URL of a host that the authorizer could ask, as the end of a sentence. */
function faultOf(text: string, mayHaveQuery: boolean): string | undefined {
  const stray = STRAY.exec(text)?.[0]
  if (!text.startsWith('https://')) return 'it does not begin with https://'
  if (stray !== undefined) return `it has ${JSON.stringify(stray)}, which no URL has`
  if (!URL.canParse(text)) return 'its host or its port is none'
  const { hostname, username, password } = new URL(text)
  if (username !== '' || password !== '') return 'it has a user name'
  if (text.includes('#')) return 'it has a fragment'
  if (!mayHaveQuery && text.includes('?')) return 'it has a query'
  // The authorizer is in no VPC, and certificates are for names.
  if (isIP(hostname.replace(/^\[|\]$/g, '')) > 0) return 'its host is an address and not a name'
  if (!hostname.includes('.')) return 'its host has no dot, so it is none of the Internet'
  if (hostname.split('.').includes('')) return 'its host has an empty part'
  return undefined
}

function httpsUrl(example: string, mayHaveQuery = false) {
  const rule = `an https URL such as ${example}`
  return z.string({ error: must(rule) }).superRefine((text, context) => {
    const isOdd = oddityIn(text, 'id') !== undefined
    const fault = faultOf(text, mayHaveQuery)
    if (!isOdd && fault === undefined) return
    // A password is not repeated.
    const message = text.includes('@') ? `must be ${rule}` : must(rule)({ input: text })
    context.addIssue({
      code: 'custom',
      message: isOdd || fault === undefined ? message : `${message}: ${fault}`,
    })
  })
}

const TENANT = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const oneTenant = "the issuer of one tenant, as a token's iss claim has it, with the tenant's id"

interface Provider {
  readonly host: RegExp
  /** Of the whole URL behind its host. */
  readonly path: RegExp
  readonly rule: string
}

/** Providers of whose issuers it is certain what they look like. A host of one's own can be any of them, and is not looked at. */
const providers: readonly Provider[] = [
  {
    host: /^sts\.(windows\.net|chinacloudapi\.cn)$/,
    path: new RegExp(`^/${TENANT}/$`),
    rule: `${oneTenant} and a slash at its end`,
  },
  {
    host: /^login\.microsoftonline\.com$/,
    // B2C has a slash at the end, and may have tfp and its policy around the tenant.
    path: new RegExp(`^/((tfp|te)/)?${TENANT}(/[^/]+)?/v2\\.0/?$`),
    rule: `${oneTenant} and /v2.0`,
  },
  {
    host: /^login\.(microsoftonline\.us|microsoft\.com|windows\.net|partner\.microsoftonline\.cn|chinacloudapi\.cn)$/,
    path: new RegExp(`^/((tfp|te)/)?${TENANT}(/|$)`),
    rule: oneTenant,
  },
  {
    host: /\.auth0\.com$/,
    path: /^\/$/,
    rule: "the tenant's issuer with a slash at its end, as Auth0's tokens have it",
  },
  {
    host: /\.(okta|oktapreview|okta-emea|okta-gov)\.com$/,
    path: /^(\/oauth2\/[^/]+)?$/,
    rule: "the authorization server's issuer without a slash at its end, as Okta's tokens have it",
  },
  {
    host: /^cognito-idp\.[a-z0-9-]+\.amazonaws\.com$/,
    path: /^\/[a-z0-9-]+_[A-Za-z0-9]+$/,
    rule: "the user pool's issuer, with the pool's id behind the host and no slash at its end",
  },
]

/** Endpoints, which stand behind an issuer. */
const ENDPOINT =
  /\/(oauth2?|openid-connect|connect|v\d[\d.]*)\/(authorize|auth|token|userinfo|introspect|logout|keys|certs)\/?$/

/** Words that docs/identity.md has where a name of one's own belongs. */
const PLACEHOLDER = /^https:\/\/[^/]*\b(REGION|TENANT|ORG|HOST)\b|\/realms\/REALM(\/|$)/

export const issuer = httpsUrl('https://login.example.com/').superRefine((url, context) => {
  const rule = issuerRuleBrokenBy(url)
  if (rule !== undefined) context.addIssue({ code: 'custom', message: must(rule)({ input: url }) })
})

function issuerRuleBrokenBy(url: string): string | undefined {
  // Told already.
  if (faultOf(url, false) !== undefined || oddityIn(url, 'id') !== undefined) return undefined
  if (PLACEHOLDER.test(url)) return 'your own issuer: it still has a word in capitals that stands for a name'
  if (/\/\.well-known\//.test(url))
    return "the issuer alone, as a token's iss claim has it: its discovery document is found behind it"
  const { hostname } = new URL(url)
  const provider = providers.find((each) => each.host.test(hostname))
  // Not the parsed URL's path, which has a slash where the text has none.
  const path = url.replace(/^https:\/\/[^/]*/, '')
  if (provider && !provider.path.test(path)) return provider.rule
  return ENDPOINT.test(url)
    ? "the issuer alone, as a token's iss claim has it, and not one of its endpoints"
    : undefined
}

/** Entra has a query for apps with keys of their own. */
export const keysUrl = httpsUrl('https://login.example.com/.well-known/jwks.json', true)

/** An https origin: no path, no wildcard, spelled as browsers do. */
export const webOrigin = httpsUrl('https://login.example.com').superRefine((url, context) => {
  if (faultOf(url, false) !== undefined || oddityIn(url, 'id') !== undefined) return
  const { origin, hostname } = new URL(url)
  const isOneHost = /^[a-z0-9.-]+$/.test(hostname)
  const alone = url === origin ? undefined : `an origin alone, ${origin}`
  const rule = isOneHost ? alone : 'an https origin of one host, its name in letters, digits and hyphens'
  if (rule !== undefined) context.addIssue({ code: 'custom', message: must(rule)({ input: url }) })
})
