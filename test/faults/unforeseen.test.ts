/** Functions that fail by design: what nobody foresaw is counted, what a later try may do better is not. */
import { describe, expect, it } from 'vitest'
import { lambdaContext } from '../../infra/local/lambda-context.ts'
import { ticks } from '../../lib/composition/events.ts'
import { metricNames } from '../../lib/observe/metric-names.ts'
import { gatewayForTests } from '../support/gateway.ts'

const stack = await gatewayForTests()

const { handler: flipToggle } = await import('../../functions/events/flip-toggle.ts')
const { handler: fireSchedule } = await import('../../functions/events/fire-schedule.ts')
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
  })
})

it('the tick counts nothing of this kind: Lambda’s own count of its errors is an alarm', () => {
  expect(ticks().unforeseen).toBeUndefined()
})
