/** What rests on readings, as callers get it: histories, and the readings themselves. Times are ISO 8601 in UTC. */
import * as z from 'zod/mini'
import { models } from '../../genesys/models/model-registry.ts'

const OfChange = z.object({ changeId: z.string() }).register(models, { id: 'ChangeReference' })

/** By a change of the gateway's, or in Genesys itself. */
const Outside = z.literal('outside')
const BeforeRecords = z.literal('before records')

const HoldingEntry = z
  .object({
    licenseId: z.string(),
    userId: z.string(),
    /** Of whom the newest reading knows. */
    name: z.optional(z.string()),
    email: z.optional(z.string()),
    from: z.string(),
    /** Given outside after that, and at `from` at the latest. */
    fromAfter: z.optional(z.string()),
    until: z.optional(z.string()),
    /** Taken outside after that, and at `until` at the latest. */
    untilAfter: z.optional(z.string()),
    by: z.union([OfChange, Outside, BeforeRecords]),
    endedBy: z.optional(z.union([OfChange, Outside])),
  })
  .register(models, { id: 'Holding' })
export type HoldingEntry = z.output<typeof HoldingEntry>

/** One page; the latest beginning first. */
export const HoldingListing = z
  .object({
    entities: z.array(HoldingEntry),
    asOf: z.string(),
    isWhole: z.boolean(),
    next: z.optional(z.string()),
  })
  .register(models, { id: 'HoldingListing' })
export type HoldingListing = z.output<typeof HoldingListing>

const readingStates = ['waiting', 'reading', 'whole', 'notWhole'] as const

/** A reading of the whole org. */
export const InventoryReading = z
  .object({
    id: z.string(),
    state: z.enum(readingStates),
    askedAt: z.string(),
    beganAt: z.optional(z.string()),
    endedAt: z.optional(z.string()),
    /** Genesys has asked for a wait until then. */
    waitsUntil: z.optional(z.string()),
    pagesRead: z.int(),
    /** Absent until upstream has told how many there are. */
    pagesToRead: z.optional(z.int()),
    selfUri: z.string(),
  })
  .register(models, { id: 'Reading' })
export type InventoryReading = z.output<typeof InventoryReading>
