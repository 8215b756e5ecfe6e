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

/** A reading of the whole org, with what the gateway has settled since. */
export interface RosterReading {
  /** When it began, epoch milliseconds: no part of it is older. */
  readonly atMs: number
  /** Whether nobody is missing. */
  readonly isWhole: boolean
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
