/** The two stacks that are rehearsed: everything an org file can ask for that a function sees, once for each kind of caller. */
import { SLACK, TEAMS } from '../../../infra/local/chat/places.ts'
import { person } from '../../../infra/local/org/people/people.ts'
import { defineOrg, type OrgFile } from '../../../infra/orgs/define-org.ts'

/** Where the stand-in for AWS says that it is, and so where the stacks are deployed to. */
export const ACCOUNT = '000000000000'
export const REGION = 'us-east-1'

/** Hosts that the org files name themselves. */
export const ISSUER_HOST = 'login.example.com'
export const TEAMS_HOST = new URL(TEAMS.incoming).host

export type Variant = 'jwt' | 'iam'

/** A license that only a second person may agree to. */
export const GUARDED_LICENSE = 'cxCloudSN'

export const AUDIENCE = 'gateway'

/** Who calls, as tokens and as IAM have them. */
export const callers = {
  operator: { subject: 'subject-of-robin', userArn: sessionOf('robin'), scope: 'license:operate' },
  approver: { subject: 'subject-of-kim', userArn: sessionOf('kim'), scope: 'license:approve' },
} as const

export type CallerRole = keyof typeof callers

/** As API Gateway tells the identity of a role that was assumed. */
function sessionOf(name: string): string {
  return `arn:aws:sts::${ACCOUNT}:assumed-role/${name}/session`
}

const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`

const auths: Readonly<Record<Variant, OrgFile['auth']>> = {
  jwt: {
    kind: 'jwt',
    issuer: `https://${ISSUER_HOST}/`,
    audience: AUDIENCE,
    roleClaim: 'scope',
    roles: { 'license:view': 'viewer', 'license:operate': 'operator', 'license:approve': 'approver' },
  },
  iam: {
    kind: 'iam',
    roles: { viewer: ['reporting'], operator: ['robin'], approver: ['kim'] },
  },
}

export function orgFileOf(variant: Variant): OrgFile {
  return defineOrg({
    name: `rehearsal-${variant}`,
    region: 'us_east_1',
    id: '00000000-0000-4000-8000-000000000000',
    orgName: 'Rehearsal',
    aws: { account: ACCOUNT, region: REGION },
    auth: auths[variant],
    network: { kind: 'regional' },
    ...(variant === 'jwt' && {
      page: { clientId: 'license-page' },
      customDomain: {
        domainName: 'licenses.example.com',
        certificateArn: `arn:aws:acm:${REGION}:${ACCOUNT}:certificate/00000000-0000-4000-8000-000000000000`,
      },
    }),
    waf: true,
    alarms: { email: 'platform@example.com' },
    people: {
      robin: {
        role: 'operator',
        jwt: [callers.operator.subject],
        iam: [role('robin')],
        slack: ['U0ROBIN'],
        teams: ['00000000-0000-4000-8000-0000000000c1'],
        email: person(0).email ?? '',
      },
      kim: {
        role: 'approver',
        jwt: [callers.approver.subject],
        iam: [role('kim')],
        slack: ['U0KIM'],
        teams: ['00000000-0000-4000-8000-0000000000c2'],
        timeZone: 'Europe/Berlin',
        email: person(1).email ?? '',
      },
    },
    tools: { planner: { owners: ['robin'], iam: [role('planner')], eventSources: ['workforce.planning'] } },
    approvals: [{ licenses: [GUARDED_LICENSE] }],
    reasons: [{ licenses: ['*'], peopleOver: 10 }],
    licenses: { cloudCX3: { seats: 250 } },
    chat: {
      slack: { teams: [SLACK.team], apps: [SLACK.app], approvals: SLACK.channels.approvals },
      teams: { tenants: [TEAMS.tenant], incoming: { [TEAMS.channel]: TEAMS.incoming } },
    },
  })
}
