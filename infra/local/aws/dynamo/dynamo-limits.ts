/**
 * Where dynalite takes what DynamoDB refuses, and keeps what DynamoDB does not. Each rule was tried on Amazon's own
 * DynamoDB Local; limits are those of the Developer Guide's page on quotas.
 */
import { table } from '../../../../lib/ledger/table/table.ts'

/** Bytes of UTF-8. */
const MAX_NAME_BYTES = 65_535
const MAX_PARTITION_KEY_BYTES = 2_048
const MAX_SORT_KEY_BYTES = 1_024

/** Maps and lists within each other, in one attribute. */
const MAX_DEPTH = 31

/** Keys of the indexes; dynalite looks at the table's own. */
const indexKeys = [table.indexes.due, table.indexes.list].flatMap(({ partitionKey, sortKey }) => [
  { name: partitionKey, maxBytes: MAX_PARTITION_KEY_BYTES },
  { name: sortKey, maxBytes: MAX_SORT_KEY_BYTES },
])

/** @returns what DynamoDB says of a PutItem that it refuses and dynalite takes; undefined where it takes it too. */
export function faultOfPut(body: unknown): string | undefined {
  const item = isObject(body) ? body['Item'] : undefined
  return isObject(item) ? faultOfItem(item) : undefined
}

function faultOfItem(item: Readonly<Record<string, unknown>>): string | undefined {
  for (const { name, maxBytes } of indexKeys) {
    const text = textIn(item[name])
    if (text === '') return `A key attribute cannot contain an empty string value. IndexKey: ${name}`
    if (text !== undefined && Buffer.byteLength(text) > maxBytes)
      return `One or more parameter values were invalid: Size limit exceeded. IndexKey: ${name}`
  }
  return faultOfMap(item, 0)
}

function textIn(value: unknown): string | undefined {
  return isObject(value) && typeof value['S'] === 'string' ? value['S'] : undefined
}

function faultOfMap(members: Readonly<Record<string, unknown>>, depth: number): string | undefined {
  if (depth > MAX_DEPTH) return 'Nesting Levels have exceeded supported limits'
  for (const [name, value] of Object.entries(members)) {
    if (name === '') return 'Empty attribute name'
    if (Buffer.byteLength(name) > MAX_NAME_BYTES) return 'Attribute name is too large'
    const fault = faultOfValue(value, depth)
    if (fault !== undefined) return fault
  }
  return undefined
}

function faultOfValue(value: unknown, depth: number): string | undefined {
  if (!isObject(value)) return undefined
  const { M: members, L: entries } = value
  if (isObject(members)) return faultOfMap(members, depth + 1)
  if (!Array.isArray(entries)) return undefined
  if (depth + 1 > MAX_DEPTH) return 'Nesting Levels have exceeded supported limits'
  for (const entry of entries) {
    const fault = faultOfValue(entry, depth + 1)
    if (fault !== undefined) return fault
  }
  return undefined
}

/** An answer with the members of each map in another order than they were put: DynamoDB keeps none. */
export function reordered(answer: unknown): unknown {
  if (Array.isArray(answer)) return answer.map(reordered)
  if (!isObject(answer)) return answer
  const members = Object.entries(answer).map(([name, value]) => [name, reordered(value)] as const)
  return Object.fromEntries(members.sort(([one], [other]) => (one < other ? 1 : -1)))
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
