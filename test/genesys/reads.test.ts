import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { deadlineIn } from '../../lib/clock.ts'
import { GatewayError } from '../../lib/errors.ts'
import { GenesysReads } from '../../lib/genesys/genesys-reads.ts'
import { newObserved, type Scope } from '../../lib/genesys/scope.ts'
import { sendRead } from '../../lib/genesys/send-read.ts'
import { TransportError, type TransportFault, type TransportResponse } from '../../lib/transport/transport.ts'
import { fakeClock } from '../support/fake-clock.ts'

type Outcome = TransportResponse | TransportFault

const statuses = fc.oneof(
  fc.constantFrom(200, 401, 429, 500, 502, 503, 504),
  fc.integer({ min: 200, max: 599 }),
)
const response: fc.Arbitrary<Outcome> = fc.record({
  status: statuses,
  headers: fc.oneof(
    fc.constant({}),
    fc.oneof(fc.string(), fc.integer().map(String)).map((value) => ({ 'retry-after': value })),
  ),
  body: fc.constantFrom(Buffer.from('{}'), Buffer.from('<html>'), Buffer.alloc(0)),
})
const fault: fc.Arbitrary<Outcome> = fc.constantFrom(
  'unreachable',
  'timeout',
  'reset',
  'too.large',
  'undecodable',
)

/** What a read does when these outcomes come one after the other, each after so long. */
async function reading(outcomes: readonly Outcome[], tookMs: number, random: () => number) {
  const clock = fakeClock({ random })
  const started = clock.monotonicMs()
  const timeouts: number[] = []
  let renewals = 0
  const scope: Scope = {
    clock,
    origins: { api: 'http://api', login: 'http://login' },
    deadline: deadlineIn(25_000, clock),
    token: { value: 'token', renew: async () => void renewals++ },
    observed: newObserved(),
    perTryTimeoutMs: 8_000,
    async transport({ timeoutMs }) {
      const outcome = outcomes[timeouts.length % outcomes.length] ?? 'reset'
      timeouts.push(timeoutMs)
      clock.advance(Math.min(tookMs, timeoutMs))
      if (typeof outcome === 'string') throw new TransportError(outcome, 'failed', true)
      return outcome
    },
  }
  const result: unknown = await sendRead(scope, { method: 'GET', path: '/' }, z.object({})).catch(
    (error) => error,
  )
  const { sleeps } = clock
  return { result, sleeps, timeouts, renewals, tookMs: clock.monotonicMs() - started }
}

describe('a read', () => {
  it('ends within its tries and its deadline, whatever Genesys does', async () => {
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    const tooks = fc.integer({ min: 0, max: 20_000 })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(response, fault), { minLength: 1, maxLength: 4 }),
        tooks,
        random,
        async (outcomes, took, chance) => {
          const { result, sleeps, timeouts, renewals, tookMs } = await reading(outcomes, took, () => chance)
          if (result instanceof Error) expect(result).toBeInstanceOf(GatewayError)
          expect(timeouts.length).toBeLessThanOrEqual(3 + renewals)
          expect(renewals).toBeLessThanOrEqual(1)
          expect(sleeps.length).toBeLessThanOrEqual(2)
          for (const ms of sleeps) expect(ms).toBeGreaterThanOrEqual(0)
          for (const ms of timeouts) expect(ms > 0 && ms <= 8_000).toBe(true)
          expect(tookMs).toBeLessThanOrEqual(25_001)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('backs off by full jitter: from nothing to 400 ms, then to 800', async () => {
    const bounds = async (chance: number) => (await reading(['reset'], 1, () => chance)).sleeps
    expect(await bounds(0)).toEqual([0, 0])
    expect(await bounds(0.5)).toEqual([200, 400])
    expect(await bounds(0.999_999)).toEqual([expect.closeTo(400, 2), expect.closeTo(800, 2)])
  })

  it.each(['too.large', 'undecodable'] as const)(
    'is not repeated after an answer that is %s',
    async (each) => {
      const { timeouts, result } = await reading([each], 1, () => 0)
      expect(timeouts).toHaveLength(1)
      expect(result).toMatchObject({ code: 'upstream.bad.response', status: 502 })
    },
  )
})

describe('definitions of late', () => {
  it('are kept for ten minutes, and read anew for a license that is not among them', async () => {
    const clock = fakeClock()
    let asked = 0
    const kept: Scope = {
      clock,
      origins: { api: 'http://api', login: 'http://login' },
      deadline: deadlineIn(3_600_000, clock),
      token: { value: 'token', renew: async () => {} },
      observed: newObserved(),
      perTryTimeoutMs: 8_000,
      definitionsKept: {},
      async transport() {
        asked += 1
        return { status: 200, headers: {}, body: Buffer.from(JSON.stringify([{ id: `license${asked}` }])) }
      },
    }
    const read = async (wanted: string) => {
      // Each invocation has reads of its own, and shares what its container keeps.
      const found = await new GenesysReads(kept).getRecentDefinitions((known) =>
        known.some(({ id }) => id === wanted),
      )
      return found.map(({ id }) => id)
    }
    expect(await read('license1')).toEqual(['license1'])
    expect(await read('license1')).toEqual(['license1'])
    expect(asked).toBe(1)
    expect(await read('license2')).toEqual(['license2'])
    clock.advance(10 * 60_000)
    expect(await read('license2')).toEqual(['license3'])
  })
})
