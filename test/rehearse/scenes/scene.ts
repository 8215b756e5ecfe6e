/** What a scene is: an event as its function would get it, and what must come of it; and how functions are called. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { functionNameOf } from '../../../infra/constructs/names.ts'
import { jsonOf } from '../../../lib/json.ts'
import { operations } from '../../../lib/operations/index.ts'
import { ACCOUNT, REGION } from '../template/org-files.ts'
import type { Stage } from '../world/stage.ts'
import { type ApiCall, apiEvent } from './api-events.ts'

export interface Scene {
  readonly event: unknown
  /** @throws AssertionError where the answer, or what is true afterwards, is another than it must be. */
  readonly check: (answer: unknown) => void | Promise<void>
}

/** Makes ready what the event is about, each time anew. */
export type MakeScene = (stage: Stage) => Scene | Promise<Scene>

/** How an operation is called, beside its method and route. */
export type CallOptions = Omit<ApiCall, 'variant' | 'method' | 'resource'>

export interface HttpAnswer {
  readonly status: number
  readonly json: Readonly<Record<string, unknown>>
}

/** An event of API Gateway for the operation of a function. */
function eventFor(stage: Stage, functionName: string, options: CallOptions = {}): unknown {
  const operation = operations.find((each) => functionNameOf(each) === functionName)
  if (operation === undefined) throw new Error(`No operation is served by ${functionName}`)
  return apiEvent({ ...options, variant: stage.variant, method: operation.method, resource: operation.path })
}

/** Calls the function of an operation, which must answer with that status. */
export async function call(stage: Stage, functionName: string, status: number, options: CallOptions = {}) {
  const outcome = await stage.containerOf(functionName).invoke(eventFor(stage, functionName, options))
  assert.equal(outcome.kind, 'answered', `${functionName}: ${JSON.stringify(outcome)}`)
  return answerIn(outcome.kind === 'answered' ? outcome.value : undefined, status).json
}

/** @returns what API Gateway would send, which must have that status. */
export function answerIn(answer: unknown, status: number): HttpAnswer {
  const { statusCode, body } = fieldsOf(answer)
  assert.equal(
    statusCode,
    status,
    `answered ${String(statusCode)}, not ${status}: ${String(body).slice(0, 500)}`,
  )
  return { status, json: fieldsOf(jsonOf(String(body))) }
}

export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {}
}

export function textOf(value: unknown): string {
  assert.equal(typeof value, 'string')
  return String(value)
}

/** A scene of an operation: called so, it answers with that status and what `check` looks at. */
export function operationScene(
  functionName: string,
  prepare: (stage: Stage) => CallOptions | Promise<CallOptions>,
  status: number,
  check: (json: Readonly<Record<string, unknown>>, stage: Stage) => void = () => {},
): MakeScene {
  return async (stage) => {
    const event = eventFor(stage, functionName, await prepare(stage))
    return { event, check: (answer) => check(answerIn(answer, status).json, stage) }
  }
}

/** What the queue of lists delivers. */
export function turnEvent(changeId: string) {
  return {
    Records: [{ messageId: 'message-1', body: JSON.stringify({ changeId }), eventSource: 'aws:sqs' }],
  }
}

/** What a rule of the clock delivers. */
export function minuteEvent() {
  return busEvent('aws.events', 'Scheduled Event', {}, [`arn:aws:events:${REGION}:${ACCOUNT}:rule/tick`])
}

/** What EventBridge wraps around what it delivers. */
export function busEvent(
  source: string,
  detailType: string,
  detail: unknown,
  resources: readonly string[] = [],
) {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': detailType,
    source,
    account: ACCOUNT,
    time: `${new Date().toISOString().slice(0, 19)}Z`,
    region: REGION,
    resources,
    detail,
  }
}
