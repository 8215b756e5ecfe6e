/** What is taken back soon, from a ledger in which other things are due as well. */
import { expect, it } from 'vitest'
import { assigning, giving, hasWallboard } from '../support/changes/change-orders.ts'
import { type ChangeWorld, changeWorld } from '../support/changes/change-world.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const CHAT = { slack: { teams: ['T1'] } }

/** Somebody who lacks the license. */
function lackingAt(world: ChangeWorld, index: number): string {
  const lacking = world.org.people(40).filter(({ id }) => !hasWallboard(world, id))
  return lacking[index]?.id ?? ''
}

/** A license for each so many hours, to people one after the other. */
async function givenFor(world: ChangeWorld, hours: readonly number[]): Promise<string[]> {
  const ids: string[] = []
  const people = hours.map((_, index) => lackingAt(world, index))
  for (const [index, each] of hours.entries()) {
    const { value } = await world
      .changes({ idempotencyKey: `k${index}` })
      .request({ ...assigning(giving([people[index] ?? ''])), revertAfter: `PT${each}H` })
    ids.push(value.id)
  }
  return ids
}

/** All pages of it: ids. */
async function due(world: ChangeWorld, dueWithinMs: number, limit = 100): Promise<string[][]> {
  const pages: string[][] = []
  let cursor: string | undefined
  do {
    const page = await world.records().changes({ filter: {}, dueWithinMs, limit, cursor })
    pages.push(page.entities.map(({ id }) => id))
    cursor = page.next
  } while (cursor !== undefined)
  return pages
}

it('comes soonest first, whatever else comes before: reminders, plans that lapse, what is for later', async () => {
  // Where reminders are sent, a change of 30 hours is due before one of 20.
  const world = await changeWorld({ policy: { chat: CHAT } })
  const [thirty, twenty, three, eightDays] = await givenFor(world, [30, 20, 3, 8 * 24])
  await world
    .plans({ idempotencyKey: 'p' })
    .plan({ ...assigning(giving([lackingAt(world, 9)])), revertAfter: 'PT1H' })
  const later = { notBefore: '2026-11-15T13:00:00Z', revertAt: '2026-11-15T14:00:00Z' }
  await world
    .changes({ idempotencyKey: 'l' })
    .request({ ...assigning(giving([lackingAt(world, 10)])), ...later })
  expect(await due(world, 7 * DAY_MS)).toEqual([[three, twenty, thirty]])
  expect(await due(world, 20 * HOUR_MS)).toEqual([[three, twenty]])
  expect(await due(world, 14 * DAY_MS, 1)).toEqual([[three], [twenty], [thirty], [eightDays]])
  const entries = await world.records().changes({ filter: {}, dueWithinMs: 20 * HOUR_MS, limit: 1 })
  expect(entries.entities[0]?.revert?.dueAt).toBe('2026-11-15T15:00:00.000Z')
})

it('has not what is taken back, kept for good, or moved beyond', async () => {
  const world = await changeWorld()
  const [ended = '', kept = '', moved = '', stays] = await givenFor(world, [5, 6, 7, 8])
  world.clock.advance(60_000)
  await world.changes({ operation: 'endChange', idempotencyKey: 'e' }).end(ended)
  await world.records({ operation: 'cancelChange', idempotencyKey: 'c' }).cancel(kept)
  await world
    .records({ operation: 'extendChange', idempotencyKey: 'm' })
    .extend(moved, { revertAfter: 'P30D' })
  expect(await due(world, DAY_MS)).toEqual([[stays]])
})

it('has what a tick could not take back yet, first', async () => {
  const world = await changeWorld()
  const [soon, later] = await givenFor(world, [1, 2])
  world.clock.advance(HOUR_MS)
  world.org.addFaults([{ match: { path: '/api/v2/license/users' }, do: { status: 500 }, times: 50 }])
  await world.tick()
  expect(await due(world, DAY_MS, 1)).toEqual([[soon], [later]])
})

it('has each once, page by page, while one goes on', async () => {
  const world = await changeWorld()
  const ids = await givenFor(world, [1, 2, 3, 4, 5])
  const first = await world.records().changes({ filter: {}, dueWithinMs: DAY_MS, limit: 2 })
  world.clock.advance(HOUR_MS)
  await world.tick()
  const rest = await world
    .records()
    .changes({ filter: {}, dueWithinMs: DAY_MS, limit: 10, cursor: first.next })
  expect([...first.entities, ...rest.entities].map(({ id }) => id)).toEqual(ids)
  await expect(world.records().changes({ filter: {}, limit: 10, cursor: first.next })).rejects.toMatchObject({
    code: 'bad.request',
  })
})
