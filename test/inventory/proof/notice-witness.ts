/** Who hears the bus: after a night that was read whole, each license that truly is over its seats has been told so, once. */
import * as z from 'zod/mini'
import type { World } from '../../support/world.ts'

const OverSeats = z.object({
  eventId: z.string(),
  seats: z.object({ licenseId: z.string(), turn: z.enum(['entered', 'left']), held: z.int() }),
})

export interface NoticeWitness {
  /** @param heldNow how many truly hold each license. @returns a sentence for each promise that was broken. */
  faultsOf(heldNow: ReadonlyMap<string, number>): string[]
  /** How often a license was told to have come over its seats. */
  entries(): number
}

export function noticeWitness(
  { aws }: Pick<World, 'aws'>,
  seats: ReadonlyMap<string, number>,
): NoticeWitness {
  /** By the stand-in's own id, since it forgets the oldest. */
  const heard = new Map<string, z.output<typeof OverSeats>>()
  return {
    faultsOf(heldNow) {
      for (const { id, 'detail-type': detailType, detail } of aws.events())
        if (detailType === 'License Over Seats') heard.set(id, OverSeats.parse(detail))
      const told = [...heard.values()]
      const faults = told.length === new Set(told.map(({ eventId }) => eventId)).size ? [] : ['told twice']
      for (const [licenseId, paid] of seats) {
        const turns = told.filter((each) => each.seats.licenseId === licenseId).map((each) => each.seats.turn)
        const isAlternating = turns.every((turn, n) => turn === (n % 2 === 0 ? 'entered' : 'left'))
        if (!isAlternating) faults.push(`${licenseId} is told as ${turns.join(', ')}`)
        const [isOver, isToldOver] = [(heldNow.get(licenseId) ?? 0) > paid, turns.at(-1) === 'entered']
        if (isOver !== isToldOver)
          faults.push(`${licenseId} is ${isOver ? '' : 'not '}over, and told otherwise`)
      }
      return faults
    },
    entries: () => [...heard.values()].filter(({ seats: { turn } }) => turn === 'entered').length,
  }
}
