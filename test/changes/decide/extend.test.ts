/** What was approved with an end stays for good by another approval alone. */
import { describe, expect, it } from 'vitest'
import { advance } from '../../../lib/changes/carry-out/advance.ts'
import { ScheduleMaker } from '../../../lib/changes/schedule-maker.ts'
import { fireSchedule } from '../../../lib/events/fire-schedule.ts'
import {
  assigning,
  atHeaders,
  giving,
  hasWallboard,
  lettersForTests,
  OFF,
  schedulerForTests,
  toggle,
  toldTypes,
  userAt,
  WALLBOARD,
} from '../../support/changes/change-orders.ts'
import {
  ANA,
  allChanges,
  BO,
  type ChangeWorld,
  type ChangeWorldOptions,
  changeWorld,
  headerOf,
  PEOPLE,
} from '../../support/changes/change-world.ts'
import { Crash } from '../../support/ledger/ledger.ts'

const HOUR_MS = 3_600_000
const CY = { kind: 'jwt', id: 'cy' } as const
const DEE = { kind: 'jwt', id: 'dee' } as const
const approver = (name: string) => ({ role: 'approver' as const, jwt: [name] })
const RULES: ChangeWorldOptions = {
  approvals: [{ toggles: [OFF] }, { licenses: [WALLBOARD.toUpperCase()] }],
  policy: { people: { ...PEOPLE, cy: approver('cy'), dee: approver('dee') } },
}
const approve = (world: ChangeWorld, { id, digest }: { id: string; digest: string }, actor = BO) =>
  world.changes({ actor, operation: 'approve', idempotencyKey: `approve-${id}` }).approve(id, digest)
const cancel = (world: ChangeWorld, id: string, actor = ANA, idempotencyKey = 'c1') =>
  world.records({ actor, operation: 'cancelChange', idempotencyKey }).cancel(id)

/** Ana's order with an end in an hour, which bo has approved. */
async function granted(order: Parameters<ReturnType<ChangeWorld['changes']>['request']>[0] = toggle(true)) {
  const world = await changeWorld(RULES)
  const { value: plan } = await world
    .changes({ idempotencyKey: 'k1' })
    .request({ ...order, revertAfter: 'PT1H' })
  const { value: original } = await approve(world, plan)
  expect(original.state).toBe('APPLIED')
  return { world, original }
}

describe('calling off the planned revert of what was approved', () => {
  it('is a change of its own that waits for approval, and until then the revert stays due', async () => {
    const { world, original } = await granted()
    const { value, isReplay } = await cancel(world, original.id)
    expect(value).toMatchObject({
      kind: 'extend',
      extends: original.id,
      state: 'AWAITING_APPROVAL',
      actor: { person: 'ana' },
      before: { featureName: OFF, enabled: true },
      desired: { featureName: OFF, enabled: true },
      approval: { because: [`A second person must approve changes of the toggle ${OFF}`] },
    })
    expect([isReplay, value.id === original.id]).toEqual([false, false])
    await world.rest()
    expect([world.org.truth().toggles[OFF], world.posts()]).toEqual([false, 2])
    expect((await headerOf(world, value.id)).state).toBe('EXPIRED')
  })

  it('is done once it is approved, and the license stays for good', async () => {
    const ana = (world: ChangeWorld) => userAt(world, 0)
    const world = await changeWorld(RULES)
    const { value: plan } = await world
      .changes({ idempotencyKey: 'k1' })
      .request({ ...assigning(giving([ana(world)])), revertAfter: 'PT1H' })
    await approve(world, plan)
    const { value: request } = await cancel(world, plan.id)
    expect(request).toMatchObject({ desired: { assignments: [{ licenseId: WALLBOARD }] } })
    const { value } = await approve(world, request, CY)
    expect(value).toMatchObject({ state: 'APPLIED', approval: { by: { person: 'cy' } } })
    const { revert, history } = await headerOf(world, plan.id)
    expect(revert).toMatchObject({ isCancelled: true, extension: request.id })
    expect(history.at(-1)).toMatchObject({ by: 'cy', note: expect.stringContaining(request.id) })
    await world.rest()
    expect([hasWallboard(world, ana(world)), world.posts()]).toEqual([true, 1])
    expect(toldTypes(world).slice(-2)).toEqual(['License Change Applied', 'License Change Applied'])
  })

  it('is for nobody who asked for either', async () => {
    const { world, original } = await granted()
    const { value: request } = await cancel(world, original.id, CY)
    for (const actor of [ANA, CY]) {
      await expect(approve(world, request, actor)).rejects.toMatchObject({ code: 'change.approver.refused' })
    }
    expect((await approve(world, request, DEE)).value.state).toBe('APPLIED')
  })

  it('asked for again finds the request that is open, and a new one once that has been rejected', async () => {
    const { world, original } = await granted()
    const { value: first } = await cancel(world, original.id)
    for (const [actor, key] of [
      [ANA, 'c1'],
      [ANA, 'c2'],
      [CY, 'c3'],
    ] as const) {
      expect(await cancel(world, original.id, actor, key)).toMatchObject({
        value: { id: first.id, actor: { id: 'ana' } },
        isReplay: true,
      })
    }
    await world.records({ actor: BO, operation: 'reject', idempotencyKey: 'r1' }).reject(first.id)
    expect((await cancel(world, original.id)).value).toMatchObject({ id: first.id, state: 'REJECTED' })
    const { value: second } = await cancel(world, original.id, ANA, 'c4')
    expect([second.id === first.id, second.state]).toEqual([false, 'AWAITING_APPROVAL'])
    expect((await headerOf(world, original.id)).revert?.isCancelled).toBeUndefined()
  })

  it('at the same time as somebody else makes one request', async () => {
    const { world, original } = await granted()
    const both = await Promise.all([cancel(world, original.id), cancel(world, original.id, CY)])
    expect(new Set(both.map(({ value }) => value.id)).size).toBe(1)
    expect(await allChanges(world)).toHaveLength(2)
  })

  it('lapses when the revert is due, and then it is too late to ask', async () => {
    const { world, original } = await granted()
    const { value: request } = await cancel(world, original.id)
    const dueAt = Date.parse(original.history.at(-1)?.at ?? '') + HOUR_MS
    expect(request.approval?.expiresAt).toBe(new Date(dueAt).toISOString())
    world.clock.advance(dueAt - world.clock.nowMs())
    await expect(approve(world, request)).rejects.toMatchObject({ code: 'change.state.conflict' })
    await expect(cancel(world, original.id, ANA, 'c2')).resolves.toMatchObject({ isReplay: true })
    await world.rest()
    await expect(cancel(world, original.id, ANA, 'c3')).rejects.toMatchObject({ status: 409 })
    expect(world.org.truth().toggles[OFF]).toBe(false)
  })

  it('and that request can be called off by whoever asked, which leaves the revert due', async () => {
    const { world, original } = await granted()
    const { value: request } = await cancel(world, original.id)
    expect((await cancel(world, request.id, ANA, 'c2')).value.state).toBe('CANCELLED')
    await world.rest()
    expect(world.org.truth().toggles[OFF]).toBe(false)
  })

  it('is undone by undoing the original, since it switched nothing itself', async () => {
    const { world, original } = await granted()
    const { value: request } = await cancel(world, original.id)
    await approve(world, request, CY)
    await expect(world.changes({ idempotencyKey: 'u1' }).undo(request.id)).rejects.toMatchObject({
      code: 'change.state.conflict',
      message: expect.stringContaining(`undo ${original.id}`),
    })
  })

  it('that was approved as the process ended is finished by the tick, however late', async () => {
    for (const writes of [1, 2]) {
      const { world, original } = await granted()
      const { value: request } = await cancel(world, original.id)
      let left = writes
      const crashing = world.bench({
        ledger: atHeaders(world.store.ledger, async (_, write) => {
          if (left-- <= 0) throw new Crash('the process has ended')
          return await write()
        }),
      })
      const approving = world
        .changes({ actor: CY, operation: 'approve', idempotencyKey: 'd1' }, crashing)
        .approve(request.id, request.digest)
      await expect(approving).rejects.toThrow(Crash)
      expect((await headerOf(world, request.id)).state).toBe('APPROVED')
      // Past its usual window where the revert is called off already: it cannot have come too late then.
      world.clock.advance(writes === 2 ? 2 * HOUR_MS : 60_000)
      await world.rest()
      expect((await headerOf(world, request.id)).state).toBe('APPLIED')
      expect([world.org.truth().toggles[OFF], world.posts()]).toEqual([true, 1])
    }
  })

  it('approved as the revert begins: one of the two holds, and never both', async () => {
    const { world, original } = await granted()
    const { value: request } = await cancel(world, original.id)
    const dueAtMs = (await headerOf(world, original.id)).dueAtMs ?? 0
    world.clock.advance(dueAtMs - 1 - world.clock.nowMs())
    // The revert is on record and its original does not name it yet, when the approval comes.
    const late = world.bench({
      clock: { ...world.clock, nowMs: () => dueAtMs },
      ledger: atHeaders(world.store.ledger, async (next, write) => {
        if (next.revert?.changeId !== undefined) await approve(world, request, CY)
        return await write()
      }),
    })
    await advance(late, original.id)
    await world.rest()
    expect((await headerOf(world, request.id)).state).toBe('APPLIED')
    const reverting = (await allChanges(world)).find(({ undoes }) => undoes === original.id)
    expect(reverting?.state).toBe('CANCELLED')
    expect([world.org.truth().toggles[OFF], world.posts()]).toEqual([true, 1])
  })

  it('approved after the revert has begun changes nothing, and says so', async () => {
    const { world, original } = await granted()
    const { value: request } = await cancel(world, original.id)
    const dueAtMs = (await headerOf(world, original.id)).dueAtMs ?? 0
    world.org.addFaults([
      { match: { method: 'POST' }, do: { status: 429, headers: { 'Retry-After': '60' } } },
    ])
    // A clock that is ahead makes the revert before the request has lapsed by another's.
    await advance(world.bench({ clock: { ...world.clock, nowMs: () => dueAtMs } }), original.id)
    const { value } = await approve(world, request, CY)
    expect(value.state).toBe('SUPERSEDED')
    expect(value.history.at(-1)?.note).toContain('nothing was changed')
    await world.rest()
    expect(world.org.truth().toggles[OFF]).toBe(false)
  })
})

describe('what else makes it last', () => {
  it('calling off the revert’s own change, while that waits to be tried again, is refused', async () => {
    const { world, original } = await granted()
    world.org.addFaults([
      { match: { method: 'POST' }, do: { status: 429, headers: { 'Retry-After': '60' } } },
    ])
    world.clock.advance(HOUR_MS)
    await world.tick()
    const { revert } = await headerOf(world, original.id)
    const reverting = await headerOf(world, revert?.changeId ?? '')
    expect(reverting.state).toBe('APPROVED')
    await expect(cancel(world, reverting.id)).rejects.toMatchObject({
      code: 'change.state.conflict',
      message: expect.stringContaining('order it anew'),
    })
    await world.rest()
    expect(world.org.truth().toggles[OFF]).toBe(false)
  })

  it('undoing the revert waits for somebody who asked for neither', async () => {
    const { world, original } = await granted()
    await world.rest()
    const { revert } = await headerOf(world, original.id)
    const { value: undo } = await world
      .changes({ actor: CY, idempotencyKey: 'u1' })
      .undo(revert?.changeId ?? '')
    expect(undo.state).toBe('AWAITING_APPROVAL')
    for (const actor of [CY, ANA]) {
      await expect(approve(world, undo, actor)).rejects.toMatchObject({ code: 'change.approver.refused' })
    }
    expect(world.org.truth().toggles[OFF]).toBe(false)
  })

  it('an order that nobody has approved does not keep the revert from it', async () => {
    const { world } = await granted()
    for (const order of [toggle(true), { ...toggle(true), notBefore: '2026-11-15T12:30:00Z' }]) {
      const { value } = await world
        .changes({ idempotencyKey: `again-${'notBefore' in order}` })
        .request(order)
      expect(value.state).toBe('AWAITING_APPROVAL')
    }
    world.clock.advance(HOUR_MS)
    await world.tick()
    expect(world.org.truth().toggles[OFF]).toBe(false)
  })

  it('an order that needs no approval, since it is smaller, does not keep the revert of a list from it', async () => {
    const world = await changeWorld({ ...RULES, approvals: [{ peopleOver: 1 }] })
    const [ana, ben, cleo] = [0, 1, 3].map((index) => userAt(world, index))
    if (!ana || !ben || !cleo) throw new Error('three people')
    const { value: plan } = await world
      .changes({ idempotencyKey: 'k1' })
      .request({ ...assigning(giving([ana, ben])), revertAfter: 'PT1H' })
    await approve(world, plan)
    world.clock.advance(60_000)
    const { value: same } = await world.changes({ idempotencyKey: 'k2' }).request(assigning(giving([ana])))
    expect(same.state).toBe('NOOP')
    await world.changes({ idempotencyKey: 'k3' }).request(assigning(giving([cleo])))
    await world.rest()
    expect([ana, ben, cleo].map((each) => hasWallboard(world, each))).toEqual([false, false, true])
  })

  it('of a change that a schedule made asks somebody who is not the schedule’s maker', async () => {
    const world = await changeWorld(RULES)
    const { deadLetters } = lettersForTests()
    const making = { actor: ANA, operation: 'createSchedule', idempotencyKey: 's1' }
    const { value: schedule } = await new ScheduleMaker(
      world.bench(),
      schedulerForTests().scheduler,
      making,
    ).create({ at: '2026-11-15T13:00', change: { ...toggle(true), revertAfter: 'PT1H' } })
    await world
      .records({ actor: BO, operation: 'approveSchedule', idempotencyKey: 'd1' })
      .approveSchedule(schedule.id, schedule.digest)
    world.clock.advance(HOUR_MS)
    await fireSchedule(
      { bench: world.bench(), deadLetters },
      { scheduleId: schedule.id, scheduledTime: '2026-11-15T13:00:00Z' },
    )
    const [made] = await allChanges(world)
    expect(made).toMatchObject({ state: 'APPLIED', actor: { kind: 'schedule', person: 'ana' } })
    const { value: request } = await cancel(world, made?.id ?? '', CY)
    await expect(approve(world, request, ANA)).rejects.toMatchObject({ code: 'change.approver.refused' })
    expect((await approve(world, request)).value.state).toBe('APPLIED')
    await world.rest()
    expect(world.org.truth().toggles[OFF]).toBe(true)
  })
})

it('what was approved with its end needs approval to stay, whatever the rules say by now', async () => {
  const world = await changeWorld()
  const where = { platform: 'teams', teamId: 'T1', channelId: 'C1', userId: 'a1' } as const
  const { value: plan } = await world
    .plans({ idempotencyKey: 'p1' })
    .plan({ ...toggle(true), revertAfter: 'PT1H' }, where)
  await approve(world, plan)
  expect((await cancel(world, plan.id)).value).toMatchObject({
    kind: 'extend',
    approval: { because: [expect.stringContaining('approved it with its end')] },
  })
})

it('making it shorter asks nobody', async () => {
  const { world, original } = await granted()
  const takenBack = await world.changes({ idempotencyKey: 'u1' }).undo(original.id)
  // The rules ask about the toggle in both directions; nobody is asked about the revert.
  expect(takenBack.value.state).toBe('AWAITING_APPROVAL')
  const waiting = await changeWorld(RULES)
  const { value } = await waiting
    .changes({ idempotencyKey: 'k1' })
    .request({ ...toggle(true), revertAfter: 'PT1H' })
  expect((await cancel(waiting, value.id)).value.state).toBe('CANCELLED')
})
