import { describe, expect, it } from 'vitest'
import { getChange } from '../../lib/operations/changes/get-change.ts'
import { rejectChange } from '../../lib/operations/changes/reject-change.ts'
import { putToggle } from '../../lib/operations/toggles/put-toggle.ts'
import { type Event, invokeHandler, restEvent } from '../support/events.ts'
import { expectError } from '../support/refusals.ts'
import { bound, CHANGE_ID, changes, changeThat, gatewayBefore, records } from './ports.ts'

const switching = (auth?: 'iam' | 'jwt') =>
  bound(putToggle, changes({ request: async () => ({ value: changeThat(), isReplay: false }) }), auth)
const body = { enabled: true }

describe('a request with a token', () => {
  it("is made in the name of the token's subject, exactly as the token has it", async () => {
    const toggle = switching()
    const send = await gatewayBefore(toggle)
    const subjects = ['ana', 'auth0|5f7c8ec7c33c6c004bbafe82', 'Ana "the" Müller/Zoë', 'x'.repeat(256)]
    for (const sub of subjects) expect((await send({ body, claims: { sub } })).status).toBe(200)
    expect(toggle.callers).toEqual(
      subjects.map((id) => ({
        actor: { kind: 'jwt', id },
        role: 'operator',
        operation: 'putToggle',
        idempotencyKey: 'key-1',
      })),
    )
  })

  it.each([[undefined], [''], ['x'.repeat(257)], ['ana\nforged line'], [7]])(
    'whose subject is %j changes nothing and is told why',
    async (sub) => {
      const toggle = switching()
      const rejection = bound(rejectChange, records({}))
      for (const each of [toggle, rejection]) {
        const send = await gatewayBefore(each)
        const answer = await send({ claims: { sub }, ...(each === toggle ? { body } : {}) })
        expectError(answer, { status: 403, code: 'not.authorized', details: [] })
        expect(answer.text).toContain('no usable subject, which is its sub claim unless')
        expect(each.callers).toEqual([])
      }
    },
  )

  it('without a subject may read', async () => {
    const reading = bound(getChange, records({ change: async () => changeThat() }))
    const send = await gatewayBefore(reading)
    expect((await send({ claims: {} })).json).toMatchObject({ id: CHANGE_ID })
    expect(reading.callers).toEqual([
      { actor: { kind: 'jwt', id: '' }, operation: 'getChange', role: 'viewer' },
    ])
  })

  it('is not made in the name of an IAM identity or a header', async () => {
    const toggle = switching()
    const event = eventOf({
      identity: { userArn: 'arn:aws:iam::123456789012:user/eve' },
      authorizer: { role: 'operator', subject: 'ana', principalId: 'eve' },
    })
    expect((await invokeHandler(toggle.handler, event)).status).toBe(200)
    expect(toggle.callers).toMatchObject([{ actor: { kind: 'jwt', id: 'ana' } }])
  })
})

describe('a signed request', () => {
  const userArn = 'arn:aws:sts::123456789012:assumed-role/licensing-tool/session-7'

  it('is made in the name of its IAM identity', async () => {
    const toggle = switching('iam')
    const event = eventOf({ identity: { userArn }, authorizer: { subject: 'eve' } })
    expect((await invokeHandler(toggle.handler, event)).status).toBe(200)
    expect(toggle.callers).toMatchObject([{ actor: { kind: 'iam', id: userArn }, operation: 'putToggle' }])
  })

  it('with an event whose identity is no text is refused', async () => {
    const toggle = switching('iam')
    for (const context of [{ identity: { userArn: [userArn] } }, { authorizer: { subject: 7 } }]) {
      expectError(await invokeHandler(toggle.handler, eventOf(context)), {
        status: 400,
        code: 'bad.request',
        details: [['$event', 'UNSUPPORTED_EVENT']],
      })
    }
    expect(toggle.callers).toEqual([])
  })
})

/** An event that asks for a toggle, with what API Gateway vouches for. */
function eventOf(requestContext: Event): Event {
  return restEvent('putToggle', {
    pathParameters: { featureName: 'wallboards' },
    body: JSON.stringify(body),
    requestContext,
  })
}
