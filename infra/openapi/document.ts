/** The OpenAPI 3.1 document of the whole gateway, made from the registry. */
import type { Operation } from '../../lib/operation.ts'
import { errorComponents } from './error-body.ts'
import { type JsonSchema, type Schemas, schemasOf } from './schemas.ts'

/** Statuses any operation may answer with besides 200; what only some can is added where it applies. */
const commonErrors = [400, 401, 403, 404, 413, 429, 500, 502, 503, 504]

/** @param version the package's. */
export function openApiDocument(operations: readonly Operation[], version: string): Record<string, unknown> {
  const schemas = schemasOf(operations)
  return {
    openapi: '3.1.0',
    info: {
      title: 'Genesys License Gateway',
      version,
      description:
        "Genesys Cloud's license operations under their own paths and models, and the gateway's own under /v1. Callers never hold a Genesys credential.",
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: "The stack's API, or the local gateway" }],
    tags: [
      { name: 'License', description: "Genesys's own operations; the official SDKs work unmodified" },
      { name: 'Gateway', description: 'What Genesys lacks' },
    ],
    security: [{ bearer: [] }, { sigv4: [] }],
    paths: pathsOf(operations, schemas),
    components: {
      schemas: { ...schemas.components, ...errorComponents.schemas },
      responses: errorComponents.responses,
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'Orgs whose auth is jwt',
        },
        sigv4: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description: 'Orgs whose auth is iam: AWS Signature Version 4 for execute-api',
          'x-amazon-apigateway-authtype': 'awsSigv4',
        },
      },
    },
  }
}

function pathsOf(
  operations: readonly Operation[],
  schemas: Schemas,
): Record<string, Record<string, unknown>> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const operation of operations) {
    paths[operation.path] = {
      ...paths[operation.path],
      [operation.method.toLowerCase()]: operationObject(operation, schemas),
    }
  }
  return paths
}

function operationObject(operation: Operation, schemas: Schemas) {
  const { id, summary, body, response, deprecation, permissions, role, effect, isPreview } = operation
  const description = [operation.description, deprecation && `${deprecation.warning}.`]
    .filter(Boolean)
    .join(' ')
  const errors = [...commonErrors, ...(body ? [415] : []), ...(effect === 'write' ? [409] : [])].sort()
  const parameters = parametersOf(operation, schemas)
  return {
    operationId: id,
    tags: [operation.path.startsWith('/api/v2/') ? 'License' : 'Gateway'],
    summary,
    ...(description ? { description } : {}),
    ...(deprecation ? { deprecated: true } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body
      ? {
          requestBody: {
            required: !body.isOptional,
            content: { 'application/json': { schema: schemas.of(body.schema) } },
          },
        }
      : {}),
    responses: {
      200: {
        description: 'As asked',
        content: { 'application/json': { schema: schemas.of(response) } },
      },
      ...Object.fromEntries(errors.map((status) => [status, { $ref: `#/components/responses/${status}` }])),
    },
    'x-role': role,
    'x-effect': effect,
    ...(permissions.anyOf.length > 0 ? { 'x-genesys-permissions': { anyOf: permissions.anyOf } } : {}),
    ...(isPreview ? { 'x-genesys-preview': true } : {}),
  }
}

function parametersOf({ params, query }: Operation, schemas: Schemas) {
  const parameter = (place: 'path' | 'query', name: string, schema: JsonSchema) => ({
    name,
    in: place,
    required: place === 'path',
    schema,
  })
  return [
    ...Object.entries(params).map(([name, schema]) => parameter('path', name, schemas.of(schema))),
    ...Object.entries(query).map(([name, schema]) => parameter('query', name, schemas.of(schema))),
  ]
}
