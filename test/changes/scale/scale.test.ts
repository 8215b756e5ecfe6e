/** Lists by the functions that deploy, on a clock that is moved on: their time, their share of Genesys's minute, and what becomes of mishaps. */
import { expect, test } from 'vitest'
import { mostWithin, unlikePlanned, withLists, workThrough } from './work-through.ts'

const MINUTE_MS = 60_000
const TEN_SECONDS_MS = 10_000

/** When Lambda ends a function that takes turns. */
const FUNCTION_TIMEOUT_MS = 28_000

test('three lists take turns at one pace, and nobody who reads meanwhile is kept waiting', async () => {
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

test('of a list whose answers are lost, whose Genesys fails and whose process dies again and again, everything comes about, nothing is sent blindly, and all of it is undone', async () => {
  const done = await workThrough({ pairs: [2_010], mishaps: { seed: 14, killEvery: 5 }, undo: 'done' })
  expect(done.kills).toBeGreaterThanOrEqual(3)
  expect(done.states).toEqual(['APPLIED'])
  expect(done.faults).toEqual([])
  expect(done.refused).toBe(0)
  // More pairs than are read to plan it: two rows of each part, their locks, and what is written of its own.
  expect(done.undone).toMatchObject({ status: 202, state: 'APPLIED', holders: 0 })
  expect(done.undone?.ledgerCalls).toBeLessThanOrEqual(5 * done.parts)
})

test('in a storm of refusals four lists ask for ten things a minute at the most, and for all of their pace within two minutes after', async () => {
  await withLists({ pairs: [510, 510, 510, 510] }, async (stage, { ids, people }) => {
    const { clock } = stage
    // Somebody waits for a plan: what is read for it is not paced.
    const { length: planning } = await stage.requests()
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
    const timesMs = (await stage.requests()).slice(planning).map(({ at }) => Date.parse(at))
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

test('a list whose functions die at their time-out holds the others for two minutes at the most, and is ended at the fourth time', async () => {
  await withLists({ pairs: [510, 510] }, async (stage, { ids, people }) => {
    const { clock } = stage
    const [doomed = ''] = ids
    let deaths = 0
    let isDoomed = false
    function live(): void {
      const death = Promise.withResolvers<void>()
      stage.watchWith({
        died: death.promise,
        began: ({ body }) => {
          isDoomed = body.includes(doomed)
        },
        async turn(request, to, carryOut) {
          if (!isDoomed || to !== 'genesys') return await carryOut(request)
          deaths += 1
          clock.advance(FUNCTION_TIMEOUT_MS)
          live()
          death.resolve()
          return await new Promise<never>(() => {})
        },
      })
    }
    live()
    const beganAtMs = clock.nowMs()
    for (const id of ids) await stage.apply(id)
    const headersOf = () => Promise.all(ids.map((id) => stage.ledger.get(id)))
    await stage.goOn(beganAtMs + 40 * MINUTE_MS, async () =>
      (await headersOf()).every((header) => header?.state !== 'RUNNING'),
    )
    const headers = await headersOf()
    expect(headers.map((header) => header?.state)).toEqual(['FAILED', 'APPLIED'])
    expect([deaths, headers[0]?.list?.stopped?.why, stage.queue.nextAtMs()]).toEqual([
      7,
      'failing',
      undefined,
    ])
    expect((headers[1]?.updatedAtMs ?? 0) - beganAtMs).toBeLessThan(3 * MINUTE_MS)
    expect(await unlikePlanned(stage, people.slice(510))).toEqual([])
  })
})
