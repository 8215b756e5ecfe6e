import openapi from '../../docs/openapi.json' with { type: 'json' }
import { local } from '../../lib/composition/local.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { getOpenApi } from '../../lib/operations/gateway/get-open-api.ts'

export const handler = lambda(getOpenApi, local(openapi))
