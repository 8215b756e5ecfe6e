/** What is on record: lists by one filter and by time, results by page, and ids that are not there. */
import { describe, expect, it } from 'vitest'
import type { Policy } from '../../lib/changes/model/policy.ts'
import {
  assigning,
  crashingAt,
  giving,
  NOBODY,
  OFF,
  ON,
  taking,
  toggle,
  userAt,
  WALLBOARD,
} from '../support/changes/change-orders.ts'
import { BO, type ChangeWorld, changeWorld, NAMED_PEOPLE } from '../support/changes/change-world.ts'

const MINUTE_MS = 60_000

/** Four changes, a minute apart from noon on; their ids, oldest first. */
async function history() {
  const world = await changeWorld()
  const [ana, ben] = [userAt(world, 0), userAt(world, 1)]
  const requests = [
    () => world.changes().request(toggle(true)),
    () => world.changes({ actor: BO }).request(toggle(true, ON)),
    () => world.changes().request(assigning(giving([ana, ben]))),
    () => world.changes({ actor: BO }).request(assigning(taking([ana], 'cloudCX2'))),
  ]
  const ids: string[] = []
  for (const request of requests) {
    ids.push((await request()).value.id)
    world.clock.advance(MINUTE_MS)
  }
  return { world, ids, ana, ben }
}

type Filter = Parameters<ReturnType<ChangeWorld['records']>['changes']>[0]['filter']

describe('the names of people', () => {
  it('of the org file stand beside the ids of who asked, who approved and who took each step, and find what they asked for', async () => {
    const world = await changeWorld({ approvals: [{ toggles: [OFF] }], policy: { people: NAMED_PEOPLE } })
    const asked = await world.changes().request(toggle(true))
    const { value } = await world
      .changes({ actor: BO, operation: 'approve' })
      .approve(asked.value.id, asked.value.digest)
    expect(value.actor).toMatchObject({ id: 'ana', person: 'ana', name: 'Ana Abebe' })
    expect(value.approval?.by).toMatchObject({ person: 'bo', name: 'Bo Öz' })
    const steps = value.history.map(({ state, by, byName }) => [state, by, byName])
    expect(steps).toContainEqual(['AWAITING_APPROVAL', 'ana', 'Ana Abebe'])
    expect(steps).toContainEqual(['APPROVED', 'bo', 'Bo Öz'])
    const found = await world.records().changes({ filter: { actor: ' ana  ABEBE' }, limit: 25 })
    expect(found.entities.map(({ id, actor }) => [id, actor.name])).toEqual([[value.id, 'Ana Abebe']])
    const isUnknown = async (actor: string) =>
      (await world.records().changes({ filter: { actor }, limit: 25 })).isActorUnknown
    expect(await isUnknown('Anna Abebe')).toBe(true)
    for (const each of ['ana', 'Bo Öz', 'jwt:nobody']) expect(await isUnknown(each)).toBe(undefined)
    // The record stays as it was made, so that a name can be mended, and taken out.
    expect(JSON.stringify(await world.store.ledger.get(value.id))).not.toContain('Abebe')
  })

  it('are given to a subject that was in no org file when it asked, and to no ARN, which may be handed on', async () => {
    const people: Policy['people'] = {}
    const arn = 'arn:aws:iam::111122223333:user/cy'
    const world = await changeWorld({ policy: { people } })
    const byToken = await world.changes({ actor: { kind: 'jwt', id: '3f2a' } }).request(toggle(true))
    const bySignature = await world.changes({ actor: { kind: 'iam', id: arn } }).request(toggle(true, ON))
    expect(byToken.value.actor.name).toBeUndefined()
    people['cy'] = { role: 'operator', jwt: ['3f2a'], iam: [arn], name: 'Cy Cole' }
    const { actor, history } = await world.records().change(byToken.value.id)
    expect(actor).toEqual({ kind: 'jwt', id: '3f2a', name: 'Cy Cole' })
    expect(history[0]).toMatchObject({ by: 'jwt:3f2a', byName: 'Cy Cole' })
    expect((await world.records().change(bySignature.value.id)).actor).toEqual({ kind: 'iam', id: arn })
  })
})

describe('a list of changes', () => {
  it.each<[string, (ana: string) => Filter, number[]]>([
    ['all', () => ({}), [3, 2, 1, 0]],
    ['a state', () => ({ states: ['APPLIED'] }), [3, 2, 0]],
    ['another state', () => ({ states: ['NOOP'] }), [1]],
    ['a state that none is in', () => ({ states: ['FAILED'] }), []],
    ['a license', () => ({ licenseId: WALLBOARD }), [2]],
    ['a user', (ana: string) => ({ userId: ana }), [3, 2]],
    ['a user of whom there is none', () => ({ userId: NOBODY }), []],
    ['a toggle, in any case', () => ({ featureName: OFF.toUpperCase() }), [0]],
  ])('by %s, newest first', async (_, filterOf, expected) => {
    const { world, ids, ana } = await history()
    const { entities, next } = await world.records().changes({ filter: filterOf(ana), limit: 25 })
    expect(entities.map(({ id }) => ids.indexOf(id))).toEqual(expected)
    expect(next).toBeUndefined()
  })

  it.each(['bo', 'BO', 'jwt:bo'])('by actor: as %s', async (actor) => {
    const { world, ids } = await history()
    const { entities } = await world.records().changes({ filter: { actor }, limit: 25 })
    expect(entities.map(({ id }) => ids.indexOf(id))).toEqual([3, 1])
  })

  it('by time, both ends included', async () => {
    const { world, ids } = await history()
    const { entities } = await world.records().changes({
      filter: {},
      from: '2026-11-15T12:01:00Z',
      to: '2026-11-15T13:02:00+01:00',
      limit: 25,
    })
    expect(entities.map(({ id }) => ids.indexOf(id))).toEqual([2, 1])
  })

  it('comes in pages, each change once', async () => {
    const { world, ids } = await history()
    const seen: number[] = []
    let cursor: string | undefined
    do {
      const page = await world
        .records()
        .changes({ filter: {}, limit: 3, ...(cursor === undefined ? {} : { cursor }) })
      seen.push(...page.entities.map(({ id }) => ids.indexOf(id)))
      cursor = page.next
    } while (cursor !== undefined)
    expect(seen).toEqual([3, 2, 1, 0])
  })

  it('shows what a change is about without its rows', async () => {
    const { world } = await history()
    const { entities } = await world.records().changes({ filter: {}, limit: 4 })
    expect(entities.map(({ desired }) => desired)).toEqual([
      {
        ...{ pairs: 1, users: 1, licenses: ['cloudCX2'], userId: userAt(world, 0) },
        ...{ gives: [], takes: [{ licenseId: 'cloudCX2', users: 1 }] },
      },
      {
        ...{ pairs: 2, users: 2, licenses: [WALLBOARD] },
        ...{ gives: [{ licenseId: WALLBOARD, users: 2 }], takes: [] },
      },
      { featureName: ON, enabled: true },
      { featureName: OFF, enabled: true },
    ])
    for (const entity of entities) {
      for (const row of ['before', 'after', 'results', 'findings']) expect(entity).not.toHaveProperty(row)
    }
  })

  it('refuses a cursor that it did not give', async () => {
    const { world } = await history()
    await expect(
      world.records().changes({ filter: {}, limit: 3, cursor: 'bm90IG91cnM' }),
    ).rejects.toMatchObject({ code: 'bad.request', status: 400 })
  })
})

describe('the results of a change', () => {
  it('come in pages, one entry a pair (D35)', async () => {
    const world = await changeWorld()
    const users = [0, 1, 3, 4, 5].map((index) => userAt(world, index))
    const { value } = await world.changes().request(assigning(giving(users)))
    const first = await world.records().results(value.id, { limit: 3 })
    const second = await world.records().results(value.id, { limit: 3, cursor: first.next ?? '' })
    expect([first.entities.length, second.entities.length, second.next]).toEqual([3, 2, undefined])
    const found = [...first.entities, ...second.entities]
    expect(found.map(({ userId }) => userId)).toEqual([...users].sort())
    expect(new Set(found.map(({ outcome }) => outcome))).toEqual(new Set(['applied']))
  })

  it('say what held before and after, and of one outcome alone where that is asked for', async () => {
    const world = await changeWorld()
    const users = [0, 1, 3, 4, 5].map((index) => userAt(world, index)).sort()
    const held = [users[1] ?? '', users[3] ?? '']
    await world.changes({ idempotencyKey: 'held' }).request(assigning(giving(held)))
    const { value } = await world.changes().request(assigning(giving(users)))
    const read = async (outcome: 'applied' | 'unchanged' | 'conflict') => {
      const first = await world.records().results(value.id, { limit: 2, outcome })
      const { next: cursor } = first
      if (cursor === undefined) return first.entities
      return [
        ...first.entities,
        ...(await world.records().results(value.id, { limit: 2, outcome, cursor })).entities,
      ]
    }
    const seen = async (outcome: 'applied' | 'unchanged') =>
      (await read(outcome)).map(({ userId, before, after }) => [userId, before, after])
    expect(await seen('applied')).toEqual(
      users.filter((id) => !held.includes(id)).map((id) => [id, false, true]),
    )
    expect(await seen('unchanged')).toEqual(held.map((id) => [id, true, true]))
    expect(await read('conflict')).toEqual([])
  })

  it('refuse a cursor of another change, and of another outcome', async () => {
    const { world, ids } = await history()
    const [toggled = '', , given = ''] = ids
    const { next = '' } = await world.records().results(given, { limit: 1 })
    for (const [id, cursor, outcome] of [
      [toggled, next],
      [toggled, 'bm90IG91cnM'],
      [toggled, ''],
      [given, next, 'applied'],
    ] as const) {
      await expect(world.records().results(id, { limit: 1, cursor, outcome })).rejects.toMatchObject({
        code: 'bad.request',
        faults: [{ fieldName: 'cursor' }],
      })
    }
  })

  it('of a plan are that nothing was sent', async () => {
    const world = await changeWorld()
    const users = [userAt(world, 0), userAt(world, 1)]
    const { value } = await world.plans().plan(assigning(giving(users)))
    const { entities } = await world.records().results(value.id, { limit: 25 })
    expect(entities).toEqual(
      [...users].sort().map((userId) => ({
        ...{ licenseId: WALLBOARD, userId },
        ...{ desired: true, before: false, outcome: 'not.sent' },
      })),
    )
    await world.records({ idempotencyKey: 'c' }).cancel(value.id)
    const later = await world.records().results(value.id, { limit: 1 })
    expect(later.entities.map(({ outcome }) => outcome)).toEqual(['not.sent'])
    expect(later.next).toBeDefined()
  })

  it('of what is being sent are not known yet: what was read before is no outcome', async () => {
    const world = await changeWorld()
    await world
      .changes({ idempotencyKey: 'k1' }, crashingAt(world, 'SENT', 'after'))
      .request(toggle(true))
      .catch(() => {})
    const {
      entities: [change],
    } = await world.records().changes({ filter: { states: ['SENT'] }, limit: 1 })
    const { entities } = await world.records().results(change?.id ?? '', { limit: 25 })
    expect(entities).toEqual([{ featureName: OFF, desired: true, before: false, outcome: 'unknown' }])
  })
})

it('an id that is not on record is 404 for each way of asking', async () => {
  const world = await changeWorld()
  const id = '0'.repeat(20)
  for (const ask of [
    () => world.records().change(id),
    () => world.records().results(id, { limit: 1 }),
    () => world.records().reject(id),
    () => world.records().cancel(id),
    () => world.records().schedule(id),
    () => world.records().approveSchedule(id, '0'.repeat(64)),
  ]) {
    await expect(ask()).rejects.toMatchObject({ code: 'not.found', status: 404 })
  }
})
