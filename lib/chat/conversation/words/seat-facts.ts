/** Seats of the contract as a change's reply tells them: how many are taken, how many would be, and as of when. */
import type { Change } from '../../../changes/answers/change-schemas.ts'
import { isSettled } from '../../../changes/model/transitions.ts'
import { type Part, type Reply, sayText } from './reply.ts'
import { ageTextOf } from './times.ts'

type Counts = NonNullable<NonNullable<Change['findings']>['seats']>

interface ShownSeats {
  readonly change: Change
  readonly timeZone: string
  readonly nowMs?: number | undefined
  readonly uncounted?: string | undefined
}

/** How many seats are taken once a change is carried out; of one that has settled nothing is said. */
export function seatFactsOf({
  change,
  timeZone,
  nowMs,
  uncounted,
}: ShownSeats): (readonly [string, string])[] {
  const counts = countsOf(change)
  return counts.map(({ licenseId, seats, after, unknown = 0, open = 0, asOf }) => {
    const name = counts.length > 1 ? `seats of ${licenseId}` : 'seats'
    if (after === undefined || asOf === undefined) {
      const why = uncounted ?? `nobody has read yet who holds ${licenseId}`
      return [name, `how many of ${seats} are taken is not known: ${why}`]
    }
    const said = [
      `${after} of ${seats} taken after it`,
      ...openOf(open),
      ...unknownOf(unknown),
      `as of ${ageTextOf(Date.parse(asOf), timeZone, nowMs)}`,
    ]
    return [name, said.join(', ')]
  })
}

/** Said before all else: that a license would be given beyond its seats, or may be. */
export function warnOverSeats(change: Change): Part[] {
  return countsOf(change).flatMap(
    ({ licenseId, seats, taken = 0, after = 0, unknown = 0, open = 0, isOver }) => {
      if (isOver) {
        const besides = open === 0 ? '' : `, and ${open} by changes that are open`
        return [
          sayText(`This takes ${licenseId} over its seats: ${after} of ${seats} would be taken${besides}.`),
        ]
      }
      return after > taken && after + open + unknown > seats
        ? [
            sayText(
              `This may take ${licenseId} over its seats: ${after} of ${seats}, and ${unknown} not known.`,
            ),
          ]
        : []
    },
  )
}

/** A warning where a change takes a license over its seats, or may. */
export function toneWithSeatsOf(change: Change, tone: Reply['tone']): Reply['tone'] {
  return warnOverSeats(change).length > 0 ? 'warning' : tone
}

function countsOf({ findings, state }: Change): Counts {
  return isSettled(state) ? [] : (findings?.seats ?? [])
}

function openOf(count: number): string[] {
  return count === 0 ? [] : [`${count} more by changes that are open`]
}

export function unknownOf(count: number): string[] {
  return count === 0 ? [] : [`${count} not known`]
}
