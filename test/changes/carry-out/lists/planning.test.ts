/** Lists on their way in: a file or a desired state, planned at once or by a turn, and what became of bad rows. */
import { describe, expect, test } from 'vitest'
import { advance } from '../../../../lib/changes/carry-out/advance.ts'
import { takeTurn } from '../../../../lib/changes/carry-out/lists/take-turn.ts'
import type { PlanOrder } from '../../../../lib/changes/model/change-order.ts'
import type { Roster, RosterPerson } from '../../../../lib/changes/record/roster.ts'
import {
  assigning,
  assignment,
  crashingAt,
  giving,
  hasWallboard,
  NOBODY,
  WALLBOARD,
} from '../../../support/changes/change-orders.ts'
import { type ChangeWorld, changeWorld, headerOf } from '../../../support/changes/change-world.ts'
import { Crash } from '../../../support/ledger/ledger.ts'

const USERS = 650
const MINUTE_MS = 60_000

const keyed = (what: string) => ({ operation: what, idempotencyKey: `${what}-1` })
const csv = (...rows: readonly string[]) => Buffer.from(['user,license,action', ...rows].join('\n'))

/** Ticks, a reading and turns, until the list is planned or cannot be. */
async function settlePlan(world: ChangeWorld, changeId: string) {
  world.clock.advance(MINUTE_MS)
  await world.tick()
  await world.read()
  world.clock.advance(5 * MINUTE_MS)
  await world.tick()
  await world.takeTurns()
  return await world.records().change(changeId)
}

async function apply(world: ChangeWorld, changeId: string) {
  const { digest } = await world.records().change(changeId)
  await world.changes(keyed(`apply-${changeId}`)).apply(changeId, digest)
  await world.takeTurns()
  return await world.records().change(changeId)
}

const holdersIn = (world: ChangeWorld) =>
  world.org
    .people(USERS)
    .map(({ id }) => id)
    .filter((id) => hasWallboard(world, id))

describe('a file of a few rows', () => {
  test('is planned at once, its people by id, e-mail and name, and what it says besides comes with it', async () => {
    const world = await changeWorld({ org: { users: 40 } })
    await world.read()
    const [one, two, three] = world.org.people(12).filter(({ id }) => !hasWallboard(world, id))
    if (!one || !two || !three) throw new Error('the org is too small')
    const { value } = await world
      .plans(keyed('plan'))
      .planFile(
        csv(
          `${one.id.toUpperCase()},WALLBOARDUSER,add`,
          `${two.email},${WALLBOARD},add`,
          `"${three.name}",${WALLBOARD},add`,
        ),
        { reason: 'A new site', revertAfter: 'PT8H' },
      )
    expect(value).toMatchObject({
      state: 'PLANNED',
      reason: 'A new site',
      revert: { after: 'PT8H' },
      desired: {
        assignments: [
          { licenseId: WALLBOARD, userIdsAdd: [one.id, two.id, three.id].sort(), userIdsRemove: [] },
        ],
      },
    })
    const again = await world
      .plans(keyed('plan'))
      .planFile(
        csv(
          `${one.id.toUpperCase()},WALLBOARDUSER,add`,
          `${two.email},${WALLBOARD},add`,
          `"${three.name}",${WALLBOARD},add`,
        ),
        { reason: 'A new site', revertAfter: 'PT8H' },
      )
    expect(again).toMatchObject({ isReplay: true, value: { id: value.id } })
  })

  test('of which rows name nobody, several, no license, contradict each other or are none is refused whole, and all that is bad is told at once', async () => {
    const world = await changeWorld({ org: { users: 130 } })
    const people = world.org.people(130)
    const [one, two] = people.filter(({ name }) => people.filter((each) => each.name === name).length === 2)
    const three = people.find(({ name }) => name !== one?.name)
    if (!one || !two || !three) throw new Error('the org is too small')
    await world.read()
    const refused = world
      .plans(keyed('plan'))
      .planFile(
        csv(
          `nobody@example.com,${WALLBOARD},add`,
          `${one.name},${WALLBOARD},add`,
          `${three.email},walboardUser,add`,
          `${NOBODY},${WALLBOARD},add`,
          `${three.id},${WALLBOARD},add`,
          `${three.email},${WALLBOARD},remove`,
          `${three.email},${WALLBOARD},add`,
          `=${three.email},${WALLBOARD},add`,
          `nobody@example.com,cloudCX99,maybe`,
          `${three.email},Wallboard User,add`,
          `${three.email},Ana Abebe,add`,
        ),
        {},
      )
    const error = await refused.catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      code: 'bad.request',
      message: expect.stringMatching(
        /^9 of 11 rows cannot be planned, so nothing is: the first is in line 2: user /,
      ),
      faults: [
        { line: 2, fieldName: 'user', errorCode: 'UNKNOWN_USER' },
        { line: 3, fieldName: 'user', errorCode: 'SEVERAL_MATCHES' },
        { line: 4, fieldName: 'license', message: expect.stringContaining('did you mean wallboardUser') },
        { line: 5, fieldName: 'user', errorCode: 'UNKNOWN_USER' },
        { line: 7, fieldName: 'action', message: expect.stringContaining('contradicts line 6') },
        { line: 9, fieldName: 'user', errorCode: 'INVALID_VALUE' },
        { line: 10, fieldName: 'action', errorCode: 'INVALID_VALUE' },
        { line: 10, fieldName: 'user', errorCode: 'UNKNOWN_USER' },
        { line: 10, fieldName: 'license', errorCode: 'UNKNOWN_LICENSE' },
        { line: 11, fieldName: 'license', message: expect.stringMatching(/: did you mean wallboardUser\?$/) },
        {
          line: 12,
          fieldName: 'license',
          message: expect.stringMatching(/and begin with a letter or digit$/),
        },
      ],
    })
    const several = String((error as { faults: { message: string }[] }).faults[1]?.message)
    expect(several).toContain('fits 2 people')
    expect(several).toContain(String(one.email))
    expect(several).toContain(String(two.email))
    expect((await world.records().changes({ filter: {}, limit: 10 })).entities).toEqual([])
  })

  test('of an id that neither the reading nor Genesys knows is refused', async () => {
    const world = await changeWorld({ org: { users: 40 } })
    const refused = world.plans(keyed('plan')).planFile(csv(`${NOBODY},${WALLBOARD},add`), {})
    await expect(refused).rejects.toMatchObject({ faults: [{ line: 2, errorCode: 'UNKNOWN_USER' }] })
  })

  test.each([1, 2_100])(
    'that is refused for how %i rows are written tells what else is bad by the last reading, the first fifty in full',
    async (count) => {
      const world = await changeWorld({ org: { users: 40 } })
      const rows = ['nobody@example.com,cloudCX99,add', ...Array(count).fill(`${NOBODY},${WALLBOARD},maybe`)]
      const early = world.plans(keyed('early')).planFile(csv(...rows), {})
      await expect(early).rejects.toMatchObject({
        message: expect.stringMatching(new RegExp(`^${count} of ${count + 1} rows cannot`)),
      })
      await world.read()
      const refused = world.plans(keyed('plan')).planFile(csv(...rows), {})
      const error = await refused.catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({
        message: expect.stringMatching(new RegExp(`^${count + 1} of ${count + 1} rows cannot`)),
        faults: expect.arrayContaining([
          expect.objectContaining({ line: 2, fieldName: 'user' }),
          expect.objectContaining({ line: 2, fieldName: 'license' }),
          expect.objectContaining({ line: 3, fieldName: 'action' }),
          expect.objectContaining({ line: 3, fieldName: 'user' }),
        ]),
      })
      expect((error as { faults: unknown[] }).faults).toHaveLength(count === 1 ? 4 : 50)
      expect((await world.records().changes({ filter: {}, limit: 10 })).entities).toEqual([])
    },
  )

  test('with names waits for the first reading', async () => {
    const world = await changeWorld({ org: { users: 40 } })
    const refused = world.plans(keyed('plan')).planFile(csv(`Somebody Else,${WALLBOARD},add`), {})
    await expect(refused).rejects.toMatchObject({ code: 'reading.unavailable' })
  })
})

describe('a desired state', () => {
  test('that is exact gives and takes of the licenses that it names, by a reading that began after it was asked for', async () => {
    const world = await changeWorld({ org: { users: 60 } })
    await world.read()
    const people = world.org.people(60)
    const before = holdersIn(world)
    const [given, kept] = [people.find(({ id }) => !before.includes(id)), before[0]]
    if (!given || kept === undefined) throw new Error('the org is too small')
    const others = world.org.truth().users[before[1] ?? '']?.filter((each) => each !== WALLBOARD)
    world.org.movePeople([{ id: given.id, state: 'inactive' }])
    const order: PlanOrder = {
      kind: 'desired',
      licenses: { [WALLBOARD]: [String(given.email), kept] },
      mode: 'exact',
    }
    const { value } = await world.plans(keyed('plan')).plan(order)
    expect(value).toMatchObject({
      state: 'PLANNING',
      summary: `Set who holds ${WALLBOARD} (exact, not planned yet)`,
      desired: { pairs: 2, mode: 'exact' },
    })
    await expect(world.changes(keyed('early')).apply(value.id, value.digest)).rejects.toMatchObject({
      code: 'change.state.conflict',
    })

    const planned = await settlePlan(world, value.id)
    expect(planned).toMatchObject({
      state: 'PLANNED',
      findings: { notActive: [{ userId: given.id, licenseId: WALLBOARD, state: 'inactive' }] },
    })
    expect(planned.summary).toMatch(/^Give .*, take /)
    expect(planned.digest).not.toBe(value.digest)
    expect(await apply(world, value.id)).toMatchObject({ state: 'APPLIED' })
    expect(holdersIn(world)).toEqual(
      [given.id, kept].sort((a, b) => ids(people).indexOf(a) - ids(people).indexOf(b)),
    )
    expect(world.org.truth().users[before[1] ?? '']).toEqual(others)

    const again = await world.plans(keyed('again')).plan(order)
    world.clock.advance(MINUTE_MS)
    expect(await settlePlan(world, again.value.id)).toMatchObject({ state: 'NOOP' })
  })

  test('is looked at by each tick until its reading is there, though no tick comes at its exact moment', async () => {
    const world = await changeWorld({ org: { users: 60 } })
    await world.read()
    world.clock.advance(MINUTE_MS)
    const { value } = await world
      .plans(keyed('plan'))
      .plan({ kind: 'desired', licenses: { [WALLBOARD]: [] }, mode: 'exact' })
    world.clock.advance(MINUTE_MS)
    await world.tick()
    await world.read()
    world.clock.advance(MINUTE_MS - 1_000)
    await world.tick()
    await world.takeTurns()
    expect(await world.records().change(value.id)).toMatchObject({ state: 'PLANNED' })
  })

  test('that only takes leaves alone who is named, and gives nobody anything', async () => {
    const world = await changeWorld({ org: { users: 60 } })
    const [first] = holdersIn(world)
    const lacking = world.org.people(60).find(({ id }) => !hasWallboard(world, id))
    if (first === undefined || !lacking) throw new Error('the org is too small')
    const { value } = await world
      .plans(keyed('plan'))
      .plan({ kind: 'desired', licenses: { [WALLBOARD]: [first, lacking.id] }, mode: 'remove-only' })
    await settlePlan(world, value.id)
    await apply(world, value.id)
    expect(holdersIn(world)).toEqual([first])
  })

  test('of people is about these people and the licenses that it names, and of those alone', async () => {
    const world = await changeWorld({ org: { users: 60 } })
    const before = holdersIn(world)
    const [one, two] = before
    const lacking = world.org.people(60).find(({ id }) => !before.includes(id))
    if (one === undefined || two === undefined || !lacking) throw new Error('the org is too small')
    const others = world.org.truth().users[one]?.filter((each) => each !== WALLBOARD)
    const { value } = await world
      .plans(keyed('plan'))
      .plan({ kind: 'desired', people: { [one]: [], [lacking.id]: [WALLBOARD] }, mode: 'exact' })
    await settlePlan(world, value.id)
    await apply(world, value.id)
    expect(new Set(holdersIn(world))).toEqual(new Set([...before.filter((id) => id !== one), lacking.id]))
    expect(world.org.truth().users[one]).toEqual(others)
  })

  test('that only gives is planned at once', async () => {
    const world = await changeWorld({ org: { users: 40 } })
    const lacking = world.org.people(40).find(({ id }) => !hasWallboard(world, id))
    if (!lacking) throw new Error('the org is too small')
    const order: PlanOrder = { kind: 'desired', licenses: { [WALLBOARD]: [lacking.id] }, mode: 'add-only' }
    const { value } = await world.plans(keyed('plan')).plan(order)
    expect(value.state).toBe('PLANNED')
    await apply(world, value.id)
    expect((await world.plans(keyed('again')).plan(order)).value.state).toBe('NOOP')
  })
})

async function* unsureOf(people: AsyncIterable<RosterPerson>): AsyncGenerator<RosterPerson, void, void> {
  for await (const person of people) yield { ...person, unknown: [WALLBOARD] }
}

async function* crowdOf(size: number): AsyncGenerator<RosterPerson, void, void> {
  for (let n = 0; n < size; n++) yield { id: `person-${n}`, licenses: [WALLBOARD], unknown: [] }
}

const ids = (people: readonly { readonly id: string }[]) => people.map(({ id }) => id)

describe('a list that takes a fresh reading', () => {
  test('is planned by a turn that may die before, and goes on', async () => {
    const world = await changeWorld({ org: { users: USERS } })
    const people = world.org.people(USERS)
    const rows = people.map(({ id }) => `${id},${WALLBOARD},add`)
    // Said four times a row counts once.
    const { value } = await world.plans(keyed('plan')).planFile(csv(...rows, ...rows, ...rows, ...rows), {})
    expect(value).toMatchObject({
      state: 'PLANNING',
      summary: `Give ${WALLBOARD} to ${USERS} people (not planned yet)`,
    })
    world.clock.advance(MINUTE_MS)
    await world.read()
    await world.tick()
    world.loseTurns()
    const planned = await settlePlan(world, value.id)
    expect(planned.failure).toBeUndefined()
    expect(planned).toMatchObject({
      state: 'PLANNED',
      desired: { pairs: USERS, users: USERS },
      list: { begun: 0, outcomes: { notSettled: USERS } },
    })
  })

  test.each(['before', 'after'] as const)(
    'is planned once, though the process ends just %s the plan is on record',
    async (when) => {
      const world = await changeWorld({ org: { users: 60 } })
      const order: PlanOrder = { kind: 'desired', licenses: { [WALLBOARD]: [] }, mode: 'exact' }
      const { value } = await world.plans(keyed('plan')).plan(order)
      world.clock.advance(MINUTE_MS)
      await world.read()
      await world.tick()
      await expect(takeTurn(crashingAt(world, 'PLANNED', when), value.id)).rejects.toThrow(Crash)
      world.loseTurns()
      world.clock.advance(5 * MINUTE_MS)
      await world.tick()
      await world.takeTurns()
      const { history } = await headerOf(world, value.id)
      expect(history.map(({ state }) => state)).toEqual(['PLANNING', 'PLANNED'])
      expect(await apply(world, value.id)).toMatchObject({ state: 'APPLIED' })
      expect(holdersIn(world)).toEqual([])
    },
  )

  test('is refused by its turn where it comes to more pairs than a list may have', async () => {
    const world = await changeWorld({ org: { users: 60 } })
    const order: PlanOrder = { kind: 'desired', licenses: { [WALLBOARD]: [] }, mode: 'exact' }
    const { value } = await world.plans(keyed('plan')).plan(order)
    const crowd: Roster = {
      ...world.roster,
      beganAfter: async () => ({
        atMs: world.clock.nowMs(),
        isWhole: true,
        changedOutside: async () => undefined,
        people: crowdOf(50_001),
      }),
    }
    await takeTurn(world.bench({ roster: crowd }), value.id)
    expect(await headerOf(world, value.id)).toMatchObject({
      state: 'FAILED',
      failure: { code: 'request.entity.too.large', status: 413 },
    })
  })

  test('is planned by a turn that begins before whoever asked for it is done', async () => {
    const world = await changeWorld({ org: { users: 60 } })
    const order: PlanOrder = { kind: 'desired', licenses: { [WALLBOARD]: [] }, mode: 'exact' }
    const { value } = await world.plans(keyed('plan')).plan(order)
    world.clock.advance(MINUTE_MS)
    await world.read()
    const { promise: isAsked, resolve: asked } = Promise.withResolvers<void>()
    const late: Roster = {
      ...world.roster,
      async beganAfter(atMs, by) {
        await isAsked
        return await world.roster.beganAfter(atMs, by)
      },
    }
    const turns: Promise<unknown>[] = []
    const askForTurn = async (changeId: string) => {
      turns.push(takeTurn(world.bench({ roster: late }), changeId))
      // It has seen the list by then.
      await headerOf(world, changeId)
    }
    await advance(world.bench({ lists: { askForTurn } }), value.id)
    asked()
    await Promise.all(turns)
    expect(turns).toHaveLength(1)
    expect((await headerOf(world, value.id)).state).toBe('PLANNED')
  })

  test('is not planned from a reading in which somebody is missing, where licenses are taken by it', async () => {
    const world = await changeWorld({ org: { users: 60 } })
    const order: PlanOrder = { kind: 'desired', licenses: { [WALLBOARD]: [] }, mode: 'exact' }
    const { value } = await world.plans(keyed('plan')).plan(order)
    world.clock.advance(MINUTE_MS)
    await world.read()
    const partly: Roster = {
      ...world.roster,
      async beganAfter(atMs, by) {
        const reading = await world.roster.beganAfter(atMs, by)
        return reading && { ...reading, isWhole: false }
      },
    }
    await takeTurn(world.bench({ roster: partly }), value.id)
    await expect(world.records().pause(value.id)).rejects.toThrow(/is being planned: cancel it/)
    expect((await headerOf(world, value.id)).state).toBe('PLANNING')
    expect(await world.inventory.reading('latest')).toMatchObject({ state: 'waiting' })
    await takeTurn(world.bench(), value.id)
    expect((await headerOf(world, value.id)).state).toBe('PLANNED')
  })

  test('reads of Genesys what the reading does not say', async () => {
    const world = await changeWorld({ org: { users: 60 } })
    const order: PlanOrder = { kind: 'desired', licenses: { [WALLBOARD]: [] }, mode: 'exact' }
    const { value } = await world.plans(keyed('plan')).plan(order)
    world.clock.advance(MINUTE_MS)
    await world.read()
    const unsure: Roster = {
      ...world.roster,
      async beganAfter(atMs, by) {
        const reading = await world.roster.beganAfter(atMs, by)
        return reading && { ...reading, people: unsureOf(reading.people) }
      },
    }
    await takeTurn(world.bench({ roster: unsure }), value.id)
    const { desired } = await world.records().change(value.id)
    const taken = 'assignments' in desired ? desired.assignments[0]?.userIdsRemove : undefined
    // Of whom it is not known they are taken, and Genesys says who holds none.
    expect(taken).toHaveLength(60)
    expect(await apply(world, value.id)).toMatchObject({ state: 'APPLIED' })
    expect(holdersIn(world)).toEqual([])
  })

  test('of which rows are bad ends so: the first thousand are on record, and nothing of it is planned', async () => {
    const world = await changeWorld({ org: { users: 40 } })
    const rows = Array.from({ length: 2_100 }, (_, n) => `nobody${n}@example.com,${WALLBOARD},add`)
    const { value } = await world.plans(keyed('plan')).planFile(csv(...rows), {})
    const ended = await settlePlan(world, value.id)
    expect(ended).toMatchObject({
      state: 'INVALID',
      failure: { message: expect.stringContaining('2100 of 2100 rows cannot be planned') },
    })
    const found: unknown[] = []
    let cursor: string | undefined
    do {
      const page = await world.records().results(value.id, { limit: 100, cursor })
      found.push(...page.entities)
      cursor = page.next
    } while (cursor !== undefined)
    expect(found).toHaveLength(1_000)
    expect(found[0]).toEqual({
      line: 2,
      outcome: 'invalid',
      result: "line 2: user is nobody's e-mail by the last reading of the organization: nobody0@example.com",
    })
    await expect(world.changes(keyed('apply')).apply(value.id, ended.digest)).rejects.toMatchObject({
      code: 'change.state.conflict',
    })
    expect(world.posts()).toBe(0)
  })

  test.each<[string, (one: string) => PlanOrder, readonly string[]]>([
    [
      'licenses',
      (one) => ({
        kind: 'desired',
        mode: 'add-only',
        licenses: { [WALLBOARD]: [one, 'nobody@example.com'], walboardUser: [one], cloudCX9: [] },
      }),
      ['licenses.cloudCX9', 'licenses.walboardUser', 'licenses.wallboardUser.1'],
    ],
    [
      'licenses, which a turn would plan',
      (one) => ({
        kind: 'desired',
        mode: 'exact',
        licenses: { [WALLBOARD]: [one, 'nobody@example.com'], walboardUser: [one], cloudCX9: [] },
      }),
      ['licenses.cloudCX9', 'licenses.walboardUser', 'licenses.wallboardUser.1'],
    ],
    [
      'people',
      (one) => ({
        kind: 'desired',
        mode: 'add-only',
        people: { [one]: [WALLBOARD, 'walboardUser'], 'nobody@example.com': [WALLBOARD] },
      }),
      [`people.%.1`, 'people.nobody@example.com'],
    ],
    [
      'assignments',
      (one) => assigning({ assignments: [assignment(WALLBOARD, [one]), assignment('walboardUser', [one])] }),
      ['assignments.1.licenseId'],
    ],
  ])('that came as JSON tells of what is bad by its place in the body: %s', async (_, orderOf, places) => {
    const world = await changeWorld({ org: { users: 40 } })
    await world.read()
    const id = world.org.people(1)[0]?.id ?? ''
    const refused = await world
      .plans(keyed('plan'))
      .plan(orderOf(id))
      .catch((error: unknown) => error)
    const { faults } = refused as { faults: { fieldName: string }[] }
    expect(faults.map(({ fieldName }) => fieldName).sort()).toEqual(
      places.map((each) => each.replace('%', id)),
    )
  })

  test('that names a license which the organization does not have is refused before there is a reading too', async () => {
    const world = await changeWorld({ org: { users: 40 } })
    const desired: PlanOrder = {
      kind: 'desired',
      mode: 'exact',
      licenses: { walboardUser: ['nobody@example.com'], cloudCX9: [], [WALLBOARD]: ['nobody@example.com'] },
    }
    await expect(world.plans(keyed('desired')).plan(desired)).rejects.toMatchObject({
      code: 'bad.request',
      message: expect.stringMatching(/^2 of 3 rows cannot be planned/),
      faults: [{ fieldName: 'licenses.walboardUser' }, { fieldName: 'licenses.cloudCX9' }],
    })
    const rows = Array.from(
      { length: 2_001 },
      (_, n) => `nobody${n}@example.com,${n === 0 ? 'cloudCX9' : WALLBOARD},add`,
    )
    await expect(world.plans(keyed('file')).planFile(csv(...rows), {})).rejects.toMatchObject({
      faults: [{ line: 2, fieldName: 'license' }],
    })
    expect((await world.records().changes({ filter: {}, limit: 10 })).entities).toEqual([])
  })

  test.each<readonly [PlanOrder, string]>([
    [
      { kind: 'desired', mode: 'exact', licenses: { [WALLBOARD]: ['nobody@example.com'] } },
      `Set who holds ${WALLBOARD} (exact, never planned)`,
    ],
    [
      { kind: 'desired', mode: 'remove-only', people: { 'nobody@example.com': [WALLBOARD] } },
      `Set who holds ${WALLBOARD} (remove-only, never planned)`,
    ],
  ])('that could not be planned is not summed up as if it had been: %o', async (order, summary) => {
    const world = await changeWorld({ org: { users: 40 } })
    const { value } = await world.plans(keyed('plan')).plan(order)
    expect(await settlePlan(world, value.id)).toMatchObject({ state: 'INVALID', summary })
  })

  test('of which some people are nobody tells the place of each, in results too (D10)', async () => {
    const world = await changeWorld({ org: { users: 40 } })
    const nobodies = Array.from(
      { length: 2_001 },
      (_, n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
    )
    const known = world.org.people(1).map(({ id }) => id)
    const order = { assignments: [assignment(WALLBOARD, known), assignment('cloudCX1', [], nobodies)] }
    const { value } = await world.plans(keyed('plan')).plan(assigning(order))
    expect(await settlePlan(world, value.id)).toMatchObject({ state: 'INVALID' })
    const { entities } = await world.records().results(value.id, { limit: 1, cursor: undefined })
    expect(entities[0]?.result).toBe(
      `assignments.1.userIdsRemove.0 is nobody's id in the organization: ${nobodies[0]}`,
    )
  })

  test('is called off while it waits, and given up where no reading can be had', async () => {
    const world = await changeWorld({ org: { users: 40 } })
    const desired: PlanOrder = { kind: 'desired', licenses: { [WALLBOARD]: [] }, mode: 'exact' }
    const first = await world.plans(keyed('one')).plan(desired)
    expect((await world.records(keyed('cancel')).cancel(first.value.id)).value).toMatchObject({
      state: 'CANCELLED',
      summary: `Set who holds ${WALLBOARD} (exact, never planned)`,
    })
    const second = await world.plans(keyed('two')).plan(desired)
    await world.tick()
    world.clock.advance(3 * 60 * MINUTE_MS)
    await world.tick()
    expect((await headerOf(world, second.value.id)).state).toBe('EXPIRED')
  })

  test('waits for approval as a whole, by the rules of when it was planned', async () => {
    const world = await changeWorld({ org: { users: 60 }, approvals: [{ peopleOver: 0 }] })
    const { value } = await world
      .plans(keyed('plan'))
      .plan({ kind: 'desired', licenses: { [WALLBOARD]: [] }, mode: 'exact' })
    expect(await settlePlan(world, value.id)).toMatchObject({ state: 'AWAITING_APPROVAL' })
    expect(world.told.map(({ detailType }) => detailType)).toEqual(['License Change Awaiting Approval'])
  })

  test('asks nobody by itself once it is planned where it is a draft', async () => {
    const world = await changeWorld({ org: { users: 60 }, approvals: [{ peopleOver: 0 }] })
    const { value } = await world
      .plans(keyed('plan'))
      .plan({ kind: 'desired', licenses: { [WALLBOARD]: [] }, mode: 'exact', isDraft: true })
    const { state, digest, approval } = await settlePlan(world, value.id)
    expect([state, approval?.because.length, approval?.expiresAt]).toEqual(['PLANNED', 1, undefined])
    const asked = () => world.told.filter(({ detailType }) => detailType.endsWith('Awaiting Approval'))
    expect(asked()).toEqual([])
    await world.changes(keyed('apply')).apply(value.id, digest)
    expect(asked()).toHaveLength(1)
  })
})

test('more pairs than are named one by one are a list, whatever they come as', async () => {
  const world = await changeWorld({ org: { users: 2_001 } })
  const all = ids(world.org.people(2_001))
  const { value } = await world.plans(keyed('plan')).plan(assigning(giving(all)))
  expect(value.state).toBe('PLANNING')
  expect(await settlePlan(world, value.id)).toMatchObject({ state: 'PLANNED', desired: { pairs: 2_001 } })
})
