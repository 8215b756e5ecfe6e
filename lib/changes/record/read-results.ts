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

/** @param from the first piece. @throws GatewayError `ledger.unavailable` */
export async function* readResults(
  ledger: Ledger,
  header: Header,
  from = 0,
): AsyncGenerator<ResultPiece, void, void> {
  const { list, id } = header
  if (!list) {
    if (from > 0) return
    const [plan, evidence] = [await ledger.plan(header), await ledger.evidence(header)]
    yield { n: 0, results: standingResultsOf(header, plan, evidence) }
    return
  }
  let n = from
  for await (const planned of ledger.parts(header, from)) {
    const part = n < list.next ? await ledger.get(partIdOf(id, n)) : undefined
    yield {
      n,
      results: part
        ? asPlanned(planned, partResultsOf(part, await ledger.plan(part), await ledger.evidence(part)))
        : notBegun(planned, n >= list.parts),
    }
    n += 1
  }
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
