import * as z from 'zod/mini'
import type { LaptopClock } from '../../clock.ts'
import { type Action, action } from '../action.ts'
import { AwsError, notFound } from '../aws-error.ts'
import { ACCOUNT, REGION } from '../events/event-entry.ts'
import type { Firing } from '../events/firing.ts'
import { timesOf } from './schedule-expression.ts'
import type { KeptSchedule, ScheduleStore } from './schedule-store.ts'

const Name = z.string().check(z.regex(/^[0-9a-zA-Z-_.]{1,64}$/))
const Key = z.object({ Name, GroupName: z._default(Name, 'default') })
const CreateSchedule = z.extend(Key, {
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z._default(z.string(), 'UTC'),
  ClientToken: z.optional(z.string().check(z.regex(/^[a-zA-Z0-9-_]{1,64}$/))),
  ActionAfterCompletion: z._default(z.enum(['NONE', 'DELETE']), 'NONE'),
  FlexibleTimeWindow: z.object({ Mode: z.literal('OFF') }),
  Target: z.object({
    Arn: z.string().check(z.regex(/^arn:/)),
    RoleArn: z.string().check(z.regex(/^arn:aws[a-z-]*:iam::\d{12}:role\//)),
    Input: z._default(z.string(), '{}'),
    DeadLetterConfig: z.optional(z.object({ Arn: z.string().check(z.regex(/^arn:/)) })),
    RetryPolicy: z.optional(
      z.object({
        MaximumEventAgeInSeconds: z.optional(z.int().check(z.minimum(60), z.maximum(86_400))),
        MaximumRetryAttempts: z.optional(z.int().check(z.minimum(0), z.maximum(185))),
      }),
    ),
  }),
})

/** EventBridge Scheduler's actions by name. */
export function createScheduler(
  store: ScheduleStore,
  firing: Firing,
  clock: LaptopClock,
): Readonly<Record<string, Action>> {
  function found({ Name: name, GroupName: group }: z.output<typeof Key>): KeptSchedule {
    const schedule = store.find(group, name)
    if (!schedule) throw notFound(`Schedule ${name} does not exist.`, 404)
    return schedule
  }

  return {
    CreateSchedule: action(CreateSchedule, (input) => {
      const there = store.find(input.GroupName, input.Name)
      if (there) {
        if (there.clientToken !== undefined && there.clientToken === input.ClientToken) return arnOf(there)
        throw new AwsError('ConflictException', `Schedule ${input.Name} already exists.`, 409)
      }
      const schedule = scheduleFrom(input, clock.now())
      store.put(schedule)
      firing.plan(schedule)
      return arnOf(schedule)
    }),
    GetSchedule: action(Key, (input) => {
      const schedule = found(input)
      return {
        ...summaryOf(schedule),
        ScheduleExpression: schedule.expression,
        ScheduleExpressionTimezone: schedule.timeZone,
        ActionAfterCompletion: schedule.isDeletedAfterwards ? 'DELETE' : 'NONE',
      }
    }),
    DeleteSchedule: action(Key, (input) => {
      store.remove(found(input))
      return {}
    }),
    ListSchedules: () => ({ Schedules: store.all().map(summaryOf) }),
  }
}

function scheduleFrom(input: z.output<typeof CreateSchedule>, nowMs: number): KeptSchedule {
  const { ScheduleExpression: expression, ScheduleExpressionTimezone: timeZone, Target } = input
  const times = valid(() => timesOf(expression, timeZone, nowMs))
  valid(() => JSON.parse(Target.Input))
  // A rate's first time is now; a one-off time that has gone by never comes.
  const nextAtMs = times.after(nowMs - 1)
  return {
    name: input.Name,
    groupName: input.GroupName,
    ...(input.ClientToken === undefined ? {} : { clientToken: input.ClientToken }),
    expression,
    timeZone,
    input: Target.Input,
    isDeletedAfterwards: input.ActionAfterCompletion === 'DELETE',
    createdAtMs: nowMs,
    ...(nextAtMs === undefined ? {} : { nextAtMs }),
  }
}

function valid<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw new AwsError('ValidationException', error instanceof Error ? error.message : String(error))
  }
}

function arnOf({ groupName, name }: KeptSchedule) {
  return { ScheduleArn: `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/${groupName}/${name}` }
}

function summaryOf(schedule: KeptSchedule) {
  const { ScheduleArn: Arn } = arnOf(schedule)
  return { Arn, Name: schedule.name, GroupName: schedule.groupName, State: 'ENABLED' }
}

/** @returns the action that a request in Scheduler's REST protocol asks for, with its input but for the body. */
export function schedulerCall(method: string, path: string, query: URLSearchParams) {
  const [, root, scheduleName, ...rest] = path.split('/')
  if (root !== 'schedules' || rest.length > 0) return undefined
  if (scheduleName === undefined) return method === 'GET' ? { name: 'ListSchedules', input: {} } : undefined
  const names: Readonly<Record<string, string>> = {
    POST: 'CreateSchedule',
    GET: 'GetSchedule',
    DELETE: 'DeleteSchedule',
  }
  const name = names[method]
  const group = query.get('groupName')
  if (name === undefined) return undefined
  return {
    name,
    input: { Name: scheduleName, ...(group === null ? {} : { GroupName: group }) },
  }
}
