/** A change as whoever looks at it is told it: with what others have done while it waits, and why it goes no further for now. */
import type { Change } from './answers/change-schemas.ts'
import { wholeChangeOf } from './answers/count-outcomes.ts'
import type { Header } from './model/header.ts'
import { recountWaiting } from './plan/guards/recount-waiting.ts'
import type { Desk } from './record/desk.ts'
import { readPauseOver } from './record/read-pause.ts'
import { readSequelsOf, withSequels } from './record/read-sequels.ts'
import { readWaits } from './record/read-waits.ts'
import { readAsAsked } from './record/read-whole.ts'

/** @throws GatewayError `ledger.unavailable` */
export async function readShownChange(
  desk: Pick<Desk, 'ledger' | 'policy' | 'clock' | 'seats'>,
  header: Header,
): Promise<Change> {
  const { ledger } = desk
  const plan = await recountWaiting(desk, header, await ledger.plan(header))
  const evidence = await ledger.evidence(header)
  const pause = await readPauseOver(desk, header)
  const waits = await readWaits(desk, header, pause)
  const asked = await readAsAsked(ledger, header)
  const change = withEndAhead(wholeChangeOf(asked, plan, evidence, pause), desk.clock.nowMs())
  return withSequels({ ...change, waits }, await readSequelsOf(ledger, header))
}

/** Of a list that has stood still past the end that its pace came to, nobody knows the end. */
function withEndAhead(change: Change, nowMs: number): Change {
  const { list } = change
  if (list?.endEstimatedAt === undefined || Date.parse(list.endEstimatedAt) > nowMs) return change
  return { ...change, list: { ...list, endEstimatedAt: undefined } }
}
