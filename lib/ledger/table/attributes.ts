/** DynamoDB's own form of values, which the SDK's document client leaves as it is in errors. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import type { Item } from './keys.ts'

/** @returns the item that stood in the way of a put; undefined where none did, and DynamoDB then names none or an empty one. */
export function itemIn(attributes: Readonly<Record<string, AttributeValue>> | undefined): Item | undefined {
  if (attributes === undefined || attributes['pk'] === undefined) return undefined
  return membersIn(attributes) as Item
}

function membersIn(attributes: Readonly<Record<string, AttributeValue>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, valueIn(value)]))
}

/** Of the kinds that the ledger stores: text, numbers, yes and no, nothing, lists and maps. */
function valueIn({ S, N, BOOL, L, M }: AttributeValue): unknown {
  if (N !== undefined) return Number(N)
  if (L !== undefined) return L.map(valueIn)
  return S ?? BOOL ?? (M === undefined ? null : membersIn(M))
}
