/** What a list has come to, counted anew from its parts: somebody has had some of them looked at since it ended. */
import type { Failure } from '../../model/change.ts'
import { reasonOf } from '../../model/failure.ts'
import type { ListState } from '../../model/header.ts'
import type { Ledger } from '../../record/ledger.ts'
import { begunPartsOf, mapSome } from '../../record/read-targets.ts'
import { requireHeader } from '../../record/write-header.ts'
import { withPart } from './count-parts.ts'
import type { ListHeader } from './step-list.ts'

/** @param header of a list of which no part is under way. @throws GatewayError as the ledger's reads. */
export async function recountList(ledger: Ledger, header: ListHeader): Promise<ListState> {
  const { list } = header
  const parts = await mapSome(begunPartsOf(header), async (id) => {
    const part = await requireHeader({ ledger }, id)
    const [plan, evidence] = await Promise.all([ledger.plan(part), ledger.evidence(part)])
    return { header: part, plan, evidence }
  })
  const open = Array.from({ length: list.next }, (_, n) => n)
  const none: ListState = { ...list, open, outcomes: {}, attention: [] }
  const counted = parts.reduce((sum, part, n) => withPart(sum, { n, ...part }), none)
  // What held already when it was planned is in no part that has begun.
  const { heldWhenPlanned: held = 0 } = list
  const { unchanged = 0 } = counted.outcomes
  const outcomes = held === 0 ? counted.outcomes : { ...counted.outcomes, unchanged: unchanged + held }
  return { ...counted, open: list.open, outcomes }
}

/**
 * What did not come about, with the reason that parts of it have most often, by their pairs.
 *
 * @throws GatewayError as the ledger's reads.
 */
export async function withReasonOf(
  ledger: Pick<Ledger, 'headers'>,
  header: ListHeader,
  failure: Failure,
): Promise<Failure> {
  const pairs = new Map<string, number>()
  const parts = await ledger.headers(begunPartsOf(header))
  for (const { failure: ofPart, subject } of parts.values()) {
    if (!ofPart) continue
    const reason = reasonOf(ofPart)
    pairs.set(reason, (pairs.get(reason) ?? 0) + ('pairs' in subject ? subject.pairs : 1))
  }
  const [commonest] = [...pairs].toSorted(([, one], [, other]) => other - one)
  if (!commonest) return failure
  const which = pairs.size === 1 ? 'The reason' : 'The commonest reason'
  return { ...failure, message: `${failure.message}. ${which}: ${commonest[0]}` }
}
