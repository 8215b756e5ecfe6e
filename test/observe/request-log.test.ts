import { beforeEach, describe, expect, it } from 'vitest'
import type { Clock } from '../../lib/clock.ts'
import { GatewayError } from '../../lib/errors.ts'
import { newObserved } from '../../lib/genesys/scope.ts'
import { requestLog } from '../../lib/observe/request-log.ts'
import { takeLines } from '../support/lines.ts'

const read = { id: 'getLicenseUser' }
const write = { id: 'postLicenseToggle' }

describe('the log of requests', () => {
  let logged: string[]
  let requests: number
  let log: ReturnType<typeof requestLog>

  beforeEach(() => {
    logged = takeLines()
    requests = 0
    const clock: Clock = {
      nowMs: () => 0,
      monotonicMs: () => 0,
      random: () => 0,
      sleep: () => Promise.resolve(),
      startTimer: () => () => {},
    }
    log = requestLog('example', clock)
  })

  const written = (): Record<string, unknown>[] => logged.map((line) => JSON.parse(line))

  /** A request that Genesys answered after `latencyMs`. */
  function served(
    operation: { readonly id: string },
    latencyMs: number,
    changes: { statusCode?: number; resent?: number; error?: unknown } = {},
  ): void {
    const { statusCode = 200, resent = 0, error } = changes
    const observed = { ...newObserved(), sent: 1 + resent, resent, latencyMs, lastStatus: 200 }
    requests += 1
    log.noteRequest(operation, { requestId: `r${requests}`, startedMs: 0, observed, error }, { statusCode })
  }

  it('has a line of its own for each request, reads that go well within one millisecond too', () => {
    for (const latencyMs of [1, 2, 3]) served(read, latencyMs)
    expect(written()).toMatchObject([
      { requestId: 'r1', operation: 'getLicenseUser', UpstreamLatency: 1 },
      { requestId: 'r2', operation: 'getLicenseUser', UpstreamLatency: 2 },
      { requestId: 'r3', operation: 'getLicenseUser', UpstreamLatency: 3 },
    ])
  })

  it('says of one whose client takes no more that it is the client, and counts it for when it began', () => {
    const call = { requestId: 'r', startedMs: -31_000, observed: newObserved(), error: undefined }
    const file = { type: 'text/csv', rows: 2, bytes: 20, end: 'abandoned' } as const
    const actor = { kind: 'jwt', id: 'ana' } as const
    log.noteRequest(read, { ...call, file, actor, taking: 'stalled' }, { statusCode: 200 })
    log.noteRequest(read, { ...call, taking: 'taken' }, { statusCode: 200 })
    const [stalled, taken] = written()
    expect(stalled).toMatchObject({
      ...{ level: 'INFO', clientStalled: true, actor, file, durationMs: 31_000, AnswersAbandoned: 1 },
      _aws: { Timestamp: -31_000 },
    })
    for (const name of ['clientStalled', 'AnswersAbandoned']) expect(taken).not.toHaveProperty(name)
  })

  it('says of each what it came to', () => {
    served(write, 2)
    served(read, 3, { statusCode: 404, error: new GatewayError('not.found', 'no such user') })
    served(read, 4, { resent: 1 })
    expect(written()).toMatchObject([
      { level: 'INFO', operation: 'postLicenseToggle' },
      { level: 'WARN', status: 404, errorCode: 'not.found' },
      { UpstreamRetries: 1 },
    ])
    expect(written()[0]).not.toHaveProperty('UpstreamRetries')
  })
})
