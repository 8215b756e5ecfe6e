import { Stack, Validations } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import { Construct } from 'constructs'
import { chatSecretNames } from '../../../lib/credentials/secret-names.ts'
import type { OrgFile } from '../../orgs/org-file.ts'
import { StackSecret } from '../data/stack-secret.ts'
import type { Supply } from '../functions/supply.ts'

export interface ChatSecretsProps {
  readonly org: OrgFile
  readonly key: IKey
}

/** What proves Slack and Teams to us, and us to Slack: each in a secret of its own. */
export class ChatSecrets extends Construct {
  readonly slackSigning: Secret
  readonly slackBot: Secret
  readonly teamsKeys: Secret
  readonly #key: IKey

  constructor(scope: Construct, id: string, { org, key }: ChatSecretsProps) {
    super(scope, id)
    this.#key = key
    const names = chatSecretNames(org.name)
    this.slackSigning = this.#secret(
      'SlackSigning',
      names.slackSigning,
      'Signing secret of the Slack app: { current, previous? }, put by the operator',
    )
    this.slackBot = this.#secret(
      'SlackBot',
      names.slackBot,
      'Bot token of the Slack app: { token }, put by the operator',
    )
    this.teamsKeys = this.#secret(
      'TeamsKeys',
      names.teamsKeys,
      "Security tokens of Teams' outgoing webhooks: { team id: token }, put by the operator",
    )
  }

  /** To read one of them, and nothing else. */
  use(which: 'slackSigning' | 'slackBot' | 'teamsKeys'): Supply {
    const { secretArn } = this[which]
    return {
      environment: { [variables[which]]: secretArn },
      statements: [
        new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [secretArn] }),
        new PolicyStatement({
          actions: ['kms:Decrypt'],
          resources: [this.#key.keyArn],
          conditions: {
            StringEquals: {
              'kms:ViaService': `secretsmanager.${Stack.of(this).region}.amazonaws.com`,
              'kms:EncryptionContext:SecretARN': [secretArn],
            },
          },
        }),
      ],
    }
  }

  #secret(id: string, secretName: string, description: string): Secret {
    const secret = new StackSecret(this, id, { secretName, description, encryptionKey: this.#key })
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason: 'Slack and Teams show such a secret to a person alone, who makes a new one and puts it here',
    })
    return secret
  }
}

const variables = {
  slackSigning: 'SLACK_SIGNING_SECRET',
  slackBot: 'SLACK_BOT_SECRET',
  teamsKeys: 'TEAMS_KEYS_SECRET',
} as const
