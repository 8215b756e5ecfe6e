import { describe, expect, it } from 'vitest'
import { bearerOf } from '../../infra/local/aws/access-key.ts'
import type { LocalAws } from '../../infra/local/aws/server.ts'
import { expressionOf } from '../../lib/events/schedule-expression.ts'
import { scheduler, schedulerClient } from '../../lib/events/scheduler.ts'
import { nodeTransport } from '../../lib/transport/transport.ts'
import { awsForTest, NOWHERE, REGION } from './aws.ts'

const ID = '0123456789abcdefghjk'

const schedulerAt = (endpoint: string) =>
  scheduler({
    client: schedulerClient(nodeTransport, REGION, endpoint),
    groupName: 'genesys-license-gateway-test',
    targetArn: 'arn:aws:lambda:us-east-1:000000000000:function:run-schedule',
    roleArn: 'arn:aws:iam::000000000000:role/scheduler',
    deadLetterArn: 'arn:aws:sqs:us-east-1:000000000000:dead-letters',
  })

const described = async (aws: LocalAws) => {
  const answer = await fetch(`${aws.url}/schedules/${ID}?groupName=genesys-license-gateway-test`, {
    headers: { authorization: bearerOf(aws.key) },
  })
  return answer.status === 200 ? await answer.json() : answer.status
}

describe('a schedule', () => {
  it('is made with its expression and time zone, calls with its id and the time, and is gone (G10)', async () => {
    const calls: unknown[] = []
    // The stand-in refuses any flexible time window but OFF (G14).
    const aws = await awsForTest({ onSchedule: async (input) => calls.push(input) })
    await schedulerAt(aws.url).create(ID, { at: '2026-12-01T09:00', timeZone: 'Europe/Berlin' })
    expect(await described(aws)).toMatchObject({
      ScheduleExpression: 'at(2026-12-01T09:00:00)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
      ActionAfterCompletion: 'DELETE',
    })
    await aws.advance(30 * 86_400_000)
    expect(calls).toEqual([{ scheduleId: ID, scheduledTime: '2026-12-01T08:00:00Z' }])
    expect(await described(aws)).toBe(404)
  })

  it('that recurs stays (G10), in UTC where no time zone is named', async () => {
    const aws = await awsForTest()
    await schedulerAt(aws.url).create(ID, { cron: '0 9 ? * MON-FRI *' })
    expect(await described(aws)).toMatchObject({
      ScheduleExpression: 'cron(0 9 ? * MON-FRI *)',
      ScheduleExpressionTimezone: 'UTC',
      ActionAfterCompletion: 'NONE',
    })
  })

  it('that is made twice or deleted twice is made and deleted', async () => {
    const aws = await awsForTest()
    const { create, remove } = schedulerAt(aws.url)
    await create(ID, { rate: '1 hour' })
    await create(ID, { rate: '1 hour' })
    aws.fail('CreateSchedule', { type: 'ConflictException', status: 409 })
    await create(ID, { rate: '1 hour' })
    await remove(ID)
    await remove(ID)
    expect(await described(aws)).toBe(404)
  })

  it.each([
    ['cron', { cron: '0 9 * * * *' }],
    ['at', { at: '2026-02-30T09:00:00' }],
    ['rate', { rate: '0 minutes' }],
  ])('whose %s the service does not take is the caller’s mistake', async (fieldName, when) => {
    const aws = await awsForTest()
    await expect(schedulerAt(aws.url).create(ID, when)).rejects.toMatchObject({
      code: 'bad.request',
      message: expect.stringMatching(`^${fieldName}: must be `),
      faults: [{ fieldName, errorCode: 'INVALID_VALUE' }],
    })
  })

  it('is not to blame where the service refuses the role', async () => {
    const aws = await awsForTest()
    aws.fail('CreateSchedule', {
      type: 'ValidationException',
      message: 'The execution role you provide must allow AWS EventBridge Scheduler to assume the role.',
    })
    await expect(schedulerAt(aws.url).create(ID, { rate: '1 hour' })).rejects.toMatchObject({
      code: 'scheduler.unavailable',
    })
  })
})

describe('where the service fails, making and deleting is answered with when to try again', () => {
  const unavailable = { code: 'scheduler.unavailable', status: 503, retryAfterSeconds: 5 }

  it.each(['AccessDeniedException', 'ServiceQuotaExceededException'])('with %s', async (type) => {
    const aws = await awsForTest()
    aws.fail('CreateSchedule', { type })
    aws.fail('DeleteSchedule', { type })
    await expect(schedulerAt(aws.url).create(ID, { rate: '1 hour' })).rejects.toMatchObject(unavailable)
    await expect(schedulerAt(aws.url).remove(ID)).rejects.toMatchObject(unavailable)
  })

  it('with no answer at all', async () => {
    await awsForTest()
    await expect(schedulerAt(NOWHERE).create(ID, { rate: '1 hour' })).rejects.toMatchObject(unavailable)
  })
})

it.each([
  [{ at: '2026-12-01T09:00' }, 'at(2026-12-01T09:00:00)'],
  [{ at: '2026-12-01T09:00:30' }, 'at(2026-12-01T09:00:30)'],
  [{ cron: '0 9 L * ? *' }, 'cron(0 9 L * ? *)'],
  [{ rate: '1 hour' }, 'rate(1 hour)'],
])('%j is the expression %s', (when, expression) => {
  expect(expressionOf(when)).toBe(expression)
})
