import { CfnOutput, type Stack } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { RetentionDays } from 'aws-cdk-lib/aws-logs'
import { chatSecretNames } from '../../../lib/credentials/secret-names.ts'
import type { Chat, OrgFile } from '../../orgs/org-file.ts'
import type { AccessLog } from '../api/access-log.ts'
import type { DeadLetters } from '../data/dead-letters.ts'
import type { FunctionDefaults } from '../functions/gateway-function.ts'
import type { WriteSources } from '../functions/sources.ts'
import { ChatApi } from './chat-api.ts'
import { ChatFunctions } from './chat-functions.ts'
import { ChatSecrets } from './chat-secrets.ts'

export interface AddChatProps {
  readonly org: OrgFile
  readonly chat: Chat
  readonly key: IKey
  readonly logRetention: RetentionDays
  readonly accessLog: AccessLog
  readonly sources: WriteSources
  readonly deadLetters: DeadLetters
  readonly functions: FunctionDefaults
  /** The page's address, where the org has one. */
  readonly pageUrl: string | undefined
}

/** All that chat adds to a stack. Made in the stack itself, so that names there say what is of chat. */
export function addChat(stack: Stack, props: AddChatProps): { api: ChatApi; functions: ChatFunctions } {
  const { org, chat, key, logRetention, accessLog } = props
  const secrets = new ChatSecrets(stack, 'ChatSecrets', { org, key })
  const functions = new ChatFunctions(stack, 'Chat', { ...props, secrets })
  const api = new ChatApi(stack, 'ChatApi', { org, key, logRetention, functions, accessLog })
  addOutputs(stack, org, chat, api)
  return { api, functions }
}

function addOutputs(stack: Stack, { name }: OrgFile, chat: Chat, api: ChatApi): void {
  const names = chatSecretNames(name)
  if (chat.slack) {
    new CfnOutput(stack, 'SlackUrl', {
      value: api.urlForPath('/slack'),
      description: 'For the Slack app: slash command and interactivity',
    })
    new CfnOutput(stack, 'SlackSigningSecret', {
      value: names.slackSigning,
      description: "Put the Slack app's signing secret here",
    })
    new CfnOutput(stack, 'SlackBotTokenSecret', {
      value: names.slackBot,
      description: "Put the Slack app's bot token here",
    })
  }
  if (chat.teams) {
    new CfnOutput(stack, 'TeamsUrl', {
      value: api.urlForPath('/teams'),
      description: "For Teams' outgoing webhooks",
    })
    new CfnOutput(stack, 'TeamsKeysSecret', {
      value: names.teamsKeys,
      description: "Put the outgoing webhooks' security tokens here, by team",
    })
  }
}
