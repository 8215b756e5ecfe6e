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
