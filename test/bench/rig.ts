/** What every measure stands on: the builds, the servers, the variables and the events. */
import type { Builds, Rival } from './builds.ts'
import type { Servers, Variables } from './processes.ts'
import { proxyEvent } from './proxy-event.ts'

export interface Rig {
  readonly builds: Builds
  readonly servers: Servers
  /** The environment of every function, ours and the rivals'. */
  readonly env: Variables
  readonly readEvent: unknown
  readonly writeEvent: unknown
  /** Samples are fewer, for a look in passing. */
  readonly isQuick: boolean
}

/** One that is measured; ours has no rival's name. */
export interface Contender {
  readonly name: 'ours' | Rival
  readonly bundle: string
}

/** A toggle of the embedded org; a POST to it changes nothing, so it can be repeated. */
const TOGGLE = 'wallboards'

export function rigOf(builds: Builds, servers: Servers, isQuick: boolean): Rig {
  return {
    builds,
    servers,
    isQuick,
    env: {
      // Nothing of the developer's own: no profile, no files.
      HOME: '/nonexistent',
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'example',
      AWS_SESSION_TOKEN: 'example',
      AWS_ENDPOINT_URL_SECRETS_MANAGER: servers.aws,
      GATEWAY_STACK: 'bench',
      GATEWAY_AUTH: 'iam',
      GENESYS_REGION: 'us_east_1',
      GENESYS_API_URL: servers.org,
      GENESYS_ORG_ID: '0a6c9a1e-5b7c-4f43-9d51-3f1d2c7b8e90',
      GENESYS_ORG_NAME: 'Bench',
      READ_TOKEN_SECRET: servers.readToken,
      WRITE_TOKEN_SECRET: servers.writeToken,
    },
    readEvent: proxyEvent('GET', '/api/v2/license/users/{userId}', { userId: servers.userId }),
    writeEvent: proxyEvent('POST', '/api/v2/license/toggles/{featureName}', { featureName: TOGGLE }),
  }
}

/** Ours and all rivals, for the read. */
export function readers({ builds }: Rig): readonly Contender[] {
  return [
    { name: 'ours', bundle: builds.ours('get-license-user') },
    { name: 'bare', bundle: builds.rival('bare') },
    { name: 'usual', bundle: builds.rival('usual') },
    { name: 'official-sdk', bundle: builds.rival('official-sdk') },
  ]
}

/** Ours and the bare POST. */
export function writers({ builds }: Rig): readonly Contender[] {
  return [
    { name: 'ours', bundle: builds.ours('post-license-toggle') },
    { name: 'bare', bundle: builds.rival('bare') },
  ]
}

/** The same contenders, another one first each round, so that none always follows the same neighbour. */
export function turned<T>(contenders: readonly T[], round: number): readonly T[] {
  const at = round % contenders.length
  return [...contenders.slice(at), ...contenders.slice(0, at)]
}
