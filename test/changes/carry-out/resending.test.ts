/**
 * Clients that resend what was not answered, or answered with a 5xx: the official CLI 166, and the Go SDK 188 with the
 * same settings. Whatever is lost, one command is one POST, and its toggle is switched once.
 */
import { describe, expect, it } from 'vitest'
import { GatewayError } from '../../../lib/errors.ts'
import { giving, hasWallboard, OFF, togglePath, userAt } from '../../support/changes/change-orders.ts'
import {
  allChanges,
  BO,
  type ChangeWorld,
  changeWorld,
  headerOf,
} from '../../support/changes/change-world.ts'

const SECOND_MS = 1_000
const MINUTE_MS = 60_000

/** As both have it: tries after the first, and the waits between them, which double. */
const MAX_RESENDS = 20
const FIRST_WAIT_MS = 5 * SECOND_MS
const LONGEST_WAIT_MS = 60 * SECOND_MS

const isResent = (status: number) => status === 429 || (status >= 500 && status !== 501)
const isOn = ({ org }: ChangeWorld) => org.truth().toggles[OFF]
const switching = (world: ChangeWorld) => () => world.changes().switchToggle(OFF)

interface Journey {
  /** Whether the answer to a try, counted from 0, is lost on its way to the client. */
  readonly isLost?: (n: number) => boolean
  /** What else happens after a try. */
  readonly meanwhile?: (n: number) => Promise<unknown>
}

/** One command. @returns the statuses of its tries, 0 for a lost answer. */
async function command(world: ChangeWorld, ask: () => Promise<unknown>, journey: Journey = {}) {
  const { isLost = () => false, meanwhile = async () => {} } = journey
  const statuses: number[] = []
  let waitMs = FIRST_WAIT_MS
  for (let n = 0; n <= MAX_RESENDS; n++) {
    const status = await statusOf(ask)
    statuses.push(isLost(n) ? 0 : status)
    await meanwhile(n)
    if (!isLost(n) && !isResent(status)) break
    world.clock.advance(waitMs)
    waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)
    await world.tick()
  }
  return statuses
}

async function statusOf(ask: () => Promise<unknown>): Promise<number> {
  try {
    await ask()
    return 200
  } catch (error) {
    if (error instanceof GatewayError) return error.status
    throw error
  }
}

describe('one command that switches a toggle', () => {
  it.each([
    ['Genesys breaks the connection before it has switched', { reset: true }, false, [409]],
    ['Genesys breaks the connection after it has switched', { applyThenReset: true }, true, [200]],
    ['Genesys answers 503', { status: 503 }, false, [409]],
    ['Genesys answers 504', { status: 504 }, false, [409]],
  ] as const)('is one POST where %s', async (_, action, isSwitched, statuses) => {
    const world = await changeWorld()
    world.org.addFaults([{ match: { method: 'POST', path: togglePath() }, do: action }])
    expect(await command(world, switching(world))).toEqual(statuses)
    await world.rest()
    expect([world.posts(), isOn(world), (await allChanges(world)).length]).toEqual([1, isSwitched, 1])
  })

  it.each([
    ['nothing', [], true],
    ['that Genesys switched', [{ applyThenReset: true }], true],
    ['whether Genesys switched', [{ reset: true }], false],
  ] as const)(
    'is one POST where no answer arrives for 17 minutes, and %s is unclear',
    async (_, actions, isSwitched) => {
      const world = await changeWorld()
      world.org.addFaults(
        actions.map((each) => ({ match: { method: 'POST', path: togglePath() }, do: each })),
      )
      const statuses = await command(world, switching(world), { isLost: () => true })
      expect(statuses).toHaveLength(1 + MAX_RESENDS)
      expect([world.posts(), isOn(world), (await allChanges(world)).length]).toEqual([1, isSwitched, 1])
    },
  )

  it('is one POST where somebody settles it while the client goes on', async () => {
    const world = await changeWorld()
    world.org.addFaults([{ match: { method: 'POST', path: togglePath() }, do: { reset: true } }])
    const settled: string[] = []
    const statuses = await command(world, switching(world), {
      isLost: (n) => n < MAX_RESENDS,
      async meanwhile(n) {
        if (n !== 6) return
        const [change] = await allChanges(world)
        const { value } = await world.plans({ actor: BO, idempotencyKey: 's1' }).settle(change?.id ?? '')
        settled.push(value.state)
      },
    })
    expect([settled, statuses.at(-1)]).toEqual([['FAILED'], 409])
    expect([world.posts(), isOn(world), (await allChanges(world)).length]).toEqual([1, false, 1])
  })

  it('that is turned down with 429 is carried out by a later try, once', async () => {
    const world = await changeWorld()
    const busy = { status: 429, headers: { 'Retry-After': '60' } }
    world.org.addFaults([{ match: { method: 'POST', path: togglePath() }, times: 2, do: busy }])
    expect(await command(world, switching(world))).toEqual([429, 429, 200])
    expect(isOn(world)).toBe(true)
  })

  it('that is turned down gives way to what another has switched before its later try', async () => {
    const world = await changeWorld()
    const busy = { status: 429, headers: { 'Retry-After': '60' } }
    world.org.addFaults([{ match: { method: 'POST', path: togglePath() }, do: busy }])
    const statuses = await command(world, switching(world), {
      async meanwhile(n) {
        if (n > 0) return
        world.clock.advance(SECOND_MS)
        await world.changes({ actor: BO, idempotencyKey: 'k1' }).switchToggle(OFF)
      },
    })
    // Its try would have switched back.
    expect([statuses, isOn(world)]).toEqual([[429, 409], true])
  })
})

describe('a new wish', () => {
  it('to switch back is one two minutes after the last answer, and not before', async () => {
    const world = await changeWorld()
    const ask = switching(world)
    await ask()
    for (let n = 0; n < 3; n++) {
      world.clock.advance(2 * MINUTE_MS - SECOND_MS)
      expect(await ask()).toMatchObject({ value: { enabled: true }, isReplay: true })
    }
    world.clock.advance(2 * MINUTE_MS)
    expect(await ask()).toMatchObject({ value: { enabled: false }, isReplay: false })
    expect(world.posts()).toBe(2)
  })

  it('is none for as long as nobody has settled the first, nor for twenty minutes after', async () => {
    const world = await changeWorld()
    world.org.addFaults([{ match: { method: 'POST', path: togglePath() }, do: { reset: true } }])
    const ask = switching(world)
    await expect(ask()).rejects.toMatchObject({ code: 'outcome.unknown', status: 409 })
    const [change] = await allChanges(world)
    await world.rest()
    world.clock.advance(10 * 60 * MINUTE_MS)
    await expect(ask()).rejects.toMatchObject({
      code: 'outcome.unknown',
      message: expect.stringContaining(`/v1/changes/${change?.id}/settle`),
      faults: [{ entityId: change?.id }],
    })
    await world.plans({ actor: BO, idempotencyKey: 's1' }).settle(change?.id ?? '')
    world.clock.advance(20 * MINUTE_MS - SECOND_MS)
    await expect(ask()).rejects.toMatchObject({ code: 'change.not.applied', status: 409 })
    world.clock.advance(2 * MINUTE_MS)
    expect(await ask()).toMatchObject({ value: { enabled: true }, isReplay: false })
  })

  it('at the moment at which a repeat is answered is that repeat or a new one, and never both', async () => {
    const world = await changeWorld()
    const ask = switching(world)
    await ask()
    world.clock.advance(2 * MINUTE_MS - SECOND_MS)
    const [one, other] = await Promise.all([ask(), ask()])
    expect([one.isReplay, other.isReplay]).toEqual([true, true])
    expect(world.posts()).toBe(1)
  })
})

describe('what waits for an approver', () => {
  const rules = [{ toggles: ['*'] }, { licenses: ['*'] }]

  it('is one request, however often a client without a key resends it', async () => {
    const world = await changeWorld({ approvals: rules })
    const ana = userAt(world, 0)
    for (const ask of [switching(world), () => world.changes().assign(giving([ana]))]) {
      const statuses = await command(world, ask, { isLost: (n) => n < 8 })
      expect(statuses.at(-1)).toBe(409)
    }
    const waiting = await allChanges(world)
    expect(waiting.map(({ state }) => state)).toEqual(['AWAITING_APPROVAL', 'AWAITING_APPROVAL'])
    for (const { id, kind } of waiting) {
      const ask = kind === 'toggle' ? switching(world) : () => world.changes().assign(giving([ana]))
      await expect(ask()).rejects.toMatchObject({
        code: 'change.approval.required',
        faults: [{ entityId: id }],
      })
    }
  })

  it('of another caller, for other people or after it was decided is a request of its own', async () => {
    const world = await changeWorld({ approvals: rules })
    const [ana, ben] = [userAt(world, 0), userAt(world, 1)]
    const ask = (ids: string[], actor?: typeof BO) =>
      world
        .changes(actor ? { actor } : {})
        .assign(giving(ids))
        .catch((error) => (error instanceof GatewayError ? error.faults[0]?.entityId : undefined))
    const first = await ask([ana])
    expect(await ask([ana])).toBe(first)
    const others = [await ask([ana, ben]), await ask([ana], BO)]
    expect(new Set([first, ...others]).size).toBe(3)
    await world.records({ actor: BO, idempotencyKey: 'r1' }).reject(String(first))
    const again = await ask([ana])
    expect([first, ...others]).not.toContain(again)
    expect(hasWallboard(world, ana)).toBe(false)
  })
})

it('an undo that waits for an approver shows no end that will not hold', async () => {
  const world = await changeWorld()
  const { value } = await world.changes({ idempotencyKey: 'k1' }).switchToggle(OFF)
  expect(value.enabled).toBe(true)
  const [change] = await allChanges(world)
  const strict = () =>
    world.bench({
      policy: { approvals: [{ toggles: [OFF] }], people: world.bench().policy.people },
    })
  const undo = await world.changes({ idempotencyKey: 'u1' }, strict()).undo(change?.id ?? '')
  expect(undo.value.state).toBe('AWAITING_APPROVAL')
  expect(undo.value.notAfter).toBeUndefined()
  world.clock.advance(60 * MINUTE_MS)
  const approver = { actor: BO, idempotencyKey: 'a1' }
  const { value: approved } = await world
    .changes(approver, strict())
    .approve(undo.value.id, undo.value.digest)
  expect(approved).toMatchObject({ state: 'APPLIED', notAfter: '2026-11-15T13:15:00.000Z' })
  expect((await headerOf(world, approved.id)).state).toBe('APPLIED')
})
