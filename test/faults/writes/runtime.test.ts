/** Group K of the fault catalogue: the functions that record, as Lambda runs them. */
import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { operations } from '../../../lib/operations/index.ts'
import { postLicenseOrganization } from '../../../lib/operations/license/post-license-organization.ts'
import { postLicenseToggle } from '../../../lib/operations/license/post-license-toggle.ts'
import { putToggle as putToggleOperation } from '../../../lib/operations/toggles/put-toggle.ts'
import { nodeTransport, type Transport } from '../../../lib/transport/transport.ts'
import {
  changeIdOf,
  giving,
  putToggle,
  sendRecording,
  userAt,
} from '../../support/changes/license-requests.ts'
import { invoke, lambdaContext, restEvent } from '../../support/events.ts'
import { gatewayForTests, sendRaw } from '../../support/gateway.ts'
import { expectError, expectUntouched } from '../../support/refusals.ts'
import { giftIn, postsOf, someIds, soundBody } from '../../support/requests.ts'
import { world } from '../../support/world.ts'

const stack = await gatewayForTests({ org: { toggles: 'legacy' } })
const { org } = stack
const mutating = operations.filter(({ method, effect }) => method !== 'GET' && effect !== 'read')

describe('too little time', () => {
  it.each(mutating.map((operation) => [operation.id, operation] as const))(
    'is refused by %s before it does anything (K01)',
    async (id, operation) => {
      const body = soundBody(operation, userAt(stack, 0))
      const event = restEvent(id, {
        pathParameters: someIds,
        body: body === undefined ? null : JSON.stringify(body),
      })
      const answer = await invoke(id, event, lambdaContext(1_500))
      expectError(answer, { status: 503, code: 'deadline.too.short' })
      expect(answer.headers['retry-after']).toBe('1')
      expectUntouched(stack)
      expect(await stack.stored.all()).toEqual([])
    },
  )

  it('to record what would be sent leaves it unsent, and the same key may try again (K01)', async () => {
    const event = restEvent('putToggle', {
      pathParameters: { featureName: 'wallboards' },
      multiValueHeaders: { 'Content-Type': ['application/json'], 'Idempotency-Key': ['one'] },
      body: '{"enabled":false}',
    })
    const refused = await invoke('putToggle', event, lambdaContext(5_500))
    expectError(refused, { status: 503, code: 'deadline.too.short' })
    expect(refused.text).toContain('nothing was sent')
    expect(refused.headers['retry-after']).toBe('1')
    expect([postsOf(stack), await stack.stored.all()]).toEqual([[], []])
    const served = await invoke('putToggle', event)
    expect(served).toMatchObject({ status: 200, json: { state: 'APPLIED' } })
    expect(served.headers['idempotent-replayed']).toBeUndefined()
    expect(postsOf(stack)).toHaveLength(1)
  })
})

it('what one caller sends is in no answer to another, whatever the container has served (K04)', async () => {
  const callers = Array.from({ length: 20 }, (_, index) => ({ user: userAt(stack, index), index }))
  const answers = await Promise.all(
    callers.map(({ user, index }) => {
      const order = { kind: 'assignments', ...giving(user), reason: `canary-${index}-` }
      return sendRecording(stack, 'POST', '/v1/changes', order, {
        role: index % 2 === 0 ? 'operator' : 'approver',
      })
    }),
  )
  for (const { user, index } of callers) {
    const { status, text, json } = answers[index] ?? answers[0] ?? { status: 0, text: '', json: undefined }
    expect([status, Object(json).actor.id]).toEqual([
      201,
      index % 2 === 0 ? 'local-operator' : 'local-approver',
    ])
    expect(text).toContain(user)
    const foreign = callers.filter((each) => each.index !== index)
    expect(
      foreign.filter((each) => text.includes(each.user) || text.includes(`canary-${each.index}-`)),
    ).toEqual([])
  }
  expect(new Set(answers.map(changeIdOf)).size).toBe(callers.length)
})

it('nothing is under way any more once a write is answered (K06)', async () => {
  const each = await world({ org: { toggles: 'legacy' } })
  let underWay = 0
  const transport: Transport = async (request) => {
    underWay += 1
    try {
      return await nodeTransport(request)
    } finally {
      underWay -= 1
    }
  }
  const gift = giftIn(each)
  const path = '/api/v2/license/toggles/wallboards'
  each.org.addFaults([{ match: { method: 'POST', path }, do: { applyThenReset: true } }])
  const batch = await each.writer(postLicenseOrganization, { transport })(gift.event)
  expect([batch.status, underWay]).toEqual([200, 0])
  const toggle = await each.writer(postLicenseToggle, { transport })({
    pathParameters: { featureName: 'wallboards' },
  })
  expect([toggle.status, underWay]).toEqual([200, 0])
  const [sent, told] = [each.org.requests().length, each.aws.requests().length]
  await new Promise((resolve) => setImmediate(resolve))
  expect([each.org.requests().length, each.aws.requests().length]).toEqual([sent, told])
})

it("Lambda's own request id is no idempotency key (K08)", async () => {
  const body = JSON.stringify(giving(userAt(stack, 0)))
  const event = restEvent('postLicenseOrganization', { body })
  const [first, second] = [
    await invoke('postLicenseOrganization', event),
    await invoke('postLicenseOrganization', event),
  ]
  expect([first.status, second.status]).toEqual([200, 200])
  expect(changeIdOf(second)).not.toBe(changeIdOf(first))
  expect(second.headers['idempotent-replayed']).toBeUndefined()
  expect(second.json).toMatchObject([{ outcome: 'unchanged' }])
})

it('an idempotency key holds whatever request id its repeat has (K08)', async () => {
  const each = await world({ org: { toggles: 'legacy' } })
  const put = each.writer(putToggleOperation)
  const event = {
    pathParameters: { featureName: 'wallboards' },
    multiValueHeaders: { 'Content-Type': ['application/json'], 'Idempotency-Key': ['one'] },
    body: '{"enabled":false}',
  }
  const first = await put(event)
  const second = await put(event, { ...lambdaContext(), awsRequestId: randomUUID() })
  expect(second.json).toEqual(first.json)
  expect(postsOf(each)).toHaveLength(1)
})

describe('a record of a newer version', () => {
  async function newerRecord() {
    const id = changeIdOf(await putToggle(stack, 'wallboards', false))
    const header = (await stack.stored.all()).find(({ pk, sk }) => pk === `change#${id}` && sk === 'header')
    // Due, so that the tick finds it too.
    const due = { duePk: 'due', dueAt: 1 }
    const ofTomorrow = {
      ...header,
      ...due,
      record: { ...Object(header?.['record']), schema: 3, state: 'MERGED' },
    }
    await stack.stored.put(ofTomorrow)
    return { id, ofTomorrow }
  }

  it('is a 500 that says so, wherever it is asked for, and stays as it is (K13)', async () => {
    const { id, ofTomorrow } = await newerRecord()
    const body = { digest: 'a'.repeat(64) }
    const answers = [
      await sendRaw(stack, { path: `/v1/changes/${id}` }),
      await sendRaw(stack, { path: `/v1/changes/${id}/results` }),
      await sendRecording(stack, 'POST', `/v1/changes/${id}/apply`, body, { role: 'approver' }),
      await sendRecording(stack, 'POST', `/v1/changes/${id}/approve`, body, { role: 'approver' }),
      await sendRecording(stack, 'POST', `/v1/changes/${id}/reject`, undefined, { role: 'approver' }),
      await sendRecording(stack, 'POST', `/v1/changes/${id}/cancel`, undefined, { role: 'approver' }),
      await sendRecording(stack, 'POST', `/v1/changes/${id}/undo`, undefined, { role: 'approver' }),
      // It holds the toggle's lock, and whether that still counts nobody here can tell.
      await putToggle(stack, 'wallboards', true),
    ]
    for (const answer of answers) expectError(answer, { status: 500, code: 'ledger.record.unknown' })
    await stack.aws.advance(66_000)
    const { pk } = Object(ofTomorrow)
    const left = (await stack.stored.all()).find((item) => item['pk'] === pk && item['sk'] === 'header')
    expect(left).toEqual(ofTomorrow)
    expect(stack.logged.filter((line) => line.includes('"change.left"'))).not.toEqual([])
    expect(postsOf(stack)).toHaveLength(1)
  })

  it('does not keep others from being served (K13)', async () => {
    await newerRecord()
    expect((await putToggle(stack, 'concurrentLicensing', true)).status).toBe(200)
    expect(org.truth().toggles['concurrentLicensing']).toBe(true)
  })
})
