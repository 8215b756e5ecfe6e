/** Lets many through at a time or one alone: what is done in several steps is seen whole or not at all. */

/** Ends a turn; again, it does nothing. */
export type Leave = () => void

export interface Gate {
  /** Waits for a turn beside others. */
  enter(): Promise<Leave>
  /** Waits for a turn alone: all that came before have left, and nobody enters meanwhile. */
  enterAlone(): Promise<Leave>
}

/** Turns are given in the order in which they were asked for. */
export function createGate(): Gate {
  const waiting: { readonly isAlone: boolean; readonly start: (leave: Leave) => void }[] = []
  let inside = 0
  let isTaken = false

  function admit(): void {
    for (let next = waiting[0]; next && canEnter(next.isAlone); next = waiting[0]) {
      waiting.shift()
      inside += 1
      isTaken = next.isAlone
      next.start(leaveOnce())
    }
  }

  const canEnter = (isAlone: boolean) => (isAlone ? inside === 0 : !isTaken)

  function leaveOnce(): Leave {
    let hasLeft = false
    return () => {
      if (hasLeft) return
      hasLeft = true
      inside -= 1
      isTaken = false
      admit()
    }
  }

  const turn = (isAlone: boolean) =>
    new Promise<Leave>((start) => {
      waiting.push({ isAlone, start })
      admit()
    })
  return { enter: () => turn(false), enterAlone: () => turn(true) }
}
