/** Items as DynamoDB's own form of values, and back. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import type { Item } from './keys.ts'

type Attributes = Record<string, AttributeValue>

/** What is undefined is left out, of lists too: what comes after it there moves up. */
export function attributesOf(members: Readonly<Record<string, unknown>>): Attributes {
  return marshall(members, { removeUndefinedValues: true })
}

export function itemOf(attributes: Attributes): Item {
  return unmarshall(attributes) as Item
}

/** @returns the item that stood in the way of a put; undefined where none did, and DynamoDB then names none or an empty one. */
export function itemInTheWay(attributes: Attributes | undefined): Item | undefined {
  return attributes?.['pk'] && itemOf(attributes)
}
