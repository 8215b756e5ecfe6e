/** What goes with a list besides its rows, as it is typed, and as the gateway takes it. Pure. */
import type { FaultyField } from '../api/problems.ts'
import { isoOfTime } from '../parts/field-times.ts'

/** Names of what is typed. @param id of the change that it was handed in as, whose rows are mended; else it is a new list. */
export function typedNamesOf(id?: string) {
  const of = id === undefined ? '' : ` of ${id}`
  return {
    text: `list text${of}`,
    reason: `list reason${of}`,
    until: `list until${of}`,
    conflict: `list conflict${of}`,
  }
}

/** What the gateway takes at most, bytes (lib/operations/changes/create-change.ts). */
const MAX_LIST_BYTES = 4 * 1024 * 1024

/** @returns a sentence where it cannot be handed in. */
export function faultInList(text: string): string | undefined {
  if (text.trim() === '') return 'There is no list yet: drop, choose or paste one.'
  return new Blob([text]).size > MAX_LIST_BYTES
    ? 'The list is larger than 4 MB, and no more is taken at once: hand it in in parts.'
    : undefined
}

interface ListFields {
  readonly reason: string
  /** As its field has it. */
  readonly until: string
  /** What a row does that others have changed meanwhile. */
  readonly conflict: string
}

/**
 * @param timeZone of the clocks by which it goes back.
 * @returns where a list is handed in, to be looked at before anybody else is asked about it.
 */
export function pathFor({ reason, until, conflict }: ListFields, timeZone: string): string {
  const query = new URLSearchParams({ isDraft: 'true' })
  if (reason.trim() !== '') query.set('reason', reason.trim())
  if (until !== '') query.set('revertAt', isoOfTime(until, timeZone))
  if (conflict === 'abort') query.set('onConflict', 'abort')
  return `v1/changes?${query}`
}

export interface BadLine {
  readonly line: number
  /** All that is wrong with it. */
  readonly sentences: readonly string[]
}

/** By their lines; what names no line is told elsewhere. */
export function badLinesOf(faults: readonly FaultyField[]): BadLine[] {
  const byLine = new Map<number, string[]>()
  for (const { line, fieldName, message, errorMessage } of faults) {
    if (line === undefined) continue
    const said = message ?? errorMessage ?? 'is wrong'
    const sentence = fieldName === '$' ? said : `${fieldName} ${said}`
    byLine.set(line, [...(byLine.get(line) ?? []), sentence])
  }
  return [...byLine].map(([line, sentences]) => ({ line, sentences })).sort((a, b) => a.line - b.line)
}
