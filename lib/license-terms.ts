/** What the contract has of each license, as the org file says it: how it counts, seats, and the charges that pay for them. */
import * as z from 'zod/mini'
import { LicenseId } from './genesys/models/ids.ts'
import { withoutInvisibleEnds } from './text.ts'

/** How the contract counts: people, or those who are logged in at once. No API of Genesys tells it. */
export const countings = ['named', 'concurrent'] as const

/** From so many per cent of its seats on a license is near them, where the org file names no other. */
const DEFAULT_NEAR_PERCENT = 90

const Name = z.string().check(z.overwrite(withoutInvisibleEnds), z.minLength(1))
const SeatCount = z.int().check(z.gte(0))

/** What the contract has of one license. */
const LicenseTerms = z
  .strictObject({
    /** Seats, where Genesys's own billing is not to be asked for them. */
    seats: z.optional(SeatCount),
    /** Names of the contract's charges that pay for it, as Genesys writes them: nothing else joins the two. */
    charges: z.optional(z.array(Name).check(z.minLength(1))),
  })
  .check(
    z.refine(
      ({ seats, charges }) => seats !== undefined || charges !== undefined,
      'must have seats, charges or both',
    ),
  )

/** By license id. */
export const LicenseTable = z.record(LicenseId, LicenseTerms)
export type LicenseTable = z.output<typeof LicenseTable>

/** The table as it was written before: seats alone. */
export const OldSeats = z.record(LicenseId, SeatCount)
export type OldSeats = z.output<typeof OldSeats>

/** Of the org file's rules, those about licenses. */
export interface LicenseRules {
  readonly counting?: (typeof countings)[number] | undefined
  readonly licenses?: LicenseTable | undefined
  readonly nearPercent?: number | undefined
}

/** Why a license may not stand in both tables; the field's name comes before it. */
export const TOLD_TWICE = 'must be left out: licenses has it too, and one license has one number of seats'

/** Licenses of the older table that the newer one has as well, whatever the case. */
export function licensesToldTwice({
  licenses = {},
  seats = {},
}: {
  readonly licenses?: object | undefined
  readonly seats?: object | undefined
}): string[] {
  const newer = new Set(Object.keys(licenses).map((id) => id.toLowerCase()))
  return Object.keys(seats).filter((id) => newer.has(id.toLowerCase()))
}

export function withOldSeats(
  licenses: LicenseTable | undefined,
  seats: OldSeats | undefined,
): LicenseTable | undefined {
  if (seats === undefined) return licenses
  const older = Object.entries(seats).map(([id, count]) => [id, { seats: count }] as const)
  return { ...licenses, ...Object.fromEntries(older) }
}

/** What to write in place of the older table: one sentence; undefined where there is none. */
export function adviceOnSeats({ seats }: { readonly seats?: OldSeats | undefined }): string | undefined {
  if (seats === undefined) return undefined
  const entries = Object.entries(seats).map(([id, count]) => `${keyOf(id)}: { seats: ${count} }`)
  return `seats is read for one release more: write licenses: { ${entries.join(', ')} } in its place`
}

/** As an object's key is written. */
function keyOf(id: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(id) ? id : JSON.stringify(id)
}

/** @returns what the org file has of a license, whichever case its id is written in. */
export function termsOf({ licenses = {} }: LicenseRules, licenseId: string) {
  const wanted = licenseId.toLowerCase()
  return Object.entries(licenses).find(([id]) => id.toLowerCase() === wanted)?.[1]
}

/** From so many per cent of its seats on a license is near them. */
export function nearPercentOf({ nearPercent }: LicenseRules): number {
  return nearPercent ?? DEFAULT_NEAR_PERCENT
}
