/** What a function is told in its environment of what it uses: a role that may is no help to code that asks for something else. */
import type { Deployed } from './deployed.ts'
import type { SecretName, Uses } from './uses.ts'

const SECRET_VARIABLES: Readonly<Record<SecretName, string>> = {
  readClient: 'READ_CLIENT_SECRET',
  writeClient: 'WRITE_CLIENT_SECRET',
  readToken: 'READ_TOKEN_SECRET',
  writeToken: 'WRITE_TOKEN_SECRET',
  slackSigning: 'SLACK_SIGNING_SECRET',
  slackBot: 'SLACK_BOT_SECRET',
  teamsKeys: 'TEAMS_KEYS_SECRET',
}

/** The variables that a function of these uses needs, each with what it must say. */
export function variablesOf(uses: Uses, deployed: Deployed): ReadonlyMap<string, string> {
  const {
    token,
    secrets = [],
    watches = [],
    isRotating,
    ledger,
    bus,
    schedules,
    turns,
    isBurying,
    isAuditing,
    invokes,
  } = uses
  const rotated = isRotating ? (['readToken', 'readClient', 'writeToken', 'writeClient'] as const) : []
  const named = [...(token ? [token] : []), ...secrets, ...watches, ...rotated]
  return new Map([
    ...named.map((name) => [SECRET_VARIABLES[name], deployed.secretArn(name)] as const),
    ...(ledger ? [['LEDGER_TABLE', deployed.refOfOnly('AWS::DynamoDB::Table')] as const] : []),
    ...(bus ? [['EVENT_BUS', deployed.refOfOnly('AWS::Events::EventBus')] as const] : []),
    ...(isBurying ? [['DEAD_LETTER_URL', deployed.queueUrl('deadLetters')] as const] : []),
    ...(turns ? [['LIST_QUEUE_URL', deployed.queueUrl('lists')] as const] : []),
    ...(isAuditing ? [['AUDIT_BUCKET', deployed.refOfOnly('AWS::S3::Bucket')] as const] : []),
    ...(invokes ? [['RUN_COMMAND_FUNCTION', deployed.stack.lambda(invokes).id] as const] : []),
    ...(schedules
      ? [
          ['SCHEDULE_GROUP', deployed.stackName] as const,
          ['SCHEDULE_TARGET_ARN', deployed.functionArn('fire-schedule')] as const,
          ['SCHEDULE_ROLE_ARN', deployed.scheduleRole()] as const,
          ['SCHEDULE_DEAD_LETTER_ARN', deployed.queueArn('deadLetters')] as const,
        ]
      : []),
  ])
}
