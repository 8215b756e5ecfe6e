/** Lists by the functions that deploy, on a clock that is moved on: their time, their share of Genesys's minute, and what becomes of mishaps. */
import { expect, test } from 'vitest'
import { mostWithin, unlikePlanned, withLists, workThrough } from './work-through.ts'

const MINUTE_MS = 60_000
const TEN_SECONDS_MS = 10_000

test('three lists take turns at one pace, and nobody who reads meanwhile is kept waiting', {
  timeout: 120_000,
}, async () => {
  const done = await workThrough({ pairs: [510, 510, 510] })
  expect(done.states).toEqual(['APPLIED', 'APPLIED', 'APPLIED'])
  expect(done.faults).toEqual([])
  expect(done.tookMs / done.boundMs).toBeLessThanOrEqual(1.15)
  // Of one read and one write of a person's own, the budget is six in sequence and eight in all.
  expect(done.ledgerCallsOfPart).toBeLessThanOrEqual(8)
  // A sixth of Genesys's 300 a minute: more could not go on for a minute.
  expect(done.mostInTenSeconds).toBeLessThanOrEqual(50)
  expect([done.refused, done.readsRefused]).toEqual([0, []])
  // A part, and what the bound of its pace is.
  expect(done.slowestReadMs).toBeLessThanOrEqual(750)
})

test('of a list whose answers are lost, whose Genesys fails and whose process dies again and again, everything comes about and nothing is sent blindly', {
  timeout: 120_000,
}, async () => {
  const done = await workThrough({ pairs: [2_000], mishaps: { seed: 14, killEvery: 5 } })
  expect(done.kills).toBeGreaterThanOrEqual(3)
  expect(done.states).toEqual(['APPLIED'])
  expect(done.faults).toEqual([])
  expect(done.refused).toBe(0)
})

test('in a storm of refusals four lists ask for ten things a minute at the most, and for all of their pace within two minutes after', {
  timeout: 120_000,
}, async () => {
  await withLists({ pairs: [510, 510, 510, 510] }, async (stage, { ids, people }) => {
    const { clock } = stage
    for (const id of ids) await stage.apply(id)
    await stage.goOn(clock.nowMs() + 4_000)
    const stormMs = clock.nowMs()
    const refusal = { status: 429, headers: { 'Retry-After': '3' } }
    // The first is still let through, so that the storm meets a part in the middle.
    await stage.addFaults([{ match: {}, skip: 1, times: 1_000_000, do: refusal }])
    await stage.goOn(stormMs + 10 * MINUTE_MS)
    const overMs = clock.nowMs()
    await stage.clearFaults()
    await stage.goOn(overMs + 2 * MINUTE_MS)
    const timesMs = (await stage.requests()).map(({ at }) => Date.parse(at))
    const storm = timesMs.filter((atMs) => atMs >= stormMs && atMs < overMs)
    expect(storm.length).toBeGreaterThan(10)
    expect(mostWithin(storm, MINUTE_MS)).toBeLessThanOrEqual(10)
    const after = timesMs.filter((atMs) => atMs >= overMs)
    expect(mostWithin(after, TEN_SECONDS_MS)).toBeGreaterThanOrEqual(36)
    expect(mostWithin(timesMs, TEN_SECONDS_MS)).toBeLessThanOrEqual(50)
    await stage.goOn(clock.nowMs() + 2 * MINUTE_MS)
    const ended = await Promise.all(ids.map((id) => stage.ledger.get(id)))
    expect(ended.map((header) => header?.state)).toEqual(ids.map(() => 'APPLIED'))
    expect(await unlikePlanned(stage, people)).toEqual([])
  })
})
