/** Undo: a new change that restores exactly what one has touched, and leaves alone what somebody else has since. */

import { describe, expect, it } from 'vitest'
import { isTakenBack } from '../../../lib/changes/answers/offer-decisions.ts'
import { ChangeWriter } from '../../../lib/changes/change-writer.ts'
import {
  assigning,
  assignment,
  byHand,
  giving,
  hasWallboard,
  licensesOf,
  OFF,
  taking,
  toggle,
  userAt,
  WALLBOARD,
  withdrawing,
} from '../../support/changes/change-orders.ts'
import {
  ANA,
  allChanges,
  BO,
  type ChangeWorld,
  changeWorld,
  headerOf,
} from '../../support/changes/change-world.ts'

const undo = (world: ChangeWorld, changeId: string, idempotencyKey = 'u1') =>
  world.changes({ operation: 'undoChange', idempotencyKey }).undo(changeId)

describe('undoing', () => {
  it('a toggle switches it back, as a change of its own that names the first', async () => {
    const world = await changeWorld()
    const { value: first } = await world.changes().request(toggle(true))
    const { value } = await undo(world, first.id)
    expect(value).toMatchObject({
      state: 'APPLIED',
      undoes: first.id,
      before: { featureName: OFF, enabled: true },
      desired: { featureName: OFF, enabled: false },
    })
    expect(value.leftAlone).toBeUndefined()
    expect([world.posts(), world.org.truth().toggles[OFF]]).toEqual([2, false])
    expect((await headerOf(world, first.id)).state).toBe('APPLIED')
  })

  it('assignments restores what was touched, and no more than that', async () => {
    const world = await changeWorld()
    const [ana, ben, holder, eve] = [0, 1, 2, 4].map((index) => userAt(world, index))
    if (!ana || !ben || !holder || !eve) throw new Error('four people')
    const before = world.org.truth().users
    // The holder has it already, so the change does not touch that pair.
    const { value: first } = await world.changes().request(
      assigning({
        assignments: [assignment(WALLBOARD, [ana, ben, holder]), assignment('cloudCX3', [], [eve])],
      }),
    )
    await undo(world, first.id)
    expect(world.org.truth().users).toEqual(before)
  })

  it('leaves alone, and names, what somebody else has changed since', async () => {
    const world = await changeWorld()
    const [ana, ben] = [userAt(world, 0), userAt(world, 1)]
    const { value: first } = await world.changes().request(assigning(giving([ana, ben])))
    await byHand(world).assign(taking([ana]))
    const { value } = await undo(world, first.id)
    expect(value).toMatchObject({
      state: 'APPLIED',
      leftAlone: [{ licenseId: WALLBOARD, userId: ana }],
      results: [{ userId: ben, desired: false, outcome: 'applied' }],
    })
    expect([hasWallboard(world, ana), hasWallboard(world, ben)]).toEqual([false, false])
  })

  it('by a plan from before takes nothing that somebody else has asked for since', async () => {
    const world = await changeWorld()
    const [ana, ben] = [userAt(world, 0), userAt(world, 1)]
    const ask = (operation: string, actor = ANA) =>
      world.changes({ operation, actor, idempotencyKey: operation })
    const { value: first } = await ask('first').request(assigning(giving([ana, ben])))
    const inSlack = { platform: 'slack', teamId: 'T1', channelId: 'C1', userId: 'U1' } as const
    const { value: draft } = await world.plans({ operation: 'draft' }).undo(first.id, inSlack)
    world.clock.advance(60_000)
    const { value: again } = await ask('again', BO).request(assigning(giving([ana])))
    expect(again.state).toBe('NOOP')
    await expect(ask('apply').apply(draft.id, draft.digest)).rejects.toMatchObject({
      code: 'change.state.conflict',
      message: `Others have dealt with what the change ${draft.id} would take back since it was planned (${again.id}): undo ${first.id} anew, which leaves that alone`,
    })
    expect([hasWallboard(world, ana), hasWallboard(world, ben)]).toEqual([true, true])
    const { value: anew } = await world.plans({ operation: 'anew' }).undo(first.id, inSlack)
    expect(anew.leftAlone).toEqual([{ licenseId: WALLBOARD, userId: ana }])
    expect((await ask('apply anew').apply(anew.id, anew.digest)).value.state).toBe('APPLIED')
    expect([hasWallboard(world, ana), hasWallboard(world, ben)]).toEqual([true, false])
  })

  it('a change that was applied in part restores that part', async () => {
    const world = await changeWorld()
    const ana = userAt(world, 0)
    const assignments = [assignment(WALLBOARD, [ana]), assignment('noSuchLicense', [ana])]
    const { value: first } = await world.changes().request(assigning({ assignments }))
    expect(first.state).toBe('PARTIAL')
    const { value } = await undo(world, first.id)
    expect(value).toMatchObject({ state: 'APPLIED', results: [{ licenseId: WALLBOARD, outcome: 'applied' }] })
    expect(licensesOf(world, ana)).toEqual(['cloudCX2'])
  })

  it('an undo brings the first one back', async () => {
    const world = await changeWorld()
    const { value: first } = await world.changes().request(toggle(true))
    const { value: second } = await undo(world, first.id)
    const { value } = await undo(world, second.id, 'u2')
    expect(value).toMatchObject({ state: 'APPLIED', undoes: second.id, after: { enabled: true } })
  })
})

describe('whoever has something undone is told as of any plan', () => {
  it('what people would lack, and how many seats are taken', async () => {
    const world = await changeWorld({
      policy: { licenses: { [WALLBOARD]: { seats: 20 }, cloudCX1: { seats: 40 } } },
    })
    await world.read()
    const holder = userAt(world, 2)
    const assignments = [assignment(WALLBOARD, [], [holder]), assignment('cxCloudSF', [userAt(world, 3)])]
    const { value: first } = await world.changes().request(assigning({ assignments }))
    const { value: second } = await undo(world, first.id)
    const held = Object.values(world.org.truth().users).filter((each) => each.includes(WALLBOARD)).length
    expect(second.findings).toMatchObject({
      seats: [{ licenseId: WALLBOARD, after: held }, { licenseId: 'cxCloudSF' }],
    })
    const { value: third } = await undo(world, second.id, 'u2')
    expect(third.findings?.missingPrerequisites).toEqual([
      { licenseId: 'cxCloudSF', userId: userAt(world, 3), prerequisites: ['cloudCX1'] },
    ])
  })

  it('that the organization has a license no longer that it would give back', async () => {
    const world = await changeWorld()
    const { value: first } = await world.changes().request(assigning(taking([userAt(world, 2)])))
    const undoing = new ChangeWriter(withdrawing(world, WALLBOARD), {
      actor: ANA,
      operation: 'undoChange',
      idempotencyKey: 'u1',
    })
    await expect(undoing.undo(first.id)).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining(`The organization has no license ${WALLBOARD}`),
    })
    expect(await allChanges(world)).toHaveLength(1)
  })
})

describe('undoing twice', () => {
  it('with the same key is a replay', async () => {
    const world = await changeWorld()
    const { value: first } = await world.changes().request(toggle(true))
    const once = await undo(world, first.id)
    expect(await undo(world, first.id)).toEqual({ ...once, isReplay: true })
    expect([world.posts(), (await allChanges(world)).length]).toEqual([2, 2])
  })

  it.each(['toggle', 'assignments'] as const)(
    'a %s with another key is refused and told what has undone it, which the change says too',
    async (kind) => {
      const world = await changeWorld()
      const order = kind === 'toggle' ? toggle(true) : assigning(giving([userAt(world, 0)]))
      const { value: first } = await world.changes().request(order)
      const { value: second } = await undo(world, first.id)
      await expect(undo(world, first.id, 'u2')).rejects.toMatchObject({
        code: 'change.state.conflict',
        message: expect.stringContaining(`has been undone by ${second.id}`),
      })
      const shown = await world.records().change(first.id)
      expect(shown).toMatchObject({ state: 'APPLIED', undone: { by: second.id, state: 'APPLIED' } })
      expect(isTakenBack(shown)).toBe(true)
      expect(world.posts()).toBe(2)
    },
  )
})

describe('there is nothing to undo', () => {
  it.each([
    ['a plan', async (world: ChangeWorld) => world.plans().plan(toggle(true))],
    ['what was so already', async (world: ChangeWorld) => world.changes().request(toggle(false))],
  ])('of %s', async (_, make) => {
    const world = await changeWorld()
    const { value } = await make(world)
    await expect(undo(world, value.id)).rejects.toMatchObject({
      code: 'change.state.conflict',
      status: 409,
      message: expect.stringContaining('nothing of it to undo'),
      faults: [{ entityId: value.id }],
    })
  })

  it('of what had no effect', async () => {
    const world = await changeWorld({ org: { toggles: 'current' } })
    const { value } = await world.changes().request(toggle(false))
    await expect(undo(world, value.id)).rejects.toMatchObject({ status: 409 })
  })

  it('of an id that is not on record', async () => {
    const world = await changeWorld()
    await expect(undo(world, '0'.repeat(20))).rejects.toMatchObject({ code: 'not.found', status: 404 })
  })
})

it('an undo that the rules hold back awaits approval like any change', async () => {
  const world = await changeWorld({ approvals: [{ licenses: ['*'], peopleOver: 0 }] })
  const ana = userAt(world, 0)
  const { value: first } = await world.changes().request(assigning(giving([ana])))
  const approve = (changeId: string, digest: string) =>
    world.changes({ actor: BO, operation: 'approve', idempotencyKey: changeId }).approve(changeId, digest)
  await approve(first.id, first.digest)
  const { value } = await undo(world, first.id)
  expect([value.state, hasWallboard(world, ana)]).toEqual(['AWAITING_APPROVAL', true])
  await approve(value.id, value.digest)
  expect(hasWallboard(world, ana)).toBe(false)
})

it('a change that is still to be looked at again cannot be undone yet', async () => {
  const world = await changeWorld()
  world.org.addFaults([{ match: { method: 'POST' }, do: { applyThenReset: true } }])
  const { value: first } = await world.changes().request(toggle(true))
  await expect(undo(world, first.id)).rejects.toMatchObject({
    code: 'change.conflict',
    faults: [expect.objectContaining({ entityId: first.id })],
  })
  await world.rest()
  await expect(undo(world, first.id)).resolves.toMatchObject({ value: { state: 'APPLIED' } })
})
