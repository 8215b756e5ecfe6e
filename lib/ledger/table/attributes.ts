/** DynamoDB's own form of values, which the SDK's document client leaves as it is in errors. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import type { Item } from './keys.ts'

/** @returns the item that stood in the way of a put; undefined where none did, and DynamoDB then names none or an empty one. */
export function itemIn(attributes: Readonly<Record<string, AttributeValue>> | undefined): Item | undefined {
  return attributes === undefined || attributes['pk'] === undefined
    ? undefined
    : (unmarshall(attributes) as Item)
}
