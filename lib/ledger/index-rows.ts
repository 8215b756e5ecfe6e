import type { Actor, PlanRow } from '../changes/model/change.ts'
import type { Header } from '../changes/model/header.ts'
import type { Item } from './table/keys.ts'
import { indexKey, listPks, listSkOf } from './table/keys.ts'

/** What lists find a change by, besides its state: rows that never change, written before the header and tied to its plan. */
export function indexRows(header: Header, { targets, leftAlone = [] }: PlanRow): Item[] {
  const lists = new Set([listPks.all, ...actorNames(header.actor).map(listPks.actor)])
  for (const target of [...targets, ...leftAlone]) {
    if ('featureName' in target) lists.add(listPks.toggle(target.featureName))
    else lists.add(listPks.license(target.licenseId)).add(listPks.user(target.userId))
  }
  const listSk = listSkOf(header, header.planRow)
  return [...lists].map((listPk, n) => ({ ...indexKey(header.id, n, header.planRow), listPk, listSk }))
}

/** `kind:id`, and the person or the tool; no name of either has a colon in it, and no two share one. */
export function actorNames({ kind, id, person, tool }: Actor): string[] {
  return [`${kind}:${id}`, ...[person, tool].filter((each) => each !== undefined)]
}
