/** Group E of the fault catalogue: one change for one key, whoever repeats it and whatever fails. */
import { describe, expect, it } from 'vitest'
import { ChangeWriter } from '../../../lib/changes/change-writer.ts'
import type { Clock } from '../../../lib/clock.ts'
import {
  assigning,
  beforeRequest,
  benchOn,
  giving,
  isPost,
  OFF,
  toggle,
  userAt,
} from '../../support/changes/change-orders.ts'
import { ANA, allChanges, BO, changeWorld } from '../../support/changes/change-world.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import { isHeaderPut } from '../../support/ledger/ledger.ts'

const KEY = { idempotencyKey: 'k1' }

describe('the same key', () => {
  it('(E01, E02) fifty times at once is one change, one POST, and fifty times that change', async () => {
    const world = await changeWorld()
    // Fifty who wait on one clock would each move it on.
    const clock: Clock = { ...world.clock, sleep: () => new Promise((resolve) => setImmediate(resolve)) }
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => world.changes(KEY, world.bench({ clock })).request(toggle(true))),
    )
    expect(new Set(answers.map(({ value }) => value.id)).size).toBe(1)
    expect(answers.filter(({ isReplay }) => !isReplay)).toHaveLength(1)
    expect([world.posts(), world.org.truth().toggles[OFF]]).toEqual([1, true])
  })

  it('(E04) while the first is under way, and after it', async () => {
    const world = await changeWorld()
    const seen: string[] = []
    const bench = benchOn(
      world,
      beforeRequest(isPost, async () => {
        const { value, isReplay } = await world.changes(KEY).request(toggle(true))
        seen.push(`${value.state} ${isReplay}`)
      }),
    )
    await world.changes(KEY, bench).request(toggle(true))
    const { value, isReplay } = await world.changes(KEY).request(toggle(true))
    seen.push(`${value.state} ${isReplay}`)
    expect(seen).toEqual(['SENT true', 'APPLIED true'])
    expect(world.posts()).toBe(1)
  })

  it('(E04) of a license operation that is being sent: 409, that its outcome is not known, and where to look', async () => {
    const world = await changeWorld()
    const batch = giving([userAt(world, 0)])
    const seen: unknown[] = []
    const bench = benchOn(
      world,
      beforeRequest(isPost, () =>
        world
          .changes(KEY)
          .assign(batch)
          .catch((error) => seen.push(error)),
      ),
    )
    await world.changes(KEY, bench).assign(batch)
    expect(seen).toMatchObject([{ code: 'outcome.unknown', status: 409, isReplay: true }])
    expect(world.posts()).toBe(1)
  })

  it('(E16) finds the first one after years too, since no record is ever deleted', async () => {
    const world = await changeWorld()
    const first = await world.changes(KEY).request(toggle(true))
    world.clock.advance(5 * 365 * 86_400_000)
    const { value, isReplay } = await world.changes(KEY).request(toggle(true))
    expect([value, isReplay, world.posts()]).toEqual([first.value, true, 1])
  })

  it('with another body is refused, whatever became of the first', async () => {
    const world = await changeWorld()
    await world.changes(KEY).request(toggle(true))
    await expect(world.changes(KEY).request(toggle(false))).rejects.toMatchObject({
      code: 'idempotency.key.reused',
      status: 422,
    })
    expect(world.posts()).toBe(1)
  })

  it('(B23) with the members of the body in another order is the same request', async () => {
    const world = await changeWorld()
    const first = await world.changes(KEY).request({ ...toggle(true), reason: 'go live' })
    const second = await world
      .changes(KEY)
      .request({ reason: 'go live', enabled: true, featureName: OFF, kind: 'toggle' })
    expect(second).toEqual({ value: first.value, isReplay: true })
  })

  it.each([
    ['(E05) from another caller', { ...KEY, actor: BO }],
    ['(E05) from another kind of caller with the same id', { ...KEY, actor: { kind: 'slack', id: ANA.id } }],
    ['(E06) for another operation', { ...KEY, operation: 'another' }],
    ['(E07) in another case', { idempotencyKey: 'K1' }],
  ] as const)('%s is another request', async (_, caller) => {
    const world = await changeWorld()
    const first = await world.changes(KEY).request(toggle(true))
    const { value, isReplay } = await world.changes(caller).request(toggle(false))
    expect([value.state, isReplay]).toEqual(['APPLIED', false])
    expect(value.id).not.toBe(first.value.id)
  })
})

describe('what the end of a change does to its key', () => {
  it('(E10) refused before the effect, for a cause that passes: the key is free, and only for the same request', async () => {
    const world = await changeWorld()
    world.org.addFaults([
      { match: { method: 'POST' }, do: { status: 429, headers: { 'Retry-After': '60' } } },
    ])
    await expect(world.changes(KEY).request(toggle(true))).rejects.toMatchObject({ status: 429 })
    await expect(world.changes(KEY).request(toggle(false))).rejects.toMatchObject({ status: 422 })
    const { value } = await world.changes(KEY).request(toggle(true))
    expect(value.state).toBe('APPLIED')
    expect((await world.changes(KEY).request(toggle(true))).value).toEqual(value)
  })

  it('(E11, E22) an unknown outcome keeps it, and a repeat tells how it stands', async () => {
    const world = await changeWorld()
    world.org.addFaults([{ match: { method: 'POST' }, do: { reset: true } }])
    const states = []
    for (const _ of [1, 2]) states.push((await world.changes(KEY).request(toggle(true))).value.state)
    await world.rest()
    states.push((await world.changes(KEY).request(toggle(true))).value.state)
    expect(states).toEqual(['UNKNOWN', 'UNKNOWN', 'NEEDS_ATTENTION'])
    expect(world.posts()).toBe(1)
  })
})

describe('a ledger that fails', () => {
  const settles = (call: Parameters<typeof isHeaderPut>[0]) =>
    isHeaderPut(call) && JSON.stringify(call.input).includes('"state":{"S":"APPLIED"}')

  it('(E09) after the effect: told as sent and never as a success, the record stays SENT, the tick settles it', async () => {
    const world = await changeWorld()
    world.store.faults.failNext(settles, 'outage', 3)
    const { value } = await world.changes(KEY).request(toggle(true))
    expect(value.state).toBe('SENT')
    expect(world.clock.sleeps).toEqual([])
    expect(await allChanges(world)).toMatchObject([{ id: value.id, state: 'SENT' }])
    expect(world.left.join()).toContain('what came of it could not be recorded')
    await world.rest()
    expect(await allChanges(world)).toMatchObject([{ state: 'APPLIED' }])
    expect(world.posts()).toBe(1)
  })

  it('(E09) after the effect, for a license operation: its outcome is unknown, and a repeat asks again without a POST', async () => {
    const world = await changeWorld()
    const batch = giving([userAt(world, 0)])
    world.store.faults.failNext(settles, 'outage', 3)
    const unknown = {
      code: 'outcome.unknown',
      status: 409,
      faults: [{ fieldName: 'changeId', errorCode: 'SENT' }],
    }
    await expect(world.changes(KEY).assign(batch)).rejects.toMatchObject(unknown)
    await expect(world.changes(KEY).assign(batch)).rejects.toMatchObject({ status: 409 })
    await world.rest()
    const { value } = await world.changes(KEY).assign(batch)
    expect(value).toMatchObject([{ outcome: 'applied' }])
    expect(world.posts()).toBe(1)
  })

  it.each(['BatchGetItem', 'TransactWriteItems'])(
    '(E20) at the first %s: 503 with a wait, and nothing is sent',
    async (action) => {
      const world = await changeWorld()
      world.store.faults.failNext(action, 'drop', 50)
      await expect(world.changes(KEY).request(toggle(true))).rejects.toMatchObject({
        code: 'ledger.unavailable',
        status: 503,
        retryAfterSeconds: expect.any(Number),
      })
      expect(world.posts()).toBe(0)
      world.store.faults.heal()
      await expect(world.changes(KEY).request(toggle(true))).resolves.toMatchObject({
        value: { state: 'APPLIED' },
      })
      expect(world.posts()).toBe(1)
    },
  )

  it('(E21) stores each write and loses the answer: known as our own, and the change goes on', async () => {
    const world = await changeWorld()
    for (let version = 1; version <= 4; version++) {
      const isOf = (call: Parameters<typeof isHeaderPut>[0]) =>
        isHeaderPut(call) && JSON.stringify(call.input).includes(`"version":{"N":"${version}"}`)
      world.store.faults.failNext(isOf, 'drop.answer')
    }
    const { value, isReplay } = await world.changes(KEY).request(assigning(giving([userAt(world, 0)])))
    expect([value.state, isReplay, world.posts()]).toEqual(['APPLIED', false, 1])
  })
})

describe('a slow worker whose claim another has taken over', () => {
  it('(E14) sends nothing, and the second one’s record stands', async () => {
    const world = await changeWorld()
    let reads = 0
    // The second GET of the first worker is the reading under the lock.
    const slow = benchOn(
      world,
      beforeRequest(
        ({ method }) => method === 'GET' && ++reads === 2,
        async () => {
          world.clock.advance(31_000)
          await world.tick()
        },
      ),
    )
    const { value } = await world.changes(KEY, slow).request(toggle(true))
    expect([value.state, world.posts(), world.org.truth().toggles[OFF]]).toEqual(['APPLIED', 1, true])
  })

  it.each([-300_000, 300_000])('(E17) by a clock that is off by %i ms: still one POST', async (offMs) => {
    const world = await changeWorld()
    const otherClock = fakeClock()
    otherClock.advance(offMs)
    const bench = benchOn(
      world,
      beforeRequest(isPost, async () => {
        const other = new ChangeWriter(world.bench({ clock: otherClock }), {
          actor: ANA,
          operation: 'test',
          ...KEY,
        })
        await other.request(toggle(true)).catch(() => {})
      }),
    )
    await world.changes(KEY, bench).request(toggle(true))
    await world.rest()
    expect(world.posts()).toBe(1)
  })
})
