import { Stack } from 'aws-cdk-lib'
import {
  AccountPrincipal,
  AnyPrincipal,
  ArnPrincipal,
  Effect,
  type IPrincipal,
  PolicyDocument,
  PolicyStatement,
} from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import { methodPatternOf } from '../../../lib/http/method-arns.ts'
import type { Operation } from '../../../lib/operation.ts'
import { includesRole, type Role, roles } from '../../../lib/roles.ts'
import { orgFileError } from '../../orgs/define-org.ts'
import type { IamAuth, OrgFile } from '../../orgs/org-file.ts'
import { STAGE } from '../names.ts'

/** Within an API's own policy, the API is left out: `execute-api:/STAGE/METHOD/path`. */
const ANY_METHOD = 'execute-api:/*'

/** API Gateway's own limit, in characters of the policy as it keeps it: with whole ARNs. */
const MAX_CHARACTERS = 8_192

/** The longest that it may put for `execute-api:`, which leaves the API out. */
const WHOLE_ARN = 'arn:aws-us-gov:execute-api:ap-southeast-1:000000000000:0123456789'

/**
 * The API's resource policy, where it needs one: a private API lets nothing in but through its VPC endpoints, and
 * IAM roles of other accounts need an allowance on this side as well as on theirs.
 *
 * @returns undefined for a regional API that no other account calls.
 * @throws OrgFileError where it would be larger than API Gateway takes.
 */
export function resourcePolicy(
  scope: Construct,
  org: OrgFile,
  operations: readonly Operation[],
): PolicyDocument | undefined {
  const foreign = org.auth.kind === 'iam' ? foreignRoles(org.auth, operations) : []
  const statements = [
    ...foreign,
    ...(org.network.kind === 'private'
      ? endpointsOnly(callersOf(scope, org), org.network.vpcEndpointIds)
      : []),
  ]
  if (statements.length === 0) return undefined
  const document = new PolicyDocument({ statements })
  const kept = JSON.stringify(Stack.of(scope).resolve(document)).replaceAll(
    '"execute-api:/',
    `"${WHOLE_ARN}/`,
  )
  if (kept.length <= MAX_CHARACTERS) return document
  const rule =
    foreign.length > 0
      ? 'auth.roles must name fewer roles of other accounts'
      : 'network.vpcEndpointIds must be fewer'
  throw orgFileError(org, [
    `${rule}: the API's policy would be ${kept.length} characters long, and API Gateway takes ${MAX_CHARACTERS}`,
  ])
}

/** The names of this account's IAM roles that the org file gives a role. */
export function localRoleNames(auth: IamAuth, role: Role): string[] {
  return [...new Set(auth.roles?.[role])].filter((entry) => !isArn(entry))
}

function isArn(entry: string): boolean {
  return entry.startsWith('arn:')
}

/** Each operation once, for all who may call it: roles include each other, and the policy's length is bounded. */
function foreignRoles({ roles: listed }: IamAuth, operations: readonly Operation[]): PolicyStatement[] {
  const callable = new Map<string, { readonly arns: readonly string[]; readonly resources: string[] }>()
  for (const operation of operations) {
    const arns = roles
      .filter((role) => includesRole(role, operation.role))
      .flatMap((role) => (listed?.[role] ?? []).filter(isArn))
    const distinct = [...new Set(arns)]
    const group = callable.get(distinct.join(' ')) ?? { arns: distinct, resources: [] }
    group.resources.push(`execute-api:/${STAGE}/${methodPatternOf(operation)}`)
    callable.set(distinct.join(' '), group)
  }
  return [...callable.values()]
    .filter(({ arns }) => arns.length > 0)
    .map(
      ({ arns, resources }) =>
        new PolicyStatement({
          principals: arns.map((arn) => new ArnPrincipal(arn)),
          actions: ['execute-api:Invoke'],
          resources,
        }),
    )
}

/**
 * Whom a private API's policy may name. With `iam` it is the account, which leaves the decision to each caller's
 * own policies: `*` would by itself allow every IAM principal of the account every route. With `jwt` callers are
 * no principals at all and the authorizer decides.
 */
function callersOf(scope: Construct, org: OrgFile): IPrincipal {
  return org.auth.kind === 'iam' ? new AccountPrincipal(Stack.of(scope).account) : new AnyPrincipal()
}

function endpointsOnly(callers: IPrincipal, vpcEndpointIds: readonly string[]): PolicyStatement[] {
  const endpoints = { 'aws:SourceVpce': [...vpcEndpointIds] }
  return [
    new PolicyStatement({
      principals: [callers],
      actions: ['execute-api:Invoke'],
      resources: [ANY_METHOD],
      conditions: { StringEquals: endpoints },
    }),
    new PolicyStatement({
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['execute-api:Invoke'],
      resources: [ANY_METHOD],
      conditions: { StringNotEquals: endpoints },
    }),
  ]
}
