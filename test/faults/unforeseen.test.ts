/** Functions that fail by design: each failure is told with its cause, and what nobody foresaw is counted. */
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { bearerOf, TEST_KEY } from '../../infra/local/aws/access-key.ts'
import { lambdaContext } from '../../infra/local/lambda-context.ts'
import { metricNames } from '../../lib/observe/metric-names.ts'
import { gatewayForTests, sendRaw } from '../support/gateway.ts'

const stack = await gatewayForTests()

const { handler: flipToggle } = await import('../../functions/events/flip-toggle.ts')
const { handler: fireSchedule } = await import('../../functions/events/fire-schedule.ts')
const { handler: advanceDueChanges } = await import('../../functions/events/advance-due-changes.ts')
const { handler: runCommand } = await import('../../functions/chat/run-command.ts')

const handlers = { 'flip-toggle': flipToggle, 'fire-schedule': fireSchedule, 'run-command': runCommand }

/** A bug in whatever looks at the event. */
const bug = () => ({
  get id() {
    throw new TypeError('x is not a function')
  },
  get scheduleId() {
    throw new TypeError('x is not a function')
  },
  get detail() {
    throw new TypeError('x is not a function')
  },
  get 'detail-type'() {
    throw new TypeError('x is not a function')
  },
})

const failures = () =>
  stack.logged
    .map((line) => JSON.parse(line))
    .filter(({ code }) => code === 'function.failed' || code === 'invocation.failed')

const counted = () => stack.logged.map((line) => JSON.parse(line)).filter((line) => '_aws' in line)

describe.each(Object.entries(handlers))('%s', (name, handler) => {
  it('counts a bug once, and fails all the same', async () => {
    await expect(handler(bug(), lambdaContext(name))).rejects.toThrow('x is not a function')
    expect(counted()).toMatchObject([
      { code: 'function.failed', level: 'ERROR', [metricNames.unforeseen]: 1, error: { name: 'TypeError' } },
    ])
  })
})

const asked = (featureName: string) => ({
  id: 'event-1',
  source: 'workforce.planning',
  'detail-type': 'License Toggle Requested',
  time: new Date().toISOString(),
  detail: { featureName, enabled: true },
})

describe('flip-toggle', () => {
  const flip = (event: unknown) => flipToggle(event, lambdaContext('flip-toggle'))

  it('counts what a service of AWS refuses, which it would do again', async () => {
    stack.aws.fail('SendMessage', { type: 'AccessDeniedException', status: 400, times: 1 })
    await expect(flip({ ...asked('wallboards'), detail: null })).rejects.toThrow()
    expect(counted().filter(({ code }) => code === 'function.failed')).toHaveLength(1)
  })

  it('does not count what Genesys or a service of AWS may do better the next time', async () => {
    stack.org.addFaults([{ match: { method: 'GET' }, do: { status: 500 } }])
    await expect(flip(asked('wallboards'))).rejects.toMatchObject({ code: 'upstream.bad.response' })
    stack.aws.fail('SendMessage', { type: 'InternalError', status: 500, times: 10 })
    await expect(flip({ ...asked('wallboards'), detail: null })).rejects.toMatchObject({ $metadata: {} })
    expect(counted().filter(({ code }) => code === 'function.failed')).toEqual([])
    expect(failures().map(({ code, level, error }) => [code, level, error.code ?? error.name])).toEqual([
      ['invocation.failed', 'ERROR', 'upstream.bad.response'],
      ['invocation.failed', 'ERROR', 'InternalError'],
    ])
  })
})

describe('a ledger that may not be used', () => {
  const failuresAt = `${stack.aws.url}/__aws/failures`
  const headers = { authorization: bearerOf(TEST_KEY) }
  const refuse = async (type: string, status = 400) => {
    const actions = ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'TransactWriteItems']
    const body = JSON.stringify(actions.map((action) => ({ action, type, status, times: 1_000 })))
    await fetch(failuresAt, { method: 'POST', headers, body })
  }
  const heal = async () => {
    await fetch(failuresAt, { method: 'DELETE', headers })
  }
  beforeEach(heal)
  afterAll(heal)
  const event = {
    ...asked('wallboards'),
    scheduleId: 'abcdefgh000123456789',
    scheduledTime: new Date().toISOString(),
  }
  const fail = async (handler: (typeof handlers)[keyof typeof handlers], name: string) => {
    const failure: unknown = await handler(event, lambdaContext(name)).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'ledger.unavailable' })
    // It goes into the dead letter as it is, and an event has no header.
    expect(String(failure)).not.toContain('Idempotency-Key')
  }

  it.each(['AccessDeniedException', 'ResourceNotFoundException', 'KMSDisabledException'])(
    'is told by the tick, with %s as its cause; Lambda’s own count of its errors is the alarm',
    async (type) => {
      await refuse(type)
      await fail(advanceDueChanges, 'advance-due-changes')
      expect(failures()).toMatchObject([
        { code: 'invocation.failed', error: { code: 'ledger.unavailable', cause: { name: type } } },
      ])
      expect(failures()[0]).not.toHaveProperty(metricNames.unforeseen)
    },
  )

  it.each([
    ['flip-toggle', flipToggle],
    ['fire-schedule', fireSchedule],
  ] as const)('is told by %s, and counted, as it refuses the next try too', async (name, handler) => {
    await refuse('AccessDeniedException')
    await fail(handler, name)
    expect(failures()).toMatchObject([
      {
        code: 'function.failed',
        [metricNames.unforeseen]: 1,
        error: { code: 'ledger.unavailable', cause: { name: 'AccessDeniedException' } },
      },
    ])
  })

  it.each([
    ['ProvisionedThroughputExceededException', 400],
    ['InternalServerError', 500],
    ['ServiceUnavailable', 503],
  ])('for now (%s) is told and not counted', async (type, status) => {
    await refuse(type, status)
    await fail(fireSchedule, 'fire-schedule')
    expect(failures()).toMatchObject([{ code: 'invocation.failed', error: { cause: { name: type } } }])
  })

  it.each([
    ['GET', '/v1/changes', false],
    ['POST', '/v1/changes', true],
    ['POST', '/api/v2/license/toggles/wallboards', true],
  ])('is told to who asks %s %s, with the key only where one may be sent', async (method, path, isKeyed) => {
    await refuse('AccessDeniedException')
    const body = method === 'POST' ? JSON.stringify({ kind: 'toggle', featureName: 'x', enabled: true }) : ''
    const sent = path.startsWith('/v1') ? { body } : {}
    const answer = await sendRaw(stack, {
      method,
      path,
      headers: ['Content-Type', 'application/json', ...(isKeyed ? ['Idempotency-Key', 'one'] : [])],
      ...(method === 'POST' ? sent : {}),
    })
    const { code, message } = Object(answer.json)
    expect([answer.status, code]).toEqual([503, 'ledger.unavailable'])
    expect(String(message)).toMatch(
      isKeyed ? /ry again.*, with the same Idempotency-Key$/ : /ry again( later)?$/,
    )
  })
})
