import { personId, personIndex } from './people.ts'

/** Until then somebody held that: epoch milliseconds and license ids. */
interface Held {
  readonly untilMs: number
  readonly licenses: readonly string[]
}

/** What people held before it was changed, each person's earliest first. Billing asks for it. */
export function createPast(users: number, saved: Readonly<Record<string, readonly Held[]>> = {}) {
  const past = new Map<number, Held[]>()
  for (const [id, held] of Object.entries(saved)) {
    const index = personIndex(id, users)
    if (index !== undefined) past.set(index, [...held])
  }
  return {
    /** Somebody holds something else from now on. */
    note(index: number, untilMs: number, licenses: readonly string[]): void {
      const held = past.get(index) ?? []
      held.push({ untilMs, licenses })
      past.set(index, held)
    },
    /** Every license that somebody held at some time from one to another, the later one exclusive. */
    heldIn(index: number, now: readonly string[], fromMs: number, untilMs: number): ReadonlySet<string> {
      const all = [...(past.get(index) ?? []), { untilMs: Number.POSITIVE_INFINITY, licenses: now }]
      const found = new Set<string>()
      let sinceMs = Number.NEGATIVE_INFINITY
      for (const held of all) {
        if (held.untilMs > fromMs && sinceMs < untilMs) for (const each of held.licenses) found.add(each)
        sinceMs = held.untilMs
      }
      return found
    },
    reset: () => past.clear(),
    all: () => Object.fromEntries([...past].map(([index, held]) => [personId(index), held])),
  }
}
