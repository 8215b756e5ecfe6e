/**
 * Seats and billing periods: what is held against what is paid for. Counts come from the inventory, what is paid for and
 * billed from Genesys where it answers, else from the org file. What is held is never called billed, and what nobody has
 * told is left out, never zero. Prices are neither read, kept nor told.
 */
import type { ChangeOrigin, Origin } from '../inventory/inventory-port.ts'

/** Who says how many seats are paid for. */
export type SeatsFrom = 'contract' | 'orgFile' | 'none'

/** How a count stands to its seats: `near` is from so many per cent to all of them, `over` is above them. */
export const seatStandings = ['within', 'near', 'over'] as const
export type SeatStanding = (typeof seatStandings)[number]

/** How the contract counts, which no API of Genesys tells: the org file does. */
export type Counting = 'named' | 'concurrent'

export interface LicenseSeats {
  readonly licenseId: string
  readonly held: number
  /** Of so many it is not known; they are not in `held`. */
  readonly unknown?: number | undefined
  readonly seats?: number | undefined
  readonly seatsFrom: SeatsFrom
  /** What the contract's charges say is paid for, where the org file's own number counts in its place. */
  readonly contractSeats?: number | undefined
  /** Charges that the org file maps to the license and that no contract of the day has. */
  readonly unknownCharges?: readonly string[] | undefined
  /** How many are held beyond the seats; absent where nobody has told the seats. */
  readonly over?: number | undefined
  /** Absent where nobody has told the seats. */
  readonly standing?: SeatStanding | undefined
  /** What Genesys's billing counts so far in this period, of the charges that the org file maps to the license. */
  readonly billed?: number | undefined
  /** Epoch milliseconds. */
  readonly billedAsOfMs?: number | undefined
}

export interface SeatsNow {
  /** Epoch milliseconds. */
  readonly asOfMs: number
  readonly isWhole: boolean
  /** Where that is false: so many were not found, and are counted as before. */
  readonly missing?: number | undefined
  readonly counting: Counting | undefined
  /** When billing told of the contract last, where that is too long ago to count for today. Epoch milliseconds. */
  readonly contractGoneSinceMs?: number | undefined
  readonly licenses: readonly LicenseSeats[]
  /** Of the contract at work, where billing tells one: what PeriodReport has. */
  readonly unmapped: PeriodReport['unmapped']
}

/** A billing period of the contract, or a calendar month where there is none to be seen. */
export interface Period {
  /** Of the contract's, Genesys's id; of a calendar month `2026-11`. */
  readonly id: string
  readonly from: 'contract' | 'calendar'
  /** As Genesys gives it, or the month's first day, UTC. */
  readonly start: string
  /** As Genesys gives it ([?] whether inclusive), or the month's last day, UTC. */
  readonly end: string
  readonly status: 'open' | 'closed'
  /** When billing listed it last, epoch milliseconds; of a calendar month nobody did. */
  readonly toldAtMs?: number | undefined
}

/** One UTC day of one license. What no reading has seen is absent. */
export interface LicenseDay {
  /** `2026-11-28` */
  readonly day: string
  readonly held?: number | undefined
  readonly isWhole?: boolean | undefined
  readonly seats?: number | undefined
}

/** Somebody who was given a license while, or by which, more were held than are paid for. */
export interface PersonBehind extends Partial<ChangeOrigin> {
  readonly userId: string
  readonly name?: string | undefined
  readonly email?: string | undefined
  /** Epoch milliseconds. */
  readonly sinceMs: number
  /** Given outside after that, epoch milliseconds: the whole reading before did not show it. */
  readonly afterMs?: number | undefined
  readonly by: Exclude<Origin, 'before records'>
}

/** One license in a period: as it stands now, or of a period that is over as it stood at its end. */
export interface LicensePeriod extends Omit<LicenseSeats, 'held' | 'standing'> {
  /** Absent where no reading has seen it. */
  readonly held?: number | undefined
  readonly atStart?: number | undefined
  readonly most?: { readonly held: number; readonly day: string } | undefined
  /** The most that was held beyond what was paid for on a day of the period, with its first day; absent where nothing was. */
  readonly mostOver?: { readonly over: number; readonly day: string } | undefined
  /** The UTC day since which, at the latest, more are held than paid for; absent where that is not so now. */
  readonly overSince?: string | undefined
  /** It was so by the first count on record already, and may have been for longer. */
  readonly isOverFromFirst?: true | undefined
  /** Where it was so: so many hold it now who held it by that first count. */
  readonly heldFromFirst?: number | undefined
  /**
   * Pairs that the gateway's changes gave and took in the period, and that were changed outside of it: since the first
   * reading of all where that came later, and absent where the period was over by then.
   */
  readonly given?: number | undefined
  readonly taken?: number | undefined
  readonly changedOutside?: number | undefined
  /**
   * Those who were given it since the count was last within the seats, or where it never was since the first count on
   * record, and hold it still; the latest first, a thousand at most.
   */
  readonly people: readonly PersonBehind[]
  /** So many more there are. */
  readonly morePeople?: number | undefined
  readonly days: readonly LicenseDay[]
  /** The same of the period before, where anything of it is on record. */
  readonly before?: { readonly most?: number | undefined; readonly billed?: number | undefined } | undefined
}

export interface PeriodReport extends Period {
  /** Epoch milliseconds; absent where the period is over and nobody read in it who held what, and so is `isWhole`. */
  readonly asOfMs?: number | undefined
  readonly isWhole?: boolean | undefined
  /** Where it is not whole and that is on record: so many were not found, and are counted as before. */
  readonly missing?: number | undefined
  /** Since when changes are counted, epoch milliseconds, where that is not all of the period. */
  readonly countedFromMs?: number | undefined
  /**
   * The UTC day from which on it is on record what was paid for, where that is not all of the period: days before go by the
   * org file's number of that day.
   */
  readonly seatsFromDay?: string | undefined
  readonly counting: Counting | undefined
  /** When billing told of the contract last, where that is too long ago to count for today. Epoch milliseconds. */
  readonly contractGoneSinceMs?: number | undefined
  readonly licenses: readonly LicensePeriod[]
  /**
   * Charges of the contract that count for no license: the org file maps them to none, or they are for several orgs
   * together. Beside them the names of billable usage that no charge has. Shown, never guessed.
   */
  readonly unmapped: readonly {
    readonly charge: string
    /** It is this org's and others' together. */
    readonly isShared?: true | undefined
    /** It is a name of billable usage, and no charge of a contract. */
    readonly isUsage?: true | undefined
    readonly prepaid?: number | undefined
    readonly billed?: number | undefined
  }[]
  /** The period before, by its id. */
  readonly previousId?: string | undefined
}

/** Each method throws what the inventory's do. */
/** How many held each license at the end of each of some days; of today, now. */
export interface SeatDays {
  /** Of today's count, as of the newest reading. Epoch milliseconds. */
  readonly asOfMs: number
  readonly isWhole: boolean
  readonly fromDay: string
  readonly toDay: string
  /** See PeriodReport. */
  readonly seatsFromDay?: string | undefined
  readonly licenses: readonly { readonly licenseId: string; readonly days: readonly LicenseDay[] }[]
}

export interface Seats {
  now(): Promise<SeatsNow>
  /** @param count of the days, today the last of them. @param licenseId in any case; of each license where absent. */
  days(count: number, licenseId?: string): Promise<SeatDays>
  /** The newest first. */
  periods(): Promise<readonly Period[]>
  /** @param id a period's, or `current`. @throws GatewayError `not.found` */
  report(id: string): Promise<PeriodReport>
}
