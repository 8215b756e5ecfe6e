/** Seats and billing periods as callers get them. Times are ISO 8601 in UTC, days `2026-11-28`; what is not known is absent. */
import * as z from 'zod/mini'
import { models } from '../genesys/models/model-registry.ts'
import { countings } from '../license-terms.ts'
import { seatStandings } from './seats-port.ts'

/** Of a period's id: Genesys's ids have no grammar that is documented. */
export const PeriodId = z
  .string()
  .check(z.regex(/^[^\p{C}/]{1,256}$/u, 'must be the id of a period as GET /v1/periods lists it, or current'))
  .register(models, { id: 'PeriodId' })

const count = z.int().check(z.gte(0))
/** Billing counts in decimals where it likes. */
const quantity = z.number()
const optionalCount = z.optional(count)

const paid = {
  seats: z.optional(quantity),
  seatsFrom: z.enum(['contract', 'orgFile', 'none']),
  contractSeats: z.optional(quantity),
  unknownCharges: z.optional(z.array(z.string())),
  over: z.optional(quantity),
  billed: z.optional(quantity),
  billedAsOf: z.optional(z.string()),
}

const dated = {
  asOf: z.string(),
  isWhole: z.boolean(),
  missing: z.optional(z.int()),
  counting: z.optional(z.enum(countings)),
  contractGoneSince: z.optional(z.string()),
}

const SeatsOfLicense = z
  .object({
    licenseId: z.string(),
    held: count,
    unknown: optionalCount,
    ...paid,
    standing: z.optional(z.enum(seatStandings)),
  })
  .register(models, { id: 'LicenseSeats' })

const Unmapped = z
  .object({
    charge: z.string(),
    isShared: z.optional(z.literal(true)),
    isUsage: z.optional(z.literal(true)),
    prepaid: z.optional(quantity),
    billed: z.optional(quantity),
  })
  .register(models, { id: 'UnmappedCharge' })

export const SeatListing = z
  .object({ ...dated, entities: z.array(SeatsOfLicense), unmapped: z.array(Unmapped) })
  .register(models, { id: 'SeatListing' })
export type SeatListing = z.output<typeof SeatListing>

const period = {
  id: z.string(),
  from: z.enum(['contract', 'calendar']),
  start: z.string(),
  end: z.string(),
  status: z.enum(['open', 'closed']),
  toldAt: z.optional(z.string()),
  selfUri: z.string(),
}

const BillingPeriodEntry = z.object(period).register(models, { id: 'BillingPeriod' })

export const PeriodListing = z
  .object({ entities: z.array(BillingPeriodEntry) })
  .register(models, { id: 'BillingPeriodListing' })
export type PeriodListing = z.output<typeof PeriodListing>

const Behind = z
  .object({
    userId: z.string(),
    name: z.optional(z.string()),
    email: z.optional(z.string()),
    since: z.string(),
    sinceAfter: z.optional(z.string()),
    by: z.union([z.object({ changeId: z.string() }), z.literal('outside')]),
    askedBy: z.optional(z.string()),
    reason: z.optional(z.string()),
    approvedBy: z.optional(z.string()),
  })
  .register(models, { id: 'PersonBehindOverage' })

const DayOfLicense = z
  .object({
    day: z.string(),
    held: optionalCount,
    isWhole: z.optional(z.boolean()),
    seats: z.optional(quantity),
  })
  .register(models, { id: 'LicenseDay' })

const DaysOfLicense = z
  .object({ licenseId: z.string(), days: z.array(DayOfLicense) })
  .register(models, { id: 'LicenseDays' })

/** Every day of the span is there. */
export const SeatDayListing = z
  .object({
    from: z.string(),
    to: z.string(),
    asOf: z.string(),
    isWhole: z.boolean(),
    seatsFromDay: z.optional(z.string()),
    entities: z.array(DaysOfLicense),
  })
  .register(models, { id: 'SeatDayListing' })
export type SeatDayListing = z.output<typeof SeatDayListing>

const LicenseInPeriod = z
  .object({
    licenseId: z.string(),
    held: optionalCount,
    unknown: optionalCount,
    ...paid,
    atStart: optionalCount,
    most: z.optional(z.object({ held: count, day: z.string() })),
    mostOver: z.optional(z.object({ over: quantity, day: z.string() })),
    overSince: z.optional(z.string()),
    isOverFromFirst: z.optional(z.literal(true)),
    heldFromFirst: optionalCount,
    given: optionalCount,
    taken: optionalCount,
    changedOutside: optionalCount,
    people: z.array(Behind),
    morePeople: optionalCount,
    days: z.array(DayOfLicense),
    before: z.optional(z.object({ most: optionalCount, billed: z.optional(quantity) })),
  })
  .register(models, { id: 'LicenseInPeriod' })

export const PeriodFigures = z
  .object({
    ...period,
    asOf: z.optional(dated.asOf),
    isWhole: z.optional(dated.isWhole),
    missing: dated.missing,
    countedFrom: z.optional(z.string()),
    seatsFromDay: z.optional(z.string()),
    counting: dated.counting,
    contractGoneSince: dated.contractGoneSince,
    licenses: z.array(LicenseInPeriod),
    unmapped: z.array(Unmapped),
    previousId: z.optional(z.string()),
  })
  .register(models, { id: 'BillingPeriodReport' })
export type PeriodFigures = z.output<typeof PeriodFigures>
