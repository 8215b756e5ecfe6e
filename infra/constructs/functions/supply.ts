import type { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { ILayerVersion } from 'aws-cdk-lib/aws-lambda'

/**
 * One thing that a function is given: what it is told of it, and what its role may do with it, on exact ARNs. Made anew
 * for each function, since a role keeps the statements it gets.
 */
export interface Supply {
  /** Never a secret: names and ARNs. */
  readonly environment?: Readonly<Record<string, string>>
  readonly layers?: readonly ILayerVersion[]
  readonly statements?: readonly PolicyStatement[]
  /** Why some ARNs of the statements have a `*`, for cdk-nag. */
  readonly patternReason?: string
}
