/** A list is undone once at a time, whoever asks and however, and its record says so. */
import { beforeEach, expect, test } from 'vitest'
import { type Decider, offerDecisions } from '../../../../lib/changes/answers/offer-decisions.ts'
import type { Asked } from '../../../../lib/changes/model/header.ts'
import { assigning, giving, hasWallboard } from '../../../support/changes/change-orders.ts'
import { ANA, BO, type ChangeWorld, changeWorld } from '../../../support/changes/change-world.ts'

const USERS = 600
const OPERATOR: Decider = { role: 'operator', actor: ANA }
const SLACK: Asked = { platform: 'slack', teamId: 'T1', channelId: 'C1', userId: 'U1' }

let keys = 0
const keyed = (operation: string) => ({ operation, idempotencyKey: `${operation}-${++keys}` })
const byBo = (operation: string) => ({ ...keyed(operation), actor: BO })

beforeEach(() => {
  keys = 0
})

interface UndoWorld extends ChangeWorld {
  readonly id: string
  /** Whom the list has given it. */
  readonly given: readonly string[]
  readonly held: () => number
  readonly draft: () => ReturnType<ReturnType<ChangeWorld['plans']>['undo']>
  readonly asked: () => ReturnType<ReturnType<ChangeWorld['changes']>['undo']>
  readonly standing: () => ReturnType<ReturnType<ChangeWorld['records']>['change']>
}

/** A list that has given all it was to give. */
async function undoWorld(options: Parameters<typeof changeWorld>[0] = {}): Promise<UndoWorld> {
  const world = await changeWorld({ ...options, org: { users: USERS } })
  const ids = world.org.people(USERS).map(({ id }) => id)
  const given = ids.filter((id) => !hasWallboard(world, id))
  const { value: plan } = await world
    .plans(keyed('plan'))
    .plan({ ...assigning(giving(ids)), reason: 'Pilot' })
  if (plan.state === 'AWAITING_APPROVAL') await world.changes(byBo('approve')).approve(plan.id, plan.digest)
  else await world.changes(keyed('apply')).apply(plan.id, plan.digest)
  await world.takeTurns()
  return {
    ...world,
    id: plan.id,
    given,
    held: () => given.filter((id) => hasWallboard(world, id)).length,
    draft: () => world.plans(keyed('draft')).undo(plan.id, SLACK),
    asked: () => world.changes(keyed('undo')).undo(plan.id, { confirmPeople: given.length }),
    standing: () => world.records().change(plan.id),
  }
}

const conflict = (message: string) => ({ code: 'change.state.conflict', message })

test('of two drafts of its undoing one is let go ahead, and then neither the other nor a third', async () => {
  const world = await undoWorld()
  const { id, given } = world
  const overHttp = world.changes(keyed('draft')).undo(id, { isDraft: true })
  const [{ value: first }, { value: second }] = [await overHttp, await world.draft()]
  const { undoneBy, undone } = await world.standing()
  expect({ undoneBy, undone }).toEqual({})
  await world.changes(keyed('apply')).apply(first.id, first.digest, given.length)
  await world.takeTurns(1)
  const refused = conflict(
    `The change ${id} is being undone by ${first.id}, which is RUNNING: go on with that one`,
  )
  const late = () => world.changes(keyed('apply')).apply(second.id, second.digest, given.length)
  await expect(late()).rejects.toMatchObject(refused)
  await expect(world.asked()).rejects.toMatchObject(refused)
  expect(await world.standing()).toMatchObject({
    undoneBy: first.id,
    undone: { by: first.id, state: 'RUNNING' },
  })
  // Called off halfway it is undone in part, and the rest can be asked for.
  await world.records(keyed('cancel')).cancel(first.id)
  await world.takeTurns()
  expect((await world.standing()).undone).toEqual({ by: first.id, state: 'PARTIAL', isInPart: true })
  await expect(late()).rejects.toMatchObject({
    message: expect.stringContaining(
      `The change ${id} has been undone by ${first.id} since this was planned`,
    ),
  })
  const { value: rest } = await world.changes(keyed('undo')).undo(id, { confirmPeople: world.held() })
  await world.takeTurns()
  expect([rest.undoes, world.held()]).toEqual([id, 0])
  expect((await world.standing()).undone).toEqual({ by: rest.id, state: 'APPLIED' })
})

test('what waits for an approver is the one undo there is, and one that is rejected has undone nothing', async () => {
  const world = await undoWorld({ approvals: [{ peopleOver: 100 }] })
  const { id, given } = world
  const [{ value: first }, { value: second }] = [await world.draft(), await world.draft()]
  await world.changes(keyed('apply')).apply(first.id, first.digest, given.length)
  const refused = conflict(
    `The change ${id} is being undone by ${first.id}, which is AWAITING_APPROVAL: go on with that one`,
  )
  expect(await world.standing()).toMatchObject({
    undoneBy: first.id,
    undone: { by: first.id, state: 'AWAITING_APPROVAL' },
  })
  expect(offerDecisions(await world.standing(), OPERATOR, world.clock.nowMs())).not.toContain('undo')
  await expect(world.asked()).rejects.toMatchObject(refused)
  await expect(
    world.changes(keyed('apply')).apply(second.id, second.digest, given.length),
  ).rejects.toMatchObject(refused)
  await world.records(byBo('reject')).reject(first.id)
  const rejected = await world.standing()
  expect([rejected.undoneBy, rejected.undone]).toEqual([undefined, undefined])
  const { value: third } = await world.asked()
  await world.changes(byBo('approve')).approve(third.id, third.digest, given.length)
  await world.takeTurns()
  expect(world.held()).toBe(0)
  const { entities } = await world.records().changes({ filter: {}, limit: 10 })
  expect(entities.find((each) => each.id === id)).toMatchObject({
    undoneBy: third.id,
    undone: { by: third.id, state: 'APPLIED' },
  })
})

test('what was given anew since is not taken by a draft from before, and another undo says what has become of it', async () => {
  const world = await undoWorld()
  const { id, given } = world
  const { value: draft } = await world.draft()
  const { value: undo } = await world.asked()
  await world.takeTurns()
  const [takenBack, part] = (await world.records().changes({ filter: { userId: given[0] ?? '' }, limit: 2 }))
    .entities
  expect(takenBack).toMatchObject({ undoes: id, partOf: { changeId: undo.id } })
  expect(part).toMatchObject({ reason: 'Pilot', partOf: { changeId: id } })
  expect(await world.records().change(part?.id ?? '')).toMatchObject({ reason: 'Pilot' })
  await expect(world.asked()).rejects.toMatchObject(
    conflict(
      `The change ${id} has been undone by ${undo.id}: nothing of it is left that others have not dealt with since`,
    ),
  )
  const { value: again } = await world.changes(keyed('undo')).undo(undo.id)
  await world.takeTurns()
  expect([again.undoes, world.held()]).toEqual([undo.id, given.length])
  expect(await world.standing()).toMatchObject({ undoneBy: undo.id, undone: undefined })
  await expect(
    world.changes(keyed('apply')).apply(draft.id, draft.digest, given.length),
  ).rejects.toMatchObject(
    conflict(
      `The change ${id} has been undone by ${undo.id} since this was planned, and what it gave may have been given anew: undo it anew`,
    ),
  )
  const { value: anew } = await world.asked()
  await world.takeTurns()
  expect([anew.undoes, world.held()]).toEqual([id, 0])
  expect((await world.standing()).undone).toEqual({ by: anew.id, state: 'APPLIED' })
})
