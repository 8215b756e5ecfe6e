import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkChain } from '../../infra/audit/check-chain.ts'
import { linesOfDay } from '../../lib/audit/lines-of-day.ts'
import type { Header } from '../../lib/changes/model/header.ts'
import { createOn, moved, newHeader, replaceOn } from '../ledger/records.ts'
import { auditWorld, firstBytesOf, linesIn, OWNER } from '../support/ledger/audit.ts'

const HOUR_MS = 3_600_000
const states = ['PLANNED', 'CANCELLED', 'EXPIRED', 'APPLIED', 'FAILED'] as const

/** What happens next: time passes, a change is made or takes a step, the function runs, well or badly. */
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 900 }) }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('create' as const) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('move' as const),
      which: fc.nat(50),
      to: fc.constantFrom(...states),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('run' as const),
      crashAt: fc.option(fc.integer({ min: 1, max: 12 })),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('lose' as const),
      isLost: fc.constantFrom('before' as const, 'after' as const),
    }),
  },
)

describe('whatever happens, and however badly the function runs', () => {
  it('each step of each change is in the file of its day, once, and the chain is whole', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
        const world = await auditWorld()
        const { ledger, clock, faults, s3, versions, run, audit } = world
        await run()
        const changes: Header[] = []
        for (const each of steps) {
          const atMs = clock.nowMs()
          if (each.do === 'wait') clock.advance(each.minutes * 60_000)
          if (each.do === 'create') {
            const history = [{ state: 'PLANNED' as const, atMs, by: 'jwt:ann' }]
            changes.push(await createOn(ledger, newHeader({ createdAtMs: atMs, updatedAtMs: atMs, history })))
          }
          const seen = each.do === 'move' ? changes[each.which % Math.max(1, changes.length)] : undefined
          if (each.do === 'move' && seen) {
            const history = [...seen.history, { state: each.to, atMs, by: 'gateway' }]
            const next = moved(seen, { state: each.to, updatedAtMs: atMs, history })
            expect(await replaceOn(ledger, next, seen)).toBe(true)
            changes[changes.indexOf(seen)] = next
          }
          if (each.do === 'lose') s3.fail('PutObject', { isLost: each.isLost })
          if (each.do === 'run') {
            if (each.crashAt !== null) faults.crashAfter(each.crashAt, each.crashAt % 2 === 0)
            await run().catch(() => {})
            await faults.heal()
          }
        }
        clock.advance(26 * HOUR_MS)
        await run()

        const found = versions.keys().flatMap((key) => {
          const lines = linesIn(firstBytesOf(versions, key))
          return lines.flatMap(({ id, moves }) =>
            Array.isArray(moves) ? moves.map(({ state, at }) => `${key} ${id} ${state} ${at}`) : [],
          )
        })
        const wanted = changes.flatMap(({ id, history }) =>
          history.map(({ state, atMs }) => {
            const at = new Date(atMs).toISOString()
            return `audit/${at.slice(0, 10)}.ndjson ${id} ${state} ${at}`
          }),
        )
        const last =
          versions
            .keys()
            .at(-1)
            ?.slice('audit/'.length, 'audit/'.length + 10) ?? ''
        const over = wanted.filter((each) => each.slice('audit/'.length, 'audit/'.length + 10) <= last)
        expect(found.sort()).toEqual(over.sort())
        // A put of which it was not known whether it came about is done again, with the same bytes.
        for (const key of versions.keys())
          expect(new Set(versions.of(key).map((each) => versions.bytesOf(each).toString('utf8'))).size).toBe(
            1,
          )
        const files = versions.keys().map((key) => ({
          key,
          deleteMarkers: 0,
          versions: versions.of(key).map(({ versionId, atMs }) => ({
            versionId,
            atMs,
            read: async () => firstBytesOf(versions, key),
          })),
        }))
        const head = (await audit.auditHead())?.last
        const expected = { head, newestDay: last, nowMs: clock.nowMs() }
        expect((await checkChain(files, expected)).breaks).toEqual([])
        // Made again, however much later, each day says the same.
        for (const key of versions.keys()) {
          const day = key.slice('audit/'.length, 'audit/'.length + 10)
          const inventory = { async *differencesNoted() {} }
          const again = await linesOfDay({ ledger: audit, inventory, orgId: OWNER.orgId }, day)
          expect(firstBytesOf(versions, key).toString('utf8').split('\n').slice(1, -2)).toEqual(again)
        }
      }),
      { numRuns: 8, seed: 20_261_129 },
    )
  })
})
