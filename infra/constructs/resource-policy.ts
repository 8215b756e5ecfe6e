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
import { methodPattern, operationsOf, roles } from '../../lib/http/roles.ts'
import type { Operation, Role } from '../../lib/operation.ts'
import type { IamAuth, OrgFile } from '../orgs/org-file.ts'
import { STAGE } from './names.ts'

/** Within an API's own policy, the API is left out: `execute-api:/STAGE/METHOD/path`. */
const ANY_METHOD = 'execute-api:/*'

/**
 * The API's resource policy, where it needs one: a private API lets nothing in but through its VPC endpoints, and
 * IAM roles of other accounts need an allowance on this side as well as on theirs.
 *
 * @returns undefined for a regional API that no other account calls.
 */
export function resourcePolicy(
  scope: Construct,
  org: OrgFile,
  operations: readonly Operation[],
): PolicyDocument | undefined {
  const statements = [
    ...(org.auth.kind === 'iam' ? foreignRoles(org.auth, operations) : []),
    ...(org.network.kind === 'private'
      ? endpointsOnly(callersOf(scope, org), org.network.vpcEndpointIds)
      : []),
  ]
  return statements.length === 0 ? undefined : new PolicyDocument({ statements })
}

/** The names of this account's IAM roles that the org file gives a role. */
export function localRoleNames(auth: IamAuth, role: Role): string[] {
  return [...new Set(auth.roles?.[role])].filter((entry) => !isArn(entry))
}

function isArn(entry: string): boolean {
  return entry.startsWith('arn:')
}

function foreignRoles(auth: IamAuth, operations: readonly Operation[]): PolicyStatement[] {
  return roles.flatMap((role) => {
    const arns = (auth.roles?.[role] ?? []).filter(isArn)
    if (arns.length === 0) return []
    return new PolicyStatement({
      principals: arns.map((arn) => new ArnPrincipal(arn)),
      actions: ['execute-api:Invoke'],
      resources: operationsOf(role, operations).map(
        (operation) => `execute-api:/${STAGE}/${methodPattern(operation)}`,
      ),
    })
  })
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
