/** How far a list has come, and what has ended it or keeps it waiting: the same in chat and on the page. Pure. */
import type { ChangeOutcomes, ListProgress } from '../change-schemas.ts'

/** @returns of how many pairs it is known what became of them. */
export function shareOf(outcomes: ChangeOutcomes) {
  const all = Object.values(outcomes).reduce((sum: number, each = 0) => sum + each, 0)
  const done = all - (outcomes.notSettled ?? 0) - (outcomes.notSent ?? 0)
  return { done, all, share: all === 0 ? 1 : done / all }
}

/** Why no further part begins. */
export function stoppedTextOf({ stopped }: ListProgress, hasEnded: boolean): string | undefined {
  if (!stopped) return undefined
  const { why, by, byName = by } = stopped
  const rest = hasEnded ? '.' : ': no further part begins, and it ends once what is under way is settled.'
  if (why === 'called off') return `Called off by ${byName}${rest}`
  if (why === 'late') return `${by === 'gateway' ? 'Its time was up' : `Ended by ${byName}`}${rest}`
  if (why === 'conflict') return `Stopped at a conflict, as it was asked to${rest}`
  return `Given up, since its next part could not be begun${rest}`
}

/** @param timeTextOf how a time reads. */
export function failingTextOf(
  { failingSince }: ListProgress,
  timeTextOf: (iso: string) => string,
): string | undefined {
  if (failingSince === undefined) return undefined
  return `Its next part cannot be begun since ${timeTextOf(failingSince)}. It is tried again by itself, and nothing is lost; if it stays so, tell whoever operates the gateway.`
}
