/** Whether what a change did was taken back since: the change itself stays as it ended. */
import type { Change } from '../../lib/changes/answers/change-schemas.ts'
import { listStates, runningStates, undoableStates } from '../../lib/changes/model/transitions.ts'
import type { Ask } from './ask.ts'
import { readChange, readChangesPage } from './changes.ts'

/** What takes something back, or has. */
const takenBackIn = [...runningStates, ...listStates, ...undoableStates]

/** The undo or the planned revert of a change that has ended, unless that was undone too. @throws RefusedByGateway */
export async function findUndo(ask: Ask, change: Change): Promise<Change | undefined> {
  const { list, undoneBy, revert } = change
  const named = [undoneBy, revert?.changeId].filter((id) => id !== undefined)
  // Others are not written anew when they are undone, which would cost each undo a write.
  if (list && named.length === 0) return undefined
  for (const id of named) {
    const undo = await readChange(ask, id)
    if (takenBackIn.includes(undo.state) && !(await findUndo(ask, undo))) return undo
  }
  return undoIn(await readSince(ask, change), change.id)
}

async function readSince(ask: Ask, { createdAt }: Change): Promise<Change[]> {
  const since: Change[] = []
  let cursor: string | undefined
  do {
    const { entities, next } = await readChangesPage(ask, createdAt, cursor)
    since.push(...entities)
    cursor = next
  } while (cursor !== undefined)
  return since
}

function undoIn(since: readonly Change[], id: string): Change | undefined {
  return since.find(
    (each) => each.undoes === id && takenBackIn.includes(each.state) && undoIn(since, each.id) === undefined,
  )
}
