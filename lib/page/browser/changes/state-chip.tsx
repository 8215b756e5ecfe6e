import { type StandingChange, wordsOfStanding } from '../../../changes/answers/words/standing-words.ts'
import { Chip } from '../parts/chip.tsx'

/** How a change stands, or, by a state alone, stood. */
export function StateChip(change: StandingChange) {
  const { name, tone } = wordsOfStanding(change)
  return <Chip tone={tone}>{name}</Chip>
}
