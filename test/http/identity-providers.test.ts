/** Tokens as identity providers make them, from the org file's words for them to the role. */
import { describe, expect, it } from 'vitest'
import type { JwtAuth } from '../../infra/orgs/org-file.ts'
import { authorizerEnvironmentOf } from '../../infra/orgs/variables.ts'
import { askingFor, startIssuer } from '../support/identity/issuer.ts'

const TENANT = '6babcaad-604b-40ac-a9d7-9fd97c0b779f'
const POOL = 'eu-west-1_EXAMPLE'

interface Provider {
  /** Of the issuer, behind its host. */
  readonly path: string
  readonly auth: Pick<JwtAuth, 'audience' | 'roleClaim' | 'roles'> & Partial<JwtAuth>
  /** Beside iss, sub and exp. */
  readonly claims: Readonly<Record<string, unknown>>
  /** Changes that make a good token one for somebody else, or of no role. */
  readonly foreign: Readonly<Record<string, unknown>>
  readonly roleless: Readonly<Record<string, unknown>>
}

const provider = (each: Provider) => each
const roles = { 'license.read': 'viewer', 'license.write': 'operator' } as const

const providers = {
  'Entra, version 2, delegated': provider({
    path: `/${TENANT}/v2.0`,
    auth: { audience: 'b14a7505-96e9-4927-91e8-0601d0fc9caa', roleClaim: 'scp', roles },
    claims: {
      aud: 'b14a7505-96e9-4927-91e8-0601d0fc9caa',
      azp: '11111111-2222-4333-8444-555555555555',
      scp: 'openid license.write',
      tid: TENANT,
      ver: '2.0',
    },
    foreign: { aud: '00000003-0000-0000-c000-000000000000' },
    roleless: { scp: 'openid' },
  }),
  'Entra, version 1, of a client': provider({
    path: `/${TENANT}/`,
    auth: { audience: ['api://license', 'x'], roleClaim: 'roles', roles: { 'License.Write': 'operator' } },
    claims: { aud: 'api://license', appid: TENANT, roles: ['License.Write', 'Other'], ver: '1.0' },
    foreign: { aud: 'api://license/' },
    roleless: { roles: undefined },
  }),
  'Okta, scopes': provider({
    path: '/oauth2/default',
    auth: { audience: 'api://default', roleClaim: 'scp', roles },
    claims: { aud: 'api://default', cid: '0oa1', ver: 1, scp: ['openid', 'license.write'] },
    foreign: { aud: 'api://other' },
    roleless: { scp: ['openid license.write'] },
  }),
  'Okta, groups': provider({
    path: '/oauth2/aus1',
    auth: { audience: 'api://default', roleClaim: 'groups', roles: { 'License Operators': 'operator' } },
    claims: { aud: 'api://default', groups: ['Everyone', 'License Operators'] },
    foreign: { aud: [] },
    roleless: { groups: 'License Operators' },
  }),
  'Keycloak, realm roles': provider({
    path: '/realms/contact-centre',
    auth: {
      audience: 'gateway',
      roleClaim: ['realm_access', 'roles'],
      roles: { 'license-operator': 'operator' },
    },
    claims: {
      aud: ['account', 'gateway'],
      azp: 'planner',
      realm_access: { roles: ['offline_access', 'license-operator'] },
    },
    foreign: { aud: 'account' },
    roleless: { realm_access: { roles: ['offline_access'] } },
  }),
  'Keycloak, roles of a client with dots in its name': provider({
    path: '/realms/contact-centre',
    auth: {
      audience: 'gateway',
      roleClaim: ['resource_access', 'license.gateway', 'roles'],
      roles: { operator: 'operator' },
    },
    claims: { aud: 'gateway', resource_access: { 'license.gateway': { roles: ['operator'] } } },
    foreign: { aud: undefined },
    roleless: { resource_access: { license: { gateway: { roles: ['operator'] } } } },
  }),
  'Auth0, permissions': provider({
    path: '/',
    auth: {
      audience: 'https://license.example.com/',
      roleClaim: 'permissions',
      roles: { 'license:write': 'operator' },
    },
    claims: {
      aud: ['https://license.example.com/', 'https://tenant.eu.auth0.com/userinfo'],
      permissions: ['license:read', 'license:write'],
    },
    foreign: { aud: 'https://license.example.com' },
    roleless: { permissions: [] },
  }),
  'Auth0, a claim named by a URL': provider({
    path: '/',
    auth: { audience: 'api', roleClaim: 'https://example.com/roles', roles: { Operator: 'operator' } },
    claims: { aud: 'api', 'https://example.com/roles': ['Operator'] },
    foreign: { aud: 'API' },
    roleless: { 'https://example.com/roles': null },
  }),
  'Cognito, groups of an access token': provider({
    path: `/${POOL}`,
    auth: {
      audience: ['1example23456789', '2example'],
      audienceClaim: 'client_id',
      roleClaim: 'cognito:groups',
      roles: { 'license-operators': 'operator' },
    },
    claims: {
      aud: undefined,
      client_id: '1example23456789',
      token_use: 'access',
      'cognito:groups': ['license-operators'],
      scope: 'aws.cognito.signin.user.admin',
    },
    foreign: { client_id: '3example' },
    roleless: { 'cognito:groups': undefined },
  }),
  'anybody, with a claim that is true or false': provider({
    path: '',
    auth: { audience: 'gateway', roleClaim: ['license', 'admin'], roles: { true: 'operator' } },
    claims: { license: { admin: true } },
    foreign: { aud: 'x' },
    roleless: { license: { admin: false } },
  }),
  'Duende, scopes as a list': provider({
    path: '',
    auth: { audience: 'license', roleClaim: 'scope', roles },
    claims: { aud: 'license', client_id: 'planner', scope: ['openid', 'license.write'] },
    foreign: { aud: 'planner' },
    roleless: { scope: ['openid'] },
  }),
} as const

describe.each(Object.entries(providers))(
  'a token of %s',
  (_name, { path, auth, claims, foreign, roleless }) => {
    const asking = async () => {
      const issuer = await startIssuer({ path })
      const environment = authorizerEnvironmentOf({ kind: 'jwt', issuer: issuer.issuer, ...auth })
      return { issuer, ...askingFor(issuer, { environment }) }
    }

    it('gives its role, with keys found by discovery', async () => {
      const { issuer, ask } = await asking()
      expect((await ask(issuer.mint(claims))).context).toEqual({ role: 'operator', subject: 'ana' })
      expect(issuer.asked).toEqual([`${path.replace(/\/$/, '')}/.well-known/openid-configuration`, '/keys'])
    })

    it('gives nothing where it is for somebody else, or has no such value', async () => {
      const { issuer, ask, logged } = await asking()
      await expect(ask(issuer.mint({ ...claims, ...foreign }))).rejects.toThrow(/^Unauthorized$/)
      expect(await ask(issuer.mint({ ...claims, ...roleless }))).toMatchObject({
        policyDocument: { Statement: [{ Effect: 'Deny' }] },
      })
      expect(logged()).toMatchObject([{ reason: 'audience' }, { reason: 'role' }])
    })
  },
)

it('people of Entra are known by the claim that the org file names', async () => {
  const { path, auth, claims } = providers['Entra, version 2, delegated']
  const issuer = await startIssuer({ path })
  const named = { kind: 'jwt', issuer: issuer.issuer, ...auth, subjectClaim: 'oid' } as const
  const { ask } = askingFor(issuer, { environment: authorizerEnvironmentOf(named) })
  const token = issuer.mint({ ...claims, sub: 'AAAAAAAA-of-this-app', oid: TENANT })
  expect((await ask(token)).context).toEqual({ role: 'operator', subject: TENANT })
  const nameless = issuer.mint({ ...claims, sub: 'AAAAAAAA-of-this-app' })
  expect((await ask(nameless)).context).toEqual({ role: 'operator' })
})

it('an ID token of Cognito is no access token', async () => {
  const { path, auth, claims } = providers['Cognito, groups of an access token']
  const issuer = await startIssuer({ path })
  const environment = authorizerEnvironmentOf({ kind: 'jwt', issuer: issuer.issuer, ...auth })
  const { ask, logged } = askingFor(issuer, { environment })
  await expect(ask(issuer.mint({ ...claims, token_use: 'id' }))).rejects.toThrow(/^Unauthorized$/)
  expect(logged()).toMatchObject([{ code: 'token.refused', reason: 'token.use' }])
})

it('keys that cannot sign, or are of no known kind, stand beside those that can', async () => {
  const odd = [
    null,
    'key',
    { kty: 'oct', k: 'c2VjcmV0', kid: 'key-1', use: 'enc' },
    { kty: 'RSA', n: 1, e: 'AQAB', kid: 'odd', use: 'sig' },
    { kty: 'AKP', alg: 'ML-DSA-44', pub: 'x', kid: 'later' },
    { kty: 'RSA', n: 'x', e: 'AQAB' },
  ]
  const issuer = await startIssuer({ besides: odd })
  const { ask } = askingFor(issuer)
  expect((await ask(issuer.mint({ scope: 'read' }))).context).toMatchObject({ role: 'viewer' })
})

it('keys are fetched from where the org file says, and nothing else is asked', async () => {
  const issuer = await startIssuer()
  const { ask } = askingFor(issuer, { environment: { JWT_JWKS_URI: issuer.jwksUri } })
  await ask(issuer.mint({ scope: 'read' }))
  expect(issuer.asked).toEqual(['/keys'])
})

it('keys of one app are fetched with the query that the org file has', async () => {
  const issuer = await startIssuer()
  const auth = { kind: 'jwt', issuer: issuer.issuer, audience: 'gateway', roleClaim: 'scope', roles } as const
  const environment = authorizerEnvironmentOf({ ...auth, jwksUri: `${issuer.jwksUri}?appid=${POOL}` })
  const { ask } = askingFor(issuer, { environment })
  expect((await ask(issuer.mint({ scope: 'license.read' }))).context).toMatchObject({ role: 'viewer' })
  expect(issuer.asked).toEqual([`/keys?appid=${POOL}`])
})
