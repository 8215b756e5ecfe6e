import { writes } from '../../lib/composition/writes.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { undoChange } from '../../lib/operations/changes/undo-change.ts'

export const handler = lambda(undoChange, writes())
