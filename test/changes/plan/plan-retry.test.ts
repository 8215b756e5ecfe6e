/** What of a change did not come about, asked for again as a change of its own. */
import { describe, expect, it, test } from 'vitest'
import { assigning, giving, hasWallboard, userAt } from '../../support/changes/change-orders.ts'
import { ANA, BO, type ChangeWorld, changeWorld } from '../../support/changes/change-world.ts'

const retrying = (world: ChangeWorld, id: string, idempotencyKey = 'retry') =>
  world.plans({ actor: BO, operation: 'retryChange', idempotencyKey }).retry(id)

const namesIn = (users: unknown) =>
  Array.isArray(users) ? users.map(({ userId }: { userId: string }) => userId) : []

test('of a list that was called off what was not sent is planned anew, and nothing else', async () => {
  const world = await changeWorld({ org: { users: 650 } })
  const ids = world.org.people(650).map(({ id }) => id)
  const { value: plan } = await world.plans().plan(assigning(giving(ids)))
  await world.changes({ operation: 'apply', idempotencyKey: 'a' }).apply(plan.id, plan.digest)
  await expect(retrying(world, plan.id)).rejects.toMatchObject({ code: 'change.state.conflict' })
  await world.takeTurns(2)
  await world.records({ operation: 'cancel', idempotencyKey: 'c' }).cancel(plan.id)
  await world.takeTurns()
  const missing = ids.filter((id) => !hasWallboard(world, id))
  expect(missing.length).toBeGreaterThan(0)
  const posts = world.posts()
  const { value } = await retrying(world, plan.id)
  expect(value).toMatchObject({ state: 'PLANNED', isReleased: false, findings: { noOps: [] } })
  expect(new Set(value.desired && 'users' in value.desired ? namesIn(value.desired.users) : [])).toEqual(
    new Set(missing),
  )
  expect(world.posts()).toBe(posts)
  expect((await retrying(world, plan.id)).value.id).toBe(value.id)
})

describe('a retry', () => {
  it('asks for approval anew, and keeps reason and end', async () => {
    const world = await changeWorld({ approvals: [{ licenses: ['wallboardUser'] }] })
    const order = {
      ...assigning(giving([userAt(world, 0)])),
      ...{ reason: 'Pilot', revertAfter: 'PT8H' },
    }
    const { value: asked } = await world.changes({ actor: ANA, idempotencyKey: 'k' }).request(order)
    await world.records({ actor: BO, operation: 'reject', idempotencyKey: 'r' }).reject(asked.id)
    const { value: plan } = await retrying(world, asked.id)
    expect(plan).toMatchObject({ reason: 'Pilot', revert: { after: 'PT8H' }, before: asked.before })
    const applying = world.changes({ actor: BO, operation: 'apply', idempotencyKey: 'p' })
    await expect(applying.apply(plan.id, plan.digest)).rejects.toMatchObject({
      code: 'change.approval.required',
    })
    expect(world.posts()).toBe(0)
  })

  it('of what was to be taken back by now is refused: it would last for good', async () => {
    const world = await changeWorld()
    const revertAt = new Date(world.clock.nowMs() + 60_000).toISOString()
    const { value } = await world.plans().plan({ ...assigning(giving([userAt(world, 0)])), revertAt })
    await world.records({ operation: 'cancel', idempotencyKey: 'c' }).cancel(value.id)
    world.clock.advance(120_000)
    await expect(retrying(world, value.id)).rejects.toMatchObject({ code: 'change.state.conflict' })
  })

  it('of what came about has nothing to ask for', async () => {
    const world = await changeWorld()
    const { value } = await world.changes().request(assigning(giving([userAt(world, 0)])))
    await expect(retrying(world, value.id)).rejects.toMatchObject({
      code: 'change.state.conflict',
      message: expect.stringContaining('nothing of it failed'),
    })
  })
})
