/**
 * The lines of one UTC day. Whatever moved is found by what stands on record of the day itself, in strongly consistent reads,
 * so none is missed, and the same day gives the same lines however much later they are made.
 */
import { canonicalJson } from '../changes/model/record-ids.ts'
import type { Inventory } from '../inventory/inventory-port.ts'
import { dayAfter, startOfDay } from '../utc-day.ts'
import type { AuditLedger } from './audit-port.ts'
import {
  type AuditedSpan,
  changeLine,
  differenceLine,
  type LineValue,
  movesIn,
  scheduleLines,
  seenLine,
  turnLine,
} from './render-lines.ts'

export interface DaySources {
  readonly ledger: AuditLedger
  readonly inventory: Pick<Inventory, 'differencesNoted'>
  /** The Genesys org's id, which references to people are made with. */
  readonly orgId: string
}

/** @returns canonical JSON, in the one order that there is. @throws what the ledger and the inventory throw. */
export async function linesOfDay({ ledger, inventory, orgId }: DaySources, day: string): Promise<string[]> {
  const span: AuditedSpan = { orgId, fromMs: startOfDay(day), toMs: startOfDay(dayAfter(day)) }
  const changes: string[] = []
  const schedules: LineValue[] = []
  for await (const moved of ledger.movedOn(day)) {
    if (moved.kind === 'schedule') schedules.push(...scheduleLines(span, moved.record))
    else if (movesIn(span, moved.header).length > 0)
      changes.push(canonicalJson(changeLine(span, moved.header, await ledger.plan(moved.header))))
  }
  const rows = await ledger.journalBetween(span.fromMs, span.toMs)
  const turns = await ledger.switchTurns()
  const differences: string[] = []
  for await (const each of inventory.differencesNoted(span.fromMs, span.toMs))
    differences.push(canonicalJson(differenceLine(each)))
  return [
    ...changes,
    ...sorted(rows.flatMap((row) => seenLine(span, row) ?? []).map(canonicalJson)),
    ...sorted(schedules.map(canonicalJson)),
    ...sorted(turns.flatMap((turn) => turnLine(span, turn) ?? []).map(canonicalJson)),
    ...sorted(differences),
  ]
}

/** By their text: nothing else is sure to be the same each time. */
function sorted(lines: string[]): string[] {
  return lines.sort((one, other) => (one < other ? -1 : one > other ? 1 : 0))
}
