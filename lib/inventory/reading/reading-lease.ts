/** Who takes the reading further: one at a time, by a lease that is renewed while its holder lives, with a fencing token. */
import type { Clock } from '../../clock.ts'
import { GatewayError } from '../../errors.ts'
import type { ReadingState, ReadingStore, SeenState } from '../reading-store.ts'

/** How long a holder that shows no life is waited for: under the minute between two invocations. Milliseconds. */
const LEASE_MS = 50_000

/** After that long a holder renews it, milliseconds. */
const RENEW_AFTER_MS = 20_000

export interface HeldLease {
  readonly state: ReadingState
  /** Puts what is new of the state, with the lease renewed. @throws GatewayError `general.conflict` where another has taken over. */
  moveOn(changes: Partial<ReadingState>): Promise<void>
  /** Renews it where that is due. @throws as `moveOn` */
  renew(): Promise<void>
  /** For whoever comes next; that it is lost already is no matter then. */
  giveBack(): Promise<void>
}

/** @returns undefined where another holds it, or was faster. */
export async function takeLease(
  { store, clock }: { readonly store: ReadingStore; readonly clock: Clock },
  seen: SeenState | undefined,
): Promise<HeldLease | undefined> {
  const nowMs = clock.nowMs()
  const untilMs = seen?.state.leaseUntilMs ?? 0
  // One that ends later than any does was put by a clock that is wrong.
  if (untilMs > nowMs && untilMs <= nowMs + 2 * LEASE_MS) return undefined
  const fencingToken = (seen?.state.fencingToken ?? 0) + 1
  const triedFromMs = seen?.state.triedFromMs ?? nowMs
  const leaseUntilMs = nowMs + LEASE_MS
  const taken = await store.putState({ ...seen?.state, triedFromMs, fencingToken, leaseUntilMs }, seen)
  if (!taken) return undefined
  let held = taken
  let renewedAtMs = nowMs
  const put = async (changes: Partial<ReadingState>) => {
    const leaseUntilMs = clock.nowMs() + LEASE_MS
    const next = await store.putState({ ...held.state, leaseUntilMs, ...changes }, held)
    if (!next) throw lostError()
    held = next
    renewedAtMs = clock.nowMs()
  }
  return {
    get state() {
      return held.state
    },
    moveOn: put,
    async renew() {
      if (clock.nowMs() - renewedAtMs >= RENEW_AFTER_MS) await put({})
    },
    async giveBack() {
      await store.putState({ ...held.state, leaseUntilMs: 0 }, held)
    },
  }
}

function lostError(): GatewayError {
  return new GatewayError('general.conflict', 'Another invocation has taken over this reading')
}
