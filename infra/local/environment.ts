/** The variables that a stack gives its functions, on the laptop: what is AWS's, Genesys's, Slack's and Teams' is on loopback. */
import { chatSecretNames, secretNames } from '../../lib/credentials/secret-names.ts'
import type { Origins, Region } from '../../lib/genesys/regions.ts'
import type { OrgIdentity } from '../../lib/operation.ts'
import { TURNS_NAME } from './aws/events/turns.ts'
import type { LocalAws } from './aws/server.ts'
import { TEAMS } from './chat/places.ts'
import type { WorkspaceSecrets } from './chat/workspace.ts'
import { LOCAL_AUDIENCE } from './identity.ts'
import { EMBEDDED_ORG_NAME } from './org/billing/billing.ts'

/** The org file's name on the laptop. */
export const LOCAL_ORG = 'local'

export const LEDGER_TABLE = 'ledger'
export const AUDIT_BUCKET = 'local-audit'

/** What a stack's secrets hold until something is put. */
const NOT_YET_PUT = '{}'

const arn = (rest: string) => `arn:aws:${rest}`

interface Surroundings {
  readonly aws: LocalAws
  readonly origins: Origins
  /** Of a real Genesys org; the embedded one has none. */
  readonly region: Region | undefined
  readonly identity: Partial<OrgIdentity> | undefined
  /** As tokens have it. */
  readonly issuer: string
  /** Its public key, JSON: handed in, since to fetch it would load the provider at the first request of every start. */
  readonly jwks: string
}

export function environment({ aws, origins, region, identity, issuer, jwks }: Surroundings) {
  const names = secretNames(LOCAL_ORG)
  const secret = (name: string) =>
    aws.createSecret({ name, rotation: name.endsWith('-token'), value: NOT_YET_PUT }).arn
  return {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: aws.key.accessKeyId,
    AWS_SECRET_ACCESS_KEY: aws.key.secretAccessKey,
    // A session or a profile of the user's would be taken beside or before the two variables above.
    AWS_SESSION_TOKEN: '',
    AWS_PROFILE: '',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: aws.url,
    GATEWAY_STACK: LOCAL_ORG,
    GATEWAY_AUTH: 'jwt',
    GENESYS_REGION: region ?? 'us_east_1',
    ...(region ? {} : { GENESYS_API_URL: origins.api, GENESYS_LOGIN_URL: origins.login }),
    GENESYS_ORG_ID: identity?.id ?? EMBEDDED_ORG_NAME.id,
    GENESYS_ORG_NAME: identity?.name ?? (region ? 'Real org' : EMBEDDED_ORG_NAME.name),
    READ_TOKEN_SECRET: secret(names.readToken),
    WRITE_TOKEN_SECRET: secret(names.writeToken),
    READ_CLIENT_SECRET: secret(names.readClient),
    WRITE_CLIENT_SECRET: secret(names.writeClient),
    JWT_ISSUER: issuer,
    JWT_AUDIENCES: JSON.stringify([LOCAL_AUDIENCE]),
    JWT_ROLE_CLAIM: JSON.stringify(['scope']),
    JWT_ROLES: JSON.stringify({ viewer: 'viewer', operator: 'operator', approver: 'approver' }),
    JWT_JWKS: jwks,
  }
}

/** What the functions that record find the ledger, the bus, the queue and the schedules by. */
export function ledgerEnvironment(at: {
  readonly aws: LocalAws
  readonly dynamoUrl: string
  readonly s3Url: string
  readonly policyFile: string
}) {
  return {
    AWS_ENDPOINT_URL_DYNAMODB: at.dynamoUrl,
    AWS_ENDPOINT_URL_EVENTBRIDGE: at.aws.url,
    AWS_ENDPOINT_URL_SCHEDULER: at.aws.url,
    AWS_ENDPOINT_URL_SQS: at.aws.url,
    AWS_ENDPOINT_URL_S3: at.s3Url,
    LEDGER_TABLE,
    AUDIT_BUCKET,
    EVENT_BUS: LOCAL_ORG,
    POLICY_FILE: at.policyFile,
    SCHEDULE_GROUP: LOCAL_ORG,
    SCHEDULE_TARGET_ARN: arn('lambda:us-east-1:000000000000:function:fire-schedule'),
    SCHEDULE_ROLE_ARN: arn('iam::000000000000:role/local-scheduler'),
    SCHEDULE_DEAD_LETTER_ARN: arn('sqs:us-east-1:000000000000:dead-letters'),
    LIST_QUEUE_URL: `${at.aws.url}/000000000000/${TURNS_NAME}`,
    DEAD_LETTER_URL: `${at.aws.url}/000000000000/dead-letters`,
  }
}

/** What the functions of chat find their secrets, each other, and the stand-in for Slack and Teams by. */
export function chatEnvironment({
  aws,
  chatUrl,
  pageUrl,
  secrets,
}: {
  readonly aws: LocalAws
  readonly chatUrl: string
  /** The page's address. */
  readonly pageUrl: string
  readonly secrets: WorkspaceSecrets
}) {
  const names = chatSecretNames(LOCAL_ORG)
  const secret = (name: string, value: object) => aws.createSecret({ name, value: JSON.stringify(value) }).arn
  return {
    AWS_ENDPOINT_URL_LAMBDA: aws.url,
    CHAT_LOOPBACK_ORIGIN: chatUrl,
    PAGE_URL: pageUrl,
    RUN_COMMAND_FUNCTION: 'run-command',
    SLACK_SIGNING_SECRET: secret(names.slackSigning, { current: secrets.slackSigningSecret }),
    SLACK_BOT_SECRET: secret(names.slackBot, { token: secrets.slackBotToken }),
    TEAMS_KEYS_SECRET: secret(names.teamsKeys, { [TEAMS.team]: secrets.teamsKey }),
  }
}
