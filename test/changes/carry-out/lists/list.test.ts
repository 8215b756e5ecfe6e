/** A list: a change about more pairs than one write may have, carried out part by part. */
import { expect, test } from 'vitest'
import { resultColumns } from '../../../../lib/changes/answers/change-rows.ts'
import type { ChangeResult } from '../../../../lib/changes/answers/change-schemas.ts'
import { csvOf } from '../../../../lib/http/files/encode-rows.ts'
import {
  assigning,
  giving,
  hasWallboard,
  toldTypes,
  WALLBOARD,
} from '../../../support/changes/change-orders.ts'
import { BO, type ChangeWorld, changeWorld } from '../../../support/changes/change-world.ts'

const USERS = 650

const keyed = (what: string) => ({ operation: what, idempotencyKey: `${what}-1` })

interface ListWorld extends ChangeWorld {
  readonly ids: readonly string[]
  readonly plan: (ids?: readonly string[]) => ReturnType<ReturnType<ChangeWorld['plans']>['plan']>
  /** A plan of all, applied. */
  readonly begin: () => Promise<string>
  readonly results: (changeId: string) => Promise<ChangeResult[]>
}

async function listWorld(options: Parameters<typeof changeWorld>[0] = {}): Promise<ListWorld> {
  const world = await changeWorld({ ...options, org: { users: USERS, ...options.org } })
  const ids = world.org.people(USERS).map(({ id }) => id)
  const plan = (of: readonly string[] = ids) => world.plans().plan(assigning(giving([...of])))
  return {
    ...world,
    ids,
    plan,
    async begin() {
      const { value } = await plan()
      await world.changes(keyed('apply')).apply(value.id, value.digest)
      return value.id
    },
    async results(changeId) {
      const found: ChangeResult[] = []
      let cursor: string | undefined
      do {
        const page = await world.records().results(changeId, { limit: 60, cursor })
        found.push(...page.entities)
        cursor = page.next
      } while (cursor !== undefined)
      return found
    },
  }
}

test('more pairs than one write may have are dealt out to parts, each pair to one, all are carried out, and results come in pages (D35)', async () => {
  const world = await listWorld()
  const held = world.ids.filter((id) => hasWallboard(world, id))
  const { value: plan } = await world.plan()
  expect(plan).toMatchObject({ state: 'PLANNED', list: { begun: 0, outcomes: { notSettled: USERS } } })

  const begun = await world.changes(keyed('apply')).apply(plan.id, plan.digest)
  expect(begun.value.state).toBe('RUNNING')
  await world.takeTurns()

  const change = await world.records().change(plan.id)
  const given = USERS - held.length
  expect(change).toMatchObject({
    state: 'APPLIED',
    list: {
      parts: Math.ceil(given / 95) + Math.ceil(held.length / 95),
      outcomes: { applied: given, unchanged: held.length },
    },
  })
  expect(world.ids.filter((id) => !hasWallboard(world, id))).toEqual([])
  expect(world.posts()).toBe(Math.ceil(given / 95))
  const results = await world.results(plan.id)
  expect(results.map(({ userId }) => userId).sort()).toEqual([...world.ids].sort())
  expect(new Set(results.map(({ outcome }) => outcome))).toEqual(new Set(['applied', 'unchanged']))
  expect(
    results
      .filter(({ before }) => before)
      .map(({ userId }) => userId)
      .sort(),
  ).toEqual(held.toSorted())
  expect(results.every(({ after }) => after)).toBe(true)
})

test('the file of results can be handed in again: what is done already is found done', async () => {
  const world = await listWorld()
  const id = await world.begin()
  await world.takeTurns()
  const { head, encode } = csvOf(resultColumns, true)
  let text = head
  for await (const rows of world.records().resultRows(id, 'applied')) text += encode(rows)
  const { value } = await world.plans(keyed('again')).planFile(Buffer.from(text), {})
  const { outcomes } = (await world.records().change(id)).list ?? {}
  expect(value).toMatchObject({ state: 'NOOP', desired: { pairs: outcomes?.applied } })
})

test('a part is no entry of the list of changes, but where somebody asks about one of its people', async () => {
  const world = await listWorld()
  const id = await world.begin()
  await world.takeTurns()
  const all = await world.records().changes({ filter: {}, limit: 100 })
  expect(all.entities.map((each) => each.id)).toEqual([id])
  const given = (await world.results(id)).find(({ outcome }) => outcome === 'applied')?.userId
  const ofPerson = await world.records().changes({ filter: { userId: given }, limit: 100 })
  expect(ofPerson.entities).toMatchObject([{ partOf: { changeId: id }, state: 'APPLIED' }])
  const open = await world.records().changes({ filter: { states: ['APPLIED'] }, limit: 100 })
  expect(open.entities.map((each) => each.id)).toEqual([id])
})

test('a paused list begins no part, and a resumed one goes on where it was', async () => {
  const world = await listWorld()
  const id = await world.begin()
  await world.takeTurns(2)
  expect((await world.records(keyed('pause')).pause(id)).value).toMatchObject({
    state: 'PAUSED',
    list: { begun: 2 },
  })
  await world.takeTurns()
  await world.tick()
  expect(world.posts()).toBe(2)
  expect((await world.changes(keyed('resume')).resume(id)).value.state).toBe('RUNNING')
  await world.takeTurns()
  expect(await world.records().change(id)).toMatchObject({ state: 'APPLIED' })
})

test('the end of a list is told from its first part on, and neither while it is paused nor with the pause in it', async () => {
  const world = await listWorld({ org: { users: 510 } })
  const { value: plan } = await world.plan(world.org.people(510).map(({ id }) => id))
  await world.changes(keyed('apply')).apply(plan.id, plan.digest)
  const told = async () => (await world.records().change(plan.id)).list
  expect(await told()).toMatchObject({ begun: 0, requests: 0, endEstimatedAt: undefined })
  const partMs = 30_000
  const takeSlowly = async () => {
    await world.takeTurns(1)
    world.clock.advance(partMs)
  }
  await world.takeTurns(1)
  expect((await told())?.endEstimatedAt).toBeDefined()
  world.clock.advance(partMs)
  await takeSlowly()
  await takeSlowly()
  const early = await told()
  expect(early).toMatchObject({ begun: 3, requestsPerMinute: Math.round((early?.requests ?? 0) / 1) })
  const setWrites = (state: 'paused' | 'running') =>
    world.records({ actor: BO, ...keyed(state) }).setWrites({ state, reason: 'A freeze' })
  await setWrites('paused')
  expect(await told()).toMatchObject({ begun: 3, endEstimatedAt: undefined, requestsPerMinute: undefined })
  await setWrites('running')
  await world.records(keyed('pause')).pause(plan.id)
  expect(await told()).toMatchObject({ endEstimatedAt: undefined, requestsPerMinute: undefined })
  world.clock.advance(3_600_000)
  await world.changes(keyed('resume')).resume(plan.id)
  expect(await told()).toMatchObject({ endEstimatedAt: undefined, requestsPerMinute: undefined })
  await takeSlowly()
  await world.takeTurns(1)
  const late = await told()
  const leftMs = Date.parse(late?.endEstimatedAt ?? '') - world.clock.nowMs()
  expect([late?.begun, late?.parts]).toEqual([5, 7])
  expect(leftMs).toBeGreaterThan(0)
  expect(leftMs).toBeLessThan(2 * partMs)
  await world.takeTurns()
  expect(await told()).toMatchObject({ begun: 7, endEstimatedAt: undefined, requestsPerMinute: undefined })
})

test('a list that is called off in the middle keeps what it did, says so, and is undone as far as it came', async () => {
  const world = await listWorld()
  const before = world.ids.filter((id) => hasWallboard(world, id))
  const id = await world.begin()
  await world.takeTurns(3)
  await world.records(keyed('cancel')).cancel(id)
  await world.takeTurns()
  await world.tick()
  const change = await world.records().change(id)
  expect(change).toMatchObject({
    state: 'PARTIAL',
    list: { begun: 3, outcomes: { applied: 3 * 95 }, stopped: { why: 'called off', by: 'ana' } },
  })
  const results = await world.results(id)
  expect(results.filter(({ outcome }) => outcome === 'not.sent')).toHaveLength(USERS - 3 * 95)
  const undone = await world.changes(keyed('undo')).undo(id, { confirmPeople: 3 * 95 })
  expect(undone.value.state).toBe('APPLIED')
  expect(world.ids.filter((each) => hasWallboard(world, each))).toEqual(before)
})

test.each(['RUNNING', 'PAUSED'] as const)(
  'a list that is %s is called off before it is undone',
  async (state) => {
    const world = await listWorld()
    const id = await world.begin()
    await world.takeTurns(1)
    if (state === 'PAUSED') await world.records(keyed('pause')).pause(id)
    await expect(world.changes(keyed('undo')).undo(id)).rejects.toMatchObject({
      code: 'change.state.conflict',
      message: `The change ${id} is ${state}: cancel it first, and undo what it has done once it has ended`,
    })
  },
)

test('of a list that is called off before it began nothing is open', async () => {
  const world = await listWorld()
  const { value: plan } = await world.plan()
  const { value: cancelled } = await world.records(keyed('cancel')).cancel(plan.id)
  const { list } = await world.records().change(plan.id)
  expect(cancelled.list?.outcomes).toEqual(list?.outcomes)
  expect(list?.outcomes).toEqual({ notSent: USERS })
})

test('a list is undone once at a time: another is told which does, and of two at one moment one is made', async () => {
  const world = await listWorld()
  const id = await world.begin()
  await world.takeTurns()
  const { list } = await world.records().change(id)
  const people = list?.outcomes.applied
  const asked = await Promise.allSettled(
    ['one', 'two'].map((key) => world.changes(keyed(key)).undo(id, { confirmPeople: people })),
  )
  expect(asked.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  const undo = asked.flatMap((each) => (each.status === 'fulfilled' ? [each.value.value] : []))[0]
  expect(undo).toMatchObject({ state: 'RUNNING', undoes: id })
  await expect(world.changes(keyed('three')).undo(id, { confirmPeople: people })).rejects.toMatchObject({
    code: 'change.state.conflict',
    message: `The change ${id} is being undone by ${undo?.id}, which is RUNNING: go on with that one`,
  })
  expect(await world.records().change(id)).toMatchObject({ undoneBy: undo?.id })
  await world.takeTurns()
})

test('a turn whose message is lost is asked for anew by the tick', async () => {
  const world = await listWorld()
  const id = await world.begin()
  await world.takeTurns(1)
  world.loseTurns()
  world.clock.advance(5 * 60_000)
  await world.tick()
  await world.takeTurns()
  expect(await world.records().change(id)).toMatchObject({ state: 'APPLIED' })
})

test('a list waits for approval as a whole, and its parts ask nobody', async () => {
  const world = await listWorld({ approvals: [{ peopleOver: 100 }] })
  const { value: plan } = await world.plan()
  expect(plan.state).toBe('AWAITING_APPROVAL')
  const approved = await world.changes({ actor: BO, ...keyed('approve') }).approve(plan.id, plan.digest)
  expect(approved.value.state).toBe('RUNNING')
  await world.takeTurns()
  expect(await world.records().change(plan.id)).toMatchObject({ state: 'APPLIED' })
  await world.tick()
  expect(toldTypes(world)).toEqual(['License Change Running', 'License Change Applied'])
})

test('of a person whom Genesys knows no longer nothing is sent, and the rest of the part goes on (D34)', async () => {
  const world = await listWorld()
  const [gone] = world.ids.filter((id) => !hasWallboard(world, id))
  if (gone === undefined) throw new Error('everybody holds it')
  const order = { ...assigning(giving([...world.ids])), onConflict: 'skip' } as const
  const { value: plan } = await world.plans().plan(order)
  world.org.movePeople([{ id: gone, state: 'vanished' }])
  await world.changes(keyed('apply')).apply(plan.id, plan.digest)
  await world.takeTurns()
  expect(await world.records().change(plan.id)).toMatchObject({
    state: 'PARTIAL',
    list: { outcomes: { conflict: 1 } },
  })
  const [conflict] = (await world.results(plan.id)).filter(({ outcome }) => outcome === 'conflict')
  expect(conflict).toEqual({
    licenseId: WALLBOARD,
    userId: gone,
    desired: true,
    before: false,
    outcome: 'conflict',
    result: 'CONFLICT: Genesys did not say what this user holds now',
  })
})
