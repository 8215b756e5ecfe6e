/** `License Toggle Requested` from the bus: a change whose key is the event's id, so its duplicates find the first. */
import * as z from 'zod/mini'
import { ChangeWriter } from '../changes/change-writer.ts'
import { Instant, Reason } from '../changes/model/change-order.ts'
import type { Workbench } from '../changes/record/desk.ts'
import { type ErrorCode, GatewayError } from '../errors.ts'
import { faultsOf, sentenceOf } from '../field-faults.ts'
import { FeatureName } from '../genesys/models/ids.ts'
import { isTooDeep, MAX_LEVELS } from '../json.ts'
import { LATEST_SECONDS, TOGGLE_REQUESTED } from './contract.ts'
import { type DeadLetterQueue, putUndeliverable } from './dead-letter-queue.ts'

export const ToggleRequested = z.object({
  id: z.string().check(z.regex(/^[A-Za-z0-9_.:-]{1,255}$/, 'must be an event id')),
  source: z.string().check(z.regex(/^[^\p{Cc}]{1,256}$/u, 'must be the name of a source')),
  'detail-type': z.literal(TOGGLE_REQUESTED),
  time: Instant,
  detail: z
    .strictObject(
      {
        featureName: FeatureName,
        enabled: z.boolean('must be true or false'),
        reason: z.optional(Reason),
        notBefore: z.optional(Instant),
        notAfter: z.optional(Instant),
      },
      'must be an object',
    )
    .check(
      z.refine(
        ({ notBefore, notAfter }) =>
          notBefore === undefined || notAfter === undefined || Date.parse(notBefore) < Date.parse(notAfter),
        { path: ['notAfter'], error: 'must be after notBefore' },
      ),
    ),
})

export interface EventWork {
  readonly bench: Workbench
  readonly deadLetters: DeadLetterQueue
}

/**
 * @throws GatewayError for what passes, so that the delivery is tried again. What can never be carried out goes to the
 *   dead letters at once.
 */
export async function flipToggle({ bench, deadLetters }: EventWork, event: unknown): Promise<void> {
  if (isTooDeep(event)) {
    return await putUndeliverable(bench, deadLetters, event, `$: is nested deeper than ${MAX_LEVELS} levels`)
  }
  const parsed = z.safeParse(ToggleRequested, event, { reportInput: true, error: sentenceOf })
  if (!parsed.success) {
    const why = [...faultsOf(parsed.error, '')].map(({ fieldName, message }) => `${fieldName}: ${message}`)
    return await putUndeliverable(bench, deadLetters, event, why.join('; '))
  }
  const { id, source, time, detail } = parsed.data
  const { notAfter, ...order } = detail
  const notAfterMs = notAfter === undefined ? undefined : Date.parse(notAfter)
  const startMs = Math.max(Date.parse(time), Date.parse(detail.notBefore ?? time))
  const caller = {
    actor: { kind: 'event', id: source },
    operation: 'flipToggle',
    idempotencyKey: id,
  } as const
  try {
    await new ChangeWriter(bench, caller).deliver(
      { kind: 'toggle', ...order },
      {
        latestMs: notAfterMs ?? startMs + LATEST_SECONDS * 1000,
        notAfterMs,
        askedAtMs: endOfSecond(Date.parse(time)),
      },
    )
  } catch (error) {
    if (!isFaulty(error)) throw error
    await putUndeliverable(bench, deadLetters, event, error.message, error.upstreamBody)
  }
}

/** EventBridge tells the second: of two wishes within it none is taken for the newer by the fraction that is missing. */
function endOfSecond(ms: number): number {
  return Math.floor(ms / 1_000) * 1_000 + 999
}

/** What no later try can carry out: the request is at fault, by our rules or by what Genesys says of it. */
const faulty: readonly number[] = [400, 404, 413, 415, 422]

/** By the org file: trying again would end the same. */
const refusedByRules: readonly ErrorCode[] = ['change.requester.refused', 'change.limit.refused']

export function isFaulty(error: unknown): error is GatewayError {
  if (!(error instanceof GatewayError)) return false
  return refusedByRules.includes(error.code) || faulty.includes(error.status)
}
