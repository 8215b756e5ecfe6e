/** Who counts as having asked, who may ask for what needs approval, and what an approval is bound to. */
import { describe, expect, it } from 'vitest'
import type { Policy } from '../../../lib/changes/model/policy.ts'
import { planExpired } from '../../../lib/changes/plan/record-proposal.ts'
import { ScheduleMaker } from '../../../lib/changes/schedule-maker.ts'
import { giving, OFF, ON, schedulerForTests, toggle, userAt } from '../../support/changes/change-orders.ts'
import {
  ANA,
  allChanges,
  BO,
  type ChangeWorld,
  changeWorld,
  headerOf,
  PEOPLE,
} from '../../support/changes/change-world.ts'

const EVE = { kind: 'jwt', id: 'eve' } as const
const CY = { kind: 'jwt', id: 'cy' } as const
const PLANNER = { kind: 'event', id: 'workforce.planning' } as const
const RULES = [{ toggles: [OFF] }, { licenses: ['*'] }]
const policy: Partial<Policy> = {
  people: { ...PEOPLE, cy: { role: 'approver', jwt: ['cy'] } },
  tools: {
    planner: { owners: ['bo'], eventSources: ['workforce.planning'], iam: ['arn:aws:iam::1:role/planner'] },
    orphan: { jwt: ['orphan'] },
  },
}
const guarded = () => changeWorld({ approvals: RULES, policy })
const IN_SLACK = { platform: 'slack', teamId: 'T1', channelId: 'C1', userId: 'U1' } as const
const approve = (world: ChangeWorld, actor: typeof BO, { id, digest }: { id: string; digest: string }) =>
  world.changes({ actor, operation: 'approve', idempotencyKey: `${actor.id}-${id}` }).approve(id, digest)

const soon = ({ clock }: ChangeWorld) => ({ latestMs: clock.nowMs() + 60_000, askedAtMs: clock.nowMs() })

describe('whoever nobody knows', () => {
  it.each([
    ['a token', EVE, /token subject eve .* people|token subject eve .*jwt of a person or a tool/],
    [
      'a session of a role',
      { kind: 'iam', id: 'arn:aws:sts::1:assumed-role/ops/x' },
      /IAM principal arn:aws:sts/,
    ],
    [
      'an event',
      { kind: 'event', id: 'local-operator' },
      /event source local-operator .*eventSources of a tool/,
    ],
    ['a schedule', { kind: 'schedule', id: '0'.repeat(20) }, /whoever made the schedule/],
  ] as const)('is refused where approval is needed, and told what to add: %s', async (_, actor, said) => {
    const world = await guarded()
    const port = () => world.changes({ actor, idempotencyKey: 'k1' })
    for (const ask of [
      () => port().request(toggle(true)),
      () => port().switchToggle(OFF),
      () => world.changes({ actor }).switchToggle(OFF),
      () => port().assign(giving([userAt(world, 0)])),
      () => port().deliver(toggle(true), soon(world)),
      () => world.plans({ actor, idempotencyKey: 'k2' }).plan(toggle(true)),
      () => world.plans({ actor, idempotencyKey: 'k3' }).plan(toggle(true), IN_SLACK),
      () =>
        new ScheduleMaker(world.bench(), schedulerForTests().scheduler, {
          actor,
          operation: 'createSchedule',
          idempotencyKey: 's1',
        }).create({ at: '2026-11-15T13:00', change: toggle(true) }),
    ]) {
      await expect(ask()).rejects.toMatchObject({
        code: 'change.requester.refused',
        status: 403,
        message: expect.stringMatching(said),
      })
    }
    expect([world.posts(), await allChanges(world)]).toEqual([0, []])
    expect((await world.records().schedules({ limit: 10 })).entities).toEqual([])
  })

  it('asks as before where none is needed', async () => {
    const world = await guarded()
    const { value } = await world.changes({ actor: EVE, idempotencyKey: 'k1' }).request({
      kind: 'toggle',
      featureName: ON,
      enabled: false,
    })
    expect(value).toMatchObject({ state: 'APPLIED', actor: { kind: 'jwt', id: 'eve' } })
  })

  it('does not submit what needs approval, either', async () => {
    const world = await guarded()
    const { value: draft } = await world.plans({ idempotencyKey: 'p1' }).plan(toggle(true), IN_SLACK)
    await expect(
      world.changes({ actor: EVE, operation: 'apply', idempotencyKey: 'a1' }).apply(draft.id, draft.digest),
    ).rejects.toMatchObject({ code: 'change.requester.refused' })
    expect((await headerOf(world, draft.id)).state).toBe('PLANNED')
  })

  it('is named in a sentence of bounded length', async () => {
    const world = await guarded()
    const actor = { kind: 'event', id: 'x'.repeat(256) } as const
    const asking = world.changes({ actor, idempotencyKey: 'k1' }).request(toggle(true))
    await expect(asking).rejects.toMatchObject({
      message: expect.stringContaining(`${'x'.repeat(128)}… is no person`),
    })
  })

  it('who asked when it took no approval and is known by now cannot approve their own', async () => {
    const world = await changeWorld({ approvals: RULES, policy: { tools: { old: { jwt: ['eve'] } } } })
    const { value } = await world.changes({ actor: EVE, idempotencyKey: 'k1' }).request(toggle(true))
    const people = { ...PEOPLE, eve: { role: 'approver' as const, jwt: ['eve'], slack: ['UEVE'] } }
    const later = world.bench({ policy: { approvals: RULES, people } })
    const caller = {
      actor: { kind: 'slack', id: 'UEVE' },
      operation: 'approve',
      idempotencyKey: 'd1',
    } as const
    await expect(world.changes(caller, later).approve(value.id, value.digest)).rejects.toMatchObject({
      code: 'change.approver.refused',
    })
  })
})

describe('a tool', () => {
  it('asks, is named, and is approved by whoever is none of its owners', async () => {
    const world = await guarded()
    await world.changes({ actor: PLANNER, idempotencyKey: 'e1' }).deliver(toggle(true), soon(world))
    const [asked] = await allChanges(world)
    if (!asked) throw new Error('nothing was asked')
    expect(asked).toMatchObject({ state: 'AWAITING_APPROVAL', actor: { ...PLANNER, tool: 'planner' } })
    expect(asked.history[0]?.by).toBe('planner')
    const { entities } = await world.records().changes({ filter: { actor: 'planner' }, limit: 5 })
    expect(entities).toMatchObject([{ id: asked.id, actor: { tool: 'planner' } }])
    await expect(approve(world, BO, asked)).rejects.toMatchObject({
      code: 'change.approver.refused',
      message: expect.stringContaining('owner of planner'),
    })
    expect((await approve(world, CY, asked)).value.state).toBe('APPLIED')
  })

  it('approves nothing, by any of its identities', async () => {
    const world = await guarded()
    const { value } = await world.changes({ idempotencyKey: 'k1' }).request(toggle(true))
    const session = { kind: 'iam', id: 'arn:aws:sts::1:assumed-role/planner/x' } as const
    for (const actor of [session, { kind: 'jwt', id: 'orphan' }] as const) {
      await expect(approve(world, actor, value)).rejects.toMatchObject({ code: 'change.approver.refused' })
    }
  })

  it('that nobody is known to keep is said to be so where it is approved', async () => {
    const world = await guarded()
    const { value } = await world
      .changes({ actor: { kind: 'jwt', id: 'orphan' }, idempotencyKey: 'k1' })
      .request(toggle(true))
    expect(value.approval?.because).toEqual([
      `A second person must approve changes of the toggle ${OFF}`,
      'Nobody is known to keep the tool orphan, which asks for it',
    ])
  })
})

describe('whoever submits a plan', () => {
  it('has asked for it too, and neither approves', async () => {
    const world = await guarded()
    const { value: draft } = await world.plans({ idempotencyKey: 'p1' }).plan(toggle(true), IN_SLACK)
    const { value } = await world
      .changes({ actor: BO, operation: 'apply', idempotencyKey: 'a1' })
      .apply(draft.id, draft.digest)
    expect(value).toMatchObject({
      state: 'AWAITING_APPROVAL',
      actor: { id: 'ana' },
      askers: [{ person: 'bo' }],
    })
    for (const actor of [ANA, BO]) {
      await expect(approve(world, actor, draft)).rejects.toMatchObject({ code: 'change.approver.refused' })
    }
    expect((await approve(world, CY, draft)).value.state).toBe('APPLIED')
  })

  it('asks the rules of that day: a plan from before them waits, and is not for whoever nobody knows', async () => {
    const world = await changeWorld({ policy })
    const { value: plan } = await world.plans({ idempotencyKey: 'p1' }).plan(toggle(true))
    const { policy: before } = world.bench()
    const ruled = () => world.bench({ policy: { ...before, approvals: RULES } })
    const submit = (actor: typeof BO) =>
      world
        .changes({ actor, operation: 'apply', idempotencyKey: `a-${actor.id}` }, ruled())
        .apply(plan.id, plan.digest)
    await expect(submit(EVE)).rejects.toMatchObject({ code: 'change.requester.refused' })
    expect((await submit(BO)).value).toMatchObject({
      state: 'AWAITING_APPROVAL',
      approval: { because: [`A second person must approve changes of the toggle ${OFF}`] },
    })
    await expect(approve(world, BO, plan)).rejects.toMatchObject({ code: 'change.approver.refused' })
    expect((await approve(world, CY, plan)).value.state).toBe('APPLIED')
  })

  it('is on record for a plan that needs no approval, and is not listed twice', async () => {
    const world = await changeWorld()
    const { value: own } = await world.plans({ idempotencyKey: 'p1' }).plan(toggle(true))
    expect(
      (await world.changes({ idempotencyKey: 'a1' }).apply(own.id, own.digest)).value.askers,
    ).toBeUndefined()
    const { value: other } = await world.plans({ idempotencyKey: 'p2' }).plan(toggle(false))
    const applied = await world.changes({ actor: BO, idempotencyKey: 'a2' }).apply(other.id, other.digest)
    expect(applied.value.askers).toEqual([{ ...BO, person: 'bo' }])
  })
})

describe('the digest', () => {
  const HOUR = '2026-11-15T13:00:00Z'
  const LATER = '2026-11-15T14:00:00Z'
  const digestOf = async (
    world: ChangeWorld,
    order: Parameters<ReturnType<ChangeWorld['plans']>['plan']>[0],
  ) => (await world.plans().plan(order)).value.digest

  it.each([
    ['when it is taken back', { revertAt: HOUR }, { revertAt: LATER }],
    ['that it is taken back', {}, { revertAfter: 'PT1H' }],
    ['how long it lasts', { revertAfter: 'PT1H' }, { revertAfter: 'PT2H' }],
    ['when it begins', { notBefore: HOUR }, { notBefore: LATER }],
    ['that it begins later', {}, { notBefore: HOUR }],
    ['when it lapses', { notAfter: HOUR }, { notAfter: LATER }],
    ['that it lapses', {}, { notAfter: HOUR }],
  ])('binds %s', async (_, one, other) => {
    const world = await changeWorld()
    const [first, second] = [
      await digestOf(world, { ...toggle(true), ...one }),
      await digestOf(world, { ...toggle(true), ...other }),
    ]
    expect(first).not.toBe(second)
  })

  it('binds the value that is desired, and of what', async () => {
    const world = await changeWorld()
    const digests = await Promise.all(
      [toggle(true), toggle(false), { ...toggle(true), featureName: ON }].map((order) =>
        digestOf(world, order),
      ),
    )
    expect(new Set(digests).size).toBe(3)
  })

  it('binds the kind, what is taken back, and what is extended, whatever the targets are', async () => {
    const world = await changeWorld()
    const common = {
      id: '0'.repeat(20),
      actor: { ...ANA, person: 'ana' },
      kind: 'toggle',
      targets: [],
      subject: { featureName: OFF, enabled: true },
      requestDigest: '',
      isReleased: true,
    } as const
    const [one, other] = ['1'.repeat(20), '2'.repeat(20)] as const
    const digests = [
      common,
      { ...common, kind: 'assignments' as const },
      ...[one, other].flatMap((id) => [
        { ...common, undoes: id },
        { ...common, extends: id },
      ]),
    ].map((proposal) => planExpired(world.bench(), proposal).header.digest)
    expect(new Set(digests).size).toBe(6)
  })

  it('of a request to extend is another than that of what it extends, and of another’s', async () => {
    const world = await changeWorld({ approvals: [{ toggles: [OFF] }], policy })
    const digests: string[] = []
    for (const nth of [1, 2]) {
      const { value } = await world
        .changes({ idempotencyKey: `k${nth}` })
        .request({ ...toggle(nth === 1), revertAfter: 'PT8H' })
      await approve(world, BO, value)
      digests.push(value.digest)
      const request = await world.records({ idempotencyKey: `c${nth}` }).cancel(value.id)
      expect(request.value.kind).toBe('extend')
      digests.push(request.value.digest)
    }
    expect(new Set(digests).size).toBe(4)
  })
})

it('a decision’s key is its caller’s: the same key of another person is another decision', async () => {
  const world = await guarded()
  const { value } = await world.changes({ idempotencyKey: 'k1' }).request(toggle(true))
  const decide = (actor: typeof BO) =>
    world.changes({ actor, operation: 'approve', idempotencyKey: 'the-same' }).approve(value.id, value.digest)
  expect((await decide(BO)).isReplay).toBe(false)
  await expect(decide(CY)).rejects.toMatchObject({
    code: 'change.state.conflict',
    message: expect.stringContaining('bo has approved'),
  })
  // Nor is the requester told that they have approved it themselves.
  await expect(decide(ANA)).rejects.toMatchObject({ code: 'change.state.conflict' })
})
