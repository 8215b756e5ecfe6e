/** Plans: what would be changed, on record, and released by whoever confirms that very plan. */
import { describe, expect, it } from 'vitest'
import { ChangePlanner } from '../../../lib/changes/change-planner.ts'
import {
  assigning,
  assignment,
  byHand,
  giving,
  hasWallboard,
  licensesOf,
  NOBODY,
  OFF,
  taking,
  toggle,
  toldTypes,
  userAt,
  WALLBOARD,
  withdrawing,
} from '../../support/changes/change-orders.ts'
import {
  ANA,
  allChanges,
  type ChangeWorld,
  changeWorld,
  headerOf,
} from '../../support/changes/change-world.ts'

const HOUR_MS = 3_600_000
const PLAN = { operation: 'planChange', idempotencyKey: 'p1' }
const APPLY = { operation: 'applyChange', idempotencyKey: 'a1' }

/** By hand, whatever the person held before. */
async function holdJust(world: ChangeWorld, userId: string, licenses: readonly string[]): Promise<void> {
  const assignments = [
    ...licensesOf(world, userId).map((licenseId) => assignment(licenseId, [], [userId])),
    ...licenses.map((licenseId) => assignment(licenseId, [userId])),
  ]
  for (const each of assignments) await byHand(world).assign({ assignments: [each] })
}

describe('a plan', () => {
  it('shows before and after and sends nothing (D32)', async () => {
    const world = await changeWorld()
    const { value, isReplay } = await world.plans(PLAN).plan({ ...toggle(true), reason: 'go live' })
    expect(value).toMatchObject({
      state: 'PLANNED',
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      before: { featureName: OFF, enabled: false },
      desired: { featureName: OFF, enabled: true },
      reason: 'go live',
    })
    expect(value.after).toBeUndefined()
    expect([isReplay, world.posts()]).toEqual([false, 0])
    world.clock.advance(HOUR_MS)
    await world.tick()
    expect([(await headerOf(world, value.id)).state, world.posts()]).toEqual(['PLANNED', 0])
  })

  it('names what whoever confirms it should know', async () => {
    const world = await changeWorld()
    const [ana, cx1, upgraded, talker] = [0, 2, 6, 3].map((index) => userAt(world, index))
    if (!ana || !cx1 || !upgraded || !talker) throw new Error('four people')
    const { value } = await world.plans().plan(
      assigning({
        assignments: [
          assignment('cxCloudSF', [talker]),
          assignment('agentAssistLicense', [cx1]),
          assignment('cloudCX1', [], [upgraded]),
          assignment(WALLBOARD, [cx1, NOBODY]),
          assignment('collaborate', [], [ana]),
        ],
      }),
    )
    expect(value.findings).toEqual({
      noOps: [
        { licenseId: 'collaborate', userId: ana },
        { licenseId: WALLBOARD, userId: cx1 },
      ],
      missingPrerequisites: [{ userId: talker, licenseId: 'cxCloudSF', prerequisites: ['cloudCX1'] }],
      contradictions: [{ userId: upgraded, licenseId: 'cloudCX1', neededBy: ['gc1WEMupgrade'] }],
      overlaps: [],
      unknownUsers: [NOBODY],
      // Nobody has read this org.
      changedOutside: { isKnown: false, people: [] },
    })
  })

  it('names those who have left and would be given a license, as the directory has them now', async () => {
    const world = await changeWorld()
    const [ana, idle, gone, holding] = [0, 5, 6, 2].map((index) => userAt(world, index))
    if (!ana || !idle || !gone || !holding) throw new Error('four people')
    // The newest reading is older than what has become of them.
    await world.read()
    world.org.movePeople([
      { id: idle, state: 'inactive' },
      { id: gone, state: 'deleted' },
      { id: holding, state: 'inactive', keepsLicenses: true },
    ])
    expect(licensesOf(world, holding)).toContain(WALLBOARD)
    const planned = async (userIds: string[], operation: string) =>
      (await world.plans({ operation }).plan(assigning(giving(userIds)))).value.findings?.notActive
    expect(await planned([ana, idle, gone, holding], 'of several')).toEqual(
      [
        { userId: gone, licenseId: WALLBOARD, state: 'deleted' },
        { userId: idle, licenseId: WALLBOARD, state: 'inactive' },
      ].sort((one, other) => (one.userId < other.userId ? -1 : 1)),
    )
    const before = world.org.requests().length
    expect(await planned([idle], 'of one')).toEqual([
      { userId: idle, licenseId: WALLBOARD, state: 'inactive' },
    ])
    const asked = world.org
      .requests()
      .slice(before)
      .map(({ path }) => path.split('?')[0])
    // No more than a plan of one person reads in any case: what they hold, the definitions, who they are, and namesakes.
    expect(asked).toEqual([
      '/api/v2/license/users',
      '/api/v2/license/definitions',
      '/api/v2/users',
      '/api/v2/users/search',
    ])
    expect(await planned([ana], 'of one who is active')).toBeUndefined()
    const { value: taken } = await world.plans({ operation: 'take' }).plan(assigning(taking([holding])))
    expect(taken.findings?.notActive).toBeUndefined()
  })

  it('finds nothing missing or needed where a license held comprises it, however deep', async () => {
    const world = await changeWorld()
    const agent = userAt(world, 7)
    await holdJust(world, agent, ['cloudCX3', 'cloudCX1'])
    const { value: given } = await world.plans().plan(assigning(giving([agent], 'agentAssistLicense')))
    expect(given.findings?.missingPrerequisites).toEqual([])
    await byHand(world).assign(giving([agent], 'agentAssistLicense'))
    const { value: taken } = await world.plans().plan(assigning(taking([agent], 'cloudCX1')))
    expect(taken.findings?.contradictions).toEqual([])
    // With nothing above it, it is missed.
    const both = [assignment('cloudCX1', [], [agent]), assignment('cloudCX3', [], [agent])]
    const { value: bare } = await world.plans().plan(assigning({ assignments: both }))
    expect(bare.findings?.contradictions).toEqual([
      { userId: agent, licenseId: 'cloudCX1', neededBy: ['agentAssistLicense'] },
    ])
  })

  it('names both licenses where one to give comprises one that is held, or is comprised by it', async () => {
    const world = await changeWorld()
    const [low, high] = [userAt(world, 7), userAt(world, 8)]
    await holdJust(world, low, ['cloudCX1'])
    await holdJust(world, high, ['cloudCX3'])
    const overlapsOf = async (assignments: ReturnType<typeof assignment>[]) =>
      (await world.plans().plan(assigning({ assignments }))).value.findings?.overlaps.map((each) => ({
        ...each,
        comprises: each.comprises.filter((id) => id.startsWith('cloudCX')),
      }))
    expect(await overlapsOf([assignment('cloudCX3', [low]), assignment('cloudCX2', [high])])).toEqual([
      { userId: high, licenseId: 'cloudCX2', comprises: [], comprisedBy: ['cloudCX3'] },
      { userId: low, licenseId: 'cloudCX3', comprises: ['cloudCX1'], comprisedBy: [] },
    ])
    // Who moves up gives the lower one back.
    const upgrade = [assignment('cloudCX3', [low]), assignment('cloudCX1', [], [low])]
    expect((await overlapsOf(upgrade))?.flatMap(({ comprises }) => comprises)).toEqual([])
    // What is held already is not given.
    expect(await overlapsOf([assignment('cloudCX1', [low])])).toEqual([])
  })

  it.each([
    ['cloudcx3', 'did you mean cloudCX3?'],
    ['cloudCX33', 'did you mean cloudCX3?'],
    ['walboardUser', 'did you mean wallboardUser?'],
    ['nothingLikeIt', 'GET /api/v2/license/definitions lists those it has'],
  ])(
    'of the license %s, which the org does not have, is refused, and nothing is on record',
    async (id, next) => {
      const world = await changeWorld()
      const assignments = [assignment(id, [userAt(world, 0)]), assignment(WALLBOARD, [userAt(world, 1)])]
      await expect(world.plans().plan(assigning({ assignments }))).rejects.toMatchObject({
        code: 'bad.request',
        status: 400,
        message: `The organization has no license ${id}: ${next}`,
        faults: [{ fieldName: 'assignments.0.licenseId', entityId: id }],
      })
      expect(await allChanges(world)).toEqual([])
    },
  )

  it('takes away a license that the org has no more, from those who still hold it', async () => {
    const world = await changeWorld()
    const holder = userAt(world, 2)
    expect(hasWallboard(world, holder)).toBe(true)
    const withdrawn = withdrawing(world, WALLBOARD)
    const planning = (idempotencyKey: string) =>
      new ChangePlanner(withdrawn, { actor: ANA, operation: 'createChange', idempotencyKey })
    const { value } = await planning('take').plan(assigning(taking([holder])))
    expect(value.state).toBe('PLANNED')
    await expect(planning('give').plan(assigning(giving([userAt(world, 0)])))).rejects.toMatchObject({
      status: 400,
    })
  })

  it('finds nothing missing where the same plan brings it along', async () => {
    const world = await changeWorld()
    const talker = userAt(world, 3)
    const { value } = await world
      .plans()
      .plan(assigning({ assignments: [assignment('cxCloudSF', [talker]), assignment('cloudCX1', [talker])] }))
    expect(value.findings?.missingPrerequisites).toEqual([])
  })

  it('asked for again with the same key is the same plan', async () => {
    const world = await changeWorld()
    const first = await world.plans(PLAN).plan(toggle(true))
    expect(await world.plans(PLAN).plan(toggle(true))).toEqual({ ...first, isReplay: true })
    await expect(world.plans(PLAN).plan(toggle(false))).rejects.toMatchObject({ status: 422 })
    expect(await allChanges(world)).toHaveLength(1)
  })

  it('lapses after eight hours, without a word', async () => {
    const world = await changeWorld()
    const { value } = await world.plans().plan(toggle(true))
    world.clock.advance(8 * HOUR_MS)
    await world.tick()
    expect([(await headerOf(world, value.id)).state, world.told]).toEqual(['EXPIRED', []])
    await expect(world.changes(APPLY).apply(value.id, value.digest)).rejects.toMatchObject({
      code: 'change.state.conflict',
      message: expect.stringContaining('plan it again'),
    })
  })

  it('two of the same have different ids and one digest, and another reading another digest', async () => {
    const world = await changeWorld()
    const plan = async () => (await world.plans().plan(toggle(true))).value
    const [first, second] = [await plan(), await plan()]
    await byHand(world).press()
    const third = await plan()
    expect(second.id).not.toBe(first.id)
    expect([second.digest === first.digest, third.digest === first.digest]).toEqual([true, false])
  })
})

describe('applying a plan', () => {
  it('carries it out, once', async () => {
    const world = await changeWorld()
    const { value: plan } = await world.plans(PLAN).plan(toggle(true))
    const first = await world.changes(APPLY).apply(plan.id, plan.digest)
    expect(first).toMatchObject({
      value: { id: plan.id, state: 'APPLIED', after: { enabled: true } },
      isReplay: false,
    })
    for (const idempotencyKey of ['a1', 'a2']) {
      const again = await world.changes({ ...APPLY, idempotencyKey }).apply(plan.id, plan.digest)
      expect(again).toEqual({ ...first, isReplay: true })
    }
    expect([world.posts(), toldTypes(world)]).toEqual([1, ['License Change Applied']])
  })

  it('names the very plan', async () => {
    const world = await changeWorld()
    const { value: plan } = await world.plans().plan(toggle(true))
    await expect(world.changes(APPLY).apply(plan.id, '0'.repeat(64))).rejects.toMatchObject({
      code: 'change.digest.mismatch',
      status: 409,
      faults: [
        { fieldName: 'digest', errorCode: 'DIGEST_MISMATCH', entityId: plan.id },
        { fieldName: 'changeId', entityId: plan.id },
      ],
    })
    expect((await headerOf(world, plan.id)).state).toBe('PLANNED')
    await expect(world.changes(APPLY).apply(plan.id, plan.digest)).resolves.toMatchObject({
      value: { state: 'APPLIED' },
    })
    await expect(world.changes(APPLY).apply(plan.id, '0'.repeat(64))).rejects.toMatchObject({ status: 422 })
  })

  it('of an unknown id is 404', async () => {
    const world = await changeWorld()
    await expect(world.changes(APPLY).apply('0'.repeat(20), '0'.repeat(64))).rejects.toMatchObject({
      status: 404,
    })
  })

  it('(D34) sends only what is still unlike desired', async () => {
    const world = await changeWorld()
    const [ana, ben] = [userAt(world, 0), userAt(world, 1)]
    const { value: plan } = await world.plans().plan(assigning(giving([ana, ben])))
    await byHand(world).assign(giving([ana]))
    const { value } = await world.changes(APPLY).apply(plan.id, plan.digest)
    expect(value.state).toBe('APPLIED')
    const outcomes = [ana, ben].map((each) => value.results?.find(({ userId }) => userId === each)?.outcome)
    expect(outcomes).toEqual(['unchanged', 'applied'])
  })

  it('(D34) sends nothing that the plan did not show: where somebody undid what held already, SUPERSEDED', async () => {
    const world = await changeWorld()
    const [ana, holder] = [userAt(world, 0), userAt(world, 2)]
    const { value: plan } = await world.plans().plan(assigning(giving([ana, holder])))
    expect(plan.findings?.noOps).toEqual([{ licenseId: WALLBOARD, userId: holder }])
    await byHand(world).assign(taking([holder]))
    const { value } = await world.changes(APPLY).apply(plan.id, plan.digest)
    expect(value.state).toBe('SUPERSEDED')
    expect(value.history.at(-1)?.note).toContain('plan again')
    await world.rest()
    expect([hasWallboard(world, ana), hasWallboard(world, holder)]).toEqual([false, false])
    expect(toldTypes(world)).toEqual(['License Change Superseded'])
  })

  it('of a plan that became true by itself is NOOP, and not told', async () => {
    const world = await changeWorld()
    const { value: plan } = await world.plans().plan(toggle(true))
    await byHand(world).press()
    const { value } = await world.changes(APPLY).apply(plan.id, plan.digest)
    expect([value.state, world.told]).toEqual(['NOOP', []])
  })
})

describe('cancelling', () => {
  it('a plan ends it, again and again, and it cannot be applied', async () => {
    const world = await changeWorld()
    const { value: plan } = await world.plans().plan(toggle(true))
    const cancel = (idempotencyKey: string) =>
      world.records({ operation: 'cancelChange', idempotencyKey }).cancel(plan.id)
    const first = await cancel('c1')
    expect(first).toMatchObject({ value: { state: 'CANCELLED' }, isReplay: false })
    expect([await cancel('c1'), await cancel('c2')]).toEqual([1, 2].map(() => ({ ...first, isReplay: true })))
    await expect(world.changes(APPLY).apply(plan.id, plan.digest)).rejects.toMatchObject({ status: 409 })
    await world.rest()
    expect([world.posts(), world.told]).toEqual([0, []])
  })

  it('a draft alone leaves what was applied meanwhile as it is, the end that it has too', async () => {
    const world = await changeWorld()
    const draft = (idempotencyKey: string) => world.records({ operation: 'cancelChange', idempotencyKey })
    const { value: plan } = await world.plans().plan(toggle(true))
    expect((await draft('c1').cancel(plan.id, { isDraft: true })).value.state).toBe('CANCELLED')
    const { value: other } = await world
      .plans({ idempotencyKey: 'b' })
      .plan({ ...toggle(true), revertAfter: 'PT1H' })
    expect((await world.changes(APPLY).apply(other.id, other.digest)).value.state).toBe('APPLIED')
    await expect(draft('c2').cancel(other.id, { isDraft: true })).rejects.toMatchObject({
      code: 'change.state.conflict',
      message: expect.stringContaining('no draft any more'),
    })
    const kept = await world.records().change(other.id)
    expect(kept.revert).toMatchObject({ dueAt: expect.any(String) })
    expect(kept.revert).not.toHaveProperty('isCancelled', true)
  })

  it('what was applied comes too late', async () => {
    const world = await changeWorld()
    const { value } = await world.changes().request(toggle(true))
    await expect(world.records().cancel(value.id)).rejects.toMatchObject({
      code: 'change.state.conflict',
      status: 409,
      message: expect.stringContaining('undo'),
    })
  })

  it('what is sent comes too late', async () => {
    const world = await changeWorld()
    world.org.addFaults([{ match: { method: 'POST' }, do: { reset: true } }])
    const { value } = await world.changes().request(toggle(true))
    await expect(world.records().cancel(value.id)).rejects.toMatchObject({ code: 'change.state.conflict' })
  })
})
