/** Of two wishes on one target the newer wins, by when each was asked for and not by when it comes to be sent. */
import { describe, expect, it } from 'vitest'
import { targetKey } from '../../../lib/changes/model/change.ts'
import type { Ledger } from '../../../lib/changes/record/ledger.ts'
import { flipToggle } from '../../../lib/events/flip-toggle.ts'
import { putLockOn, replaceOn } from '../../ledger/records.ts'
import {
  assigning,
  assignment,
  BATCH_PATH,
  beforeRequest,
  benchOn,
  giving,
  hasWallboard,
  isPost,
  lettersForTests,
  OFF,
  taking,
  toggle,
  togglePath,
  toldTypes,
  userAt,
  WALLBOARD,
} from '../../support/changes/change-orders.ts'
import {
  ANA,
  allChanges,
  BO,
  type ChangeWorld,
  changeWorld,
  headerOf,
} from '../../support/changes/change-world.ts'
import { isHeaderPut } from '../../support/ledger/ledger.ts'

const SECOND_MS = 1_000
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000

const busy = (path: string) => ({
  match: { method: 'POST', path },
  do: {
    status: 429,
    headers: { 'Retry-After': '90' },
    body: { code: 'too.many.requests.retry.after', message: '' },
  },
})
const OFF_KEY = targetKey({ featureName: OFF, desired: false })

/** Those who have no wallboard. */
const lacking = (world: ChangeWorld, users = 40) =>
  Array.from({ length: users }, (_, n) => userAt(world, n)).filter((id) => !hasWallboard(world, id))

const isOn = ({ org }: ChangeWorld) => org.truth().toggles[OFF]

/** ON, confirmed by Ana and given back, since Genesys had no time for it. */
async function givenBack(world: ChangeWorld) {
  const { value: plan } = await world.plans({ idempotencyKey: 'p1' }).plan(toggle(true))
  world.org.addFaults([busy(togglePath())])
  const { value } = await world.changes({ idempotencyKey: 'a1' }).apply(plan.id, plan.digest)
  expect(value.state).toBe('PLANNED')
  return value
}

async function deliver(world: ChangeWorld, event: { id: string; time: string; enabled: boolean }) {
  const { id, time, enabled } = event
  const { deadLetters, letters } = lettersForTests()
  await flipToggle(
    { bench: world.bench(), deadLetters },
    {
      id,
      source: 'ops.tools',
      'detail-type': 'License Toggle Requested',
      time,
      detail: { featureName: OFF, enabled },
    },
  )
  expect(letters).toEqual([])
  const found = (await allChanges(world)).filter(({ actor }) => actor.kind === 'event')
  return found.map(({ state, subject }) => ['enabled' in subject && subject.enabled, state])
}

describe('a confirmed change that was given back', () => {
  it('is not sent after a later one that found nothing to do', async () => {
    const world = await changeWorld()
    const older = await givenBack(world)
    world.clock.advance(10 * SECOND_MS)
    const newer = await world.changes({ actor: BO, idempotencyKey: 'k2' }).request(toggle(false))
    expect(newer.value.state).toBe('NOOP')
    await world.rest()
    const { state, supersededBy, history } = await headerOf(world, older.id)
    expect([state, supersededBy]).toEqual(['SUPERSEDED', newer.value.id])
    expect(history.at(-1)?.note).toContain(`the newer change ${newer.value.id}`)
    expect([isOn(world), world.posts()]).toEqual([false, 1])
    expect(toldTypes(world)).toEqual(['License Change Superseded'])
    expect(await world.records().change(older.id)).toMatchObject({ supersededBy: newer.value.id })
  })

  it('is not sent after a later plan of what holds already, which is made as done', async () => {
    const world = await changeWorld()
    const older = await givenBack(world)
    world.clock.advance(10 * SECOND_MS)
    const { value } = await world.plans({ actor: BO, idempotencyKey: 'p2' }).plan(toggle(false))
    expect(value.state).toBe('NOOP')
    await world.rest()
    expect(await headerOf(world, older.id)).toMatchObject({ state: 'SUPERSEDED', supersededBy: value.id })
    expect(isOn(world)).toBe(false)
  })

  it('goes ahead where what came in between had been asked for before it', async () => {
    const world = await changeWorld()
    const older = await givenBack(world)
    world.clock.advance(10 * SECOND_MS)
    const time = new Date(world.clock.nowMs() - MINUTE_MS).toISOString()
    expect(await deliver(world, { id: 'e1', time, enabled: false })).toEqual([[false, 'SUPERSEDED']])
    await world.rest()
    expect([(await headerOf(world, older.id)).state, isOn(world)]).toEqual(['APPLIED', true])
  })

  it('of the same millisecond does not count as coming again when it is tried again', async () => {
    const world = await changeWorld()
    const older = await givenBack(world)
    const { value } = await world.changes({ actor: BO, idempotencyKey: 'k2' }).request(toggle(false))
    expect(value.state).toBe('NOOP')
    await world.rest()
    expect([(await headerOf(world, older.id)).state, isOn(world)]).toEqual(['SUPERSEDED', false])
  })

  it('is newest again where it was approved after the other was asked for', async () => {
    const world = await changeWorld({ approvals: [{ toggles: [OFF] }] })
    const { value } = await world.changes({ idempotencyKey: 'k1' }).request(toggle(true))
    world.clock.advance(HOUR_MS)
    const other = await world.changes({ actor: ANA, idempotencyKey: 'k2' }).request(toggle(false))
    await world.changes({ actor: BO, idempotencyKey: 'a2' }).approve(other.value.id, other.value.digest)
    world.clock.advance(10 * SECOND_MS)
    await world.changes({ actor: BO, idempotencyKey: 'a1' }).approve(value.id, value.digest)
    expect([(await headerOf(world, value.id)).state, isOn(world)]).toEqual(['APPLIED', true])
  })
})

describe('events', () => {
  it('delivered in the wrong order leave what the later one wants', async () => {
    const world = await changeWorld()
    await deliver(world, { id: 'e2', time: '2026-11-15T11:59:50Z', enabled: true })
    world.clock.advance(5 * SECOND_MS)
    const states = await deliver(world, { id: 'e1', time: '2026-11-15T11:59:40Z', enabled: false })
    expect(states).toEqual([
      [false, 'SUPERSEDED'],
      [true, 'APPLIED'],
    ])
    expect([isOn(world), world.posts()]).toEqual([true, 1])
    expect(toldTypes(world)).toEqual(['License Change Applied', 'License Change Superseded'])
  })

  it('of one second are taken in the order in which they arrive', async () => {
    const world = await changeWorld()
    await deliver(world, { id: 'e1', time: '2026-11-15T11:59:40Z', enabled: true })
    world.clock.advance(5 * SECOND_MS)
    await deliver(world, { id: 'e2', time: '2026-11-15T11:59:40Z', enabled: false })
    expect([isOn(world), world.posts()]).toEqual([false, 2])
  })

  it('of a second count from its end: what was asked for over HTTP within it is older', async () => {
    const world = await changeWorld()
    world.clock.advance(400)
    await world.changes({ idempotencyKey: 'k1' }).request(toggle(true))
    world.clock.advance(5 * SECOND_MS)
    await deliver(world, { id: 'e1', time: '2026-11-15T12:00:00Z', enabled: false })
    expect(isOn(world)).toBe(false)
  })

  it('dated in the future count from their arrival, and lock nobody out', async () => {
    const world = await changeWorld()
    await deliver(world, { id: 'e1', time: '2099-01-01T00:00:00Z', enabled: true })
    world.clock.advance(5 * SECOND_MS)
    const { value } = await world.changes({ idempotencyKey: 'k1' }).request(toggle(false))
    expect([value.state, isOn(world)]).toEqual(['APPLIED', false])
  })

  it('tried again after a failure that passes keep their time', async () => {
    const world = await changeWorld()
    world.org.addFaults([busy(togglePath())])
    const event = { id: 'e1', time: '2026-11-15T11:59:40Z', enabled: true }
    await expect(deliver(world, event)).rejects.toMatchObject({ status: 429 })
    world.clock.advance(5 * SECOND_MS)
    await world.changes({ actor: BO, idempotencyKey: 'k2' }).request(toggle(false))
    world.clock.advance(MINUTE_MS)
    expect(await deliver(world, event)).toEqual([
      [true, 'SUPERSEDED'],
      [true, 'FAILED'],
    ])
    expect(isOn(world)).toBe(false)
  })
})

describe('a request under a key', () => {
  it('that is tried again after a failure that passes is as old as its first try', async () => {
    const world = await changeWorld()
    world.org.addFaults([busy(togglePath())])
    const ask = () => world.changes({ idempotencyKey: 'k1' }).request(toggle(true))
    await expect(ask()).rejects.toMatchObject({ status: 429 })
    world.clock.advance(SECOND_MS)
    await world.changes({ actor: BO, idempotencyKey: 'k2' }).request(toggle(false))
    world.clock.advance(SECOND_MS)
    expect((await ask()).value.state).toBe('SUPERSEDED')
    expect(isOn(world)).toBe(false)
  })
})

describe('a planned time', () => {
  it('makes a wish as old as that time: ON at one o’clock gives way to OFF asked for at two, delivered late', async () => {
    const world = await changeWorld()
    const later = { ...toggle(true), notBefore: '2026-11-15T13:00:00Z' }
    const { value } = await world.changes({ idempotencyKey: 'k1' }).request(later)
    world.clock.advance(HOUR_MS / 2)
    await world.changes({ actor: BO, idempotencyKey: 'k2' }).request(toggle(false))
    await world.rest()
    expect([(await headerOf(world, value.id)).state, isOn(world)]).toEqual(['APPLIED', true])
  })

  it('is judged then: ON in an hour and OFF in two, both planned while it is off, switch it on and off', async () => {
    const world = await changeWorld()
    for (const [n, enabled] of [true, false].entries()) {
      const order = { ...toggle(enabled), notBefore: `2026-11-15T1${3 + n}:00:00Z` }
      const { value } = await world.plans({ idempotencyKey: `p${n}` }).plan(order)
      expect(value.state).toBe('PLANNED')
      await world.changes({ idempotencyKey: `a${n}` }).apply(value.id, value.digest)
    }
    world.clock.advance(HOUR_MS)
    await world.tick()
    expect(isOn(world)).toBe(true)
    await world.rest()
    expect((await allChanges(world)).map(({ state }) => state)).toEqual(['APPLIED', 'APPLIED'])
    expect(isOn(world)).toBe(false)
  })

  it('of a revert is when it was due: what was asked for after that stays', async () => {
    const world = await changeWorld()
    const { value } = await world
      .changes({ idempotencyKey: 'k1' })
      .request({ ...toggle(true), revertAfter: 'PT1H' })
    world.org.addFaults([{ ...busy(togglePath()), skip: 0 }])
    world.clock.advance(HOUR_MS)
    await world.tick()
    const { revert } = await headerOf(world, value.id)
    world.clock.advance(SECOND_MS)
    // It reads on already, and whoever asks wants it to stay on.
    const stay = await world.changes({ actor: BO, idempotencyKey: 'k2' }).request(toggle(true))
    expect(stay.value.state).toBe('NOOP')
    await world.rest()
    expect([(await headerOf(world, revert?.changeId ?? '')).state, isOn(world)]).toEqual(['SUPERSEDED', true])
  })

  it('of a revert that the tick makes late is when it was due, not when it was made', async () => {
    const world = await changeWorld()
    const { value } = await world
      .changes({ idempotencyKey: 'k1' })
      .request({ ...toggle(true), revertAfter: 'PT1H' })
    world.clock.advance(HOUR_MS + 20 * SECOND_MS)
    // Reads on, is meant to stay on, and holds no lock by which the revert would leave it alone.
    const stay = await world.plans({ actor: BO, idempotencyKey: 'p2' }).plan(toggle(true))
    expect(stay.value.state).toBe('NOOP')
    world.clock.advance(20 * SECOND_MS)
    await world.rest()
    const { revert } = await headerOf(world, value.id)
    const reverted = await headerOf(world, revert?.changeId ?? '')
    expect([reverted.state, reverted.supersededBy, isOn(world)]).toEqual(['SUPERSEDED', stay.value.id, true])
  })
})

describe('what is older', () => {
  it('does not wait for the newer one that is under way', async () => {
    const world = await changeWorld()
    const older = { id: 'e1', time: '2026-11-15T11:59:40Z', enabled: false }
    const seen: unknown[] = []
    const late = async () => seen.push(await deliver(world, older))
    await world.changes({ actor: BO }, benchOn(world, beforeRequest(isPost, late))).request(toggle(true))
    expect(seen).toEqual([[[false, 'SUPERSEDED']]])
    expect([isOn(world), world.posts()]).toEqual([true, 1])
  })
})

describe('of several people', () => {
  it('those with a newer wish are left alone, the rest is sent, and it ends as PARTIAL', async () => {
    const world = await changeWorld()
    const [ana, ben] = [userAt(world, 0), userAt(world, 1)]
    const plan = await world.plans({ idempotencyKey: 'p1' }).plan(assigning(giving([ana, ben])))
    world.org.addFaults([busy(BATCH_PATH)])
    await world.changes({ idempotencyKey: 'a1' }).apply(plan.value.id, plan.value.digest)
    world.clock.advance(10 * SECOND_MS)
    const newer = await world.changes({ actor: BO, idempotencyKey: 'k2' }).assign(taking([ben]))
    await world.rest()
    expect([hasWallboard(world, ana), hasWallboard(world, ben)]).toEqual([true, false])
    const change = await world.records().change(plan.value.id)
    expect(change).toMatchObject({ state: 'PARTIAL', supersededBy: newer.changeId })
    const outcomes = [ana, ben].map((id) => change.results?.find(({ userId }) => userId === id)?.outcome)
    expect(outcomes).toEqual(['applied', 'superseded'])
    expect(toldTypes(world)).toEqual(['License Change Partial'])
  })

  it('all with a newer wish, it ends as SUPERSEDED and sends nothing', async () => {
    const world = await changeWorld()
    const ana = userAt(world, 0)
    const plan = await world.plans({ idempotencyKey: 'p1' }).plan(assigning(giving([ana])))
    world.org.addFaults([busy(BATCH_PATH)])
    await world.changes({ idempotencyKey: 'a1' }).apply(plan.value.id, plan.value.digest)
    world.clock.advance(10 * SECOND_MS)
    await world.changes({ actor: BO, idempotencyKey: 'k2' }).assign(taking([ana]))
    await world.rest()
    expect([(await headerOf(world, plan.value.id)).state, hasWallboard(world, ana)]).toEqual([
      'SUPERSEDED',
      false,
    ])
    expect(world.posts()).toBe(1)
  })
})

describe('a plan of what holds already', () => {
  it('is made as done, with its digest and what was found, waits for nothing and is not told', async () => {
    const world = await changeWorld()
    const holder = userAt(world, 2)
    const { value, isReplay } = await world.plans({ idempotencyKey: 'p1' }).plan(assigning(giving([holder])))
    expect(value).toMatchObject({
      state: 'NOOP',
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      findings: { noOps: [{ licenseId: WALLBOARD, userId: holder }] },
      history: [{ state: 'NOOP', note: 'everything was as desired already' }],
    })
    expect(isReplay).toBe(false)
    await world.rest()
    expect(world.told).toEqual([])
    await expect(
      world.changes({ idempotencyKey: 'a1' }).apply(value.id, value.digest),
    ).resolves.toMatchObject({
      value: { state: 'NOOP' },
      isReplay: true,
    })
  })

  it('asks no second person, and then has no say in what others have asked for', async () => {
    const world = await changeWorld({ approvals: [{ toggles: [OFF] }] })
    const { value } = await world.changes({ idempotencyKey: 'k1' }).request(toggle(true))
    world.org.addFaults([busy(togglePath())])
    await world.changes({ actor: BO, idempotencyKey: 'a1' }).approve(value.id, value.digest)
    world.clock.advance(10 * SECOND_MS)
    const plan = await world.plans({ idempotencyKey: 'p1' }).plan(toggle(false))
    expect(plan.value).toMatchObject({ state: 'NOOP' })
    expect(plan.value.approval).toBeUndefined()
    await world.rest()
    expect([(await headerOf(world, value.id)).state, isOn(world)]).toEqual(['APPLIED', true])
  })

  it('waits to be confirmed where another change is at it: what was read decides nothing then', async () => {
    const world = await changeWorld()
    const seen: string[] = []
    const plan = async () => {
      const { value } = await world.plans({ actor: BO, idempotencyKey: 'p1' }).plan(toggle(false))
      seen.push(value.state)
    }
    await world.changes({}, benchOn(world, beforeRequest(isPost, plan))).request(toggle(true))
    expect([seen, isOn(world)]).toEqual([['PLANNED'], true])
  })

  it.each([
    ['one toggle', [OFF_KEY], () => toggle(false)],
    ['forty pairs', undefined, (world: ChangeWorld) => assigning(taking(lacking(world)))],
  ] as const)(
    'has its say in what is asked for it and its record by one write: %s',
    async (_, keys, order) => {
      const world = await changeWorld()
      const { ledger, faults } = world.store
      const locks =
        keys ?? lacking(world).map((userId) => targetKey({ licenseId: WALLBOARD, userId, desired: false }))
      const plan = () => world.plans({ idempotencyKey: 'p1' }).plan(order(world))
      faults.failNext(isHeaderPut, 'outage', 3)
      await expect(plan()).rejects.toMatchObject({ code: 'ledger.unavailable' })
      expect(await ledger.locks(locks)).toEqual(new Map())
      const calls = faults.calls.length
      const { value } = await plan()
      expect(value.state).toBe('NOOP')
      const noted = [...(await ledger.locks(locks)).values()].map(({ newest }) => newest?.changeId)
      expect(noted).toEqual(locks.map(() => value.id))
      const writes = faults.calls.slice(calls).filter(({ action }) => /^(Put|Transact)/.test(action))
      expect(writes).toHaveLength(1)
    },
  )

  it('has no say at any target where another change comes to one of them in between, and waits', async () => {
    const world = await changeWorld()
    const people = lacking(world).slice(0, 3)
    const keys = people.map((userId) => targetKey({ licenseId: WALLBOARD, userId, desired: false }))
    const { ledger } = world.store
    const theirs = { holder: 'another.one' }
    let isTaken = false
    const racing: Ledger = {
      ...ledger,
      async commit(writes) {
        if (!isTaken) await putLockOn(ledger, keys[2] ?? '', theirs, undefined)
        isTaken = true
        return await ledger.commit(writes)
      },
    }
    const { value } = await world
      .plans({ idempotencyKey: 'p1' }, world.bench({ ledger: racing }))
      .plan(assigning(taking(people)))
    expect(value.state).toBe('PLANNED')
    expect(await ledger.locks(keys)).toEqual(new Map([[keys[2], theirs]]))
    const again = (await world.plans({ idempotencyKey: 'p1' }).plan(assigning(taking(people)))).value
    const { id, state, digest, before } = value
    expect(again).toMatchObject({ id, state, digest, before })
    expect(await allChanges(world)).toHaveLength(1)
  })

  it('of more pairs than one write takes has its say before it is on record', async () => {
    const world = await changeWorld({ org: { users: 160 } })
    const people = lacking(world, 160).slice(0, 120)
    const { value } = await world.plans().plan(assigning(taking(people)))
    expect(value.state).toBe('NOOP')
    const keys = people.map((userId) => targetKey({ licenseId: WALLBOARD, userId, desired: false }))
    const noted = [...(await world.store.ledger.locks(keys)).values()].map(({ newest }) => newest?.changeId)
    expect(noted).toEqual(keys.map(() => value.id))
  })

  it('for a later time waits: it may have something to do by then', async () => {
    const world = await changeWorld()
    const order = { ...toggle(false), notBefore: '2026-11-15T13:00:00Z' }
    expect((await world.plans().plan(order)).value.state).toBe('PLANNED')
  })

  it('does not keep a planned revert from coming', async () => {
    const world = await changeWorld()
    await world.changes().request({ ...toggle(true), revertAfter: 'PT1H' })
    world.clock.advance(10 * SECOND_MS)
    expect((await world.plans({ actor: BO }).plan(toggle(true))).value.state).toBe('NOOP')
    await world.rest()
    expect(isOn(world)).toBe(false)
  })
})

it('a record from before the rule counts as asked for when it was made', async () => {
  const world = await changeWorld()
  const older = await givenBack(world)
  const { intentAtMs: _, ...before } = await headerOf(world, older.id)
  expect(await replaceOn(world.store.ledger, { ...before, version: before.version + 1 }, before)).toBe(true)
  world.clock.advance(10 * SECOND_MS)
  await world.changes({ actor: BO, idempotencyKey: 'k2' }).assign({
    assignments: [assignment(WALLBOARD, [userAt(world, 0)])],
  })
  await world.rest()
  expect([(await headerOf(world, older.id)).state, isOn(world)]).toEqual(['APPLIED', true])
})

it('a request is as old as its coming, however long it takes to read what it is about', async () => {
  const world = await changeWorld()
  let later: string | undefined
  const slow = benchOn(
    world,
    beforeRequest(
      (request) => !isPost(request),
      async () => {
        world.clock.advance(2_000)
        later = (await world.changes({ actor: BO, idempotencyKey: 'b' }).request(toggle(false))).value.state
        world.clock.advance(1_000)
      },
    ),
  )
  const { value } = await world.changes({ idempotencyKey: 'a' }, slow).request(toggle(true))
  expect([later, value.state, world.org.truth().toggles[OFF], world.posts()]).toEqual([
    'NOOP',
    'SUPERSEDED',
    false,
    0,
  ])
})
