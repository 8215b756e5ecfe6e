/** Whether what a change did was taken back since: the change itself stays as it ended. */
import type { Change } from '../../lib/changes/answers/change-schemas.ts'
import { listStates, runningStates, undoableStates } from '../../lib/changes/model/transitions.ts'
import type { Ask } from './ask.ts'
import { readChangesPage } from './changes.ts'

/** What takes something back, or has. */
const takenBackIn = [...runningStates, ...listStates, ...undoableStates]

/** The undo or the planned revert of a change that has ended, unless that was undone too. @throws RefusedByGateway */
export async function findUndo(ask: Ask, { id, createdAt }: Change): Promise<Change | undefined> {
  const since: Change[] = []
  let cursor: string | undefined
  do {
    const { entities, next } = await readChangesPage(ask, createdAt, cursor)
    since.push(...entities)
    cursor = next
  } while (cursor !== undefined)
  return undoIn(since, id)
}

function undoIn(since: readonly Change[], id: string): Change | undefined {
  return since.find(
    (each) => each.undoes === id && takenBackIn.includes(each.state) && undoIn(since, each.id) === undefined,
  )
}
