/** Deliveries to functions, tried again as Lambda's asynchronous invocation and EventBridge Scheduler do. */
import { DELIVERY_MAX_AGE_SECONDS, DELIVERY_MAX_RETRIES } from '../../../../lib/events/contract.ts'
import type { LaptopClock } from '../../clock.ts'
import type { DeadLetter, DeadLetterBox } from './dead-letter-box.ts'
import { type FailedInvocation, invocationRecord } from './message-forms.ts'

/** Before the first and the second retry; Lambda waits one and two minutes, and who tries things out should not. */
const RETRY_WAITS_MS: readonly number[] = [5_000, 10_000]

export interface TargetDelivery {
  readonly from: Exclude<DeadLetter['from'], 'queue'>
  /** By whom, for the reason of a dead letter. */
  readonly name: string
  readonly functionName: string
  readonly event: unknown
  /** The function; it fails by rejecting. */
  readonly target: (event: unknown) => Promise<unknown>
  /** From when its age counts, epoch milliseconds. */
  readonly sinceMs: number
}

export interface Deliveries {
  /** @returns a promise of the first try's end, however it ended; the others follow by the clock. */
  readonly start: (delivery: TargetDelivery) => Promise<void>
  /** Resolves when no try is under way; what waits to be tried again does not count. */
  readonly idle: () => Promise<void>
  /** What waits to be tried again is not. */
  readonly forget: () => void
  /** What has not been delivered by now becomes a dead letter. */
  readonly close: () => void
}

export function createDeliveries(
  clock: LaptopClock,
  box: DeadLetterBox,
  waitsMs: readonly number[] = RETRY_WAITS_MS,
): Deliveries {
  /** Each with how its last try failed, if it has. */
  const open = new Map<TargetDelivery, string>()
  const trying = new Set<Promise<void>>()
  let isClosed = false

  function giveUp(
    delivery: TargetDelivery,
    why: string,
    failed: Pick<FailedInvocation, 'condition' | 'tries' | 'errorMessage'>,
  ): void {
    const { from, name, functionName, event } = delivery
    const at = new Date(clock.now()).toISOString()
    open.delete(delivery)
    // What a rule and a schedule call is handed to Lambda's own queue, so what fails is Lambda's to tell.
    const form = invocationRecord({ functionName, event, at, ...failed })
    box.put({ at, from, why: `${name}: ${why}`, event }, form)
  }

  async function tryOnce(delivery: TargetDelivery, retries: number): Promise<void> {
    try {
      await delivery.target(delivery.event)
      open.delete(delivery)
    } catch (error) {
      if (isClosed) return
      const why = error instanceof Error ? error.message : String(error)
      const againMs = clock.now() + (waitsMs[retries] ?? waitsMs.at(-1) ?? 0)
      const failed = { tries: retries + 1, errorMessage: why }
      if (retries === DELIVERY_MAX_RETRIES) {
        const condition = 'RetriesExhausted'
        return giveUp(delivery, `failed ${retries + 1} times: ${why}`, { condition, ...failed })
      }
      if (againMs - delivery.sinceMs > DELIVERY_MAX_AGE_SECONDS * 1000) {
        const condition = 'EventAgeExceeded'
        return giveUp(delivery, `too old to be tried again: ${why}`, { condition, ...failed })
      }
      open.set(delivery, why)
      clock.at(againMs, () => (open.has(delivery) ? tracked(delivery, retries + 1) : undefined))
    }
  }

  function tracked(delivery: TargetDelivery, retries: number): Promise<void> {
    const done = tryOnce(delivery, retries).finally(() => trying.delete(done))
    trying.add(done)
    return done
  }

  return {
    start(delivery) {
      open.set(delivery, 'no try had ended')
      return tracked(delivery, 0)
    },
    async idle() {
      while (trying.size > 0) await Promise.all(trying)
    },
    forget: () => open.clear(),
    close() {
      isClosed = true
      for (const [delivery, errorMessage] of open) {
        const failed = { condition: 'EventAgeExceeded', tries: 1, errorMessage } as const
        giveUp(delivery, `the gateway was stopped before it was done: ${errorMessage}`, failed)
      }
    },
  }
}
