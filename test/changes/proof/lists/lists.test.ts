/** Lists whose process dies, meets another, or meets a storm: what Genesys holds in the end, and what was asked of it. */
import { expect, test } from 'vitest'
import { isList } from '../../../../lib/changes/carry-out/lists/step-list.ts'
import { takeTurn } from '../../../../lib/changes/carry-out/lists/take-turn.ts'
import { tick } from '../../../../lib/changes/carry-out/tick.ts'
import type { Workbench } from '../../../../lib/changes/record/desk.ts'
import { assigning, giving, hasWallboard } from '../../../support/changes/change-orders.ts'
import { type ChangeWorld, changeWorld, headerOf } from '../../../support/changes/change-world.ts'
import { benchBehind, mortal, openGate } from '../gate.ts'
import { sharedTime } from '../shared-time.ts'
import { watchList } from './list-ledger.ts'

const peopleOf = ({ org }: ChangeWorld, users: number) => org.people(users).map(({ id }) => id)

/** A list about everybody, or about these, begun. */
async function beginList(
  world: ChangeWorld,
  users: number,
  people: readonly string[] = peopleOf(world, users),
): Promise<string> {
  const { value } = await world.plans().plan(assigning(giving([...people])))
  await world.changes().apply(value.id, value.digest)
  return value.id
}

const lackingIn = (world: ChangeWorld, users: number) =>
  peopleOf(world, users).filter((id) => !hasWallboard(world, id))

const isReading = (call: string) => /Get|license\/users/.test(call)

test('a list loses and repeats nothing, though its process dies after each call of a turn, and its counts add up all the while', {
  timeout: 60_000,
}, async () => {
  const USERS = 1_450
  const world = await changeWorld({ org: { users: USERS } })
  const id = await beginList(world, USERS)
  const watch = watchList(world, id)
  const benchThrough = (gate: typeof openGate) => benchBehind(world, watch.counting(gate), {}, watch.wire)
  let deaths = 0
  let hasWritten = false
  for (let hasDied = true; hasDied; ) {
    const first = mortal(deaths + 1, true)
    await first.outlive(takeTurn(benchThrough(first.gate), id))
    hasDied = first.hasDied()
    if (!hasDied) break
    deaths += 1
    hasWritten ||= !isReading(first.lastCall())
    // The message comes again; where the dead had only read, the next to die is as good.
    if (hasWritten) await takeTurn(benchThrough(openGate), id)
  }
  const { list } = await headerOf(world, id)
  expect(list?.next).toBeLessThanOrEqual(list?.parts ?? 0)
  expect(deaths).toBeGreaterThanOrEqual(12)
  for (let ticks = 0; ticks < 20 && (await headerOf(world, id)).state === 'RUNNING'; ticks++) {
    await world.takeTurns()
    world.clock.advance(60_000)
    const bench = benchThrough(openGate)
    await tick(bench, async () => bench)
  }
  expect(watch.faults).toEqual([])
  expect(lackingIn(world, USERS)).toEqual([])
  const ended = await headerOf(world, id)
  expect(ended.state).toBe('APPLIED')
  expect(isList(ended) && ended.list.outcomes).toEqual({
    applied: expect.any(Number),
    unchanged: expect.any(Number),
  })
})

test('a turn that two processes take at once is one part, sent once, and asks for one more turn', {
  timeout: 60_000,
}, async () => {
  const USERS = 600
  const world = await changeWorld({ org: { users: USERS } })
  const id = await beginList(world, USERS)
  const watch = watchList(world, id)
  const { clock, gate } = sharedTime(world)
  const asked = new Set<string>()
  for (let taken = 0; taken < 20; taken++) {
    const { state, list } = await headerOf(world, id)
    if (state !== 'RUNNING' || !list || list.next >= list.parts) break
    const take = async () => {
      const bench = benchBehind(world, watch.counting(gate), { clock }, watch.wire)
      const lists: Workbench['lists'] = { askForTurn: async (_, turn) => void asked.add(turn) }
      await takeTurn({ ...bench, lists }, id)
    }
    asked.clear()
    await Promise.all([take(), take()])
    expect(asked.size).toBeLessThanOrEqual(1)
  }
  for (let ticks = 0; ticks < 10 && (await headerOf(world, id)).state === 'RUNNING'; ticks++) {
    world.clock.advance(60_000)
    await world.tick()
  }
  expect(watch.faults).toEqual([])
  expect(lackingIn(world, USERS)).toEqual([])
  const { state, list } = await headerOf(world, id)
  expect(state).toBe('APPLIED')
  expect(world.posts()).toBe(list?.parts)
})

/** When the org was asked for licenses since then, epoch milliseconds. */
const requestsSince = ({ org }: ChangeWorld, sinceMs: number) =>
  org
    .requests()
    .map(({ at }) => Date.parse(at))
    .filter((atMs) => atMs >= sinceMs)

const mostWithin = (timesMs: readonly number[], spanMs: number) =>
  Math.max(
    0,
    ...timesMs.map((fromMs) => timesMs.filter((atMs) => atMs >= fromMs && atMs < fromMs + spanMs).length),
  )

test('lists that take turns share one pace, hold still in a storm of refusals, and are at full pace within two minutes after', {
  timeout: 60_000,
}, async () => {
  const USERS = 1_100
  const world = await changeWorld({ org: { users: USERS, requestsPerMinute: 300 } })
  const people = peopleOf(world, USERS)
  await beginList(world, USERS, people.slice(0, USERS / 2))
  await beginList(world, USERS, people.slice(USERS / 2))
  const goOnUntil = async (untilMs: number) => {
    while (world.clock.nowMs() < untilMs) {
      await world.takeTurns()
      world.clock.advance(Math.max(0, Math.min(60_000, untilMs - world.clock.nowMs())))
      await world.tick()
    }
  }
  world.clock.advance(1)
  const calmMs = world.clock.nowMs()
  await world.takeTurns(4)
  const calm = requestsSince(world, calmMs)
  // Four a second, and a part more.
  expect(mostWithin(calm, 2_000)).toBeLessThanOrEqual(8 + 3)

  world.clock.advance(1_000)
  const stormMs = world.clock.nowMs()
  const refusal = { status: 429, headers: { 'Retry-After': '3' } }
  world.org.addFaults([{ match: {}, times: 10_000, do: refusal }])
  await goOnUntil(stormMs + 10 * 60_000)
  const storm = requestsSince(world, stormMs)
  expect(storm.length).toBeGreaterThan(5)
  expect(mostWithin(storm, 60_000)).toBeLessThanOrEqual(10)

  world.org.clearFaults()
  const overMs = world.clock.nowMs()
  await goOnUntil(overMs + 2 * 60_000)
  await world.takeTurns()
  expect(lackingIn(world, USERS)).toEqual([])
  expect(mostWithin(requestsSince(world, overMs), 60_000)).toBeLessThanOrEqual(300)
})
