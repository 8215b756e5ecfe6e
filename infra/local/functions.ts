/** The very functions that deploy, loaded by the rule that names their files after their operations. */
import { existsSync, readdirSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { APIGatewayAuthorizerResult } from 'aws-lambda'
import type { WebhookHandler } from '../../lib/chat/webhook/answer-webhook.ts'
import { CHAT_DELIVERED } from '../../lib/chat/webhook/queued.ts'
import { systemClock } from '../../lib/clock.ts'
import { EVENT_SOURCE, TOGGLE_REQUESTED } from '../../lib/events/contract.ts'
import type { Handler } from '../../lib/http/lambda.ts'
import type { StreamedHandler } from '../../lib/http/streamed.ts'
import { lines } from '../../lib/observe/log-lines.ts'
import { operations } from '../../lib/operations/index.ts'
import type { Rule } from './aws/events/event-bus.ts'
import type { LocalFunctions } from './aws/lambda.ts'
import { lambdaContext, READING_TIMEOUT_MS, STREAM_TIMEOUT_MS } from './lambda-context.ts'
import { collectStream } from './streaming/collect-stream.ts'
import { isStreamed, provideStreaming } from './streaming/response-stream.ts'

/** Of write-audit, as the stack has it. Milliseconds. */
const AUDIT_TIMEOUT_MS = 300_000

const root = fileURLToPath(new URL('../../functions/', import.meta.url))
const folders = readdirSync(root)

export interface Functions {
  readonly authorize: (event: unknown) => Promise<APIGatewayAuthorizerResult>
  readonly rotate: (event: unknown) => Promise<void>
  readonly functionOf: (operationId: string) => Handler
  /** The function of an operation that has files. */
  readonly streamOf: (operationId: string) => StreamedHandler
  /** What no request calls, each as Lambda invokes it asynchronously. */
  readonly flipToggle: (event: unknown) => Promise<void>
  readonly fireSchedule: (event: unknown) => Promise<void>
  /** As the queue of lists invokes it. */
  readonly takeTurns: (event: unknown) => Promise<unknown>
  readonly tick: () => Promise<void>
  readonly takeInventory: () => Promise<void>
  readonly writeAudit: () => Promise<void>
  readonly chat: ChatHandlers | undefined
  /** Serves the page; loaded when it is asked for, since it is only told where there is one. */
  readonly getPage: () => Promise<StreamedHandler>
}

export interface ChatHandlers {
  readonly slack: WebhookHandler
  readonly teams: WebhookHandler
  /** As the bus and Teams' webhook invoke it. */
  readonly runCommand: (event: unknown) => Promise<unknown>
}

/** The file of an operation's function. @throws Error where there is none. */
export function functionFile(operationId: string): string {
  const name = operationId.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  const file = folders.map((folder) => `${root}${folder}/${name}.ts`).find((path) => existsSync(path))
  if (file === undefined) throw new Error(`The operation ${operationId} has no function file ${name}.ts`)
  return file
}

/** What a function finds in the process that Lambda makes for it. */
export interface FunctionRuntime {
  readonly variables: Readonly<Record<string, string>>
  /** Epoch milliseconds. */
  readonly nowMs: () => number
  /** Takes each line of the log; standard output does by default. */
  readonly writeLine?: ((line: string) => void) | undefined
}

/**
 * Makes of this process what Lambda makes of its own, and imports every function. They are deployed as they are, so they
 * take what belongs to a whole process from it: here alone is it put there, once, and before any of them is loaded.
 *
 * @param hasChat whether those of chat too, which need secrets of their own.
 */
export async function loadFunctions(
  { variables, nowMs, writeLine }: FunctionRuntime,
  hasChat: boolean,
): Promise<Functions> {
  Object.assign(process.env, variables)
  systemClock.nowMs = nowMs
  if (writeLine) lines.write = writeLine
  return await importFunctions(hasChat)
}

/** Imports every function into a process that has what they need. */
export async function importFunctions(hasChat: boolean): Promise<Functions> {
  provideStreaming()
  const handlers = new Map<string, Handler>()
  const streams = new Map<string, StreamedHandler>()
  for (const { id } of operations) {
    const { handler } = await import(pathToFileURL(functionFile(id)).href)
    if (isStreamed(handler)) streams.set(id, handler)
    else handlers.set(id, handler)
  }
  const { handler: authorize } = await import('../../functions/gateway/authorize.ts')
  const { handler: rotate } = await import('../../functions/credentials/rotate-token.ts')
  const { handler: flipToggle } = await import('../../functions/events/flip-toggle.ts')
  const { handler: fireSchedule } = await import('../../functions/events/fire-schedule.ts')
  const { handler: takeTurns } = await import('../../functions/events/take-turns.ts')
  const { handler: tick } = await import('../../functions/events/advance-due-changes.ts')
  const { handler: takeInventory } = await import('../../functions/events/take-inventory.ts')
  const { handler: writeAudit } = await import('../../functions/events/write-audit.ts')
  return {
    authorize: (event) => authorize(event, lambdaContext('authorize')),
    rotate: (event) => rotate(event, lambdaContext('rotate-token')),
    flipToggle: (event) => flipToggle(event, lambdaContext('flip-toggle')),
    fireSchedule: (event) => fireSchedule(event, lambdaContext('fire-schedule')),
    takeTurns: (event) => takeTurns(event, lambdaContext('take-turns')),
    tick: () => tick({}, lambdaContext('advance-due-changes')),
    takeInventory: () => takeInventory({}, lambdaContext('take-inventory', READING_TIMEOUT_MS)),
    writeAudit: () => writeAudit({}, lambdaContext('write-audit', AUDIT_TIMEOUT_MS)),
    chat: hasChat ? await loadChat() : undefined,
    getPage: async () => (await import('../../functions/page/get-page.ts')).handler,
    functionOf: (operationId) => loadedIn(handlers, operationId),
    streamOf: (operationId) => loadedIn(streams, operationId),
  }
}

function loadedIn<F>(functions: ReadonlyMap<string, F>, operationId: string): F {
  const found = functions.get(operationId)
  if (!found) throw new Error(`No function of its kind was loaded for ${operationId}`)
  return found
}

async function loadChat(): Promise<ChatHandlers> {
  const { handler: slack } = await import('../../functions/chat/slack.ts')
  const { handler: teams } = await import('../../functions/chat/teams.ts')
  const { handler: runCommand } = await import('../../functions/chat/run-command.ts')
  return { slack, teams, runCommand: (event) => runCommand(event, lambdaContext('run-command')) }
}

/** Each function by its file's name, as Lambda's Invoke has it run with any event: API Gateway and the bus aside. */
export function invocableFunctions(functions: Promise<Functions>): LocalFunctions {
  const served = operations.map(({ id, files }) => {
    const name = basename(functionFile(id), '.ts')
    const invoke = async (event: unknown) => {
      const { functionOf, streamOf } = await functions
      return files
        ? await collectStream(streamOf(id), event, lambdaContext(name, STREAM_TIMEOUT_MS))
        : await functionOf(id)(event, lambdaContext(name))
    }
    return [name, invoke] as const
  })
  return {
    ...Object.fromEntries(served),
    authorize: async (event) => await (await functions).authorize(event),
    'flip-toggle': async (event) => await (await functions).flipToggle(event),
    'fire-schedule': async (event) => await (await functions).fireSchedule(event),
    'take-turns': async (event) => await (await functions).takeTurns(event),
    'advance-due-changes': async () => await (await functions).tick(),
    'take-inventory': async () => await (await functions).takeInventory(),
    'write-audit': async () => await (await functions).writeAudit(),
  }
}

/** The rules of the stack's bus. @param refuse where nothing may be written, called in place of flip-toggle. */
export function busRules(functions: Promise<Functions>, refuse: (() => never) | undefined): Rule[] {
  const runCommand = {
    functionName: 'run-command',
    target: async (event: unknown) => await (await functions).chat?.runCommand(event),
  }
  return [
    {
      name: 'toggle-requested',
      functionName: 'flip-toggle',
      matches: (event) => event['detail-type'] === TOGGLE_REQUESTED,
      target: async (event) => (refuse ? refuse() : await (await functions).flipToggle(event)),
    },
    { name: 'chat-delivered', matches: (event) => event['detail-type'] === CHAT_DELIVERED, ...runCommand },
    { name: 'change-told', matches: (event) => event.source === EVENT_SOURCE, ...runCommand },
  ]
}
