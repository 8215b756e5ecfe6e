/**
 * Who hears the bus: what was told of seats, one turn after another, leads each license from where it was told to stand to
 * where it stands. So nothing is told twice, and nothing is left out.
 */
import * as z from 'zod/mini'
import { standingOf } from '../../../lib/seats/notices/seat-standings.ts'
import { seatStandings } from '../../../lib/seats/seats-port.ts'
import type { World } from '../../support/world.ts'

const Told = z.object({
  eventId: z.string(),
  seats: z.object({
    licenseId: z.string(),
    turn: z.enum(['entered', 'left']),
    was: z.enum(seatStandings),
    standing: z.enum(seatStandings),
    asOf: z.iso.datetime(),
    isWhole: z.boolean(),
  }),
})
type Told = z.output<typeof Told>

/** The org file's default. */
const NEAR_PERCENT = 90

/** How many hold a license, as far as anybody can know. */
export interface Bounds {
  readonly least: number
  readonly most: number
}

export interface NoticeWitness {
  /**
   * Asked after a whole reading.
   *
   * @returns a sentence for each license of which it was not told how it stands, for each turn that does not follow on the
   *   one before, and for each that was left by a count that is not whole or no later than the entry: so one that goes to and
   *   fro between two readings is told once.
   */
  faultsOf(held: (licenseId: string) => Bounds): string[]
  /** Whether the last that was told of a license is that it is over its seats. */
  isToldOver(licenseId: string): boolean
  /** How often a license was told to have come over its seats. */
  overages(): number
}

/** @param paidFor the seats of licenses. */
export function noticeWitness(
  { aws }: Pick<World, 'aws'>,
  paidFor: ReadonlyMap<string, number>,
): NoticeWitness {
  /** By the stand-in's own id, since it forgets the oldest. */
  const heard = new Map<string, Told['seats'] & { readonly isOver: boolean; readonly eventId: string }>()
  function listen(): void {
    for (const { id, 'detail-type': detailType, detail } of aws.events()) {
      if (detailType !== 'License Over Seats' && detailType !== 'License Near Seats') continue
      const { eventId, seats } = Told.parse(detail)
      heard.set(id, { ...seats, eventId, isOver: detailType === 'License Over Seats' })
    }
  }
  return {
    faultsOf(held) {
      listen()
      const told = [...heard.values()]
      const faults = told.length === new Set(told.map(({ eventId }) => eventId)).size ? [] : ['told twice']
      for (const [licenseId, seats] of paidFor) {
        let stands: Told['seats']['standing'] = 'within'
        let entry = ''
        for (const { was, standing, turn, isOver, asOf, isWhole } of told.filter(
          (each) => each.licenseId === licenseId,
        )) {
          const about = turn === 'entered' ? standing : was
          if (was !== stands || was === standing || isOver !== (about === 'over'))
            faults.push(`${licenseId} stood ${stands}, and is told to have gone from ${was} to ${standing}`)
          stands = standing
          if (turn === 'entered') entry = asOf
          else if (!isWhole || asOf <= entry)
            faults.push(
              `${licenseId} is told to have left ${was} by no whole reading since it was told to be`,
            )
        }
        const { least, most } = held(licenseId)
        const counts = Array.from({ length: most - least + 1 }, (_, n) => least + n)
        if (!counts.some((count) => standingOf({ held: count, seats }, NEAR_PERCENT) === stands))
          faults.push(`${licenseId} is told to be ${stands}, and with ${least} to ${most} of ${seats} is not`)
      }
      return faults
    },
    isToldOver(licenseId) {
      listen()
      return [...heard.values()].findLast((each) => each.licenseId === licenseId)?.standing === 'over'
    },
    overages: () => [...heard.values()].filter(({ isOver, turn }) => isOver && turn === 'entered').length,
  }
}
