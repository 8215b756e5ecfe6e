/** Seats: sets over the last reading, with what the gateway has done since, whatever an index or an answer lost. */

import { describe, expect, it } from 'vitest'
import { linesOfPlan } from '../../../infra/change/tell-plan.ts'
import type { Change } from '../../../lib/changes/answers/change-schemas.ts'
import { ChangePlanner } from '../../../lib/changes/change-planner.ts'
import { ChangeWriter } from '../../../lib/changes/change-writer.ts'
import { QUIET_MS } from '../../../lib/changes/model/timing.ts'
import type { Workbench } from '../../../lib/changes/record/desk.ts'
import { sayFindings } from '../../../lib/chat/conversation/words/plan-warnings.ts'
import { nodeTransport, type Transport } from '../../../lib/transport/transport.ts'
import {
  assigning,
  assignment,
  BATCH_PATH,
  byHand,
  crashingAt,
  giving,
  taking,
  userAt,
  WALLBOARD,
} from '../../support/changes/change-orders.ts'
import {
  ANA,
  BO,
  type ChangeWorld,
  type ChangeWorldOptions,
  changeWorld,
  headerOf,
} from '../../support/changes/change-world.ts'
import { textOf } from '../../support/ledger/ledger.ts'

const MINUTE_MS = 60_000
const SEATS = 20

/** Nobody of these holds a wallboard to begin with. */
const NEW = [0, 1, 3, 4, 5] as const

async function seatedWorld(options: ChangeWorldOptions = {}) {
  const world = await changeWorld({ policy: { licenses: { [WALLBOARD]: { seats: SEATS } } }, ...options })
  await world.read()
  world.clock.advance(MINUTE_MS)
  return world
}

/** What Genesys itself would count. */
function truth({ org }: ChangeWorld, licenseId = WALLBOARD): number {
  return Object.values(org.truth().users).filter((licenses) => licenses.includes(licenseId)).length
}

let keys = 0

/** What a plan says of the seats, before anything of it is done. */
async function plannedOn(world: ChangeWorld, batch: ReturnType<typeof giving>, bench = world.bench()) {
  keys += 1
  const caller = { actor: ANA, operation: 'plan', idempotencyKey: `p${keys}` }
  const { value } = await new ChangePlanner(bench, caller).plan(assigning(batch))
  return value
}

async function seatsOf(world: ChangeWorld, batch: ReturnType<typeof giving>, bench?: Workbench) {
  return (await plannedOn(world, batch, bench)).findings?.seats?.[0]
}

/** Plans it and applies the plan. */
async function carriedOut(world: ChangeWorld, batch: ReturnType<typeof giving>, bench = world.bench()) {
  const { id, digest } = await plannedOn(world, batch, bench)
  keys += 1
  const caller = { actor: ANA, operation: 'apply', idempotencyKey: `a${keys}` }
  return (await new ChangeWriter(bench, caller).apply(id, digest)).value
}

/** A ledger whose indexes have not heard of anything yet. */
function behind(world: ChangeWorld): Workbench {
  const blind: Transport = async (request) => {
    const isQuery =
      request.headers['x-amz-target']?.endsWith('.Query') && textOf(request).includes('IndexName')
    if (!isQuery) return await nodeTransport(request)
    const headers = { 'content-type': 'application/x-amz-json-1.0' }
    return { status: 200, headers, body: Buffer.from('{"Items":[],"Count":0,"ScannedCount":0}') }
  }
  return world.bench({ ledger: world.store.another(blind) })
}

describe('the seats of a plan', () => {
  it('say that their reading is not whole where somebody is missing in it, in words of chat and terminal too', async () => {
    const world = await seatedWorld()
    const [given, gone] = [userAt(world, 0), userAt(world, 2)]
    const whole = await plannedOn(world, giving([given]))
    world.org.movePeople([{ id: gone, state: 'vanished' }])
    await world.read()
    const unsure = await plannedOn(world, giving([given]))
    expect([whole, unsure].map(({ findings }) => findings?.seats?.[0]?.isWhole)).toEqual([undefined, false])
    const told = (change: Change) => [
      JSON.stringify(sayFindings(change, (userId) => userId)),
      linesOfPlan(change, []).join('\n'),
    ]
    for (const words of told(unsure)) expect(words).toContain('counted from is not whole')
    for (const words of told(whole)) expect(words).not.toContain('not whole')
  })

  it.each([
    ['', (world: ChangeWorld) => world.bench()],
    [', also where every index lags behind', behind],
  ])('count the grants of a moment ago one by one%s', async (_, benchOf) => {
    const world = await seatedWorld()
    const before = truth(world)
    for (const [n, index] of NEW.slice(0, 3).entries()) {
      const bench = benchOf(world)
      const given = giving([userAt(world, index)])
      expect(await seatsOf(world, given, bench)).toEqual({
        licenseId: WALLBOARD,
        seats: SEATS,
        taken: before + n,
        after: before + n + 1,
        unknown: 0,
        open: 0,
        isOver: false,
        asOf: '2026-11-15T12:00:00.000Z',
      })
      expect(await carriedOut(world, given, bench)).toMatchObject({ state: 'APPLIED' })
      expect(truth(world)).toBe(before + n + 1)
      world.clock.advance(MINUTE_MS)
    }
  })

  it('read nothing in Genesys but the people of the plan', async () => {
    const world = await seatedWorld()
    const before = world.org.requests().length
    await plannedOn(world, giving([userAt(world, 0)]))
    const asked = world.org.requests().slice(before)
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /api/v2/license/users',
      'GET /api/v2/license/definitions',
      // Who that is, and whether others have the name.
      'GET /api/v2/users',
      'POST /api/v2/users/search',
    ])
  })

  it('are sets: given twice, given and taken, taken and given again', async () => {
    const world = await seatedWorld()
    const before = truth(world)
    const [ana, ben] = [userAt(world, 0), userAt(world, 1)]
    for (const batch of [giving([ana]), giving([ana, ben]), taking([ben]), taking([ana]), giving([ana])]) {
      await carriedOut(world, batch)
      expect((await seatsOf(world, giving([ana])))?.taken).toBe(truth(world))
    }
    expect(truth(world)).toBe(before + 1)
  })

  it('are not counted twice by the reading after them', async () => {
    const world = await seatedWorld()
    await carriedOut(world, giving([userAt(world, 0)]))
    await world.read()
    expect(await seatsOf(world, giving([userAt(world, 1)]))).toMatchObject({ taken: truth(world) })
  })

  it('are not known where a reading soon after still shows what was before them', async () => {
    const world = await seatedWorld()
    await carriedOut(world, giving([userAt(world, 0)]))
    world.clock.advance(1_000)
    const stale = {
      match: { method: 'GET', path: '/api/v2/license/users' },
      do: { staleReadMs: 500 },
    } as const
    world.org.addFaults([stale])
    await world.read()
    // Somebody may as well have taken it back in Genesys: nobody knows, and neither is said.
    expect(await seatsOf(world, giving([userAt(world, 1)]))).toMatchObject({
      taken: truth(world) - 1,
      unknown: 1,
    })
  })

  it('are as the next reading has them where somebody changed it in Genesys itself', async () => {
    const world = await seatedWorld()
    const [ana, ben] = [userAt(world, 0), userAt(world, 1)]
    await carriedOut(world, giving([ana]))
    world.clock.advance(MINUTE_MS)
    await byHand(world).assign(taking([ana]))
    expect((await seatsOf(world, giving([ben])))?.taken).toBe(truth(world) + 1)
    await world.read()
    expect((await seatsOf(world, giving([ben])))?.taken).toBe(truth(world))
  })

  it('know better of the people of the plan than any reading', async () => {
    const world = await seatedWorld()
    const ana = userAt(world, 0)
    await byHand(world).assign(giving([ana]))
    const now = truth(world)
    expect(await seatsOf(world, giving([ana]))).toMatchObject({ taken: now, after: now })
  })

  it('count one who loses it in the same order as free', async () => {
    const world = await seatedWorld()
    const before = truth(world)
    const assignments = [assignment(WALLBOARD, [userAt(world, 0)], [userAt(world, 2)])]
    expect(await seatsOf(world, { assignments })).toMatchObject({ taken: before, after: before })
  })

  it('are counted for a license in whichever case the org file has it', async () => {
    const world = await seatedWorld({ policy: { licenses: { WALLBOARDUSER: { seats: SEATS } } } })
    expect(await seatsOf(world, giving([userAt(world, 0)]))).toMatchObject({ taken: truth(world) })
  })

  it('say nothing where nobody has read who holds what, and not that none are taken', async () => {
    const world = await changeWorld({ policy: { licenses: { [WALLBOARD]: { seats: SEATS } } } })
    expect(await seatsOf(world, giving([userAt(world, 0)]))).toEqual({ licenseId: WALLBOARD, seats: SEATS })
  })

  it('are told of a license that is only taken too', async () => {
    const world = await seatedWorld({ policy: { licenses: { [WALLBOARD]: { seats: 0 } } } })
    const before = truth(world)
    const { findings, impact } = await plannedOn(world, taking([userAt(world, 2)]))
    expect(findings?.seats).toMatchObject([{ seats: 0, taken: before, after: before - 1, isOver: true }])
    // It is over without this, and this is not what takes it over.
    expect(impact?.overSeats).toBeUndefined()
  })

  it('are who holds it now and then where nobody has told how many are paid for', async () => {
    const world = await seatedWorld()
    const held = truth(world, 'collaborate')
    const { findings } = await plannedOn(world, giving([userAt(world, 0)], 'collaborate'))
    const [seats] = findings?.seats ?? []
    expect(seats).toMatchObject({ licenseId: 'collaborate', taken: held, after: held + 1, unknown: 0 })
    expect(seats).toMatchObject({ seats: undefined, open: undefined, isOver: undefined })
  })

  it('that would not suffice come first', async () => {
    const world = await seatedWorld({
      policy: { licenses: { communicate: { seats: 1_000 }, [WALLBOARD]: { seats: 1 } } },
    })
    const assignments = [
      assignment('communicate', [userAt(world, 0)]),
      assignment(WALLBOARD, [userAt(world, 0)]),
    ]
    const { findings } = await plannedOn(world, { assignments })
    expect(findings?.seats?.map(({ licenseId, isOver }) => [licenseId, isOver])).toEqual([
      [WALLBOARD, true],
      ['communicate', false],
    ])
  })

  it('that are too few already are so too where it is given to those who hold it', async () => {
    const world = await seatedWorld({ policy: { licenses: { [WALLBOARD]: { seats: 1 } } } })
    const held = truth(world)
    const { findings, impact } = await plannedOn(world, giving([userAt(world, 2)]))
    expect(findings?.seats).toMatchObject([{ taken: held, after: held, isOver: true }])
    expect(impact?.overSeats).toBeUndefined()
    const more = await plannedOn(world, giving([userAt(world, 0)]))
    expect(more.impact?.overSeats).toEqual([{ licenseId: WALLBOARD, seats: 1, after: held + 1 }])
  })

  it('are counted anew for whoever looks at it while it waits', async () => {
    const world = await seatedWorld()
    const before = truth(world)
    const { id } = await plannedOn(world, giving([userAt(world, 0)]))
    await carriedOut(world, giving([userAt(world, 1)]))
    const seats = async () => (await world.records().change(id)).findings?.seats?.[0]
    expect(await seats()).toMatchObject({ taken: before + 1, after: before + 2 })
    await world.records({ actor: BO }).cancel(id)
    expect(await seats()).toMatchObject({ taken: before, after: before + 1 })
  })
})

describe('what is not known', () => {
  const lost = { match: { method: 'POST', path: BATCH_PATH }, do: { reset: true } } as const

  it('is told as such while a write is without an answer, and known again when it has been read back', async () => {
    const world = await seatedWorld()
    const before = truth(world)
    const [ana, ben] = [userAt(world, 0), userAt(world, 1)]
    world.org.addFaults([lost])
    const { state } = await carriedOut(world, giving([ana]))
    expect(state).toBe('UNKNOWN')
    expect(await seatsOf(world, giving([ben]))).toMatchObject({
      taken: before,
      after: before + 1,
      unknown: 1,
      isOver: false,
    })
    await world.rest()
    expect(await seatsOf(world, giving([ben]))).toMatchObject({ taken: truth(world), unknown: 0 })
    expect(truth(world)).toBe(before + 1)
  })

  it('stays so through a reading that began while the write could still land', async () => {
    const world = await seatedWorld()
    world.org.addFaults([lost])
    await carriedOut(world, giving([userAt(world, 0)]))
    world.clock.advance(10_000)
    await world.read()
    expect(await seatsOf(world, giving([userAt(world, 1)]))).toMatchObject({ unknown: 1 })
  })

  it.each([
    ['before', { unknown: 0, open: 1 }],
    ['after', { unknown: 1, open: 0 }],
  ] as const)('is not lost where the process ends just %s the permit', async (when, counted) => {
    const world = await seatedWorld()
    const { id, digest } = await plannedOn(world, giving([userAt(world, 0)]))
    const bench = crashingAt(world, 'SENT', when)
    const caller = { actor: ANA, operation: 'apply', idempotencyKey: `crash-${when}` }
    await expect(new ChangeWriter(bench, caller).apply(id, digest)).rejects.toThrow('the process has ended')
    expect(await seatsOf(world, giving([userAt(world, 1)]))).toMatchObject(counted)
    await world.rest()
    expect(await headerOf(world, id)).toMatchObject({ state: 'APPLIED' })
    expect(await seatsOf(world, giving([userAt(world, 1)]))).toMatchObject({
      unknown: 0,
      taken: truth(world),
    })
  })

  it('is told of what needs a person too, until the next reading', async () => {
    const world = await seatedWorld()
    world.org.addFaults([{ ...lost, times: 2 }])
    const { id } = await carriedOut(world, giving([userAt(world, 0)]))
    await world.rest()
    expect(await headerOf(world, id)).toMatchObject({ state: 'NEEDS_ATTENTION' })
    const other = giving([userAt(world, 1)])
    expect(await seatsOf(world, other)).toMatchObject({ unknown: 1, taken: truth(world) })
    world.clock.advance(QUIET_MS + 1)
    await world.read()
    expect(await seatsOf(world, other)).toMatchObject({ unknown: 0, taken: truth(world) })
  })

  it.each([
    ['is refused', { status: 400 }],
    ['comes too often', { status: 429, headers: { 'Retry-After': '60' } }],
  ])('is not a write that %s, even where it cannot be read back', async (_, answer) => {
    const world = await seatedWorld()
    const before = truth(world)
    const { id, digest } = await plannedOn(world, giving([userAt(world, 0)]))
    world.org.addFaults([
      { match: { method: 'POST', path: BATCH_PATH }, times: 9, do: answer },
      { match: { method: 'POST', path: '/api/v2/license/users' }, skip: 1, times: 9, do: { status: 500 } },
    ])
    const caller = { actor: ANA, operation: 'apply', idempotencyKey: 'refused' }
    await new ChangeWriter(world.bench(), caller).apply(id, digest).catch(() => undefined)
    expect(['FAILED', 'PLANNED']).toContain((await headerOf(world, id)).state)
    world.org.reset()
    expect(await seatsOf(world, giving([userAt(world, 1)]))).toMatchObject({ unknown: 0, taken: before })
  })
})
