/** A schedule's time has come: the order is read from the ledger, and whether it still stands. */
import { describe, expect, it } from 'vitest'
import type { ScheduleOrder } from '../../lib/changes/answers/schedule-schemas.ts'
import { ScheduleMaker } from '../../lib/changes/schedule-maker.ts'
import { fireSchedule } from '../../lib/events/fire-schedule.ts'
import {
  lettersForTests,
  OFF,
  schedulerForTests,
  toggle,
  toldTypes,
} from '../support/changes/change-orders.ts'
import {
  ANA,
  allChanges,
  BO,
  type ChangeWorldOptions,
  changeWorld,
  PEOPLE,
} from '../support/changes/change-world.ts'

const HOUR_MS = 3_600_000
const ONE = '2026-11-15T13:00:00Z'
const AT_ONE: ScheduleOrder = { at: '2026-11-15T13:00', change: toggle(true) }
const DAILY: ScheduleOrder = { cron: '0 13 * * ? *', change: toggle(true) }

/** A world an hour before one, a schedule in it, and what EventBridge Scheduler does at its time. */
async function scheduled(order: ScheduleOrder, options: ChangeWorldOptions = {}) {
  const world = await changeWorld(options)
  const { letters, deadLetters } = lettersForTests()
  const service = schedulerForTests()
  const schedules = () =>
    new ScheduleMaker(world.bench(), service.scheduler, {
      actor: ANA,
      operation: 'createSchedule',
      idempotencyKey: 's1',
    })
  const { value: schedule } = await schedules().create(order)
  const fire = (scheduledTime = ONE, scheduleId = schedule.id) =>
    fireSchedule({ bench: world.bench(), deadLetters }, { scheduleId, scheduledTime })
  const stateOf = async () => (await world.records().schedule(schedule.id)).state
  return { world, letters, service, schedules, schedule, fire, stateOf }
}

describe('a schedule that fires', () => {
  it('makes a change in its name, and a one-off is done', async () => {
    const { world, schedule, fire } = await scheduled(AT_ONE)
    world.clock.advance(HOUR_MS)
    await fire()
    const [change] = await allChanges(world)
    expect(change).toMatchObject({ state: 'APPLIED', actor: { kind: 'schedule', id: schedule.id } })
    expect(await world.records().schedule(schedule.id)).toMatchObject({
      state: 'DONE',
      lastChangeId: change?.id,
    })
    expect([world.posts(), world.org.truth().toggles[OFF]]).toEqual([1, true])
  })

  it('(G02, G17) more than once for one time makes one change', async () => {
    const { world, fire } = await scheduled(AT_ONE)
    world.clock.advance(HOUR_MS)
    await fire()
    await fire()
    await Promise.all([fire(), fire()])
    expect([world.posts(), (await allChanges(world)).length]).toEqual([1, 1])
  })

  it('and is delivered late gives way to what was asked for since its time', async () => {
    const { world, fire } = await scheduled(AT_ONE)
    world.clock.advance(HOUR_MS + 5_000)
    const { value } = await world.changes({ actor: BO, idempotencyKey: 'k2' }).request(toggle(false))
    world.clock.advance(60_000)
    await fire()
    const late = (await allChanges(world)).find(({ actor }) => actor.kind === 'schedule')
    expect(late).toMatchObject({ state: 'SUPERSEDED', supersededBy: value.id })
    expect([world.org.truth().toggles[OFF], toldTypes(world)]).toEqual([false, ['License Change Superseded']])
  })

  it('again at another time makes another change, and goes on', async () => {
    const { world, schedule, fire } = await scheduled(DAILY, { org: { tokenSeconds: 2 * 86_400 } })
    world.clock.advance(HOUR_MS)
    await fire()
    world.clock.advance(24 * HOUR_MS)
    await fire('2026-11-16T13:00:00Z')
    const changes = await allChanges(world)
    expect(changes.map(({ state }) => state)).toEqual(['NOOP', 'APPLIED'])
    expect(await world.records().schedule(schedule.id)).toMatchObject({
      state: 'ACTIVE',
      lastChangeId: changes[0]?.id,
    })
  })

  it('carries out the revert that its order plans', async () => {
    const { world, fire } = await scheduled({ ...DAILY, change: { ...toggle(true), revertAfter: 'PT8H' } })
    world.clock.advance(HOUR_MS)
    await fire()
    expect(world.org.truth().toggles[OFF]).toBe(true)
    await world.rest()
    expect(world.clock.nowMs()).toBe(Date.parse('2026-11-15T21:00:00Z'))
    expect([world.posts(), world.org.truth().toggles[OFF]]).toEqual([2, false])
  })

  it('(G10) is still read and listed when it is done, and may be deleted', async () => {
    const { world, schedules, schedule, fire, stateOf } = await scheduled(AT_ONE)
    world.clock.advance(HOUR_MS)
    await fire()
    expect((await world.records().schedules({ limit: 10 })).entities).toMatchObject([
      { id: schedule.id, state: 'DONE' },
    ])
    await schedules().remove(schedule.id)
    expect(await stateOf()).toBe('DELETED')
  })

  it('in the state that a crash while making it has left runs: its order is on record', async () => {
    const { world, schedule, fire } = await scheduled(AT_ONE)
    const record = await world.store.ledger.schedule(schedule.id)
    if (!record) throw new Error('it is on record')
    await world.store.ledger.replaceSchedule(
      { ...record, state: 'CREATING', version: record.version + 1 },
      record.version,
    )
    world.clock.advance(HOUR_MS)
    await fire()
    expect(world.posts()).toBe(1)
  })

  it('(G04) a quarter of an hour late makes an EXPIRED change, which is told', async () => {
    const { world, fire, stateOf } = await scheduled(AT_ONE)
    world.clock.advance(HOUR_MS + 15 * 60_000 + 1)
    await fire()
    expect(await allChanges(world)).toMatchObject([{ state: 'EXPIRED' }])
    expect([world.posts(), toldTypes(world), await stateOf()]).toEqual([
      0,
      ['License Change Expired'],
      'DONE',
    ])
  })

  it('(G03) while Genesys cannot take it throws, so that it is tried again, as one request', async () => {
    const { world, letters, fire } = await scheduled(AT_ONE)
    world.clock.advance(HOUR_MS)
    world.org.addFaults([
      { match: { method: 'GET' }, do: { status: 500 } },
      { match: { method: 'POST' }, do: { status: 429, headers: { 'Retry-After': '60' } } },
    ])
    await expect(fire()).rejects.toMatchObject({ code: 'upstream.bad.response' })
    await expect(fire()).rejects.toMatchObject({ code: 'too.many.requests.retry.after' })
    await fire()
    expect([world.org.truth().toggles[OFF], letters]).toEqual([true, []])
    expect((await allChanges(world)).map(({ state }) => state).sort()).toEqual(['APPLIED', 'FAILED'])
  })
})

describe('a schedule that does not stand', () => {
  const approvals = [{ toggles: [OFF] }]

  it('(G09) unapproved does nothing, and the log says so', async () => {
    const { world, letters, schedule, fire, stateOf } = await scheduled(AT_ONE, { approvals })
    await fire()
    expect([world.posts(), await allChanges(world), letters]).toEqual([0, [], []])
    expect(world.left).toEqual([`${schedule.id} the schedule is AWAITING_APPROVAL: nothing was done`])
    expect(await stateOf()).toBe('AWAITING_APPROVAL')
  })

  it('approved runs with that approval', async () => {
    const { world, schedule, fire } = await scheduled(AT_ONE, { approvals })
    await world
      .records({ actor: BO, operation: 'approveSchedule', idempotencyKey: 'd1' })
      .approveSchedule(schedule.id, schedule.digest)
    world.clock.advance(HOUR_MS)
    await fire()
    expect(await allChanges(world)).toMatchObject([
      { state: 'APPLIED', approval: { decision: { by: { person: 'bo' }, isApproved: true } } },
    ])
  })

  it('made when no rule asked makes requests once one does, which its maker cannot approve', async () => {
    const people = { ...PEOPLE, ana: { role: 'approver' as const, jwt: ['ana'], slack: ['U1'] } }
    const { world, schedule, letters } = await scheduled(DAILY)
    world.clock.advance(HOUR_MS)
    const ruled = world.bench({ policy: { approvals, people } })
    const { deadLetters } = lettersForTests()
    await fireSchedule({ bench: ruled, deadLetters }, { scheduleId: schedule.id, scheduledTime: ONE })
    const [change] = await allChanges(world)
    if (!change) throw new Error('nothing was made')
    expect(change).toMatchObject({
      state: 'AWAITING_APPROVAL',
      actor: { kind: 'schedule', id: schedule.id, person: 'ana' },
      askers: [{ kind: 'jwt', id: 'ana', person: 'ana' }],
    })
    const approving = (actor: typeof ANA) =>
      world
        .changes({ actor, operation: 'approve', idempotencyKey: 'd1' }, ruled)
        .approve(change.id, change.digest)
    for (const actor of [ANA, { kind: 'slack', id: 'U1' } as const]) {
      await expect(approving(actor)).rejects.toMatchObject({ code: 'change.approver.refused' })
    }
    expect((await approving(BO)).value.state).toBe('APPLIED')
    expect(letters).toEqual([])
  })

  it('made by somebody whom nobody knows goes to the dead letters once a rule asks', async () => {
    const { world, schedule } = await scheduled(DAILY)
    world.clock.advance(HOUR_MS)
    const { letters, deadLetters } = lettersForTests()
    const bench = world.bench({ policy: { approvals, people: {} } })
    await fireSchedule({ bench, deadLetters }, { scheduleId: schedule.id, scheduledTime: ONE })
    expect(letters).toMatchObject([{ why: expect.stringContaining('token subject ana') }])
    expect([world.posts(), await allChanges(world)]).toEqual([0, []])
  })

  it('(G22) deleted a moment before does nothing, and the log says so', async () => {
    const { world, schedules, schedule, fire } = await scheduled(AT_ONE)
    await schedules().remove(schedule.id)
    await fire()
    expect([world.posts(), await allChanges(world)]).toEqual([0, []])
    expect(world.left).toEqual([`${schedule.id} the schedule is DELETED: nothing was done`])
  })

  it('(G08) unknown goes to the dead letters', async () => {
    const { letters, fire } = await scheduled(AT_ONE)
    const unknown = '0'.repeat(20)
    await fire(ONE, unknown)
    expect(letters).toEqual([
      {
        event: { scheduleId: unknown, scheduledTime: ONE },
        why: `there is no schedule ${unknown} on record`,
      },
    ])
  })

  it.each([
    ['no time', { scheduleId: '0'.repeat(20) }],
    ['a time that is none', { scheduleId: '0'.repeat(20), scheduledTime: '<aws.scheduler.scheduled-time>' }],
    ['an id that is none', { scheduleId: '../x', scheduledTime: ONE }],
    ['nothing', {}],
    ['null', null],
    ['a text', 'fire'],
  ])('(G07) %s: to the dead letters at once', async (_, event) => {
    const world = await changeWorld()
    const { letters, deadLetters } = lettersForTests()
    await fireSchedule({ bench: world.bench(), deadLetters }, event)
    expect(letters).toEqual([{ event, why: 'must be { scheduleId, scheduledTime }' }])
  })
})
