/** What was given for a time: its end is moved, or comes now. */
import { describe, expect, it } from 'vitest'
import { advance } from '../../../lib/changes/carry-out/advance.ts'
import { takeTurn } from '../../../lib/changes/carry-out/lists/take-turn.ts'
import type { Extension } from '../../../lib/changes/model/change-order.ts'
import {
  assigning,
  atHeaders,
  giving,
  hasWallboard,
  OFF,
  toggle,
  userAt,
  WALLBOARD,
} from '../../support/changes/change-orders.ts'
import {
  ANA,
  allChanges,
  BO,
  type ChangeWorld,
  type ChangeWorldOptions,
  changeWorld,
  headerOf,
  NAMED_PEOPLE,
  PEOPLE,
} from '../../support/changes/change-world.ts'
import { Crash } from '../../support/ledger/ledger.ts'

const HOUR_MS = 3_600_000
const CY = { kind: 'jwt', id: 'cy' } as const
const TWO = '2026-11-15T14:00:00Z'
const THREE = '2026-11-15T15:00:00Z'
const RULES: ChangeWorldOptions = {
  approvals: [{ toggles: [OFF] }, { licenses: [WALLBOARD] }],
  policy: { people: { ...PEOPLE, cy: { role: 'approver', jwt: ['cy'] } } },
}

const extend = (world: ChangeWorld, id: string, order: Extension, actor = ANA, idempotencyKey = 'e1') =>
  world.records({ actor, operation: 'extendChange', idempotencyKey }).extend(id, order)
const end = (world: ChangeWorld, id: string, actor = ANA, idempotencyKey = 'end-1', on = world.bench()) =>
  world.changes({ actor, operation: 'endChange', idempotencyKey }, on).end(id)
const approve = (world: ChangeWorld, { id, digest }: { id: string; digest: string }, actor = BO) =>
  world.changes({ actor, operation: 'approve', idempotencyKey: `approve-${id}` }).approve(id, digest)
const isOn = (world: ChangeWorld) => world.org.truth().toggles[OFF]

/** Switched on at 12:00, to be taken back at 13:00; approved by bo where the rules ask for that. */
/** What somebody has typed, which is told as it was typed. */
const OWN_WORDS = 'the pilot was ended by bo'

async function granted(options: ChangeWorldOptions = {}, revertAfter = 'PT1H') {
  const world = await changeWorld(options)
  const { value } = await world
    .changes({ idempotencyKey: 'k1' })
    .request({ ...toggle(true), revertAfter, reason: OWN_WORDS })
  if (value.state === 'AWAITING_APPROVAL') await approve(world, value)
  const original = await world.records().change(value.id)
  expect(original).toMatchObject({ state: 'APPLIED', revert: { dueAt: '2026-11-15T13:00:00.000Z' } })
  return { world, original, id: value.id }
}

/** What it takes for the clock to show a time. */
const until = (world: ChangeWorld, iso: string) => world.clock.advance(Date.parse(iso) - world.clock.nowMs())

describe('a change that is extended', () => {
  it.each([
    ['to a time', { revertAt: TWO }, '2026-11-15T14:00:00.000Z'],
    ['for so long from now on', { revertAfter: 'PT90M' }, '2026-11-15T14:00:00.000Z'],
    ['to earlier', { revertAt: '2026-11-15T12:45:00Z' }, '2026-11-15T12:45:00.000Z'],
  ])('%s is taken back then, and its history says who moved it', async (_, order, at) => {
    const { world, id } = await granted()
    world.clock.advance(HOUR_MS / 2)
    const { value, isReplay } = await extend(world, id, order, BO)
    expect(value).toMatchObject({ id, state: 'APPLIED', revert: { at, dueAt: at } })
    expect([isReplay, value.revert?.after]).toEqual([false, undefined])
    expect(value.history.at(-1)).toMatchObject({ by: 'bo', note: `planned revert moved to ${at}` })
    world.clock.advance(Date.parse(at) - 1 - world.clock.nowMs())
    await world.tick()
    expect(isOn(world)).toBe(true)
    world.clock.advance(1)
    await world.tick()
    expect(isOn(world)).toBe(false)
    await world.rest()
    expect([world.posts(), (await allChanges(world)).length]).toEqual([2, 2])
  })

  it('again under the same key is so once, and under another is moved once more', async () => {
    const { world, id } = await granted()
    await extend(world, id, { revertAfter: 'PT2H' })
    world.clock.advance(60_000)
    expect(await extend(world, id, { revertAfter: 'PT2H' })).toMatchObject({
      isReplay: true,
      value: { revert: { dueAt: '2026-11-15T14:00:00.000Z' } },
    })
    await expect(extend(world, id, { revertAt: THREE })).rejects.toMatchObject({
      code: 'idempotency.key.reused',
    })
    const { value } = await extend(world, id, { revertAt: THREE }, ANA, 'e2')
    expect(value.revert?.dueAt).toBe('2026-11-15T15:00:00.000Z')
    until(world, TWO)
    await world.tick()
    expect(isOn(world)).toBe(true)
    await world.rest()
    expect(isOn(world)).toBe(false)
  })

  it('is refused with both ends, with none, and with one gone by', async () => {
    const { world, id } = await granted()
    for (const [order, field] of [
      [{ revertAt: TWO, revertAfter: 'PT1H' }, 'revertAfter'],
      [{}, 'revertAt'],
      [{ revertAt: '2026-11-15T11:00:00Z' }, 'revertAt'],
    ] as const) {
      await expect(extend(world, id, order)).rejects.toMatchObject({
        code: 'bad.request',
        message: expect.stringContaining(`${field}: must be`),
      })
    }
    expect((await headerOf(world, id)).revert).toMatchObject({ afterMs: HOUR_MS })
  })

  it('is refused where nothing is to be taken back', async () => {
    const { world, id } = await granted()
    const order = { revertAt: TWO }
    const { value: lasting } = await world
      .changes({ idempotencyKey: 'k2' })
      .request(assigning(giving([userAt(world, 0)])))
    await expect(extend(world, lasting.id, order)).rejects.toMatchObject({
      message: expect.stringContaining('no planned revert'),
    })
    const { value: later } = await world
      .changes({ idempotencyKey: 'k3' })
      .request({ ...assigning(giving([userAt(world, 1)])), notBefore: TWO, revertAt: THREE })
    await expect(extend(world, later.id, { revertAt: '2026-11-15T16:00:00Z' })).rejects.toMatchObject({
      message: expect.stringContaining('once it is applied'),
    })
    await world.records({ operation: 'cancelChange', idempotencyKey: 'c1' }).cancel(id)
    await expect(extend(world, id, order)).rejects.toMatchObject({
      code: 'change.state.conflict',
      message: expect.stringContaining('stays for good'),
    })
    await expect(end(world, id)).rejects.toMatchObject({
      message: expect.stringContaining('undo it instead'),
    })
    await world.rest()
    expect(isOn(world)).toBe(true)
  })

  it('as its revert begins: one of the two holds, what was begun is called off, and it comes at the new end', async () => {
    const { world, id } = await granted()
    until(world, '2026-11-15T13:00:00Z')
    // The revert is on record, and its original does not name it yet.
    const late = world.bench({
      ledger: atHeaders(world.store.ledger, async (next, write) => {
        if (next.id === id && next.revert?.changeId !== undefined) await extend(world, id, { revertAt: TWO })
        return await write()
      }),
    })
    await advance(late, id)
    until(world, '2026-11-15T13:02:00Z')
    await world.tick()
    const [begun] = (await allChanges(world)).filter(({ undoes }) => undoes === id)
    expect([begun?.state, isOn(world), world.posts()]).toEqual(['CANCELLED', true, 1])
    until(world, TWO)
    await world.tick()
    expect([isOn(world), world.posts()]).toEqual([false, 2])
    const { revert } = await headerOf(world, id)
    expect(revert?.changeId).not.toBe(begun?.id)
    await world.rest()
    expect(world.posts()).toBe(2)
  })

  it('once its revert has begun is refused, and so is one that has come back', async () => {
    const { world, id } = await granted()
    world.org.addFaults([
      { match: { method: 'POST' }, do: { status: 429, headers: { 'Retry-After': '60' } } },
    ])
    until(world, '2026-11-15T13:00:00Z')
    await world.tick()
    for (const key of ['e1', 'e2']) {
      await expect(extend(world, id, { revertAt: TWO }, ANA, key)).rejects.toMatchObject({
        code: 'change.state.conflict',
        message: expect.stringContaining((await headerOf(world, id)).revert?.changeId ?? 'none'),
      })
      await world.rest()
    }
    expect(isOn(world)).toBe(false)
  })
})

describe('a change that was approved with its end', () => {
  it('is extended by another approval alone, and until then comes back as agreed', async () => {
    const { world, id } = await granted(RULES)
    const { value, isReplay } = await extend(world, id, { revertAt: TWO })
    expect(value).toMatchObject({
      kind: 'extend',
      extends: id,
      state: 'AWAITING_APPROVAL',
      summary: `Keep ${OFF} on until 2026-11-15 14:00 UTC`,
      revert: { at: '2026-11-15T14:00:00.000Z' },
      approval: { expiresAt: '2026-11-15T13:00:00.000Z' },
    })
    expect([isReplay, value.id === id]).toEqual([false, false])
    await world.rest()
    expect([isOn(world), (await headerOf(world, value.id)).state]).toEqual([false, 'EXPIRED'])
  })

  it('stays until the end that was approved, and no longer', async () => {
    const { world, id } = await granted(RULES)
    const { value: request } = await extend(world, id, { revertAt: TWO })
    await expect(approve(world, request, ANA)).rejects.toMatchObject({ code: 'change.approver.refused' })
    const { value } = await approve(world, request, CY)
    expect(value).toMatchObject({ state: 'APPLIED', revert: { at: '2026-11-15T14:00:00.000Z' } })
    expect(value.revert?.dueAt).toBeUndefined()
    const original = await world.records().change(id)
    expect(original.revert).toMatchObject({ dueAt: '2026-11-15T14:00:00.000Z', extension: request.id })
    expect(original.history.at(-1)).toMatchObject({ by: 'cy', note: expect.stringContaining(request.id) })
    until(world, '2026-11-15T13:59:00Z')
    await world.tick()
    expect(isOn(world)).toBe(true)
    await world.rest()
    expect([isOn(world), world.posts()]).toEqual([false, 2])
    expect(await allChanges(world)).toHaveLength(3)
  })

  it('needs none to come back earlier, nor to be ended', async () => {
    const { world, id } = await granted(RULES)
    const { value } = await extend(world, id, { revertAt: '2026-11-15T12:30:00Z' })
    expect(value).toMatchObject({ id, state: 'APPLIED', revert: { dueAt: '2026-11-15T12:30:00.000Z' } })
    // Back to where it was approved for would be later than it is now.
    const { value: back } = await extend(world, id, { revertAt: '2026-11-15T13:00:00Z' }, ANA, 'e2')
    expect(back.state).toBe('AWAITING_APPROVAL')
    const { value: ended } = await end(world, id)
    expect(ended).toMatchObject({ state: 'APPLIED', undoes: id })
    expect((await approve(world, back, CY)).value.state).toBe('SUPERSEDED')
    expect([isOn(world), world.posts()]).toEqual([false, 2])
  })

  it('has one request open at a time: the same finds it, another end is told of it', async () => {
    const { world, id } = await granted(RULES)
    const { value: first } = await extend(world, id, { revertAt: TWO })
    expect(await extend(world, id, { revertAt: TWO }, CY, 'e2')).toMatchObject({
      isReplay: true,
      value: { id: first.id },
    })
    await expect(extend(world, id, { revertAt: THREE }, CY, 'e3')).rejects.toMatchObject({
      code: 'change.state.conflict',
      message: expect.stringContaining(first.id),
    })
    const forGood = world.records({ actor: CY, operation: 'cancelChange', idempotencyKey: 'c1' }).cancel(id)
    await expect(forGood).rejects.toMatchObject({ message: expect.stringContaining(first.id) })
    expect(await extend(world, id, { revertAt: TWO })).toMatchObject({
      isReplay: true,
      value: { id: first.id },
    })
    await expect(extend(world, id, { revertAt: THREE })).rejects.toMatchObject({
      code: 'idempotency.key.reused',
    })
    expect(await allChanges(world)).toHaveLength(2)
  })

  it('whose extension was approved as the process ended is extended by the tick', async () => {
    const { world, id } = await granted(RULES)
    const { value: request } = await extend(world, id, { revertAt: TWO })
    let left = 2
    const crashing = world.bench({
      ledger: atHeaders(world.store.ledger, async (_, write) => {
        if (left-- <= 0) throw new Crash('the process has ended')
        return await write()
      }),
    })
    const approving = world
      .changes({ actor: CY, operation: 'approve', idempotencyKey: 'd1' }, crashing)
      .approve(request.id, request.digest)
    await expect(approving).rejects.toThrow(Crash)
    // Moved once more before anybody noticed: what was approved is done all the same.
    await extend(world, id, { revertAt: '2026-11-15T13:30:00Z' }, ANA, 'e2')
    world.clock.advance(60_000)
    await world.tick()
    expect((await headerOf(world, request.id)).state).toBe('APPLIED')
    expect((await headerOf(world, id)).revert).toMatchObject({
      atMs: Date.parse('2026-11-15T13:30:00Z'),
      moves: 2,
    })
    await world.rest()
    expect([isOn(world), world.posts()]).toEqual([false, 2])
  })
})

describe('a change that is ended', () => {
  it('is taken back now, and the answer is the change that does it, with who has ended it as the org file calls them', async () => {
    const { world, id } = await granted({ policy: { people: NAMED_PEOPLE } })
    world.clock.advance(60_000)
    const { value, isReplay } = await end(world, id, BO)
    expect(value).toMatchObject({
      state: 'APPLIED',
      undoes: id,
      desired: { featureName: OFF, enabled: false },
      reason: 'ended early by Bo Öz',
    })
    expect([isReplay, isOn(world)]).toEqual([false, false])
    expect((await world.records().change(id)).reason).toBe(OWN_WORDS)
    const { history, revert } = await headerOf(world, id)
    expect(history.at(-1)).toMatchObject({ by: 'bo', note: 'planned revert due now' })
    expect(revert?.changeId).toBe(value.id)
    expect((await headerOf(world, value.id)).reason).toBe('ended early by bo')
    await world.rest()
    expect(world.posts()).toBe(2)
  })

  it('twice, by whomever, is ended once', async () => {
    const { world, id } = await granted()
    world.clock.advance(60_000)
    const both = await Promise.all([end(world, id), end(world, id, BO, 'end-2')])
    const third = await end(world, id, BO, 'end-3')
    expect(new Set([...both, third].map(({ value }) => value.id)).size).toBe(1)
    expect([third.isReplay, isOn(world), world.posts()]).toEqual([true, false, 2])
    await expect(extend(world, id, { revertAt: TWO })).rejects.toMatchObject({
      code: 'change.state.conflict',
    })
  })

  it('while Genesys cannot be read stays ended, and the tick takes it back', async () => {
    const { world, id } = await granted()
    world.clock.advance(60_000)
    const broken = world.org.addFaults([{ match: { method: 'GET' }, do: { status: 500 }, times: 20 }])
    const { value } = await end(world, id)
    expect(value).toMatchObject({ id, revert: { dueAt: '2026-11-15T12:01:00.000Z' } })
    expect(isOn(world)).toBe(true)
    void broken
    world.org.clearFaults()
    await world.rest()
    expect([isOn(world), world.posts()]).toEqual([false, 2])
  })

  it('while writes are paused is refused, and stays due as it was', async () => {
    const { world, id } = await granted()
    await world
      .records({ actor: BO, operation: 'putWrites', idempotencyKey: 'w1' })
      .setWrites({ state: 'paused', reason: 'a freeze' })
    await expect(end(world, id)).rejects.toMatchObject({ code: 'writes.paused' })
    expect((await headerOf(world, id)).revert).toMatchObject({ afterMs: HOUR_MS })
  })

  it('waits where somebody else has asked for the same until later, and is answered with itself', async () => {
    const { world, id } = await granted()
    world.clock.advance(60_000)
    await world.changes({ actor: BO, idempotencyKey: 'k2' }).request({ ...toggle(true), revertAt: TWO })
    world.clock.advance(60_000)
    const { value } = await end(world, id)
    expect(value).toMatchObject({ id, revert: { heldUntil: '2026-11-15T14:00:00.000Z' } })
    expect(isOn(world)).toBe(true)
    await world.rest()
    expect(isOn(world)).toBe(false)
  })
})

it('a list for a time is extended, ended, and taken back by a list, part by part', async () => {
  const users = 540
  const world = await changeWorld({ org: { users } })
  const ids = world.org.people(users).map((each) => each.id)
  const held = ids.filter((each) => hasWallboard(world, each))
  const { value: plan } = await world.plans().plan({ ...assigning(giving(ids)), revertAfter: 'PT1H' })
  await world.changes({ operation: 'apply', idempotencyKey: 'a1' }).apply(plan.id, plan.digest)
  await expect(extend(world, plan.id, { revertAt: TWO })).rejects.toMatchObject({
    code: 'change.state.conflict',
  })
  await world.takeTurns()
  const { value } = await extend(world, plan.id, { revertAt: THREE }, ANA, 'e2')
  expect(value).toMatchObject({ state: 'APPLIED', revert: { dueAt: '2026-11-15T15:00:00.000Z' } })
  world.clock.advance(60_000)
  const { value: ended } = await end(world, plan.id)
  expect(ended).toMatchObject({ id: plan.id, revert: { dueAt: ended.updatedAt } })
  await world.takeTurns()
  const { revert } = await world.records().change(plan.id)
  const reverting = await world.records().change(revert?.changeId ?? '')
  expect(reverting).toMatchObject({ state: 'APPLIED', undoes: plan.id })
  expect(ids.filter((each) => hasWallboard(world, each))).toEqual(held)
})

it('a list’s revert that was begun and moved at its original sends nothing', async () => {
  const users = 540
  const world = await changeWorld({ org: { users } })
  const ids = world.org.people(users).map((each) => each.id)
  const { value: plan } = await world.plans().plan({ ...assigning(giving(ids)), revertAfter: 'PT1H' })
  await world.changes({ operation: 'apply', idempotencyKey: 'a1' }).apply(plan.id, plan.digest)
  await world.takeTurns()
  const sent = world.posts()
  world.clock.advance(2 * HOUR_MS)
  const late = world.bench({
    ledger: atHeaders(world.store.ledger, async (next, write) => {
      if (next.id === plan.id && next.revert?.changeId !== undefined)
        await world
          .records({ operation: 'extend', idempotencyKey: 'c1' })
          .extend(plan.id, { revertAfter: 'PT1H' })
      return await write()
    }),
  })
  await takeTurn(late, plan.id)
  world.clock.advance(60_000)
  await world.tick()
  await world.takeTurns()
  const reverting = (await allChanges(world)).find(({ undoes }) => undoes === plan.id)
  expect([reverting?.state, world.posts()]).toEqual(['CANCELLED', sent])
})
