/**
 * The whole gateway on one machine: the embedded org, the stand-in for AWS, and the real functions behind the local
 * gateway. `npm start` and the tests start the same thing. Once a process, since functions take what is a process's own as they load.
 */
import { join } from 'node:path'
import type { ClientCredentials } from '../../lib/credentials/client-credentials.ts'
import { CredentialsError } from '../../lib/credentials/credentials-error.ts'
import { type Origins, originsOf, type Region } from '../../lib/genesys/regions.ts'
import type { OrgIdentity } from '../../lib/operation.ts'
import type { Role } from '../../lib/roles.ts'
import { ensureTokens, type TokenClients } from '../credentials/ensure-tokens.ts'
import { ProvisioningError } from '../credentials/provisioning-error.ts'
import { type AccessKey, newAccessKey } from './aws/access-key.ts'
import { createTable, startDynamo } from './aws/dynamo/dynamo.ts'
import { startS3 } from './aws/s3/server.ts'
import { type LocalAws, startAws } from './aws/server.ts'
import { chatFront } from './chat/front.ts'
import { membersOf } from './chat/members.ts'
import { runFileChat } from './chat/run-file-chat.ts'
import { startWorkspace, type Workspace } from './chat/workspace.ts'
import {
  AUDIT_BUCKET,
  chatEnvironment,
  environment,
  LEDGER_TABLE,
  LOCAL_ORG,
  ledgerEnvironment,
} from './environment.ts'
import { busRules, type Functions, invocableFunctions, loadFunctions } from './functions.ts'
import { refuse, refuseWrites } from './gateway/read-only.ts'
import { type TakenPort, takePort } from './gateway/server.ts'
import { issuerOf, localIdentity } from './identity.ts'
import { localIssuer } from './issuer/issuer.ts'
import { signInPeople } from './issuer/people.ts'
import { type Org, type OrgOptions, startOrg } from './org/server.ts'
import { deployedPage, pageEnvironment } from './page/deployed-page.ts'
import { policyFile } from './policy-file.ts'
import type { RunFile, RunFileChat } from './run-file.ts'

/** A real Genesys org in the embedded one's place. */
export interface RealOrg {
  readonly region: Region
  readonly credentials: ClientCredentials
  /** Writes can cost money, so they are refused unless asked for. */
  readonly allowsWrites: boolean
}

export interface LocalOptions {
  /** Where state is kept: the org's, the secrets', the issuer's key. */
  readonly directory: string
  /** The gateway's port where it is taken already; else a free one is. */
  readonly taken?: TakenPort
  /** What the stand-in for AWS wants requests signed with; made anew by default. */
  readonly key?: AccessKey
  readonly org?: Omit<OrgOptions, 'stateFile' | 'port'>
  readonly real?: RealOrg | undefined
  /** Where the functions run; in this process by default. */
  readonly load?: typeof loadFunctions
  /** What GET organization says of the org. */
  readonly identity?: Partial<OrgIdentity> | undefined
  /** Takes each line that the functions log; standard output does by default. */
  readonly writeLine?: ((line: string) => void) | undefined
  /** The clock of schedules, ticks and changes, in epoch milliseconds, before it is moved on. */
  readonly now?: () => number
  /** Whether what comes due is done as time passes; see AwsOptions. */
  readonly clockGoesByItself?: boolean
  /** Between two ticks; see AwsOptions. Milliseconds. */
  readonly tickEveryMs?: number
  /** How long whoever signs in to the page has a token for, which it renews. */
  readonly accessTokenSeconds?: number
  /** Whether who holds what is read as in the stack, each night and when somebody asks; it is by default. */
  readonly takesInventory?: boolean
  /** Told of a tick that fails and of each dead letter, in a sentence. */
  readonly onFailure?: (sentence: string) => void
  /** Told what is better written in another way, in a sentence. */
  readonly onAdvice?: (sentence: string) => void
  /** Told when a rotation fails, with the sentence a Lambda would log. */
  readonly onRotationFailure?: (sentence: string) => void
}

export interface LocalStack {
  readonly gateway: string
  /** The embedded org, undefined before a real one. */
  readonly org: Org | undefined
  readonly orgUrl: string
  readonly aws: LocalAws
  readonly tokens: Readonly<Record<Role, string>>
  /** Slack and Teams, undefined before a real org: there nobody speaks to the gateway without a credential. */
  readonly chat: (Workspace & { readonly forScripts: RunFileChat }) | undefined
  /** What programs beside it find it by. */
  readonly run: RunFile
  readonly close: () => Promise<void>
}

/** As most identity providers have it. */
const ACCESS_TOKEN_SECONDS = 3600

/** @throws Error with a sentence where a port is taken, the state is damaged or the credentials do not work. */
export async function startLocal(options: LocalOptions): Promise<LocalStack> {
  const { directory, real, key = newAccessKey(), load = loadFunctions, takesInventory = true } = options
  const taken = options.taken ?? (await takePort(0))
  /** Last started, first stopped: what is under way still finds what it stands on. */
  const closers: (() => Promise<void>)[] = []
  const close = async () => {
    for (const closer of closers) await closer()
  }
  try {
    // The org is there before the clock that can be moved on, and lives by it from then on: nights pass and periods end.
    let orgClock = options.now ?? Date.now
    const org = real
      ? undefined
      : await startOrg({
          identity: options.identity,
          now: () => orgClock(),
          ...options.org,
          stateFile: join(directory, 'org.json'),
        })
    if (org) closers.unshift(org.close)
    const origins: Origins = org ? { api: org.url, login: org.url } : originsOf(real?.region ?? 'us_east_1')

    const dynamo = await startDynamo({ directory: join(directory, 'ledger'), key })
    closers.unshift(dynamo.close)
    await createTable(dynamo.url, LEDGER_TABLE, key)
    let bucketClock = options.now ?? Date.now
    const s3 = await startS3({
      key,
      directory: join(directory, 'audit'),
      bucketName: AUDIT_BUCKET,
      lock: AUDIT_LOCK,
      nowMs: () => bucketClock(),
    })
    closers.unshift(s3.close)

    const { path: policyPath, policy, advice } = policyFile(directory)
    if (advice !== undefined) options.onAdvice?.(advice)
    const functions = Promise.withResolvers<Functions>()
    const hasTokens = Promise.withResolvers<void>()
    let isStarting = true
    const firstFailure = Promise.withResolvers<never>()
    firstFailure.promise.catch(() => {})
    const mayWrite = !real || real.allowsWrites
    // Before a real org there is no chat, and so nobody in it to be told of changes.
    const runCommand = async (event: unknown) => await (await functions.promise).chat?.runCommand(event)
    const aws = await startAws({
      key,
      dynamo,
      s3,
      // A real org's credentials are never written to disk.
      ...(real ? {} : { stateFile: join(directory, 'secrets.json') }),
      schedulesFile: join(directory, 'schedules.json'),
      eventsFile: join(directory, 'events.json'),
      turnsFile: join(directory, 'turns.json'),
      // What is planned for a real org is due by the true time alone.
      ...(real ? { canMoveClock: false } : { clockFile: join(directory, 'clock.json') }),
      busName: LOCAL_ORG,
      rules: busRules(functions.promise, mayWrite ? undefined : refuse),
      // Before a real org nothing goes past the gateway, which may be read-only.
      functions: { ...(real ? {} : invocableFunctions(functions.promise)), 'run-command': runCommand },
      onSchedule: async (input) =>
        mayWrite ? await (await functions.promise).fireSchedule(input) : refuse(),
      takeTurns: async (event) => (mayWrite ? await (await functions.promise).takeTurns(event) : refuse()),
      ...(mayWrite ? { tick: async () => await (await functions.promise).tick() } : {}),
      ...(takesInventory
        ? {
            async takeInventory() {
              await hasTokens.promise
              await (await functions.promise).takeInventory()
            },
          }
        : {}),
      async writeAudit() {
        await (await functions.promise).writeAudit()
      },
      ...(options.now ? { now: options.now } : {}),
      clockGoesByItself: options.clockGoesByItself,
      ...(options.tickEveryMs === undefined ? {} : { tickEveryMs: options.tickEveryMs }),
      ...(options.onFailure ? { onFailure: options.onFailure } : {}),
      async rotate(event) {
        try {
          await (await functions.promise).rotate(event)
        } catch (error) {
          if (isStarting) firstFailure.reject(cannotStart(error))
          else options.onRotationFailure?.(error instanceof Error ? error.message : String(error))
          throw error
        }
      },
    })
    closers.unshift(aws.close)
    bucketClock = aws.now
    orgClock = aws.now

    const issuer = issuerOf(taken.url)
    const identity = localIdentity(directory, issuer)
    const chat = org
      ? await startWorkspace({
          now: aws.now,
          members: membersOf(policy, Object.keys(org.truth().users).length),
          secrets: identity.chat,
          webhookUrl: (platform) => `${taken.url}/${platform}`,
        })
      : undefined
    if (chat) closers.unshift(chat.close)
    const variables = {
      ...environment({
        aws,
        origins,
        region: real?.region,
        identity: options.identity,
        issuer,
        jwks: identity.jwks,
      }),
      ...ledgerEnvironment({ aws, dynamoUrl: dynamo.url, s3Url: s3.url, policyFile: policyPath }),
      ...(chat &&
        chatEnvironment({ aws, chatUrl: chat.url, pageUrl: `${taken.url}/`, secrets: identity.chat })),
      ...(chat && pageEnvironment(directory)),
    }
    // They live by the laptop's clock, so that moving it on moves on what changes wait for.
    const runtime = { variables, nowMs: aws.now, writeLine: options.writeLine }
    const loaded = await load(runtime, chat !== undefined)
    functions.resolve(loaded)
    // Days that ended while nothing ran have their files before anybody looks; the next run comes with the hour.
    await loaded.writeAudit().catch((error: unknown) => {
      options.onFailure?.(`write-audit failed: ${error instanceof Error ? error.message : String(error)}`)
    })
    await Promise.race([ensureTokens(aws, origins, clientsOf(options, org)), firstFailure.promise])
    isStarting = false
    hasTokens.resolve()

    closers.unshift(taken.close)
    taken.open({
      now: aws.now,
      authorize: loaded.authorize,
      functionOf: loaded.functionOf,
      streamOf: loaded.streamOf,
      ...(real && !real.allowsWrites ? { refuse: refuseWrites } : {}),
      ...(loaded.chat ? { webhooks: { '/slack': loaded.chat.slack, '/teams': loaded.chat.teams } } : {}),
      ...(chat
        ? {
            site: chatFront(chat, aws.delivered),
            page: deployedPage(directory, loaded.getPage),
            issuer: localIssuer({
              gateway: taken.url,
              privateKey: identity.privateKey,
              people: signInPeople(policy),
              accessTokenSeconds: options.accessTokenSeconds ?? ACCESS_TOKEN_SECONDS,
            }),
          }
        : {}),
    })
    const forScripts = chat && runFileChat(taken.url, chat.members, identity.chat)
    return {
      gateway: taken.url,
      org,
      orgUrl: origins.api,
      aws,
      tokens: identity.tokens,
      chat: chat && forScripts && { ...chat, forScripts },
      run: {
        gateway: taken.url,
        org: origins.api,
        aws: aws.url,
        events: aws.url,
        ledger: dynamo.url,
        audit: { url: s3.url, bucket: AUDIT_BUCKET },
        key,
        tokens: identity.tokens,
        ...(forScripts && { chat: forScripts }),
      },
      close,
    }
  } catch (error) {
    if (!closers.includes(taken.close)) await taken.close()
    await close()
    throw error
  }
}

/** Nothing is tried again where nothing runs on: whoever has started it is there to do something about it. */
function cannotStart(error: unknown): ProvisioningError {
  const isPassing = error instanceof CredentialsError && error.isPassing
  const cause = isPassing ? error.cause : error
  const why = cause instanceof Error ? cause.message : String(cause)
  return new ProvisioningError(`There is no access token, so nothing was started: ${why}`, { cause: error })
}

/** As the stack's, but for the days: nobody keeps a laptop's run for a year. */
const AUDIT_LOCK = { mode: 'GOVERNANCE', days: 30 } as const

function clientsOf({ real }: LocalOptions, org: Org | undefined): TokenClients {
  if (org) return { read: org.clients.reader, write: org.clients.writer }
  return { read: real?.credentials, write: real?.allowsWrites ? real.credentials : undefined }
}
