/** Org files of each kind: both authentications on both networks, with chat and without. */
import { defineOrg, type OrgFile } from '../../../infra/orgs/define-org.ts'

const base = {
  region: 'eu_west_1',
  id: '00000000-0000-4000-8000-000000000000',
  orgName: 'Example Org',
  network: { kind: 'regional' },
  waf: false,
  alarms: { email: 'platform@example.com' },
} as const satisfies Partial<OrgFile>

const jwt = {
  kind: 'jwt',
  issuer: 'https://login.example.com/',
  audience: 'gateway',
  roleClaim: 'scope',
  roles: { 'license:view': 'viewer', 'license:operate': 'operator' },
} as const satisfies OrgFile['auth']

const privateNetwork = {
  kind: 'private',
  vpcEndpointIds: ['vpce-00000000000000001', 'vpce-00000000000000002'],
} as const satisfies OrgFile['network']

const certificateArn = 'arn:aws:acm:eu-west-1:000000000000:certificate/00000000-0000-4000-8000-000000000000'

export const orgs = {
  jwt: defineOrg({
    ...base,
    name: 'jwt',
    auth: jwt,
    waf: true,
    people: {
      robin: { role: 'operator', jwt: ['subject-of-robin'] },
      kim: {
        role: 'approver',
        jwt: ['subject-of-kim'],
        iam: ['arn:aws:iam::000000000000:user/kim'],
        timeZone: 'Europe/Berlin',
      },
    },
    approvals: [{ toggles: ['*'] }, { licenses: ['cloudCX4'], peopleOver: 10 }],
  }),
  jwtPrivate: defineOrg({
    ...base,
    name: 'jwt-private',
    auth: { ...jwt, cacheSeconds: 60, jwksUri: 'https://login.example.com/keys' },
    network: privateNetwork,
    logRetentionDays: 365,
    throttling: { writes: { perSecond: 1, burst: 1 } },
  }),
  iam: defineOrg({
    ...base,
    name: 'iam',
    auth: {
      kind: 'iam',
      roles: {
        viewer: ['reporting-tool'],
        operator: ['arn:aws:iam::000000000000:role/licensing-tool'],
      },
    },
    waf: { rateLimitPer5Minutes: 500 },
    customDomain: { domainName: 'licenses.example.com', certificateArn },
  }),
  iamPrivate: defineOrg({
    ...base,
    name: 'iam-private',
    auth: { kind: 'iam' },
    network: privateNetwork,
    alarms: { topicArn: 'arn:aws:sns:eu-west-1:111111111111:on-call', okNotices: true },
  }),
  chat: defineOrg({
    ...base,
    name: 'talk',
    auth: jwt,
    page: { clientId: 'license-page', connect: ['https://auth.example.com'] },
    network: privateNetwork,
    waf: true,
    people: {
      robin: { role: 'operator', slack: ['U0000000001'], email: 'robin@example.com' },
      kim: { role: 'approver', slack: ['U0000000002'], teams: ['00000000-0000-4000-8000-000000000002'] },
    },
    tools: {
      planner: {
        owners: ['kim'],
        iam: ['arn:aws:iam::000000000000:role/planner', 'arn:aws:iam::000000000000:user/planner'],
        eventSources: ['workforce.planning', 'workforce.night'],
      },
      job: { owners: ['kim'], iam: ['arn:aws:iam::000000000000:role/job'] },
      orphan: { jwt: ['subject-of-orphan'], eventSources: ['orphan'] },
    },
    approvals: [{ toggles: ['*'] }, { peopleOver: 2_000 }],
    approvalHours: 24,
    reasons: [{ licenses: ['*'], peopleOver: 10 }],
    limits: {
      mostPeople: 2_000,
      protectedPeople: ['00000000-0000-4000-8000-000000000005'],
      protectedLicenses: ['cloudCX4'],
    },
    counting: 'named',
    licenses: { cloudCX3: { seats: 250, charges: ['Genesys Cloud CX 3 Named'] } },
    seats: { wallboardUser: 5 },
    nearPercent: 80,
    digest: 'monday',
    chat: {
      slack: { teams: ['T0000000001'], apps: ['A0000000001'], approvals: 'C0000000001' },
      teams: {
        tenants: ['00000000-0000-4000-8000-000000000003'],
        incoming: { '19:licenses@thread.tacv2': 'https://example.logic.azure.com/workflows/1?sig=x' },
      },
    },
  }),
  slack: defineOrg({
    ...base,
    name: 'slack',
    auth: { kind: 'iam' },
    chat: { slack: { teams: ['T0000000001'] } },
  }),
} as const
