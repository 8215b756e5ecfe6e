/** Lists that were given for a time: what takes one back is a list again, made in a turn. */
import { expect, test } from 'vitest'
import { assigning, giving, hasWallboard, taking } from '../../../support/changes/change-orders.ts'
import { changeWorld, headerOf } from '../../../support/changes/change-world.ts'

const USERS = 560
const HOUR_MS = 3_600_000

const keyed = (what: string) => ({ operation: what, idempotencyKey: `${what}-1` })

async function givenForAnHour() {
  const world = await changeWorld({ org: { users: USERS } })
  const ids = world.org.people(USERS).map(({ id }) => id)
  const lacking = ids.filter((id) => !hasWallboard(world, id))
  const order = { ...assigning(giving(ids)), revertAfter: 'PT1H' }
  const { value } = await world.plans(keyed('plan')).plan(order)
  await world.changes(keyed('apply')).apply(value.id, value.digest)
  await world.takeTurns()
  expect((await headerOf(world, value.id)).state).toBe('APPLIED')
  return { world, id: value.id, ids, lacking }
}

test('what a list gave for a time is taken back by a turn, whole but for what others have dealt with, who are named', async () => {
  const { world, id, ids, lacking } = await givenForAnHour()
  const [taken = '', kept = ''] = lacking
  // Whoever calls the list off just as it ends does not ask that it stays.
  await expect(world.records(keyed('cancel')).cancel(id)).rejects.toMatchObject({
    code: 'change.state.conflict',
    message: expect.stringContaining('to keep it longer, extend it'),
  })
  await world.changes(keyed('taken')).request(assigning(taking([taken])))
  await world.changes(keyed('kept')).request(assigning(giving([kept])))
  world.clock.advance(HOUR_MS)
  await world.tick()
  // The tick has a few seconds for everything that is due: it hands this on.
  expect((await headerOf(world, id)).revert?.changeId).toBeUndefined()
  await world.takeTurns()
  await world.rest()
  const { revert } = await headerOf(world, id)
  const reverted = await world.records().change(revert?.changeId ?? '')
  expect(reverted).toMatchObject({
    state: 'APPLIED',
    undoes: id,
    list: { outcomes: { applied: lacking.length - 2 } },
  })
  expect(reverted.leftAlone?.map((each) => 'userId' in each && each.userId).sort()).toEqual(
    [taken, kept].sort(),
  )
  expect(ids.filter((each) => hasWallboard(world, each)).sort()).toEqual(
    [...ids.filter((each) => !lacking.includes(each)), kept].sort(),
  )
})

test('a list that cannot be taken back yet keeps no other waiting, and is taken back once it can be', async () => {
  const { world, id, ids, lacking } = await givenForAnHour()
  const read = { match: { path: '/api/v2/license/users' }, times: 1_000, do: { status: 503 } }
  world.org.addFaults([read])
  world.clock.advance(HOUR_MS)
  await world.tick()
  await world.takeTurns()
  const waiting = await headerOf(world, id)
  expect(waiting).toMatchObject({ state: 'APPLIED', workPutOff: { tries: 1 } })
  expect(waiting.revert?.changeId).toBeUndefined()
  world.org.clearFaults()
  world.clock.advance(10 * 60_000)
  await world.tick()
  await world.takeTurns()
  await world.rest()
  expect(ids.filter((each) => hasWallboard(world, each))).toHaveLength(USERS - lacking.length)
})

test.each(['ended', 'under way'])(
  'of two lists that ask for the same for a time the later end counts, with the later list %s as the first is due',
  async (standing) => {
    const world = await changeWorld({ org: { users: 700 } })
    const lacking = world.org.people(700).flatMap(({ id }) => (hasWallboard(world, id) ? [] : [id]))
    const [both, all] = [lacking.slice(0, 505), lacking.slice(0, 540)]
    const give = async (ids: string[], what: string, revertAfter: string) => {
      const order = { ...assigning(giving(ids)), revertAfter }
      const { value } = await world.plans(keyed(`plan-${what}`)).plan(order)
      await world.changes(keyed(`apply-${what}`)).apply(value.id, value.digest)
      return value.id
    }
    const holding = () => all.filter((id) => hasWallboard(world, id)).length
    const pass = async (hours: number) => {
      world.clock.advance(hours * HOUR_MS)
      for (let minutes = 0; minutes < 3; minutes++) {
        await world.tick()
        await world.takeTurns()
        world.clock.advance(60_000)
      }
    }
    const first = await give(both, 'first', 'PT1H')
    await world.takeTurns()
    const later = await give(all, 'later', 'PT8H')
    if (standing === 'ended') await world.takeTurns()
    else {
      await world.takeTurns(5)
      await world.records(keyed('pause')).pause(later)
    }
    await pass(1)
    if (standing !== 'ended') {
      expect((await headerOf(world, later)).list).toMatchObject({ parts: 7, next: 5 })
      await world.changes(keyed('resume')).resume(later)
      await pass(0)
    }
    expect([holding(), (await headerOf(world, first)).revert?.changeId]).toEqual([all.length, undefined])
    expect(await world.records().change(later)).toMatchObject({
      state: 'APPLIED',
      list: { outcomes: { applied: all.length - both.length, unchanged: both.length } },
    })
    await pass(8)
    await pass(1)
    expect(holding()).toBe(0)
  },
)
