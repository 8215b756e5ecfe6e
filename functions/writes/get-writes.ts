import { records } from '../../lib/composition/records.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { getWrites } from '../../lib/operations/writes/get-writes.ts'

export const handler = lambda(getWrites, records())
