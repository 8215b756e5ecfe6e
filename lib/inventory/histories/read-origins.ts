/** Who asked for changes and why, for whoever shows what came of them without the changes themselves. */
import { requesterOf } from '../../changes/answers/summarize.ts'
import type { Header } from '../../changes/model/header.ts'
import type { KnownPeople } from '../../changes/model/policy.ts'
import { nameActor } from '../../changes/name-parties.ts'
import type { ChangeOrigin, LicenseHolding, Origin } from '../inventory-port.ts'

type ReadChanges = (ids: readonly string[]) => Promise<readonly Header[]>

/** @throws GatewayError `ledger.unavailable` */
export async function readOrigins(
  read: ReadChanges,
  ids: readonly string[],
  known: KnownPeople,
): Promise<ReadonlyMap<string, ChangeOrigin>> {
  if (ids.length === 0) return new Map()
  const found = await read(ids)
  // A list is asked for and approved, its parts are not.
  const listIds = found.flatMap(({ partOf }) => partOf?.changeId ?? [])
  const lists = new Map(
    listIds.length === 0 ? [] : (await read([...new Set(listIds)])).map((list) => [list.id, list]),
  )
  return new Map(
    found.map((header) => [header.id, originIn(lists.get(header.partOf?.changeId ?? '') ?? header, known)]),
  )
}

function originIn({ actor, reason, approval }: Header, known: KnownPeople): ChangeOrigin {
  const decision = approval?.decision
  return {
    askedBy: requesterOf(nameActor(known, actor)),
    reason,
    approvedBy: decision?.isApproved ? requesterOf(nameActor(known, decision.by)) : undefined,
  }
}

/** The change that gave it, and the one that took it, where the gateway's did. */
export function changesBehind({ by, endedBy }: Pick<LicenseHolding, 'by' | 'endedBy'>): string[] {
  return [by, endedBy].flatMap((each) => changeIdBehind(each) ?? [])
}

export function changeIdBehind(by: Origin | undefined): string | undefined {
  return typeof by === 'object' ? by.changeId : undefined
}
