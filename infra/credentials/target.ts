/** Whose secrets are put: those of a running local gateway, or of an org's stack in AWS. */
import { resolve } from 'node:path'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { SLACK_API } from '../../lib/chat/slack/api.ts'
import { type ChatSecretNames, chatSecretNames, secretNames } from '../../lib/credentials/secret-names.ts'
import { originsOf } from '../../lib/genesys/regions.ts'
import { LOCAL_ORG } from '../local/environment.ts'
import { readRunFile } from '../local/run-file.ts'
import { UsageError } from '../local/usage.ts'
import type { Provisioning } from './provision.ts'
import type { ListenedSlack } from './try-bot-token.ts'

interface CredentialsTarget extends Pick<Provisioning, 'client' | 'names' | 'apiOrigin'> {
  readonly chatNames: ChatSecretNames
  /** What its org file has under `chat`. On the laptop both, and no Slack to ask. */
  readonly platforms: readonly ('slack' | 'teams')[]
  readonly slackApi: ListenedSlack | undefined
}

/**
 * @param name an org file's, or `local`.
 * @param directory where the local gateway keeps its state; only for `local`.
 * @throws UsageError where no org file has that name.
 * @throws Error with a sentence where no local gateway runs, or an org file is wrong.
 */
export async function targetOf(name: string, directory: string): Promise<CredentialsTarget> {
  const named = { names: secretNames(name), chatNames: chatSecretNames(name) }
  if (name === LOCAL_ORG) {
    const { aws, org, key: credentials } = readRunFile(resolve(directory))
    const client = new SecretsManagerClient({ region: 'us-east-1', endpoint: aws, credentials })
    return { ...named, client, apiOrigin: org, platforms: ['slack', 'teams'], slackApi: undefined }
  }
  // A wrong org file throws as it is loaded, which must not stop the local gateway's credentials.
  const { orgs } = await import('../orgs/index.ts')
  const org = orgs.find((each) => each.name === name)
  if (!org) {
    const known = [...orgs.map((each) => each.name), LOCAL_ORG].join(', ')
    throw new UsageError(`There is no org named '${name}' in infra/orgs; known are ${known}`)
  }
  const { slack, teams } = org.chat ?? {}
  // Credentials, and the region where the org file leaves it open, are found as every AWS tool finds them.
  const client = new SecretsManagerClient(org.aws ? { region: org.aws.region } : {})
  return {
    ...named,
    client,
    apiOrigin: originsOf(org.region).api,
    platforms: [...(slack ? (['slack'] as const) : []), ...(teams ? (['teams'] as const) : [])],
    slackApi: slack && { origin: SLACK_API, teams: slack.teams },
  }
}
