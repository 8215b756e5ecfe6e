/** A planned return to the state before. */
import { describe, expect, it } from 'vitest'
import { tick } from '../../../lib/changes/carry-out/tick.ts'
import {
  assigning,
  atHeaders,
  benchOn,
  byHand,
  giving,
  hasWallboard,
  isPost,
  OFF,
  taking,
  toggle,
  toldTypes,
  userAt,
  WALLBOARD,
} from '../../support/changes/change-orders.ts'
import {
  allChanges,
  BO,
  type ChangeWorld,
  changeWorld,
  headerOf,
} from '../../support/changes/change-world.ts'
import { Crash } from '../../support/ledger/ledger.ts'

const HOUR_MS = 3_600_000
const FIVE = '2026-11-15T17:00:00Z'

/** The change that took another back. */
async function reverterOf(world: ChangeWorld, changeId: string) {
  const id = (await headerOf(world, changeId)).revert?.changeId
  if (id === undefined) throw new Error('nothing has taken it back')
  return await world.records().change(id)
}

describe('a planned revert', () => {
  it.each([
    ['at a time', { revertAt: FIVE }, { at: '2026-11-15T17:00:00.000Z' }, FIVE],
    ['so long after it was applied', { revertAfter: 'PT5H' }, { after: 'PT5H' }, FIVE],
  ])('comes %s', async (_, times, shown, at) => {
    const world = await changeWorld()
    const { value } = await world.changes().request({ ...toggle(true), ...times })
    expect(value.revert).toEqual({ ...shown, dueAt: new Date(at).toISOString() })
    world.clock.advance(5 * HOUR_MS - 1)
    await world.tick()
    expect(world.org.truth().toggles[OFF]).toBe(true)
    world.clock.advance(1)
    await world.tick()
    expect(world.org.truth().toggles[OFF]).toBe(false)
    const reverter = await reverterOf(world, value.id)
    expect(reverter).toMatchObject({
      state: 'APPLIED',
      undoes: value.id,
      actor: { id: 'ana' },
      reason: 'its time was over',
    })
    expect(reverter.history[0]?.at).toBe(new Date(at).toISOString())
    expect(toldTypes(world)).toEqual(['License Change Applied', 'License Change Applied'])
    await world.rest()
    expect([world.posts(), (await allChanges(world)).length]).toEqual([2, 2])
  })

  it('counts from when a waiting change was applied', async () => {
    const world = await changeWorld()
    const { value } = await world.changes().request({ ...toggle(true), notBefore: FIVE, revertAfter: 'PT1H' })
    await world.rest()
    const reverter = await reverterOf(world, value.id)
    expect(reverter.createdAt).toBe('2026-11-15T18:00:00.000Z')
  })

  it('restores exactly what the change touched, and leaves alone what somebody else changed since', async () => {
    const world = await changeWorld()
    const [ana, ben, holder] = [0, 1, 2].map((index) => userAt(world, index))
    if (!ana || !ben || !holder) throw new Error('three people')
    const { value } = await world
      .changes()
      .request({ ...assigning(giving([ana, ben, holder])), revertAfter: 'PT8H' })
    await byHand(world).assign(taking([ana]))
    await world.rest()
    expect([ana, ben, holder].map((each) => hasWallboard(world, each))).toEqual([false, false, true])
    expect(await reverterOf(world, value.id)).toMatchObject({
      state: 'APPLIED',
      leftAlone: [{ licenseId: WALLBOARD, userId: ana }],
      results: [{ userId: ben, outcome: 'applied' }],
    })
  })

  it('has nothing to do where somebody was quicker', async () => {
    const world = await changeWorld()
    const { value } = await world.changes().request({ ...toggle(true), revertAfter: 'PT1H' })
    await byHand(world).press()
    await world.rest()
    expect(await reverterOf(world, value.id)).toMatchObject({
      state: 'NOOP',
      leftAlone: [{ featureName: OFF }],
    })
    expect(world.posts()).toBe(2)
  })

  it('does not come where nothing was changed', async () => {
    const world = await changeWorld()
    await world.changes().request({ ...toggle(false), revertAfter: 'PT1H' })
    await world.rest()
    expect([world.posts(), (await allChanges(world)).length]).toEqual([0, 1])
  })

  it('waits for the second look where the change was confirmed by reading back', async () => {
    const world = await changeWorld()
    world.org.addFaults([{ match: { method: 'POST' }, do: { applyThenReset: true } }])
    const { value } = await world.changes().request({ ...toggle(true), revertAfter: 'PT1S' })
    await world.rest()
    const { lookDueAtMs, revert } = await headerOf(world, value.id)
    expect([lookDueAtMs, revert?.changeId]).toEqual([undefined, expect.any(String)])
    expect(world.org.truth().toggles[OFF]).toBe(false)
  })

  it('counts from the write, however much later a person has looked at what became of it', async () => {
    const world = await changeWorld()
    world.org.addFaults([{ match: { method: 'POST' }, do: { applyThenReset: true } }])
    const { value } = await world.changes().request({ ...toggle(true), revertAfter: 'PT1H' })
    await byHand(world).press()
    world.clock.advance(2 * 60_000)
    await world.tick()
    expect((await headerOf(world, value.id)).state).toBe('NEEDS_ATTENTION')
    await byHand(world).press()
    world.clock.advance(3 * HOUR_MS)
    const settled = await world.plans({ operation: 'settle', idempotencyKey: 's1' }).settle(value.id)
    expect(settled.value.state).toBe('APPLIED')
    await world.tick()
    expect(world.org.truth().toggles[OFF]).toBe(false)
    expect(await reverterOf(world, value.id)).toMatchObject({ state: 'APPLIED' })
  })

  it('is cancelled on its own, and the change stays', async () => {
    const world = await changeWorld()
    const { value } = await world.changes().request({ ...toggle(true), revertAfter: 'PT8H' })
    const cancelled = await world.records({ operation: 'cancel', idempotencyKey: 'c1' }).cancel(value.id)
    expect(cancelled.value).toMatchObject({ state: 'APPLIED', revert: { after: 'PT8H', isCancelled: true } })
    expect(cancelled.value.history.at(-1)).toMatchObject({ note: 'planned revert cancelled' })
    await world.rest()
    expect([world.posts(), world.org.truth().toggles[OFF]]).toEqual([1, true])
  })

  it('is approved with its original', async () => {
    const world = await changeWorld({ approvals: [{ toggles: [OFF] }] })
    const { value } = await world.changes().request({ ...toggle(true), revertAfter: 'PT8H' })
    await world
      .changes({ actor: BO, operation: 'approve', idempotencyKey: 'd1' })
      .approve(value.id, value.digest)
    await world.rest()
    expect(await reverterOf(world, value.id)).toMatchObject({
      state: 'APPLIED',
      approval: { isApproved: true, by: { person: 'bo' } },
    })
    expect(world.org.truth().toggles[OFF]).toBe(false)
  })

  it('is made once, although its process ends before that is on record', async () => {
    const world = await changeWorld()
    const { value } = await world.changes().request({ ...toggle(true), revertAfter: 'PT1H' })
    world.clock.advance(HOUR_MS)
    const crashing = world.bench({
      ledger: atHeaders(world.store.ledger, async (next, write) => {
        if (next.revert?.changeId !== undefined) throw new Crash('the process has ended')
        return await write()
      }),
    })
    expect(await tick(crashing, async () => crashing)).toMatchObject({ advanced: 0, failed: 1 })
    expect(await allChanges(world)).toHaveLength(2)
    await world.rest()
    expect(await reverterOf(world, value.id)).toMatchObject({ state: 'APPLIED' })
    expect([world.posts(), (await allChanges(world)).length]).toEqual([2, 2])
  })

  it('waits until Genesys can be read again', async () => {
    const world = await changeWorld()
    const { value } = await world.changes().request({ ...toggle(true), revertAfter: 'PT1H' })
    world.clock.advance(HOUR_MS)
    world.org.addFaults([{ match: { method: 'GET' }, do: { status: 500 } }])
    expect(await world.tick()).toMatchObject({ advanced: 0, failed: 1 })
    world.clock.advance(60_000)
    await world.tick()
    expect(await reverterOf(world, value.id)).toMatchObject({ state: 'APPLIED' })
  })
})

describe('what was undone before its end', () => {
  const undo = async (world: ChangeWorld, changeId: string, bench = world.bench()) =>
    (
      await world
        .changes({ operation: 'undoChange', idempotencyKey: `undo-${changeId}` }, bench)
        .undo(changeId)
    ).value
  const dueSoon = async (world: ChangeWorld) =>
    (await world.records().changes({ filter: {}, dueWithinMs: 7 * 24 * HOUR_MS, limit: 10 })).entities.map(
      ({ id }) => id,
    )

  it('goes back no more: its planned revert is called off, and no third change is made', async () => {
    const world = await changeWorld()
    const { value } = await world.changes().request({ ...toggle(true), revertAfter: 'PT1H' })
    expect(await dueSoon(world)).toEqual([value.id])
    const undoing = await undo(world, value.id)
    expect(await dueSoon(world)).toEqual([])
    expect((await world.records().change(value.id)).revert).toEqual({ after: 'PT1H' })
    await expect(
      world.records({ operation: 'cancel', idempotencyKey: 'c1' }).cancel(value.id),
    ).rejects.toMatchObject({
      message: `The change ${value.id} has been undone by ${undoing.id}: nothing of it is left to go back; order it anew`,
    })
    await world.rest()
    const { revert, undone, history } = await world.records().change(value.id)
    expect({ revert, undone }).toEqual({
      revert: { after: 'PT1H', changeId: undoing.id },
      undone: { by: undoing.id, state: 'APPLIED' },
    })
    expect(history.at(-1)).toMatchObject({
      by: 'gateway',
      note: `nothing of it is left to go back: it was undone by ${undoing.id}`,
    })
    expect([world.posts(), (await allChanges(world)).length]).toEqual([2, 2])
  })

  it('and whose undo was undone in turn goes back again, at its end', async () => {
    const world = await changeWorld()
    const { value } = await world.changes().request({ ...toggle(true), revertAfter: 'PT1H' })
    await undo(world, (await undo(world, value.id)).id)
    expect([await dueSoon(world), world.org.truth().toggles[OFF]]).toEqual([[value.id], true])
    world.clock.advance(HOUR_MS)
    await world.tick()
    expect(world.org.truth().toggles[OFF]).toBe(false)
    expect(await reverterOf(world, value.id)).toMatchObject({ state: 'APPLIED', undoes: value.id })
  })

  it('in part goes back at its end with the rest, which the undo could not take', async () => {
    const world = await changeWorld()
    const [ana, ben] = [userAt(world, 0), userAt(world, 1)]
    const { value } = await world.changes().request({ ...assigning(giving([ana, ben])), revertAfter: 'PT1H' })
    // Somebody gives it to one of the two again just as it is taken.
    const late = benchOn(world, (inner) => async (request) => {
      const answer = await inner(request)
      if (isPost(request)) await byHand(world).assign(giving([ben]))
      return answer
    })
    const undoing = await undo(world, value.id, late)
    expect([undoing.state, hasWallboard(world, ana), hasWallboard(world, ben)]).toEqual([
      'PARTIAL',
      false,
      true,
    ])
    expect(await dueSoon(world)).toEqual([value.id])
    await world.rest()
    expect(hasWallboard(world, ben)).toBe(false)
    expect(await reverterOf(world, value.id)).toMatchObject({
      state: 'APPLIED',
      leftAlone: [{ userId: ana }],
      results: [{ userId: ben, outcome: 'applied' }],
    })
  })
})

describe('two orders of the same with an end each', () => {
  /** Asked for an hour first, and by somebody else for so long ten minutes later. */
  async function twice(secondFor: string, world: ChangeWorld) {
    const first = await world
      .changes({ idempotencyKey: 'k1' })
      .request({ ...toggle(true), revertAfter: 'PT1H' })
    world.clock.advance(10 * 60_000)
    const second = await world
      .changes({ actor: BO, idempotencyKey: 'k2' })
      .request({ ...toggle(true), revertAfter: secondFor })
    expect([first.value.state, second.value.state]).toEqual(['APPLIED', 'NOOP'])
    return [first.value.id, second.value.id] as const
  }

  it('last until the later one’s, and the change says until when and for which', async () => {
    const world = await changeWorld()
    const [first, second] = await twice('PT2H', world)
    world.clock.advance(50 * 60_000)
    await world.tick()
    expect(world.org.truth().toggles[OFF]).toBe(true)
    expect((await world.records().change(first)).revert).toEqual({
      after: 'PT1H',
      heldUntil: '2026-11-15T14:10:00.000Z',
      dueAt: '2026-11-15T14:10:00.000Z',
      heldFor: second,
    })
    world.clock.advance(70 * 60_000 - 1)
    await world.tick()
    expect(world.org.truth().toggles[OFF]).toBe(true)
    world.clock.advance(1)
    await world.tick()
    expect(world.org.truth().toggles[OFF]).toBe(false)
    expect(await reverterOf(world, first)).toMatchObject({ state: 'APPLIED' })
  })

  it('are taken back at the first one’s where the second ends sooner', async () => {
    const world = await changeWorld()
    const [first] = await twice('PT5M', world)
    world.clock.advance(50 * 60_000)
    await world.tick()
    expect(world.org.truth().toggles[OFF]).toBe(false)
    expect(await reverterOf(world, first)).toMatchObject({ state: 'APPLIED' })
  })

  it('are taken back too where both were approved', async () => {
    const world = await changeWorld({ approvals: [{ toggles: [OFF] }] })
    for (const key of ['k1', 'k2']) {
      const order = { ...toggle(true), revertAfter: 'PT1H' }
      const { value } = await world.changes({ idempotencyKey: key }).request(order)
      await world
        .changes({ actor: BO, operation: 'approve', idempotencyKey: `approve-${key}` })
        .approve(value.id, value.digest)
      world.clock.advance(60_000)
    }
    expect((await allChanges(world)).map(({ state }) => state).sort()).toEqual(['APPLIED', 'NOOP'])
    await world.rest()
    expect(world.org.truth().toggles[OFF]).toBe(false)
  })

  it('of a list wait for the latest end among its people', async () => {
    const world = await changeWorld()
    const [ana, ben] = [userAt(world, 0), userAt(world, 1)]
    await world
      .changes({ idempotencyKey: 'k1' })
      .request({ ...assigning(giving([ana, ben])), revertAfter: 'PT1H' })
    world.clock.advance(10_000)
    await world
      .changes({ idempotencyKey: 'k2' })
      .request({ ...assigning(giving([ben])), revertAfter: 'PT2H' })
    world.clock.advance(HOUR_MS)
    await world.tick()
    expect([ana, ben].map((each) => hasWallboard(world, each))).toEqual([true, true])
    world.clock.advance(HOUR_MS)
    await world.tick()
    expect([ana, ben].map((each) => hasWallboard(world, each))).toEqual([false, false])
  })
})
