/** Schedules as callers send and get them. */
import * as z from 'zod/mini'
import { models } from '../../genesys/models/model-registry.ts'
import { checksOfPasted, ruleFor, withoutInvisibleEnds } from '../../text.ts'
import { ChangeOrder } from '../model/change-order.ts'
import { isLocalTime, isTimeZone } from '../model/local-time.ts'
import { scheduleStates } from '../model/schedule.ts'
import { Actor, ApprovalModel, ChangeId, recordIdOf } from './change-schemas.ts'
import { Digest, SeatCountModel, scheduleDecidables } from './decision-schemas.ts'

export const ScheduleId = recordIdOf('schedule').register(models, { id: 'ScheduleId' })

const whenRule = 'must name exactly one of at, cron and rate'
const cronRule = 'must have six fields: minute hour day month weekday year'
const zoneRule = 'must be the name of an IANA time zone, spelled as there: Europe/Berlin, and no offset'

/** Fields of an expression stand apart by blanks of any kind and number, as they come with what is pasted. */
function withPlainBlanks(expression: string): string {
  return expression.replace(/\s+/g, ' ').trim()
}

const when = {
  at: z.optional(
    z.string().check(
      z.overwrite(withoutInvisibleEnds),
      z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/, {
        error: ({ input }) => ruleFor('must be a local time such as 2026-12-01T09:00', input),
        abort: true,
      }),
      z.refine(
        isLocalTime,
        'must be a time that there is: months to 12, their own days, hours to 23, minutes to 59',
      ),
    ),
  ),
  cron: z.optional(
    z.string().check(z.overwrite(withPlainBlanks), ...checksOfPasted(/^\S+( \S+){5}$/, cronRule)),
  ),
  rate: z.optional(
    z
      .string()
      .check(
        z.overwrite(withPlainBlanks),
        ...checksOfPasted(
          /^[1-9]\d{0,5} (minute|hour|day)s?$/,
          'must be such as 5 minutes, 1 hour or 30 days',
        ),
      ),
  ),
  timeZone: z.optional(
    z
      .string()
      .check(
        z.overwrite(withoutInvisibleEnds),
        z.refine(isTimeZone, { error: ({ input }) => ruleFor(zoneRule, input) }),
      ),
  ),
}

/** A change to be made at a time, or again and again. */
export const ScheduleOrder = z
  .strictObject({ ...when, change: ChangeOrder })
  .check(
    z.refine(
      ({ at, cron, rate }) => [at, cron, rate].filter((each) => each !== undefined).length === 1,
      whenRule,
    ),
    z.refine(
      ({ change }) =>
        change.notBefore === undefined && change.notAfter === undefined && change.revertAt === undefined,
      {
        path: ['change'],
        error:
          'must have none of notBefore, notAfter and revertAt: the schedule says when; revertAfter goes with it',
      },
    ),
  )
  .register(models, { id: 'ScheduleOrder' })
export type ScheduleOrder = z.output<typeof ScheduleOrder>

export const Schedule = z
  .object({
    id: ScheduleId,
    state: z.enum(scheduleStates),
    at: z.optional(z.string()),
    cron: z.optional(z.string()),
    rate: z.optional(z.string()),
    timeZone: z.string(),
    change: ChangeOrder,
    digest: Digest,
    actor: Actor,
    approval: z.optional(ApprovalModel),
    /** Of what waits for approval: if it fired now. */
    seats: z.optional(z.array(SeatCountModel)),
    /** Absent where the caller's role is not known here. */
    offers: z.optional(z.array(z.enum(scheduleDecidables))),
    deletedBy: z.optional(Actor),
    lastChangeId: z.optional(ChangeId),
    createdAt: z.string(),
  })
  .register(models, { id: 'Schedule' })
export type Schedule = z.output<typeof Schedule>

export const ScheduleListing = z
  .object({ entities: z.array(Schedule), next: z.optional(z.string()) })
  .register(models, { id: 'ScheduleListing' })
export type ScheduleListing = z.output<typeof ScheduleListing>
