import * as z from 'zod/mini'

export const ACCOUNT = '000000000000'
export const REGION = 'us-east-1'

/** An event as EventBridge hands it to a rule's target. */
export const BusEvent = z.object({
  version: z.literal('0'),
  id: z.string(),
  'detail-type': z.string(),
  source: z.string(),
  account: z.string(),
  /** ISO 8601 in UTC, to the second. */
  time: z.string(),
  region: z.string(),
  resources: z.array(z.string()),
  detail: z.record(z.string(), z.unknown()),
})
export type BusEvent = z.output<typeof BusEvent>

/** An entry of PutEvents. `Time` in epoch seconds, as JSON carries it. */
export const PutEntry = z.object({
  Source: z.optional(z.string()),
  DetailType: z.optional(z.string()),
  Detail: z.optional(z.string()),
  /** A name or an ARN. */
  EventBusName: z.optional(z.string()),
  Resources: z.optional(z.array(z.string())),
  Time: z.optional(z.number()),
})
type PutEntry = z.output<typeof PutEntry>

/** Bytes as EventBridge counts them: 14 for a time, and the UTF-8 of the texts. */
export function sizeOf({
  Source = '',
  DetailType = '',
  Detail = '',
  Resources = [],
  Time,
}: PutEntry): number {
  const texts = [Source, DetailType, Detail, ...Resources]
  return (Time === undefined ? 0 : 14) + texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
}

/** What is wrong with an entry, as the answer says it; undefined where it is sound. */
export function entryFault(entry: PutEntry, busName: string): { code: string; message: string } | undefined {
  // AWS takes what is put on a bus that is not there, and on its default bus, and drops it without a word.
  const named = entry.EventBusName?.replace(/^arn:[^/]*:event-bus\//, '') ?? 'default'
  if (named !== busName) {
    const message = `Event bus ${named} does not exist. The one on the laptop is ${busName}: name it as EventBusName.`
    return { code: 'ResourceNotFoundException', message }
  }
  for (const name of ['Source', 'DetailType', 'Detail'] as const) {
    if (entry[name]) continue
    const message = `Parameter ${name} is not valid. Reason: ${name} is a required argument.`
    return { code: 'InvalidArgument', message }
  }
  if (entry.Source?.startsWith('aws.')) {
    return { code: 'NotAuthorizedForSourceException', message: 'Not authorized for the source.' }
  }
  return isObject(entry.Detail ?? '')
    ? undefined
    : { code: 'MalformedDetail', message: 'Detail is malformed.' }
}

function isObject(json: string): boolean {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}
