/** What an org file says of tokens: values that no token has, and addresses that nothing answers at, do not reach a stack. */
import { describe, expect, it } from 'vitest'
import { defineOrg, type OrgFile, OrgFileError } from '../../../infra/orgs/define-org.ts'
import { orgs as fixtures } from './test-orgs.ts'

/** The faults of the example with some fields of `auth` replaced by what no type would allow. */
function faultsOf(auth: object, others: object = {}): readonly string[] {
  try {
    defineOrg({ ...fixtures.jwt, ...others, auth: { ...fixtures.jwt.auth, ...auth } } as OrgFile)
    return []
  } catch (error) {
    if (error instanceof OrgFileError) return error.faults
    throw error
  }
}

const uuid = '6babcaad-604b-40ac-a9d7-9fd97c0b779f'

describe('an issuer', () => {
  it.each([
    [`https://login.microsoftonline.com/${uuid}/v2.0`],
    [`https://login.microsoftonline.us/${uuid}/v2.0`],
    [`https://login.partner.microsoftonline.cn/${uuid}/v2.0`],
    [`https://login.microsoftonline.com/${uuid}/v2.0/`],
    [`https://login.microsoftonline.com/tfp/${uuid}/b2c_1_signin/v2.0/`],
    [`https://sts.windows.net/${uuid}/`],
    [`https://sts.chinacloudapi.cn/${uuid}/`],
    [`https://contoso.b2clogin.com/${uuid}/v2.0/`],
    [`https://${uuid}.ciamlogin.com/${uuid}/v2.0`],
    ['https://acme.okta.com'],
    ['https://acme.okta.com/oauth2/default'],
    ['https://dev-1.oktapreview.com/oauth2/aus1'],
    ['https://acme.eu.auth0.com/'],
    ['https://login.acme.example/'],
    ['https://login.acme.example'],
    ['https://id.example.com:8443/auth/realms/Contact-Centre'],
    ['https://id.example.com/realms/Contact%20Centre'],
    ['https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_aB3'],
    ['https://FS.example.com/adfs'],
    ['https://accounts.google.com'],
    ['https://oidc.example.com/oauth2'],
    ['https://am.example.com/oauth2/realms/root/realms/token'],
  ])('may be %s', (issuer) => {
    expect(faultsOf({ issuer })).toEqual([])
  })

  const tenant = "the issuer of one tenant, as a token's iss claim has it, with the tenant's id"
  const alone = "the issuer alone, as a token's iss claim has it"
  const capitals = 'your own issuer: it still has a word in capitals that stands for a name'
  it.each([
    ['https://acme.auth0.com', "the tenant's issuer with a slash at its end, as Auth0"],
    ['https://acme.auth0.com/oauth/', "the tenant's issuer with a slash at its end, as Auth0"],
    [
      'https://acme.okta.com/oauth2/default/',
      "the authorization server's issuer without a slash at its end, as Okta",
    ],
    ['https://acme.okta.com/', "the authorization server's issuer without a slash at its end, as Okta"],
    [`https://sts.windows.net/${uuid}`, `${tenant} and a slash at its end`],
    ['https://sts.windows.net/common/', `${tenant} and a slash at its end`],
    ['https://login.windows.net/common', tenant],
    ['https://login.microsoftonline.com/organizations/v2.0', tenant],
    ['https://login.microsoftonline.us/common/v2.0', tenant],
    ['https://login.partner.microsoftonline.cn/common/v2.0', tenant],
    ['https://login.microsoftonline.com/contoso.onmicrosoft.com/v2.0', tenant],
    ['https://login.microsoftonline.com/TENANT/v2.0', tenant],
    [`https://login.microsoftonline.com/${uuid.toUpperCase()}/v2.0`, tenant],
    [`https://login.microsoftonline.com/${uuid}`, `${tenant} and /v2.0`],
    [`https://login.microsoftonline.com/${uuid}/oauth2/v2.0/authorize`, `${tenant} and /v2.0`],
    [`https://login.microsoftonline.us/${uuid}/oauth2/v2.0/authorize`, alone],
    ['https://id.example.com/realms/a/protocol/openid-connect/token', alone],
    ['https://cognito-idp.eu-west-1.amazonaws.com/POOL', "the user pool's issuer"],
    ['https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_aB3/', "the user pool's issuer"],
    ['https://cognito-idp.REGION.amazonaws.com/eu-west-1_aB3', capitals],
    ['https://TENANT.auth0.com/', capitals],
    ['https://ORG.okta.com/oauth2/default', capitals],
    ['https://id.example.com/realms/REALM', capitals],
  ])('that is certainly none is refused: %s', (issuer, rule) => {
    expect(faultsOf({ issuer })).toEqual([expect.stringContaining(`auth.issuer must be ${rule}`)])
    expect(faultsOf({ issuer })[0]).toContain(`, not "${issuer}"`)
  })
})

describe.each(['issuer', 'jwksUri'])('%s', (field) => {
  it.each([
    ['http://id.example.com/', 'it does not begin with https://'],
    ['id.example.com', 'it does not begin with https://'],
    ['', 'it does not begin with https://'],
    ['https://', 'its host or its port is none'],
    ['https://id.example.com:99999/', 'its host or its port is none'],
    ['https://id.example.com:abc/', 'its host or its port is none'],
    ['https://id..example.com/', 'its host has an empty part'],
    ['https://.example.com/', 'its host has an empty part'],
    ['https://id.example.com\\evil.com/', 'it has "\\\\", which no URL has'],
    ['https://id.example.com/a b', 'it has " ", which no URL has'],
    ['https://id.example.com/{tenantid}/v2.0', 'it has "{", which no URL has'],
    ['https://id.example.com/#x', 'it has a fragment'],
    ['https://169.254.169.254/x', 'its host is an address and not a name'],
    ['https://0x7f.1/x', 'its host is an address and not a name'],
    ['https://[::1]/x', 'its host is an address and not a name'],
    ['https://localhost/x', 'its host has no dot, so it is none of the Internet'],
    ['https://localhost:8443/x', 'its host has no dot, so it is none of the Internet'],
    ['https://id.example.com\u200b', 'as character 23 it has an invisible character (U+200B)'],
    ['https://id\u2013a.example.com/', 'as character 11 it has an en dash (U+2013) where a hyphen belongs'],
  ])('that nothing could be fetched from is refused, and it is said why: %j', (value, why) => {
    const faults = faultsOf({ [field]: value })
    expect(faults).toEqual([expect.stringContaining(`auth.${field} must be an https URL such as`)])
    expect(faults[0]).toContain(`, not ${JSON.stringify(value).replace('\u200b', '\\u200B')}`)
    expect(faults[0]).toContain(why)
  })

  it('with a password in it is refused, and the password is not repeated', () => {
    const faults = faultsOf({ [field]: 'https://kim:hunter2@id.example.com/' })
    expect(faults).toEqual([expect.stringMatching(/must be an https URL .*: it has a user name\.$/)])
    expect(faults.join()).not.toContain('hunter2')
  })
})

it('keys may be behind a query, and an issuer may not', () => {
  const url = `https://login.microsoftonline.com/${uuid}/discovery/v2.0/keys?appid=${uuid}`
  expect(faultsOf({ jwksUri: url })).toEqual([])
  expect(faultsOf({ issuer: url })).toEqual([expect.stringContaining(': it has a query')])
})

describe('what no token has is refused', () => {
  const hidden = 'has an invisible character (U+200B)'
  it.each([
    ['an audience', { audience: 'gateway\u200b' }, hidden],
    ['one of several audiences', { audience: ['a', '\u200bgateway'] }, hidden],
    ['an audience for all', { audience: '*' }, 'auth.audience must be the audience your tokens carry'],
    ['one of several for all', { audience: ['a', '*'] }, 'auth.audience.1 must be the audience your tokens'],
    ["a claim's name", { roleClaim: 'groups\u200b' }, hidden],
    ['a value', { roles: { 'license\u200b': 'viewer' } }, hidden],
    ['a value that nobody sees', { roles: { '\u200b': 'viewer' } }, hidden],
    ['a value for all', { roles: { '*': 'viewer' } }, 'auth.roles.* must be a value that tokens have'],
    ['when a token ends', { roleClaim: 'exp' }, 'auth.roleClaim must be a claim of text, a list or true'],
    ['when it was made', { roleClaim: ['iat'] }, 'true and false: iat is a number'],
    ['when it begins', { roleClaim: 'nbf' }, 'true and false: nbf is a number'],
    ["a subject's claim", { subjectClaim: 'oid\u200b' }, hidden],
    ['no claim for a subject', { subjectClaim: '' }, "auth.subjectClaim must be a claim's name such as sub"],
    ['a list for a subject', { subjectClaim: ['a'] }, "auth.subjectClaim must be a claim's name such as sub"],
  ])('%s', (_what, auth, fault) => {
    expect(faultsOf(auth)).toEqual([expect.stringContaining(fault)])
  })

  it('for a person as well', () => {
    const people = { kim: { role: 'approver', jwt: ['kim\u200b'] } }
    expect(faultsOf({}, { people })).toEqual([expect.stringContaining(hidden)])
  })

  it('but not what only looks odd, or is true or false', () => {
    const roles = { 'Zoë – Approvers ✔️': 'approver', 'می\u200cخواهم': 'viewer', true: 'operator' }
    expect(faultsOf({ roleClaim: 'groups', roles })).toEqual([])
  })
})

it.each([
  ['audience', { audience: Array.from({ length: 100 }, (_, index) => `${uuid}-${index}`) }],
  [
    'roles',
    { roles: Object.fromEntries(Array.from({ length: 90 }, (_, at) => [`${uuid}-${at}`, 'viewer'])) },
  ],
  ['roleClaim', { roleClaim: Array.from({ length: 20 }, () => 'a'.repeat(250)) }],
  ['jwksUri', { jwksUri: `https://id.example.com/${'a'.repeat(5_000)}` }],
])('what is too long for the authorizer is told by its name: %s', (field, auth) => {
  expect(faultsOf(auth)).toEqual([
    expect.stringContaining(`auth.${field} must be shorter: the authorizer's variables would take `),
  ])
})

it.each(['email', 'upn', 'preferred_username', 'name', 'tid', 'client_id', 'iat', 'scp', 'cognito:groups'])(
  'a claim that several people have, or another one later, names nobody: %s',
  (subjectClaim) => {
    expect(faultsOf({ subjectClaim })).toEqual([
      expect.stringContaining(
        `auth.subjectClaim must be a claim that one person has for ever and nobody else, such as sub or oid: ${subjectClaim} is none`,
      ),
    ])
  },
)

it.each(['sub', 'oid', 'uid', 'https://example.com/person'])('people may be known by %s', (subjectClaim) => {
  expect(faultsOf({ subjectClaim })).toEqual([])
})

describe('a page', () => {
  const faultsOfPage = (page: unknown, auth: object = {}) => faultsOf(auth, { page })
  const clientId = 'license-page'

  it.each([
    [{ clientId }],
    [{ clientId: uuid, scopes: ['openid', 'offline_access', `api://${uuid}/license.view`] }],
    [{ clientId, audience: 'gateway', connect: ['https://auth.example.com', 'https://id.example.com:8443'] }],
  ])('may be %j', (page) => {
    expect(faultsOfPage(page)).toEqual([])
  })

  const connect = (origin: unknown) => ({ clientId, connect: [origin] })
  it.each([
    [{}, "page.clientId is missing: it must be the id of the page's registration at the issuer"],
    [true, 'page must be { clientId, scopes, audience, connect }, of which clientId is needed, not true'],
    [{ clientId: 'a b' }, "page.clientId must be the id of the page's registration at the issuer"],
    [{ clientId, secret: 'x' }, 'page.secret is not a field of an org file'],
    [{ clientId, scopes: [] }, 'page.scopes must be a list of scopes with openid'],
    [{ clientId, scopes: ['license.view'] }, 'page.scopes must be a list of scopes with openid'],
    [{ clientId, scopes: 'openid' }, 'page.scopes must be a list of scopes with openid'],
    [{ clientId, scopes: ['openid', 'a b'] }, "page.scopes.1 must be a scope's name, without blanks"],
    [{ clientId, scopes: Array(11).fill('openid') }, 'page.scopes must be a list of at most 10 scopes'],
    [{ clientId, audience: 'other' }, 'page.audience must be one of auth.audience: tokens for another'],
    [{ clientId, connect: [] }, 'page.connect must be a list of at least one https origin'],
    [connect('https://*.example.com'), 'page.connect.0 must be an https origin of one host, its name in'],
    [connect('*'), 'page.connect.0 must be an https URL such as https://login.example.com, not "*"'],
    [connect("https://a.example.com; script-src 'self'"), 'page.connect.0 must be an https URL such as'],
    [connect('https://a.example.com;script-src'), 'page.connect.0 must be an https origin of one host'],
    [connect('https://a.example.com,b.example.com'), 'page.connect.0 must be an https origin of one host'],
    [connect('https://a.example.com/'), 'page.connect.0 must be an origin alone, https://a.example.com'],
    [connect('https://A.example.com'), 'page.connect.0 must be an origin alone, https://a.example.com'],
    [connect('https://a.example.com/token'), 'page.connect.0 must be an origin alone'],
    [connect('http://a.example.com'), 'page.connect.0 must be an https URL such as'],
    [connect('https://localhost'), 'page.connect.0 must be an https URL such as'],
  ])('is refused as %j, and it is said why', (page, fault) => {
    expect(faultsOfPage(page)).toEqual([expect.stringContaining(fault)])
  })

  it('with iam has nobody who could sign in', () => {
    const file = { ...fixtures.iam, page: { clientId } }
    expect(() => defineOrg(file)).toThrow(
      "Org file 'iam': page must be left out with auth.kind 'iam': people sign in to it with tokens of an issuer, which 'jwt' takes.",
    )
  })

  it('has nobody who could sign in with an issuer of version 1 tokens of Entra', () => {
    const issuer = `https://sts.windows.net/${uuid}/`
    expect(faultsOfPage({ clientId }, { issuer })).toEqual([
      expect.stringContaining('page must be left out where auth.issuer is that of version 1 tokens of Entra'),
    ])
    expect(faultsOfPage({ clientId }, { issuer: `https://login.microsoftonline.com/${uuid}/v2.0` })).toEqual(
      [],
    )
  })

  it('whose client id stands for the audience must be among those that are taken', () => {
    const auth = { audience: ['another'], audienceClaim: 'client_id' }
    expect(faultsOfPage({ clientId }, auth)).toEqual([
      expect.stringContaining('auth.audience must have page.clientId too: with audienceClaim'),
    ])
    expect(faultsOfPage({ clientId }, { ...auth, audience: ['another', clientId] })).toEqual([])
  })

  it('whose settings are too long for its function is told so', () => {
    const scopes = ['openid', ...Array.from({ length: 9 }, (_, at) => `${at}`.repeat(256))]
    const connect = Array.from(
      { length: 10 },
      (_, at) => `https://${`${at}`.repeat(63)}.${'a'.repeat(63)}.com`,
    )
    const issuer = `https://login.example.com/${'a'.repeat(500)}`
    expect(faultsOfPage({ clientId, scopes, connect }, { issuer })).toEqual([
      expect.stringContaining("page.scopes must be shorter: the page's variables would take "),
    ])
  })
})
