import type { Change } from '../../../changes/answers/change-schemas.ts'
import { stateWords } from '../../../changes/answers/summarize.ts'
import { Chip } from '../parts/chip.tsx'

export function StateChip({ state }: Pick<Change, 'state'>) {
  const { name, tone } = stateWords[state]
  return <Chip tone={tone}>{name}</Chip>
}
