/**
 * What all lists keep together: one pace, what they leave of the token's minute, and a wait once Genesys has refused. Turns
 * come one after the other, so within one it is kept by sleeping; what is longer is on record, where the next turn, of
 * whichever list and in whichever container, and the tick's looks at open parts find it.
 */
import { GatewayError } from '../../../errors.ts'
import { GenesysReads } from '../../../genesys/genesys-reads.ts'
import { type Scope, scopeOfDeciding } from '../../../genesys/scope.ts'
import type { Workbench } from '../../record/desk.ts'
import type { ListHold } from '../../record/ledger.ts'

/** Requests of all lists a minute: within Genesys's 300, with room for whoever waits. */
const REQUESTS_A_MINUTE = 240

/** A share of the token's minute that lists leave to others. */
const MOST_OF_MINUTE = 0.8

/** The longest that a turn sleeps at a time: what it does besides has the rest of its 25 s. Milliseconds. */
export const LONGEST_SLEEP_MS = 10_000

/** Of a turn's time, kept when it sleeps at its end. Milliseconds. */
const KEPT_MS = 1_000

/** Less than any wait that Genesys asks for after a 429, and more than those after what passes at once. Milliseconds. */
const LONGEST_WAIT_OF_REQUEST_MS = 900

/**
 * Refused again within that long, nothing is asked for at least so long, and the tick takes it up: one try a minute, and
 * all of the pace within two minutes of the last refusal. Milliseconds.
 */
const REFUSED_AGAIN_WITHIN_MS = 2 * 60_000
const REFUSED_AGAIN_MS = 45_000

/** A wait that is shorter is slept through, turn after turn, so that lists go on when it is over and not at a tick. Milliseconds. */
export const LONGEST_WAIT_OF_TURNS_MS = 40_000

/** Nobody waits for a part: a request that is refused is not repeated within its turn. */
export function benchInNoHurry(bench: Workbench): Workbench {
  const scope: Scope = { ...bench.scope, longestWaitMs: LONGEST_WAIT_OF_REQUEST_MS }
  return { ...bench, scope, genesys: new GenesysReads(scopeOfDeciding(scope)) }
}

/** What a part has asked of Genesys since the meter began. */
export interface Used {
  readonly requests: number
  /** By when so many requests fit into the pace, epoch milliseconds. */
  readonly paceUntilMs: number
  /** Until when nothing more may be asked, as Genesys's answers told; epoch milliseconds, 0 where it may. */
  readonly waitUntilMs: number
  readonly isRefused: boolean
}

/** @param seen what held lists back before. */
export function startMeter(
  { clock, scope: { observed } }: Workbench,
  seen: ListHold | undefined,
): () => Used {
  const startedAtMs = clock.nowMs()
  const sentBefore = observed.sent
  observed.refusedUntilMs = undefined
  return () => {
    const nowMs = clock.nowMs()
    const requests = observed.sent - sentBefore
    const isAgain = nowMs - (seen?.refusedAtMs ?? Number.NEGATIVE_INFINITY) < REFUSED_AGAIN_WITHIN_MS
    const { refusedUntilMs } = observed
    const isRefused = refusedUntilMs !== undefined
    const waitUntilMs = isRefused
      ? Math.max(refusedUntilMs, isAgain ? nowMs + REFUSED_AGAIN_MS : 0)
      : minuteUntilMs()
    const paceUntilMs = startedAtMs + Math.ceil((requests * 60_000) / REQUESTS_A_MINUTE)
    return { requests, paceUntilMs, waitUntilMs, isRefused }
  }

  /** When the token's minute has room again, as its last answer told. */
  function minuteUntilMs(): number {
    const { rateLimitUsed = 0, rateLimitAllowed, rateLimitResetSeconds } = observed
    if (rateLimitAllowed === undefined || rateLimitResetSeconds === undefined) return 0
    if (rateLimitUsed < rateLimitAllowed * MOST_OF_MINUTE) return 0
    return clock.nowMs() + rateLimitResetSeconds * 1_000
  }
}

/** Puts a wait on record that is longer than a turn sleeps. Where it cannot be put, the next turn is refused, and puts it. */
export async function holdLists(
  { ledger, clock, log }: Workbench,
  listId: string,
  { waitUntilMs, isRefused }: Used,
): Promise<void> {
  const nowMs = clock.nowMs()
  if (!isRefused && waitUntilMs - nowMs <= LONGEST_SLEEP_MS) return
  try {
    await ledger.holdLists({ untilMs: waitUntilMs, ...(isRefused && { refusedAtMs: nowMs }) })
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    log.noteDeferred(listId, 'what Genesys asked all lists to wait could not be put on record', error)
  }
}

/** While a turn lasts no other list's begins: the pace is that of all of them together. */
export async function sleepInTurn({ clock, scope }: Workbench, untilMs: number): Promise<void> {
  const longestMs = Math.min(LONGEST_SLEEP_MS, scope.deadline.remainingMs() - KEPT_MS)
  const restMs = Math.min(untilMs - clock.nowMs(), longestMs)
  if (restMs > 0) await clock.sleep(restMs)
}

/** The same for whoever takes up parts that were left open, one after the other. */
export interface PartPace {
  /** Waits until the next may be taken up. @returns false where none may for now. */
  mayGoOn(listId: string): Promise<boolean>
  /** @returns what `work` does, counted. */
  count<T>(listId: string, work: (bench: Workbench) => Promise<T>): Promise<T>
}

export function partPace(bench: Workbench): PartPace {
  const unhurried = benchInNoHurry(bench)
  let hold: ListHold | undefined
  let hasLooked = false
  let paceUntilMs = 0
  return {
    async mayGoOn(listId) {
      if (!hasLooked) hold = (await bench.ledger.lookAtList(listId)).hold
      hasLooked = true
      if ((hold?.untilMs ?? 0) > bench.clock.nowMs()) return false
      await sleepInTurn(bench, paceUntilMs)
      return true
    },
    async count(listId, work) {
      const used = startMeter(bench, hold)
      try {
        return await work(unhurried)
      } finally {
        const { waitUntilMs, isRefused, ...pace } = used()
        paceUntilMs = pace.paceUntilMs
        if (waitUntilMs > bench.clock.nowMs()) {
          hold = { untilMs: waitUntilMs, ...(isRefused && { refusedAtMs: bench.clock.nowMs() }) }
        }
        await holdLists(bench, listId, { ...pace, waitUntilMs, isRefused })
      }
    },
  }
}
