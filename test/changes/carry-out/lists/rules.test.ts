/** Lists under rules: what takes a second person's word does so whatever the list is at, and whichever of its ids is named. */
import { expect, test } from 'vitest'
import { takeTurn } from '../../../../lib/changes/carry-out/lists/take-turn.ts'
import type { Policy } from '../../../../lib/changes/model/policy.ts'
import { partIdOf, revertIdOf } from '../../../../lib/changes/model/record-ids.ts'
import { amendHeader } from '../../../../lib/changes/record/write-header.ts'
import {
  assigning,
  BATCH_PATH,
  giving,
  hasWallboard,
  WALLBOARD,
} from '../../../support/changes/change-orders.ts'
import { ANA, BO, changeWorld, headerOf, NAMED_PEOPLE } from '../../../support/changes/change-world.ts'

const USERS = 560
const HOUR_MS = 3_600_000

const keyed = (what: string, actor = ANA) => ({ operation: what, idempotencyKey: what, actor })

const refused = (message: RegExp) =>
  expect.objectContaining({ code: 'change.state.conflict', message: expect.stringMatching(message) })

/** A list that was approved with its end. */
async function approvedWorld(
  until: { readonly revertAfter: string } | { readonly revertInMs: number },
  limits?: Policy['limits'],
) {
  const { plan, approve, ...rest } = await approvingWorld(until, limits)
  await approve()
  return { ...rest, id: plan.id }
}

/** One that waits for that. */
async function approvingWorld(
  until: { readonly revertAfter: string } | { readonly revertInMs: number } | { readonly notBefore: string },
  limits: Policy['limits'] = {},
) {
  const approvals = [{ licenses: [WALLBOARD] }]
  const world = await changeWorld({
    approvals,
    policy: { limits, people: NAMED_PEOPLE },
    org: { users: USERS },
  })
  const ids = world.org.people(USERS).map(({ id }) => id)
  const lacking = ids.filter((id) => !hasWallboard(world, id))
  const end =
    'revertInMs' in until
      ? { revertAt: new Date(world.clock.nowMs() + until.revertInMs).toISOString() }
      : until
  const { value } = await world.plans(keyed('plan')).plan({ ...assigning(giving(ids)), ...end })
  const approve = () => world.changes(keyed('approve', BO)).approve(value.id, value.digest)
  const holding = () => lacking.filter((id) => hasWallboard(world, id)).length
  return { world, plan: value, approve, lacking, holding }
}

test('a list that takes back what was approved with its end is neither called off nor paused, at no time', async () => {
  const { world, id, lacking, holding } = await approvedWorld({ revertAfter: 'PT1H' })
  await world.takeTurns()
  expect(holding()).toBe(lacking.length)
  world.clock.advance(HOUR_MS)
  await world.tick()
  await world.takeTurns(1)
  const revertId = revertIdOf(id)
  expect((await world.records().change(revertId)).state).toBe('RUNNING')
  await expect(world.records(keyed('cancel')).cancel(revertId)).rejects.toEqual(refused(/is not called off/))
  await expect(world.records(keyed('pause')).pause(revertId)).rejects.toEqual(refused(/is not paused/))
  await world.takeTurns()
  await world.rest()
  expect(holding()).toBe(0)
})

test('a part is decided about through its list alone, which the refusal names; a look may be had at it', async () => {
  const { world, id } = await approvedWorld({ revertAfter: 'PT1H' })
  world.org.addFaults([{ match: { method: 'POST', path: BATCH_PATH }, times: 9, do: { status: 429 } }])
  await world.takeTurns(1)
  world.org.clearFaults()
  const part = partIdOf(id, 0)
  expect(await headerOf(world, part)).toMatchObject({ partOf: { changeId: id, n: 0 }, state: 'APPROVED' })
  const named = { code: 'change.state.conflict', message: expect.stringContaining(`part of the list ${id}`) }
  const decisions = [
    () => world.records(keyed('cancel')).cancel(part),
    () => world.records(keyed('pause')).pause(part),
    () => world.records(keyed('reject', BO)).reject(part),
    () => world.changes(keyed('end')).end(part),
    () => world.records(keyed('extend')).extend(part, { revertAfter: 'PT9H' }),
    () => world.changes(keyed('undo')).undo(part),
    () => world.plans(keyed('retry')).retry(part),
  ]
  for (const decide of decisions) await expect(decide()).rejects.toMatchObject(named)
  expect((await headerOf(world, part)).state).toBe('APPROVED')
})

test.each([
  { title: 'an end', until: { revertInMs: HOUR_MS } },
  { title: 'an end that counts from what it gave last', until: { revertAfter: 'PT1H' } },
])('a paused list with $title begins no part past it, and is taken back on time', async ({ until }) => {
  const { world, id, holding } = await approvedWorld(until)
  await world.takeTurns(2)
  await world.records(keyed('pause')).pause(id)
  const given = holding()
  expect(given).toBeGreaterThan(0)
  const due = await world.records().changes({ filter: {}, dueWithinMs: HOUR_MS, limit: 10 })
  expect(due.entities.map((each) => each.id)).toEqual([id])
  world.clock.advance(HOUR_MS)
  await expect(world.changes(keyed('resume')).resume(id)).rejects.toEqual(refused(/order the rest anew/))
  await world.tick()
  expect(await world.records().change(id)).toMatchObject({
    state: 'PARTIAL',
    list: { outcomes: { applied: given }, stopped: { why: 'late' } },
  })
  await world.takeTurns()
  await world.rest()
  expect(holding()).toBe(0)
})

test('a pause puts off no end that was approved: it comes so long after the work as was agreed', async () => {
  const { world, id, holding } = await approvedWorld({ revertAfter: 'PT1H' })
  await world.tick()
  const PAUSE_MS = 25 * 60_000
  const pauseFor = async (what: string) => {
    await world.records(keyed(`pause ${what}`)).pause(id)
    world.clock.advance(PAUSE_MS)
    await world.changes(keyed(`resume ${what}`)).resume(id)
  }
  const dueInMs = async () =>
    Date.parse((await world.records().change(id)).revert?.dueAt ?? '') - world.clock.nowMs()
  // Nobody has anything of it yet: that is no time which they have it for.
  await pauseFor('before the first part')
  await world.takeTurns(1)
  expect(await dueInMs()).toBeGreaterThan(HOUR_MS - 60_000)
  const firstMs = world.clock.nowMs()
  await pauseFor('behind the first part')
  await world.takeTurns(1)
  await pauseFor('behind the second')
  const given = holding()
  await world.takeTurns(1)
  expect(holding()).toBeGreaterThan(given)
  const standing = await headerOf(world, id)
  expect((standing.dueAtMs ?? 0) <= firstMs + HOUR_MS + 60_000).toBe(true)
  await world.takeTurns()
  expect(await world.records().change(id)).toMatchObject({ state: 'APPLIED' })
  expect(await dueInMs()).toBeLessThan(HOUR_MS - 2 * PAUSE_MS + 60_000)
  expect(await dueInMs()).toBeGreaterThan(HOUR_MS - 2 * PAUSE_MS - 60_000)
  world.clock.advance(await dueInMs())
  await world.tick()
  await world.takeTurns()
  await world.rest()
  expect(holding()).toBe(0)
})

test.each(['paused', 'held back, since writes are paused', 'under way, and writes are paused'])(
  'an approved list that is %s lapses with its approval where nothing of it has begun',
  async (how) => {
    const { world, plan, approve, holding } = await approvingWorld({ revertAfter: 'PT1H' })
    const { id } = plan
    const stop = () => world.records(keyed('stop', BO)).setWrites({ state: 'paused', reason: 'a check' })
    if (how.startsWith('held')) await stop()
    await approve()
    if (how === 'paused') await world.records(keyed('pause')).pause(id)
    if (how.startsWith('under way')) await stop()
    // What is held back is given its time anew at each look.
    for (let passed = 0; passed < 7 * HOUR_MS; passed += HOUR_MS / 6) {
      world.clock.advance(HOUR_MS / 6)
      await world.tick()
    }
    await world.takeTurns()
    expect((await headerOf(world, id)).state).toBe(
      how === 'paused' ? 'PAUSED' : how.startsWith('held') ? 'APPROVED' : 'RUNNING',
    )
    world.clock.advance(HOUR_MS)
    if (how === 'paused') {
      await expect(world.changes(keyed('resume')).resume(id)).rejects.toEqual(
        refused(/had begun when its approval lapsed, at 20.*: order it anew/),
      )
      await world.tick()
    } else {
      // Whoever comes first, its turn or the tick.
      await world.records(keyed('go on', BO)).setWrites({ state: 'running' })
      await takeTurn(world.bench(), id)
      await world.tick()
    }
    const { state, history, dueAtMs } = await headerOf(world, id)
    expect([state, history.at(-1)?.note, dueAtMs, holding()]).toEqual([
      'EXPIRED',
      expect.stringMatching(/^nothing of it had begun when its approval lapsed, at 20/),
      undefined,
      0,
    ])
  },
)

test('a list that was approved for a later time has not lapsed then', async () => {
  const { world, plan, approve, holding, lacking } = await approvingWorld({
    notBefore: '2026-11-16T08:00:00Z',
  })
  await approve()
  world.clock.advance(Date.parse('2026-11-16T08:00:00Z') - world.clock.nowMs())
  await world.tick()
  await world.records(keyed('pause')).pause(plan.id)
  await world.tick()
  await world.changes(keyed('resume')).resume(plan.id)
  await world.takeTurns()
  expect(holding()).toBe(lacking.length)
})

test('the end of a list under way is moved by approval, and comes at once where it is asked for', async () => {
  const { world, id, holding } = await approvedWorld({ revertInMs: HOUR_MS })
  await world.takeTurns(1)
  const later = await world.records(keyed('extend')).extend(id, { revertAfter: 'PT9H' })
  expect(later.value).toMatchObject({ state: 'AWAITING_APPROVAL', extends: id })
  await world.changes(keyed('agree', BO)).approve(later.value.id, later.value.digest)
  world.clock.advance(2 * HOUR_MS)
  await world.takeTurns(2)
  expect(await world.records().change(id)).toMatchObject({ state: 'RUNNING', list: { begun: 3 } })
  await world.changes(keyed('end')).end(id)
  await world.takeTurns()
  await world.rest()
  expect(await world.records().change(id)).toMatchObject({
    state: 'PARTIAL',
    list: { begun: 3, stopped: { why: 'late', by: 'ana' } },
    failure: { message: expect.stringContaining('ended by Ana Abebe: ') },
  })
  expect(holding()).toBe(0)
})

test('a list that has been paused too often is called off all the same, twice is once, and what it gave is taken back', async () => {
  const { world, id, holding } = await approvedWorld({ revertAfter: 'PT1H' })
  await world.takeTurns(1)
  const seen = await headerOf(world, id)
  const turns = Array.from({ length: 4_400 }, () => ({
    state: seen.state,
    atMs: seen.updatedAtMs,
    by: 'an operator who pauses',
  }))
  const next = amendHeader(seen, { history: [...seen.history, ...turns] }, world.clock.nowMs())
  await world.store.ledger.commit([{ kind: 'replace', next, seen }])
  await expect(world.records(keyed('pause')).pause(id)).rejects.toEqual(refused(/is full.*; cancel it/))
  await expect(world.records(keyed('extend')).extend(id, { revertAfter: 'PT9H' })).rejects.toEqual(
    refused(/is full.*; its end stays/),
  )
  await world.records(keyed('cancel')).cancel(id)
  await world.rest()
  expect(await world.records(keyed('cancel-again')).cancel(id)).toMatchObject({
    isReplay: true,
    value: { id, state: 'PARTIAL', list: { begun: 1, stopped: { why: 'called off' } } },
  })
  world.clock.advance(HOUR_MS)
  await world.tick()
  await world.takeTurns()
  await world.rest()
  expect(holding()).toBe(0)
})

test('what the org file protects since a list was planned is given nothing: no resume, and no part, does so', async () => {
  const limits: { protectedPeople: string[] } = { protectedPeople: [] }
  const { world, id, lacking, holding } = await approvedWorld({ revertAfter: 'PT1H' }, limits)
  await world.takeTurns(1)
  await world.records(keyed('pause')).pause(id)
  const last = lacking.filter((each) => !hasWallboard(world, each)).slice(-1)
  limits.protectedPeople = last
  await expect(world.changes(keyed('resume')).resume(id)).rejects.toMatchObject({
    code: 'change.limit.refused',
  })
  limits.protectedPeople = []
  await world.changes(keyed('resume')).resume(id)
  limits.protectedPeople = last
  await world.takeTurns()
  expect(await world.records().change(id)).toMatchObject({
    state: 'PARTIAL',
    list: { outcomes: { applied: lacking.length - 1, conflict: 1 } },
  })
  expect(holding()).toBe(lacking.length - 1)
  const { entities } = await world.records().results(id, { limit: 10, outcome: 'conflict' })
  expect(entities.map(({ userId, result }) => ({ userId, result }))).toEqual([
    { userId: last[0], result: 'CONFLICT: the org file protects the user' },
  ])
})
