/** All that a change is about, and what of it it has changed: of a list that is told by its parts. */
import type { EvidenceRow, PlanRow, Target } from '../model/change.ts'
import type { Header } from '../model/header.ts'
import { partIdOf } from '../model/record-ids.ts'
import type { Ledger } from './ledger.ts'

type Rows = Pick<Ledger, 'plan' | 'evidence' | 'parts' | 'headers'>

/** @throws GatewayError `ledger.unavailable` */
export async function readTargets(
  ledger: Pick<Rows, 'plan' | 'parts'>,
  header: Header,
): Promise<readonly Target[]> {
  if (!header.list) return (await ledger.plan(header)).targets
  const targets: Target[] = []
  for await (const part of ledger.parts(header)) targets.push(...part.targets)
  return targets
}

/** The targets of which reading back showed that it has changed them. @throws GatewayError `ledger.unavailable` */
export async function readTouched(ledger: Rows, header: Header): Promise<readonly Target[]> {
  if (!header.list) return touchedOf(await ledger.plan(header), await ledger.evidence(header))
  const ids = Array.from({ length: header.list.next }, (_, n) => partIdOf(header.id, n))
  const parts = [...(await ledger.headers(ids)).values()]
  const touched: Target[] = []
  for (let start = 0; start < parts.length; start += PARTS_AT_ONCE) {
    const read = parts.slice(start, start + PARTS_AT_ONCE).map(async (part) => {
      const [plan, evidence] = await Promise.all([ledger.plan(part), ledger.evidence(part)])
      return touchedOf(plan, evidence)
    })
    touched.push(...(await Promise.all(read)).flat())
  }
  return touched
}

/** Parts whose rows are read at a time: one after the other, those of a long list would take a whole invocation. */
const PARTS_AT_ONCE = 16

function touchedOf({ targets }: PlanRow, evidence: EvidenceRow | undefined): readonly Target[] {
  return targets.filter((_, index) => evidence?.outcomes[index] === 'applied')
}
