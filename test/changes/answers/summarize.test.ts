/** What a change says of itself in one line, and who asked for it. */
import { describe, expect, it } from 'vitest'
import { requesterOf, requesterWithId, summaryOf } from '../../../lib/changes/answers/summarize.ts'
import {
  assigning,
  assignment,
  giving,
  hasWallboard,
  OFF,
  taking,
  toggle,
  userAt,
  WALLBOARD,
} from '../../support/changes/change-orders.ts'
import { type ChangeWorld, changeWorld } from '../../support/changes/change-world.ts'

async function listed(world: ChangeWorld): Promise<string[]> {
  const { entities } = await world.records().changes({ filter: {}, limit: 25 })
  return entities.map(({ summary }) => summary).sort()
}

describe('a summary', () => {
  it('says what happens to a toggle', async () => {
    const world = await changeWorld()
    const { value } = await world.changes().request(toggle(true))
    const undone = await world.changes({ operation: 'undo' }).undo(value.id)
    expect(value.summary).toBe(`Switch ${OFF} on`)
    expect(undone.value.summary).toBe(`Switch ${OFF} off, undoing ${value.id}`)
    expect(await listed(world)).toEqual([undone.value.summary, value.summary].sort())
  })

  it('says to whom and from whom, by name where a plan has looked', async () => {
    const world = await changeWorld()
    const [ana, other] = [userAt(world, 0), userAt(world, 1)]
    const { value } = await world.plans().plan(assigning(giving([ana])))
    expect(value.summary).toBe(`Give ${WALLBOARD} to Ana Abebe`)
    await world.plans({ operation: 'two' }).plan(assigning(giving([ana, other])))
    await world.plans({ operation: 'take' }).plan(assigning(taking([ana, other], 'cloudCX2')))
    expect(await listed(world)).toEqual([
      `Give ${WALLBOARD} to 2 people`,
      `Give ${WALLBOARD} to Ana Abebe`,
      'Take cloudCX2 from 1 person (1 pair was so already)',
    ])
  })

  it('counts what it changes, and says how much was so already', async () => {
    const world = await changeWorld({ org: { users: 520 } })
    const ids = world.org.people(520).map(({ id }) => id)
    const [ana = '', holder = ''] = [ids[0], ids.find((id) => hasWallboard(world, id))]
    const { value: one } = await world.plans().plan(assigning(giving([ana, holder])))
    expect(one.summary).toBe(`Give ${WALLBOARD} to 1 person (1 pair was so already)`)
    const both = { assignments: [assignment(WALLBOARD, [holder]), assignment('cloudCX3', [holder])] }
    const { value: named } = await world.plans({ operation: 'named' }).plan(assigning(both))
    expect(named.summary).toMatch(/^Give cloudCX3 to \S+ \S+ \(1 pair was so already\)$/)
    const lacking = ids.filter((id) => !hasWallboard(world, id)).length
    const { value: list } = await world.plans({ operation: 'list' }).plan(assigning(giving(ids)))
    expect(list.summary).toBe(
      `Give ${WALLBOARD} to ${lacking} people (${520 - lacking} pairs were so already)`,
    )
    // Of what waits for its time nobody knows yet what it will find.
    const later = { ...assigning(giving([ana, holder])), notBefore: '2026-12-01T08:00:00Z' }
    const { value: waiting } = await world.plans({ operation: 'later' }).plan(later)
    expect(waiting.summary).toBe(`Give ${WALLBOARD} to 2 people`)
    const { value: none } = await world.plans({ operation: 'none' }).plan(assigning(giving([holder])))
    expect([none.state, none.summary]).toEqual(['NOOP', expect.stringMatching(/^Give \S+ to \S+ \S+$/)])
    expect(await listed(world)).toEqual(
      [one, named, list, waiting, none].map(({ summary }) => summary).sort(),
    )
  })

  it('of a direct write says the id, since it reads no more than it must', async () => {
    const world = await changeWorld()
    const ana = userAt(world, 0)
    await world.changes().assign(giving([ana]))
    expect(await listed(world)).toEqual([`Give ${WALLBOARD} to ${ana}`])
    expect(world.org.requests().filter(({ path }) => path.startsWith('/api/v2/users'))).toEqual([])
  })

  it('of a plan for somebody whose name cannot be read says the id', async () => {
    const world = await changeWorld()
    const ana = userAt(world, 0)
    world.org.addFaults([{ match: { method: 'GET', path: '/api/v2/users' }, do: { status: 403 } }])
    const { value } = await world.plans().plan(assigning(giving([ana])))
    expect(value.summary).toBe(`Give ${WALLBOARD} to ${ana}`)
  })

  it('of an undo tells the other direction', async () => {
    const world = await changeWorld()
    const { value } = await world.changes().request(assigning(giving([userAt(world, 0), userAt(world, 1)])))
    const undone = await world.changes({ operation: 'undo' }).undo(value.id)
    expect(undone.value.summary).toBe(`Take ${WALLBOARD} from 2 people, undoing ${value.id}`)
    const again = await world.changes({ operation: 'again' }).undo(value.id)
    expect(again.value.summary).toBe(`Undo ${value.id}`)
  })

  const both = {
    pairs: 3,
    users: 1,
    licenses: ['a', 'b', 'c'],
    userId: 'u1',
    gives: [
      { licenseId: 'a', users: 1 },
      { licenseId: 'b', users: 1 },
    ],
    takes: [{ licenseId: 'c', users: 1 }],
  }
  it.each([
    ['both directions', { desired: both }, 'Give a, b to Ana, take c from Ana'],
    [
      'what is made to last',
      { desired: both, kind: 'extend' as const },
      'Keep a, b with Ana, keep c away from Ana for good',
    ],
    [
      'a toggle that is made to last',
      { desired: { featureName: 't', enabled: false }, kind: 'extend' as const },
      'Keep t off for good',
    ],
    [
      'many licenses, the first of them',
      {
        desired: {
          ...{ pairs: 10, users: 2, licenses: [] },
          gives: ['a', 'b', 'c', 'd', 'e'].map((licenseId) => ({ licenseId, users: 2 })),
        },
      },
      'Give a to 2 people, give b to 2 people, give c to 2 people and 2 more',
    ],
    [
      'many gives with at least one take, which is never among what is counted alone',
      {
        desired: {
          pairs: 8,
          users: 8,
          licenses: ['a', 'b', 'c', 'd', 'e'],
          gives: ['a', 'b', 'c', 'd'].map((licenseId) => ({ licenseId, users: 2 })),
          takes: [{ licenseId: 'e', users: 10 }],
        },
      },
      'Give a to 2 people, give b to 2 people, take e from 10 people and 2 more',
    ],
    [
      'a record from before directions were kept',
      { desired: { pairs: 2, users: 2, licenses: ['a'] } },
      'Change a of 2 people',
    ],
  ])('tells %s', (_, about, line) => {
    expect(summaryOf(about, () => 'Ana')).toBe(line)
  })
})

describe('a requester', () => {
  it.each([
    [{ kind: 'jwt', id: 'x', person: 'olga' }, 'olga'],
    [{ kind: 'jwt', id: 'x', person: 'olga', name: 'Olga Oz' }, 'Olga Oz'],
    [{ kind: 'schedule', id: 'abc', person: 'olga', name: 'Olga Oz' }, 'Olga Oz by schedule abc'],
    [{ kind: 'event', id: 'local-operator' }, 'event source local-operator'],
    [{ kind: 'schedule', id: 'abc', person: 'olga' }, 'olga by schedule abc'],
    [{ kind: 'iam', id: 'arn:x' }, 'IAM arn:x'],
    [{ kind: 'event', id: 'com.x', tool: 'workforce' }, 'tool workforce'],
    [{ kind: 'event', id: 'com.x', tool: 'workforce' }, 'tool workforce'],
    [{ kind: 'event', id: 'a\nb\u202ec\u200b' }, 'event source a b c'],
  ] as const)('%j is %s', (actor, name) => {
    expect(requesterOf(actor)).toBe(name)
  })

  it.each([
    [{ kind: 'jwt', id: 'x', person: 'olga', name: 'Olga Oz' }, 'Olga Oz (olga)'],
    [{ kind: 'jwt', id: '3f2a', name: 'Olga Oz' }, 'Olga Oz (JWT subject 3f2a)'],
    [{ kind: 'jwt', id: 'x', person: 'olga' }, 'olga'],
  ] as const)('%j is %s where their id is told too', (actor, name) => {
    expect(requesterWithId(actor)).toBe(name)
  })

  it('of 143 characters is cut where everybody sees it', () => {
    const name = requesterOf({ kind: 'event', id: 'x'.repeat(143) })
    expect(name).toBe(`event source ${'x'.repeat(26)}…`)
    expect(name).toHaveLength(40)
  })
})
