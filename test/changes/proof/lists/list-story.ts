/** Lists as a property: whatever goes wrong with one, what is told of it, done again and taken back adds up. */
import fc from 'fast-check'
import type { OrgFault } from '../../../../infra/local/org/faults/faults.ts'
import { resultColumns, rowOfResult, withAction } from '../../../../lib/changes/answers/change-rows.ts'
import type { Change, ChangeResult } from '../../../../lib/changes/answers/change-schemas.ts'
import { takeTurn } from '../../../../lib/changes/carry-out/lists/take-turn.ts'
import { tick } from '../../../../lib/changes/carry-out/tick.ts'
import { type PlanRow, pairOf, type Target, targetKey } from '../../../../lib/changes/model/change.ts'
import { listStates } from '../../../../lib/changes/model/transitions.ts'
import { readCsv } from '../../../../lib/changes/plan/lists/read-csv.ts'
import { csvOf } from '../../../../lib/http/files/encode-rows.ts'
import { assigning, BATCH_PATH } from '../../../support/changes/change-orders.ts'
import { type ChangeWorld, headerOf, openChangeWorld } from '../../../support/changes/change-world.ts'
import { benchBehind, mortal, openGate } from '../gate.ts'
import { watchList } from './list-ledger.ts'

/** Few people with many licenses: more pairs than one write may have, in an org that is quick to start. */
export const PEOPLE = 56
export const LICENSES: readonly string[] = [
  'cloudCX1',
  'cloudCX2',
  'cloudCX3',
  'communicate',
  'collaborate',
  'collaboratePro',
  'gc1WEMupgrade',
  'gc2WEMupgrade',
  'gcSTAupgrade',
  'wallboardUser',
  'agentAssistLicense',
  'predictiveEngagementLicense',
]

/** What happens in a turn, or just before it. */
const mishaps = ['none', 'refused', 'lost', 'applied, and lost', 'dies', 'paused', 'done by hand'] as const

/** What the org does with the batch of a turn. */
const actions: Readonly<Partial<Record<string, OrgFault['do']>>> = {
  refused: { status: 400 },
  lost: { reset: true },
  'applied, and lost': { applyThenReset: true },
}

/** For each person and license: it is given, taken, or not spoken of. */
const wishes = fc.array(
  fc.constantFrom('give', 'take', 'give', 'take', 'give', 'take', 'give', 'take', 'leave'),
  {
    minLength: PEOPLE * LICENSES.length,
    maxLength: PEOPLE * LICENSES.length,
  },
)
const story = fc.record({
  wishes,
  turns: fc.array(
    fc.record({ mishap: fc.constantFrom(...mishaps), atCall: fc.integer({ min: 1, max: 14 }) }),
    {
      maxLength: 8,
    },
  ),
  isCalledOff: fc.boolean(),
})
type Story = typeof story extends fc.Arbitrary<infer S> ? S : never

/** What each person holds, as one text. */
export const truthOf = ({ org }: ChangeWorld): string =>
  Object.entries(org.truth().users)
    .flatMap(([userId, licenses]) => licenses.map((licenseId) => `${userId} ${licenseId}`))
    .sort()
    .join('\n')

export function orderOf({ org }: ChangeWorld, wished: readonly string[]): Target[] {
  return org.people(PEOPLE).flatMap(({ id: userId }, person) =>
    LICENSES.flatMap((licenseId, place): Target[] => {
      const wish = wished[person * LICENSES.length + place]
      return wish === 'give' || wish === 'take' ? [{ userId, licenseId, desired: wish === 'give' }] : []
    }),
  )
}

export const asAssignments = (targets: readonly Target[]) => ({
  assignments: [...Map.groupBy(targets.map(pairAnd), ({ licenseId }) => licenseId)].map(
    ([licenseId, of]) => ({
      licenseId,
      userIdsAdd: of.filter(({ desired }) => desired).map(({ userId }) => userId),
      userIdsRemove: of.filter(({ desired }) => !desired).map(({ userId }) => userId),
    }),
  ),
})
const pairAnd = (target: Target) => ({ ...pairOf(target), desired: target.desired })

const namesOf = (targets: readonly Target[]) =>
  targets.map((target) => `${targetKey(target)} ${target.desired}`).sort()

let keys = 0
const keyed = () => ({ operation: 'a-story', idempotencyKey: `story-${++keys}` })

/** Everything that `GET …/results` tells, page by page. */
async function resultsOf(world: ChangeWorld, changeId: string): Promise<ChangeResult[]> {
  const found: ChangeResult[] = []
  let cursor: string | undefined
  do {
    const page = await world.records().results(changeId, { limit: 200, cursor })
    found.push(...page.entities)
    cursor = page.next
  } while (cursor !== undefined)
  return found
}

const targetsIn = (results: readonly ChangeResult[]): Target[] =>
  results.map(({ userId = '', licenseId = '', desired = false }) => ({ userId, licenseId, desired }))

/** Carries a plan or an undo out to its end, whatever its length. */
export async function carryThrough(world: ChangeWorld, change: Change): Promise<Change> {
  const { state, id, digest, impact } = change
  if (state === 'PLANNED') await world.changes(keyed()).apply(id, digest, impact?.people)
  await world.takeTurns()
  await world.rest()
  return await world.records().change(id)
}

export async function undone(world: ChangeWorld, changeId: string): Promise<Change> {
  const confirming = world.changes(keyed())
  try {
    return await carryThrough(world, (await confirming.undo(changeId)).value)
  } catch (error) {
    const people = /changes (\d+) pe(?:ople|rson)/.exec(String(error))?.[1]
    if (people === undefined) throw error
    return await carryThrough(
      world,
      (await world.changes(keyed()).undo(changeId, { confirmPeople: Number(people) })).value,
    )
  }
}

/** @returns a sentence for each promise that was broken. */
async function faultsOfStory(
  world: ChangeWorld,
  { wishes: wished, turns, isCalledOff }: Story,
): Promise<string[]> {
  const faults: string[] = []
  const must = (holds: boolean, what: string) => {
    if (!holds) faults.push(what)
  }
  const asked = orderOf(world, wished)
  const { value: plan } = await world.plans(keyed()).plan(assigning(asAssignments(asked)))
  const header = await headerOf(world, plan.id)
  if (!header.list) return []

  const parts: PlanRow[] = []
  for await (const part of world.store.ledger.parts(header)) parts.push(part)
  const same = (one: readonly string[], other: readonly string[]) => one.join() === other.join()
  must(
    same(namesOf(parts.flatMap(({ targets }) => targets)), namesOf(asked)),
    'a pair is in no part, or in two',
  )
  const partsOf = parts.map(({ targets }) => new Set(targets.map((target) => pairOf(target).userId)))
  const people = new Set(partsOf.flatMap((each) => [...each]))
  must(partsOf.reduce((sum, { size }) => sum + size, 0) === people.size, 'a person is in two parts')

  let before = truthOf(world)
  await world.changes(keyed()).apply(plan.id, plan.digest, plan.impact?.people)
  const watch = watchList(world, plan.id)
  for (const { mishap, atCall } of turns) {
    const { state, list } = await headerOf(world, plan.id)
    if (!listStates.includes(state) || !list) break
    if (mishap === 'done by hand') {
      const [target] = list.next < parts.length ? (parts[list.next]?.targets ?? []) : []
      if (target) {
        // It is as desired without us from now on, and stays so when all is taken back.
        world.org.assign(asAssignments([target]))
        const { userId, licenseId } = pairOf(target)
        const without = before.split('\n').filter((each) => each !== `${userId} ${licenseId}`)
        before = (target.desired ? [...without, `${userId} ${licenseId}`] : without).sort().join('\n')
      }
    }
    if (mishap === 'paused') {
      await world.records(keyed()).pause(plan.id)
      await takeTurn(world.bench(), plan.id)
      must((await headerOf(world, plan.id)).list?.next === list.next, 'a paused list began a part')
      if ((await headerOf(world, plan.id)).state === 'PAUSED') await world.changes(keyed()).resume(plan.id)
    }
    const action = actions[mishap]
    if (action) world.org.addFaults([{ match: { method: 'POST', path: BATCH_PATH }, times: 1, do: action }])
    const mortally = mishap === 'dies' ? mortal(atCall, true) : undefined
    const bench = benchBehind(world, watch.counting(mortally?.gate ?? openGate), {}, watch.wire)
    await (mortally ? mortally.outlive(takeTurn(bench, plan.id)) : takeTurn(bench, plan.id))
    world.org.clearFaults()
  }
  if (isCalledOff && listStates.includes((await headerOf(world, plan.id)).state)) {
    await world.records(keyed()).cancel(plan.id)
  }
  for (let ticks = 0; ticks < 40 && listStates.includes((await headerOf(world, plan.id)).state); ticks++) {
    await world.takeTurns()
    world.clock.advance(60_000)
    const bench = benchBehind(world, watch.counting(openGate), {}, watch.wire)
    await tick(bench, async () => bench)
  }
  await world.rest()
  faults.push(...watch.faults)

  const ended = await world.records().change(plan.id)
  must(!listStates.some((each) => each === ended.state), `it does not end: ${ended.state}`)
  const results = await resultsOf(world, plan.id)
  must(same(namesOf(targetsIn(results)), namesOf(asked)), 'results are not of the pairs of the plan')
  const held = new Set(truthOf(world).split('\n'))
  for (const { userId, licenseId, desired, outcome } of results) {
    const isHeld = held.has(`${userId} ${licenseId}`)
    const isAsTold = outcome === 'applied' || outcome === 'unchanged' ? isHeld === desired : true
    must(isAsTold, `${userId} ${licenseId} is told as ${outcome}, and is not`)
  }

  const { head, encode } = csvOf(resultColumns, true)
  const file = Buffer.from(
    head + encode(results.map((each) => withAction(rowOfResult(each, () => undefined)))),
  )
  const again = readCsv(file).rows.map(({ user, license, isGiven }) => ({
    userId: user,
    licenseId: license,
    desired: isGiven,
  }))
  must(same(namesOf(again), namesOf(asked)), 'the file of results has other pairs than the plan')

  const done = results.filter(({ outcome }) => ['applied', 'unchanged', 'superseded'].includes(outcome))
  let retried: Change | undefined
  if (done.length < results.length) {
    const { value: retry } = await world.plans(keyed()).retry(plan.id)
    const left = await resultsOf(world, retry.id)
    const both = namesOf([...targetsIn(done), ...targetsIn(left)])
    must(same(both, namesOf(asked)), 'what is retried and what came about are not the plan')
    retried = await carryThrough(world, retry)
    must(retried.state === 'APPLIED' || retried.state === 'NOOP', `the retry ends ${retried.state}`)
  }
  const reached = new Set(truthOf(world).split('\n'))
  const isReached = asked.every((target) => {
    const { userId, licenseId } = pairOf(target)
    return reached.has(`${userId} ${licenseId}`) === target.desired
  })
  must(isReached, 'the org is not as desired in the end')

  for (const change of [retried, ended]) {
    if (!change || !['APPLIED', 'PARTIAL', 'NEEDS_ATTENTION'].includes(change.state)) continue
    const { state, leftAlone } = await undone(world, change.id)
    must(state === 'APPLIED' || state === 'NOOP', `its undo ends ${state}`)
    must(change.state === 'NEEDS_ATTENTION' || !leftAlone?.length, 'its undo leaves something alone')
  }
  must(truthOf(world) === before, 'a list and its undo leave the org another than it was')
  return faults
}

/** @param onDone called after each story that kept all promises. */
export function listsHold(onDone: () => void = () => {}) {
  return fc.asyncProperty(story, async (told) => {
    const world = await openChangeWorld({ org: { users: PEOPLE } })
    try {
      const faults = await faultsOfStory(world, told)
      if (faults.length > 0) throw new Error(faults.slice(0, 20).join('\n'))
      onDone()
    } finally {
      await world.close()
    }
  })
}
