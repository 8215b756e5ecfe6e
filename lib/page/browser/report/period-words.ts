import type { PeriodListing } from '../../../seats/seat-schemas.ts'
import { localDayOf } from '../parts/times.tsx'

export type ListedPeriod = PeriodListing['entities'][number]

/** Days as Genesys gives them: whether the last one is within it, it does not say. */
export function periodSpanOf({ start, end }: Pick<ListedPeriod, 'start' | 'end'>): string {
  return `${localDayOf(start.slice(0, 10))} to ${localDayOf(end.slice(0, 10))}`
}
