/** The stop switch as callers throw it and see it, and what may be written at all. Times are ISO 8601 in UTC. */
import * as z from 'zod/mini'
import { asMissing } from '../../field-faults.ts'
import { models } from '../../genesys/models/model-registry.ts'
import { Reason } from '../model/change-order.ts'
import { changeStates } from '../model/transitions.ts'
import { writeStates } from '../model/write-switch.ts'
import { Actor } from './change-schemas.ts'

/** Whoever stops everything for everybody says why. */
export const WritesOrder = z
  .strictObject({ state: z.enum(writeStates, 'must be paused or running'), reason: z.optional(Reason) })
  .check(
    z.refine(({ state, reason }) => state === 'running' || reason !== undefined, {
      path: ['reason'],
      error: 'must say why writes are paused: everybody who asks for a change is told',
      params: asMissing,
    }),
  )
  .register(models, { id: 'WritesOrder' })
export type WritesOrder = z.output<typeof WritesOrder>

const Turn = z
  .object({ state: z.enum(writeStates), at: z.string(), by: Actor, reason: z.optional(z.string()) })
  .register(models, { id: 'WritesTurn' })

/** Whether changes are sent to Genesys now. */
export const Writes = z
  .object({
    state: z.enum(writeStates),
    /** With `by` and `reason` of the latest turn; absent where nobody has thrown the switch, and where the org file has paused them. */
    since: z.optional(z.string()),
    by: z.optional(Actor),
    reason: z.optional(z.string()),
    isPausedByOrgFile: z.boolean(),
    /** The latest turns of the switch, the newest first. */
    history: z.array(Turn),
  })
  .register(models, { id: 'Writes' })
export type Writes = z.output<typeof Writes>

const Capability = z
  .object({
    operation: z.string(),
    honoured: z.enum(['yes', 'no', 'unknown']),
    /** What was looked at, in a sentence. */
    because: z.string(),
  })
  .register(models, { id: 'Capability' })

/** What this org's upstream honours today. */
export const Capabilities = z
  .object({ entities: z.array(Capability), writes: z.enum(writeStates), at: z.string() })
  .register(models, { id: 'Capabilities' })
export type Capabilities = z.output<typeof Capabilities>

const KnownToggle = z
  .object({
    featureName: z.string(),
    /** Whether a rule of the org file names it. */
    isInOrgFile: z.boolean(),
    lastChange: z.optional(
      z.object({ id: z.string(), state: z.enum(changeStates), enabled: z.boolean(), at: z.string() }),
    ),
  })
  .register(models, { id: 'KnownToggle' })

/** Genesys lists no toggles: these are those that the gateway has met lately, or that the org file names. */
export const ToggleListing = z
  .object({
    switching: z.enum(['honoured', 'ignored', 'unknown']),
    because: z.string(),
    /** Whether every change on record was looked through: no toggle but these was ever switched here. */
    isWhole: z.boolean(),
    entities: z.array(KnownToggle),
  })
  .register(models, { id: 'ToggleListing' })
export type ToggleListing = z.output<typeof ToggleListing>
