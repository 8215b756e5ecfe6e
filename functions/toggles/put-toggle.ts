import { writes } from '../../lib/composition/writes.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { putToggle } from '../../lib/operations/toggles/put-toggle.ts'

export const handler = lambda(putToggle, writes())
