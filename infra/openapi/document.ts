/** The OpenAPI 3.1 document of the whole gateway, made from the registry. */
import { mediaTypesOf } from '../../lib/files.ts'
import { idempotencyOf, type Operation } from '../../lib/operation.ts'
import { WantingError } from '../generated-file.ts'
import { Describer, type JsonSchema } from './describer.ts'
import { errorComponents, errorReference } from './error-body.ts'
import { bodyExampleOf, keyExampleOf, pathExampleOf, uploadExampleOf } from './examples.ts'
import { headerComponents, successHeadersOf } from './headers.ts'
import { type DocumentSchemas, schemasOf } from './schemas.ts'
import { changeWords } from './words/changes.ts'
import { columnWords } from './words/columns.ts'
import { decisionWords } from './words/decisions.ts'
import { gatewayWords } from './words/gateway.ts'
import { genesysWords } from './words/genesys.ts'
import { listWords } from './words/lists.ts'
import { parameterWords } from './words/parameters.ts'
import { scheduleWords } from './words/schedules.ts'
import { periodColumnWords, seatWords } from './words/seats.ts'

/** Statuses any operation may fail with; what only some can is added where it applies. */
const commonErrors = [400, 401, 403, 404, 413, 429, 500, 502, 503, 504]

/** What 200 says depends on which others there are. */
function successOf(status: number, statuses: readonly number[]): string {
  if (status === 201) return 'Put on record'
  if (status === 202) return 'Taken, and not settled yet: the change as it stands'
  if (statuses.includes(201)) return 'What an earlier request with this key had put on record'
  return statuses.includes(202) ? 'The change at its end, whichever that is: `state` says it' : 'As asked'
}

/** @param version the package's. @throws WantingError where something of it has no words, or words are about nothing. */
export function openApiDocument(operations: readonly Operation[], version: string): Record<string, unknown> {
  const describer = new Describer({
    ...genesysWords,
    ...gatewayWords,
    ...changeWords,
    ...decisionWords,
    ...scheduleWords,
    ...listWords,
    ...seatWords,
  })
  const schemas = schemasOf(operations, describer)
  const errorSchemas = Object.fromEntries(
    Object.entries(errorComponents.schemas).map(([id, schema]) => [id, describer.describe(id, schema)]),
  )
  const paths = pathsOf(operations, schemas, describer)
  describer.finish()
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
    paths,
    components: {
      schemas: { ...schemas.components, ...errorSchemas },
      responses: errorComponents.responses,
      headers: headerComponents,
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
  schemas: DocumentSchemas,
  describer: Describer,
): Record<string, Record<string, unknown>> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const operation of operations) {
    paths[operation.path] = {
      ...paths[operation.path],
      [operation.method.toLowerCase()]: operationObject(operation, schemas, describer),
    }
  }
  return paths
}

function operationObject(operation: Operation, schemas: DocumentSchemas, describer: Describer) {
  const {
    id,
    summary,
    body,
    upload,
    response,
    statuses = [200],
    deprecation,
    permissions,
    role,
    effect,
    isPreview,
  } = operation
  const description = deprecation ? `${operation.description} ${deprecation.warning}.` : operation.description
  const isRecorded = idempotencyOf(operation) !== 'none'
  const errors = [
    ...commonErrors,
    ...(operation.files ? [406] : []),
    ...(body ? [415] : []),
    ...(isRecorded ? [409, 422] : []),
  ].sort()
  const parameters = parametersOf(operation, schemas, describer)
  return {
    operationId: id,
    tags: [operation.path.startsWith('/api/v2/') ? 'License' : 'Gateway'],
    summary,
    description,
    ...(deprecation ? { deprecated: true } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body
      ? {
          requestBody: {
            required: !body.isOptional,
            content: {
              'application/json': { schema: schemas.of(body.schema), example: bodyExampleOf(operation) },
              ...(upload
                ? {
                    [upload.mediaType]: {
                      schema: { type: 'string', format: 'binary' },
                      example: uploadExampleOf(operation),
                    },
                  }
                : {}),
            },
          },
        }
      : {}),
    responses: {
      ...Object.fromEntries(
        statuses.map((status) => [
          status,
          {
            description: successOf(status, statuses),
            headers: successHeadersOf(operation, status),
            content: { 'application/json': { schema: schemas.of(response) }, ...filesOf(operation) },
          },
        ]),
      ),
      ...Object.fromEntries(errors.map((status) => [status, errorReference(operation, status)])),
    },
    'x-role': role,
    'x-effect': effect,
    ...(permissions.anyOf.length > 0
      ? { 'x-genesys-permissions': { any: permissions.anyOf, all: permissions.allOf ?? [] } }
      : {}),
    ...(isPreview ? { 'x-genesys-preview': true } : {}),
  }
}

/** What Accept may ask for beside JSON. */
function filesOf(operation: Operation): Record<string, unknown> {
  const { files } = operation
  if (!files) return {}
  const types = mediaTypesOf(operation).filter((type) => type !== 'application/json')
  const columns = files.columns.map((name) => [name, columnText(operation.id, name)] as const)
  const table = columns.map(([name, words]) => `\`${name}\`: ${words}`).join('. ')
  const descriptions: Readonly<Record<(typeof types)[number], string>> = {
    'text/csv': `All of it, with a first line of names and ends of line as RFC 4180 has them. A text that a spreadsheet would take for a formula has an apostrophe before it. ${table}.`,
    'application/x-ndjson': 'The same rows, each as one JSON object a line; what is not known is left out.',
    'text/html': 'The same as a page for people, which needs nothing else and prints well.',
  }
  return Object.fromEntries(
    types.map((type) => [type, { schema: { type: 'string', description: descriptions[type] } }]),
  )
}

/** @throws WantingError where it has no words. */
function columnText(id: string, column: string): string {
  const words = { ...columnWords, ...periodColumnWords }
  const text = words[`${id}.${column}`] ?? words[column]
  if (text === undefined)
    throw new WantingError(`infra/openapi/words/columns.ts has no words for ${column} of ${id}`)
  return text
}

function parametersOf(operation: Operation, schemas: DocumentSchemas, describer: Describer) {
  const { id, params, query } = operation
  const parameter = (place: 'path' | 'query', name: string, schema: JsonSchema) => {
    return {
      name,
      in: place,
      required: place === 'path',
      description: describedParameter(id, name, schema, describer),
      schema,
      ...(place === 'path' ? { example: pathExampleOf(name) } : {}),
    }
  }
  return [
    ...Object.entries(params).map(([name, schema]) => parameter('path', name, schemas.of(schema))),
    ...Object.entries(query).map(([name, schema]) => parameter('query', name, schemas.of(schema))),
    ...idempotencyKey(operation),
  ]
}

/** @throws WantingError where it has no words. */
function describedParameter(id: string, name: string, schema: JsonSchema, describer: Describer): string {
  const { $ref } = schema
  const model = typeof $ref === 'string' ? $ref.split('/').at(-1) : undefined
  const own = parameterWords[`${id}.${name}`] ?? parameterWords[name]
  const text = own ?? (model === undefined ? undefined : describer.textOf(model))
  if (text === undefined)
    throw new WantingError(`infra/openapi/words/parameters.ts has no words for ${name} of ${id}`)
  return text
}

function idempotencyKey(operation: Operation) {
  const rule = idempotencyOf(operation)
  if (rule === 'none') return []
  return [
    {
      name: 'Idempotency-Key',
      in: 'header',
      required: rule === 'required',
      description:
        "The caller's own name for this request. A repeat with the same key brings nothing about twice: it is answered with what the first one came to. 422 where the key came with another request before.",
      schema: { type: 'string', pattern: '^[A-Za-z0-9_.:-]{1,255}$' },
      example: keyExampleOf(operation),
    },
  ]
}
