import { describe, expect, it } from 'vitest'
import { GatewayError } from '../../lib/errors.ts'
import { idempotencyOf } from '../../lib/operation.ts'
import { createChange } from '../../lib/operations/changes/create-change.ts'
import { getChange } from '../../lib/operations/changes/get-change.ts'
import { operations } from '../../lib/operations/index.ts'
import { postLicenseToggle } from '../../lib/operations/license/post-license-toggle.ts'
import { deleteSchedule } from '../../lib/operations/schedules/delete-schedule.ts'
import { putToggle } from '../../lib/operations/toggles/put-toggle.ts'
import { expectError } from '../support/refusals.ts'
import { bound, changes, changeThat, gatewayBefore, plans, records, schedules } from './ports.ts'

const missing = ['idempotency-key', 'MISSING_HEADER'] as const

describe('an Idempotency-Key', () => {
  it('is needed by all that is asked of the gateway itself but reads and readings, and honoured on Genesys’s own writes', () => {
    const by = (rule: string) =>
      operations.filter((operation) => idempotencyOf(operation) === rule).map(({ id }) => id)
    expect(by('optional')).toEqual(['postLicenseOrganization', 'postLicenseToggle'])
    expect(by('required')).toEqual(
      operations
        .filter(
          ({ id, method, path }) => path.startsWith('/v1/') && method !== 'GET' && id !== 'createReading',
        )
        .map(({ id }) => id),
    )
  })

  it('that is missing is a 400 that names the header, with or without a body (A21)', async () => {
    for (const each of [bound(putToggle, changes({})), bound(deleteSchedule, schedules({}))]) {
      const send = await gatewayBefore(each)
      const answer = await send({ key: null, ...(each.operation.body ? { body: { enabled: true } } : {}) })
      expectError(answer, { status: 400, code: 'bad.request', details: [missing] })
      expect(each.callers).toEqual([])
    }
  })

  it('that is missing is told together with every other fault', async () => {
    const send = await gatewayBefore(bound(putToggle, changes({})))
    const answer = await send({
      key: null,
      params: { featureName: '-' },
      query: '?force=true',
      body: { enabled: 'yes' },
    })
    expectError(answer, {
      status: 400,
      code: 'bad.request',
      details: [
        ['featureName', 'INVALID_VALUE'],
        ['force', 'UNKNOWN_PARAMETER'],
        ['enabled', 'INVALID_TYPE'],
        missing,
      ],
    })
  })

  it('is handed on where it is optional, and its absence too', async () => {
    const toggle = bound(
      postLicenseToggle,
      changes({
        switchToggle: async (featureName) => ({ value: { featureName, enabled: true }, isReplay: false }),
      }),
    )
    const send = await gatewayBefore(toggle)
    expect((await send({ key: 'a.b:c-1_2' })).json).toEqual({ featureName: 'wallboards', enabled: true })
    expect((await send({ key: null })).status).toBe(200)
    expect(toggle.callers.map(({ idempotencyKey }) => idempotencyKey)).toEqual(['a.b:c-1_2', undefined])
  })

  it('means nothing to a read', async () => {
    const reading = bound(getChange, records({ change: async () => changeThat() }))
    expect((await (await gatewayBefore(reading))({ key: 'key-1' })).status).toBe(200)
    expect(reading.callers).toEqual([
      { actor: { kind: 'jwt', id: 'ana' }, operation: 'getChange', role: 'viewer' },
    ])
  })

  it('that came with another request before is a 422', async () => {
    const planning = bound(
      createChange,
      plans({
        plan: () =>
          Promise.reject(new GatewayError('idempotency.key.reused', 'The key came with another request')),
      }),
    )
    const send = await gatewayBefore(planning)
    const answer = await send({ body: { kind: 'toggle', featureName: 'wallboards', enabled: true } })
    expectError(answer, { status: 422, code: 'idempotency.key.reused', details: [] })
  })
})
