import { describe, expect, it } from 'vitest'
import { defineOrg, distinctOrgs, type OrgFile, OrgFileError } from '../../../infra/orgs/define-org.ts'
import { orgs } from '../../../infra/orgs/index.ts'
import { orgs as fixtures } from './test-orgs.ts'

/** The faults of the example with some fields replaced by what no type would allow. */
function faultsOf(wrong: object): readonly string[] {
  try {
    defineOrg({ ...fixtures.jwt, ...wrong } as OrgFile)
    return []
  } catch (error) {
    if (error instanceof OrgFileError) return error.faults
    throw error
  }
}

const person = (wrong: object) => ({ people: { robin: { role: 'approver', jwt: ['robin'], ...wrong } } })
const approvals = (...rules: readonly object[]) => ({ approvals: rules })
const workflow = 'https://example.logic.azure.com/workflows/1'
const slack = (wrong: object) => ({ chat: { slack: { teams: ['T0000000001'], ...wrong } } })
const teams = (wrong: object) => ({
  chat: { teams: { tenants: ['00000000-0000-4000-8000-000000000003'], ...wrong } },
})
const iam = (roles: object) => ({ auth: { kind: 'iam', roles } })
const ireland = { account: '000000000000', region: 'eu-west-1' }
const uuid = '00000000-0000-4000-8000-000000000000'
const manyGroups = Array.from({ length: 100 }, (_, index) => `license-viewers-of-the-department-${index}`)
const certificate = (region: string, partition = 'aws') =>
  `arn:${partition}:acm:${region}:000000000000:certificate/${uuid}`
const webAcl = (region: string) => `arn:aws:wafv2:${region}:000000000000:regional/webacl/example/${uuid}`
const kept = { ledgerTable: { name: 'kept' } }
const jwt = (wrong: object) => ({ auth: { ...fixtures.jwt.auth, ...wrong } })

describe('an org file', () => {
  it('is accepted where it is right, the checked-in ones too', () => {
    expect(faultsOf({})).toEqual([])
    expect(orgs.length).toBeGreaterThan(0)
  })

  it.each([
    [
      'name',
      { name: 'Example_1' },
      'name must be lower-case letters, digits and hyphens, a letter first, at most 31',
    ],
    ['name', { name: 'a'.repeat(32) }, 'name must be lower-case letters'],
    ['region', { region: 'eu-west-1' }, 'region must be one of us_east_1, eu_west_1'],
    ['region', { region: undefined }, 'region is missing: it must be a Genesys Cloud region'],
    [
      'id',
      { id: '00000000\u20130000-4000-8000-000000000000' },
      'id must be the Genesys org\'s id, a UUID, not "00000000\u20130000-4000-8000-000000000000"; as character 9 it has an en dash (U+2013) where a hyphen belongs',
    ],
    [
      'approvals',
      { approvals: [{ licenses: ['cloud\u200eCX3'] }] },
      'approvals.0.licenses.0 must be a license\'s id or *, not "cloud\\u200ECX3"; as character 6 it has an invisible character (U+200E)',
    ],
    [
      'seats',
      { seats: { 'cloudCX3\u200b': 5 } },
      'seats.cloudCX3\\u200B must be a license\'s id, not "cloudCX3\\u200B"; as character 9 it has an invisible character (U+200B)',
    ],
    [
      'people',
      { people: { kim: { role: 'viewer', jwt: ['kim'], email: 'kim\u00ad@example.com' } } },
      'people.kim.email must be a mail address, as Genesys has it, not "kim\\u00AD@example.com"; as character 4 it has an invisible character (U+00AD)',
    ],
    ['id', { id: 'my-org' }, 'id must be the Genesys org\'s id, a UUID, not "my-org"'],
    ['orgName', { orgName: ' ' }, "orgName must be the org's name as Genesys shows it"],
    ['orgName', { orgName: 'Two\nlines' }, "orgName must be the org's name as Genesys shows it, on one line"],
    [
      'aws',
      { aws: { account: 0, region: 'eu-west-1' } },
      'aws.account must be a 12-digit AWS account id in quotes, not 0',
    ],
    [
      'aws',
      { aws: { account: '000000000000', region: 'eu_west_1' } },
      'aws.region must be an AWS region such as eu-west-1',
    ],
    [
      'auth',
      { auth: undefined },
      "auth is missing: it must be { kind: 'iam', ... } or { kind: 'jwt', ... }: there is no default",
    ],
    ['auth', { auth: { kind: 'none' } }, "auth.kind must be { kind: 'iam', ... } or { kind: 'jwt', ... }"],
    [
      'auth',
      jwt({ issuer: 'http://login.example.com' }),
      'auth.issuer must be an https URL such as https://login.example.com/',
    ],
    ['auth', jwt({ audience: '' }), 'auth.audience must be the audience your tokens carry'],
    ['auth', jwt({ audience: ['gateway', ''] }), 'auth.audience.1 must be the audience your tokens carry'],
    ['auth', jwt({ audience: [] }), 'auth.audience must be the audience your tokens carry'],
    ['auth', jwt({ audienceClaim: 'azp' }), 'auth.audienceClaim must be aud or client_id, not "azp"'],
    [
      'auth',
      jwt({ issuer: 'https://login.example.com/.well-known/openid-configuration' }),
      "auth.issuer must be the issuer alone, as a token's iss claim has it",
    ],
    [
      'auth',
      jwt({ issuer: 'https://login.microsoftonline.com/common/v2.0' }),
      'auth.issuer must be the issuer of one tenant',
    ],
    [
      'auth',
      jwt({ issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0' }),
      'auth.issuer must be an https URL',
    ],
    ['auth', jwt({ roleClaim: '' }), "auth.roleClaim must be a claim's name, or a list of names"],
    ['auth', jwt({ roleClaim: [] }), "auth.roleClaim must be a claim's name, or a list of names"],
    ['auth', jwt({ roleClaim: ['realm_access', ' '] }), "auth.roleClaim.1 must be a claim's name, or a list"],
    [
      'auth',
      jwt({ roles: { '': 'viewer' } }),
      "auth.roles.'' must have 1 to 256 characters and no blanks at its ends: as it is, no token has it",
    ],
    [
      'auth',
      jwt({ roles: { 'license:view ': 'viewer' } }),
      'auth.roles.license:view  must have 1 to 256 characters and no blanks at its ends',
    ],
    [
      'auth',
      jwt({ roles: { 'License Viewers': 'viewer' } }),
      'auth.roles.License Viewers must not have blanks: what a token has in scope is split at them',
    ],
    [
      'auth',
      jwt({ roles: Object.fromEntries(manyGroups.map((group) => [group, 'viewer'])) }),
      "auth.roles must be shorter: the authorizer's variables would take 5",
    ],
    [
      'aws',
      { aws: { account: '000000000000', region: 'cn-north-1' } },
      "aws.region must be one of AWS's commercial or GovCloud regions, not cn-north-1: China, the EU sovereign cloud and isolated regions are not supported",
    ],
    [
      'aws',
      { aws: { account: '000000000000', region: 'eusc-de-east-1' } },
      "aws.region must be one of AWS's commercial or GovCloud regions",
    ],
    [
      'a certificate of another region',
      {
        aws: ireland,
        customDomain: { ...fixtures.iam.customDomain, certificateArn: certificate('us-east-1') },
      },
      "customDomain.certificateArn must be of the region eu-west-1, the stack's own, not of us-east-1",
    ],
    [
      'a certificate of another account',
      {
        aws: { ...ireland, account: '111111111111' },
        customDomain: { ...fixtures.iam.customDomain, certificateArn: certificate('eu-west-1') },
      },
      "customDomain.certificateArn must be of the account 111111111111, the stack's own, not of 000000000000",
    ],
    [
      'a certificate of another partition',
      { customDomain: { ...fixtures.iam.customDomain, certificateArn: certificate('cn-north-1', 'aws-cn') } },
      'customDomain.certificateArn must begin with arn:aws: or arn:aws-us-gov:: China, the EU sovereign cloud',
    ],
    [
      'a web ACL of another region',
      { aws: ireland, waf: { webAclArn: webAcl('eu-central-1') } },
      "waf.webAclArn must be of the region eu-west-1, the stack's own, not of eu-central-1",
    ],
    [
      'a web ACL elsewhere than the certificate, wherever the stack will be',
      {
        waf: { webAclArn: webAcl('eu-central-1') },
        customDomain: { ...fixtures.iam.customDomain, certificateArn: certificate('eu-west-1') },
      },
      'waf.webAclArn must be of the region eu-west-1, that of customDomain.certificateArn, not of eu-central-1',
    ],
    [
      'a web ACL for CloudFront',
      { waf: { webAclArn: webAcl('us-east-1').replace(':regional/', ':global/') } },
      "waf.webAclArn must be a regional web ACL's ARN",
    ],
    [
      'a person of another partition',
      { aws: ireland, ...person({ iam: ['arn:aws-us-gov:iam::000000000000:user/robin'] }) },
      'people.robin.iam.0 must begin with arn:aws:: no other reaches the stack',
    ],
    [
      'a role of another partition',
      { aws: ireland, ...iam({ viewer: ['arn:aws-cn:iam::000000000000:role/x'] }) },
      'auth.roles.viewer.0 must begin with arn:aws:: China',
    ],
    ['auth', jwt({ roles: {} }), 'auth.roles must be a table with at least one claim value -> role'],
    [
      'auth',
      jwt({ roles: { admin: 'admin' } }),
      'auth.roles.admin must be viewer, operator or approver, not "admin"',
    ],
    ['auth', jwt({ jwksUri: 'keys.json' }), 'auth.jwksUri must be an https URL'],
    [
      'auth',
      jwt({ cacheSeconds: 301 }),
      'auth.cacheSeconds must be a whole number of seconds from 0 to 300, not 301',
    ],
    [
      'auth',
      iam({ viewer: 'reporting-tool' }),
      'auth.roles.viewer must be a list of IAM role names or role ARNs',
    ],
    [
      'auth',
      iam({ viewer: ['*'] }),
      "auth.roles.viewer.0 must be an IAM role's name, or the ARN of another account's role",
    ],
    [
      'auth',
      iam({ viewer: ['arn:aws:iam::000000000000:root'] }),
      "auth.roles.viewer.0 must be an IAM role's name",
    ],
    ['auth', iam({ admin: [] }), 'auth.roles.admin is not a field of an org file'],
    [
      'network',
      { network: { kind: 'vpc' } },
      "network.kind must be { kind: 'regional' } or { kind: 'private', vpcEndpointIds }",
    ],
    [
      'network',
      { network: { kind: 'private', vpcEndpointIds: [] } },
      "network.vpcEndpointIds must be a list of at least one VPC endpoint's id",
    ],
    [
      'network',
      { network: { kind: 'private', vpcEndpointIds: ['vpc-1'] } },
      "network.vpcEndpointIds.0 must be a VPC endpoint's id",
    ],
    [
      'waf',
      { waf: undefined },
      'waf is missing: it must be true, false, { rateLimitPer5Minutes } or { webAclArn }',
    ],
    [
      'ledgerTable',
      { ledgerTable: 'restored' },
      'ledgerTable must be { name, keyArn }, of which name is needed, not "restored"',
    ],
    [
      'ledgerTable.name',
      { ledgerTable: { name: 'arn:aws:dynamodb:eu-west-1:000000000000:table/restored' } },
      "ledgerTable.name must be a DynamoDB table's name, not ",
    ],
    [
      'ledgerTable.keyArn',
      { ledgerTable: { name: 'restored', keyArn: 'arn:aws:kms:eu-west-1:000000000000:alias/mine' } },
      "ledgerTable.keyArn must be a KMS key's ARN, not that of an alias",
    ],
    [
      'ledgerTable.keyArn',
      {
        aws: ireland,
        ledgerTable: { name: 'restored', keyArn: `arn:aws:kms:eu-west-1:111111111111:key/${uuid}` },
      },
      "ledgerTable.keyArn must be of the account 000000000000, the stack's own, not of 111111111111",
    ],
    ['audit', { audit: 'GOVERNANCE' }, 'audit must be { mode, days } or { bucketName }, not "GOVERNANCE"'],
    ['audit', { audit: { years: 1 } }, 'audit.years is not a field of an org file'],
    [
      'audit.mode',
      { audit: { mode: 'compliance' } },
      "audit.mode must be 'GOVERNANCE' or 'COMPLIANCE', not \"compliance\"",
    ],
    [
      'audit.days',
      { audit: { days: 0 } },
      'audit.days must be a whole number of days from 1 to 36500, not 0',
    ],
    [
      'audit.days',
      { audit: { days: 1.5 } },
      'audit.days must be a whole number of days from 1 to 36500, not 1.5',
    ],
    [
      'audit.days',
      { audit: { days: 36_501 } },
      'audit.days must be a whole number of days from 1 to 36500, not 36501',
    ],
    [
      'audit.days',
      { audit: { days: '396' } },
      'audit.days must be a whole number of days from 1 to 36500, not "396"',
    ],
    [
      'audit.bucketName',
      { ...kept, audit: { bucketName: 'arn:aws:s3:::kept' } },
      'audit.bucketName must be an S3 bucket\'s name without dots: lower-case letters, digits and hyphens, not "arn:aws:s3:::kept"',
    ],
    [
      'audit.bucketName',
      { ...kept, audit: { bucketName: 'kept', mode: 'COMPLIANCE' } },
      'audit.bucketName must stand alone: a bucket that is there already locks files as it is set to',
    ],
    [
      'audit.bucketName',
      { audit: { bucketName: 'kept' } },
      'audit.bucketName must be left out or ledgerTable must name the ledger kept with it',
    ],
    ['tags', { tags: ['a'] }, 'tags must be a table of at most 50 tags, each a key -> a value'],
    [
      'tags',
      { tags: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`key-${index}`, ''])) },
      'tags must be a table of at most 50 tags, each a key -> a value, not 51',
    ],
    [
      'tags',
      { tags: { owner: 'a;b' } },
      'tags.owner must be a text of at most 256 letters, digits, blanks and',
    ],
    [
      'tags',
      { tags: { 'aws:owner': 'a' } },
      'tags.aws:owner must be under a key of 1 to 128 such characters',
    ],
    [
      'tags',
      { tags: { owner: 'a', Owner: 'b' } },
      'tags.owner must not be there beside Owner: to IAM they are one key',
    ],
    ['waf', { waf: 'on' }, 'waf must be true, false, { rateLimitPer5Minutes } or { webAclArn }, not "on"'],
    [
      'waf',
      { waf: { rateLimitPer5Minutes: 9 } },
      'waf.rateLimitPer5Minutes must be a whole number from 10 to 2000000000, not 9',
    ],
    [
      'waf',
      { waf: { rateLimitPer5Minutes: 2_000_000_001 } },
      'waf.rateLimitPer5Minutes must be a whole number from 10 to 2000000000, not 2000000001',
    ],
    ['waf', { waf: { webAclArn: 'arn:aws:wafv2' } }, "waf.webAclArn must be a regional web ACL's ARN"],
    [
      'customDomain',
      { customDomain: { ...fixtures.iam.customDomain, domainName: 'https://x' } },
      'customDomain.domainName must be a host name',
    ],
    [
      'customDomain',
      { customDomain: { domainName: 'licenses.example.com' } },
      "customDomain.certificateArn is missing: it must be an ACM certificate's ARN",
    ],
    ['alarms', { alarms: undefined }, 'alarms is missing: it must be { email } or { topicArn }'],
    ['alarms', { alarms: { okNotices: true } }, 'alarms must be { email } or { topicArn }'],
    [
      'alarms',
      { alarms: { email: 'a@example.com', topicArn: 'arn:aws:sns:eu-west-1:000000000000:on-call' } },
      'alarms must be { email } or { topicArn }',
    ],
    [
      'alarms',
      { alarms: { topicArn: 'arn:aws:sns:eu-west-1:000000000000:on-call.fifo' } },
      'alarms.topicArn must be a standard SNS topic\'s ARN, not "arn:aws:sns:eu-west-1:000000000000:on-call.fifo"',
    ],
    [
      'alarms',
      { alarms: { email: 'a@example.com', okNotices: 'yes' } },
      'alarms.okNotices must be true or false, not "yes"',
    ],
    [
      'alarms',
      { aws: ireland, alarms: { topicArn: 'arn:aws:sns:us-east-1:111111111111:on-call' } },
      "alarms.topicArn must be of the region eu-west-1, the stack's own, not of us-east-1",
    ],
    [
      'alarms',
      { aws: ireland, alarms: { topicArn: 'arn:aws-us-gov:sns:us-gov-west-1:000000000000:on-call' } },
      'alarms.topicArn must begin with arn:aws:: no other reaches the stack',
    ],
    [
      'alarms',
      {
        waf: { webAclArn: webAcl('us-east-1') },
        alarms: { topicArn: 'arn:aws:sns:eu-west-1:111111111111:on-call' },
      },
      'alarms.topicArn must be of the region us-east-1, that of waf.webAclArn, not of eu-west-1',
    ],
    [
      'alarms',
      { alarms: { email: 'platform' } },
      'alarms.email must be a mail address that alarms go to, not "platform"',
    ],
    [
      'logRetentionDays',
      { logRetentionDays: 91 },
      'logRetentionDays must be one of 1, 3, 5, 7, 14, 30, 60, 90',
    ],
    [
      'throttling',
      { throttling: { writes: { perSecond: 0, burst: 1 } } },
      'throttling.writes.perSecond must be a whole number from 1 to 10000, not 0',
    ],
    ['people', { people: ['robin'] }, "people must be a table of a person's name -> { role, iam, jwt, ... }"],
    [
      'people',
      { people: { 'Robin Example': { role: 'approver', jwt: ['robin'] } }, approvals: [] },
      'people.Robin Example must be named by 1 to 64 letters, digits and . _ @ -',
    ],
    [
      'people',
      person({ role: 'admin' }),
      'people.robin.role must be viewer, operator or approver, not "admin"',
    ],
    [
      'people',
      person({ jwt: undefined }),
      'people.robin must have one of iam, jwt, slack, teams: without any it is nobody',
    ],
    ['people', person({ jwt: [] }), 'people.robin.jwt must be a list of at least one, each a token'],
    [
      'people',
      person({ iam: ['arn:aws:iam::000000000000:role/team/licensing'] }),
      "people.robin.iam.0 must be an IAM user's ARN, a role's without its path, or an assumed-role session's",
    ],
    [
      'people',
      person({ slack: ['@robin'] }),
      'people.robin.slack.0 must be a Slack user id such as U0123456789',
    ],
    ['people', person({ teams: ['robin'] }), 'people.robin.teams.0 must be an Entra object id'],
    [
      'people',
      person({ timeZone: 'Berlin' }),
      'people.robin.timeZone must be an IANA time zone such as Europe/Berlin, not "Berlin"',
    ],
    [
      'people',
      person({ email: 'x' }),
      'people.robin.email must be a mail address, as Genesys has it, not "x"',
    ],
    ['people', person({ mail: 'x' }), 'people.robin.mail is not a field of an org file'],
    ['limits', { limits: {} }, 'limits must have one of mostPeople, protectedPeople, protectedLicenses'],
    [
      'limits',
      { limits: { mostPeople: 0 } },
      'limits.mostPeople must be a whole number of people from 1 to 50000, not 0',
    ],
    [
      'limits',
      { limits: { protectedPeople: ['kim@example.com'] } },
      'limits.protectedPeople.0 must be a user\'s id, a UUID, not "kim@example.com"',
    ],
    [
      'limits',
      { limits: { protectedLicenses: [] } },
      "limits.protectedLicenses must be a list of at least one license's id",
    ],
    [
      'limits',
      { limits: { mostPeople: 5, protected: [] } },
      'limits.protected is not a field of an org file',
    ],
    ['reasons', { reasons: [{}] }, 'reasons.0 must have one of licenses, toggles, peopleOver and overSeats'],
    [
      'reasons',
      { reasons: [{ overSeats: true }] },
      'reasons.0 must not have overSeats, which is for approvals alone',
    ],
    [
      'approvals',
      { approvals: [{ overSeats: false }] },
      'approvals.0.overSeats must be true, or left out, not false',
    ],
    [
      'approvals',
      { approvals: [{ overSeats: true }] },
      'approvals.0.overSeats must be left out, or licenses must say which seats such a license has',
    ],
    [
      'approvals',
      { approvals: [{ overSeats: true, licenses: ['cloudCX2'] }], seats: { cloudCX3: 250 } },
      'approvals.0.overSeats must be left out, or licenses must say which seats such a license has',
    ],
    [
      'seats',
      { licenses: { cloudCX3: { seats: 250 } }, seats: { CLOUDCX3: 200, cloudCX2: 5 } },
      'seats.CLOUDCX3 must be left out: licenses has it too, and one license has one number of seats',
    ],
    ['licenses', { licenses: [250] }, "licenses must be a table of a license's id -> { seats, charges }"],
    ['licenses', { licenses: { cloudCX3: {} } }, 'licenses.cloudCX3 must have seats, charges or both'],
    ['licenses', { licenses: { cloudCX3: 250 } }, 'licenses.cloudCX3 must be { seats, charges }'],
    [
      'licenses',
      { licenses: { cloudCX3: { seats: 2.5 } } },
      "licenses.cloudCX3.seats must be a whole number of seats, the contract's, not 2.5",
    ],
    [
      'licenses',
      { licenses: { cloudCX3: { charges: [] } } },
      "licenses.cloudCX3.charges must be a list of at least one charge's name, as Genesys's contract has it",
    ],
    [
      'licenses',
      { licenses: { cloudCX3: { charges: [' CX 3'] } } },
      "licenses.cloudCX3.charges.0 must be a charge's name, on one line",
    ],
    [
      'licenses',
      { licenses: { cloudCX3: { charges: ['CX 3 Named'] }, cloudCX2: { charges: ['cx 3 named'] } } },
      'licenses.cloudCX2.charges.0 must not be there, since cloudCX3 has it too: a charge counts for one license',
    ],
    [
      'licenses',
      { licenses: { cloudCX3: { seats: 1 }, CLOUDCX3: { seats: 2 } } },
      'licenses.cloudCX3 must not be there beside CLOUDCX3: a license counts once, whatever its case',
    ],
    ['counting', { counting: 'peak' }, "counting must be 'named' or 'concurrent', as your contract has it"],
    [
      'nearPercent',
      { nearPercent: 0 },
      'nearPercent must be a whole number of per cent from 1 to 100, not 0',
    ],
    ['digest', { digest: 'someday' }, 'digest must be one of monday, tuesday'],
    ['seats', { seats: [250] }, "seats must be a table of a license's id -> seats"],
    [
      'seats',
      { seats: { cloudCX3: -1 } },
      "seats.cloudCX3 must be a whole number of seats, the contract's, not -1",
    ],
    [
      'seats',
      { seats: { cloudCX3: 1, CLOUDCX3: 2 } },
      'seats.cloudCX3 must not be there beside CLOUDCX3: a license counts once, whatever its case',
    ],
    ['chat', { chat: 'slack' }, 'chat must be { slack, teams }, not "slack"'],
    ['chat', { chat: {} }, 'chat must have slack, teams or both'],
    ['chat', { chat: { ...slack({}).chat, discord: {} } }, 'chat.discord is not a field of an org file'],
    [
      'chat',
      { chat: { slack: {} } },
      "chat.slack.teams is missing: it must be a list of at least one Slack workspace's id",
    ],
    [
      'chat',
      { chat: { slack: { teams: [] } } },
      "chat.slack.teams must be a list of at least one Slack workspace's id",
    ],
    [
      'chat',
      slack({ teams: ['example'] }),
      'chat.slack.teams.0 must be a Slack workspace\'s id such as T0123456789, not "example"',
    ],
    [
      'chat',
      slack({ enterprises: ['T0000000001'] }),
      "chat.slack.enterprises.0 must be a Slack enterprise's id",
    ],
    ['chat', slack({ apps: [] }), "chat.slack.apps must be a list of at least one Slack app's id"],
    [
      'chat',
      slack({ approvals: '#approvals' }),
      "chat.slack.approvals must be a Slack channel's id such as C0123456789",
    ],
    ['chat', teams({ tenants: [] }), "chat.teams.tenants must be a list of at least one Entra tenant's id"],
    [
      'chat',
      teams({ tenants: ['example.com'] }),
      "chat.teams.tenants.0 must be an Entra tenant's id, a UUID in lower case",
    ],
    [
      'chat',
      teams({ incoming: { general: workflow } }),
      "chat.teams.incoming.general must be under a Teams channel's id",
    ],
    [
      'chat',
      teams({ incoming: { '19:x@thread.tacv2': 'http://example.com/' } }),
      'chat.teams.incoming.19:x@thread.tacv2 must be the https URL of a workflow.',
    ],
    [
      'chat',
      slack({ notices: '#licenses' }),
      "chat.slack.notices must be a Slack channel's id such as C0123456789",
    ],
    [
      'chat',
      teams({ incoming: { '19:x@thread.tacv2': workflow }, notices: '19:y@thread.tacv2' }),
      'chat.teams.notices must be the id of a channel that incoming has, since it is posted there',
    ],
    ['approvals', { approvals: { toggles: ['*'] } }, 'approvals must be a list of { licenses }, { toggles }'],
    ['approvalHours', { approvalHours: 0 }, 'approvalHours must be a whole number of hours from 1 to 168'],
    ['approvalHours', { approvalHours: 1.5 }, 'approvalHours must be a whole number of hours from 1 to 168'],
    ['reminders', { reminders: 24 }, 'reminders must be a list of hours, such as [24, 1]'],
    ['reminders', { reminders: [0] }, 'reminders.0 must be a whole number of hours from 1 to 672'],
    ['reminders', { reminders: [6, 5, 4, 3, 2, 1] }, 'reminders must be a list of at most 5'],
    ['approvals', approvals({}), 'approvals.0 must have one of licenses, toggles, peopleOver and overSeats'],
    [
      'approvals',
      approvals({ licenses: [] }),
      "approvals.0.licenses must be a list of at least one license's id",
    ],
    [
      'approvals',
      approvals({ toggles: ['a b'] }),
      'approvals.0.toggles.0 must be a toggle\'s name or *, not "a b"',
    ],
    [
      'approvals',
      approvals({ peopleOver: 50_000 }),
      'approvals.0.peopleOver must be a whole number from 0 to 49999, as no change has more than 50000 people, not 50000',
    ],
    [
      'approvals',
      approvals({ toggles: ['*'], peopleOver: 5 }),
      'approvals.0 must not have toggles beside licenses, peopleOver or overSeats: all parts must fit, and no change is about both',
    ],
    [
      'approvals',
      approvals({ toggles: ['*'], users: ['*'] }),
      'approvals.0.users is not a field of an org file',
    ],
    [
      'approvals',
      { people: undefined },
      'approvals must be left out or people must have somebody with role approver and an identity of auth.kind',
    ],
    ['approvals', person({ role: 'operator' }), 'approvals must be left out or people must have somebody'],
    [
      'approvals',
      person({ jwt: undefined, iam: ['arn:aws:iam::000000000000:user/robin'] }),
      'approvals must be left out or people must have somebody',
    ],
    ['an unknown field', { retention: 90 }, 'retention is not a field of an org file'],
    [
      'an unknown field within',
      { alarms: { email: 'a@example.com', slack: 'x' } },
      'alarms.slack is not a field of an org file',
    ],
  ])('says in one sentence what is wrong with %s (%j)', (_field, wrong, sentence) => {
    const faults = faultsOf(wrong)
    expect(faults).toHaveLength(1)
    const org = 'name' in wrong ? wrong.name : 'jwt'
    expect(faults[0]).toContain(`Org file '${org}': ${sentence}`)
    expect(faults[0]).toMatch(/\.$/)
  })

  it.each([
    ['Entra', { issuer: `https://login.microsoftonline.com/${uuid}/v2.0`, roleClaim: 'roles' }],
    ['Keycloak', { issuer: 'https://id.example.com/realms/a', roleClaim: ['realm_access', 'roles'] }],
    ['Auth0', { roleClaim: 'https://example.com/roles', audience: ['https://api.example.com/', 'x'] }],
    ['Cognito', { roleClaim: 'cognito:groups', audienceClaim: 'client_id' }],
    ['Okta', { roleClaim: 'groups', roles: { 'License Approvers': 'approver' } }],
  ])('takes what identity providers have: %s', (_name, wrong) => {
    expect(faultsOf(jwt(wrong))).toEqual([])
  })

  it('takes what is where the stack is', () => {
    const customDomain = { ...fixtures.iam.customDomain, certificateArn: certificate('eu-west-1') }
    expect(faultsOf({ aws: ireland, customDomain, waf: { webAclArn: webAcl('eu-west-1') } })).toEqual([])
    const gov = { account: '000000000000', region: 'us-gov-west-1' }
    expect(faultsOf({ aws: gov, people: undefined, approvals: [] })).toEqual([])
  })

  it('says all that is wrong at once', () => {
    const faults = faultsOf({
      region: 'nowhere',
      alarms: { email: '' },
      network: { kind: 'private', vpcEndpointIds: ['vpce-00000000000000001'] },
      customDomain: fixtures.iam.customDomain,
    })
    expect(faults.map((fault) => /'jwt': (\w+)/.exec(fault)?.[1])).toEqual([
      'region',
      'alarms',
      'customDomain',
    ])
  })

  it('gives each identity to one person only, a role with all its sessions', () => {
    const role = 'arn:aws:iam::000000000000:role/licensing'
    const session = (name: string) => `arn:aws:sts::000000000000:assumed-role/licensing/${name}`
    const sharing = (robin: object, kim: object) =>
      faultsOf({
        people: {
          robin: { role: 'operator', ...robin },
          kim: { role: 'approver', jwt: ['kim'], ...kim },
        },
      })
    const other = (name: string) => `must not be the same as, or a session of, what ${name} has`
    expect(sharing({ jwt: ['kim'] }, {})).toEqual([
      expect.stringContaining(`people.kim.jwt.0 ${other('robin')}`),
    ])
    expect(sharing({ iam: [session('first')] }, { iam: [role] })).toEqual([
      expect.stringContaining(`people.robin.iam.0 ${other('kim')}`),
    ])
    expect(sharing({ iam: [role, session('first')] }, {})).toEqual([])
    expect(sharing({ slack: ['U0123456789'] }, { teams: ['00000000-0000-4000-8000-000000000001'] })).toEqual(
      [],
    )
  })

  it('calls no two people the same, and nobody by what another is listed by', () => {
    const called = (robin: string | undefined, kim: string) =>
      faultsOf({
        people: {
          robin: { role: 'operator', jwt: ['r'], ...(robin === undefined ? {} : { name: robin }) },
          kim: { role: 'approver', jwt: ['k'], name: kim },
        },
        tools: { planner: { jwt: ['p'], owners: ['kim'] } },
      })
    const shared = (other: string) => [
      expect.stringContaining(`people.kim.name must be theirs alone: ${other} is called so too`),
    ]
    expect(called('Kim Lee', 'kim  LEE')).toEqual(shared('robin'))
    expect(called(undefined, 'Robin')).toEqual(shared('robin'))
    expect(called(undefined, 'planner')).toEqual(shared('planner'))
    expect(called('Robin', 'Kim')).toEqual([])
    expect(called(undefined, ' Kim')).toEqual([
      expect.stringContaining('people.kim.name must be a name of 1 to 64 characters'),
    ])
  })

  it('takes a session of a role for proof only where it says that the names are pinned', () => {
    const session = (name: string) => `arn:aws:sts::000000000000:assumed-role/licensing/${name}`
    const people = {
      robin: { role: 'operator', iam: [session('robin')] },
      kim: { role: 'approver', iam: [session('kim')], jwt: ['kim'] },
    }
    const unpinned = faultsOf({ people })
    expect(unpinned).toEqual(
      ['robin', 'kim'].map((name) =>
        expect.stringMatching(
          new RegExp(
            `people\\.${name}\\.iam\\.0 is one session.*sts:RoleSessionName.*iamSessionNames 'pinned'`,
          ),
        ),
      ),
    )
    expect(faultsOf({ people, iamSessionNames: 'pinned' })).toEqual([])
    expect(faultsOf({ people, iamSessionNames: true })).toEqual(
      expect.arrayContaining([expect.stringContaining("iamSessionNames must be 'pinned', or be left out")]),
    )
    const tools = { job: { iam: [session('job')] } }
    expect(faultsOf({ tools })).toEqual([expect.stringContaining('tools.job.iam.0 is one session')])
  })

  it.each([
    ['of a person’s name', { kim: { jwt: ['job'] } }, 'tools.kim must not be named as one of people'],
    ['with a person’s identity', { job: { jwt: ['kim'] } }, 'tools.job.jwt.0 must not be the same as'],
    [
      'with another tool’s source',
      { one: { eventSources: ['a.b'] }, two: { eventSources: ['a.b'] } },
      'tools.two.eventSources.0 must not be the same as, or a session of, what one has',
    ],
    [
      'owned by nobody of people',
      { job: { jwt: ['j'], owners: ['mo'] } },
      'tools.job.owners.0 must be the name',
    ],
    [
      'without an identity',
      { job: { owners: ['kim'] } },
      'tools.job must have one of iam, jwt, eventSources',
    ],
    [
      'in chat',
      { job: { jwt: ['j'], slack: ['U0123456789'] } },
      'tools.job.slack is not a field of an org file',
    ],
    [
      'with the gateway’s own source',
      { job: { eventSources: ['genesys-license-gateway'] } },
      "tools.job.eventSources.0 must be an event's source that is not the gateway's own",
    ],
    ['with an unspeakable name', { 'a b': { jwt: ['j'] } }, 'must be named by 1 to 64 letters'],
  ])('refuses a tool %s', (_, tools, fault) => {
    const people = { kim: { role: 'approver', jwt: ['kim'] } }
    expect(faultsOf({ people, tools })).toEqual([expect.stringContaining(fault)])
  })

  it('may ask for approvals where somebody can approve, and have people without asking for any', () => {
    expect(faultsOf({ approvals: [{ licenses: ['*'], peopleOver: 0 }] })).toEqual([])
    expect(
      faultsOf({ approvals: [], people: { robin: { role: 'viewer', slack: ['U0123456789'] } } }),
    ).toEqual([])
    expect(faultsOf({ approvals: undefined, people: undefined })).toEqual([])
  })

  it('may ask for approvals where somebody can approve in Slack, but not where they could only in Teams', () => {
    const approver = {
      role: 'approver',
      slack: ['U0000000001'],
      teams: ['00000000-0000-4000-8000-000000000001'],
    }
    const people = { people: { kim: approver } }
    expect(faultsOf({ ...people, ...slack({}) })).toEqual([])
    const sentence = expect.stringContaining('approvals must be left out or people must have somebody')
    expect(faultsOf({ ...people, ...teams({}) })).toEqual([sentence])
    expect(faultsOf(people)).toEqual([sentence])
  })

  it('cannot have a custom domain on a private network', () => {
    expect(
      faultsOf({ network: fixtures.jwtPrivate.network, customDomain: fixtures.iam.customDomain }),
    ).toEqual([
      "Org file 'jwt': customDomain must be left out with network.kind 'private': a private API is called by its endpoint's name.",
    ])
  })

  it('is refused where it is no object at all', () => {
    for (const nothing of [undefined, null, 'example', []]) {
      expect(() => defineOrg(nothing as unknown as OrgFile)).toThrow(
        /^Org file 'without a name': it (is missing: it )?must be an object/,
      )
    }
  })

  it('must have a name of its own', () => {
    expect(() => distinctOrgs([fixtures.jwt, fixtures.iam, { ...fixtures.iam, name: 'jwt' }])).toThrow(
      "Org file 'jwt': name must be unique, and another org has it too.",
    )
  })

  it('must have a ledger of its own: two of one table would carry out each other’s changes', () => {
    const ledgerTable = { name: 'restored' }
    const made = [{ ...fixtures.jwt, ledgerTable }, fixtures.slack, { ...fixtures.iam, ledgerTable }]
    expect(() => distinctOrgs(made)).toThrow(
      /^Org file 'jwt': ledgerTable must be of this org alone, .*\nOrg file 'iam': ledgerTable must be of this org alone/,
    )
    const elsewhere = { account: '111111111111', region: 'eu-west-1' }
    expect(() => distinctOrgs(made.with(2, { ...fixtures.iam, ledgerTable, aws: elsewhere }))).not.toThrow()
  })

  it('must have an audit bucket of its own, wherever it is: names of buckets are the same everywhere', () => {
    const audit = { bucketName: 'kept' }
    const made = [
      { ...fixtures.jwt, audit },
      fixtures.slack,
      { ...fixtures.iam, audit, aws: { account: '111111111111', region: 'eu-west-1' } },
    ]
    expect(() => distinctOrgs(made)).toThrow(
      /^Org file 'jwt': audit.bucketName must be of this org alone, .*\nOrg file 'iam': audit.bucketName must be of this org alone/,
    )
    expect(() => distinctOrgs(made.slice(0, 2))).not.toThrow()
  })

  it.each([{}, { days: 1 }, { mode: 'COMPLIANCE', days: 36_500 }, { mode: 'GOVERNANCE' }])(
    'says how its audit files are locked: %j',
    (audit) => expect(faultsOf({ audit })).toEqual([]),
  )

  it('goes on in a bucket that was kept, with the ledger that was kept', () => {
    expect(faultsOf({ ...kept, audit: { bucketName: 'kept' } })).toEqual([])
  })
})
