/** EventBridge Scheduler behind the port of changes/model/schedule.ts. */
import {
  CreateScheduleCommand,
  type CreateScheduleInput,
  DeleteScheduleCommand,
  SchedulerClient,
} from '@aws-sdk/client-scheduler'
import { clientSettings, lightenClient } from '../aws/client-settings.ts'
import type { Scheduler, When } from '../changes/model/schedule.ts'
import { GatewayError } from '../errors.ts'
import type { Transport } from '../transport/transport.ts'
import { DELIVERY_MAX_AGE_SECONDS, DELIVERY_MAX_RETRIES } from './contract.ts'
import { expressionOf } from './schedule-expression.ts'

/** One try, milliseconds; Scheduler answers in hundreds at worst. */
const TIMEOUT_MS = 3_000

/** Scheduler throttles by the second; its quota on making schedules is 1,000 a second in most regions. */
const RETRY_AFTER_SECONDS = 5

/**
 * @param region AWS region, e.g. `eu-west-1`.
 * @param endpoint only on the laptop: the stand-in's address.
 */
export function schedulerClient(transport: Transport, region: string, endpoint?: string): SchedulerClient {
  const service = 'EventBridge Scheduler'
  return lightenClient(
    new SchedulerClient(clientSettings({ transport, region, endpoint, timeoutMs: TIMEOUT_MS, service })),
  )
}

export interface SchedulerOptions {
  readonly client: SchedulerClient
  readonly groupName: string
  /** The function that is called when a schedule fires. */
  readonly targetArn: string
  /** What Scheduler calls it as. */
  readonly roleArn: string
  /** The queue for what could not be delivered. */
  readonly deadLetterArn: string
}

export function scheduler(options: SchedulerOptions): Scheduler {
  const { client, groupName } = options
  return {
    async create(scheduleId, when) {
      try {
        await client.send(new CreateScheduleCommand(createInputOf(scheduleId, when, options)))
      } catch (error) {
        // Names are ours and random, so one that is there is this one: an earlier try's answer was lost.
        if (isNamed(error, 'ConflictException')) return
        throw isAboutExpression(error) ? expressionError(when, error) : unavailable('make', error)
      }
    },
    async remove(scheduleId) {
      try {
        await client.send(new DeleteScheduleCommand({ Name: scheduleId, GroupName: groupName }))
      } catch (error) {
        if (isNamed(error, 'ResourceNotFoundException')) return
        throw unavailable('delete', error)
      }
    },
  }
}

function createInputOf(scheduleId: string, when: When, options: SchedulerOptions): CreateScheduleInput {
  return {
    Name: scheduleId,
    GroupName: options.groupName,
    ClientToken: scheduleId,
    ScheduleExpression: expressionOf(when),
    ScheduleExpressionTimezone: when.timeZone ?? 'UTC',
    FlexibleTimeWindow: { Mode: 'OFF' },
    ActionAfterCompletion: when.at === undefined ? undefined : 'DELETE',
    Target: {
      Arn: options.targetArn,
      RoleArn: options.roleArn,
      // Scheduler puts the time in, in UTC and to the second.
      Input: JSON.stringify({ scheduleId, scheduledTime: '<aws.scheduler.scheduled-time>' }),
      DeadLetterConfig: { Arn: options.deadLetterArn },
      RetryPolicy: {
        MaximumEventAgeInSeconds: DELIVERY_MAX_AGE_SECONDS,
        MaximumRetryAttempts: DELIVERY_MAX_RETRIES,
      },
    },
  }
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name
}

/** The caller's part of a schedule is its expression; a complaint about the role is about how the stack is set up. */
function isAboutExpression(error: unknown): boolean {
  return isNamed(error, 'ValidationException') && error instanceof Error && !/\brole\b/i.test(error.message)
}

const rules: Readonly<Record<'at' | 'cron' | 'rate', string>> = {
  at: 'must be a local time that EventBridge Scheduler takes, such as 2026-12-01T09:00:00',
  cron: 'must be six fields that EventBridge Scheduler takes (minute hour day month weekday year), with ? as day or as weekday and SUN as 1, such as 0 9 ? * MON-FRI *',
  rate: 'must be a number and a unit that EventBridge Scheduler takes, such as 5 minutes, 1 hour or 30 days',
}

function expressionError(when: When, cause: unknown): GatewayError {
  const fieldName = when.at === undefined ? (when.cron === undefined ? 'rate' : 'cron') : 'at'
  const message = rules[fieldName]
  return new GatewayError('bad.request', `${fieldName}: ${message}`, {
    faults: [{ fieldName, errorCode: 'INVALID_VALUE', message }],
    cause,
  })
}

function unavailable(doing: string, cause: unknown): GatewayError {
  return new GatewayError(
    'scheduler.unavailable',
    `EventBridge Scheduler did not ${doing} the schedule; send the request again with the same Idempotency-Key`,
    { retryAfterSeconds: RETRY_AFTER_SECONDS, cause },
  )
}
