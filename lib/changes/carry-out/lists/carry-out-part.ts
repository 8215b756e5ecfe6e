/**
 * One part of a list, carried out as any change is: by one reading where nothing is in its way, else planned and claimed. It
 * begins by the same write that notes it in its list, on condition that nobody has decided about the list since it was seen.
 */
import type { PlanRow, Reading, Target } from '../../model/change.ts'
import type { Header, HeaderIn } from '../../model/header.ts'
import { digestOf, partIdOf } from '../../model/record-ids.ts'
import { isAsDesired } from '../../model/verdict.ts'
import { isProtected, protectionOf } from '../../plan/guards/refuse-limits.ts'
import { kinds, type Readings } from '../../plan/kinds.ts'
import { subjectOf } from '../../plan/read-order.ts'
import { type Proposal, planPart } from '../../plan/record-proposal.ts'
import type { Workbench } from '../../record/desk.ts'
import type { LedgerWrite } from '../../record/ledger.ts'
import { amendHeader, putNewChange, requireHeader } from '../../record/write-header.ts'
import { advance } from '../advance.ts'
import { carryOutDirectly } from '../carry-out-directly.ts'
import { withBegun } from './count-parts.ts'

/** A part that has begun, as far as it goes now, and its list as it was then noted. */
export interface PartBegun {
  readonly part: Header
  readonly list: Header
}

/**
 * Begins the part that is next.
 *
 * @returns undefined where the list is not as it was seen, or the part has begun already.
 * @throws GatewayError where Genesys or the ledger cannot be read: nothing of it is on record then, or it goes on by itself.
 */
export async function carryOutPart(
  bench: Workbench,
  list: HeaderIn<'RUNNING'>,
): Promise<PartBegun | undefined> {
  const { ledger, genesys, clock } = bench
  const n = list.list.next
  const id = partIdOf(list.id, n)
  const plan = await ledger.part(list, n)
  let noted: Header = list
  const noteBegun = ({ leftAlone = [] }: Proposal): LedgerWrite[] => {
    const nowMs = clock.nowMs()
    noted = amendHeader(list, { list: withBegun(list.list, leftAlone.length, nowMs) }, nowMs)
    return [{ kind: 'replace', next: noted, seen: list }]
  }
  const begun = await carryOutDirectly(
    bench,
    id,
    (readings) => proposalOf(bench, list, n, plan, readings),
    noteBegun,
  )
  if (begun?.kind === 'found') return undefined
  if (begun) {
    return { part: begun.kind === 'overtaken' ? await requireHeader(bench, id) : begun.header, list: noted }
  }
  // Whoever took the same turn at the same time was faster: Genesys is not asked for it once more.
  if ((await ledger.get(list.id))?.version !== list.version) return undefined
  const readings = await kinds[list.kind].read(genesys, plan.targets)
  const proposal = proposalOf(bench, list, n, plan, readings)
  const header = await putNewChange(bench, planPart(bench, proposal, readings), noteBegun(proposal))
  return header && { part: (await advance(bench, id, header)).header, list: noted }
}

/** Past what somebody has named no part begins; the gateway's own end is for the list to begin in. Epoch milliseconds. */
export function namedEndOf({ notAfterMs, isEndOurs, undoes }: Header): number | undefined {
  return isEndOurs || undoes !== undefined ? undefined : notAfterMs
}

/** What its list is to take back by then is not given later, however long it waits. */
function endOfPart(list: Header): number | undefined {
  const { revert } = list
  const ends = [namedEndOf(list), revert?.isCancelled ? undefined : revert?.atMs]
  const known = ends.filter((each) => each !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}

/** What is as nobody planned it is left alone; without readings, all that is to be read. */
function proposalOf(
  { policy }: Workbench,
  list: HeaderIn<'RUNNING'>,
  n: number,
  plan: PlanRow,
  readings?: Readings,
): Proposal {
  // The org file may protect by now what it did not when the list was planned.
  const isLeftAlone = (target: Target, index: number) =>
    readings !== undefined &&
    (!isExpected(plan, readings.values[index], index) || isProtected(policy, target))
  const targets = plan.targets.filter((target, index) => !isLeftAlone(target, index))
  const { id: changeId, actor, askers, kind, intentAtMs, approval } = list
  return {
    id: partIdOf(changeId, n),
    actor,
    askers,
    kind,
    targets,
    subject: subjectOf(targets),
    requestDigest: digestOf({ changeId, n }),
    isReleased: true,
    isPatient: true,
    askedAtMs: intentAtMs,
    notAfterMs: endOfPart(list),
    approval,
    isApproved: true,
    partOf: { changeId, n },
    leftAlone: plan.targets.flatMap((target, index) => {
      const [before, after] = [plan.before?.[index], readings?.values[index]]
      return isLeftAlone(target, index)
        ? [{ ...target, protects: protectionOf(policy, target), before, after }]
        : []
    }),
  }
}

/** Of a pair the plan saw one of two values: another is one that could not be read then or cannot be now. */
function isExpected({ targets, before }: PlanRow, reading: Reading, index: number): boolean {
  const target = targets[index]
  return target !== undefined && (isAsDesired(target, reading) || reading === before?.[index])
}
