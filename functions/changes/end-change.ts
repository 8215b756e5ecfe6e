import { writes } from '../../lib/composition/writes.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { endChange } from '../../lib/operations/changes/end-change.ts'

export const handler = lambda(endChange, writes())
