import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { serveLoopback } from '../loopback.ts'
import { MAX_BODY_BYTES, readBody, splitTarget } from '../request.ts'
import { createClients, type OAuthClientOptions } from './access/clients.ts'
import { answerTokenRequest } from './access/oauth.ts'
import { createTokens } from './access/tokens.ts'
import { namelessAnswer } from './answers.ts'
import { answerApiRequest } from './api.ts'
import { type BillingOptions, createBilling, EMBEDDED_ORG_NAME, type OrgName } from './billing/billing.ts'
import { answerControlRequest, type Control, createControl } from './control.ts'
import { createFaultBook } from './faults/faults.ts'
import { type Exchange, type Stage, send, serve } from './faults/misbehave.ts'
import { createRateLimit } from './faults/rate-limit.ts'
import { createRequestLog } from './faults/request-log.ts'
import { createTimers } from './faults/timers.ts'
import { readSavedOrg, writeSavedOrg } from './state-file.ts'
import { createTruth, type ToggleMode } from './truth.ts'

/** How an embedded org is to be; everything has a default. */
export interface OrgOptions {
  /** Port on 127.0.0.1; 0, the default, picks a free one. */
  readonly port?: number
  /** Number of people; default 500. */
  readonly users?: number
  /** Toggles as upstream has them today (the default), or as before July 2023. */
  readonly toggles?: ToggleMode
  /** What billing tells; by default no contracts. */
  readonly billing?: BillingOptions
  /** What it is called on a bill. */
  readonly identity?: Partial<OrgName> | undefined
  /** Whether the search of users takes the state deleted, as it is said to (the default), or refuses it: undocumented. */
  readonly searchesDeleted?: boolean
  /** Waited before each answer, in milliseconds; default 0. */
  readonly latencyMs?: number
  /** Requests a minute that one token may make; default 300, upstream's documented limit. */
  readonly requestsPerMinute?: number
  /** Life of an access token, for clients that say nothing of their own; default 86400, upstream's default. */
  readonly tokenSeconds?: number
  /** Changes to the clients `reader` and `writer`, and further clients. */
  readonly clients?: OAuthClientOptions
  /** Where the state survives a restart; without it, it does not. */
  readonly stateFile?: string
  /** The clock, in epoch milliseconds. */
  readonly now?: () => number
  /** Unguessable bytes, for tokens and correlation ids. */
  readonly random?: (bytes: number) => Buffer
}

/** A running org. `url` is the base URL of API, login and control alike. */
export interface Org extends Control {
  readonly url: string
  /** Does at once what faults have put off: answers that are delayed, and what was to be carried out later. */
  readonly letGo: () => void
  /** Destroys open connections, calls off what is pending and stops. */
  readonly close: () => Promise<void>
}

/**
 * Starts a Genesys Cloud org with the license API, the login and a control interface under `/__org` on 127.0.0.1.
 * It keeps the truth, so that a test can compare what was said with what is. Rejects where the port is taken, and
 * where the state file is damaged or was made for another number of users.
 */
export async function startOrg(options: OrgOptions = {}): Promise<Org> {
  const { port = 0, users = 500, toggles = 'current', latencyMs = 0, stateFile } = options
  const {
    searchesDeleted = true,
    requestsPerMinute = 300,
    tokenSeconds = 86_400,
    now = Date.now,
    random = randomBytes,
  } = options
  const saved = stateFile === undefined ? undefined : readSavedOrg(stateFile, users, toggles)
  const clients = createClients(options.clients)
  const truth = createTruth({ users, mode: toggles, clock: now, saved })
  const billing = createBilling({ ...EMBEDDED_ORG_NAME, ...options.identity }, options.billing)
  const tokens = createTokens(Object.values(clients), now, random, saved?.tokens)
  const rateLimit = createRateLimit(requestsPerMinute, now)
  const log = createRequestLog(now)
  const faults = createFaultBook()
  const timers = createTimers()
  const late = createTimers()
  let staleUntilMs = 0

  function save(): void {
    if (stateFile === undefined) return
    writeSavedOrg(stateFile, {
      version: 1,
      users,
      mode: truth.mode(),
      ...truth.overrides(),
      tokens: tokens.list(),
    })
  }

  const view = () => (now() < staleUntilMs ? truth.beforeLastWrite : truth.now)
  const api = { truth, tokens, rateLimit, view, save, searchesDeleted, billing, now }

  const stage: Stage = {
    late,
    apply(request, lie) {
      if (!request.headers['user-agent']) return namelessAnswer
      if (request.path !== '/oauth/token') return answerApiRequest(request, api, lie)
      const answer = answerTokenRequest(request, Object.values(clients), tokens, tokenSeconds)
      save()
      return answer
    },
    revokeToken(request) {
      tokens.revoke(request.headers.authorization)
      save()
    },
    staleFor: (milliseconds) => {
      staleUntilMs = now() + milliseconds
    },
  }

  function reset(as?: ToggleMode): void {
    truth.reset(as)
    faults.clear()
    log.reset()
    rateLimit.reset()
    late.clear()
    billing.reset()
    staleUntilMs = 0
    save()
  }
  const control = createControl({ truth, log, faults, clients, reset, save })

  async function receive(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', headers } = message
    const { path, query } = splitTarget(message.url ?? '/')
    const facts = { method, path, query, correlationId: correlationIdFrom(random(16)) }
    const isControl = path === '/__org' || path.startsWith('/__org/')
    const entry = isControl ? { ...facts, status: null, at: '' } : log.add(facts)
    const action = isControl ? undefined : faults.take(method, path, query)
    const body = await readBody(message, isControl ? Number.POSITIVE_INFINITY : MAX_BODY_BYTES)
    if (body === 'aborted') return
    const exchange: Exchange = { request: { ...facts, headers, body }, response, entry }
    if (isControl) send(exchange, answerControlRequest(control, exchange.request))
    else timers.after(latencyMs, () => serve(action, exchange, stage))
  }

  const { url, close } = await serveLoopback((message, response) => void receive(message, response), { port })
  save()

  return {
    ...control,
    url,
    letGo: late.bringOn,
    close: () => {
      timers.clear()
      late.clear()
      return close()
    },
  }
}

function correlationIdFrom(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
