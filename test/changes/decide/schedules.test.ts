/** Schedules: the order in the ledger, the time in EventBridge Scheduler. */
import { describe, expect, it } from 'vitest'
import type { ScheduleOrder } from '../../../lib/changes/answers/schedule-schemas.ts'
import type { Caller } from '../../../lib/changes/model/change.ts'
import { idOf } from '../../../lib/changes/model/record-ids.ts'
import { ScheduleMaker } from '../../../lib/changes/schedule-maker.ts'
import {
  assigning,
  giving,
  NOBODY,
  OFF,
  ON,
  schedulerForTests,
  toggle,
} from '../../support/changes/change-orders.ts'
import {
  ANA,
  BO,
  type ChangeWorldOptions,
  changeWorld,
  NAMED_PEOPLE,
} from '../../support/changes/change-world.ts'

const HOUR_MS = 3_600_000
const KEY = { idempotencyKey: 's1' }
const NINE: ScheduleOrder = { at: '2026-12-01T09:00', timeZone: 'Europe/Berlin', change: toggle(true) }

async function calendar(options: ChangeWorldOptions = {}) {
  const world = await changeWorld(options)
  const service = schedulerForTests()
  const schedules = (caller: Partial<Caller> = {}) =>
    new ScheduleMaker(world.bench(), service.scheduler, {
      actor: ANA,
      operation: 'createSchedule',
      ...caller,
    })
  return { world, service, schedules }
}

describe('making a schedule', () => {
  it.each([
    ['a time', NINE, { at: '2026-12-01T09:00:00', timeZone: 'Europe/Berlin' }],
    [
      'a cron expression',
      { cron: '0 8 ? * MON-FRI *', change: toggle(true) },
      { cron: '0 8 ? * MON-FRI *', timeZone: 'UTC' },
    ],
    ['a rate', { rate: '1 day', change: toggle(true) }, { rate: '1 day', timeZone: 'UTC' }],
  ])('of %s puts the order on record, and the time into the service', async (_, order, when) => {
    const { world, service, schedules } = await calendar()
    const { value, isReplay } = await schedules(KEY).create(order)
    expect(value).toMatchObject({
      ...when,
      state: 'ACTIVE',
      change: order.change,
      actor: { id: 'ana', person: 'ana' },
    })
    expect([isReplay, [...service.made]]).toEqual([false, [[value.id, when]]])
    expect(await world.records().schedule(value.id)).toEqual(value)
    expect((await world.records().schedules({ limit: 10 })).entities).toEqual([value])
    expect(world.posts()).toBe(0)
  })

  it('(G19) again with the same key is the same schedule, with another body 422', async () => {
    const { service, schedules } = await calendar()
    const first = await schedules(KEY).create(NINE)
    const again = await schedules(KEY).create(NINE)
    expect(again.isReplay).toBe(true)
    expect(JSON.stringify(again.value)).toBe(JSON.stringify(first.value))
    await expect(schedules(KEY).create({ ...NINE, timeZone: 'UTC' })).rejects.toMatchObject({
      code: 'idempotency.key.reused',
      status: 422,
    })
    expect(service.made.size).toBe(1)
  })

  it.each(['before', 'after'] as const)(
    '(G20) the service fails %s it has made it: 503, and a repeat of the key finishes it',
    async (when) => {
      const { world, service, schedules } = await calendar()
      service.failNext(when)
      await expect(schedules(KEY).create(NINE)).rejects.toMatchObject({
        code: 'scheduler.unavailable',
        status: 503,
      })
      expect((await world.records().schedules({ limit: 10 })).entities).toMatchObject([{ state: 'CREATING' }])
      const { value } = await schedules(KEY).create(NINE)
      expect([value.state, [...service.made.keys()]]).toEqual(['ACTIVE', [value.id]])
    },
  )

  it('refuses too many pairs before anything is on record', async () => {
    const { world, schedules } = await calendar()
    const change = assigning(giving(Array.from({ length: 501 }, () => NOBODY)))
    await expect(schedules(KEY).create({ rate: '1 day', change })).rejects.toMatchObject({ status: 413 })
    expect((await world.records().schedules({ limit: 10 })).entities).toEqual([])
  })
})

describe('(G18) a time that has gone by is refused', () => {
  // It is noon in UTC on 2026-11-15: one in Berlin, seven in the morning in New York.
  it.each([
    ['2026-11-15T12:00', undefined],
    ['2026-11-15T13:00', 'Europe/Berlin'],
    ['2026-11-15T07:00:00', 'America/New_York'],
    ['2020-01-01T00:00', 'Asia/Tokyo'],
  ])('%s in %s', async (at, timeZone) => {
    const { service, schedules } = await calendar()
    const order = { at, change: toggle(true), ...(timeZone === undefined ? {} : { timeZone }) }
    await expect(schedules().create(order)).rejects.toMatchObject({
      code: 'bad.request',
      status: 400,
      faults: [{ fieldName: 'at' }],
    })
    expect(service.made.size).toBe(0)
  })

  it.each([
    ['2026-11-15T12:00:01', 'UTC'],
    ['2026-11-15T13:01', 'Europe/Berlin'],
    ['2026-11-15T07:01', 'America/New_York'],
    // Summer time ends: it comes twice.
    ['2027-10-31T02:30', 'Europe/Berlin'],
  ])('and %s in %s is not', async (at, timeZone) => {
    const { schedules } = await calendar()
    await expect(schedules().create({ at, timeZone, change: toggle(true) })).resolves.toMatchObject({
      value: { state: 'ACTIVE' },
    })
  })
})

describe('a time that clocks skip is refused, and the two beside it are named', () => {
  it.each([
    [
      '2027-03-28T02:30',
      'Europe/Berlin',
      ['2027-03-28T01:30:00 (2027-03-28T00:30:00.000Z)', '2027-03-28T03:30:00 (2027-03-28T01:30:00.000Z)'],
    ],
    [
      '2027-03-14T02:00:00',
      'America/New_York',
      ['2027-03-14T01:00:00 (2027-03-14T06:00:00.000Z)', '2027-03-14T03:00:00 (2027-03-14T07:00:00.000Z)'],
    ],
    [
      '2027-10-03T02:15',
      'Australia/Lord_Howe',
      ['2027-10-03T01:45:00 (2027-10-02T15:15:00.000Z)', '2027-10-03T02:45:00 (2027-10-02T15:45:00.000Z)'],
    ],
  ])('%s in %s', async (at, timeZone, beside) => {
    const { service, schedules } = await calendar()
    const refused = schedules().create({ at, timeZone, change: toggle(true) })
    await expect(refused).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining(`name ${beside.join(' or ')}`),
      faults: [{ fieldName: 'at' }],
    })
    expect(service.made.size).toBe(0)
    for (const each of beside) {
      const order = { at: each.slice(0, 19), timeZone, change: toggle(true) }
      await expect(schedules().create(order)).resolves.toMatchObject({ value: { state: 'ACTIVE' } })
    }
  })
})

describe('a cron expression that never fires is refused', () => {
  it.each([
    ['0 9 31 2 ? *', 'day is 31'],
    ['0 9 30 2 ? *', 'day is 30'],
    ['0 9 31 4 ? *', 'day is 31'],
    ['0 9 ? * MON-FRI 2020', 'year is 2020'],
    ['60 9 ? * MON *', 'minute is 60'],
    ['1 24 ? * MON *', 'hour is 24'],
    ['0 9 1 13 ? *', 'month is 13'],
    ...[
      '0 9 30 FEB ? *',
      '0 9 31 APR ? *',
      '0 9 31 4,6 ? *',
      '0 9 30-31 FEB ? *',
      '0 9 29 2 ? 2027',
      '0 9 29 FEB ? 2027,2029-2031',
      '0 9 1 JAN ? 2026',
      '0 9 14 NOV-NOV ? 2026',
      '0 9-12/3 15 NOV ? 2026',
      '0 9 ? FEB MON#5 2027-2031',
    ].map((each) => [each, 'from now on to 2199 no day is of its day, month, weekday and year']),
    ['0 9 1 1 ? 2026', 'must be in the future'],
    ['30 2 28 3 ? 2027', 'they skip 2027-03-28T02:30'],
  ])('%s', async (cron, why) => {
    const { service, schedules } = await calendar()
    const order = { cron, timeZone: 'Europe/Berlin', change: toggle(true) }
    await expect(schedules().create(order)).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining(why),
      faults: [{ fieldName: 'cron' }],
    })
    expect(service.made.size).toBe(0)
  })

  it.each([
    '0 9 29 2 ? *',
    '0 9 31 12 ? *',
    '30 2 28 3 ? *',
    '0/15 9-17 ? * MON-FRI 2026-2030',
    '0 9 L * ? *',
    '0 9 29 FEB ? 2027-2028',
    '0 9 31 APR,MAY ? *',
    '0 9 29-31 FEB ? *',
    '0 9,22 15 NOV ? 2026',
    '0 9 31W APR ? *',
    '0 9 LW FEB ? *',
    '0 9 ? FEB TUE#5 *',
    '0 9 ? FEB FRI-MON *',
  ])('and %s is not', async (cron) => {
    const { schedules } = await calendar()
    const order = { cron, timeZone: 'Europe/Berlin', change: toggle(true) }
    await expect(schedules().create(order)).resolves.toMatchObject({ value: { state: 'ACTIVE' } })
  })
})

describe('what EventBridge Scheduler refuses', () => {
  it('leaves nothing listed, and its key is free for the corrected order', async () => {
    const { world, service, schedules } = await calendar()
    service.refuseNext()
    await expect(schedules(KEY).create(NINE)).rejects.toMatchObject({ status: 400 })
    expect((await world.records().schedules({ limit: 10 })).entities).toEqual([])
    const corrected = { ...NINE, timeZone: 'UTC' }
    const { value, isReplay } = await schedules(KEY).create(corrected)
    expect([value.state, isReplay]).toEqual(['ACTIVE', false])
    expect((await world.records().schedules({ limit: 10 })).entities).toEqual([value])
    expect(await schedules(KEY).create(corrected)).toEqual({ value, isReplay: true })
    expect(service.made.size).toBe(1)
  })

  it('can neither be looked up, approved, deleted nor fired', async () => {
    const { world, service, schedules } = await calendar({ approvals: [{ toggles: [OFF] }] })
    service.refuseNext()
    await expect(schedules(KEY).create(NINE)).rejects.toMatchObject({ status: 400 })
    const id = idOf('jwt', 'ana', 'createSchedule', 's1', '1')
    expect(await world.store.ledger.schedule(id)).toMatchObject({ state: 'DELETED', isRefused: true })
    await expect(world.records().schedule(id)).rejects.toMatchObject({ code: 'not.found' })
    await expect(schedules().remove(id)).rejects.toMatchObject({ code: 'not.found' })
  })
})

describe('an org’s schedules', () => {
  it('are at most 200 at a time: those that have ended or lapsed count no more', async () => {
    const { world, schedules } = await calendar({ approvals: [{ toggles: [OFF] }] })
    const { value: lapsing } = await schedules().create({ rate: '1 day', change: toggle(true) })
    const { value: first } = await schedules().create({ rate: '1 day', change: toggle(true, ON) })
    const record = await world.store.ledger.schedule(first.id)
    if (!record) throw new Error('the schedule is not on record')
    for (let n = 2; n < 200; n++) {
      await world.store.ledger.createSchedule({
        ...record,
        id: idOf('schedule', String(n)),
        writeId: String(n),
      })
    }
    const oneMore = () => schedules().create({ rate: '1 day', change: toggle(true, ON) })
    await expect(oneMore()).rejects.toMatchObject({
      status: 409,
      code: 'general.conflict',
      message: expect.stringContaining('200'),
    })
    // The request lapses.
    world.clock.advance(8 * HOUR_MS)
    await expect(oneMore()).resolves.toMatchObject({ value: { state: 'ACTIVE' } })
    await expect(oneMore()).rejects.toMatchObject({ status: 409 })
    await schedules().remove(first.id)
    await expect(oneMore()).resolves.toMatchObject({ value: { state: 'ACTIVE' } })
    expect(lapsing.state).toBe('AWAITING_APPROVAL')
  })
})

describe('a schedule that the rules hold back', () => {
  const approvals = [{ toggles: [OFF] }]
  const BO_DECIDES = { actor: BO, operation: 'approveSchedule', idempotencyKey: 'd1' }

  it('is approved when it is made, by another person, for all that it will do', async () => {
    const { world, schedules } = await calendar({ approvals })
    const { value: made } = await schedules(KEY).create(NINE)
    expect(made).toMatchObject({ state: 'AWAITING_APPROVAL', approval: { because: [expect.any(String)] } })
    const first = await world.records(BO_DECIDES).approveSchedule(made.id, made.digest)
    expect(first).toMatchObject({
      value: { state: 'ACTIVE', approval: { isApproved: true, by: { person: 'bo' } } },
      isReplay: false,
    })
    const decide = (digest: string, idempotencyKey = 'd1') =>
      world.records({ ...BO_DECIDES, idempotencyKey }).approveSchedule(made.id, digest)
    expect(await decide(made.digest)).toEqual({ ...first, isReplay: true })
    await expect(decide('f'.repeat(64))).rejects.toMatchObject({ code: 'idempotency.key.reused' })
    await expect(decide(made.digest, 'd2')).rejects.toMatchObject({
      code: 'change.state.conflict',
      message: expect.stringContaining('approved by bo'),
    })
  })

  it.each([
    ['the requester', ANA, undefined, 'change.approver.refused'],
    ['the requester by another identity', { kind: 'slack', id: 'U1' }, undefined, 'change.approver.refused'],
    ['nobody that is known', { kind: 'jwt', id: 'eve' }, undefined, 'change.approver.refused'],
    ['another digest', BO, 'f'.repeat(64), 'change.digest.mismatch'],
  ] as const)('is not approved by %s', async (_, actor, digest, code) => {
    const { world, schedules } = await calendar({ approvals })
    const { value: made } = await schedules(KEY).create(NINE)
    await expect(
      world.records({ ...BO_DECIDES, actor }).approveSchedule(made.id, digest ?? made.digest),
    ).rejects.toMatchObject({ code })
    expect((await world.records().schedule(made.id)).state).toBe('AWAITING_APPROVAL')
  })

  it('is rejected by another person, with why, and is gone from the service for good', async () => {
    const { world, service, schedules } = await calendar({ approvals, policy: { people: NAMED_PEOPLE } })
    const { value: made } = await schedules(KEY).create(NINE)
    const rejecting = (idempotencyKey = 'r1', reason = 'not now') =>
      schedules({ actor: BO, operation: 'rejectSchedule', idempotencyKey }).rejectSchedule(made.id, reason)
    const first = await rejecting()
    expect(first).toMatchObject({
      value: { state: 'REJECTED', approval: { isApproved: false, reason: 'not now', by: { person: 'bo' } } },
      isReplay: false,
    })
    expect([service.made.size, await world.records().schedule(made.id)]).toEqual([0, first.value])
    expect(await rejecting()).toEqual({ ...first, isReplay: true })
    await expect(rejecting('r1', 'for another reason')).rejects.toMatchObject({
      code: 'idempotency.key.reused',
    })
    const late = { code: 'change.state.conflict', message: expect.stringContaining('rejected by Bo Öz') }
    await expect(rejecting('r2')).rejects.toMatchObject(late)
    await expect(world.records(BO_DECIDES).approveSchedule(made.id, made.digest)).rejects.toMatchObject(late)
    expect((await schedules().remove(made.id)).value.state).toBe('REJECTED')
    expect((await schedules(KEY).create(NINE)).value.state).toBe('REJECTED')
  })

  it('is told on the bus once it is rejected, or has lapsed, and once each', async () => {
    const { world, schedules } = await calendar({ approvals })
    const { value: rejected } = await schedules(KEY).create(NINE)
    const { value: lapsing } = await schedules({ idempotencyKey: 's2' }).create({ ...NINE, timeZone: 'UTC' })
    const { value: deleted } = await schedules({ idempotencyKey: 's3' }).create({
      rate: '1 day',
      change: toggle(true),
    })
    await schedules().remove(deleted.id)
    await schedules({ actor: BO, idempotencyKey: 'r1' }).rejectSchedule(rejected.id, 'not now')
    await world.tick()
    await world.tick()
    const told = () => world.told.map(({ detailType, detail }) => [detailType, detail['eventId']])
    expect(told()).toEqual([['License Schedule Rejected', `${rejected.id}#rejected`]])
    expect(world.told[0]?.detail['schedule']).toMatchObject({
      id: rejected.id,
      state: 'REJECTED',
      approval: { reason: 'not now' },
    })
    world.clock.advance(Date.parse(lapsing.approval?.expiresAt ?? '') - world.clock.nowMs())
    await world.tick()
    await world.tick()
    expect(told().slice(1)).toEqual([['License Schedule Lapsed', `${lapsing.id}#lapsed`]])
  })

  it('whose rejection the service failed at is taken from it by a repeat', async () => {
    const { service, schedules } = await calendar({ approvals })
    const { value: made } = await schedules(KEY).create(NINE)
    const rejecting = () => schedules({ actor: BO, idempotencyKey: 'r1' }).rejectSchedule(made.id)
    service.failNext('before')
    await expect(rejecting()).rejects.toMatchObject({ status: 503 })
    expect(service.made.size).toBe(1)
    await expect(rejecting()).resolves.toMatchObject({ value: { state: 'REJECTED' }, isReplay: true })
    expect(service.made.size).toBe(0)
  })

  it('is approved up to its time where it has but one, and not past it', async () => {
    const { world, schedules } = await calendar({ approvals })
    const at = new Date(world.clock.nowMs() + HOUR_MS).toISOString().slice(0, 16)
    const { value: made } = await schedules(KEY).create({ at, change: toggle(true) })
    expect(made.approval?.expiresAt).toBe(`${at}:00.000Z`)
    world.clock.advance(HOUR_MS)
    await expect(world.records(BO_DECIDES).approveSchedule(made.id, made.digest)).rejects.toMatchObject({
      code: 'change.state.conflict',
      message: expect.stringContaining('has gone by'),
    })
  })

  it('is not approved after eight hours', async () => {
    const { world, schedules } = await calendar({ approvals })
    const { value: made } = await schedules(KEY).create(NINE)
    world.clock.advance(8 * HOUR_MS)
    await expect(world.records(BO_DECIDES).approveSchedule(made.id, made.digest)).rejects.toMatchObject({
      code: 'change.state.conflict',
      status: 409,
    })
  })
})

describe('deleting a schedule', () => {
  it('keeps it on record, and takes it from the service', async () => {
    const { world, service, schedules } = await calendar()
    const { value: made } = await schedules(KEY).create(NINE)
    const first = await schedules().remove(made.id)
    expect(first).toMatchObject({ value: { id: made.id, state: 'DELETED' }, isReplay: false })
    expect(await schedules().remove(made.id)).toEqual({ ...first, isReplay: true })
    // Somebody else's repeat deletes nothing.
    expect(await schedules({ actor: BO }).remove(made.id)).toEqual({ ...first, isReplay: true })
    expect(first.value.deletedBy).toEqual({ kind: 'jwt', id: 'ana', person: 'ana' })
    expect([service.made.size, (await world.records().schedule(made.id)).state]).toEqual([0, 'DELETED'])
  })

  it('is finished by a repeat where the service failed', async () => {
    const { world, service, schedules } = await calendar()
    const { value: made } = await schedules(KEY).create(NINE)
    service.failNext('before')
    await expect(schedules().remove(made.id)).rejects.toMatchObject({ status: 503 })
    expect((await world.records().schedule(made.id)).state).toBe('DELETED')
    await schedules().remove(made.id)
    expect(service.made.size).toBe(0)
  })

  it('wins over a repeat of its making', async () => {
    const { service, schedules } = await calendar()
    const { value: made } = await schedules(KEY).create(NINE)
    await schedules().remove(made.id)
    await expect(schedules(KEY).create(NINE)).resolves.toMatchObject({
      value: { state: 'DELETED' },
      isReplay: true,
    })
    expect(service.made.size).toBe(0)
  })

  it('wins over an approval', async () => {
    const { world, schedules } = await calendar({ approvals: [{ toggles: [OFF] }] })
    const { value: made } = await schedules(KEY).create(NINE)
    await schedules().remove(made.id)
    await expect(
      world.records({ actor: BO, idempotencyKey: 'd1' }).approveSchedule(made.id, made.digest),
    ).rejects.toMatchObject({ code: 'change.state.conflict', status: 409 })
  })

  it('of an id that is not on record is 404', async () => {
    const { schedules } = await calendar()
    await expect(schedules().remove('0'.repeat(20))).rejects.toMatchObject({ status: 404 })
  })
})
