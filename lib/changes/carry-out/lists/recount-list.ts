/** What a list has come to, counted anew from its parts: somebody has had some of them looked at since it ended. */
import type { ListOutcomes, ListState } from '../../model/header.ts'
import { partIdOf } from '../../model/record-ids.ts'
import type { Ledger } from '../../record/ledger.ts'
import { type StandingPart, withPart } from './count-parts.ts'
import type { ListHeader } from './step-list.ts'

/** Parts whose rows are read at a time. */
const PARTS_AT_ONCE = 16

/** @param header of a list of which no part is under way. @throws GatewayError `ledger.unavailable` */
export async function recountList(
  ledger: Pick<Ledger, 'headers' | 'plan' | 'evidence'>,
  { id, list }: ListHeader,
): Promise<ListState> {
  const begun = Array.from({ length: list.next }, (_, n) => n)
  let counted: ListState = { ...list, open: begun, outcomes: {}, attention: [] }
  for (let first = 0; first < list.next; first += PARTS_AT_ONCE) {
    const places = begun.slice(first, first + PARTS_AT_ONCE)
    const headers = await ledger.headers(places.map((n) => partIdOf(id, n)))
    const parts = places.map(async (n): Promise<StandingPart | undefined> => {
      const header = headers.get(partIdOf(id, n))
      if (!header) return undefined
      const [plan, evidence] = await Promise.all([ledger.plan(header), ledger.evidence(header)])
      return { n, header, plan, evidence }
    })
    for (const part of await Promise.all(parts)) if (part) counted = withPart(counted, part)
  }
  // What held already when it was planned is in no part that has begun.
  const idle = sumOf(list.outcomes) - sumOf(counted.outcomes)
  const { unchanged = 0 } = counted.outcomes
  const outcomes = idle === 0 ? counted.outcomes : { ...counted.outcomes, unchanged: unchanged + idle }
  return { ...counted, open: list.open, outcomes }
}

function sumOf(outcomes: ListOutcomes): number {
  return Object.values(outcomes).reduce((sum, each) => sum + each, 0)
}
