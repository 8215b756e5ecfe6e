/** The port by which lists find people: whoever is in the org by a dated reading, with what they hold. Nothing is read upstream for it. */
import type { Principal } from '../model/change.ts'

export interface RosterPerson {
  readonly id: string
  readonly name?: string | undefined
  readonly email?: string | undefined
  /** `active`, `inactive` or `deleted`, as Genesys says it. */
  readonly state?: string | undefined
  /** License ids. */
  readonly licenses: readonly string[]
  /** Of these it is not known whether they hold them; of any, where the reading has missed them. */
  readonly unknown: readonly string[] | 'any'
}

/** What two readings tell, beside what the gateway did. */
export interface ChangedOutside {
  /** When the earlier one began, epoch milliseconds. */
  readonly asOfMs: number
  readonly pairs: AsyncIterable<{
    readonly userId: string
    readonly licenseId: string
    readonly isGiven: boolean
  }>
}

/** A reading of the whole org, with what the gateway has settled since. */
export interface RosterReading {
  /** When it began, epoch milliseconds: no part of it is older. */
  readonly atMs: number
  /** Whether nobody is missing. */
  readonly isWhole: boolean
  /**
   * What somebody did outside the gateway between the reading before and this one; undefined where there is none before it.
   * Throws GatewayError `ledger.unavailable`.
   */
  readonly changedOutside: () => Promise<ChangedOutside | undefined>
  /** Everybody, part after part as they are asked for. Throws GatewayError `ledger.unavailable`. */
  readonly people: AsyncIterable<RosterPerson>
}

/** Each method throws GatewayError `ledger.unavailable`. */
export interface Roster {
  /** The last reading. @throws GatewayError `reading.unavailable` where there is none. */
  newest(): Promise<RosterReading>
  /**
   * The last reading, where it began after a time. Where it did not, one is asked for, and asking again is no second one.
   *
   * @param atMs epoch milliseconds.
   * @param by for the log.
   */
  beganAfter(atMs: number, by: Principal): Promise<RosterReading | undefined>
}
