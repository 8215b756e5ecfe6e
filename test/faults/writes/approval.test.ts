/** Changes that a second person must approve, over real HTTP: who may, who may not, and what is done then. */
import { describe, expect, it } from 'vitest'
import {
  changeBehind,
  changeIdOf,
  giving,
  postOrganization,
  putToggle,
  sendRecording,
  userAt,
} from '../../support/changes/license-requests.ts'
import { gatewayForTests, type RawAnswer, sendRaw } from '../../support/gateway.ts'
import { expectError, expectUntouched } from '../../support/refusals.ts'
import { postsOf } from '../../support/requests.ts'

/** As the laptop's own policy has it. */
const GUARDED = 'cxCloudSN'

const stack = await gatewayForTests({ org: { toggles: 'legacy' } })
const { org } = stack
const user = userAt(stack, 0)

const ask = () => postOrganization(stack, JSON.stringify(giving(user, GUARDED)))
const holds = () => org.truth().users[user]?.includes(GUARDED)

async function decide(
  verb: 'approve' | 'reject' | 'cancel' | 'apply',
  asked: RawAnswer,
  role: 'viewer' | 'operator' | 'approver',
  digest?: string,
) {
  const change = await changeBehind(stack, asked)
  const takesDigest = verb === 'approve' || verb === 'apply'
  const body = takesDigest ? { digest: digest ?? change.digest } : undefined
  return await sendRecording(stack, 'POST', `/v1/changes/${change.id}/${verb}`, body, { role })
}

describe('a write that needs approval', () => {
  it('in Genesys’s own API is a 409 that names the change, and nothing is sent', async () => {
    const answer = await ask()
    expectError(answer, {
      status: 409,
      code: 'change.approval.required',
      details: [['changeId', 'AWAITING_APPROVAL']],
    })
    const change = await changeBehind(stack, answer)
    expect(answer.text).toContain(`POST /v1/changes/${change.id}/approve`)
    expect(change).toMatchObject({
      state: 'AWAITING_APPROVAL',
      actor: { id: 'local-operator', person: 'local-operator' },
      approval: { because: [expect.stringContaining(`changes of the license ${GUARDED}`)] },
    })
    expect([postsOf(stack).length, holds()]).toEqual([0, false])
  })

  it('is listed by its state until it is decided', async () => {
    const id = changeIdOf(await ask())
    const listed = async (state: string) => {
      const { json } = await sendRaw(stack, { path: `/v1/changes?state=${state}`, role: 'viewer' })
      return Object(json).entities.map((change: { id: string }) => change.id)
    }
    expect(await listed('AWAITING_APPROVAL')).toEqual([id])
    await sendRecording(stack, 'POST', `/v1/changes/${id}/reject`, undefined, { role: 'approver' })
    expect([await listed('AWAITING_APPROVAL'), await listed('REJECTED')]).toEqual([[], [id]])
  })

  it('is done when an approver approves it, once', async () => {
    const asked = await ask()
    const approved = await decide('approve', asked, 'approver')
    expect(approved).toMatchObject({ status: 200, json: { state: 'APPLIED' } })
    expect(approved.json).toMatchObject({ approval: { isApproved: true, by: { person: 'local-approver' } } })
    expect([postsOf(stack).length, holds()]).toEqual([1, true])
    expectError(await decide('approve', asked, 'approver'), { status: 409, code: 'change.state.conflict' })
    expect(postsOf(stack)).toHaveLength(1)
  })

  it('is neither approved nor rejected by a viewer or an operator (N04)', async () => {
    const asked = await ask()
    const before = await changeBehind(stack, asked)
    for (const role of ['viewer', 'operator'] as const) {
      for (const verb of ['approve', 'reject'] as const) {
        expectError(await decide(verb, asked, role), { status: 403, code: 'not.authorized' })
      }
    }
    expect(await changeBehind(stack, asked)).toEqual(before)
    expect(postsOf(stack)).toEqual([])
  })

  it('is not approved by the person who asked (L18)', async () => {
    const asked = await postOrganization(stack, JSON.stringify(giving(user, GUARDED)), undefined, 'approver')
    expectError(await decide('approve', asked, 'approver'), { status: 403, code: 'change.approver.refused' })
    expect(holds()).toBe(false)
  })

  it('is not approved by its digest where that is another plan’s (L20)', async () => {
    const answer = await decide('approve', await ask(), 'approver', 'b'.repeat(64))
    expectError(answer, { status: 409, code: 'change.digest.mismatch' })
    expect(holds()).toBe(false)
  })

  it('is done once where two approve at the same time (L19)', async () => {
    const asked = await ask()
    const answers = await Promise.all([
      decide('approve', asked, 'approver'),
      decide('approve', asked, 'approver'),
    ])
    for (const { status } of answers) expect([200, 202, 409]).toContain(status)
    expect((await changeBehind(stack, asked)).state).toBe('APPLIED')
    expect(postsOf(stack)).toHaveLength(1)
  })

  it('expires after 8 hours and is told (L20)', async () => {
    const asked = await ask()
    await stack.aws.advance(8 * 3_600_000 + 61_000)
    expect((await changeBehind(stack, asked)).state).toBe('EXPIRED')
    expectError(await decide('approve', asked, 'approver'), { status: 409, code: 'change.state.conflict' })
    expect(stack.aws.events().at(-1)).toMatchObject({ 'detail-type': 'License Change Expired' })
    expect(holds()).toBe(false)
  })

  it('may be called off by an operator, and not approved after that', async () => {
    const asked = await ask()
    expect(await decide('cancel', asked, 'operator')).toMatchObject({ json: { state: 'CANCELLED' } })
    expectError(await decide('approve', asked, 'approver'), { status: 409, code: 'change.state.conflict' })
  })
})

it('what no rule guards needs nobody', async () => {
  expect(await putToggle(stack, 'wallboards', false)).toMatchObject({
    status: 200,
    json: { state: 'APPLIED' },
  })
})

it.each(['approve', 'reject', 'apply', 'cancel', 'undo'])(
  'a viewer does not even learn whether there is a change to %s (N04)',
  async (verb) => {
    const path = `/v1/changes/0123456789abcdefghjk/${verb}`
    expectError(await sendRecording(stack, 'POST', path, undefined, { role: 'viewer' }), {
      status: 403,
      code: 'not.authorized',
    })
    expectUntouched(stack)
  },
)
