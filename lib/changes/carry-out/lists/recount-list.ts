/** What a list has come to, counted anew from its parts: somebody has had some of them looked at since it ended. */
import type { ListState } from '../../model/change.ts'
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
  return { ...counted, open: list.open }
}
