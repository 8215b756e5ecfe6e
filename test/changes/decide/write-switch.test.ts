/** The stop switch itself: who throws it, in what order, what is said and told of each turn. */
import { describe, expect, it } from 'vitest'
import { tick } from '../../../lib/changes/carry-out/tick.ts'
import type { EventBus } from '../../../lib/changes/model/change-events.ts'
import { RecordKeeper } from '../../../lib/changes/record-keeper.ts'
import { toggle } from '../../support/changes/change-orders.ts'
import { BO, type ChangeWorld, changeWorld } from '../../support/changes/change-world.ts'
import { CY, pause, resume, switchAs } from '../../support/changes/write-switch.ts'

const HOUR_MS = 3_600_000

/** An approver between whose look at the switch and whose hand on it something happens, so many times. */
function whoIsOvertaken(world: ChangeWorld, happen: () => Promise<unknown>, times = 1): RecordKeeper {
  const { ledger } = world.store
  let left = times
  const overtaken: typeof ledger = {
    ...ledger,
    async putSwitch(next, seen) {
      if (left > 0) {
        left -= 1
        await happen()
      }
      return await ledger.putSwitch(next, seen)
    },
  }
  const caller = { actor: BO, operation: 'putWrites', idempotencyKey: 'overtaken' }
  return new RecordKeeper(world.bench({ ledger: overtaken }), () => caller)
}

describe('the switch', () => {
  it('keeps every turn: who, when and why', async () => {
    const world = await changeWorld()
    expect(await world.records().writes()).toEqual({
      state: 'running',
      isPausedByOrgFile: false,
      history: [],
    })
    await pause(world)
    world.clock.advance(HOUR_MS)
    await switchAs(world, 'p2').setWrites({ state: 'paused', reason: 'and so is the other' })
    world.clock.advance(HOUR_MS)
    const { value } = await resume(world)
    expect(value.history.map(({ state, at, reason }) => [state, at.slice(11, 16), reason])).toEqual([
      ['running', '14:00', undefined],
      ['paused', '13:00', 'and so is the other'],
      ['paused', '12:00', 'Genesys is being moved'],
    ])
    expect(await world.records().writes()).toEqual(value)
  })

  it('is not thrown by a repeat that comes late: its key finds what it did', async () => {
    const world = await changeWorld()
    await pause(world)
    expect((await resume(world)).isReplay).toBe(false)
    await pause(world, 'p2')
    expect(await resume(world)).toMatchObject({ value: { state: 'paused' }, isReplay: true })
    await expect(
      switchAs(world, 'r1').setWrites({ state: 'paused', reason: 'another' }),
    ).rejects.toMatchObject({
      code: 'idempotency.key.reused',
    })
  })

  it('loses no turn where several throw it at once, or one dies at it', async () => {
    const world = await changeWorld()
    await Promise.all(Array.from({ length: 8 }, (_, place) => pause(world, `p${place}`)))
    expect((await world.records().writes()).history).toHaveLength(8)
  })

  it('says since when, by whom and why of one turn, the latest', async () => {
    const world = await changeWorld()
    await pause(world)
    world.clock.advance(HOUR_MS)
    await switchAs(world, 'p2', CY).setWrites({ state: 'paused', reason: 'disk full' })
    const thirteen = { since: '2026-11-15T13:00:00.000Z', by: { id: 'cy' }, reason: 'disk full' }
    expect(await world.records().writes()).toMatchObject({ state: 'paused', ...thirteen })
    const { value: plan } = await world.plans({ idempotencyKey: 'k' }).plan(toggle(true))
    expect(plan.writesPaused).toMatchObject(thirteen)
    await expect(world.changes({ idempotencyKey: 'w' }).request(toggle(true))).rejects.toThrow(
      'Writes to Genesys are paused since 2026-11-15T13:00:00.000Z by JWT subject cy: disk full; nothing was sent.',
    )
  })

  it('is not thrown to running by who had not seen the pause that came between', async () => {
    const world = await changeWorld()
    await pause(world)
    const late = whoIsOvertaken(world, () =>
      switchAs(world, 'p2', CY).setWrites({ state: 'paused', reason: 'disk full' }),
    )
    await expect(late.setWrites({ state: 'running' })).rejects.toMatchObject({
      status: 409,
      code: 'writes.paused',
      message:
        'Writes to Genesys are paused since 2026-11-15T12:00:00.000Z by JWT subject cy: disk full; that came while you were resuming them, so they were not resumed. Look at GET /v1/writes, and resume them again if that is still what you want',
    })
    expect(await world.records().writes()).toMatchObject({ state: 'paused', reason: 'disk full' })
    await resume(world)
    expect(await world.records().writes()).toMatchObject({ state: 'running' })
  })

  it.each([
    ['another resumes them', (world: ChangeWorld) => resume(world, 'r2'), 'running'],
    ['the tick tells of it', (world: ChangeWorld) => world.tick(), 'running'],
  ] as const)('is thrown to running while %s', async (_, meanwhile, state) => {
    const world = await changeWorld()
    await pause(world)
    await whoIsOvertaken(world, () => meanwhile(world)).setWrites({ state: 'running' })
    expect(await world.records().writes()).toMatchObject({ state })
  })

  it('is thrown to paused however often others come between', async () => {
    const world = await changeWorld()
    let turns = 0
    const brake = whoIsOvertaken(
      world,
      () => switchAs(world, `r${turns++}`).setWrites({ state: 'running' }),
      7,
    )
    await brake.setWrites({ state: 'paused', reason: 'disk full' })
    expect(await world.records().writes()).toMatchObject({ state: 'paused', reason: 'disk full' })
  })
})

describe('turns of the switch', () => {
  it('are told one by one and in order, however many come between two ticks', async () => {
    const world = await changeWorld()
    await pause(world)
    await resume(world)
    await switchAs(world, 'p2', CY).setWrites({ state: 'paused', reason: 'disk full' })
    await world.tick()
    await resume(world, 'r2')
    await world.tick()
    await world.tick()
    expect(
      world.told.map(({ detailType, detail }) => [detailType, detail['eventId'], detail['writes']]),
    ).toMatchObject([
      ['License Writes Paused', 'writes#1', { reason: 'Genesys is being moved' }],
      ['License Writes Resumed', 'writes#2', { state: 'running' }],
      ['License Writes Paused', 'writes#3', { by: { id: 'cy' }, reason: 'disk full' }],
      ['License Writes Resumed', 'writes#4', { state: 'running' }],
    ])
  })

  it('are told from the first that the bus did not take, ten at a tick', async () => {
    const world = await changeWorld()
    for (let turn = 1; turn <= 12; turn++) await (turn % 2 === 1 ? pause : resume)(world, `k${turn}`)
    const asked: unknown[][] = []
    const tickWith = (isTaken: (place: number) => boolean) => {
      const bus: EventBus = {
        async put(announcements) {
          asked.push(announcements.map(({ detail }) => detail['eventId']))
          return announcements.map((_, place) => isTaken(place))
        },
      }
      const bench = world.bench({ bus })
      return tick(bench, async () => bench)
    }
    const from = (first: number, last: number) =>
      Array.from({ length: last - first + 1 }, (_, place) => `writes#${first + place}`)
    await tickWith((place) => place !== 1)
    expect(world.left).toEqual(['writes the event bus refused the event of the stop switch undefined'])
    for (let ticks = 0; ticks < 3; ticks++) await tickWith(() => true)
    expect(asked).toEqual([from(1, 10), from(2, 11), from(12, 12)])
  })
})
