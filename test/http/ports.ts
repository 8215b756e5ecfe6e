/** Operations whose ports the test plays, behind the real chain, the real authorizer and the real local gateway. */
import { onTestFinished } from 'vitest'
import { takePort } from '../../infra/local/gateway/server.ts'
import { collectStream } from '../../infra/local/streaming/collect-stream.ts'
import { provideStreaming } from '../../infra/local/streaming/response-stream.ts'
import type { Change } from '../../lib/changes/answers/change-schemas.ts'
import type { Caller } from '../../lib/changes/model/change.ts'
import type { Changes, Plans, Records, Schedules } from '../../lib/changes/port.ts'
import type { Clock } from '../../lib/clock.ts'
import { authorizer } from '../../lib/http/authorizer.ts'
import type { RequestLog } from '../../lib/http/chain.ts'
import { actingCallerOf } from '../../lib/http/check-caller.ts'
import { type Composition, type Handler, lambda } from '../../lib/http/lambda.ts'
import { type StreamedHandler, streamed } from '../../lib/http/streamed.ts'
import type { Claims } from '../../lib/http/verify-token.ts'
import { authorizerLog } from '../../lib/observe/authorizer-log.ts'
import type { ContextOf, Effect, Operation } from '../../lib/operation.ts'
import { operations } from '../../lib/operations/index.ts'
import type { Role } from '../../lib/roles.ts'
import { fakeClock } from '../support/fake-clock.ts'
import type { RawAnswer } from '../support/gateway.ts'

export const CHANGE_ID = '0123456789abcdefghjk'
export const DIGEST = 'a'.repeat(64)

/** A toggle's change as it stands; fields may be replaced. */
export function changeThat(is: Partial<Change> = {}): Change {
  return {
    id: CHANGE_ID,
    kind: 'toggle',
    state: 'APPLIED',
    summary: 'Switch wallboards on',
    isReleased: true,
    digest: DIGEST,
    actor: { kind: 'jwt', id: 'ana' },
    desired: { featureName: 'wallboards', enabled: true },
    createdAt: '2026-11-15T12:00:00.000Z',
    updatedAt: '2026-11-15T12:00:00.000Z',
    history: [{ state: 'PLANNED', at: '2026-11-15T12:00:00.000Z', by: 'ana' }],
    ...is,
  }
}

const unasked = () => Promise.reject(new Error('The test did not expect this method to be called'))

const unaskedRows = (): never => {
  throw new Error('The test did not expect this method to be called')
}

/** The four ports, each with the methods that the test plays. */
export const changes = (play: Partial<Changes>) => ({
  changes: {
    ...{ assign: unasked, switchToggle: unasked, request: unasked },
    ...{ apply: unasked, approve: unasked, undo: unasked, resume: unasked, end: unasked },
    ...play,
  },
})
export const plans = (play: Partial<Plans>) => ({
  plans: {
    plan: unasked,
    planFile: unasked,
    retry: unasked,
    settle: unasked,
    capabilities: unasked,
    ...play,
  },
  billing: { contracts: unasked, period: unasked, billableUsage: unasked },
})
export const records = (play: Partial<Records>) => ({
  records: {
    ...{ change: unasked, changes: unasked, results: unasked },
    ...{ reject: unasked, cancel: unasked, pause: unasked, extend: unasked },
    ...{ schedule: unasked, schedules: unasked, approveSchedule: unasked },
    ...{ writes: unasked, me: unaskedRows, toggles: unasked, setWrites: unasked },
    ...{ changeRows: unaskedRows, resultRows: unaskedRows },
    ...play,
  },
})
export const schedules = (play: Partial<Schedules>) => ({
  schedules: { create: unasked, remove: unasked, rejectSchedule: unasked, ...play },
})

export interface Bound {
  readonly operation: Operation
  /** Of what streams, the whole answer. */
  readonly handler: Handler
  /** Where it has files. */
  readonly stream?: StreamedHandler
  /** On whose behalf the operation was asked, each time. */
  readonly callers: Caller[]
  /** The answers that the request log was told of. */
  readonly served: Parameters<RequestLog['noteRequest']>[2][]
  /** The calls that it was told of, with what became of files. */
  readonly calls: Parameters<RequestLog['noteRequest']>[1][]
}

/** An operation's handler as it deploys, but for its port. */
export function bound<E extends Effect>(
  operation: Operation<E>,
  context: ContextOf<E>,
  auth: 'iam' | 'jwt' = 'jwt',
  clock: Clock = fakeClock(),
): Bound {
  const callers: Caller[] = []
  const served: Bound['served'] = []
  const calls: Bound['calls'] = []
  const composition: Composition<E> = {
    auth,
    clock,
    log: {
      noteRequest(_operation, call, answer) {
        calls.push(call)
        served.push(answer)
      },
    },
    middlewares: [],
    contextFor(call, asked) {
      callers.push(actingCallerOf(call, asked))
      return context
    },
  }
  if (!operation.files) return { operation, handler: lambda(operation, composition), callers, served, calls }
  provideStreaming()
  const stream = streamed(operation, composition)
  return { operation, handler: (...given) => collectStream(stream, ...given), stream, callers, served, calls }
}

export interface Sent {
  /** Fills the path's parameters. */
  readonly params?: Readonly<Record<string, string>>
  /** With its question mark. */
  readonly query?: string
  readonly body?: unknown
  /** Null sends none. */
  readonly key?: string | null
  /** Of the token; the role is the operation's own. */
  readonly claims?: Claims
}

const fillings: Readonly<Record<string, string>> = {
  changeId: CHANGE_ID,
  scheduleId: '1123456789abcdefghjk',
  featureName: 'wallboards',
}

/** Starts a gateway before one operation, until the test ends. @returns its origin. */
export async function originBefore({ operation, handler, stream }: Bound): Promise<string> {
  const { url, close, open } = await takePort(0)
  open({
    now: Date.now,
    authorize: authorizer({
      // The claims are the token: what makes one trustworthy has its own tests.
      verify: async (jwt) => JSON.parse(Buffer.from(jwt, 'base64url').toString()),
      roleClaim: ['scope'],
      subjectClaim: 'sub',
      roles: new Map<string, Role>([[operation.role, operation.role]]),
      operations,
      log: authorizerLog('ports', fakeClock()),
    }),
    functionOf: () => handler,
    ...(stream && { streamOf: () => stream }),
  })
  onTestFinished(close)
  return url
}

/** The path of an operation's request. */
export function pathTo({ path }: Operation, { params = {}, query = '' }: Sent = {}): string {
  const filled = path.replaceAll(/\{([^}]+)\}/g, (_all, name: string) => params[name] ?? fillings[name] ?? '')
  return `${filled}${query}`
}

/** What the gateway of `originBefore` takes for a token of the operation's role. */
export function bearerFor({ role }: Operation, claims: Claims = { sub: 'ana' }): string {
  return `Bearer ${Buffer.from(JSON.stringify({ scope: role, ...claims })).toString('base64url')}`
}

/** Starts a gateway before one operation, until the test ends, and sends requests to it. */
export async function gatewayBefore(bound: Bound): Promise<(sent?: Sent) => Promise<RawAnswer>> {
  const url = await originBefore(bound)
  const { operation } = bound
  return async ({ params = {}, query = '', body, key = 'key-1', claims = { sub: 'ana' } } = {}) => {
    const response = await fetch(`${url}${pathTo(operation, { params, query })}`, {
      method: operation.method,
      headers: {
        authorization: bearerFor(operation, claims),
        ...(key === null ? {} : { 'idempotency-key': key }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      text,
      json: JSON.parse(text),
    }
  }
}
