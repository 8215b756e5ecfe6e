/** A stand-in for AWS on a clock that stands still, with the real clients before it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge'
import { type CreateScheduleCommandInput, SchedulerClient } from '@aws-sdk/client-scheduler'
import { SQSClient } from '@aws-sdk/client-sqs'
import { onTestFinished } from 'vitest'
import { bearerOf, TEST_KEY } from '../../../../infra/local/aws/access-key.ts'
import { type AwsOptions, startAws } from '../../../../infra/local/aws/server.ts'

/** Noon, a Sunday. */
export const NOON = '2026-11-15T12:00:00Z'

/** The header of what is asked beside the SDK. */
export const authorization = bearerOf(TEST_KEY)

export async function startedAws(options: AwsOptions = {}) {
  const nowMs = Date.parse(NOON)
  const aws = await startAws({ now: () => nowMs, ...options })
  const settings = {
    endpoint: aws.url,
    region: 'us-east-1',
    credentials: TEST_KEY,
    maxAttempts: 1,
  }
  const events = new EventBridgeClient(settings)
  const scheduler = new SchedulerClient(settings)
  const queue = new SQSClient(settings)
  onTestFinished(async () => {
    for (const client of [events, scheduler, queue]) client.destroy()
    await aws.close()
  })
  const put = (...entries: PutEventsRequestEntry[]) => {
    const Entries = entries.map((entry) => ({ EventBusName: 'test', ...entry }))
    return events.send(new PutEventsCommand({ Entries }))
  }
  return { aws, events, scheduler, queue, put }
}

export const toggleAsked: PutEventsRequestEntry = {
  Source: 'test',
  DetailType: 'License Toggle Requested',
  Detail: JSON.stringify({ featureName: 'f', enabled: true }),
}

export const lambdaTarget = {
  Arn: 'arn:aws:lambda:us-east-1:000000000000:function:run-schedule',
  RoleArn: 'arn:aws:iam::000000000000:role/scheduler',
  Input: '{"scheduleId":"one","scheduledTime":"<aws.scheduler.scheduled-time>"}',
}

/** A schedule as the gateway makes it. */
export function schedule(ScheduleExpression: string, more: Partial<CreateScheduleCommandInput> = {}) {
  return {
    Name: 'one',
    GroupName: 'group',
    ScheduleExpression,
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: lambdaTarget,
    ...more,
  } satisfies CreateScheduleCommandInput
}

/** Where state survives a restart: a directory that goes with the test. */
export function stateFiles() {
  const folder = mkdtempSync(join(tmpdir(), 'local-aws-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return {
    schedulesFile: join(folder, 'schedules.json'),
    eventsFile: join(folder, 'events.json'),
    turnsFile: join(folder, 'turns.json'),
  }
}

/** A target that notes what it is called with, and fails as often as it is told to. */
export function target(failures = 0) {
  const calls: unknown[] = []
  let left = failures
  return {
    calls,
    async run(event: unknown): Promise<void> {
      calls.push(event)
      left -= 1
      if (left >= 0) throw new Error('not now')
    },
  }
}
