/** All that a change is about, and what of it it has changed: of a list that is told by its parts. */
import type { EvidenceRow, PlanRow, Target } from '../model/change.ts'
import type { Header } from '../model/header.ts'
import { partIdOf } from '../model/record-ids.ts'
import type { Ledger } from './ledger.ts'

type Rows = Pick<Ledger, 'get' | 'plan' | 'evidence' | 'parts' | 'headers'>

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
  const ids = begunPartsOf(header)
  const parts = await ledger.headers(ids)
  const touched = await mapSome(ids, async (id) => {
    // What this version cannot read is refused by its name: without it half would be told as the whole.
    const part = parts.get(id) ?? (await ledger.get(id))
    if (!part) return []
    const [plan, evidence] = await Promise.all([ledger.plan(part), ledger.evidence(part)])
    return touchedOf(plan, evidence)
  })
  return touched.flat()
}

/** Ids of the parts of a list that have begun; none of any other change. */
export function begunPartsOf({ id, list }: Pick<Header, 'id' | 'list'>): string[] {
  return Array.from({ length: list?.next ?? 0 }, (_, n) => partIdOf(id, n))
}

/** Changes whose rows are read at a time: one after the other, those of a long list would take a whole invocation. */
const CHANGES_AT_ONCE = 16

/** Some at a time, in their order. */
export async function mapSome<T, R>(all: readonly T[], work: (each: T) => Promise<R>): Promise<R[]> {
  const done: R[] = []
  for (let start = 0; start < all.length; start += CHANGES_AT_ONCE) {
    done.push(...(await Promise.all(all.slice(start, start + CHANGES_AT_ONCE).map(work))))
  }
  return done
}

function touchedOf({ targets }: PlanRow, evidence: EvidenceRow | undefined): readonly Target[] {
  return targets.filter((_, index) => evidence?.outcomes[index] === 'applied')
}
