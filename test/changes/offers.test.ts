/** What a change and a schedule say that their reader may do: no more than the ledger takes, and what it takes of them. */
import { describe, expect, it } from 'vitest'
import type { Change } from '../../lib/changes/answers/change-schemas.ts'
import type { Decidable } from '../../lib/changes/answers/decision-schemas.ts'
import { ScheduleMaker } from '../../lib/changes/schedule-maker.ts'
import { getChange } from '../../lib/operations/changes/get-change.ts'
import { putToggle } from '../../lib/operations/toggles/put-toggle.ts'
import type { Role } from '../../lib/roles.ts'
import {
  assigning,
  byHand,
  giving,
  OFF,
  schedulerForTests,
  taking,
  toggle,
  userAt,
} from '../support/changes/change-orders.ts'
import {
  ANA,
  BO,
  type ChangeWorld,
  type ChangeWorldOptions,
  changeWorld,
} from '../support/changes/change-world.ts'
import { world as worldOfFunctions } from '../support/world.ts'

const HOUR_MS = 3_600_000
const ON_TOGGLE = { approvals: [{ toggles: [OFF] }] }
const CY = { kind: 'jwt', id: 'cy' } as const
const readers = {
  'a viewer': { actor: CY, role: 'viewer' },
  'whoever asked': { actor: ANA, role: 'operator' },
  'another operator': { actor: CY, role: 'operator' },
  'an approver': { actor: BO, role: 'approver' },
  'an approver whom the org file does not know': { actor: CY, role: 'approver' },
} as const satisfies Readonly<Record<string, { actor: typeof ANA; role: Role }>>
type Reader = keyof typeof readers

async function offersTo(
  world: ChangeWorld,
  reader: Reader,
  id: string,
): Promise<readonly Decidable[] | undefined> {
  const as = { ...readers[reader], operation: 'read' }
  const { offers } = await world.records(as).change(id)
  const { entities } = await world.records(as).changes({ filter: {}, limit: 100 })
  expect(entities.find((each) => each.id === id)?.offers).toEqual(offers)
  return offers
}

/** A change in a state, in a world of its own. */
type Make = (world: ChangeWorld) => Promise<Change>
const plan: Make = async (world) => (await world.plans({ idempotencyKey: 'k1' }).plan(toggle(true))).value
const request: Make = async (world) =>
  (await world.changes({ idempotencyKey: 'k1' }).request(toggle(true))).value
const requestFor =
  (revertAfter: string): Make =>
  async (world) =>
    (await world.changes({ idempotencyKey: 'k1' }).request({ ...toggle(true), revertAfter })).value
const wait =
  (hours: number, make: Make): Make =>
  async (world) => {
    const made = await make(world)
    world.clock.advance(hours * HOUR_MS)
    return made
  }

describe('what may be done about', () => {
  it.each<[string, ChangeWorldOptions, Make, Partial<Record<Reader, Decidable[]>>]>([
    ['a plan', {}, plan, { 'whoever asked': ['apply', 'cancel'] }],
    ['a plan that has lapsed', {}, wait(30, plan), {}],
    ['a request', ON_TOGGLE, request, { 'whoever asked': ['cancel'], 'an approver': ['approve', 'reject'] }],
    ['a request that has lapsed', ON_TOGGLE, wait(9, request), {}],
    [
      'what is applied for good',
      {},
      request,
      {
        'whoever asked': ['undo'],
        'another operator': ['undo'],
        'an approver': ['undo'],
        'an approver whom the org file does not know': ['undo'],
      },
    ],
  ])('%s is told to whoever may', async (_, options, make, told) => {
    const world = await changeWorld(options)
    const { id } = await make(world)
    for (const reader of Object.keys(readers) as Reader[])
      expect([reader, await offersTo(world, reader, id)]).toEqual([reader, told[reader] ?? []])
  })

  it('what is taken back later is to move it, to end it, to keep it and to undo it, until that time has come', async () => {
    const world = await changeWorld()
    const { id } = await requestFor('PT1H')(world)
    expect(await offersTo(world, 'another operator', id)).toEqual(['extend', 'end', 'keep', 'undo'])
    world.clock.advance(2 * HOUR_MS)
    expect(await offersTo(world, 'another operator', id)).toEqual(['undo'])
  })

  it('what is undone is nothing about its end, which is refused, and while that waits for approval the end stands', async () => {
    const world = await changeWorld(ON_TOGGLE)
    const { id, digest } = await requestFor('PT1H')(world)
    await world.changes({ actor: BO, idempotencyKey: 'a1' }).approve(id, digest)
    const { value: undo } = await world.changes({ operation: 'undo', idempotencyKey: 'u1' }).undo(id)
    expect([undo.state, await offersTo(world, 'another operator', id)]).toEqual([
      'AWAITING_APPROVAL',
      ['extend', 'end', 'keep'],
    ])
    await world.changes({ actor: BO, idempotencyKey: 'a2' }).approve(undo.id, undo.digest)
    expect(await offersTo(world, 'another operator', id)).toEqual([])
    const refused = {
      code: 'change.state.conflict',
      message: `The change ${id} has been undone by ${undo.id}: nothing of it is left to go back; order it anew`,
    }
    await expect(world.changes({ operation: 'end', idempotencyKey: 'e1' }).end(id)).rejects.toMatchObject(
      refused,
    )
    const later = world.records({ idempotencyKey: 'e2' }).extend(id, { revertAfter: 'PT5H' })
    await expect(later).rejects.toMatchObject(refused)
  })

  it('what had no effect is to ask for it once more, until somebody has', async () => {
    const world = await changeWorld({ org: { toggles: 'current', users: 5 } })
    const { value } = await world.changes({ idempotencyKey: 'k1' }).request(toggle(false))
    expect([value.state, await offersTo(world, 'another operator', value.id)]).toEqual([
      'NO_EFFECT',
      ['retry'],
    ])
    const { value: again } = await world.plans({ idempotencyKey: 'k2', operation: 'retry' }).retry(value.id)
    await world.changes({ idempotencyKey: 'k3', operation: 'apply' }).apply(again.id, again.digest)
    expect(await offersTo(world, 'another operator', value.id)).toEqual([])
  })

  it('what came too late is to plan it again, but not what was to have gone back by now', async () => {
    const world = await changeWorld()
    const { value } = await world.plans().plan(toggle(true))
    const revertAt = new Date(world.clock.nowMs() + HOUR_MS).toISOString()
    const brief = await world.plans({ idempotencyKey: 'k2' }).plan({ ...toggle(true), revertAt })
    world.clock.advance(8 * HOUR_MS)
    await world.tick()
    expect(await offersTo(world, 'another operator', value.id)).toEqual(['retry'])
    expect(await offersTo(world, 'another operator', brief.value.id)).toEqual([])
    expect(await offersTo(world, 'a viewer', value.id)).toEqual([])
  })

  it('what nobody knows the outcome of is to look at it, once what was sent cannot land any more', async () => {
    const world = await changeWorld()
    world.org.addFaults([{ match: { method: 'POST' }, do: { reset: true } }])
    const { value } = await world.changes({ idempotencyKey: 'k1' }).request(toggle(true))
    expect(value.state).toBe('UNKNOWN')
    expect(await offersTo(world, 'another operator', value.id)).toEqual([])
    world.clock.advance(Date.parse(value.quietUntil ?? '') - world.clock.nowMs())
    expect(await offersTo(world, 'another operator', value.id)).toEqual(['settle'])
    const settled = await world
      .plans({ actor: CY, operation: 'settle', idempotencyKey: 's1' })
      .settle(value.id)
    expect(settled.value).not.toHaveProperty('quietUntil', expect.anything())
  })

  it('what asks that something stays is no undoing: it has switched nothing', async () => {
    const world = await changeWorld(ON_TOGGLE)
    const { id, digest } = await requestFor('PT1H')(world)
    await world.changes({ actor: BO, idempotencyKey: 'a1' }).approve(id, digest)
    const asked = await world.records({ idempotencyKey: 'e1' }).extend(id, { revertAfter: 'PT5H' })
    expect(asked.value.kind).toBe('extend')
    expect(await offersTo(world, 'an approver', asked.value.id)).toEqual(['approve', 'reject'])
    await world.changes({ actor: BO, idempotencyKey: 'a2' }).approve(asked.value.id, asked.value.digest)
    expect(await offersTo(world, 'an approver', asked.value.id)).toEqual([])
  })

  it('what would be carried out after its end is to turn it down alone', async () => {
    const world = await changeWorld({ ...ON_TOGGLE, policy: { approvalHours: 24 } })
    const revertAt = new Date(world.clock.nowMs() + HOUR_MS).toISOString()
    const { value } = await world.changes({ idempotencyKey: 'k1' }).request({ ...toggle(true), revertAt })
    world.clock.advance(HOUR_MS)
    expect(await offersTo(world, 'an approver', value.id)).toEqual(['reject'])
    await expect(
      world.changes({ actor: BO, idempotencyKey: 'a1' }).approve(value.id, value.digest),
    ).rejects.toMatchObject({ code: 'change.state.conflict' })
  })

  it('what a tool asks for is for its owner to turn down, and for others to approve', async () => {
    const world = await changeWorld({
      ...ON_TOGGLE,
      policy: { tools: { wfm: { owners: ['bo'], jwt: ['wfm'] } } },
    })
    const { value } = await world
      .changes({ actor: { kind: 'jwt', id: 'wfm' }, idempotencyKey: 'k1' })
      .request(toggle(true))
    expect(await offersTo(world, 'an approver', value.id)).toEqual(['reject'])
  })
})

it('every offer is taken by the ledger, and the answer says what may be done then', async () => {
  const world = await changeWorld(ON_TOGGLE)
  const { id, digest } = await request(world)
  const { value: approved } = await world
    .changes({ ...readers['an approver'], idempotencyKey: 'a1' })
    .approve(id, digest)
  expect([approved.state, approved.offers]).toEqual(['APPLIED', ['undo']])
  const { value: undone } = await world
    .changes({ ...readers['whoever asked'], idempotencyKey: 'u1' })
    .undo(id)
  expect([undone.state, undone.offers]).toEqual(['AWAITING_APPROVAL', ['cancel']])
  const { value: cancelled } = await world
    .records({ ...readers['whoever asked'], operation: 'cancel', idempotencyKey: 'c1' })
    .cancel(undone.id)
  expect([cancelled.state, cancelled.offers]).toEqual(['CANCELLED', []])
})

it('keeping calls the planned revert off, and it is offered no more', async () => {
  const world = await changeWorld()
  const { id } = await requestFor('PT1H')(world)
  const { value } = await world
    .records({ ...readers['another operator'], operation: 'cancel', idempotencyKey: 'c1' })
    .cancel(id)
  expect([value.state, value.offers]).toEqual(['APPLIED', ['undo']])
})

it('the count that is to be typed back is told to whoever may let it go ahead, and to nobody else', async () => {
  const world = await changeWorld()
  const all = Array.from({ length: 30 }, (_, index) => userAt(world, index))
  await byHand(world).assign?.({ assignments: giving(all).assignments })
  const { value } = await world.plans({ idempotencyKey: 'k1' }).plan(assigning(taking(all)))
  const asked = await world.records({ ...readers['whoever asked'], operation: 'read' }).change(value.id)
  expect([asked.offers, asked.needs]).toEqual([['apply', 'cancel'], { confirmPeople: asked.impact?.people }])
  const other = await world.records({ ...readers['another operator'], operation: 'read' }).change(value.id)
  expect(other.needs).toBeUndefined()
})

describe('over HTTP', () => {
  it('the role of the token decides what is offered, and a token without a subject may look', async () => {
    const world = await worldOfFunctions({ org: { users: 5, toggles: 'legacy' } })
    const { json } = await world.writer(putToggle)({
      pathParameters: { featureName: OFF },
      body: JSON.stringify({ enabled: true }),
    })
    const { id } = json as Change
    const get = world.recorder(getChange)
    const as = (authorizer: object) =>
      get({ pathParameters: { changeId: id }, requestContext: { requestId: 'r', authorizer } })
    expect((json as Change).offers).toEqual(['undo'])
    expect((await as({ role: 'operator', subject: 'x' })).json).toMatchObject({ offers: ['undo'] })
    expect((await as({ role: 'viewer', subject: 'x' })).json).toMatchObject({ offers: [] })
    expect((await as({ role: 'viewer' })).json).toMatchObject({ offers: [] })
  })
})

describe('a schedule', () => {
  it.each<[Reader, string[]]>([
    ['a viewer', []],
    ['whoever asked', ['delete']],
    ['another operator', ['delete']],
    ['an approver', ['approve', 'reject', 'delete']],
    ['an approver whom the org file does not know', ['delete']],
  ])('that awaits approval says what %s may do about it', async (reader, offers) => {
    const world = await changeWorld(ON_TOGGLE)
    const maker = { ...readers['whoever asked'], operation: 'createSchedule', idempotencyKey: 'k1' }
    const { value } = await new ScheduleMaker(world.bench(), schedulerForTests().scheduler, maker).create({
      rate: '1 day',
      change: toggle(true),
    })
    expect([value.state, value.offers]).toEqual(['AWAITING_APPROVAL', ['delete']])
    const records = world.records({ ...readers[reader], operation: 'approve', idempotencyKey: 'a1' })
    const { entities } = await records.schedules({ limit: 10 })
    expect([(await records.schedule(value.id)).offers, entities[0]?.offers]).toEqual([offers, offers])
    if (!offers.includes('approve')) return
    expect((await records.approveSchedule(value.id, value.digest)).value.offers).toEqual(['delete'])
  })
})
