/** The gateway's OpenAPI document, as far as it is shown, and what is read out of it. Pure. */

export interface ApiSchema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly properties?: Readonly<Record<string, ApiSchema>>
  readonly required?: readonly string[]
  readonly items?: ApiSchema
  readonly additionalProperties?: ApiSchema | boolean
  readonly oneOf?: readonly ApiSchema[]
  readonly anyOf?: readonly ApiSchema[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly default?: unknown
  readonly format?: string
  readonly minimum?: number
  readonly maximum?: number
}

interface ApiMedia {
  readonly schema?: ApiSchema
  readonly example?: unknown
}

interface ApiParameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required?: boolean
  readonly description?: string
  readonly schema?: ApiSchema
  readonly example?: string
}

export interface ApiAnswer {
  readonly description?: string
  readonly content?: Readonly<Record<string, ApiMedia>>
}

interface DocumentedOperation {
  readonly operationId: string
  readonly tags?: readonly string[]
  readonly summary: string
  readonly description?: string
  readonly deprecated?: boolean
  readonly parameters?: readonly ApiParameter[]
  readonly requestBody?: { readonly required?: boolean; readonly content: Readonly<Record<string, ApiMedia>> }
  readonly responses: Readonly<Record<string, ApiAnswer & { readonly $ref?: string }>>
  readonly 'x-role'?: string
  readonly 'x-genesys-permissions'?: { readonly any: readonly string[]; readonly all: readonly string[] }
  readonly 'x-genesys-preview'?: boolean
}

export interface ApiOperation extends DocumentedOperation {
  readonly method: string
  readonly path: string
}

export interface ApiDocument {
  readonly tags?: readonly { readonly name: string; readonly description?: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, ApiSchema>>
    readonly responses: Readonly<Record<string, ApiAnswer>>
  }
}

/** In the document's order. */
export function operationsIn({ paths }: ApiDocument): ApiOperation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      method: method.toUpperCase(),
      path,
    })),
  )
}

/** Whether all words that are typed stand somewhere in it. */
export function isFound(
  { operationId, method, path, summary, description = '' }: ApiOperation,
  typed: string,
) {
  const text = `${method} ${path} ${operationId} ${summary} ${description}`.toLowerCase()
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}

const lastOf = (ref: string) => ref.slice(ref.lastIndexOf('/') + 1)

/** By status; those of the whole API stand apart in the document. */
export function answersOf(
  { components }: ApiDocument,
  { responses }: ApiOperation,
): readonly (readonly [status: string, answer: ApiAnswer])[] {
  return Object.entries(responses).map(([status, { $ref, ...own }]) => [
    status,
    $ref === undefined ? own : (components.responses[lastOf($ref)] ?? own),
  ])
}

/** What a reference leads to; its own words about it come first. */
export function resolved({ components }: ApiDocument, schema: ApiSchema): ApiSchema {
  const { $ref, ...own } = schema
  return $ref === undefined ? schema : { ...components.schemas[lastOf($ref)], ...own }
}

/** What is written here of a schema that may be one of several, null among them. */
export function choicesOf({ oneOf, anyOf }: ApiSchema): readonly ApiSchema[] {
  return (oneOf ?? anyOf ?? []).filter(({ type }) => type !== 'null')
}

/** The schema itself, of its entries, or of its values: whatever has members to be shown. */
export function innerOf(document: ApiDocument, schema: ApiSchema): ApiSchema | undefined {
  const known = resolved(document, schema)
  if (known.properties) return known
  const [choice, ...others] = choicesOf(known)
  if (choice && others.length === 0) return innerOf(document, choice)
  if (choice) return choicesOf(known).some((each) => innerOf(document, each)) ? known : undefined
  if (known.items) return innerOf(document, known.items)
  return typeof known.additionalProperties === 'object'
    ? innerOf(document, known.additionalProperties)
    : undefined
}

/** `list of Change`, `text`, `“add” or “remove”`. */
export function typeTextOf(document: ApiDocument, schema: ApiSchema): string {
  const known = resolved(document, schema)
  const choices = choicesOf(known)
  if (known.const !== undefined) return JSON.stringify(known.const)
  if (known.enum) return known.enum.map((each) => JSON.stringify(each)).join(', ')
  if (known.items) return `list of ${typeTextOf(document, known.items)}`
  if (schema.$ref !== undefined && (known.properties || choices.length > 1)) return lastOf(schema.$ref)
  if (choices.length > 0) return choices.map((each) => typeTextOf(document, each)).join(' or ')
  if (typeof known.additionalProperties === 'object') {
    return `by name: ${typeTextOf(document, known.additionalProperties)}`
  }
  const types = (Array.isArray(known.type) ? known.type : [known.type]).filter((each) => each !== 'null')
  return types.map((type) => typeNames[String(type)] ?? 'anything').join(' or ')
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'true or false',
  object: 'object',
}
