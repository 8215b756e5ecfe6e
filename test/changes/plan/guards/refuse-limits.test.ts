/** The org file's limits, and what it wants a reason for: at every door, whoever asks and whoever approves. */
import { describe, expect, it } from 'vitest'
import { ChangeWriter } from '../../../../lib/changes/change-writer.ts'
import type { Policy } from '../../../../lib/changes/model/policy.ts'
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

type Door = (world: ChangeWorld, batch: ReturnType<typeof giving>, reason?: string) => Promise<unknown>

/** Every door by which an order comes in. */
const doors: Readonly<Record<string, Door>> = {
  'as Genesys has it': (world, batch) => world.changes(keyed('assign')).assign(batch),
  'as a plan': (world, batch, reason) => world.plans(keyed('plan')).plan({ ...assigning(batch), reason }),
  'as a plan in chat': (world, batch, reason) =>
    world.plans(keyed('plan')).plan(
      { ...assigning(batch), reason },
      {
        platform: 'slack',
        teamId: 'T1',
        channelId: 'C1',
        userId: 'U1',
      },
    ),
  'as an event': (world, batch, reason) =>
    new ChangeWriter(world.bench(), { ...keyed('event'), actor: { kind: 'event', id: 'test' } }).deliver(
      { ...assigning(batch), reason },
      { latestMs: world.clock.nowMs() + 1_000, askedAtMs: world.clock.nowMs() },
    ),
  'as a schedule': (world, batch, reason) =>
    new ScheduleMaker(world.bench(), schedulerForTests().scheduler, keyed('schedule')).create({
      at: '2126-12-01T09:00',
      change: { ...assigning(batch), reason },
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

/** A world in which changes of more than one person must come with a reason, from when the test says so. */
async function reasonWorld(users = 40) {
  const reasons: NonNullable<Policy['reasons']> = []
  const world = await changeWorld({ org: { users }, policy: { reasons } })
  return { world, ask: () => reasons.push({ licenses: ['*'], peopleOver: 1 }) }
}

const wantsReason = expect.objectContaining({
  code: 'bad.request',
  status: 400,
  message: expect.stringMatching(/^A reason must be given for changes of .*more than 1 people/),
  faults: [expect.objectContaining({ fieldName: expect.stringMatching(/^(change[.])?reason$/) })],
})

describe('a change that the org file wants a reason for', () => {
  it.each(Object.entries(doors))('is refused without one, asked for %s', async (name, ask) => {
    const { world, ask: begin } = await reasonWorld()
    begin()
    const two = giving(people(world, 0, 1))
    await expect(ask(world, two)).rejects.toEqual(wantsReason)
    expect([world.posts(), await allChanges(world)]).toEqual([0, []])
    await ask(world, giving(people(world, 0)))
    // Genesys's own body has no place for it.
    if (name !== 'as Genesys has it') await ask(world, two, 'a trial')
  })

  it('has one of its own where it undoes another, also as a draft and in chat, and a planned revert needs none', async () => {
    const { world, ask } = await reasonWorld()
    const two = people(world, 0, 1)
    const give = async (revertAfter?: string) =>
      (await world.changes(keyed('give')).request({ ...assigning(giving(two)), revertAfter })).value.id
    const undone = await give()
    ask()
    const inChat = { platform: 'slack', teamId: 'T1', channelId: 'C1', userId: 'U1' } as const
    for (const how of [{}, { isDraft: true }]) {
      await expect(world.changes(keyed('undo')).undo(undone, how)).rejects.toEqual(wantsReason)
    }
    await expect(world.plans(keyed('undo')).undo(undone, inChat)).rejects.toEqual(wantsReason)
    const { value } = await world.changes(keyed('undo')).undo(undone, { reason: 'given by mistake' })
    expect(value).toMatchObject({ state: 'APPLIED', reason: 'given by mistake', undoes: undone })
    await world.changes(keyed('give')).request({
      ...{ ...assigning(giving(two)), revertAfter: 'PT1H', reason: 'a trial' },
    })
    world.clock.advance(3_600_000)
    await world.rest()
    expect(two.map((id) => hasWallboard(world, id))).toEqual([false, false])
  })

  it('is asked for it once: a schedule that was made before the rule fires, and what failed is tried again', async () => {
    const { world, ask } = await reasonWorld()
    const schedules = new ScheduleMaker(world.bench(), schedulerForTests().scheduler, keyed('schedule'))
    const change = assigning(giving(people(world, 0, 1)))
    const { value } = await schedules.create({ rate: '1 hour', change })
    ask()
    const { letters, deadLetters } = lettersForTests()
    const scheduledTime = new Date(world.clock.nowMs()).toISOString()
    await fireSchedule({ bench: world.bench(), deadLetters }, { scheduleId: value.id, scheduledTime })
    expect(letters).toEqual([])
    expect(await allChanges(world)).toMatchObject([{ state: 'APPLIED' }])
  })

  it('is refused as it is handed in where it is a list that a turn would plan, and ends at the turn where only that can tell', async () => {
    const { world, ask } = await reasonWorld(60)
    ask()
    const ids = world.org.people(60).map(({ id }) => id)
    const desired = (licenses: Record<string, string[]>) =>
      world.plans(keyed('desired')).plan({ kind: 'desired', mode: 'exact', licenses })
    await expect(desired({ [WALLBOARD]: ids.slice(0, 2) })).rejects.toEqual(wantsReason)
    const { value } = await desired({ [WALLBOARD]: [] })
    expect(value.state).toBe('PLANNING')
    world.clock.advance(60_000)
    await world.tick()
    await world.read()
    world.clock.advance(300_000)
    await world.tick()
    await world.takeTurns()
    const { state, failure } = await world.records().change(value.id)
    expect([state, failure?.message]).toEqual(['FAILED', expect.stringMatching(/^A reason must be given/)])
  })
})
