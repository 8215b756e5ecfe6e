/** Times and periods as notices carry them: ISO, days in UTC. */
import type { Period } from '../seats-port.ts'
import type { SeatsTold } from './notices.ts'

export const isoOf = (ms: number): string => new Date(ms).toISOString()

export function periodTold({ id, from, start, end }: Period): NonNullable<SeatsTold['period']> {
  return { id, from, start, end }
}
