import { records } from '../../lib/composition/records.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { listChanges } from '../../lib/operations/changes/list-changes.ts'

export const handler = lambda(listChanges, records())
