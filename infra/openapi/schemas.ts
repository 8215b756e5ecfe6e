/** JSON DocumentSchemas of the OpenAPI document, made from the very schemas that check requests and answers. */
import * as z from 'zod'
import { models } from '../../lib/genesys/models/model-registry.ts'
import type { Operation } from '../../lib/operation.ts'
import type { Describer, JsonSchema } from './describer.ts'

export interface DocumentSchemas {
  /** Genesys's models by name. */
  readonly components: Readonly<Record<string, JsonSchema>>
  /** The schema as it stands in an operation: a reference where it is a model. */
  of(schema: z.core.$ZodType): JsonSchema
}

/** Where a named schema stands in the document. */
const uri = (id: string) => `#/components/schemas/${id}`

/** @param describer told everything that is written; a parameter's words stand beside its schema and not in it. */
export function schemasOf(operations: readonly Operation[], describer: Describer): DocumentSchemas {
  const all = z.registry<{ id: string }>()
  const nameOf = new Map<z.core.$ZodType, string>()
  const name = (schema: z.core.$ZodType, id: string) => {
    if (nameOf.has(schema)) return
    nameOf.set(schema, id)
    all.add(schema, { id })
  }
  for (const [id, schema] of models._idmap) name(schema, id)
  const modelNames = new Set(nameOf.values())
  const parameters = new Set<string>()
  for (const operation of operations) {
    for (const [place, schema] of placesOf(operation)) name(schema, `${operation.id}.${place}`)
    for (const each of Object.keys({ ...operation.params, ...operation.query })) {
      parameters.add(`${operation.id}.${each}`)
    }
  }

  const { schemas } = z.toJSONSchema(all, { uri, override: ({ jsonSchema }) => tidy(jsonSchema) })
  const written = new Map(
    Object.entries(schemas).map(([id, schema]) => {
      const bare = withoutIdentity(schema)
      return [id, parameters.has(id) ? bare : describer.describe(id, bare)]
    }),
  )
  const entry = (id: string) => {
    const schema = written.get(id)
    if (!schema) throw new Error(`The schema ${id} was not written`)
    return schema
  }
  return {
    components: Object.fromEntries([...modelNames].sort().map((id) => [id, entry(id)])),
    of(schema) {
      const id = nameOf.get(schema)
      if (id === undefined) throw new Error('A schema is used that belongs to no operation')
      return modelNames.has(id) ? { $ref: uri(id) } : entry(id)
    },
  }
}

function* placesOf({ params, query, body, response }: Operation): Generator<[string, z.core.$ZodType]> {
  for (const [name, schema] of Object.entries({ ...params, ...query })) yield [name, schema]
  if (body) yield ['body', body.schema]
  yield ['response', response]
}

/** JSON Schema says by default what zod spells out: any further property, any safe integer. */
function tidy(schema: z.core.JSONSchema.BaseSchema): void {
  const { additionalProperties } = schema
  if (typeof additionalProperties === 'object' && Object.keys(additionalProperties).length === 0) {
    delete schema.additionalProperties
  }
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum
}

function withoutIdentity(schema: z.core.JSONSchema.BaseSchema): JsonSchema {
  const { $schema: _dialect, $id: _id, ...rest } = schema
  return rest
}
