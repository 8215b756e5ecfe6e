import { records } from '../../lib/composition/records.ts'
import { streamed } from '../../lib/http/streamed.ts'
import { getChangeResults } from '../../lib/operations/changes/get-change-results.ts'

export const handler = streamed(getChangeResults, records())
