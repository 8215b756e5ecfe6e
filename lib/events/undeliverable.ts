import type { ChangeLog } from '../changes/record/desk.ts'
import { type GatewayError, withReason } from '../errors.ts'
import type { DeadLetterQueue } from './dead-letter-queue.ts'

/** Longest reason that is logged and put, in characters: of a hostile event it may name thousands of fields. */
const MAX_WHY_LENGTH = 1_000

/**
 * Puts what can never be carried out to the dead letters, at once and not after retries.
 *
 * @throws Error where the queue takes nothing: then Lambda's own retries and dead-letter queue take over.
 */
export async function putUndeliverable(
  { log }: { readonly log: Pick<ChangeLog, 'refused'> },
  deadLetters: DeadLetterQueue,
  event: unknown,
  reason: string,
  /** Genesys's own, which belongs into no log. */
  upstreamBody?: GatewayError['upstreamBody'],
): Promise<void> {
  const why = reason.slice(0, MAX_WHY_LENGTH)
  log.refused(idOf(event), why)
  await deadLetters.put(event, withReason(why, upstreamBody))
}

function idOf(event: unknown): string {
  if (typeof event !== 'object' || event === null) return 'none'
  const id = 'id' in event ? event.id : 'scheduleId' in event ? event.scheduleId : undefined
  return typeof id === 'string' && /^[A-Za-z0-9_.:-]{1,255}$/.test(id) ? id : 'none'
}
