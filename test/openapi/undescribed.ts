/** Reads the document as a stranger would, knowing OpenAPI and nothing of how it was made. */

type Node = Readonly<Record<string, unknown>>

/** Every member of every object in it, with the way that leads there. */
export function* membersOf(
  value: unknown,
  way = '',
): Generator<{ readonly name: string; readonly value: unknown; readonly way: string }> {
  if (typeof value !== 'object' || value === null) return
  for (const [name, member] of Object.entries(value)) {
    const here = `${way}/${name}`
    yield { name, value: member, way: here }
    yield* membersOf(member, here)
  }
}

/** @returns the way to everything that a reader would want words on and finds none. */
export function undescribed(document: unknown): string[] {
  return [...membersOf(document)].flatMap(({ name, value, way }) => {
    if (isExample(way)) return []
    if (name === 'properties') return wordless(value, way)
    if (name === 'parameters') return wordless(value, way)
    if (name === 'headers' || name === 'responses') return wordless(value, way)
    if (/^\/components\/(schemas|securitySchemes)$/.test(way)) return wordless(value, way)
    return /^\/paths\/[^/]*(\/[^/]*)*\/(get|post|put|delete)$/.test(way) ? wordless({ '': value }, way) : []
  })
}

/** What stands in an example is data, whatever it is called. */
function isExample(way: string): boolean {
  return /\/examples?(\/|$)/.test(way)
}

function wordless(things: unknown, way: string): string[] {
  return Object.entries(Object(things)).flatMap(([name, thing]) => {
    const { description, $ref }: Node = Object(thing)
    // An answer or a header that stands elsewhere is described there; a property or parameter says by itself what it is for.
    if (typeof $ref === 'string' && /^#\/components\/(responses|headers)\//.test($ref)) return []
    return typeof description === 'string' && description.trim() !== '' ? [] : [`${way}/${name}`]
  })
}
