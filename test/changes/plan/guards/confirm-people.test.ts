/** The count typed back: a plan that takes a license from many goes ahead for whoever says how many people it changes. */
import { describe, expect, it } from 'vitest'
import { amendHeader, storeHeader } from '../../../../lib/changes/record/write-header.ts'
import { operations } from '../../../../lib/operations/index.ts'
import { assigning, assignment, giving, OFF, taking, toggle } from '../../../support/changes/change-orders.ts'
import {
  allChanges,
  BO,
  type ChangeWorld,
  changeWorld,
  headerOf,
} from '../../../support/changes/change-world.ts'

const LICENSE = 'cloudCX1'
const HOUR_MS = 3_600_000

let keys = 0
const keyed = (operation: string) => {
  keys += 1
  return { operation, idempotencyKey: `${operation}-${keys}` }
}

/** People by whether they hold the license to begin with. */
function peopleOf(world: ChangeWorld, isHolding: boolean): string[] {
  const { users } = world.org.truth()
  return Object.keys(users).filter((id) => users[id]?.includes(LICENSE) === isHolding)
}

const holders = (world: ChangeWorld) => peopleOf(world, true)

async function planned(world: ChangeWorld, order: Parameters<ReturnType<ChangeWorld['plans']>['plan']>[0]) {
  return (await world.plans(keyed('plan')).plan(order)).value
}

const taken = (world: ChangeWorld, userIds: string[]) => planned(world, assigning(taking(userIds, LICENSE)))

const unconfirmed = (message: RegExp) =>
  expect.objectContaining({
    code: 'change.people.unconfirmed',
    status: 409,
    message: expect.stringMatching(message),
    faults: expect.arrayContaining([expect.objectContaining({ fieldName: 'confirmPeople' })]),
  })

describe('a plan that takes a license from many', () => {
  it('is applied by whoever types back how many people it changes, and by nobody else', async () => {
    const world = await changeWorld({ org: { users: 120 } })
    await world.read()
    const all = holders(world)
    const some = all.slice(0, 24)
    const plan = await taken(world, some)
    expect(plan.impact).toEqual({
      people: 24,
      massRemovals: [{ licenseId: LICENSE, people: 24, holders: all.length }],
    })
    const apply = (count?: number, key = keyed('apply')) =>
      world.changes(key).apply(plan.id, plan.digest, count)
    const key = keyed('apply')
    const says = new RegExp(
      `takes ${LICENSE} from 24 of the ${all.length} people who hold it and changes 24 people`,
    )
    await expect(apply(undefined, key)).rejects.toEqual(unconfirmed(says))
    await expect(apply(23)).rejects.toEqual(unconfirmed(/changes 24 people and not 23/))
    expect(world.posts()).toBe(0)
    expect((await world.records().change(plan.id)).state).toBe('PLANNED')

    expect((await apply(24, key)).value.state).toBe('APPLIED')
    expect(holders(world)).toEqual(all.slice(24))
    expect(await apply(24, key)).toMatchObject({ isReplay: true })
    await expect(apply(25)).rejects.toEqual(unconfirmed(/not 25/))
  })

  it('counts whom it changes: who has lost it already is none of them, who gains something is', async () => {
    const world = await changeWorld({ org: { users: 120 } })
    const some = holders(world).slice(0, 21)
    const others = peopleOf(world, false).slice(0, 5)
    const [one = ''] = others
    const plan = await planned(
      world,
      assigning({
        assignments: [assignment(LICENSE, [], [...some, ...others]), assignment('collaborate', [one])],
      }),
    )
    expect(plan.impact).toMatchObject({ people: 22, massRemovals: [{ people: 21 }] })
    const { value } = await world.changes(keyed('apply')).apply(plan.id, plan.digest, 22)
    expect(value.state).toBe('APPLIED')
  })

  it('asks as well where nobody has read lately who holds it', async () => {
    const world = await changeWorld({ org: { users: 500, tokenSeconds: 2 * 86_400 } })
    const some = holders(world).slice(0, 21)
    expect((await taken(world, some)).impact).toEqual({
      people: 21,
      massRemovals: [{ licenseId: LICENSE, people: 21 }],
    })
    await world.read()
    expect((await taken(world, some)).impact).toEqual({ people: 21 })
    world.clock.advance(27 * HOUR_MS)
    const stale = await taken(world, some)
    expect(stale.impact?.massRemovals).toEqual([{ licenseId: LICENSE, people: 21 }])
    await expect(world.changes(keyed('apply')).apply(stale.id, stale.digest)).rejects.toEqual(
      unconfirmed(/nobody has read lately/),
    )
  })

  it('asks from more than a fifth of its holders on, counting what the gateway has done since they were read', async () => {
    const world = await changeWorld({ org: { users: 500 } })
    await world.read()
    const all = holders(world)
    const fifth = Math.floor(all.length / 5)
    expect((await taken(world, all.slice(0, fifth))).impact?.massRemovals).toBeUndefined()
    expect((await taken(world, all.slice(0, fifth + 1))).impact?.massRemovals).toHaveLength(1)
    world.clock.advance(60_000)
    await world.changes(keyed('assign')).assign(taking(all.slice(-10), LICENSE))
    expect((await taken(world, all.slice(0, fifth))).impact?.massRemovals).toEqual([
      { licenseId: LICENSE, people: fifth, holders: all.length - 10 },
    ])
  })

  it('is approved by an approver who types it back too, and waits for one with it', async () => {
    const world = await changeWorld({ org: { users: 120 }, approvals: [{ licenses: [LICENSE] }] })
    const plan = await taken(world, holders(world).slice(0, 21))
    expect(plan).toMatchObject({ state: 'AWAITING_APPROVAL', impact: { people: 21 } })
    const approve = (count?: number) =>
      world.changes({ actor: BO, ...keyed('approve') }).approve(plan.id, plan.digest, count)
    await expect(approve()).rejects.toEqual(unconfirmed(/changes 21 people/))
    await expect(approve(20)).rejects.toEqual(unconfirmed(/not 20/))
    expect((await world.records().change(plan.id)).state).toBe('AWAITING_APPROVAL')
    expect((await approve(21)).value.state).toBe('APPLIED')
  })

  it('is one where an undo takes back what was given to many, and nothing is on record before the count', async () => {
    const world = await changeWorld({ org: { users: 120 } })
    const some = peopleOf(world, false).slice(0, 25)
    const before = holders(world)
    const given = await world.changes(keyed('assign')).assign(giving(some, LICENSE))
    const changeId = given.changeId ?? ''
    const key = keyed('undo')
    const undo = (count?: number) => world.changes(key).undo(changeId, { confirmPeople: count })
    await expect(undo()).rejects.toEqual(
      unconfirmed(new RegExp(`Undoing ${changeId} takes ${LICENSE} from 25`)),
    )
    await expect(undo(24)).rejects.toEqual(unconfirmed(/changes 25 people and not 24/))
    expect(await allChanges(world)).toHaveLength(1)
    await expect(
      world.changes(keyed('draft')).undo(changeId, { confirmPeople: 24, isDraft: true }),
    ).rejects.toEqual(unconfirmed(/not 24/))
    const { value: draft } = await world.changes(keyed('draft')).undo(changeId, { isDraft: true })
    expect(draft).toMatchObject({ state: 'PLANNED', impact: { people: 25 } })
    const apply = world.changes(keyed('apply')).apply(draft.id, draft.digest)
    await expect(apply).rejects.toEqual(unconfirmed(/changes 25 people/))
    expect((await undo(25)).value).toMatchObject({ state: 'APPLIED', undoes: changeId })
    expect(holders(world)).toEqual(before)
  })

  it('is judged as a whole where it is a list, and its parts ask nobody', async () => {
    const world = await changeWorld({ org: { users: 2_400 } })
    await world.read()
    const all = holders(world)
    const some = all.slice(0, 510)
    const plan = await taken(world, some)
    expect(plan).toMatchObject({
      list: { begun: 0 },
      impact: { people: 510, massRemovals: [{ people: 510, holders: all.length }] },
    })
    const apply = (count?: number) => world.changes(keyed('apply')).apply(plan.id, plan.digest, count)
    await expect(apply()).rejects.toEqual(unconfirmed(/changes 510 people/))
    await apply(510)
    await world.takeTurns()
    expect(await world.records().change(plan.id)).toMatchObject({ state: 'APPLIED' })
    expect(holders(world)).toEqual(all.slice(510))
  })
})

describe('no door forgets it', () => {
  it('where a turn plans the list, from a reading', async () => {
    const world = await changeWorld({ org: { users: 2_100 } })
    const all = holders(world)
    const ids = Object.keys(world.org.truth().users)
    const { id } = await taken(world, ids)
    expect((await world.records().change(id)).state).toBe('PLANNING')
    world.clock.advance(60_000)
    await world.tick()
    await world.read()
    world.clock.advance(5 * 60_000)
    await world.tick()
    await world.takeTurns()
    const plan = await world.records().change(id)
    expect(plan).toMatchObject({
      state: 'PLANNED',
      impact: { people: all.length, massRemovals: [{ people: all.length, holders: all.length }] },
    })
    await expect(world.changes(keyed('apply')).apply(id, plan.digest)).rejects.toEqual(
      unconfirmed(/type that number back/),
    )
  })

  it.each([24, 510])(
    'where what is on record of %i people does not say what it does to them',
    async (count) => {
      const world = await changeWorld({ org: { users: 2_100 } })
      const some = holders(world).slice(0, count)
      const plan = await taken(world, some)
      const header = await headerOf(world, plan.id)
      const older = amendHeader(header, { impact: undefined }, world.clock.nowMs())
      await storeHeader(world.bench(), older, header)
      const apply = (typed?: number) => world.changes(keyed('apply')).apply(plan.id, plan.digest, typed)
      await expect(apply()).rejects.toEqual(unconfirmed(new RegExp(`changes ${count} people`)))
      await expect(apply(count + 1)).rejects.toEqual(unconfirmed(/and not/))
      await apply(count)
      await world.takeTurns()
      expect((await world.records().change(plan.id)).state).toBe('APPLIED')
    },
  )
})

describe('what asks for no count', () => {
  it('is a plan that takes from twenty, whoever holds it', async () => {
    const world = await changeWorld({ org: { users: 120 } })
    const plan = await taken(world, holders(world).slice(0, 20))
    expect(plan.impact).toEqual({ people: 20 })
    expect((await world.changes(keyed('apply')).apply(plan.id, plan.digest)).value.state).toBe('APPLIED')
  })

  it('may be given one all the same, which must be right, of a toggle too', async () => {
    const world = await changeWorld()
    const some = holders(world).slice(0, 3)
    const plan = await taken(world, some)
    const switched = await planned(world, toggle(true, OFF))
    for (const [each, right] of [
      [plan, 3],
      [switched, 0],
    ] as const) {
      const apply = (count: number) => world.changes(keyed('apply')).apply(each.id, each.digest, count)
      await expect(apply(right + 1)).rejects.toEqual(unconfirmed(new RegExp(`not ${right + 1}`)))
      expect((await apply(right)).value.state).toBe('APPLIED')
    }
    const undo = (count: number) => world.changes(keyed('undo')).undo(plan.id, { confirmPeople: count })
    await expect(undo(4)).rejects.toEqual(unconfirmed(/changes 3 people and not 4/))
    expect((await undo(3)).value.state).toBe('APPLIED')
  })

  it('is a write as Genesys has it, which the rules of approval guard', async () => {
    const world = await changeWorld({ org: { users: 120 } })
    const some = holders(world).slice(0, 25)
    const { changeId } = await world.changes(keyed('assign')).assign(taking(some, LICENSE))
    expect(await world.records().change(changeId ?? '')).toMatchObject({ state: 'APPLIED' })
  })

  it('is a planned revert, since nobody is there to type it', async () => {
    const world = await changeWorld({ org: { users: 120 } })
    const before = holders(world)
    const some = peopleOf(world, false).slice(0, 25)
    const plan = await planned(world, { ...assigning(giving(some, LICENSE)), revertAfter: 'PT1H' })
    await world.changes(keyed('apply')).apply(plan.id, plan.digest)
    world.clock.advance(HOUR_MS)
    await world.rest()
    expect(holders(world)).toEqual(before)
  })
})

it('every operation that lets a plan go ahead takes the count', () => {
  const deciding = operations.filter(
    ({ path, effect }) => path.startsWith('/v1/changes/{changeId}/') && effect === 'write',
  )
  const taking = deciding.filter(
    ({ body }) => body?.schema && 'shape' in body.schema && 'confirmPeople' in Object(body.schema.shape),
  )
  const others = deciding.filter((each) => !taking.includes(each)).map(({ id }) => id)
  // What was let go ahead already: its end was agreed with it, or it goes on.
  expect(others).toEqual(['endChange', 'resumeChange'])
  expect(taking.map(({ id }) => id)).toEqual(['applyChange', 'approveChange', 'undoChange'])
})
