/** What became of each pair of a list, while it runs and afterwards: no pair is missing, said twice, or counted as something else. */
import { expect, test } from 'vitest'
import {
  type ChangeOutcomes,
  type ChangeResult,
  resultOutcomes,
} from '../../../../lib/changes/answers/change-schemas.ts'
import { assignment, WALLBOARD } from '../../../support/changes/change-orders.ts'
import { BO, type ChangeWorld, changeWorld } from '../../../support/changes/change-world.ts'

const PEOPLE = 300
const OTHER = 'gc2WEMupgrade'
/** Both licenses of 47 people. */
const A_PART = 94

const keyed = (what: string) => ({ operation: what, idempotencyKey: `${what}-1` })
const pairOf = ({ licenseId, userId }: ChangeResult) => `${licenseId} ${userId}`

/** @param between pages. */
async function resultsOf(
  { records }: ChangeWorld,
  id: string,
  outcome?: ChangeResult['outcome'],
  between: () => Promise<void> = async () => {},
) {
  const found: ChangeResult[] = []
  let cursor: string | undefined
  do {
    const page = await records().results(id, { limit: 90, cursor, outcome })
    found.push(...page.entities)
    cursor = page.next
    if (cursor !== undefined) await between()
  } while (cursor !== undefined)
  return found
}

const countedAs: Readonly<Record<ChangeResult['outcome'], keyof ChangeOutcomes | undefined>> = {
  applied: 'applied',
  unchanged: 'unchanged',
  'not.applied': 'notApplied',
  unknown: 'unknown',
  superseded: 'superseded',
  conflict: 'conflict',
  'not.sent': 'notSent',
  invalid: undefined,
}

test('of a list each pair comes once, in one order, whatever its parts do between two pages; counts are those of the outcomes', async () => {
  const world = await changeWorld({ org: { users: PEOPLE } })
  const ids = world.org.people(PEOPLE).map(({ id }) => id)
  const assignments = [assignment(WALLBOARD, ids), assignment(OTHER, ids)]
  const { value: plan } = await world.plans().plan({ kind: 'assignments', assignments })
  const planned = (await resultsOf(world, plan.id)).map(pairOf)
  expect(new Set(planned).size).toBe(2 * PEOPLE)

  await world.changes(keyed('apply')).apply(plan.id, plan.digest)
  world.clock.advance(1_000)
  // Somebody vanishes from the first part, and of all that the fourth is about the newer wish is that it stays.
  const vanished = planned[5]?.split(' ')[1] ?? ''
  world.org.movePeople([{ id: vanished, state: 'vanished' }])
  const fourth = (await resultsOf(world, plan.id)).slice(3 * A_PART, 4 * A_PART)
  const staying = [WALLBOARD, OTHER].map((licenseId) => {
    const usersWith = (isHeld: boolean) =>
      fourth.flatMap(({ userId = '', ...each }) =>
        each.licenseId === licenseId && each.before === isHeld ? [userId] : [],
      )
    return assignment(licenseId, usersWith(true), usersWith(false))
  })
  await world.changes({ actor: BO, ...keyed('newer') }).request({ kind: 'assignments', assignments: staying })
  const seen = await resultsOf(world, plan.id, undefined, () => world.takeTurns(1))
  expect(seen.map(pairOf)).toEqual(planned)
  expect(new Set(seen.map(({ outcome }) => outcome))).toContain('applied')
  await world.takeTurns()

  const after = await resultsOf(world, plan.id)
  expect(after.map(pairOf)).toEqual(planned)
  const { state, list } = await world.records().change(plan.id)
  const counts: Record<string, number | undefined> = { ...list?.outcomes }
  expect([state, counts['conflict']]).toEqual([
    'PARTIAL',
    after.filter(({ userId }) => userId === vanished).length,
  ])
  expect(counts['superseded']).toBe(A_PART)
  for (const outcome of resultOutcomes) {
    const rows = after.filter((each) => each.outcome === outcome)
    const counted = countedAs[outcome]
    expect([outcome, rows.length]).toEqual([outcome, (counted && counts[counted]) ?? 0])
  }
  const left = await resultsOf(world, plan.id, 'superseded')
  expect(left).toEqual(after.filter(({ outcome }) => outcome === 'superseded'))

  // What was left to a newer wish stays left to it.
  world.org.movePeople([{ id: vanished, state: 'active' }])
  const { value: retry } = await world.plans({ actor: BO, ...keyed('retry') }).retry(plan.id)
  expect(retry.desired).toMatchObject({ users: [{ userId: vanished }] })
})
