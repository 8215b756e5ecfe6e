import { Duration, Stack, Validations } from 'aws-cdk-lib'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { CfnRotationSchedule, type Secret } from 'aws-cdk-lib/aws-secretsmanager'
import { Construct } from 'constructs'
import { secretNames } from '../../../lib/credentials/secret-names.ts'
import type { OrgFile } from '../../orgs/org-file.ts'
import { type FunctionDefaults, GatewayFunction } from '../functions/gateway-function.ts'
import type { Supply } from '../functions/supply.ts'
import { StackSecret } from './stack-secret.ts'

/** Half of the 24 h that a Genesys token lives by default, so that a failed rotation leaves half a day to mend it. */
const ROTATION_SCHEDULE = 'rate(12 hours)'

/** Its longest step asks the login host three times, 6 s each with up to 4 s between. One that is cut off is repeated. */
const ROTATION_TIMEOUT = Duration.seconds(30)

export interface GenesysCredentialsProps {
  readonly org: OrgFile
  readonly key: IKey
  readonly functions: FunctionDefaults
}

/**
 * The four secrets and the function that makes access tokens from client credentials. Only that function can read
 * a client secret; an operation's function can read one token and ask for its renewal.
 */
export class GenesysCredentials extends Construct {
  readonly readClient: Secret
  readonly writeClient: Secret
  readonly readToken: Secret
  readonly writeToken: Secret
  readonly rotation: GatewayFunction
  readonly #key: IKey

  constructor(scope: Construct, id: string, { org, key, functions }: GenesysCredentialsProps) {
    super(scope, id)
    this.#key = key
    const names = secretNames(org.name)
    this.readClient = this.#clientSecret('ReadClient', names.readClient, 'reads')
    this.writeClient = this.#clientSecret('WriteClient', names.writeClient, 'writes')
    this.readToken = this.#secret('ReadToken', names.readToken, 'Access token for reads, rotated')
    this.writeToken = this.#secret('WriteToken', names.writeToken, 'Access token for writes, rotated')

    this.rotation = new GatewayFunction(this, 'Rotation', {
      defaults: functions,
      name: 'rotate-token',
      description: 'Makes Genesys access tokens from client credentials',
      timeout: ROTATION_TIMEOUT,
      environment: {
        READ_TOKEN_SECRET: this.readToken.secretArn,
        READ_CLIENT_SECRET: this.readClient.secretArn,
        WRITE_TOKEN_SECRET: this.writeToken.secretArn,
        WRITE_CLIENT_SECRET: this.writeClient.secretArn,
      },
    })
    this.#allowRotation()
    this.#schedule('ReadTokenRotation', this.readToken)
    this.#schedule('WriteTokenRotation', this.writeToken)
  }

  /** All four secrets: when they were changed and rotated, and nothing that they hold. */
  watch(): Supply {
    const secrets = {
      READ_TOKEN_SECRET: this.readToken.secretArn,
      READ_CLIENT_SECRET: this.readClient.secretArn,
      WRITE_TOKEN_SECRET: this.writeToken.secretArn,
      WRITE_CLIENT_SECRET: this.writeClient.secretArn,
    }
    return {
      environment: secrets,
      statements: [
        new PolicyStatement({
          actions: ['secretsmanager:DescribeSecret'],
          resources: Object.values(secrets),
        }),
      ],
    }
  }

  /** One token: to read it and to ask for a new one, without a say in how or when it is rotated. */
  use(access: 'read' | 'write'): Supply {
    const [variable, token] =
      access === 'write' ? ['WRITE_TOKEN_SECRET', this.writeToken] : ['READ_TOKEN_SECRET', this.readToken]
    return {
      environment: { [variable]: token.secretArn },
      statements: [
        new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [token.secretArn] }),
        new PolicyStatement({
          actions: ['secretsmanager:RotateSecret'],
          resources: [token.secretArn],
          conditions: {
            // Refused whenever the request brings rules; granted also should the key be absent from one that brings none.
            BoolIfExists: { 'secretsmanager:ModifyRotationRules': 'false' },
            // Granted only where the request names no function at all.
            Null: { 'secretsmanager:RotationLambdaARN': 'true' },
          },
        }),
        // Secrets Manager asks this of whoever calls RotateSecret (API reference, "Required permissions"). The
        // function itself takes nothing from a caller that is not staged AWSPENDING in Secrets Manager.
        new PolicyStatement({
          actions: ['lambda:InvokeFunction'],
          resources: [this.rotation.lambda.functionArn],
        }),
        this.#keyUse(['kms:Decrypt'], [token]),
      ],
    }
  }

  #clientSecret(id: string, name: string, use: string): Secret {
    const secret = this.#secret(
      id,
      name,
      `OAuth client for ${use}: { clientId, clientSecret }, put by the operator`,
    )
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'Genesys has no API with which a client could renew its own secret: a person makes a new one and puts it here',
    })
    return secret
  }

  #secret(id: string, secretName: string, description: string): Secret {
    return new StackSecret(this, id, { secretName, description, encryptionKey: this.#key })
  }

  #allowRotation(): void {
    const tokens = [this.readToken, this.writeToken]
    const clients = [this.readClient, this.writeClient]
    const arns = (secrets: readonly Secret[]) => secrets.map(({ secretArn }) => secretArn)
    for (const statement of [
      new PolicyStatement({
        actions: [
          'secretsmanager:DescribeSecret',
          'secretsmanager:GetSecretValue',
          'secretsmanager:PutSecretValue',
          'secretsmanager:UpdateSecretVersionStage',
        ],
        resources: arns(tokens),
      }),
      new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: arns(clients) }),
      this.#keyUse(['kms:Decrypt'], [...tokens, ...clients]),
      this.#keyUse(['kms:GenerateDataKey'], tokens),
    ]) {
      this.rotation.role.addToPrincipalPolicy(statement)
    }
  }

  /** The key through Secrets Manager alone, and for these secrets alone: it gives KMS the secret's ARN as context. */
  #keyUse(actions: readonly string[], secrets: readonly Secret[]): PolicyStatement {
    return new PolicyStatement({
      actions: [...actions],
      resources: [this.#key.keyArn],
      conditions: {
        StringEquals: {
          'kms:ViaService': `secretsmanager.${Stack.of(this).region}.amazonaws.com`,
          'kms:EncryptionContext:SecretARN': secrets.map(({ secretArn }) => secretArn),
        },
      },
    })
  }

  /** By hand: the library's own schedule lets Secrets Manager in for any secret, and the function at GetRandomPassword on *. */
  #schedule(id: string, token: Secret): void {
    this.rotation.lambda.addPermission(`${id}Permission`, {
      principal: new ServicePrincipal('secretsmanager.amazonaws.com'),
      sourceArn: token.secretArn,
      sourceAccount: Stack.of(this).account,
    })
    const schedule = new CfnRotationSchedule(this, id, {
      secretId: token.secretArn,
      rotationLambdaArn: this.rotation.lambda.functionArn,
      rotationRules: { scheduleExpression: ROTATION_SCHEDULE },
      // The operator has not put the client credentials yet: the first rotation is asked for when they are.
      rotateImmediatelyOnUpdate: false,
    })
    schedule.node.addDependency(this.rotation)
  }
}
