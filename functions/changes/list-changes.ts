import { records } from '../../lib/composition/records.ts'
import { streamed } from '../../lib/http/streamed.ts'
import { listChanges } from '../../lib/operations/changes/list-changes.ts'

export const handler = streamed(listChanges, records())
