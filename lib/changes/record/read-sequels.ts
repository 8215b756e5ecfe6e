/** What came after a change that has ended: whether it was taken back since, and what asked for it again. The change itself stays as it ended. */
import type { Change } from '../answers/change-schemas.ts'
import type { Header } from '../model/header.ts'
import { isSettled, neverBegunStates, undoableStates } from '../model/transitions.ts'
import { isUndone } from '../model/verdict.ts'
import type { Ledger } from './ledger.ts'

/** Undoings of undoings that are followed: our choice, more than people do. */
export const MAX_UNDOINGS = 10

/** What only its asker has seen. */
export function isDraft({ state, isReleased }: Header): boolean {
  return state === 'PLANNED' && !isReleased
}

/** Whether it takes something back, waits to, or has: as long as it does, no other undo is taken. */
function isAtIt(undo: Header): boolean {
  return isSettled(undo.state) ? undoableStates.includes(undo.state) : !isDraft(undo)
}

/** What takes it back, or may have: the latest that was asked for, one before, and its planned revert. */
export function undosOf({ undoAsked, undoneBy, revert }: Header): string[] {
  return [...new Set([undoAsked, undoneBy, revert?.changeId])].filter((id) => id !== undefined)
}

/** A retry that never began is none: it may be asked for once more. */
type Sequels = Pick<Change, 'undoneBy' | 'undone' | 'retriedBy'>

/** @returns by change what is told of that; by one read more, and only of what names an undo or a retry. */
export async function readSequels(
  ledger: Pick<Ledger, 'headers'>,
  of: readonly Header[],
): Promise<ReadonlyMap<string, Sequels>> {
  const known = new Map<string, Header>()
  let ids = of.flatMap((header) => [...undosOf(header), ...retryOf(header)])
  for (let depth = 0; ids.length > 0 && depth < MAX_UNDOINGS; depth++) {
    const found = await ledger.headers([...new Set(ids)])
    for (const [id, header] of found) known.set(id, header)
    ids = [...found.values()].flatMap(undosOf).filter((id) => !known.has(id))
  }
  const undosIn = (header: Header) =>
    undosOf(header).flatMap((id) => {
      const undo = known.get(id)
      return undo && isAtIt(undo) ? [undo] : []
    })
  const undoneOf = (header: Header): Change['undone'] => {
    const standing = undosIn(header).flatMap((undo) => {
      const again = undoneOf(undo)
      if (again && isSettled(again.state) && !again.isInPart) return []
      const isInPart = again !== undefined || (isSettled(undo.state) && undo.state !== 'APPLIED')
      return [{ by: undo.id, state: undo.state, isInPart: isInPart || undefined }]
    })
    return standing.find(({ isInPart }) => !isInPart) ?? standing[0]
  }
  return new Map(
    of.map((header) => {
      const { undoAsked, undoneBy } = header
      const undone = undosIn(header).find(({ id }) => id === undoAsked || id === undoneBy)
      const retriedBy = retryOf(header).find((id) => !hasNeverBegun(known.get(id)))
      return [header.id, { undoneBy: undone?.id, undone: undoneOf(header), retriedBy }]
    }),
  )
}

const retryOf = ({ retriedBy }: Header) => (retriedBy === undefined ? [] : [retriedBy])

function hasNeverBegun(retry: Header | undefined): boolean {
  return retry !== undefined && neverBegunStates.includes(retry.state)
}

/** The same of one alone. */
export async function readSequelsOf(ledger: Pick<Ledger, 'headers'>, header: Header): Promise<Sequels> {
  return (await readSequels(ledger, [header])).get(header.id) ?? {}
}

/** The change with that: of what is undone, or being so, nothing goes back at its end. */
export function withSequels(change: Change, sequels: Sequels = {}): Change {
  const { revert } = change
  const told = { ...change, ...sequels }
  return revert && isUndone(told.undone) ? { ...told, revert: { ...revert, dueAt: undefined } } : told
}

/** Without those that are undone, or being so. @throws GatewayError `ledger.unavailable` */
export async function leaveOutUndone(
  ledger: Pick<Ledger, 'headers'>,
  of: readonly Header[],
): Promise<Header[]> {
  const undone = await readSequels(ledger, of)
  return of.filter(({ id }) => !isUndone(undone.get(id)?.undone))
}
