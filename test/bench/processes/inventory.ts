/**
 * Reads a whole org by take-inventory, on a clock that sleeping moves on in no time, counts who holds what from it, and
 * streams everybody as CSV: by the code that deploys, here in one process. Tells its parent what that took; a reading is
 * compared with that of a process before, where there was one. Needs --expose-gc.
 *
 * Argument: the variables of the functions, as JSON.
 */
import { readFileSync } from 'node:fs'
import { lambdaContext, READING_TIMEOUT_MS, STREAM_TIMEOUT_MS } from '../../../infra/local/lambda-context.ts'
import { invokeStreamed } from '../../../infra/local/streaming/invoke-streamed.ts'
import { provideStreaming, ResponseStream } from '../../../infra/local/streaming/response-stream.ts'
import { systemClock } from '../../../lib/clock.ts'
import { bindInventory } from '../../../lib/composition/bindings/bind-inventory.ts'
import { bindSeats } from '../../../lib/composition/bindings/bind-seats.ts'
import { inventories } from '../../../lib/composition/inventories.ts'
import { readings } from '../../../lib/composition/readings.ts'
import { readEnvironment } from '../../../lib/environment.ts'
import { eventLambda } from '../../../lib/events/event-lambda.ts'
import { takeInventory } from '../../../lib/events/take-inventory.ts'
import { PER_TRY_TIMEOUT_MS } from '../../../lib/genesys/scope.ts'
import { streamed } from '../../../lib/http/streamed.ts'
import { ledgerInventory } from '../../../lib/inventory/ledger-inventory.ts'
import { lines } from '../../../lib/observe/log-lines.ts'
import { listUsers } from '../../../lib/operations/users/list-users.ts'
import { nodeTransport, type Transport } from '../../../lib/transport/transport.ts'
import { proxyEvent } from '../proxy-event.ts'

export interface InventorySample {
  readonly reading: {
    /** Pages asked for. */
    readonly requests: number
    /** By the clock that was moved on, milliseconds. */
    readonly tookMs: number
    readonly invocations: number
    /** The most that the whole process ever had, bytes. */
    readonly peakBytes: number
  }
  readonly seats: {
    readonly ledgerCalls: number
    readonly tookMs: number
    readonly held: number
    /** By the contract, of the licenses that the org file maps charges to. */
    readonly paidFor: number
  }
  readonly file: {
    readonly rows: number
    readonly bytes: number
    readonly firstByteMs: number
    readonly tookMs: number
    /** Of what is in use on the heap after a collection, beyond what was before the first row. */
    readonly growthBytes: number
    readonly ledgerCalls: number
  }
}

/** As the pieces of a CSV file come, one of so many: a collection takes some milliseconds. */
const COLLECTED_OF = 20

/** As an org file has it. */
const MAPPED = { cloudCX3: { charges: ['Genesys Cloud CX 3 Named'] } }

const variables: Readonly<Record<string, string>> = JSON.parse(process.argv[2] ?? '{}')
Object.assign(process.env, variables)
const environment = readEnvironment()

let sleptMs = 0
const clock = {
  ...systemClock,
  nowMs: () => Date.now() + Math.floor(sleptMs),
  monotonicMs: () => performance.now() + sleptMs,
  sleep: async (ms: number) => {
    sleptMs += ms
    await new Promise(setImmediate)
  },
}

const PAGES = /^\/api\/v2\/(license\/)?users\?/

const asked = { pages: 0, ledger: 0 }
const transport: Transport = async (request) => {
  if (request.origin === variables['GENESYS_API_URL'] && PAGES.test(request.path)) asked.pages += 1
  if (request.origin === variables['AWS_ENDPOINT_URL_DYNAMODB']) asked.ledger += 1
  return await nodeTransport(request)
}
const machine = { clock, transport, perTryTimeoutMs: PER_TRY_TIMEOUT_MS }

function heapInUse(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

const inventoryWithin = bindInventory(environment, clock, transport)
const seatsWithin = bindSeats(environment, clock, transport)
const untilForever = { remainingMs: () => Number.POSITIVE_INFINITY }

/** Linux counts into maxRSS what the process that started this one had when it did; VmHWM is this program's own (proc(5)). */
function peakRssBytes(): number {
  const status = process.platform === 'linux' ? readFileSync('/proc/self/status', 'utf8') : ''
  const [, ownKb] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? []
  return 1_024 * (ownKb === undefined ? process.resourceUsage().maxRSS : Number(ownKb))
}

async function read(): Promise<InventorySample['reading']> {
  const handler = eventLambda(takeInventory, readings(environment, machine))
  const inventory = ledgerInventory(inventoryWithin(untilForever))
  const { id } = await inventory.askForReading({ beganAfterMs: clock.nowMs() })
  const [startedMs, askedBefore] = [clock.monotonicMs(), asked.pages]
  for (let invocations = 1; ; invocations++) {
    await handler({}, lambdaContext('take-inventory', READING_TIMEOUT_MS))
    const progress = await inventory.reading(id)
    if (progress?.state === 'whole') {
      const tookMs = clock.monotonicMs() - startedMs
      const peakBytes = peakRssBytes()
      return { requests: asked.pages - askedBefore, tookMs, invocations, peakBytes }
    }
    if (progress?.state === 'notWhole') throw new Error('The reading was not whole')
    await clock.sleep(60_000)
  }
}

async function count(): Promise<InventorySample['seats']> {
  const before = asked.ledger
  const startedMs = performance.now()
  const { licenses } = await seatsWithin(untilForever, { people: {}, licenses: MAPPED }).seats.now()
  const tookMs = performance.now() - startedMs
  const fromContract = licenses.filter(({ seatsFrom }) => seatsFrom === 'contract')
  return {
    ledgerCalls: asked.ledger - before,
    tookMs,
    held: licenses.reduce((sum, { held }) => sum + held, 0),
    paidFor: fromContract.reduce((sum, { seats = 0 }) => sum + seats, 0),
  }
}

async function streamEverybody(): Promise<InventorySample['file']> {
  provideStreaming()
  const handler = streamed(listUsers, inventories(environment, machine))
  const event = proxyEvent('GET', '/v1/users', {})
  const headers = { ...event.headers, Accept: 'text/csv' }
  const multiValueHeaders = { ...event.multiValueHeaders, Accept: ['text/csv'] }
  const [before, ledgerBefore, startedMs] = [heapInUse(), asked.ledger, performance.now()]
  let [rows, bytes, pieces, most, firstByteMs, collectingMs] = [-1, 0, 0, 0, 0, 0]
  const stream = new ResponseStream({
    begin({ statusCode }) {
      if (statusCode !== 200) throw new Error(`The file was answered with ${statusCode}`)
    },
    write(chunk, taken) {
      if (pieces === 0) firstByteMs = performance.now() - startedMs
      for (const byte of chunk) if (byte === 10) rows += 1
      bytes += chunk.length
      if (pieces++ % COLLECTED_OF === 0) {
        const beforeMs = performance.now()
        most = Math.max(most, heapInUse())
        collectingMs += performance.now() - beforeMs
      }
      setImmediate(taken)
    },
    end: (done) => done(),
  })
  await invokeStreamed(
    handler,
    { ...event, headers, multiValueHeaders },
    lambdaContext('list-users', STREAM_TIMEOUT_MS),
    stream,
  )
  const tookMs = performance.now() - startedMs - collectingMs
  const ledgerCalls = asked.ledger - ledgerBefore
  return { rows, bytes, firstByteMs, tookMs, growthBytes: most - before, ledgerCalls }
}

async function measure(): Promise<InventorySample> {
  lines.write = () => {}
  return { reading: await read(), seats: await count(), file: await streamEverybody() }
}

void measure().then((sample) => process.send?.(sample, () => process.exit()))
