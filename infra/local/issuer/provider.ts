/** oidc-provider as the laptop has it. Whoever imports this loads the library. */
import { createPrivateKey, randomBytes } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { type Account, type Context, errors, Provider } from 'oidc-provider'
import { createMemoryAdapter } from 'oidc-provider/lib/adapters/memory_adapter.js'
import { roles } from '../../../lib/roles.ts'
import { STAGE } from '../../constructs/names.ts'
import { issuerOf, KEY_ID, LOCAL_AUDIENCE, PAGE_CLIENT, SIGNING_ALGORITHM } from '../identity.ts'
import { CONTENT_POLICY, errorPage, signedOutPage, signInPage, signOutPage } from './pages.ts'
import type { SignInPerson } from './people.ts'

/** A browser's session, and what refresh tokens it may have. Seconds. */
const SESSION_SECONDS = 14 * 24 * 3600

/** Somebody who is asked who they are may have gone for a coffee. Seconds. */
const SIGN_IN_SECONDS = 3600

/** From the redirect to the request for tokens. Seconds. */
const CODE_SECONDS = 60

const SIGN_IN = '/sign-in/'

export interface IssuerOptions {
  /** Base URL, without a trailing slash. */
  readonly gateway: string
  /** Of the issuer, in PEM. */
  readonly privateKey: string
  readonly people: readonly SignInPerson[]
  /** How long an access token is good. Seconds. */
  readonly accessTokenSeconds: number
}

/** What is answered under the issuer's path, as if it stood at the root. */
export function providerListener(options: IssuerOptions): RequestListener {
  const issuer = issuerOf(options.gateway)
  const provider = new Provider(issuer, configurationOf(issuer, options))
  provider.use(async (ctx, next) => {
    ctx.set('Content-Security-Policy', CONTENT_POLICY)
    // With no-referrer a form would be sent with the origin null, which the lock of local servers refuses.
    ctx.set('Referrer-Policy', 'same-origin')
    ctx.set('X-Content-Type-Options', 'nosniff')
    ctx.set('Cache-Control', 'no-store')
    await (ctx.path.startsWith(SIGN_IN) ? answerSignIn(provider, ctx, issuer, options.people) : next())
    // The page has the same origin, and no other is to read anything.
    ctx.remove('Access-Control-Allow-Origin')
  })
  provider.on('server_error', (_ctx, error) => console.error(error))
  return provider.callback()
}

function configurationOf(
  issuer: string,
  { gateway, privateKey, people, accessTokenSeconds }: IssuerOptions,
): object {
  const { port, pathname } = new URL(issuer)
  const bases = ['/', `/${STAGE}/`].map((path) => new URL(path, gateway).href)
  // Browsers keep the cookies of all ports of a host in one jar, and another port may be another gateway.
  const cookie = (name: string) => `license_${name}_${port}`
  const cookies = { httpOnly: true, sameSite: 'lax', signed: true } as const
  return {
    adapter: createMemoryAdapter(),
    jwks: {
      keys: [
        {
          ...createPrivateKey(privateKey).export({ format: 'jwk' }),
          kid: KEY_ID,
          alg: SIGNING_ALGORITHM,
          use: 'sig',
        },
      ],
    },
    cookies: {
      keys: [randomBytes(32).toString('base64url')],
      names: {
        session: cookie('session'),
        interaction: cookie('sign_in'),
        resume: cookie('going_on'),
      },
      long: { ...cookies, path: pathname },
      short: cookies,
    },
    clients: [
      {
        client_id: PAGE_CLIENT,
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        redirect_uris: bases,
        post_logout_redirect_uris: bases,
        id_token_signed_response_alg: SIGNING_ALGORITHM,
      },
    ],
    clientBasedCORS: () => false,
    responseTypes: ['code'],
    scopes: ['openid', 'offline_access', ...roles],
    claims: { openid: ['sub'], profile: ['name'], email: ['email'] },
    // Names and addresses are in the ID token; there is nowhere else to ask for them.
    conformIdTokenClaims: false,
    findAccount: (_ctx: Context, subject: string) => accountOf(people, subject),
    interactions: {
      url: (_ctx: Context, { uid }: { readonly uid: string }) => `${pathname}${SIGN_IN}${uid}`,
    },
    loadExistingGrant: (ctx: Context) => grantFor(ctx, gateway),
    // As Keycloak and Cognito do it: asking for offline_access alone, without prompt=consent, is no use here.
    issueRefreshToken: () => true,
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx: Context, form: string) =>
          showPage(ctx, signOutPage(form, { gateway, isAsked: ctx.oidc.entities.IdTokenHint !== undefined })),
        postLogoutSuccessSource: (ctx: Context) => showPage(ctx, signedOutPage(gateway)),
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => gateway,
        useGrantedResource: () => true,
        getResourceServerInfo(_ctx: Context, resource: string) {
          if (resource !== gateway) throw new errors.InvalidTarget()
          return {
            audience: LOCAL_AUDIENCE,
            scope: roles.join(' '),
            accessTokenFormat: 'jwt',
            accessTokenTTL: accessTokenSeconds,
            jwt: { sign: { alg: SIGNING_ALGORITHM } },
          }
        },
      },
    },
    formats: {
      customizers: {
        /** Claims as the tokens of run.json have them: who it is decides the role, whatever the page asked for. */
        jwt(_ctx: Context, { accountId }: { readonly accountId: string }, jwt: { readonly payload: object }) {
          const person = people.find(({ subject }) => subject === accountId)
          Object.assign(jwt.payload, { scope: person?.role })
        },
      },
    },
    renderError: (ctx: Context, { error, error_description: description }: ErrorOut) =>
      showPage(ctx, errorPage({ gateway, error, description })),
    ttl: {
      AccessToken: accessTokenSeconds,
      AuthorizationCode: CODE_SECONDS,
      IdToken: accessTokenSeconds,
      Interaction: SIGN_IN_SECONDS,
      RefreshToken: SESSION_SECONDS,
      Session: SESSION_SECONDS,
      Grant: SESSION_SECONDS,
    },
  }
}

interface ErrorOut {
  readonly error: string
  readonly error_description?: string
}

function accountOf(people: readonly SignInPerson[], subject: string): Account | undefined {
  const person = people.find((each) => each.subject === subject)
  if (!person) return undefined
  const { name, email } = person
  return { accountId: subject, claims: () => ({ sub: subject, name, email }) }
}

async function grantFor({ oidc }: Context, resource: string) {
  const { provider, account, client, session } = oidc
  if (!account || !client) return undefined
  const known = await provider.Grant.find(session?.grantIdFor(client.clientId) ?? '')
  if (known) return known
  const grant = new provider.Grant({ accountId: account.accountId, clientId: client.clientId })
  grant.addOIDCScope('openid profile email offline_access')
  grant.addResourceScope(resource, roles.join(' '))
  await grant.save()
  return grant
}

/** Asks who somebody is, and takes the answer: the link of one of them, or the one that leads back. */
async function answerSignIn(
  provider: Provider,
  ctx: Context,
  issuer: string,
  people: readonly SignInPerson[],
): Promise<void> {
  const [uid = '', chosen] = ctx.path.slice(SIGN_IN.length).split('/')
  const asked = await promptIn(provider, ctx)
  const goOn = async (result: object, mergeWithLastSubmission: boolean) => {
    const url = await provider.interactionResult(ctx.req, ctx.res, result, { mergeWithLastSubmission })
    ctx.status = 303
    ctx.redirect(url)
  }
  if (asked === undefined) {
    ctx.status = 400
    showPage(ctx, errorPage({ gateway: new URL(issuer).origin }))
    return
  }
  // The page is ours, so nobody is asked whether it may.
  if (asked === 'consent') return await goOn({ consent: {} }, true)
  if (chosen === undefined) {
    showPage(ctx, signInPage(people, `${new URL(issuer).pathname}${SIGN_IN}${uid}`))
    return
  }
  const person = people.find(({ role }) => role === chosen)
  const result = person
    ? { login: { accountId: person.subject } }
    : { error: 'access_denied', error_description: 'Nobody was chosen' }
  await goOn(result, false)
}

/**
 * @returns what this browser is to be asked, `login` or `consent`; undefined where that is over: a link may be an old one, or
 *   of a provider before this.
 */
async function promptIn(provider: Provider, { req, res }: Context): Promise<string | undefined> {
  try {
    return (await provider.interactionDetails(req, res)).prompt.name
  } catch {
    return undefined
  }
}

function showPage(ctx: Context, html: string): void {
  ctx.type = 'html'
  ctx.body = html
}
