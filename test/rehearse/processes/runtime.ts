/**
 * Lambda's runtime, as small as it can be: what stands between the Runtime API and a handler (Lambda Developer Guide,
 * "Using the Lambda runtime API for custom runtimes"). How it finds the handler, makes `console` write JSON, and tells
 * what a function throws is as in AWS's own for Node.js (aws-lambda-ric 4.0.2): handlers with callbacks are refused,
 * an error's type is the name of its class in the log and its own `name` in the answer. It has none of its worker threads. Bundled to CommonJS, so that no compiler is loaded in the process of a function.
 *
 * Arguments: the network's settings as JSON.
 */
import fs from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { format } from 'node:util'
import { confine, type NetworkSettings } from './network.ts'
import { isStreamed, provideStreaming, streamAnswer } from './response-stream.ts'

const API = '/2018-06-01/runtime'

/** Exit codes of AWS's own. */
const UNHANDLED_REJECTION = 128
const UNCAUGHT_EXCEPTION = 129

type Handler = (event: unknown, ...others: readonly unknown[]) => unknown

interface Invocation {
  readonly id: string
  readonly deadlineMs: number
  readonly functionArn: string
  readonly traceId: string
  readonly event: string
}

/** AWS's own tells by a symbol which invocation there is. */
const REQUEST_ID = Symbol.for('aws.lambda.runtime.requestId')
const current: { requestId: string | undefined } = { requestId: undefined }
Object.defineProperty(globalThis, REQUEST_ID, { get: () => current.requestId })

const variable = (name: string) => process.env[name] ?? ''
const [host = '', port = ''] = variable('AWS_LAMBDA_RUNTIME_API').split(':')
const agent = new http.Agent({ keepAlive: true })

interface Reply {
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
}

function ask(method: 'GET' | 'POST', route: string, body = '', headers: http.OutgoingHttpHeaders = {}) {
  return new Promise<Reply>((resolve, reject) => {
    const length = { 'content-length': Buffer.byteLength(body) }
    const request = http.request({
      host,
      port,
      agent,
      method,
      path: `${API}${route}`,
      headers: { ...headers, ...length },
    })
    request.on('error', reject)
    request.on('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () =>
        resolve({ headers: response.headers, body: Buffer.concat(chunks).toString('utf8') }),
      )
    })
    request.end(body)
  })
}

async function next(): Promise<Invocation> {
  const { headers, body } = await ask('GET', '/invocation/next')
  const header = (name: string) => String(headers[`lambda-runtime-${name}`] ?? '')
  return {
    id: header('aws-request-id'),
    deadlineMs: Number(header('deadline-ms')),
    functionArn: header('invoked-function-arn'),
    traceId: header('trace-id'),
    event: body,
  }
}

const errorOf = (thrown: unknown) => (thrown instanceof Error ? thrown : new Error(String(thrown)))

async function tellError(route: string, thrown: unknown): Promise<void> {
  const isError = thrown instanceof Error
  const errorType = isError ? thrown.name : typeof thrown
  const errorMessage = isError ? thrown.message : String(thrown)
  const trace = isError ? (thrown.stack ?? '').split('\n') : []
  await ask('POST', route, JSON.stringify({ errorType, errorMessage, trace }), {
    'content-type': 'application/json',
    'lambda-runtime-function-error-type': errorType,
  })
}

/** Errors within what is logged, as AWS's own writes them: all that stands on them, cause and getters aside. */
function replaceError(_name: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value
  const { message: errorMessage, stack } = value
  return Object.assign(
    { errorType: value.constructor.name, errorMessage, stackTrace: stack?.split('\n') ?? [] },
    value,
  )
}

function writeLog(level: string, [message, ...others]: readonly unknown[]): void {
  const entry: Record<string, unknown> = {
    timestamp: new Date().toISOString(),
    level,
    requestId: current.requestId,
    message: others.length === 0 ? message : format(message, ...others),
  }
  const error = others.find((other) => other instanceof Error)
  if (error) {
    entry['errorType'] = error.constructor.name
    entry['errorMessage'] = error.message
    entry['stackTrace'] = error.stack?.split('\n') ?? []
  }
  const line = JSON.stringify(entry, others.length === 0 ? replaceError : undefined)
  process.stdout.write(`${line.replaceAll('\n', '\r')}\n`)
}

function patchConsole(): void {
  const writer =
    (level: string) =>
    (...given: readonly unknown[]) =>
      writeLog(level, given)
  Object.assign(console, {
    trace: writer('TRACE'),
    debug: writer('DEBUG'),
    info: writer('INFO'),
    log: writer('INFO'),
    warn: writer('WARN'),
    error: writer('ERROR'),
  })
}

/** A setting such as `index.handler`: the file without its ending, then the name of what it exports. */
function loadHandler(): Handler {
  const setting = variable('_HANDLER')
  const [, file = '', name = ''] = /^(.*?)\.([^/]*)$/.exec(setting) ?? []
  const base = path.resolve(variable('LAMBDA_TASK_ROOT'), file)
  const found = ['', '.js', '.mjs', '.cjs'].map((ending) => base + ending).find((each) => fs.existsSync(each))
  if (found === undefined) throw failure('Runtime.ImportModuleError', `Cannot find module '${file}'`)
  const handler: unknown = require(found)[name]
  if (typeof handler !== 'function') {
    throw failure('Runtime.HandlerNotFound', `${setting} is undefined or not exported`)
  }
  if (handler.length > 2 && !isStreamed(handler)) {
    throw failure('Runtime.CallbackHandlerDeprecated', 'Handlers with a callback are not supported')
  }
  return handler as Handler
}

function failure(name: string, message: string): Error {
  return Object.assign(new Error(message), { name })
}

function contextOf({ id, deadlineMs, functionArn }: Invocation) {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: variable('AWS_LAMBDA_FUNCTION_VERSION'),
    functionName: variable('AWS_LAMBDA_FUNCTION_NAME'),
    memoryLimitInMB: variable('AWS_LAMBDA_FUNCTION_MEMORY_SIZE'),
    logGroupName: variable('AWS_LAMBDA_LOG_GROUP_NAME'),
    logStreamName: variable('AWS_LAMBDA_LOG_STREAM_NAME'),
    clientContext: undefined,
    identity: undefined,
    invokedFunctionArn: functionArn,
    awsRequestId: id,
    getRemainingTimeInMillis: () => deadlineMs - Date.now(),
  }
}

/** The most that the process has held so far; for the rehearsal, not part of Lambda's own. */
function mostHeldKb(): string {
  try {
    const [, kb = ''] = /^VmHWM:\s+(\d+) kB$/m.exec(fs.readFileSync('/proc/self/status', 'utf8')) ?? []
    if (kb !== '') return kb
  } catch {
    // Another system than Linux; what is held now will do.
  }
  return String(Math.round(process.memoryUsage.rss() / 1024))
}

async function serve(handler: Handler, invocation: Invocation): Promise<void> {
  const route = `/invocation/${invocation.id}`
  current.requestId = invocation.id
  process.env['_X_AMZN_TRACE_ID'] = invocation.traceId
  try {
    const [event, context] = [JSON.parse(invocation.event), contextOf(invocation)]
    if (isStreamed(handler)) {
      const target = { host, port, agent, path: `${API}${route}/response` }
      await streamAnswer({ ...target, headers: { 'rehearsal-most-held-kb': mostHeldKb() } }, async (stream) =>
        handler(event, stream, context),
      )
      current.requestId = undefined
      return
    }
    const value = await handler(event, context)
    const body = JSON.stringify(value === undefined ? null : value)
    await ask('POST', `${route}/response`, body, {
      'content-type': 'application/json',
      'rehearsal-most-held-kb': mostHeldKb(),
    })
  } catch (thrown) {
    console.error(errorOf(thrown))
    await tellError(`${route}/error`, thrown)
  }
  current.requestId = undefined
}

/** What escapes a handler ends the process, and the invocation with it. */
function endOn(event: 'uncaughtException' | 'unhandledRejection', type: string, code: number): void {
  process.on(event, (thrown: unknown) => {
    const error = failure(type, errorOf(thrown).message)
    console.error(errorOf(thrown))
    const route = current.requestId === undefined ? '/init/error' : `/invocation/${current.requestId}/error`
    tellError(route, error).finally(() => process.exit(code))
  })
}

async function main(): Promise<void> {
  const settings: NetworkSettings = JSON.parse(process.argv[2] ?? '')
  confine(settings, Number(port))
  patchConsole()
  provideStreaming()
  endOn('uncaughtException', 'Runtime.UncaughtException', UNCAUGHT_EXCEPTION)
  endOn('unhandledRejection', 'Runtime.UnhandledPromiseRejection', UNHANDLED_REJECTION)
  let handler: Handler
  try {
    handler = loadHandler()
  } catch (thrown) {
    console.error(errorOf(thrown))
    await tellError('/init/error', thrown)
    process.exit(1)
  }
  for (;;) await serve(handler, await next())
}

void main()
