/** What an org file says: everything a stack needs to know about one Genesys org and its place in AWS. */
import type { Region } from '../../lib/genesys/regions.ts'
import type { Role } from '../../lib/operation.ts'

/** Callers sign with SigV4. Official Genesys SDKs can't do that: they send a bearer token and need `jwt`. */
export interface IamAuth {
  readonly kind: 'iam'
  /**
   * Who may call, by role. An entry is the name of an IAM role in the stack's own account (the role's managed
   * policy is attached to it) or the ARN of a role in another account (the API's resource policy names it; that
   * account must allow its role the call too). Default: nobody; attach the managed policies yourself.
   */
  readonly roles?: Partial<Readonly<Record<Role, readonly string[]>>>
}

/** Callers send `Authorization: Bearer <JWT>` from any OIDC issuer. */
export interface JwtAuth {
  readonly kind: 'jwt'
  /** The issuer exactly as the token's `iss` claim has it: an https URL. */
  readonly issuer: string
  /** What the token's `aud` claim must hold, one of several where it is a list. */
  readonly audience: string | readonly string[]
  /**
   * The claim that says whom a token is for. Access tokens of Cognito have no `aud`: say `'client_id'`, and put the app
   * clients' ids into `audience`. Default: `'aud'`.
   */
  readonly audienceClaim?: 'aud' | 'client_id'
  /**
   * The claim that carries what `roles` maps, as text with blanks between values, as a list, or as true or false: `'scope'`, `'scp'`,
   * `'roles'`, `'groups'`, `'cognito:groups'`, `'permissions'`, `'https://example.com/roles'`. A text is a name taken
   * whole; a list leads to a claim within others: `['realm_access', 'roles']`.
   */
  readonly roleClaim: string | readonly string[]
  /** Value of that claim -> role. Who has no value in this table is refused; of several the highest role counts. */
  readonly roles: Readonly<Record<string, Role>>
  /**
   * Where the signing keys are, an https URL, with a query where an app has keys of its own. Default: where the issuer's discovery document,
   * `/.well-known/openid-configuration` behind the issuer, says that they are.
   */
  readonly jwksUri?: string
  /**
   * How long API Gateway may reuse the authorizer's answer to a token on reads, 0 to 300 seconds; on writes it
   * never does. It bounds how long a role that was taken away still reads. Default: 300.
   */
  readonly cacheSeconds?: number
}

/** Reachable from the internet at API Gateway's regional endpoint. */
export interface RegionalNetwork {
  readonly kind: 'regional'
}

/** Reachable through these interface endpoints for execute-api alone. */
export interface PrivateNetwork {
  readonly kind: 'private'
  readonly vpcEndpointIds: readonly string[]
}

/** Requests a second, and how many may come at once. */
export interface Throttle {
  readonly perSecond: number
  readonly burst: number
}

/** One person, and all that proves them. An identity belongs to one person only; each person has at least one. */
export interface Person {
  /** What they may do in chat. Over HTTP the token's claims or the IAM policies decide. */
  readonly role: Role
  /** ARNs: of an IAM user, of a role without its path (any session of it is this person), or of one session of a role. */
  readonly iam?: readonly string[]
  /** Subjects: the `sub` claims of JWTs. */
  readonly jwt?: readonly string[]
  /** Slack user ids, such as `U0123456789`. */
  readonly slack?: readonly string[]
  /** Entra object ids of Teams users. */
  readonly teams?: readonly string[]
  /** IANA name, for times in chat. Default: UTC. */
  readonly timeZone?: string
  /** Their own address in Genesys, for whoever mentions them in chat. */
  readonly email?: string
}

/**
 * What asks by itself: a workforce planner, a job, a bot. It can approve nothing. An identity, and a name, belongs to one
 * person or one tool only; each tool has at least one identity.
 */
export interface Tool {
  /** Names of people: they approve nothing that the tool asks for. Default: nobody is known to keep it; synth warns. */
  readonly owners?: readonly string[]
  /** ARNs, as a person's. With `eventSources` the bus lets nobody else put events of these sources. */
  readonly iam?: readonly string[]
  /** Subjects: the `sub` claims of JWTs. */
  readonly jwt?: readonly string[]
  /** The `source` of its events on the stack's bus. */
  readonly eventSources?: readonly string[]
}

/**
 * Which changes a second person must approve, or need a reason. All parts that are given must fit, so `toggles` stands alone. `*` is
 * any license or toggle.
 */
export interface ApprovalRule {
  /** Licenses' ids. */
  readonly licenses?: readonly string[]
  /** Toggles' names. */
  readonly toggles?: readonly string[]
  /** Changes of more people than that. */
  readonly peopleOver?: number
  /**
   * In `approvals`: changes that give a license, of those in `licenses` or any that `seats` names, beyond its seats. It
   * is a rule for asking and no limit: counts are as of the last reading of who holds what, and what is done in Genesys
   * itself shows with the next. Without a reading of the last 24 hours a second person is asked in any case.
   */
  readonly overSeats?: true
}

/** `/license` in Slack: which requests are listened to, by the ids that Slack itself puts into them. */
export interface SlackChat {
  /** Workspaces, such as `T0123456789`. */
  readonly teams: readonly string[]
  /** Enterprise organizations, such as `E0123456789`. Default: any that a listed workspace is in. */
  readonly enterprises?: readonly string[]
  /** Apps, such as `A0123456789`. Default: any that has our signing secret. */
  readonly apps?: readonly string[]
  /** The channel where approvers are asked, such as `C0123456789`. Default: nobody is asked in Slack, and requests are approved over HTTP. */
  readonly approvals?: string
}

/** `/license` in Microsoft Teams. */
export interface TeamsChat {
  /** Entra tenants' ids. */
  readonly tenants: readonly string[]
  /**
   * Channel id -> URL of a workflow ("When a Teams webhook request is received") that posts there what takes longer
   * than Teams waits. Default: nowhere; such results are looked up with `changes`.
   */
  readonly incoming?: Readonly<Record<string, string>>
}

/** At least one of the two. */
export interface Chat {
  readonly slack?: SlackChat
  readonly teams?: TeamsChat
}

export interface OrgFile {
  /** Short name, `[a-z][a-z0-9-]{0,30}`: the stack is called `genesys-license-<name>`. */
  readonly name: string
  /** Genesys Cloud region, which decides the hosts that are called. */
  readonly region: Region
  /** The Genesys organisation's id, a UUID: Admin, Account settings, Organization details. */
  readonly id: string
  /** The organisation's name as Genesys shows it. */
  readonly orgName: string
  /** Where to deploy. Default: the account and region of the AWS credentials at deployment. */
  readonly aws?: { readonly account: string; readonly region: string }
  /** How callers prove who they are. There is no default on purpose. */
  readonly auth: IamAuth | JwtAuth
  readonly network: RegionalNetwork | PrivateNetwork
  /**
   * A web ACL in front of the API: `true` for one with a rate limit of 2,000 requests in 5 minutes an address and
   * AWS's common rule set, another limit, or a web ACL of your own. It has its price a month.
   */
  readonly waf: boolean | { readonly rateLimitPer5Minutes: number } | { readonly webAclArn: string }
  /** The API's own name (regional network only). API Gateway's default endpoint is then closed. */
  readonly customDomain?: {
    readonly domainName: string
    /** ACM certificate in the stack's region. */
    readonly certificateArn: string
  }
  /**
   * Who is who: a short name for each person -> their identities. Approval compares persons, so one who asks by one
   * identity cannot approve by another. A principal that is no person and no tool here can ask for what needs no
   * approval, and cannot approve. Default: nobody.
   */
  readonly people?: Readonly<Record<string, Person>>
  /** Which tools there are: a short name for each -> its owners and identities. Default: none. */
  readonly tools?: Readonly<Record<string, Tool>>
  /**
   * Whoever may assume a role chooses the session's name, so by itself it proves nothing, and an identity that is one
   * session of a role is refused. `'pinned'` says that the trust policy of each such role lets everybody assume it under
   * a name of their own alone: by a condition on `sts:RoleSessionName`, such as StringEquals with `${aws:username}`, or
   * because the identity provider sets the name and nobody else may assume the role (IAM Identity Center does).
   */
  readonly iamSessionNames?: 'pinned'
  /** A change that any of these rules fits waits for a second person. Default: none does. */
  readonly approvals?: readonly ApprovalRule[]
  /** Hours, 1 to 168, after which such a change lapses. Approvers are reminded at half of them. Default: 8. */
  readonly approvalHours?: number
  /** What is wished for in chat and any of these rules fits must come with a reason. Default: nothing must. */
  readonly reasons?: readonly ApprovalRule[]
  /**
   * License id -> seats of the contract: plans show how many are taken, and `overSeats` rules go by them. Genesys tells
   * them by preview operations alone, which are not called. Default: none.
   */
  readonly seats?: Readonly<Record<string, number>>
  /**
   * Chat: an API of its own, reachable from the internet as Slack and Teams call it from there, also beside a private
   * one; a web ACL as `waf` says. Default: no chat.
   */
  readonly chat?: Chat
  /** Who hears of failures: the address must confirm the subscription mail. */
  readonly alarms: { readonly email: string }
  /** One of the periods that CloudWatch Logs knows. Default: 90. */
  readonly logRetentionDays?: number
  /** Across all callers. Default: 50 a second (burst 100), and 2 a second (burst 5) on each route that writes. */
  readonly throttling?: { readonly all?: Throttle; readonly writes?: Throttle }
}
