/** What of a change did not come about, asked for again as a change of its own. */
import { describe, expect, it, test } from 'vitest'
import { partIdOf } from '../../../lib/changes/model/record-ids.ts'
import { amendHeader } from '../../../lib/changes/record/write-header.ts'
import { assigning, giving, hasWallboard, taking, userAt } from '../../support/changes/change-orders.ts'
import {
  ANA,
  allChanges,
  BO,
  type ChangeWorld,
  changeWorld,
  headerOf,
} from '../../support/changes/change-world.ts'

const retrying = (world: ChangeWorld, id: string, idempotencyKey = 'retry') =>
  world.plans({ actor: BO, operation: 'retryChange', idempotencyKey }).retry(id)

const namesIn = (users: unknown) =>
  Array.isArray(users) ? users.map(({ userId }: { userId: string }) => userId) : []

test('of a list that was called off what was not sent is planned anew, also what held and was not read again, and nothing else', async () => {
  const world = await changeWorld({ org: { users: 510 } })
  const ids = world.org.people(510).map(({ id }) => id)
  const held = ids.filter((id) => hasWallboard(world, id))
  const { value: plan } = await world
    .plans()
    .plan({ ...assigning(giving(ids)), reason: 'A wave', onConflict: 'abort' })
  await world.changes({ operation: 'apply', idempotencyKey: 'a' }).apply(plan.id, plan.digest)
  await expect(retrying(world, plan.id)).rejects.toMatchObject({
    code: 'change.state.conflict',
    message: expect.stringContaining('RUNNING: wait until it has ended, or cancel it'),
  })
  await world.takeTurns(2)
  await world.records({ operation: 'cancel', idempotencyKey: 'c' }).cancel(plan.id)
  await world.takeTurns()
  const missing = ids.filter((id) => !hasWallboard(world, id))
  expect(missing.length).toBeGreaterThan(0)
  const posts = world.posts()
  const { value } = await retrying(world, plan.id)
  expect(value).toMatchObject({
    state: 'PLANNED',
    isReleased: false,
    retries: plan.id,
    reason: 'A wave',
    findings: { noOps: { length: held.length } },
    outcomes: { notSettled: missing.length + held.length },
  })
  expect(new Set(value.desired && 'users' in value.desired ? namesIn(value.desired.users) : [])).toEqual(
    new Set([...missing, ...held]),
  )
  expect(world.posts()).toBe(posts)
  expect((await world.records().change(plan.id)).retriedBy).toBe(undefined)
  expect(await retrying(world, plan.id)).toMatchObject({ isReplay: true, value: { id: value.id } })
  await expect(retrying(world, partIdOf(plan.id, 0), 'of a part')).rejects.toMatchObject({
    message: expect.stringContaining(`a part of the list ${plan.id}`),
  })
})

/** What never came about, since somebody called it off. */
async function calledOff(world: ChangeWorld) {
  const { value } = await world.plans().plan(assigning(giving([userAt(world, 0), userAt(world, 1)])))
  await world.records({ operation: 'cancel', idempotencyKey: 'c' }).cancel(value.id)
  return value.id
}

describe('what has been asked for again', () => {
  const applying = (world: ChangeWorld, { id, digest }: { id: string; digest: string }, key = id) =>
    world.changes({ operation: 'apply', idempotencyKey: key }).apply(id, digest)

  it("is so once: a draft stands in nobody's way, and of two one is let go ahead", async () => {
    const world = await changeWorld()
    const id = await calledOff(world)
    const [{ value: first }, { value: second }] = [
      await retrying(world, id),
      await retrying(world, id, 'another'),
    ]
    expect((await world.records().change(id)).retriedBy).toBe(undefined)
    await applying(world, second)
    expect((await world.records().change(id)).retriedBy).toBe(second.id)
    const refused = {
      code: 'change.state.conflict',
      message: `The change ${id} was asked for again by ${second.id}, which is APPLIED: retry that one where it did not come about`,
      faults: [{ entityId: id }, { fieldName: 'changeId', entityId: second.id }],
    }
    await expect(applying(world, first)).rejects.toMatchObject(refused)
    await expect(retrying(world, id, 'later')).rejects.toMatchObject(refused)
    expect(world.posts()).toBe(1)
  })

  it('is so once by two who let theirs go ahead at the same moment', async () => {
    const world = await changeWorld()
    const id = await calledOff(world)
    const drafts = [await retrying(world, id), await retrying(world, id, 'another')]
    const applied = await Promise.allSettled(drafts.map(({ value }) => applying(world, value)))
    expect(applied.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(world.posts()).toBe(1)
  })

  it('is planned once by one who asks twice at the same moment', async () => {
    const world = await changeWorld()
    const id = await calledOff(world)
    await Promise.all([retrying(world, id), retrying(world, id)])
    expect(await allChanges(world)).toHaveLength(2)
  })

  it('waits for an approver as the one there is, and is asked for once more where that one is rejected', async () => {
    const world = await changeWorld({ approvals: [{ licenses: ['wallboardUser'] }] })
    const id = await calledOff(world)
    const asked = await Promise.allSettled([retrying(world, id), retrying(world, id, 'another')])
    expect(asked.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const first = (await headerOf(world, id)).retriedBy ?? ''
    await expect(retrying(world, id, 'later')).rejects.toMatchObject({
      message: `The change ${id} was asked for again by ${first}, which is AWAITING_APPROVAL: go on with that one`,
    })
    expect((await world.records().change(id)).retriedBy).toBe(first)
    await world.records({ operation: 'reject', idempotencyKey: 'r2', actor: ANA }).reject(first)
    expect((await world.records().change(id)).retriedBy).toBe(undefined)
    const { value: second } = await retrying(world, id, 'again')
    expect([second.retries, (await world.records().change(id)).retriedBy]).toEqual([id, second.id])
  })

  it('though its record changes meanwhile, as it is told', async () => {
    const world = await changeWorld()
    const id = await calledOff(world)
    const { value } = await retrying(world, id)
    let hasMoved = false
    const { ledger } = world.store
    const busy = world.bench({
      ledger: {
        ...ledger,
        async commit(writes) {
          if (!hasMoved && writes.some((write) => write.kind === 'replace' && write.next.id === id)) {
            hasMoved = true
            const seen = await headerOf(world, id)
            await ledger.commit([{ kind: 'replace', next: amendHeader(seen, {}, world.clock.nowMs()), seen }])
          }
          return await ledger.commit(writes)
        },
      },
    })
    await world.changes({ operation: 'apply', idempotencyKey: 'p' }, busy).apply(value.id, value.digest)
    expect([hasMoved, value.retries, (await headerOf(world, id)).retriedBy]).toEqual([true, id, value.id])
  })
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

  it('of what nobody approved before its time is for that time too', async () => {
    const world = await changeWorld({ approvals: [{ licenses: ['wallboardUser'] }] })
    const notBefore = new Date(world.clock.nowMs() + 48 * 3_600_000).toISOString()
    const order = { ...assigning(giving([userAt(world, 0)])), notBefore }
    const { value: asked } = await world.changes({ actor: ANA, idempotencyKey: 'k' }).request(order)
    world.clock.advance(Date.parse(asked.approval?.expiresAt ?? '') - world.clock.nowMs())
    await world.tick()
    expect((await headerOf(world, asked.id)).state).toBe('EXPIRED')
    const { value: plan } = await retrying(world, asked.id)
    expect(plan).toMatchObject({ retries: asked.id, notBefore })
  })

  it('of what was to be taken back by now is refused: it would last for good', async () => {
    const world = await changeWorld()
    const revertAt = new Date(world.clock.nowMs() + 60_000).toISOString()
    const { value } = await world.plans().plan({ ...assigning(giving([userAt(world, 0)])), revertAt })
    await world.records({ operation: 'cancel', idempotencyKey: 'c' }).cancel(value.id)
    world.clock.advance(120_000)
    await expect(retrying(world, value.id)).rejects.toMatchObject({ code: 'change.state.conflict' })
  })

  it('leaves out whom Genesys knows no more, and says who, and is refused where nobody is left', async () => {
    const world = await changeWorld()
    const [ana, gone] = [userAt(world, 0), userAt(world, 1)]
    const { value: plan } = await world.plans().plan(assigning(giving([ana, gone])))
    await world.records({ operation: 'cancel', idempotencyKey: 'c' }).cancel(plan.id)
    world.org.movePeople([{ id: gone, state: 'vanished' }])
    const { value: again } = await retrying(world, plan.id)
    expect(namesIn('users' in again.desired ? again.desired.users : [])).toEqual([ana])
    expect(again.history[0]?.note).toBe(`left out, since Genesys knows them no more: ${gone}`)
    world.org.movePeople([{ id: ana, state: 'vanished' }])
    await expect(retrying(world, plan.id, 'of nobody')).rejects.toMatchObject({
      code: 'change.state.conflict',
      message: expect.stringContaining('nobody is left in Genesys'),
    })
  })

  it('of what came about has nothing to ask for', async () => {
    const world = await changeWorld()
    const { value } = await world.changes().request(assigning(giving([userAt(world, 0)])))
    await expect(retrying(world, value.id)).rejects.toMatchObject({
      code: 'change.state.conflict',
      message: expect.stringContaining('nothing of it failed'),
    })
  })

  it('of what takes a license from many asks for the count of people again', async () => {
    const world = await changeWorld({ org: { users: 60 } })
    const ids = world.org.people(60).map(({ id }) => id)
    const { value: given } = await world.changes({ idempotencyKey: 'g' }).request(assigning(giving(ids)))
    expect(given.state).toBe('APPLIED')
    const { value: taken } = await world.plans({ idempotencyKey: 't' }).plan(assigning(taking(ids)))
    await world.records({ operation: 'cancel', idempotencyKey: 'c' }).cancel(taken.id)
    const { value: plan } = await retrying(world, taken.id)
    const applying = world.changes({ operation: 'apply', idempotencyKey: 'a' })
    await expect(applying.apply(plan.id, plan.digest)).rejects.toMatchObject({
      code: 'change.people.unconfirmed',
    })
    expect((await applying.apply(plan.id, plan.digest, 60)).value).toMatchObject({
      state: 'APPLIED',
      outcomes: { applied: 60 },
    })
  })
})
