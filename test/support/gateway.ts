/**
 * The whole stack for a test file: embedded org, stand-in for AWS, real functions, local gateway. Once a process, since
 * functions take what is a process's own as they load. A file has a process of its own, or shares it and its stack with
 * others that want the same (vitest.config.ts).
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, inject } from 'vitest'
import { TEST_KEY } from '../../infra/local/aws/access-key.ts'
import type { Org } from '../../infra/local/org/server.ts'
import { type LocalOptions, type LocalStack, startLocal } from '../../infra/local/stack.ts'
import { readEnvironment } from '../../lib/environment.ts'
import type { Role } from '../../lib/roles.ts'
import { type StoredItems, storedItems } from './ledger/stored-items.ts'

export interface TestStack extends LocalStack {
  readonly org: Org
  /** Where the stack keeps its state: the issuer's key is in identity.json. */
  readonly directory: string
  /** Every call to the stand-in for AWS since the test began. */
  readonly awsRequests: () => ReturnType<LocalStack['aws']['requests']>
  /** What is in the ledger, as it is stored. */
  readonly stored: StoredItems
  /** Every line the functions logged since the test began; not those that a tick with nothing to do leaves each time. */
  readonly logged: string[]
}

/** As the stack's. Milliseconds. */
const TICK_EVERY_MS = 60_000

interface Started {
  readonly stack: LocalStack
  readonly directory: string
  readonly logged: string[]
}

/** Where files share the process: the stack, which ends with it, and what it was wanted with. */
let shared: { readonly started: Promise<Started>; readonly options: string } | undefined

/**
 * Starts the stack, or takes that of the process. Before each test what is under way ends, the org is reset, the ledger
 * emptied, and what waits for its time and failures to come are forgotten; after the file everything is stopped that is its own. Call it at the top,
 * awaited.
 */
export async function gatewayForTests(options: Partial<LocalOptions> = {}): Promise<TestStack> {
  const { stack, directory, logged } = await stackFor(options)
  const { org } = stack
  if (!org) throw new Error('tests run before the embedded org')
  const begin = () => org.reset(options.org?.toggles ?? 'current')
  begin()
  const stored = storedItems(readEnvironment())
  let before = 0
  beforeEach(async () => {
    stack.aws.clearFailures()
    // What the test before, or another file's, has set going would be counted as this one's.
    await stack.aws.idle()
    stack.aws.forgetWaiting()
    begin()
    stack.chat?.reset()
    await stored.clear()
    logged.length = 0
    before = stack.aws.requests().length
  })
  return { ...stack, org, directory, awsRequests: () => stack.aws.requests().slice(before), stored, logged }
}

async function stackFor(options: Partial<LocalOptions>): Promise<Started> {
  const within = inject('sharedStacks')
  if (within !== undefined) {
    // Toggles are set as each test begins.
    const { toggles: _, ...others } = options.org ?? {}
    const wanted = JSON.stringify({ ...options, org: others })
    shared ??= { started: start(mkdtempSync(join(within, 'gateway-')), options), options: wanted }
    if (shared.options !== wanted)
      throw new Error('What another stack is wanted for shares none (vitest.config.ts)')
    return await shared.started
  }
  const started = await start(mkdtempSync(join(tmpdir(), 'gateway-')), options)
  afterAll(async () => {
    await started.stack.close()
    rmSync(started.directory, { recursive: true, force: true })
  })
  return started
}

async function start(directory: string, options: Partial<LocalOptions>): Promise<Started> {
  const logged: string[] = []
  const stack = await startLocal({
    directory,
    // As a test's own world has it: both share this process's environment.
    key: TEST_KEY,
    // A tick, a retry or a rotation's repeat would come into whatever test runs in that moment, and be counted there:
    // tests move the clock on where they want one.
    clockGoesByItself: false,
    tickEveryMs: TICK_EVERY_MS,
    // Tests that count requests to Genesys are not disturbed; those of readings say that they want them.
    takesInventory: false,
    writeLine(line) {
      const isIdleTick =
        line.includes('"code":"tick.ran","advanced":0') || line.includes('"code":"token.age"')
      if (!isIdleTick) logged.push(line)
    },
    ...options,
    org: { users: 60, requestsPerMinute: 100_000, ...options.org },
  })
  return { stack, directory, logged }
}

export interface RawAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  /** The body parsed, undefined where it is no JSON. */
  readonly json: unknown
}

export interface RawRequest {
  readonly method?: string
  /** As it goes on the wire: neither encoded nor normalised. */
  readonly path: string
  readonly role?: Role | undefined
  /** The Authorization header in place of the role's; null sends none. */
  readonly authorization?: string | null
  /** As which the gateway is addressed; by its address unless another is given. */
  readonly host?: string
  /** Names and values in turn, so that repeats are possible. */
  readonly headers?: readonly string[]
  readonly body?: string | Buffer
}

/** Sends exactly the bytes it is given, which fetch would tidy up. */
export function sendRaw(
  stack: LocalStack,
  { method = 'GET', path, role = 'approver', authorization, host, headers = [], body }: RawRequest,
): Promise<RawAnswer> {
  const { hostname, port } = new URL(stack.gateway)
  const authority = authorization === undefined ? `Bearer ${stack.tokens[role]}` : authorization
  return new Promise((resolve, reject) => {
    const outgoing = request({
      hostname,
      port,
      method,
      path,
      headers: [
        'Host',
        host ?? `${hostname}:${port}`,
        ...(authority === null ? [] : ['Authorization', authority]),
        ...headers,
        ...(body === undefined ? [] : ['Content-Length', String(Buffer.byteLength(body))]),
      ],
    })
    outgoing.on('error', reject)
    outgoing.on('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8')
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: jsonOf(text) })
      })
    })
    outgoing.end(body)
  })
}

export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
