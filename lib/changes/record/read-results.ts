/** What became of each target of a change, some after others: of a list by its parts, so that no more of it is held at once. */
import type { ChangeResult } from '../answers/change-schemas.ts'
import { partResultsOf } from '../answers/count-outcomes.ts'
import { resultOf, standingResultsOf } from '../answers/render-results.ts'
import { type PlanRow, targetKey } from '../model/change.ts'
import type { Header } from '../model/header.ts'
import { partIdOf } from '../model/record-ids.ts'
import type { Ledger } from './ledger.ts'

/** The n-th piece of a change's results: all of an ordinary change are one. */
export interface ResultPiece {
  readonly n: number
  readonly results: readonly ChangeResult[]
}

/** Parts whose rows are read at a time where all are wanted: one after the other, those of 50,000 pairs take ten seconds. */
const PARTS_AT_ONCE = 16

/** All of them, in their order. @throws GatewayError `ledger.unavailable` */
export function readAllResults(ledger: Ledger, header: Header): AsyncGenerator<ResultPiece, void, void> {
  return readResults(ledger, header, 0, PARTS_AT_ONCE)
}

/**
 * @param from the first piece.
 * @param atOnce parts that are read together; of a page one is often enough.
 * @throws GatewayError `ledger.unavailable`
 */
export async function* readResults(
  ledger: Ledger,
  header: Header,
  from = 0,
  atOnce = 1,
): AsyncGenerator<ResultPiece, void, void> {
  const { list, id } = header
  if (!list) {
    if (from > 0) return
    const [plan, evidence] = [await ledger.plan(header), await ledger.evidence(header)]
    yield { n: 0, results: standingResultsOf(header, plan, evidence) }
    return
  }
  let next = from
  for await (const group of groupsOf(ledger.parts(header, from), atOnce)) {
    const first = next
    yield* await Promise.all(group.map((planned, index) => readPart(planned, first + index)))
    next += group.length
  }

  async function readPart(planned: PlanRow, n: number): Promise<ResultPiece> {
    const part = n < (list?.next ?? 0) ? await ledger.get(partIdOf(id, n)) : undefined
    if (!part) return { n, results: notBegun(planned, n >= (list?.parts ?? 0)) }
    const [plan, evidence] = await Promise.all([ledger.plan(part), ledger.evidence(part)])
    return { n, results: asPlanned(planned, partResultsOf(part, plan, evidence)) }
  }
}

async function* groupsOf<T>(all: AsyncIterable<T>, most: number): AsyncGenerator<T[], void, void> {
  let group: T[] = []
  for await (const each of all) {
    group.push(each)
    if (group.length < most) continue
    yield group
    group = []
  }
  if (group.length > 0) yield group
}

/** @param isIdle of all of it that it held already. */
function notBegun({ targets, before }: PlanRow, isIdle: boolean): ChangeResult[] {
  return targets.map((target, index) => resultOf(target, isIdle ? 'unchanged' : 'not.sent', before?.[index]))
}

/**
 * Before is what the list's plan saw, as whoever confirmed it did, and not what its part found later; and the order is the
 * plan's, so that a page that is asked for once the part has begun goes on where the one before it ended.
 */
function asPlanned({ targets, before }: PlanRow, results: readonly ChangeResult[]): ChangeResult[] {
  const found = new Map(results.map((result) => [keyOf(result), result]))
  return targets.map((target, index) => ({
    ...(found.get(targetKey(target)) ?? resultOf(target, 'not.sent')),
    before: before?.[index],
  }))
}

function keyOf({ licenseId = '', userId = '', desired = false }: ChangeResult): string {
  return targetKey({ licenseId, userId, desired })
}
