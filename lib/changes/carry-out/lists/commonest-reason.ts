/** Why a list did not come about, from what its parts failed with. */
import type { Failure } from '../../model/change.ts'
import { reasonOf } from '../../model/failure.ts'
import type { Header } from '../../model/header.ts'
import type { Ledger } from '../../record/ledger.ts'
import { begunPartsOf } from '../../record/read-targets.ts'

/**
 * What did not come about, with the reason that parts of it have most often, by their pairs.
 *
 * @throws GatewayError as the ledger's reads.
 */
export async function withReasonOf(
  ledger: Pick<Ledger, 'headers'>,
  header: Pick<Header, 'id' | 'list'>,
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
