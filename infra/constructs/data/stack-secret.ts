import { RemovalPolicy, SecretValue } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Construct } from 'constructs'

/**
 * What a secret holds until the operator, or for tokens the first rotation, has put something: an object without
 * fields. It never changes here, so no deployment overwrites what was put.
 */
const NOT_YET_PUT = '{}'

/**
 * A name that Secrets Manager may take for another's whole ARN, which ends in a hyphen and six characters of its own (its
 * user guide, "Secret names"): who looks such a secret up by an ARN without them can be given none, or a wrong one.
 */
const LIKE_AN_ARN = /-[^/]{6}$/

export interface StackSecretProps {
  readonly secretName: string
  readonly description: string
  readonly encryptionKey: IKey
}

/** A secret of the stack, under its key. Destroyed with it: no credential is left in an account that no longer uses it. */
export class StackSecret extends Secret {
  /** @throws Error at synth where the name ends as ARNs of secrets do. */
  constructor(scope: Construct, id: string, props: StackSecretProps) {
    if (LIKE_AN_ARN.test(props.secretName)) {
      throw new Error(
        `A secret must not be called ${props.secretName}: a hyphen and six characters end its ARN`,
      )
    }
    super(scope, id, {
      ...props,
      secretStringValue: SecretValue.unsafePlainText(NOT_YET_PUT),
      removalPolicy: RemovalPolicy.DESTROY,
    })
  }
}
