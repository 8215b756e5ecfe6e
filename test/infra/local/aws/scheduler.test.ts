import { writeFileSync } from 'node:fs'
import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
} from '@aws-sdk/client-scheduler'
import { describe, expect, it } from 'vitest'
import type { AwsOptions } from '../../../../infra/local/aws/server.ts'
import { lambdaTarget, schedule, startedAws, stateFiles, target } from './running-aws.ts'

const MINUTE_MS = 60_000

async function withTarget(options: AwsOptions = {}, failures = 0) {
  const { calls, run } = target(failures)
  const started = await startedAws({ onSchedule: run, ...options })
  const create = (...input: Parameters<typeof schedule>) =>
    started.scheduler.send(new CreateScheduleCommand(schedule(...input)))
  const names = async () =>
    (await started.scheduler.send(new ListSchedulesCommand({}))).Schedules?.map(({ Name }) => Name)
  return { ...started, calls, create, names }
}

const firedAt = (scheduledTime: string) => ({ scheduleId: 'one', scheduledTime })

describe('a one-off schedule', () => {
  const deleted = { ActionAfterCompletion: 'DELETE' } as const

  it('fires at its local time with that time in UTC, and is deleted then', async () => {
    const { aws, calls, create, names } = await withTarget()
    const zone = { ...deleted, ScheduleExpressionTimezone: 'Europe/Berlin' }
    expect(await create('at(2026-11-15T14:00:00)', zone)).toMatchObject({
      ScheduleArn: 'arn:aws:scheduler:us-east-1:000000000000:schedule/group/one',
    })
    await aws.advance(60 * MINUTE_MS - 1)
    expect([calls, await names()]).toEqual([[], ['one']])
    await aws.advance(1)
    expect([calls, await names()]).toEqual([[firedAt('2026-11-15T13:00:00Z')], []])
    await aws.advance(3_600_000)
    expect(calls).toHaveLength(1)
  })

  it('stays where it is not to be deleted, and does not fire again', async () => {
    const { aws, calls, create, names } = await withTarget()
    await create('at(2026-11-15T12:01:00)')
    await aws.advance(48 * 3_600_000)
    expect([calls.length, await names()]).toEqual([1, ['one']])
  })

  it('whose time has gone by never fires', async () => {
    const { aws, calls, create } = await withTarget()
    await create('at(2026-11-15T11:59:59)')
    await aws.advance(60 * MINUTE_MS)
    expect([calls, aws.deadLetters()]).toEqual([[], []])
  })

  it('months ahead fires too', async () => {
    const { aws, calls, create } = await withTarget()
    await create('at(2027-03-28T02:30:00)', { ScheduleExpressionTimezone: 'Europe/Berlin' })
    await aws.advance(200 * 86_400_000)
    expect(calls).toEqual([firedAt('2027-03-28T01:30:00Z')])
  })

  it('that fails is tried again, and then becomes a dead letter', async () => {
    const { aws, calls, create } = await withTarget({}, 3)
    await create('at(2026-11-15T12:01:00)', deleted)
    await aws.advance(2 * MINUTE_MS)
    const event = firedAt('2026-11-15T12:01:00Z')
    expect(calls).toEqual([event, event, event])
    expect(aws.deadLetters()).toEqual([
      { at: '2026-11-15T12:01:15.000Z', from: 'schedule', why: 'one: failed 3 times: not now', event },
    ])
  })
})

describe('a recurring schedule', () => {
  it('by cron fires at each of its times, in order with the others', async () => {
    const { aws, calls, create } = await withTarget()
    await create('cron(0 9 ? * MON-FRI *)', { ScheduleExpressionTimezone: 'Europe/Berlin' })
    await create('cron(0 12 L * ? *)', { Name: 'two' })
    await aws.advance(5 * 86_400_000)
    await create('rate(1 day)', { Name: 'three' })
    expect(calls).toEqual(['16', '17', '18', '19', '20'].map((day) => firedAt(`2026-11-${day}T08:00:00Z`)))
  })

  it('by rate fires at once and then each period', async () => {
    const { aws, calls, create } = await withTarget()
    await create('rate(5 minutes)')
    await aws.advance(0)
    expect(calls).toEqual([firedAt('2026-11-15T12:00:00Z')])
    await aws.advance(10 * MINUTE_MS)
    expect(calls.slice(1)).toEqual([firedAt('2026-11-15T12:05:00Z'), firedAt('2026-11-15T12:10:00Z')])
  })

  it('that is deleted fires no more, and may be made anew', async () => {
    const { aws, scheduler, calls, create } = await withTarget()
    const key = { Name: 'one', GroupName: 'group' }
    await create('rate(5 minutes)')
    await scheduler.send(new DeleteScheduleCommand(key))
    await aws.advance(60 * MINUTE_MS)
    expect(calls).toEqual([])
    await create('cron(30 13 * * ? *)')
    await aws.advance(60 * MINUTE_MS)
    expect(calls).toEqual([firedAt('2026-11-15T13:30:00Z')])
  })
})

describe('after a restart', () => {
  /** Makes a schedule, stops, and starts again so much later. */
  async function restarted(expression: string, laterMs: number) {
    const files = stateFiles()
    const before = await withTarget(files)
    await before.create(expression, { ActionAfterCompletion: 'DELETE' })
    await before.aws.close()
    const nowMs = Date.parse('2026-11-15T12:00:00Z') + laterMs
    const after = await withTarget({ ...files, now: () => nowMs })
    await after.aws.advance(0)
    return after
  }

  it('a schedule fires as if nothing had been', async () => {
    const { aws, calls, names } = await restarted('at(2026-11-15T13:00:00)', 30 * MINUTE_MS)
    expect([calls, await names()]).toEqual([[], ['one']])
    await aws.advance(30 * MINUTE_MS)
    expect([calls, await names()]).toEqual([[firedAt('2026-11-15T13:00:00Z')], []])
  })

  it('a one-off that was missed by up to 15 minutes fires at once', async () => {
    const { aws, calls, names } = await restarted('at(2026-11-15T13:00:00)', 75 * MINUTE_MS)
    expect([calls, await names()]).toEqual([[firedAt('2026-11-15T13:00:00Z')], []])
    expect(aws.deadLetters()).toEqual([])
  })

  it('one that was missed by more becomes a dead letter', async () => {
    const { aws, calls, names } = await restarted('at(2026-11-15T13:00:00)', 76 * MINUTE_MS)
    expect([calls, await names()]).toEqual([[], []])
    expect(aws.deadLetters()).toMatchObject([
      {
        from: 'schedule',
        why: 'one: missed by more than 15 minutes, since the gateway did not run',
        event: firedAt('2026-11-15T13:00:00Z'),
      },
    ])
  })

  it.each([
    ['cron', 'cron(0/10 * * * ? *)'],
    ['rate', 'rate(10 minutes)'],
  ])('a recurring one by %s goes on without what it missed', async (_, expression) => {
    const { aws, calls } = await restarted(expression, 35 * MINUTE_MS)
    await aws.advance(15 * MINUTE_MS)
    expect(calls).toEqual([firedAt('2026-11-15T12:40:00Z'), firedAt('2026-11-15T12:50:00Z')])
    expect(aws.deadLetters()).toEqual([])
  })
})

describe('the service', () => {
  it('takes one creation twice, and another of the same name not', async () => {
    const { create } = await withTarget()
    const first = await create('rate(1 hour)', { ClientToken: 'token' })
    expect((await create('rate(1 hour)', { ClientToken: 'token' })).ScheduleArn).toBe(first.ScheduleArn)
    await expect(create('rate(1 hour)', { ClientToken: 'other' })).rejects.toMatchObject({
      name: 'ConflictException',
      $metadata: { httpStatusCode: 409 },
    })
  })

  it('describes what it has, and says so where it has not', async () => {
    const { scheduler, create } = await withTarget()
    await create('rate(1 hour)', { ScheduleExpressionTimezone: 'Europe/Berlin' })
    const get = (GroupName: string) => scheduler.send(new GetScheduleCommand({ Name: 'one', GroupName }))
    expect(await get('group')).toMatchObject({
      Name: 'one',
      GroupName: 'group',
      State: 'ENABLED',
      ScheduleExpression: 'rate(1 hour)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
    })
    const absent = { name: 'ResourceNotFoundException', $metadata: { httpStatusCode: 404 } }
    await expect(get('default')).rejects.toMatchObject(absent)
    await expect(
      scheduler.send(new DeleteScheduleCommand({ Name: 'two', GroupName: 'group' })),
    ).rejects.toMatchObject(absent)
  })

  it.each([
    ['an expression that it does not know', { ScheduleExpression: 'cron(0 9 * * * *)' }],
    ['a time zone that does not exist', { ScheduleExpressionTimezone: 'Europe/Atlantis' }],
    ['a name with a blank', { Name: 'a b' }],
    ['an input that is no JSON', { Target: { ...lambdaTarget, Input: '{' } }],
  ])('refuses %s', async (_, more) => {
    const { create } = await withTarget()
    await expect(create('rate(1 hour)', more)).rejects.toMatchObject({
      name: 'ValidationException',
      $metadata: { httpStatusCode: 400 },
    })
  })

  it('fails when told to', async () => {
    const { aws, create } = await withTarget()
    aws.fail('CreateSchedule', { type: 'ThrottlingException', status: 429 })
    await expect(create('rate(1 hour)')).rejects.toMatchObject({ name: 'ThrottlingException' })
    await create('rate(1 hour)')
    expect(aws.requests().map(({ action, secretId }) => [action, secretId])).toEqual([
      ['CreateSchedule', null],
      ['CreateSchedule', null],
    ])
  })

  it('stops with a sentence where its file is damaged', async () => {
    const { schedulesFile } = stateFiles()
    writeFileSync(schedulesFile, '{')
    await expect(startedAws({ schedulesFile })).rejects.toThrow(
      `The schedules in ${schedulesFile} are damaged.`,
    )
  })
})
