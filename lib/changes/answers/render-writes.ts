import { isoOf } from '../../utc-day.ts'
import type { Policy } from '../model/policy.ts'
import { pauseOf, type WritePause, type WriteSwitch } from '../model/write-switch.ts'
import type { Change } from './change-schemas.ts'
import { partyOf } from './member-order.ts'
import type { Writes } from './write-schemas.ts'

/** Turns that an answer shows. */
const MAX_TURNS_SHOWN = 50

/** @param turns the latest first, the one that stands among them. */
export function writesOf(policy: Pick<Policy, 'writes'>, turns: readonly WriteSwitch[]): Writes {
  const [stands] = turns
  const pause = pauseOf(policy, stands)
  const shown = pause?.from === 'org file' ? undefined : stands
  return {
    state: pause ? 'paused' : 'running',
    since: shown && isoOf(shown.atMs),
    by: shown && partyOf(shown.by),
    reason: shown?.reason,
    isPausedByOrgFile: pause?.from === 'org file',
    history: turns.slice(0, MAX_TURNS_SHOWN).map(turnOf),
  }
}

export function turnOf({ state, atMs, by, reason }: WriteSwitch): Writes['history'][number] {
  return { state, at: isoOf(atMs), by: partyOf(by), reason }
}

/** On a change that waits for them to be resumed. */
export function writesPausedOf(pause: WritePause): NonNullable<Change['writesPaused']> {
  if (pause.from === 'org file') return { isByOrgFile: true }
  const { atMs, by, reason } = pause
  return { isByOrgFile: false, since: isoOf(atMs), by: partyOf(by), reason }
}
