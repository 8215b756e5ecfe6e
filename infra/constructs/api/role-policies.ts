import { CfnOutput, Stack } from 'aws-cdk-lib'
import type { RestApi } from 'aws-cdk-lib/aws-apigateway'
import { Role as IamRole, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { Construct } from 'constructs'
import { methodPatternOf, operationsOf } from '../../../lib/http/method-arns.ts'
import type { Operation } from '../../../lib/operation.ts'
import { type Role, roles } from '../../../lib/roles.ts'
import type { IamAuth } from '../../orgs/org-file.ts'
import { STAGE } from '../names.ts'
import { acknowledgePatterns } from './acknowledge-patterns.ts'
import { localRoleNames } from './resource-policy.ts'

export interface RolePoliciesProps {
  readonly api: RestApi
  readonly auth: IamAuth
  readonly operations: readonly Operation[]
}

/** One managed policy a role over the exact methods it may call, attached to the IAM roles that the org file names. */
export class RolePolicies extends Construct {
  constructor(scope: Construct, id: string, { api, auth, operations }: RolePoliciesProps) {
    super(scope, id)
    for (const role of roles) {
      const resources = methodArns(api, operationsOf(role, operations))
      const policy = new ManagedPolicy(this, capitalised(role), {
        description: `Calls the license gateway of ${Stack.of(this).stackName} as ${role}`,
        statements: [new PolicyStatement({ actions: ['execute-api:Invoke'], resources })],
      })
      acknowledgePatterns(
        policy,
        resources,
        'Each * stands for one path parameter of one route; a test proves that none reaches a route of a higher role',
      )
      for (const name of localRoleNames(auth, role)) {
        policy.attachToRole(IamRole.fromRoleName(this, `${capitalised(role)}-${name}`, name))
      }
      new CfnOutput(this, `${capitalised(role)}PolicyArn`, {
        value: policy.managedPolicyArn,
        description: `Managed policy to attach to IAM roles that act as ${role}`,
      })
    }
  }
}

/** `arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/METHOD/path` of each operation, `*` for each path parameter. */
function methodArns(api: RestApi, operations: readonly Operation[]): string[] {
  return operations.map((operation) =>
    Stack.of(api).formatArn({
      service: 'execute-api',
      resource: api.restApiId,
      resourceName: `${STAGE}/${methodPatternOf(operation)}`,
    }),
  )
}

function capitalised(role: Role): string {
  return role.charAt(0).toUpperCase() + role.slice(1)
}
