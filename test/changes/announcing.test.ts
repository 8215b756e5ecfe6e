/** What goes out on the bus: which states, under which id, and at least once. */
import { describe, expect, it } from 'vitest'
import type { EventBus } from '../../lib/changes/announce.ts'
import { tick } from '../../lib/changes/tick.ts'
import { assigning, giving, OFF, toggle, toldTypes, userAt } from '../support/change-orders.ts'
import { type ChangeWorld, changeWorld, headerOf } from '../support/change-world.ts'

describe('each final state of the contract is told once', () => {
  const reset = [{ match: { method: 'POST' }, do: { reset: true } }] as const
  const refusal = [{ match: { method: 'POST' }, do: { status: 403 } }] as const
  it.each([
    ['APPLIED', 'License Change Applied', [], (world: ChangeWorld) => world.changes().request(toggle(true))],
    [
      'FAILED',
      'License Change Failed',
      refusal,
      (world: ChangeWorld) => world.changes().request(toggle(true)),
    ],
    [
      'NEEDS_ATTENTION',
      'License Change Needs Attention',
      reset,
      (world: ChangeWorld) => world.changes().request(toggle(true)),
    ],
    [
      'PARTIAL',
      'License Change Partial',
      [],
      (world: ChangeWorld) =>
        world.changes().request(
          assigning({
            assignments: [
              ...giving([userAt(world, 0)]).assignments,
              ...giving([userAt(world, 0)], 'noSuchLicense').assignments,
            ],
          }),
        ),
    ],
  ] as const)('%s as %s', async (state, detailType, faults, ask) => {
    const world = await changeWorld()
    world.org.addFaults([...faults])
    await ask(world).catch(() => {})
    await world.rest()
    expect(toldTypes(world)).toEqual([detailType])
    const [{ detail, atMs } = { detail: { eventId: '' }, atMs: 0 }] = world.told
    expect(detail).toMatchObject({ change: { state, actor: { id: 'ana' }, history: expect.any(Array) } })
    expect(detail['eventId']).toMatch(/^[0-9a-z]{20}#\d+$/)
    expect(atMs).toBe(world.clock.nowMs())
  })

  it('with an id that names the change and the version that reached the state', async () => {
    const world = await changeWorld()
    const { value } = await world.changes().request(toggle(true))
    const { eventVersion, publishedVersion, version } = await headerOf(world, value.id)
    expect([eventVersion, publishedVersion, version]).toEqual([4, 4, 5])
    expect(world.told.map(({ detail }) => detail['eventId'])).toEqual([`${value.id}#4`])
  })
})

describe('a bus that does not take an event', () => {
  const refusing: EventBus = { put: async (announcements) => announcements.map(() => false) }
  const unreachable: EventBus = {
    put: async () => {
      throw new Error('no route to the bus')
    },
  }
  it.each([
    ['refuses it inside a 200', refusing, 'the event bus refused its event'],
    ['cannot be reached', unreachable, 'its event could not be put'],
  ])(
    'because it %s: the caller is answered all the same, and the next tick puts it',
    async (_, bus, logged) => {
      const world = await changeWorld()
      const { value } = await world.changes({}, world.bench({ bus })).request(toggle(true))
      expect(value.state).toBe('APPLIED')
      expect(world.left).toEqual([expect.stringContaining(logged)])
      const desk = world.bench({ bus })
      await tick(desk, async () => desk)
      expect(world.told).toEqual([])
      await world.tick()
      expect(world.told.map(({ detail }) => detail['eventId'])).toEqual([`${value.id}#4`])
      await world.rest()
      expect(world.told).toHaveLength(1)
    },
  )

  it('is told the same event once more where only the note of it was lost', async () => {
    const world = await changeWorld()
    const { ledger } = world.store
    const forgetful = world.bench({
      ledger: {
        ...ledger,
        replace: async (next, seen) =>
          next.publishedVersion === undefined ? await ledger.replace(next, seen) : false,
      },
    })
    await world.changes({}, forgetful).request(toggle(true))
    await world.rest()
    const ids = world.told.map(({ detail }) => detail['eventId'])
    expect(ids).toHaveLength(2)
    expect(new Set(ids).size).toBe(1)
  })

  it('holds up no planned revert', async () => {
    const world = await changeWorld()
    const bench = () => world.bench({ bus: refusing })
    await world.changes({}, bench()).request({ ...toggle(true), revertAfter: 'PT1H' })
    world.clock.advance(3_600_000)
    await tick(bench(), async () => bench())
    expect(world.org.truth().toggles[OFF]).toBe(false)
  })
})
