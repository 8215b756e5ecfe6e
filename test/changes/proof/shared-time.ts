/** A clock for processes that overlap: it goes on only while all of them sleep, and then to the earliest wake. */
import type { ChangeWorld } from '../../support/changes/change-world.ts'
import type { FakeClock } from '../../support/fake-clock.ts'
import type { Gate } from './gate.ts'

/** Turns of the event loop without a call outside, after which all processes sleep. */
const IDLE_TURNS = 5

export interface SharedTime {
  readonly clock: FakeClock
  /** Every call outside goes through it. */
  readonly gate: Gate
}

export function sharedTime({ clock }: ChangeWorld): SharedTime {
  const sleepers: { readonly wakeMs: number; readonly wake: () => void }[] = []
  let underWay = 0
  let isTurning = false

  async function turn(): Promise<void> {
    if (isTurning) return
    isTurning = true
    while (sleepers.length > 0) {
      for (let idle = 0; idle < IDLE_TURNS; idle++) {
        await new Promise(setImmediate)
        if (underWay > 0) idle = 0
      }
      sleepers.sort((a, b) => a.wakeMs - b.wakeMs)
      const next = sleepers.shift()
      if (!next) break
      clock.advance(Math.max(0, next.wakeMs - clock.monotonicMs()))
      next.wake()
    }
    isTurning = false
  }

  return {
    clock: {
      ...clock,
      sleep: (ms) =>
        new Promise((wake) => {
          sleepers.push({ wakeMs: clock.monotonicMs() + ms, wake })
          void turn()
        }),
    },
    async gate(_, carryOut) {
      underWay += 1
      try {
        return await carryOut()
      } finally {
        underWay -= 1
      }
    },
  }
}
