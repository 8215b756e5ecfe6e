/** The org file's limits: what no change does, at every door, whoever asks and whoever approves. */
import { describe, expect, it } from 'vitest'
import { ChangeWriter } from '../../../../lib/changes/change-writer.ts'
import { ScheduleMaker } from '../../../../lib/changes/schedule-maker.ts'
import { fireSchedule } from '../../../../lib/events/fire-schedule.ts'
import {
  assigning,
  giving,
  hasWallboard,
  lettersForTests,
  schedulerForTests,
  taking,
  userAt,
  WALLBOARD,
} from '../../../support/changes/change-orders.ts'
import { ANA, allChanges, BO, type ChangeWorld, changeWorld } from '../../../support/changes/change-world.ts'

type Limits = NonNullable<ReturnType<ChangeWorld['bench']>['policy']['limits']>

/** A world whose limits the test sets, also later: they are read with every invocation. */
async function limitedWorld(users = 40) {
  const limits: { -readonly [Member in keyof Limits]: Limits[Member] } = {}
  const world = await changeWorld({ org: { users }, policy: { limits } })
  return { world, limits }
}

let keys = 0
const keyed = (operation: string) => {
  keys += 1
  return { actor: ANA, operation, idempotencyKey: `${operation}-${keys}` }
}

const refused = (message: RegExp, ...entityIds: string[]) =>
  expect.objectContaining({
    code: 'change.limit.refused',
    status: 403,
    message: expect.stringMatching(message),
    faults: entityIds.map((entityId) => expect.objectContaining({ entityId })),
  })

const people = (world: ChangeWorld, ...indexes: number[]) => indexes.map((index) => userAt(world, index))

/** Every door by which an order comes in. */
const doors: Readonly<
  Record<string, (world: ChangeWorld, batch: ReturnType<typeof giving>) => Promise<unknown>>
> = {
  'as Genesys has it': (world, batch) => world.changes(keyed('assign')).assign(batch),
  'as a plan': (world, batch) => world.plans(keyed('plan')).plan(assigning(batch)),
  'as a plan in chat': (world, batch) =>
    world.plans(keyed('plan')).plan(assigning(batch), {
      platform: 'slack',
      teamId: 'T1',
      channelId: 'C1',
      userId: 'U1',
    }),
  'as an event': (world, batch) =>
    new ChangeWriter(world.bench(), { ...keyed('event'), actor: { kind: 'event', id: 'test' } }).deliver(
      assigning(batch),
      { latestMs: world.clock.nowMs() + 1_000, askedAtMs: world.clock.nowMs() },
    ),
  'as a schedule': (world, batch) =>
    new ScheduleMaker(world.bench(), schedulerForTests().scheduler, keyed('schedule')).create({
      at: '2126-12-01T09:00',
      change: assigning(batch),
    }),
}

describe.each(Object.entries(doors))('what is asked for %s', (_, ask) => {
  it('is refused where the org file protects one of its people, however the id is written there', async () => {
    const { world, limits } = await limitedWorld()
    const [one = '', other = ''] = people(world, 0, 1)
    limits.protectedPeople = [one.toUpperCase()]
    await expect(ask(world, giving([one, other]))).rejects.toEqual(refused(/protects the user/, one))
    expect(world.posts()).toBe(0)
    expect(await allChanges(world)).toEqual([])
    await ask(world, giving([other]))
  })

  it('is refused where it protects the license, given or taken, and where the people are too many', async () => {
    const { world, limits } = await limitedWorld()
    const some = people(world, 0, 1, 2)
    limits.protectedLicenses = ['WALLBOARDuser']
    await expect(ask(world, giving(some))).rejects.toEqual(refused(/protects the license/, WALLBOARD))
    await expect(ask(world, taking(some))).rejects.toEqual(refused(/protects the license/, WALLBOARD))
    limits.protectedLicenses = undefined
    limits.mostPeople = 2
    await expect(ask(world, giving(some))).rejects.toMatchObject({
      code: 'change.limit.refused',
      message: expect.stringMatching(/about 2 people at most, and this is about 3/),
    })
    expect(world.posts()).toBe(0)
    await ask(world, giving(some.slice(0, 2)))
  })
})

describe('limits that came after the plan', () => {
  it('rule out that it is applied or approved', async () => {
    const { world, limits } = await limitedWorld()
    const some = people(world, 0, 1)
    const { value: plan } = await world.plans(keyed('plan')).plan(assigning(giving(some)))
    limits.protectedPeople = some.slice(1)
    await expect(world.changes(keyed('apply')).apply(plan.id, plan.digest)).rejects.toEqual(
      refused(/protects the user/, ...some.slice(1)),
    )
    limits.protectedPeople = undefined
    expect((await world.changes(keyed('apply')).apply(plan.id, plan.digest)).value.state).toBe('APPLIED')
  })

  it('rule out that it is approved', async () => {
    const limits: { protectedPeople?: string[] } = {}
    const world = await changeWorld({ approvals: [{ licenses: ['*'] }], policy: { limits } })
    const some = people(world, 0, 1).sort()
    const { value: plan } = await world.plans(keyed('plan')).plan(assigning(giving(some)))
    limits.protectedPeople = some
    const approve = world.changes({ ...keyed('approve'), actor: BO }).approve(plan.id, plan.digest)
    await expect(approve).rejects.toEqual(refused(/protects the users/, ...some))
    expect(world.posts()).toBe(0)
  })

  it('rule out an undo, and a planned revert leaves alone what is protected and takes back the rest', async () => {
    const { world, limits } = await limitedWorld()
    const [one = '', other = ''] = people(world, 0, 1)
    const order = { ...assigning(giving([one, other])), revertAfter: 'PT1H' }
    const { value: plan } = await world.plans(keyed('plan')).plan(order)
    await world.changes(keyed('apply')).apply(plan.id, plan.digest)
    limits.protectedPeople = [one]
    limits.mostPeople = 1
    await expect(world.changes(keyed('undo')).undo(plan.id)).rejects.toMatchObject({
      code: 'change.limit.refused',
    })
    world.clock.advance(3_600_000)
    await world.rest()
    expect([one, other].map((id) => hasWallboard(world, id))).toEqual([true, false])
  })
})

it('a list is judged as a whole', async () => {
  const { world, limits } = await limitedWorld(600)
  const ids = world.org.people(600).map(({ id }) => id)
  const last = ids.at(-1) ?? ''
  limits.protectedPeople = [last]
  const plan = (of: string[]) => world.plans(keyed('plan')).plan(assigning(giving(of)))
  await expect(plan(ids)).rejects.toEqual(refused(/protects the user/, last))
  limits.mostPeople = 599
  await expect(plan(ids)).rejects.toMatchObject({ faults: [{}, { errorCode: 'TOO_MANY_PEOPLE' }] })
  expect((await plan(ids.slice(0, -1))).value).toMatchObject({ state: 'PLANNED', list: {} })
})

it('a schedule that fires into a limit set since goes to the dead letters, and nothing is on record', async () => {
  const { world, limits } = await limitedWorld()
  const some = people(world, 0)
  const schedules = new ScheduleMaker(world.bench(), schedulerForTests().scheduler, keyed('schedule'))
  const { value } = await schedules.create({ rate: '1 hour', change: assigning(giving(some)) })
  limits.protectedPeople = some
  const { letters, deadLetters } = lettersForTests()
  const scheduledTime = new Date(world.clock.nowMs()).toISOString()
  await fireSchedule({ bench: world.bench(), deadLetters }, { scheduleId: value.id, scheduledTime })
  expect(letters).toMatchObject([{ why: expect.stringMatching(/The org file protects the user/) }])
  expect(await allChanges(world)).toEqual([])
})
