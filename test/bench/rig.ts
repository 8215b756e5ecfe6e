/** What every measure stands on: the builds, the servers, the variables and the events. */
import { TEST_KEY } from '../../infra/local/aws/access-key.ts'
import type { Builds } from './builds.ts'
import type { Servers, Variables } from './processes.ts'
import { proxyEvent } from './proxy-event.ts'
import { LEDGER_TABLE } from './writes/ledger-table.ts'
import { type Writes, writesOn } from './writes/write-events.ts'

export interface Rig {
  readonly builds: Builds
  readonly servers: Servers
  /** The environment of every function, ours and the rivals'. */
  readonly env: Variables
  /** The same for contenders that write: the bare handler knows one secret only. */
  readonly writeEnv: Variables
  readonly readEvent: unknown
  readonly writes: Writes
  /** Samples are fewer, for a look in passing. */
  readonly isQuick: boolean
}

export function rigOf(builds: Builds, servers: Servers, isQuick: boolean): Rig {
  const env = variablesOf(servers, builds.policyFile)
  return {
    builds,
    servers,
    isQuick,
    env,
    writeEnv: { ...env, READ_TOKEN_SECRET: servers.writeToken },
    readEvent: proxyEvent('GET', '/api/v2/license/users/{userId}', { userId: servers.userId }),
    writes: writesOn(servers),
  }
}

/** What every function finds in its process. */
export function variablesOf(servers: Servers, policyFile: string) {
  return {
    // Nothing of the developer's own: no profile, no files.
    HOME: '/nonexistent',
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: TEST_KEY.accessKeyId,
    AWS_SECRET_ACCESS_KEY: TEST_KEY.secretAccessKey,
    AWS_SESSION_TOKEN: 'example',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: servers.aws,
    AWS_ENDPOINT_URL_EVENTBRIDGE: servers.aws,
    AWS_ENDPOINT_URL_DYNAMODB: servers.ledger,
    GATEWAY_STACK: 'bench',
    GATEWAY_AUTH: 'iam',
    GENESYS_REGION: 'us_east_1',
    GENESYS_API_URL: servers.org,
    GENESYS_ORG_ID: '0a6c9a1e-5b7c-4f43-9d51-3f1d2c7b8e90',
    GENESYS_ORG_NAME: 'Bench',
    READ_TOKEN_SECRET: servers.readToken,
    WRITE_TOKEN_SECRET: servers.writeToken,
    SLACK_SIGNING_SECRET: servers.slackSigning,
    SLACK_BOT_SECRET: servers.slackBot,
    TEAMS_KEYS_SECRET: servers.teamsKeys,
    CHAT_LOOPBACK_ORIGIN: servers.chat,
    LEDGER_TABLE,
    EVENT_BUS: 'bench',
    // Of lists alone, which no measure by this rig hands on.
    LIST_QUEUE_URL: 'http://127.0.0.1:9/000000000000/turns.fifo',
    POLICY_FILE: policyFile,
  }
}
