import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Clock } from '../../lib/clock.ts'
import { GatewayError } from '../../lib/errors.ts'
import { nothingObserved } from '../../lib/genesys/scope.ts'
import { lines } from '../../lib/observe/lines.ts'
import { requestLog } from '../../lib/observe/request-log.ts'

const read = { id: 'getLicenseUser', effect: 'read' }
const write = { id: 'postLicenseToggle', effect: 'write' }

describe('the log of requests', () => {
  const { write: standardOutput } = lines
  let written: Record<string, unknown>[]
  let nowMs: number
  let log: ReturnType<typeof requestLog>

  beforeEach(() => {
    written = []
    nowMs = 0
    lines.write = (line) => written.push(JSON.parse(line))
    const clock: Clock = {
      nowMs: () => nowMs,
      monotonicMs: () => nowMs,
      random: () => 0,
      sleep: () => Promise.resolve(),
    }
    log = requestLog('example', clock)
  })

  afterEach(() => {
    lines.write = standardOutput
  })

  /** A request that Genesys answered after `latencyMs`. */
  function served(
    operation: { readonly id: string; readonly effect: string },
    latencyMs: number,
    changes: { statusCode?: number; resent?: number; error?: unknown } = {},
  ): void {
    const { statusCode = 200, resent = 0, error } = changes
    const observed = { ...nothingObserved(), sent: 1 + resent, resent, latencyMs, lastStatus: 200 }
    log.served(operation, { requestId: 'r', startedMs: nowMs, observed, error }, { statusCode })
  }

  it('has a line of its own for each request that comes a second after the last line', () => {
    for (const latencyMs of [1, 2, 3]) {
      served(read, latencyMs)
      nowMs += 1_000
    }
    expect(written.map(({ UpstreamLatency }) => UpstreamLatency)).toEqual([1, 2, 3])
    expect(written.every((line) => !('alsoServed' in line))).toBe(true)
  })

  it('gives reads that go well within that second to the next line, with all their metrics', () => {
    for (const latencyMs of [1, 2, 3]) served(read, latencyMs)
    expect(written).toHaveLength(1)
    nowMs = 1_000
    served(read, 4)
    expect(written[1]).toMatchObject({ alsoServed: 2, UpstreamLatency: [2, 3, 4] })
  })

  it('never makes a write, a failure or a retried read wait', () => {
    served(read, 1)
    served(write, 2)
    served(read, 3, { statusCode: 404, error: new GatewayError('not.found', 'no such user') })
    served(read, 4, { resent: 1 })
    expect(written).toMatchObject([
      { operation: 'getLicenseUser' },
      { operation: 'postLicenseToggle' },
      { status: 404, errorCode: 'not.found' },
      { UpstreamRetries: 1 },
    ])
  })

  it('holds no more values than a line may carry', () => {
    for (let request = 0; request < 250; request++) served(read, request)
    const counts = written.map(({ UpstreamLatency }) =>
      Array.isArray(UpstreamLatency) ? UpstreamLatency.length : 1,
    )
    expect(counts).toEqual([1, 100, 100])
  })
})
