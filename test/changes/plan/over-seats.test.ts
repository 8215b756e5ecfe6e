/** The rule that asks for a second person where a license would be given beyond its seats, at every door. */
import { describe, expect, it } from 'vitest'
import { ChangeWriter } from '../../../lib/changes/change-writer.ts'
import { ScheduleMaker } from '../../../lib/changes/schedule-maker.ts'
import { fireSchedule } from '../../../lib/events/fire-schedule.ts'
import {
  assigning,
  assignment,
  giving,
  hasWallboard,
  lettersForTests,
  schedulerForTests,
  taking,
  userAt,
  WALLBOARD,
} from '../../support/changes/change-orders.ts'
import { ANA, allChanges, BO, type ChangeWorld, changeWorld } from '../../support/changes/change-world.ts'

const HOUR_MS = 3_600_000
const APPROVE = { actor: BO, operation: 'approveChange', idempotencyKey: 'b1' }

/** A world in which so many seats are free, and somebody has read who holds what. */
async function worldWith(free: number, approvals: object[] = [{ overSeats: true }]) {
  const licenses: Record<string, { seats: number }> = {}
  const world = await changeWorld({ approvals, policy: { licenses } })
  const held = Object.values(world.org.truth().users).filter((each) => each.includes(WALLBOARD)).length
  licenses[WALLBOARD] = { seats: held + free }
  await world.read()
  world.clock.advance(60_000)
  return world
}

const people = (world: ChangeWorld, ...indexes: number[]) => indexes.map((index) => userAt(world, index))

let keys = 0
const caller = (operation: string) => {
  keys += 1
  return { actor: ANA, operation, idempotencyKey: `${operation}-${keys}` }
}

const requested = async (world: ChangeWorld, batch: ReturnType<typeof giving>) =>
  (await world.changes(caller('request')).request(assigning(batch))).value

const planned = async (world: ChangeWorld, batch: ReturnType<typeof giving>) =>
  (await world.plans(caller('plan')).plan(assigning(batch))).value

const applied = async (world: ChangeWorld, { id, digest }: { id: string; digest: string }) =>
  (await world.changes(caller('apply')).apply(id, digest)).value

describe('an order within the seats', () => {
  it('goes ahead, up to the last of them', async () => {
    const world = await worldWith(2)
    expect(await requested(world, giving(people(world, 0, 1)))).toMatchObject({ state: 'APPLIED' })
  })

  it('takes none for who holds the license already, nor where somebody loses it in the same order', async () => {
    const world = await worldWith(0)
    expect(await requested(world, giving(people(world, 2)))).toMatchObject({ state: 'NOOP' })
    const swap = { assignments: [assignment(WALLBOARD, people(world, 0), people(world, 2))] }
    expect(await requested(world, swap)).toMatchObject({ state: 'APPLIED' })
  })

  it('may take and give other licenses, whoever has read what', async () => {
    const world = await changeWorld({
      approvals: [{ overSeats: true }],
      policy: { licenses: { [WALLBOARD]: { seats: 1 } } },
    })
    expect(await requested(world, taking(people(world, 2)))).toMatchObject({ state: 'APPLIED' })
    expect(await requested(world, giving(people(world, 2), 'communicate'))).toMatchObject({
      state: 'APPLIED',
    })
  })

  it('asks Genesys for nothing more, and the ledger for nothing where no rule is about its licenses', async () => {
    const world = await worldWith(9, [{ overSeats: true, licenses: ['cloudCX3'] }])
    const before = world.store.faults.calls.length
    await requested(world, giving(people(world, 0)))
    expect(world.store.faults.calls.slice(before).filter(({ action }) => action === 'Query')).toEqual([])
    expect(world.org.requests().filter(({ path }) => path === '/api/v2/license/users?pageSize=100')).toEqual(
      [],
    )
  })
})

describe('an order beyond the seats', () => {
  const BEYOND = /^A second person must approve giving wallboardUser beyond its \d+ seats: \d+ would be taken/

  it('waits for a second person, who may let it pass: it is no limit', async () => {
    const world = await worldWith(1)
    const change = await requested(world, giving(people(world, 0, 1)))
    expect(change).toMatchObject({
      state: 'AWAITING_APPROVAL',
      approval: { because: [expect.stringMatching(BEYOND)] },
      findings: { seats: [{ licenseId: WALLBOARD, isOver: true, asOf: '2026-11-15T12:00:00.000Z' }] },
    })
    expect(change.approval?.because[0]).toMatch(/, as of 2026-11-15 12:00 UTC$/)
    expect(world.posts()).toBe(0)
    const { value } = await world.changes(APPROVE).approve(change.id, change.digest)
    expect([value.state, hasWallboard(world, userAt(world, 1))]).toEqual(['APPLIED', true])
  })

  it('counts what a planned revert will give back, and says so in the plan', async () => {
    const world = await worldWith(0)
    const [holder, other] = people(world, 2, 0)
    if (!holder || !other) throw new Error('two people')
    const lent = { ...assigning(taking([holder])), revertAfter: 'PT1H' }
    expect((await world.changes(caller('request')).request(lent)).value.state).toBe('APPLIED')
    const plan = await planned(world, giving([other]))
    const seats = world.bench().policy.licenses?.[WALLBOARD]?.seats
    expect(plan).toMatchObject({
      state: 'AWAITING_APPROVAL',
      approval: { because: [expect.stringContaining('(1 by changes that are open)')] },
      findings: { seats: [{ taken: Number(seats) - 1, after: seats, open: 1, isOver: true }] },
    })
    // Whom the revert gives it to anyway takes no other seat.
    expect(await requested(world, giving([holder]))).toMatchObject({ state: 'APPLIED' })
  })

  it('by Genesys’s own operation is answered that it needs approval', async () => {
    const world = await worldWith(0)
    await expect(world.changes(caller('assign')).assign(giving(people(world, 0)))).rejects.toMatchObject({
      code: 'change.approval.required',
      status: 409,
    })
  })

  it('is found when it is planned, and again when a plan is applied that found seats free', async () => {
    const world = await worldWith(2)
    expect(await planned(world, giving(people(world, 0, 1, 3)))).toMatchObject({ state: 'AWAITING_APPROVAL' })
    const plans = []
    for (const index of [0, 1, 3]) plans.push(await planned(world, giving(people(world, index))))
    expect(plans.map(({ state }) => state)).toEqual(['PLANNED', 'PLANNED', 'PLANNED'])
    const states = []
    for (const plan of plans) states.push((await applied(world, plan)).state)
    expect(states).toEqual(['APPLIED', 'APPLIED', 'AWAITING_APPROVAL'])
  })

  it('counts what is planned for later, and no more once that is called off', async () => {
    const world = await worldWith(1)
    const later = { ...assigning(giving(people(world, 0))), notBefore: '2026-11-17T09:00:00Z' }
    const { value } = await world.changes(caller('request')).request(later)
    expect(value.state).toBe('PLANNED')
    world.clock.advance(60_000)
    const change = await requested(world, giving(people(world, 1)))
    expect(change.approval?.because).toEqual([expect.stringContaining('(1 by changes that are open)')])
    await world.records(caller('cancel')).cancel(value.id)
    expect(await requested(world, giving(people(world, 1)))).toMatchObject({ state: 'APPLIED' })
  })

  it('does not count plans that nobody has applied, nor requests that nobody has approved', async () => {
    const world = await worldWith(1)
    await planned(world, giving(people(world, 0)))
    expect(await requested(world, giving(people(world, 1, 3)))).toMatchObject({ state: 'AWAITING_APPROVAL' })
    expect(await requested(world, giving(people(world, 4)))).toMatchObject({ state: 'APPLIED' })
  })

  it('counts who may hold the license as holding it', async () => {
    const world = await worldWith(1)
    world.org.addFaults([
      { match: { method: 'POST', path: '/api/v2/license/organization' }, do: { reset: true } },
    ])
    expect(await requested(world, giving(people(world, 0)))).toMatchObject({ state: 'UNKNOWN' })
    const { approval } = await requested(world, giving(people(world, 1)))
    expect(approval?.because).toEqual([expect.stringContaining('1 not known)')])
  })

  it('may be an undo', async () => {
    const world = await worldWith(0)
    const { id } = await requested(world, taking(people(world, 2)))
    expect(await requested(world, giving(people(world, 0)))).toMatchObject({ state: 'APPLIED' })
    const { value } = await world.changes(caller('undo')).undo(id)
    expect(value).toMatchObject({ state: 'AWAITING_APPROVAL', undoes: id })
  })
})

describe('without a reading of the last day', () => {
  it('a second person is asked', async () => {
    const world = await changeWorld({
      approvals: [{ overSeats: true }],
      policy: { licenses: { [WALLBOARD]: { seats: 999 } } },
      org: { tokenSeconds: 2 * 86_400 },
    })
    const because = async () => (await requested(world, giving(people(world, 0)))).approval?.because
    expect(await because()).toEqual([
      'A second person must approve giving wallboardUser, since its free seats are not known: nobody has read yet who holds it',
    ])
    await world.read()
    world.clock.advance(26 * HOUR_MS)
    expect(await requested(world, giving(people(world, 1)))).toMatchObject({ state: 'APPLIED' })
    world.clock.advance(1)
    expect(await because()).toEqual([
      'A second person must approve giving wallboardUser, since its free seats are not known: it was last read 2026-11-15 12:00 UTC',
    ])
  })
})

describe('the rule', () => {
  it('may be of some licenses alone, in any case, and for many people alone', async () => {
    const world = await worldWith(0, [
      { overSeats: true, licenses: ['CLOUDCX3'] },
      { overSeats: true, licenses: ['WALLBOARDUSER'], peopleOver: 1 },
    ])
    expect(await requested(world, giving(people(world, 0)))).toMatchObject({ state: 'APPLIED' })
    const { approval } = await requested(world, giving(people(world, 1, 3)))
    expect(approval?.because).toEqual([expect.stringMatching(/seats: .* and changes of more than 1 people$/)])
  })

  it('is asked of plans that were made before the org file had it', async () => {
    const approvals: object[] = []
    const world = await worldWith(0, approvals)
    const plan = await planned(world, giving(people(world, 0)))
    approvals.push({ licenses: ['*'] })
    expect(await applied(world, plan)).toMatchObject({ state: 'AWAITING_APPROVAL' })
  })
})

describe('a schedule', () => {
  async function scheduled(world: ChangeWorld, index: number) {
    const { scheduler } = schedulerForTests()
    const { deadLetters } = lettersForTests()
    const schedules = new ScheduleMaker(world.bench(), scheduler, caller('schedule'))
    const { value } = await schedules.create({
      rate: '1 hour',
      change: assigning(giving(people(world, index))),
    })
    const fire = () => {
      const scheduledTime = new Date(world.clock.nowMs()).toISOString()
      return fireSchedule({ bench: world.bench(), deadLetters }, { scheduleId: value.id, scheduledTime })
    }
    return { schedule: value, fire }
  }

  it('is judged when it is made', async () => {
    const world = await worldWith(0)
    const { schedule } = await scheduled(world, 0)
    expect(schedule).toMatchObject({
      state: 'AWAITING_APPROVAL',
      approval: { because: [expect.stringMatching(/beyond its \d+ seats/)] },
    })
  })

  it('tells whoever is to approve it what it would do to the seats now, and nobody once it is decided', async () => {
    const world = await worldWith(1)
    const [holder, one, other] = people(world, 2, 0, 1)
    await requested(world, giving([one ?? '']))
    const { schedule } = await scheduled(world, 1)
    const seats = world.bench().policy.licenses?.[WALLBOARD]?.seats ?? 0
    const told = async () => {
      const alone = (await world.records().schedule(schedule.id)).seats
      expect((await world.records().schedules({ limit: 10 })).entities.map((each) => each.seats)).toEqual([
        alone,
      ])
      return alone
    }
    expect(await told()).toEqual([
      {
        licenseId: WALLBOARD,
        seats,
        taken: seats,
        after: seats + 1,
        unknown: 0,
        open: 0,
        isOver: true,
        asOf: '2026-11-15T12:00:00.000Z',
      },
    ])
    await requested(world, taking([holder ?? '']))
    expect(await told()).toMatchObject([{ taken: seats - 1, after: seats, isOver: false }])
    expect(hasWallboard(world, other ?? '')).toBe(false)
    await world.records(APPROVE).approveSchedule(schedule.id, schedule.digest)
    expect(await told()).toBeUndefined()
  })

  it('tells no number of what nobody has read', async () => {
    const world = await changeWorld({
      approvals: [{ licenses: ['*'] }],
      policy: { licenses: { [WALLBOARD]: { seats: 5 } } },
    })
    const { schedule } = await scheduled(world, 0)
    expect((await world.records().schedule(schedule.id)).seats).toEqual([{ licenseId: WALLBOARD, seats: 5 }])
  })

  it('and when it fires: what it then makes waits, where nobody has approved it', async () => {
    const world = await worldWith(1)
    const { schedule, fire } = await scheduled(world, 0)
    expect(schedule.state).toBe('ACTIVE')
    await requested(world, giving(people(world, 1)))
    world.clock.advance(HOUR_MS)
    await fire()
    const [made] = (await allChanges(world)).filter(({ actor }) => actor.kind === 'schedule')
    expect([made?.state, hasWallboard(world, userAt(world, 0))]).toEqual(['AWAITING_APPROVAL', false])
  })

  it('and is not asked again of one that somebody has approved', async () => {
    const world = await worldWith(0)
    const { schedule, fire } = await scheduled(world, 0)
    await world.records(APPROVE).approveSchedule(schedule.id, schedule.digest)
    world.clock.advance(HOUR_MS)
    await fire()
    expect(hasWallboard(world, userAt(world, 0))).toBe(true)
  })
})

it('two orders for the last seat at the same moment do not both pass unasked', async () => {
  const world = await worldWith(1)
  const both = await Promise.all(
    [0, 1].map((index) =>
      new ChangeWriter(world.bench(), caller('race')).request(assigning(giving(people(world, index)))),
    ),
  )
  const states = both.map(({ value }) => value.state)
  expect(states.filter((state) => state === 'APPLIED').length).toBeLessThan(2)
})

describe('a license whose seats the contract tells and the org file does not', () => {
  /** @param told what billing has said; undefined where it has said nothing. */
  async function contractWorld(told: (held: number) => number | undefined) {
    const licenses = { [WALLBOARD]: { charges: ['Genesys Cloud Wallboard User Named'] } }
    const world = await changeWorld({ approvals: [{ overSeats: true }], policy: { licenses } })
    const held = Object.values(world.org.truth().users).filter((each) => each.includes(WALLBOARD)).length
    await world.read()
    world.clock.advance(60_000)
    const { seats } = world.bench()
    const bench = () => world.bench({ seats: { ...seats, contractSeats: async () => told(held) } })
    const request = async (...indexes: number[]) => {
      const order = assigning(giving(people(world, ...indexes)))
      return (await world.changes(caller('request'), bench()).request(order)).value
    }
    return { held, request }
  }

  it('is judged by the contract, up to the last seat', async () => {
    const { request, held } = await contractWorld((taken) => taken + 1)
    expect(await request(0)).toMatchObject({ state: 'APPLIED' })
    const over = await request(1)
    expect(over).toMatchObject({
      state: 'AWAITING_APPROVAL',
      findings: { seats: [{ licenseId: WALLBOARD, seats: held + 1, isOver: true }] },
    })
  })

  it('is asked for while billing has told nothing: what is not known is no free seat', async () => {
    const { request } = await contractWorld(() => undefined)
    const asked = await request(0)
    expect(asked).toMatchObject({
      state: 'AWAITING_APPROVAL',
      approval: {
        because: [
          "A second person must approve giving wallboardUser, since its seats are not known: the org file says none and Genesys's billing has told none",
        ],
      },
    })
  })
})
