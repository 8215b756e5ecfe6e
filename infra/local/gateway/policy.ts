import type { APIGatewayAuthorizerResult } from 'aws-lambda'

/** Whether a policy lets a method be invoked, as IAM decides it: a Deny wins, and nothing is allowed by itself. */
export function isAllowed(
  { Statement }: APIGatewayAuthorizerResult['policyDocument'],
  methodArn: string,
): boolean {
  const effects = Statement.filter(
    (statement) => 'Resource' in statement && covers(statement.Resource, methodArn),
  )
  return effects.length > 0 && effects.every(({ Effect }) => Effect === 'Allow')
}

function covers(resource: unknown, arn: string): boolean {
  const patterns: unknown[] = Array.isArray(resource) ? resource : [resource]
  return patterns.some((pattern) => typeof pattern === 'string' && matches(pattern, arn))
}

/** IAM's `*` is any run of characters, slashes too. */
function matches(pattern: string, text: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 's').test(text)
}
