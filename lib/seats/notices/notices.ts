/**
 * What is told of seats and of what was done outside the gateway, on record: one row a license, one of the readings, one
 * of the weekly digest, one of the contract. Each row is put on condition of the one that was seen, before anything is told; what it says stands in
 * it until it has been told (an outbox). So of two at once one tells, and a crash in between loses nothing.
 */
import * as z from 'zod/mini'
import { seatStandings } from '../seats-port.ts'

const Count = z.int().check(z.gte(0))

/** What a figure rests on. */
const dated = {
  /** When the reading began; what the gateway has settled since is counted too. */
  asOf: z.iso.datetime(),
  isWhole: z.boolean(),
}

const PeriodTold = z.object({
  id: z.string(),
  from: z.enum(['contract', 'calendar']),
  start: z.string(),
  /** As Genesys gives it. */
  end: z.string(),
})

/** A license has come to, or left, being near its seats or over them. */
export const SeatsTold = z.object({
  licenseId: z.string(),
  standing: z.enum(seatStandings),
  was: z.enum(seatStandings),
  turn: z.enum(['entered', 'left']),
  held: Count,
  /** Of so many it is not known; they are not in `held`. */
  unknown: z.optional(Count),
  seats: Count,
  seatsFrom: z.enum(['contract', 'orgFile']),
  over: Count,
  /** From how many held on it is near. */
  nearFrom: Count,
  counting: z.optional(z.enum(['named', 'concurrent'])),
  ...dated,
  /** The UTC day since which it stands so, as far as readings show it. */
  since: z.string(),
  /** It stood so by the first count on record already, and may have for longer. */
  isFromFirst: z.optional(z.literal(true)),
  period: z.optional(PeriodTold),
  /** The people behind it, counted. Absent where it was left, and where they could not be made out. */
  behind: z.optional(
    z.object({
      people: Count,
      /** By the gateway's changes, the latest first; of at most twenty. */
      changes: z.array(z.object({ changeId: z.string(), people: Count })),
      /** People by further changes. */
      byMoreChanges: z.optional(Count),
      outside: z.optional(Count),
      beforeRecords: z.optional(Count),
    }),
  ),
})
export type SeatsTold = z.output<typeof SeatsTold>

/** What a whole reading found done by nobody of the gateway's, since the whole reading before it. */
export const OutsideTold = z.object({
  ...dated,
  given: Count,
  taken: Count,
  people: Count,
  licenses: z.array(z.object({ licenseId: z.string(), given: Count, taken: Count })),
  /** The first twenty. */
  first: z.array(
    z.object({
      userId: z.string(),
      licenseId: z.string(),
      isGiven: z.boolean(),
      /** When the page was read that showed it, and the one before that did not. */
      at: z.iso.datetime(),
      after: z.optional(z.iso.datetime()),
    }),
  ),
})
export type OutsideTold = z.output<typeof OutsideTold>

/** All licenses, once a week. */
export const DigestTold = z.object({
  /** UTC. */
  day: z.string(),
  ...dated,
  counting: z.optional(z.enum(['named', 'concurrent'])),
  period: z.optional(PeriodTold),
  /** When billing told of the contract last, where that is too long ago to count. */
  contractGoneSince: z.optional(z.iso.datetime()),
  /** Since when changes are counted, where that is not all of the period. */
  countedFrom: z.optional(z.iso.datetime()),
  licenses: z.array(
    z.object({
      licenseId: z.string(),
      held: Count,
      unknown: z.optional(Count),
      seats: z.optional(Count),
      over: z.optional(Count),
      most: z.optional(Count),
      given: z.optional(Count),
      taken: z.optional(Count),
      changedOutside: z.optional(Count),
    }),
  ),
})
export type DigestTold = z.output<typeof DigestTold>

/** Billing has told of no contract for a week, where the org file maps charges of it. */
export const ContractTold = z.object({
  /** When it told of one last. */
  goneSince: z.iso.datetime(),
  ...dated,
})
export type ContractTold = z.output<typeof ContractTold>

const row = {
  /** From 1 on. */
  version: z.int(),
  /** Of whoever put it, by which a put whose answer was lost is known again. */
  writeId: z.string(),
  atMs: z.number(),
  isTold: z.boolean(),
  /** Until then whoever put it is at telling it: nobody else does. */
  tellingUntilMs: z.number(),
}

/** A row by its kind and name. What moves is `version`; all else follows from what is told. */
export const Notice = z.discriminatedUnion('kind', [
  /** @see SeatsTold; its name is the license's id in lower case. */
  z.object({ kind: z.literal('seats'), name: z.string(), ...row, told: SeatsTold }),
  z.object({
    kind: z.literal('outside'),
    name: z.literal('readings'),
    ...row,
    /** Up to where differences have been counted, epoch milliseconds. */
    countedToMs: z.number(),
    told: OutsideTold,
  }),
  z.object({ kind: z.literal('digest'), name: z.literal('week'), ...row, told: DigestTold }),
  z.object({ kind: z.literal('contract'), name: z.literal('billing'), ...row, told: ContractTold }),
])
export type Notice = z.output<typeof Notice>

/** What each is told as on the stack's bus. */
export const noticeEvents = {
  over: 'License Over Seats',
  near: 'License Near Seats',
  outside: 'License Changed Outside',
  digest: 'License Seats Digest',
  contract: 'License Contract Gone',
} as const

/** Whoever implements it reads strongly consistently. Throws GatewayError `ledger.unavailable`. */
export interface Notices {
  /** The last row of each license, of readings, of the digest and of the contract. */
  all(): Promise<readonly Notice[]>
  /**
   * Puts a row in the place of the one that was seen, undefined: of none.
   *
   * @returns whether it is as `next` now; false where another write came first.
   */
  put(next: Notice, seen: Notice | undefined): Promise<boolean>
}

/** What one event is known by, however often it goes out. */
export function noticeIdOf({ kind, name, version }: Pick<Notice, 'kind' | 'name' | 'version'>): string {
  return `${kind}#${name}#${version}`
}
