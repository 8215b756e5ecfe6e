/** Periods as notices carry them. */
import type { Period } from '../seats-port.ts'
import type { SeatsTold } from './notices.ts'

export function periodTold({ id, from, start, end }: Period): NonNullable<SeatsTold['period']> {
  return { id, from, start, end }
}
