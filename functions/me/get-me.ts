import { withOperations } from '../../lib/composition/bindings/with-operations.ts'
import { records } from '../../lib/composition/records.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { getMe } from '../../lib/operations/me/get-me.ts'

export const handler = lambda(getMe, withOperations(records()))
