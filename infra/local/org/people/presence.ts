import type { PersonState } from './namesakes.ts'
import { personId, personIndex, stateOf } from './people.ts'

/** Where somebody is: in one of the directory's states, or in no listing at all. */
export type Presence = PersonState | 'vanished'

/** Somebody's last move. */
export interface Moved {
  readonly to: Presence
  /** Epoch milliseconds. */
  readonly atMs: number
  readonly wasActive: boolean
}

/** Who is in an org of `users` people and in which state: as the generator has it, with what has been changed since. */
export function createPresence(users: number, saved: Readonly<Record<string, Moved>> = {}) {
  const moves = new Map<number, Moved>()
  /** In ascending order. */
  let vanished: readonly number[] = []

  function put(index: number, moved: Moved): void {
    moves.set(index, moved)
    vanished = [...moves].flatMap(([each, { to }]) => (to === 'vanished' ? [each] : [])).sort((a, b) => a - b)
  }
  for (const [id, moved] of Object.entries(saved)) {
    const index = personIndex(id, users)
    if (index !== undefined) put(index, moved)
  }

  const presenceOf = (index: number) => moves.get(index)?.to ?? stateOf(index)

  return {
    move(index: number, to: Presence, atMs: number): void {
      put(index, { to, atMs, wasActive: presenceOf(index) === 'active' })
    },
    /** The state of one who has not vanished. */
    stateOf(index: number): PersonState {
      const to = presenceOf(index)
      return to === 'vanished' ? 'deleted' : to
    },
    isPresent: (index: number) => moves.get(index)?.to !== 'vanished',
    /** Whether somebody was active then, as far as the last move tells. */
    couldLogIn(index: number, atMs: number): boolean {
      const moved = moves.get(index)
      return moved && atMs < moved.atMs ? moved.wasActive : presenceOf(index) === 'active'
    },
    /** Of those who have not vanished. */
    count: () => users - vanished.length,
    /** Those who have not vanished, from one place on in the order of everybody. */
    *indexesFrom(place: number): Generator<number> {
      let index = place
      for (const gone of vanished) if (gone <= index) index += 1
      for (; index < users; index++) if (moves.get(index)?.to !== 'vanished') yield index
    },
    reset(): void {
      moves.clear()
      vanished = []
    },
    all: () => Object.fromEntries([...moves].map(([index, moved]) => [personId(index), moved])),
  }
}
