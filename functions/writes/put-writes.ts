import { records } from '../../lib/composition/records.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { putWrites } from '../../lib/operations/writes/put-writes.ts'

export const handler = lambda(putWrites, records())
