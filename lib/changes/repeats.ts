/**
 * Repeats of a toggle POST that came without a key. Official clients resend it for minutes, and it names no value: a
 * repeat taken for a new request would switch back. A pointer on record leads to the first one.
 */
import { GatewayError } from '../errors.ts'
import { isFree } from './attempts.ts'
import { type Actor, type Header, isSettled } from './change.ts'
import { settledAt } from './due.ts'
import { idOf, randomId } from './identity.ts'
import { REPEAT_WINDOW_MS, SENDER_LIFE_MS } from './timing.ts'
import type { Desk } from './work.ts'

/** Between two looks at a change that is still being planned, milliseconds, and how often. */
const PLANNING_WAIT_MS = 250
const MAX_LOOKS = 20

export interface Switch {
  readonly actor: Actor
  readonly featureName: string
}

export type Taken = { readonly id: string } | { readonly first: Header }

export function isRepeat(taken: Taken): taken is { readonly first: Header } {
  return 'first' in taken
}

/**
 * @returns the change that this is a repeat of, or the id of the one to make, which no other request will get.
 * @throws GatewayError `change.conflict` while the first is still being planned.
 */
export async function takeSwitch({ ledger, clock }: Desk, asked: Switch): Promise<Taken> {
  const key = keyOf(asked)
  for (let looks = 1; looks <= MAX_LOOKS; looks++) {
    const pointer = await ledger.pointer(key)
    const first = pointer && (await ledger.get(pointer.changeId))
    if (first && isStillMeant(first, clock.nowMs())) return { first }
    const isPlanned = pointer && !first && clock.nowMs() - pointer.atMs < SENDER_LIFE_MS
    if (!isPlanned) {
      const id = randomId()
      if (await ledger.putPointer(key, { changeId: id, atMs: clock.nowMs() }, pointer?.changeId))
        return { id }
    }
    await clock.sleep(PLANNING_WAIT_MS)
  }
  throw new GatewayError(
    'change.conflict',
    `The same request for ${asked.featureName} is under way; try again`,
    {
      retryAfterSeconds: 5,
    },
  )
}

/** The planning failed and nothing is on record: the next request need not wait for it. */
export async function forgetRepeat({ ledger }: Desk, asked: Switch, changeId: string): Promise<void> {
  await ledger.putPointer(keyOf(asked), { changeId, atMs: 0 }, changeId)
}

function keyOf({ actor, featureName }: Switch): string {
  return idOf('switch', actor.kind, actor.id, featureName)
}

function isStillMeant(first: Header, nowMs: number): boolean {
  if (!isSettled(first.state)) return true
  return !isFree(first) && nowMs - settledAt(first) < REPEAT_WINDOW_MS
}
