/** One function as Lambda runs it: a process of its own, frozen whenever it has answered, ended when its time is over. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { NetworkSettings } from '../processes/network.ts'
import { ACCOUNT, REGION } from '../template/org-files.ts'
import { type Outcome, startRuntimeApi } from './runtime-api.ts'

/** A container that has not begun to wait for events by then is not coming; Lambda gives it 10 s. Milliseconds. */
const INIT_TIMEOUT_MS = 10_000

export interface ContainerOptions {
  /** The function's file, e.g. `get-license-user`. */
  readonly name: string
  /** As AWS calls it. */
  readonly functionName: string
  readonly handler: string
  readonly codeDirectory: string
  readonly variables: Readonly<Record<string, string>>
  readonly memoryMb: number
  readonly timeoutSeconds: number
  readonly logGroup: string
  readonly logFormat: string
  readonly network: NetworkSettings
  readonly key: { readonly accessKeyId: string; readonly secretAccessKey: string }
  /** The bundled processes/runtime.ts. */
  readonly runtimeFile: string
  /** The authority that vouches for the hosts, PEM. */
  readonly authorityFile: string
}

export interface Container {
  readonly name: string
  /** @param remainingMs of the function's time; all of it where nothing is said. */
  readonly invoke: (event: unknown, remainingMs?: number) => Promise<Outcome>
  /** Whether it is at work: it takes one event at a time. */
  readonly isBusy: () => boolean
  /** Lines of standard output and standard error so far, with what was asked for on a host that is not there. */
  readonly output: ContainerOutput
  readonly memoryMb: number
  readonly mostHeldMb: () => number
  readonly requestIds: ReadonlySet<string>
  /** Ends it, and resolves when all that it wrote has been read. */
  readonly stop: () => Promise<void>
}

export interface ContainerOutput {
  readonly lines: readonly string[]
  readonly unknownHosts: readonly string[]
}

export async function startContainer(options: ContainerOptions): Promise<Container> {
  const { name, functionName, memoryMb, timeoutSeconds } = options
  const lines: string[] = []
  const unknownHosts: string[] = []
  let child: ChildProcess | undefined
  let queue: Promise<unknown> = Promise.resolve()
  let underWay = 0

  let timer: NodeJS.Timeout | undefined
  function endAfter(ms: number): void {
    clearTimeout(timer)
    timer = setTimeout(() => {
      api.end({ kind: 'timed.out' })
      child?.kill('SIGKILL')
    }, ms)
  }

  const api = await startRuntimeApi({
    // Lambda freezes a container as soon as its runtime asks for the next event.
    onWaiting: () => child?.kill('SIGSTOP'),
    onEvent(remainingMs) {
      child?.kill('SIGCONT')
      endAfter(remainingMs)
    },
  })

  function start(): ChildProcess {
    const started = spawn(process.execPath, argumentsOf(options), {
      env: variablesOf(options, api.address),
      cwd: options.codeDirectory,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    })
    for (const stream of [started.stdout, started.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => lines.push(line))
    }
    const report = started.stdio[3]
    if (report && 'read' in report)
      createInterface({ input: report }).on('line', (host) => unknownHosts.push(host))
    started.once('exit', (code) => api.end({ kind: 'ended', code }))
    return started
  }

  async function run(event: unknown, remainingMs: number): Promise<Outcome> {
    if (child === undefined) {
      child = start()
      endAfter(INIT_TIMEOUT_MS)
    }
    const functionArn = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${functionName}`
    const outcome = await api.invoke({ event, functionArn, remainingMs })
    clearTimeout(timer)
    return outcome
  }

  return {
    name,
    memoryMb,
    invoke(event, remainingMs = timeoutSeconds * 1000) {
      underWay += 1
      const invoked = queue
        .then(() => run(event, remainingMs))
        .finally(() => {
          underWay -= 1
        })
      queue = invoked
      return invoked
    },
    isBusy: () => underWay > 0,
    output: { lines, unknownHosts },
    mostHeldMb: () => api.mostHeldKb() / 1024,
    requestIds: api.requestIds,
    async stop() {
      if (child !== undefined && child.exitCode === null && child.signalCode === null) {
        const closed = once(child, 'close')
        child.kill('SIGKILL')
        await closed
      }
      await api.close()
    },
  }
}

/** The shares of a function's memory that AWS's runtime for Node.js lets the heap have: young objects a tenth, old ones the rest. */
function argumentsOf({ memoryMb, runtimeFile, network }: ContainerOptions): string[] {
  const young = Math.floor(memoryMb / 10)
  return [
    '--expose-gc',
    '--max-http-header-size=81920',
    `--max-semi-space-size=${Math.floor(young / 2)}`,
    `--max-old-space-size=${memoryMb - young}`,
    runtimeFile,
    JSON.stringify(network),
  ]
}

/** What Lambda sets beside the function's own (Developer Guide, "Defined runtime environment variables"), and nothing of this process's. */
function variablesOf(options: ContainerOptions, runtimeApi: string): Record<string, string> {
  const { functionName, handler, codeDirectory, variables, memoryMb, logGroup, logFormat, key } = options
  return {
    ...variables,
    _HANDLER: handler,
    AWS_ACCESS_KEY_ID: key.accessKeyId,
    AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
    AWS_SESSION_TOKEN: 'token-of-the-role',
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: functionName,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_FORMAT: logFormat,
    AWS_LAMBDA_LOG_GROUP_NAME: logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: '2026/01/01/[$LATEST]0123456789abcdef0123456789abcdef',
    AWS_LAMBDA_RUNTIME_API: runtimeApi,
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
    AWS_XRAY_DAEMON_ADDRESS: '169.254.79.129:2000',
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    LAMBDA_TASK_ROOT: codeDirectory,
    LANG: 'en_US.UTF-8',
    LD_LIBRARY_PATH: '/var/lang/lib:/lib64:/usr/lib64:/var/runtime:/var/task:/opt/lib',
    NODE_PATH: '/opt/nodejs/node24/node_modules:/opt/nodejs/node_modules:/var/runtime/node_modules',
    PATH: '/var/lang/bin:/usr/local/bin:/usr/bin:/bin:/opt/bin',
    TZ: ':UTC',
    // The one that Lambda does not set: on AWS, Node knows who vouches for the hosts by itself.
    NODE_EXTRA_CA_CERTS: options.authorityFile,
  }
}
