import type { ServerResponse } from 'node:http'
import type { OrgRequest } from '../../request.ts'
import { errorAnswer, type OrgAnswer } from '../answers.ts'
import type { ListingLie } from '../paging.ts'
import { badCredentials } from '../refusals.ts'
import type { FaultAction } from './faults.ts'
import type { LoggedRequest } from './request-log.ts'
import type { Timers } from './timers.ts'

/** One request on its way: `entry` is its line in the request log. */
export interface Exchange {
  readonly request: OrgRequest
  readonly response: ServerResponse
  readonly entry: LoggedRequest
}

/** What faults act through. `apply` carries a request out; `late` holds what a fault has put off. */
export interface Stage {
  readonly apply: (request: OrgRequest, lie?: ListingLie) => OrgAnswer
  readonly revokeToken: (request: OrgRequest) => void
  readonly staleFor: (milliseconds: number) => void
  readonly late: Timers
}

/** Serves a request as a fault wants it, or as usual where there is none. */
export function serve(action: FaultAction | undefined, exchange: Exchange, stage: Stage): void {
  const { request, response } = exchange
  const { socket } = response
  if (action === undefined) send(exchange, stage.apply(request))
  else if ('status' in action) send(exchange, answerOf(action))
  else if ('delayMs' in action) stage.late.after(action.delayMs, () => send(exchange, stage.apply(request)))
  else if ('reset' in action) socket?.resetAndDestroy()
  else if ('truncateAtByte' in action) {
    sendPart(exchange, stage.apply(request), action.truncateAtByte, () => socket?.destroy())
  } else if ('stallAfterBytes' in action) sendPart(exchange, stage.apply(request), action.stallAfterBytes)
  else if ('applyThenReset' in action) {
    stage.apply(request)
    socket?.resetAndDestroy()
  } else if ('dropThenApplyAfterMs' in action) {
    socket?.destroy()
    stage.late.after(action.dropThenApplyAfterMs, () => stage.apply(request))
  } else if ('lie' in action) send(exchange, stage.apply(request, action.lie))
  else if ('staleReadMs' in action) {
    stage.staleFor(action.staleReadMs)
    send(exchange, stage.apply(request))
  } else {
    stage.revokeToken(request)
    send(exchange, errorAnswer(badCredentials, request.correlationId))
  }
}

/** Sends an answer whole, unless the client has gone. */
export function send(exchange: Exchange, answer: OrgAnswer): void {
  if (begin(exchange, answer)) exchange.response.end(answer.body)
}

/** Announces the whole length, sends only the first bytes of the body and leaves it at that. */
function sendPart(exchange: Exchange, answer: OrgAnswer, bytes: number, then?: () => void): void {
  if (!begin(exchange, answer)) return
  const { response } = exchange
  const part = Buffer.from(answer.body).subarray(0, bytes)
  response.flushHeaders()
  if (part.length > 0) response.write(part, () => then?.())
  else response.socket?.write('', () => then?.())
}

function begin({ request, response, entry }: Exchange, { status, headers, body }: OrgAnswer): boolean {
  if (!response.socket || response.socket.destroyed) return false
  response.setHeader('ININ-Correlation-Id', request.correlationId)
  if (status !== 204 && status !== 304) response.setHeader('Content-Length', Buffer.byteLength(body))
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  response.statusCode = status
  entry.status = status
  return true
}

function answerOf({
  status,
  headers,
  body,
  bodyBase64,
}: Extract<FaultAction, { status: number }>): OrgAnswer {
  const strings = Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)])
  const bytes = bodyBase64 === undefined ? asText(body) : Buffer.from(bodyBase64, 'base64')
  return {
    status,
    headers: { 'Content-Type': 'application/json', ...Object.fromEntries(strings) },
    body: bytes,
  }
}

function asText(body: unknown): string {
  if (body === undefined) return ''
  return typeof body === 'string' ? body : JSON.stringify(body)
}
