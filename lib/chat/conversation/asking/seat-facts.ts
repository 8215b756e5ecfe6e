/** Seats of the contract: how many are taken, how many would be, and as of when. */

import type { Change } from '../../../changes/answers/change-schemas.ts'
import { isSettled } from '../../../changes/model/change.ts'
import type { Target } from '../../../changes/model/targets.ts'
import { licensesGivenOf, readHoldersSince, seatsOf } from '../../../changes/plan/count-seats.ts'
import type { SeatReadings } from '../../../changes/record/desk.ts'
import { GatewayError } from '../../../errors.ts'
import { byLicense } from '../../../people/read-holders.ts'
import { userOf } from '../../../people/user.ts'
import type { User } from '../../../people/user-model.ts'
import type { Part, Reply } from '../words/reply.ts'
import { text } from '../words/said.ts'
import { spokenAge } from '../words/times.ts'
import type { ChatSession } from './session.ts'

type Counts = NonNullable<NonNullable<Change['findings']>['seats']>

interface Gathered {
  readonly seats?: SeatReadings
  /** Why it could not be gathered, as somebody can act on it: then the plan counts from what was gathered last. */
  readonly uncounted?: string
}

/** Gathers who holds what before a plan that gives a license with seats, so that it counts from that. */
export async function gatheredFor(session: ChatSession, targets: readonly Target[]): Promise<Gathered> {
  const { policy } = session.desk
  if (!licensesGivenOf(targets).some((licenseId) => seatsOf(policy, licenseId) !== undefined)) return {}
  try {
    const reading = byLicense(await session.holders())
    return { seats: { newest: async () => reading } }
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    session.failed(error)
    return {
      uncounted: isTooManyToRead(error)
        ? `${TOO_MANY_TO_READ}, so look at them in Genesys itself`
        : 'who holds it could not be read just now, so try again in some minutes',
    }
  }
}

/** What is too large for whatever rests on a reading of everybody; what still works is said behind it. */
export const TOO_MANY_TO_READ = 'more people than can be read at once (some 15,000) are in this org'

/** Whether it says so. */
export function isTooManyToRead(error: unknown): boolean {
  return error instanceof GatewayError && error.code === 'response.too.large'
}

interface HoldersNow {
  /** In the order in which they were gathered, then whom that did not find. */
  readonly holding: readonly User[]
  readonly heading: string
  readonly atMs: number
}

/** Who holds a license: as gathered, and by what the gateway has done since. */
export async function holdersNow(session: ChatSession, licenseId: string): Promise<HoldersNow> {
  const { desk, who } = session
  const gathered = await session.holders()
  const { atMs } = gathered
  const { held, unknown } = await readHoldersSince(desk, byLicense(gathered), licenseId)
  const known = gathered.users.filter(({ id }) => held.has(id.toLowerCase()))
  const ids = new Set(known.map(({ id }) => id.toLowerCase()))
  const others = [...held].filter((id) => !ids.has(id)).map((id) => userOf(id, undefined, [licenseId]))
  const seats = seatsOf(desk.policy, licenseId)
  const heading = [
    `${held.size} ${held.size === 1 ? 'holds' : 'hold'} ${licenseId}`,
    ...(seats === undefined ? [] : [`of ${seats} ${seats === 1 ? 'seat' : 'seats'}`]),
    ...unknownOf(unknown.size),
    `as of ${spokenAge(atMs, who.timeZone, desk.clock.nowMs())}`,
  ]
  return { holding: [...known, ...others], heading: heading.join(', '), atMs }
}

interface ShownSeats {
  readonly change: Change
  readonly timeZone: string
  readonly nowMs?: number
  readonly uncounted?: string
}

/** How many seats are taken once a change is carried out; of one that has settled nothing is said. */
export function seatFacts({ change, timeZone, nowMs, uncounted }: ShownSeats): (readonly [string, string])[] {
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
      `as of ${spokenAge(Date.parse(asOf), timeZone, nowMs)}`,
    ]
    return [name, said.join(', ')]
  })
}

/** Said before all else: that a license would be given beyond its seats, or may be. */
export function overSeats(change: Change): Part[] {
  return countsOf(change).flatMap(
    ({ licenseId, seats, taken = 0, after = 0, unknown = 0, open = 0, isOver }) => {
      if (isOver) {
        const besides = open === 0 ? '' : `, and ${open} by changes that are open`
        return [
          text(`This takes ${licenseId} over its seats: ${after} of ${seats} would be taken${besides}.`),
        ]
      }
      return after > taken && after + open + unknown > seats
        ? [text(`This may take ${licenseId} over its seats: ${after} of ${seats}, and ${unknown} not known.`)]
        : []
    },
  )
}

/** A warning where a change takes a license over its seats, or may. */
export function toneOf(change: Change, tone: Reply['tone']): Reply['tone'] {
  return overSeats(change).length > 0 ? 'warning' : tone
}

function countsOf({ findings, state }: Change): Counts {
  return isSettled(state) ? [] : (findings?.seats ?? [])
}

function openOf(count: number): string[] {
  return count === 0 ? [] : [`${count} more by changes that are open`]
}

function unknownOf(count: number): string[] {
  return count === 0 ? [] : [`${count} not known`]
}
