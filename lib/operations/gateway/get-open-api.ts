import * as z from 'zod/mini'
import { defineOperation } from '../../operation.ts'
import { noPermission } from '../permissions.ts'

export const getOpenApi = defineOperation({
  id: 'getOpenApi',
  method: 'GET',
  path: '/v1/openapi.json',
  summary: 'This API as an OpenAPI 3.1 document',
  description: 'Of the version that answers. The same document is `docs/openapi.json` in the repository.',
  effect: 'local',
  role: 'viewer',
  params: {},
  response: z.looseObject({ openapi: z.string() }),
  permissions: noPermission,
  run: ({ openapi }) => openapi,
})
