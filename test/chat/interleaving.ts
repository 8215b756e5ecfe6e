/** Deliveries that overlap: each call outside is one turn of fast-check's scheduler, those of Slack too. */
import type fc from 'fast-check'
import type { Workbench } from '../../lib/changes/record/desk.ts'
import { benchBehind, type Gate } from '../changes/proof/gate.ts'
import { drained } from '../changes/proof/history.ts'
import { type ChatWorld, type ChatWorldOptions, chatWorld } from './chat-world.ts'

export interface Race {
  readonly world: ChatWorld
  /** A new container's workbench, whose calls wait for their turns. */
  readonly bench: () => Workbench
  /** Everything at once, each in a process of its own, until all are done. */
  readonly atOnce: (...processes: readonly (() => Promise<unknown>)[]) => Promise<void>
}

/** @param order for each run of a property another one. */
export async function race(order: fc.Scheduler, options: ChatWorldOptions): Promise<Race> {
  let isOn = false
  function inTurn<T>(label: string, carryOut: () => Promise<T>): Promise<T> {
    // What comes before and after the race goes straight through.
    if (!isOn) return carryOut()
    return new Promise<T>((resolve, reject) => {
      order.scheduleSequence([{ label, builder: () => carryOut().then(resolve, reject) }])
    })
  }
  const world = await chatWorld({
    ...options,
    slack: ({ respond, post }) => ({
      respond: (url, message) => inTurn('respond', () => respond(url, message)),
      post: (to, message) => inTurn('post', () => post(to, message)),
    }),
  })
  const { clock } = world
  const gate: Gate = (call, carryOut) => inTurn(call.what, carryOut)
  const sleeping = {
    ...clock,
    async sleep(ms: number) {
      const wakeMs = clock.monotonicMs() + ms
      await inTurn(`sleeps ${ms}`, async () => clock.advance(Math.max(0, wakeMs - clock.monotonicMs())))
    },
  }
  return {
    world,
    bench: () => benchBehind(world, gate, { clock: sleeping }),
    async atOnce(...processes) {
      isOn = true
      await drained(order, Promise.all(processes.map((each) => each())))
      isOn = false
    },
  }
}
