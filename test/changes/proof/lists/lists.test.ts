/** Lists whose process dies, or meets another: what Genesys holds in the end, and what was asked of it. */
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

test('a list loses and repeats nothing, though its process dies after each call of a turn, and its counts add up all the while (D24, K03)', async () => {
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

test('a turn that two processes take at once is one part, sent once, costs a read more, and asks for one more turn', async () => {
  const USERS = 600
  const world = await changeWorld({ org: { users: USERS } })
  const id = await beginList(world, USERS)
  const watch = watchList(world, id)
  const { clock, gate } = sharedTime(world)
  const asked = new Set<string>()
  const requestsBefore = world.org.requests().length
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
  const requests = world.org.requests().length - requestsBefore
  for (let ticks = 0; ticks < 10 && (await headerOf(world, id)).state === 'RUNNING'; ticks++) {
    world.clock.advance(60_000)
    await world.tick()
  }
  expect(watch.faults).toEqual([])
  expect(lackingIn(world, USERS)).toEqual([])
  const { state, list } = await headerOf(world, id)
  expect(state).toBe('APPLIED')
  expect([world.posts(), list?.next]).toEqual([list?.idleFrom, list?.parts])
  expect(requests).toBeLessThanOrEqual(4 * (list?.parts ?? 0))
})
