import { describe, expect, it } from 'vitest'
import type { Schedule } from '../../lib/changes/answers/schedule-schemas.ts'
import { approveSchedule } from '../../lib/operations/schedules/approve-schedule.ts'
import { createSchedule } from '../../lib/operations/schedules/create-schedule.ts'
import { deleteSchedule } from '../../lib/operations/schedules/delete-schedule.ts'
import { getSchedule } from '../../lib/operations/schedules/get-schedule.ts'
import { listSchedules } from '../../lib/operations/schedules/list-schedules.ts'
import { rejectSchedule } from '../../lib/operations/schedules/reject-schedule.ts'
import { expectError } from '../support/refusals.ts'
import { bound, DIGEST, gatewayBefore, records, schedules } from './ports.ts'

const order = { kind: 'toggle', featureName: 'wallboards', enabled: true } as const
const schedule: Schedule = {
  id: '1123456789abcdefghjk',
  state: 'ACTIVE',
  rate: '5 minutes',
  timeZone: 'UTC',
  change: order,
  digest: DIGEST,
  actor: { kind: 'jwt', id: 'ana' },
  createdAt: '2026-11-15T12:00:00.000Z',
}
const deleted = { ...schedule, state: 'DELETED' } as const

describe('a schedule', () => {
  it('is a 201 when it is made, and a 200 where it was there', async () => {
    for (const isReplay of [false, true]) {
      const making = bound(createSchedule, schedules({ create: async () => ({ value: schedule, isReplay }) }))
      const answer = await (await gatewayBefore(making))({ body: { rate: '5 minutes', change: order } })
      expect([answer.status, answer.headers['idempotent-replayed']]).toEqual(
        isReplay ? [200, 'true'] : [201, undefined],
      )
      expect(answer.json).toEqual(schedule)
    }
  })

  it.each([
    [{ change: order }, [['$', 'CONTRADICTION']]],
    [{ rate: '5 minutes', at: '2026-12-01T09:00', change: order }, [['$', 'CONTRADICTION']]],
    [{ rate: '0 minutes', change: order }, [['rate', 'INVALID_VALUE']]],
    [{ cron: '0 9 * * MON-FRI', change: order }, [['cron', 'INVALID_VALUE']]],
    [{ cron: '0 9 ? * MON\u2013FRI *', change: order }, [['cron', 'INVALID_VALUE']]],
    [{ cron: '0 9 ? * MON\u200b-FRI *', change: order }, [['cron', 'INVALID_VALUE']]],
    [{ at: '2026\u201312\u201301T09:00', change: order }, [['at', 'INVALID_VALUE']]],
    [{ at: '2026-12-01T09:00Z', change: order }, [['at', 'INVALID_VALUE']]],
    ...[
      '2026-12-01T24:01',
      '2026-12-01T09:60',
      '2026-12-01T09:00:60',
      '2026-13-01T09:00',
      '2027-02-29T09:00',
    ].map((at) => [{ at, change: order }, [['at', 'CONTRADICTION']]] as const),
    ...['+01:00', 'europe/berlin', 'EUROPE/BERLIN', 'asia/kolkata', 'ASIA/KOLKATA', 'utc'].map(
      (timeZone) => [{ rate: '1 day', timeZone, change: order }, [['timeZone', 'CONTRADICTION']]] as const,
    ),
    [{ rate: '1 day', timeZone: 'Mars/Olympus', change: order }, [['timeZone', 'CONTRADICTION']]],
    [
      { rate: '1 day', change: { ...order, notBefore: '2026-12-01T09:00:00Z' } },
      [['change', 'CONTRADICTION']],
    ],
    [{ rate: '1 day' }, [['change', 'MISSING']]],
  ] as const)('of %j is refused', async (body, details) => {
    const send = await gatewayBefore(bound(createSchedule, schedules({})))
    expectError(await send({ body }), { status: 400, code: 'bad.request', details })
  })

  it('with a dash where a hyphen belongs is told so, and which dash it is', async () => {
    const send = await gatewayBefore(bound(createSchedule, schedules({})))
    const { json } = await send({ body: { cron: '0 9 ? * MON\u2013FRI *', change: order } })
    expect(Object(json).details[0].message).toBe(
      'must have six fields: minute hour day month weekday year; as character 12 it has an en dash (U+2013) where a hyphen belongs',
    )
  })

  it('takes an expression whatever its blanks, and without what nobody sees around it', async () => {
    const asked: unknown[] = []
    const send = await gatewayBefore(
      bound(
        createSchedule,
        schedules({
          create: async (given) => {
            asked.push(given.cron)
            return { isReplay: false, value: schedule }
          },
        }),
      ),
    )
    const expressions = ['\u200e0 9 ? * MON-FRI *\u200f', '0\u00a09  ? * MON-FRI\t*', ' 0 9 ? * MON-FRI * ']
    for (const cron of expressions) expect((await send({ body: { cron, change: order } })).status).toBe(201)
    expect(asked).toEqual(expressions.map(() => '0 9 ? * MON-FRI *'))
  })

  it.each(['UTC', 'Europe/Berlin', 'Asia/Kolkata', 'US/Eastern', 'Etc/GMT+12', 'America/Port-au-Prince'])(
    'is taken in %s',
    async (timeZone) => {
      const making = bound(
        createSchedule,
        schedules({ create: async () => ({ value: schedule, isReplay: false }) }),
      )
      const body = { rate: '5 minutes', timeZone, change: order }
      expect((await (await gatewayBefore(making))({ body })).status).toBe(201)
    },
  )

  it('is deleted by DELETE, and is the answer', async () => {
    const asked: string[] = []
    const removing = bound(
      deleteSchedule,
      schedules({
        async remove(scheduleId) {
          asked.push(scheduleId)
          return { value: deleted, isReplay: false }
        },
      }),
    )
    expect(await (await gatewayBefore(removing))()).toMatchObject({ status: 200, json: deleted })
    expect(asked).toEqual([schedule.id])
  })

  it('is rejected with a reason or without one', async () => {
    const asked: unknown[] = []
    const rejected = { ...schedule, state: 'REJECTED' } as const
    const rejecting = await gatewayBefore(
      bound(
        rejectSchedule,
        schedules({
          async rejectSchedule(...given) {
            asked.push(given)
            return { value: rejected, isReplay: false }
          },
        }),
      ),
    )
    for (const body of [{ reason: 'not now' }, undefined])
      expect(await rejecting({ body })).toMatchObject({ status: 200, json: rejected })
    expect(asked).toEqual([
      [schedule.id, 'not now'],
      [schedule.id, undefined],
    ])
  })

  it('is approved by its digest, found by its id, and listed', async () => {
    const asked: unknown[] = []
    const port = records({
      async approveSchedule(...given) {
        asked.push(given)
        return { value: schedule, isReplay: true }
      },
      schedule: async () => schedule,
      async schedules(page) {
        asked.push(page)
        return { entities: [schedule] }
      },
    })
    const approving = await gatewayBefore(bound(approveSchedule, port))
    expect(await approving({ body: { digest: DIGEST } })).toMatchObject({
      status: 200,
      headers: { 'idempotent-replayed': 'true' },
    })
    expect((await (await gatewayBefore(bound(getSchedule, port)))()).json).toEqual(schedule)
    const listing = await gatewayBefore(bound(listSchedules, port))
    expect((await listing({ query: '?limit=3' })).json).toEqual({ entities: [schedule] })
    const user = '92CA2F0E-9b3c-4493-999f-aae61f48d350'
    expect((await listing({ query: `?limit=3&user=${user}` })).status).toBe(200)
    expect(asked).toEqual([
      [schedule.id, DIGEST],
      { limit: 3, userId: undefined },
      { limit: 3, userId: user.toLowerCase() },
    ])
  })
})
