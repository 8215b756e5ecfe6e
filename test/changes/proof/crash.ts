/** Processes that end in the middle. */
import type { Gate } from './gate.ts'

export interface Mortal {
  readonly gate: Gate
  readonly hasDied: () => boolean
  /** It dies now, in a call whose answer it does not see. */
  readonly end: () => Promise<never>
  /** The work's result, or undefined as soon as its process has died: nobody sees what it would have said. */
  readonly outlive: <T>(work: Promise<T>) => Promise<T | undefined>
  /** What the n-th call was. */
  readonly lastCall: () => string
}

/** What the dead wait for: no handler of theirs runs any more. */
const never = new Promise<never>(() => {})

/**
 * A process that dies at its n-th call outside, 1 being the first.
 *
 * @param isCarriedOut whether the call still happens, its answer unseen.
 */
export function mortal(n: number, isCarriedOut: boolean, inner: Gate = (_, carryOut) => carryOut()): Mortal {
  let calls = 0
  let what = ''
  const death = Promise.withResolvers<undefined>()
  const end = () => {
    death.resolve(undefined)
    return never
  }
  return {
    end,
    async gate(call, carryOut) {
      calls += 1
      if (calls > n) return await never
      if (calls < n) return await inner(call, carryOut)
      what = call.what
      if (isCarriedOut) await inner(call, carryOut).catch(() => {})
      return await end()
    },
    hasDied: () => calls >= n,
    outlive: (work) => Promise.race([work, death.promise]),
    lastCall: () => what,
  }
}
