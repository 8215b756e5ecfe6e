/** Puts words to schemas, and finds whatever has none. */
import { WantingError } from '../generated-file.ts'
import type { Words } from './words/words.ts'

export type JsonSchema = Readonly<Record<string, unknown>>

type Schema = Record<string, unknown>

export class Describer {
  readonly #words: Words
  readonly #spoken = new Set<string>()
  readonly #faults: string[] = []

  constructor(words: Words) {
    this.#words = words
  }

  /** @returns the schema with its words in it. A mere reference has them where it leads. */
  describe(name: string, schema: JsonSchema): JsonSchema {
    if ('$ref' in schema) return schema
    this.#spoken.add(name)
    return this.#with(name, this.textOf(name), this.#within(name, '', schema))
  }

  /** What a model is. */
  textOf(name: string): string | undefined {
    return this.#words[name]?.[0]
  }

  /** @throws WantingError for a model or property without words, and for words that are about none. */
  finish(): void {
    const known = Object.entries(this.#words).flatMap(([name, [, properties = {}]]) => [
      name,
      ...Object.keys(properties).map((path) => `${name}.${path}`),
    ])
    const stale = known
      .filter((each) => !this.#spoken.has(each))
      .map((each) => `${each} is described, but is not there`)
    const faults = [...this.#faults, ...stale]
    if (faults.length > 0) throw new WantingError(`infra/openapi/words: ${faults.join('; ')}`)
  }

  #with(of: string, text: string | undefined, schema: Schema): Schema {
    if (text !== undefined) return { ...schema, description: text }
    this.#faults.push(`${of} has no words`)
    return schema
  }

  /** Lists, alternatives and maps are no part of a path. */
  #within(name: string, path: string, schema: Schema): Schema {
    const made: Schema = { ...schema }
    const { properties } = schema
    if (isSchema(properties)) {
      made['properties'] = Object.fromEntries(
        Object.entries(properties).map(([key, value]) => [
          key,
          this.#property(name, path === '' ? key : `${path}.${key}`, isSchema(value) ? value : {}),
        ]),
      )
    }
    for (const key of ['items', 'additionalProperties']) {
      const inner = schema[key]
      if (isSchema(inner)) made[key] = this.#within(name, path, inner)
    }
    for (const key of ['anyOf', 'oneOf', 'allOf']) {
      const inner = schema[key]
      if (Array.isArray(inner)) made[key] = inner.map((each) => this.#within(name, path, each))
    }
    return made
  }

  /** A property without words of its own says what its schema says or, where it is a model, what that is. */
  #property(name: string, path: string, schema: Schema): Schema {
    const key = `${name}.${path}`
    const own = this.#words[name]?.[1]?.[path]
    const model = typeof schema['$ref'] === 'string' ? schema['$ref'].split('/').at(-1) : undefined
    const said = typeof schema['description'] === 'string' ? schema['description'] : undefined
    this.#spoken.add(key)
    return this.#with(
      key,
      own ?? said ?? (model === undefined ? undefined : this.textOf(model)),
      this.#within(name, path, schema),
    )
  }
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
