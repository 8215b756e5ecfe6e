/** Changes that a second person must approve, and who may do that. */
import { describe, expect, it } from 'vitest'
import type { Change } from '../../../lib/changes/answers/change-schemas.ts'
import type { Answered } from '../../../lib/changes/port.ts'
import {
  byHand,
  giving,
  hasWallboard,
  OFF,
  toggle,
  toldTypes,
  userAt,
  WALLBOARD,
} from '../../support/changes/change-orders.ts'
import {
  allChanges,
  BO,
  type ChangeWorld,
  changeWorld,
  headerOf,
  NAMED_PEOPLE,
} from '../../support/changes/change-world.ts'

const HOUR_MS = 3_600_000
const REQUEST = 'License Change Awaiting Approval'
const BO_DECIDES = { actor: BO, operation: 'approve', idempotencyKey: 'd1' }
const ON_TOGGLE = [{ toggles: [OFF] }]

/** A world whose rules ask for approval of one toggle, and ana's request for it. */
async function asked(order: Parameters<ReturnType<ChangeWorld['changes']>['request']>[0] = toggle(true)) {
  const world = await changeWorld({ approvals: ON_TOGGLE, policy: { people: NAMED_PEOPLE } })
  const { value } = await world.changes({ idempotencyKey: 'k1' }).request(order)
  return { world, change: value }
}

it('the license operations answer 409 with the change to approve', async () => {
  const world = await changeWorld({ approvals: [{ toggles: ['*'] }, { licenses: ['*'] }] })
  const ana = userAt(world, 0)
  for (const ask of [
    () => world.changes().switchToggle(OFF),
    () => world.changes({ idempotencyKey: 'k1' }).assign(giving([ana])),
  ]) {
    await expect(ask()).rejects.toMatchObject({
      code: 'change.approval.required',
      status: 409,
      message: expect.stringContaining('/approve'),
      faults: [{ fieldName: 'changeId', entityId: expect.any(String), errorCode: 'AWAITING_APPROVAL' }],
    })
  }
  const changes = await allChanges(world)
  expect(changes).toHaveLength(2)
  for (const { id, digest } of changes)
    await world.changes({ ...BO_DECIDES, idempotencyKey: id }).approve(id, digest)
  expect([world.org.truth().toggles[OFF], hasWallboard(world, ana)]).toEqual([true, true])
  const { value, isReplay } = await world.changes({ idempotencyKey: 'k1' }).assign(giving([ana]))
  expect([value[0]?.outcome, isReplay]).toEqual(['applied', true])
})

describe('approving', () => {
  it('applies the change at once, and puts on record who approved it and when', async () => {
    const { world, change } = await asked()
    world.clock.advance(HOUR_MS)
    const { value } = await world.changes(BO_DECIDES).approve(change.id, change.digest)
    expect(value).toMatchObject({
      state: 'APPLIED',
      actor: { id: 'ana' },
      approval: {
        isApproved: true,
        by: { kind: 'jwt', id: 'bo', person: 'bo' },
        at: '2026-11-15T13:00:00.000Z',
      },
    })
    expect(value.history.map(({ state }) => state)).toEqual([
      'AWAITING_APPROVAL',
      'APPROVED',
      'CLAIMED',
      'SENT',
      'APPLIED',
    ])
    expect(value.history[1]).toMatchObject({ by: 'bo' })
  })

  it.each([
    ['the requester', { kind: 'jwt', id: 'ana' }],
    ['the requester by another identity', { kind: 'slack', id: 'U1' }],
    ['somebody whom the org file does not know', { kind: 'jwt', id: 'eve' }],
    ['another kind of principal with an approver’s id', { kind: 'slack', id: 'bo' }],
    ['an event', { kind: 'event', id: 'bo' }],
  ] as const)('is not for %s', async (_, actor) => {
    const { world, change } = await asked()
    await expect(
      world.changes({ ...BO_DECIDES, actor }).approve(change.id, change.digest),
    ).rejects.toMatchObject({
      code: 'change.approver.refused',
      status: 403,
    })
    expect((await headerOf(world, change.id)).state).toBe('AWAITING_APPROVAL')
    expect(world.posts()).toBe(0)
  })

  it('names the very plan (L20)', async () => {
    const { world, change } = await asked()
    await expect(world.changes(BO_DECIDES).approve(change.id, 'f'.repeat(64))).rejects.toMatchObject({
      code: 'change.digest.mismatch',
      status: 409,
    })
    expect((await headerOf(world, change.id)).state).toBe('AWAITING_APPROVAL')
  })

  it('again with the same key is a replay, with another digest 422, with another key 409 and who was first', async () => {
    const { world, change } = await asked()
    const first = await world.changes(BO_DECIDES).approve(change.id, change.digest)
    expect(await world.changes(BO_DECIDES).approve(change.id, change.digest)).toEqual({
      ...first,
      isReplay: true,
    })
    await expect(world.changes(BO_DECIDES).approve(change.id, 'f'.repeat(64))).rejects.toMatchObject({
      code: 'idempotency.key.reused',
      status: 422,
    })
    await expect(
      world.changes({ ...BO_DECIDES, idempotencyKey: 'd2' }).approve(change.id, change.digest),
    ).rejects.toMatchObject({
      code: 'change.state.conflict',
      message: expect.stringContaining('Bo Öz has approved'),
    })
    expect(world.posts()).toBe(1)
  })

  it('and rejecting at the same time: one wins, and the other is told who was first (L19)', async () => {
    const { world, change } = await asked()
    const decisions = await Promise.allSettled([
      world.changes(BO_DECIDES).approve(change.id, change.digest),
      world.records({ actor: BO, operation: 'reject', idempotencyKey: 'd2' }).reject(change.id),
    ])
    const lost = decisions.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []))
    expect(lost).toMatchObject([
      {
        code: 'change.state.conflict',
        status: 409,
        message: expect.stringMatching(/^Bo Öz has (approved|rejected)/),
      },
    ])
    const { state } = await headerOf(world, change.id)
    expect(['APPLIED', 'REJECTED']).toContain(state)
    expect(world.posts()).toBe(state === 'APPLIED' ? 1 : 0)
  })

  it('may send what the plan showed and nothing else', async () => {
    const { world, change } = await asked(toggle(false))
    await byHand(world).press()
    const { value } = await world.changes(BO_DECIDES).approve(change.id, change.digest)
    expect(value).toMatchObject({ state: 'SUPERSEDED', after: { enabled: true } })
    expect(value.history.at(-1)?.note).toContain(OFF)
    expect([world.posts(), toldTypes(world)]).toEqual([1, ['License Change Superseded']])
  })
})

describe('a request that nobody approves', () => {
  it('is rejected by somebody, and cannot be approved any more', async () => {
    const { world, change } = await asked()
    const { value } = await world.records(BO_DECIDES).reject(change.id)
    expect(value).toMatchObject({ state: 'REJECTED', approval: { isApproved: false, by: { id: 'bo' } } })
    const late = { ...BO_DECIDES, idempotencyKey: 'late' }
    await expect(world.changes(late).approve(change.id, change.digest)).rejects.toMatchObject({
      code: 'change.state.conflict',
      message: `Bo Öz has rejected the change ${change.id} already`,
    })
    await world.rest()
    expect([world.posts(), toldTypes(world)]).toEqual([0, ['License Change Rejected']])
  })

  it('lapses after eight hours, and that is told (L20)', async () => {
    const { world, change } = await asked()
    world.clock.advance(8 * HOUR_MS - 1)
    await world.tick()
    expect((await headerOf(world, change.id)).state).toBe('AWAITING_APPROVAL')
    world.clock.advance(1)
    await expect(world.changes(BO_DECIDES).approve(change.id, change.digest)).rejects.toMatchObject({
      code: 'change.state.conflict',
    })
    await world.tick()
    expect((await headerOf(world, change.id)).state).toBe('EXPIRED')
    expect(toldTypes(world)).toEqual(['License Change Expired'])
  })

  it('cannot be applied without approval', async () => {
    const { world, change } = await asked()
    await expect(world.changes(BO_DECIDES).apply(change.id, change.digest)).rejects.toMatchObject({
      code: 'change.approval.required',
      faults: [{ entityId: change.id }],
    })
  })

  it('is called off by whoever asked', async () => {
    const { world, change } = await asked()
    const { value } = await world.records({ idempotencyKey: 'c1', operation: 'cancel' }).cancel(change.id)
    expect(value.state).toBe('CANCELLED')
    expect(toldTypes(world)).toEqual([])
  })
})

it('notAfter counts from the approval: waiting for a person is no lateness', async () => {
  const { world, change } = await asked({ ...toggle(true), notAfter: '2026-11-15T12:30:00Z' })
  world.clock.advance(3 * HOUR_MS)
  await world.tick()
  const { value } = await world.changes(BO_DECIDES).approve(change.id, change.digest)
  expect(value).toMatchObject({ state: 'APPLIED', notAfter: '2026-11-15T15:30:00.000Z' })
})

it('an approved change waits for its notBefore', async () => {
  const { world, change } = await asked({ ...toggle(true), notBefore: '2026-11-15T14:00:00Z' })
  const { value } = await world.changes(BO_DECIDES).approve(change.id, change.digest)
  expect(value.state).toBe('APPROVED')
  await world.rest()
  expect(await headerOf(world, change.id)).toMatchObject({
    state: 'APPLIED',
    sentAtMs: Date.parse('2026-11-15T14:00:00Z'),
  })
})

describe('approvers', () => {
  it('are told of a request at once, and reminded once', async () => {
    const { world } = await asked()
    const told = () =>
      world.told.map(({ detailType, detail }) => [detailType, detail['isReminder'] ?? false] as const)
    expect(told()).toEqual([[REQUEST, false]])
    world.clock.advance(4 * HOUR_MS)
    await world.tick()
    await world.tick()
    expect(told()).toEqual([
      [REQUEST, false],
      [REQUEST, true],
    ])
    await world.rest()
    expect(told().at(-1)).toEqual(['License Change Expired', false])
    expect(world.told).toHaveLength(3)
  })

  it('have as many hours as the org file says, and are reminded at half of them', async () => {
    const world = await changeWorld({ approvals: ON_TOGGLE, policy: { approvalHours: 24 } })
    const { value } = await world.plans({ idempotencyKey: 'p1' }).plan(toggle(true))
    const told = () => world.told.map(({ detail }) => detail['isReminder'] ?? false)
    const { createdAtMs } = await headerOf(world, value.id)
    expect(value.approval?.expiresAt).toBe(new Date(createdAtMs + 24 * HOUR_MS).toISOString())
    world.clock.advance(12 * HOUR_MS - 1)
    await world.tick()
    expect(told()).not.toContain(true)
    world.clock.advance(1)
    await world.tick()
    expect(told().at(-1)).toBe(true)
    world.clock.advance(12 * HOUR_MS - 1)
    const approving = world.changes(BO_DECIDES).approve(value.id, value.digest)
    expect((await approving).value.state).toBe('APPLIED')
  })

  const SLACK = { platform: 'slack', teamId: 'T1', channelId: 'C1', userId: 'U1' } as const
  const GIVE = [{ toggles: [OFF] }, { licenses: ['*'] }]
  const draft = { idempotencyKey: 'p1' }

  it.each<[string, (world: ChangeWorld) => Promise<Answered<Change>>]>([
    ['a plan in Slack', (world) => world.plans(draft).plan(toggle(true), SLACK)],
    ['a plan', (world) => world.plans(draft).plan({ ...toggle(true), isDraft: true })],
    [
      'a file',
      (world) => {
        const file = `user,license,action\n${userAt(world, 0)},${WALLBOARD},add`
        return world.plans(draft).planFile(Buffer.from(file), {}, true)
      },
    ],
    [
      'an undo',
      async (world) => {
        const { value } = await world.plans({ idempotencyKey: 'p0' }).plan(toggle(true))
        await world.changes({ ...BO_DECIDES, idempotencyKey: 'd0' }).approve(value.id, value.digest)
        world.told.length = 0
        return await world.changes(draft).undo(value.id, { isDraft: true })
      },
    ],
    [
      'a retry',
      async (world) => {
        const { value } = await world.plans({ idempotencyKey: 'p0' }).plan(toggle(true))
        await world.records({ idempotencyKey: 'c0' }).cancel(value.id)
        await world.tick()
        world.told.length = 0
        return await world.plans(draft).retry(value.id, { isDraft: true })
      },
    ],
  ])('are not asked about %s that is a draft before it is applied', async (_, make) => {
    const world = await changeWorld({ approvals: GIVE })
    const { value } = await make(world)
    const posts = world.posts()
    expect(value).toMatchObject({ state: 'PLANNED', isReleased: false })
    expect(value.approval).toEqual({ because: [expect.stringContaining('must approve')] })
    expect(await world.tick()).toMatchObject({ advanced: 0, failed: 0 })
    world.clock.advance(HOUR_MS)
    const { value: asked } = await world.changes({ idempotencyKey: 'a1' }).apply(value.id, value.digest)
    expect(asked).toMatchObject({
      state: 'AWAITING_APPROVAL',
      approval: {
        because: value.approval?.because,
        expiresAt: new Date(world.clock.nowMs() + 8 * HOUR_MS).toISOString(),
      },
    })
    expect(world.told.map(({ detailType }) => detailType)).toEqual([REQUEST])
    expect(world.posts()).toBe(posts)
    const { value: approved } = await world.changes(BO_DECIDES).approve(value.id, value.digest)
    expect(approved.state).toBe('APPLIED')
  })

  it('are never asked about a draft that nobody applies', async () => {
    const world = await changeWorld({ approvals: ON_TOGGLE })
    const { value } = await world.plans(draft).plan({ ...toggle(true), isDraft: true })
    await world.rest()
    const lapsed = await world.records().change(value.id)
    expect([lapsed.state, lapsed.approval?.expiresAt, world.told]).toEqual(['EXPIRED', undefined, []])
  })

  it('are asked at once, or not, by the same key: the other is another request', async () => {
    const world = await changeWorld({ approvals: ON_TOGGLE })
    const { value: first } = await world.plans({ idempotencyKey: 'p0' }).plan(toggle(true))
    await world.changes({ ...BO_DECIDES, idempotencyKey: 'd0' }).approve(first.id, first.digest)
    const file = Buffer.from(`user,license,action\n${userAt(world, 0)},${WALLBOARD},add`)
    const doors = [
      (isDraft?: boolean) => world.plans(draft).plan({ ...toggle(false), ...(isDraft && { isDraft }) }),
      (isDraft?: boolean) => world.plans({ idempotencyKey: 'f1' }).planFile(file, {}, isDraft),
      (isDraft?: boolean) => world.changes({ idempotencyKey: 'u1' }).undo(first.id, { isDraft }),
    ]
    for (const ask of doors) {
      const { value } = await ask(true)
      expect(await ask(true)).toMatchObject({ isReplay: true, value: { id: value.id } })
      await expect(ask()).rejects.toMatchObject({ code: 'idempotency.key.reused', status: 422 })
    }
  })
})
