import { Stack, Validations } from 'aws-cdk-lib'
import { flattenCfnReference } from 'cdk-nag/lib/utils/flatten-cfn-reference.js'
import type { Construct } from 'constructs'

/** Acknowledges exactly these ARNs, as cdk-nag spells them: one more on the same policy is found again. */
export function acknowledgePatterns(policy: Construct, arns: readonly string[], reason: string): void {
  const stack = Stack.of(policy)
  const rules = arns
    .filter((arn) => arn.includes('*'))
    .map((arn) => ({ id: `AwsSolutions-IAM5[Resource::${flattenCfnReference(stack.resolve(arn))}]`, reason }))
  Validations.of(policy).acknowledge(...rules)
}
