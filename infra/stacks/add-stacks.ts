import { Annotations, type App, type Environment, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'
import type { Operation } from '../../lib/operation.ts'
import type { CodeOf } from '../constructs/functions/gateway-function.ts'
import type { OrgFile } from '../orgs/org-file.ts'
import { type AwsHome, placementFaults } from '../orgs/placement.ts'
import { AccountLoggingStack } from './account-logging-stack.ts'
import { LicenseGatewayStack } from './license-gateway-stack.ts'

export interface StacksProps {
  readonly orgs: readonly OrgFile[]
  readonly operations: readonly Operation[]
  readonly codeOf: CodeOf
  /** Where the credentials of the deployment point, if that is known. */
  readonly deployer?: AwsHome | undefined
}

/** One stack an org, one more for each account and region, and cdk-nag over all of them. */
export function addStacks(app: App, props: StacksProps): readonly LicenseGatewayStack[] {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
  return addUncheckedStacks(app, props)
}

/** The same without cdk-nag, for who only looks into templates: checking takes ten times as long as making them. */
export function addUncheckedStacks(
  app: App,
  { orgs, operations, codeOf, deployer }: StacksProps,
): readonly LicenseGatewayStack[] {
  const accounts = new Map<string, AccountLoggingStack>()
  return orgs.map((org) => {
    const id = accountStackId(org.aws)
    const account =
      accounts.get(id) ?? new AccountLoggingStack(app, id, org.aws === undefined ? {} : { env: org.aws })
    accounts.set(id, account)
    const stack = new LicenseGatewayStack(app, { org, operations, codeOf })
    stack.addStackDependency(account)
    // Not thrown: a file that leaves `aws` out may be for elsewhere, and then another stack is deployed.
    for (const sentence of org.aws ? [] : placementFaults(org, deployer)) {
      Annotations.of(stack).addError(`Org file '${org.name}': ${sentence}.`)
    }
    return stack
  })
}

function accountStackId(aws: Environment | undefined): string {
  return ['genesys-gateway-account', ...(aws ? [aws.account, aws.region] : [])].join('-')
}
