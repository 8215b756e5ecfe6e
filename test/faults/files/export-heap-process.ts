/**
 * Streams a file of so many rows through the local gateway over a socket to a client that throws it away, and prints as
 * JSON what came, and what is in the heap when all is loaded and nothing asked for. To be run under a heap of a size: what
 * it cannot hold ends the process.
 *
 * Arguments: how many rows, and the media type.
 */
import { get } from 'node:http'
import { takePort } from '../../../infra/local/gateway/server.ts'
import { provideStreaming } from '../../../infra/local/streaming/response-stream.ts'
import type { ChangeRow } from '../../../lib/changes/answers/change-rows.ts'
import type { Records } from '../../../lib/changes/port.ts'
import { systemClock } from '../../../lib/clock.ts'
import { streamed } from '../../../lib/http/streamed.ts'
import { listChanges } from '../../../lib/operations/changes/list-changes.ts'

const [count = '100000', type = 'text/csv'] = process.argv.slice(2)
/** As many as a page of the ledger gives, or a part of a reading. */
const ROWS_AT_ONCE = 500
const MB = 2 ** 20

async function* rows(): AsyncGenerator<ChangeRow[]> {
  for (let made = 0; made < Number(count); made += ROWS_AT_ONCE) {
    // As what comes from the ledger does: on another turn of the loop.
    await new Promise((resolve) => setImmediate(resolve))
    yield Array.from({ length: ROWS_AT_ONCE }, (_row, index) => ({
      changeId: `change-${made + index}`,
      createdAt: '2026-11-15T12:00:00.000Z',
      summary: `Give cloudCX3 to person ${made + index}, "é" and others`,
      reason: `=${'because '.repeat(8)}`,
      userId: `00000000-0000-4000-8000-${String(made + index).padStart(12, '0')}`,
      before: false,
      desired: true,
    }))
  }
}

provideStreaming()
// Of the port one method is asked.
const records = { changeRows: rows } as Partial<Records> as Records
let file: unknown
const handler = streamed(listChanges, {
  auth: 'jwt',
  clock: systemClock,
  log: {
    noteRequest(_operation, call) {
      file = { ...call.file }
    },
  },
  middlewares: [],
  contextFor: () => ({ records }),
})
const gateway = await takePort(0)
gateway.open({
  now: Date.now,
  authorize: async () => ({
    principalId: 'a',
    context: { role: 'viewer', subject: 'a' },
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: '*' }],
    },
  }),
  functionOf: () => {
    throw new Error('It streams')
  },
  streamOf: () => handler,
})

/** @returns the bytes that came. */
function download(): Promise<number> {
  return new Promise((resolve, reject) => {
    get(`${gateway.url}/v1/changes`, { headers: { accept: type, authorization: 'x' } }, (response) => {
      let bytes = 0
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
      })
      response.on('error', reject)
      response.on('end', () => resolve(bytes))
    }).on('error', reject)
  })
}

globalThis.gc?.()
const loadedMb = process.memoryUsage().heapUsed / MB
const bytes = await download()
await gateway.close()
console.log(JSON.stringify({ bytes, file, loadedMb }))
