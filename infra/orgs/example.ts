/**
 * One Genesys org, and all that its stack needs to know. Copy this file, fill it in, add it to `index.ts`, and run
 * `npm run synth`: whatever is wrong is said in one sentence a field.
 */
import { defineOrg } from './define-org.ts'

export const example = defineOrg({
  // The stack is called genesys-license-example.
  name: 'example',

  // Genesys Cloud: the region of your org, and its id and name as Admin > Account settings shows them.
  region: 'eu_west_1',
  id: '00000000-0000-4000-8000-000000000000',
  orgName: 'Example Org',

  // Where to deploy. Left out, it is where your AWS credentials point.
  // aws: { account: '000000000000', region: 'eu-west-1' },

  // How callers prove who they are. `jwt` takes bearer tokens of any OIDC issuer; official Genesys SDKs need it.
  auth: {
    kind: 'jwt',
    issuer: 'https://login.example.com/',
    audience: 'genesys-license-gateway',
    roleClaim: 'scope',
    roles: {
      'license:view': 'viewer',
      'license:operate': 'operator',
      'license:approve': 'approver',
    },
    // Keys are found by the issuer's discovery document. docs/identity.md has this for Entra, Okta, Keycloak and others.
    // audienceClaim: 'client_id', // Cognito
    // roleClaim: ['realm_access', 'roles'], // a claim within another: Keycloak
    // jwksUri: 'https://login.example.com/.well-known/jwks.json',
    // cacheSeconds: 300,
    // subjectClaim: 'oid', // who a token is for: Entra, whose sub is another for each app
  },
  // With `iam` callers sign with SigV4; official Genesys SDKs cannot.
  // auth: {
  //   kind: 'iam',
  //   roles: {
  //     viewer: ['reporting-tool'], // an IAM role of this account
  //     operator: ['arn:aws:iam::000000000000:role/licensing-tool'], // a role of another account
  //   },
  // },

  // The page, at the API's own address, for people who sign in with that issuer. docs/page.md has what to register there.
  // page: {
  //   clientId: 'license-page', // a public client, without a secret
  //   scopes: ['openid', 'offline_access', 'license:view', 'license:operate', 'license:approve'],
  //   audience: 'genesys-license-gateway', // where the issuer asks for it: Auth0
  //   connect: ['https://auth.example.com'], // where tokens are fetched, if not at the issuer's host: Cognito
  // },

  // Reachable from the internet, or through VPC endpoints for execute-api alone.
  network: { kind: 'regional' },
  // network: { kind: 'private', vpcEndpointIds: ['vpce-00000000000000000'] },

  // A web ACL in front: a rate limit for each address and AWS's common rule set. It has its price a month.
  waf: true,
  // waf: { rateLimitPer5Minutes: 500 },
  // waf: { webAclArn: 'arn:aws:wafv2:eu-west-1:000000000000:regional/webacl/example/00000000-0000-4000-8000-000000000000' },

  // The API's own host name. API Gateway's default endpoint is then closed.
  // customDomain: {
  //   domainName: 'licenses.example.com',
  //   certificateArn: 'arn:aws:acm:eu-west-1:000000000000:certificate/00000000-0000-4000-8000-000000000000',
  // },

  // Who is who. Only people listed here can approve, and nobody approves what they asked for themselves, by
  // whatever identity. `jwt` takes the sub claims of tokens (or `subjectClaim`), `iam` takes ARNs; the role here is for chat.
  // people: {
  //   'robin.example': { role: 'operator', jwt: ['00000000-0000-4000-8000-000000000001'], name: 'Robin Example' },
  //   'kim.example': {
  //     role: 'approver',
  //     jwt: ['00000000-0000-4000-8000-000000000002'],
  //     iam: ['arn:aws:iam::000000000000:role/licensing-lead'], // without the role's path
  //     slack: ['U0000000000'],
  //     teams: ['00000000-0000-4000-8000-000000000003'],
  //     name: 'Kim Example', // for whoever reads who asked; the short name where it is left out
  //     timeZone: 'Europe/Berlin',
  //     email: 'kim@example.com',
  //   },
  // },

  // What asks by itself. It approves nothing, and its owners approve nothing that it asks for. Where a change needs
  // approval, whoever is no person and no tool is refused. With `iam`, nobody else puts events of its sources on the bus.
  // tools: {
  //   'workforce-planner': {
  //     owners: ['robin.example'],
  //     iam: ['arn:aws:iam::000000000000:role/workforce-planner'], // without the role's path
  //     eventSources: ['com.example.workforce'],
  //   },
  // },

  // Needed where an identity above is one session of a role (arn:aws:sts::000000000000:assumed-role/ROLE/SESSION):
  // whoever may assume the role chooses the session's name. It says that the role's trust policy pins it to who they are:
  //   "Condition": { "StringEquals": { "sts:RoleSessionName": "${aws:username}" } }
  // or that an identity provider sets it and nobody else may assume the role, as with IAM Identity Center.
  // iamSessionNames: 'pinned',

  // Which changes wait for a second person, of those above. All parts of one rule must fit; '*' is any.
  // approvals: [
  //   { toggles: ['*'] },
  //   { licenses: ['cloudCX4'] },
  //   { licenses: ['*'], peopleOver: 50 },
  //   { overSeats: true }, // of any license that `licenses` below names
  // ],

  // Hours after which such a change lapses; approvers are reminded at half of them.
  // approvalHours: 8,

  // Hours before something is taken back at which chat reminds of it; [] for never.
  // reminders: [24, 1],

  // What must come with a reason, whoever asks for it and where, by the same kind of rule.
  // reasons: [{ licenses: ['*'], peopleOver: 10 }],

  // What no change does, whoever asks and whoever approves. People by their Genesys ids, which GET /v1/users shows.
  // limits: {
  //   mostPeople: 2_000,
  //   protectedPeople: ['00000000-0000-4000-8000-000000000005'],
  //   protectedLicenses: ['cloudCX4'],
  // },

  // What the contract has: how it counts, which no API of Genesys tells, and for each license its seats and the contract's
  // charges that pay for them, named as the contract names them. Without `seats` the charges' own number counts, where Genesys
  // tells it. Plans show how many would be taken, and overSeats above asks where they do not suffice. Genesys bills by who
  // logged in or by the peak, not by who holds a license (docs/seats.md).
  // counting: 'named',
  // licenses: { cloudCX3: { seats: 250, charges: ['Genesys Cloud CX 3 Named'] } },

  // Told from so many per cent of the seats on, and each week on that day, in UTC.
  // nearPercent: 90,
  // digest: 'monday',

  // From which hour of the UTC day on each night's reading of who holds what is taken.
  // inventory: { hour: 2 },

  // Nothing is sent to Genesys until this is taken out again and deployed. An approver does the same at once, and lifts it,
  // with PUT /v1/writes or /license pause.
  // writes: 'paused',

  // /license in Slack and Microsoft Teams, for the people above who have an identity there. docs/chat.md walks through it.
  // chat: {
  //   slack: { teams: ['T0000000000'], apps: ['A0000000000'], approvals: 'C0000000000', notices: 'C0000000001' },
  //   teams: {
  //     tenants: ['00000000-0000-4000-8000-000000000004'],
  //     incoming: { '19:example@thread.tacv2': 'https://example.logic.azure.com/workflows/example' },
  //   },
  // },

  // Who hears of failures. Confirm the subscription mail, or no alarm arrives.
  alarms: { email: 'contact-centre-platform@example.com' },
  // alarms: { email: 'contact-centre-platform@example.com', okNotices: true }, // also when an alarm is over
  // alarms: { topicArn: 'arn:aws:sns:eu-west-1:000000000000:on-call' }, // a topic of your own: docs/deploy.md

  // The ledger's table, where it is there already: restored from a backup, or kept when a stack went (docs/operations.md).
  // With the ARN of the key it is encrypted with, unless that is this stack's own.
  // ledgerTable: { name: 'genesys-license-example-restored' },

  // Tags of all that the stack makes.
  // tags: { 'cost-centre': '1234' },

  // logRetentionDays: 90,
  // throttling: { all: { perSecond: 50, burst: 100 }, writes: { perSecond: 2, burst: 5 } },
})
