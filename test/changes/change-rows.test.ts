/** Changes as the rows of a file: one for each toggle or (license, user), whoever asked and approved, before and after. */
import { describe, expect, it } from 'vitest'
import type { ChangeRow } from '../../lib/changes/answers/change-rows.ts'
import type { ListFilter } from '../../lib/changes/record/ledger.ts'
import {
  assigning,
  giving,
  OFF,
  taking,
  toggle,
  userAt,
  WALLBOARD,
} from '../support/changes/change-orders.ts'
import { ANA, BO, type ChangeWorld, changeWorld, NAMED_PEOPLE } from '../support/changes/change-world.ts'

async function rowsIn(
  world: ChangeWorld,
  filter: ListFilter = {},
  times: { from?: string; to?: string } = {},
) {
  const rows: ChangeRow[] = []
  for await (const part of world.records().changeRows({ filter, ...times })) rows.push(...part)
  return rows
}

describe('the rows of changes', () => {
  it('are one for each pair, with what held before, what was wanted and what was seen after', async () => {
    const world = await changeWorld()
    const users = [userAt(world, 0), userAt(world, 1)]
    const [first = '', second = ''] = users
    await world.changes().request(assigning(giving([first])))
    const { value } = await world
      .changes({ actor: BO })
      .request({ ...assigning(giving(users)), reason: 'Pilot' })
    const rows = (await rowsIn(world)).filter(({ changeId }) => changeId === value.id)
    expect(
      rows.map(({ userId, before, desired, after, outcome }) => [userId, before, desired, after, outcome]),
    ).toEqual(
      users.toSorted().map((id) => [id, id === first, true, true, id === first ? 'unchanged' : 'applied']),
    )
    for (const row of rows) {
      expect(row).toMatchObject({
        state: 'APPLIED',
        kind: 'assignments',
        actor: 'jwt:bo',
        reason: 'Pilot',
        licenseId: WALLBOARD,
        createdAt: value.createdAt,
        updatedAt: value.updatedAt,
        summary: value.summary,
      })
      expect(row.featureName).toBeUndefined()
    }
    for (const id of [first, second]) expect(world.org.truth().users[id]).toContain(WALLBOARD)
  })

  it('are one for each pair of a list too, with what became of it', async () => {
    const users = 620
    const world = await changeWorld({ org: { users } })
    const ids = world.org.people(users).map(({ id }) => id)
    const before = world.org.truth().users
    const { value } = await world.plans().plan({ ...assigning(giving(ids)), reason: 'Pilot' })
    await world.changes({ actor: BO, idempotencyKey: 'apply' }).apply(value.id, value.digest)
    await world.takeTurns(1)
    const rows = await rowsIn(world)
    expect(rows.map(({ userId }) => userId).toSorted()).toEqual(ids.toSorted())
    // Of one person it is told by the part that has dealt with them, which has no reason and no submitter of its own.
    const sent = rows.find(({ outcome }) => outcome === 'applied')
    const [part, ...others] = await rowsIn(world, {
      userId: String(sent?.userId),
      licenseId: String(sent?.licenseId),
    })
    expect([others, sent?.reason, sent?.submittedBy]).toEqual([[], 'Pilot', 'bo'])
    const { reason, submittedBy, submittedAt } = sent ?? {}
    expect(part).toMatchObject({ reason, submittedBy, submittedAt, partOf: value.id, outcome: 'applied' })
    for (const { changeId, userId, licenseId, outcome, before: was } of rows) {
      expect([changeId, licenseId]).toEqual([value.id, WALLBOARD])
      const held = before[String(userId)]?.includes(WALLBOARD)
      if (outcome === 'applied') expect(world.org.truth().users[String(userId)]).toContain(WALLBOARD)
      else expect(outcome).toBe('not.sent')
      expect(was).toBe(held ?? false)
    }
    expect(rows.filter(({ outcome }) => outcome === 'applied')).toHaveLength(95)
  })

  it('name who approved, or who rejected, and when', async () => {
    const world = await changeWorld({ approvals: [{ toggles: [OFF] }], policy: { people: NAMED_PEOPLE } })
    const ask = async (key: string) =>
      (await world.changes({ actor: ANA, idempotencyKey: key }).request(toggle(true))).value
    const rejected = await ask('a')
    await world.records({ actor: BO, operation: 'reject' }).reject(rejected.id, 'Not now')
    world.clock.advance(1_000)
    const approved = await ask('b')
    world.clock.advance(1_000)
    await world.changes({ actor: BO, operation: 'approve' }).approve(approved.id, approved.digest)
    const [second, first] = await rowsIn(world)
    expect(second).toMatchObject({
      changeId: approved.id,
      state: 'APPLIED',
      featureName: OFF,
      approvalBecause: expect.stringMatching(/\S/),
      actorName: 'Ana Abebe',
      approvedBy: 'bo',
      decidedByName: 'Bo Öz',
      decidedAt: '2026-11-15T12:00:02.000Z',
      before: false,
      desired: true,
      after: true,
    })
    expect(second?.rejectedBy).toBeUndefined()
    expect(first).toMatchObject({
      changeId: rejected.id,
      state: 'REJECTED',
      rejectedBy: 'bo',
      outcome: 'not.sent',
    })
    expect([first?.approvedBy, first?.after]).toEqual([undefined, undefined])
  })

  it('name who asked for a plan to be carried out, or called it off, and when', async () => {
    const world = await changeWorld()
    const plan = async (key: string) =>
      (await world.plans({ actor: ANA, idempotencyKey: key }).plan(assigning(giving([userAt(world, 0)]))))
        .value
    const cancelled = await plan('a')
    world.clock.advance(1_000)
    await world.records({ actor: BO, operation: 'cancel' }).cancel(cancelled.id)
    world.clock.advance(1_000)
    const applied = await plan('b')
    world.clock.advance(1_000)
    await world.changes({ actor: BO, operation: 'apply' }).apply(applied.id, applied.digest)
    world.clock.advance(1_000)
    const direct = await world
      .changes({ actor: ANA, idempotencyKey: 'd' })
      .request(assigning(taking([userAt(world, 2)])))
    const rows = new Map((await rowsIn(world)).map((row) => [row.changeId, row]))
    const handsOf = (id: string) => {
      const { submittedBy, submittedAt, sentAt, cancelledBy, cancelledAt } = rows.get(id) ?? {}
      return [submittedBy, submittedAt, sentAt, cancelledBy, cancelledAt]
    }
    const [second, fourth] = [1, 3].map((each) => `2026-11-15T12:00:0${each}.000Z`)
    expect(handsOf(cancelled.id)).toEqual([undefined, undefined, undefined, 'bo', second])
    expect(handsOf(applied.id)).toEqual(['bo', fourth, fourth, undefined, undefined])
    expect(handsOf(direct.value.id)).toEqual([
      undefined,
      undefined,
      direct.value.createdAt,
      undefined,
      undefined,
    ])
  })

  it('show the way to a second person in its order, and nothing sent before that person has approved', async () => {
    const world = await changeWorld({ approvals: [{ toggles: [OFF] }] })
    const chat = { platform: 'slack', teamId: 'T1', channelId: 'C1', userId: 'U1' } as const
    const plan = async (key: string) =>
      (await world.plans({ actor: ANA, idempotencyKey: key }).plan(toggle(true), chat)).value
    const [{ id, digest }, other] = [await plan('a'), await plan('b')]
    for (const each of [other, { id, digest }]) {
      world.clock.advance(1_000)
      await world
        .changes({ actor: ANA, operation: 'apply', idempotencyKey: each.id })
        .apply(each.id, each.digest)
    }
    world.clock.advance(3_000)
    await world.changes({ actor: BO, operation: 'approve' }).approve(id, digest)
    const rows = await rowsIn(world)
    const row = rows.find(({ changeId }) => changeId === id)
    expect(row).toMatchObject({
      state: 'APPLIED',
      createdAt: '2026-11-15T12:00:00.000Z',
      submittedBy: 'ana',
      submittedAt: '2026-11-15T12:00:02.000Z',
      approvedBy: 'bo',
      decidedAt: '2026-11-15T12:00:05.000Z',
      sentAt: '2026-11-15T12:00:05.000Z',
    })
    const waiting = rows.find(({ changeId }) => changeId === other.id)
    expect(waiting).toMatchObject({ submittedBy: 'ana', submittedAt: '2026-11-15T12:00:01.000Z' })
    expect([waiting?.decidedAt, waiting?.sentAt]).toEqual([undefined, undefined])
  })

  it('are those of the license, the user or the toggle that is asked about, and of the time', async () => {
    const world = await changeWorld()
    const [ana, ben] = [userAt(world, 0), userAt(world, 1)]
    await world.changes().request(toggle(true))
    world.clock.advance(60_000)
    await world.changes().request(assigning(giving([ana, ben])))
    world.clock.advance(60_000)
    await world.changes().request(assigning(taking([ana], WALLBOARD)))
    const told = (rows: readonly ChangeRow[]) =>
      rows.map(({ userId, featureName, desired }) => [userId ?? featureName, desired])
    expect(told(await rowsIn(world, { userId: ana }))).toEqual([
      [ana, false],
      [ana, true],
    ])
    expect(told(await rowsIn(world, { userId: ben, licenseId: WALLBOARD }))).toEqual([[ben, true]])
    expect(told(await rowsIn(world, { featureName: OFF }))).toEqual([[OFF, true]])
    expect(told(await rowsIn(world, {}, { from: '2026-11-15T12:02:00Z' }))).toEqual([[ana, false]])
    expect(await rowsIn(world, { states: ['FAILED'] })).toEqual([])
  })

  it('of a plan say that nothing was sent, and nothing of after', async () => {
    const world = await changeWorld()
    const user = userAt(world, 0)
    const { value } = await world.plans().plan(assigning(giving([user])))
    const [row, ...others] = await rowsIn(world)
    expect(others).toEqual([])
    expect(row).toMatchObject({
      changeId: value.id,
      state: 'PLANNED',
      userId: user,
      before: false,
      outcome: 'not.sent',
    })
    expect(row?.after).toBeUndefined()
  })

  it('go on over all pages of the list, each change once, the newest first', async () => {
    const world = await changeWorld()
    const ids: string[] = []
    for (let each = 0; each < 60; each += 1) {
      const { value } = await world.plans({ idempotencyKey: `key-${each}` }).plan(toggle(true))
      ids.unshift(value.id)
      world.clock.advance(1_000)
    }
    expect((await rowsIn(world)).map(({ changeId }) => changeId)).toEqual(ids)
  })
})

it('the rows of results are those of the list, with names where there are any', async () => {
  const world = await changeWorld()
  const users = [userAt(world, 0), userAt(world, 1), userAt(world, 2)]
  const { value } = await world.changes().request(assigning(giving(users)))
  const rows: unknown[] = []
  for await (const part of world.records().resultRows(value.id)) rows.push(...part)
  const { entities } = await world.records().results(value.id, { limit: 100 })
  expect(rows).toEqual(entities.map((entity) => ({ ...entity, action: 'add' })))
  await expect(world.records().resultRows('0123456789abcdefghjk').next()).rejects.toMatchObject({
    code: 'not.found',
  })
})
