/** The stop switch: while writes are paused nothing is claimed or sent, and nothing of what was asked for is lost. */
import { describe, expect, it } from 'vitest'
import { flipToggle } from '../../../lib/events/flip-toggle.ts'
import {
  assigning,
  BATCH_PATH,
  beforeRequest,
  benchOn,
  crashingAt,
  giving,
  hasWallboard,
  isPost,
  leaveLock,
  lettersForTests,
  OFF,
  toggle,
  toldTypes,
  userAt,
  WALLBOARD,
} from '../../support/changes/change-orders.ts'
import {
  allChanges,
  BO,
  type ChangeWorld,
  type ChangeWorldOptions,
  changeWorld,
  headerOf,
} from '../../support/changes/change-world.ts'
import { pause, resume } from '../../support/changes/write-switch.ts'
import { benchBehind, type Outgoing } from '../proof/gate.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** Within that, and a tick, whatever waited is carried out. */
const RESUMED_MS = 6 * MINUTE_MS

async function paused(options: ChangeWorldOptions = {}): Promise<ChangeWorld> {
  const world = await changeWorld(options)
  await pause(world)
  return world
}

/** Ticks once a minute, as the stack does, or less often where that shows as much. */
async function pass(world: ChangeWorld, ms: number): Promise<void> {
  const stepMs = ms >= HOUR_MS ? 10 * MINUTE_MS : MINUTE_MS
  for (let passed = 0; passed < ms; passed += stepMs) {
    world.clock.advance(stepMs)
    await world.tick()
  }
}

describe('while writes are paused', () => {
  it.each([
    ['a toggle', (world: ChangeWorld) => world.changes({ idempotencyKey: 'k' }).request(toggle(true))],
    ['a switch without a key', (world: ChangeWorld) => world.changes().switchToggle(OFF)],
    ['licenses', (world: ChangeWorld) => world.changes().assign(giving([userAt(world, 0)]))],
  ])('a write is refused before anything is on record, with who, since when and why: %s', async (_, ask) => {
    const world = await paused()
    await expect(ask(world)).rejects.toMatchObject({
      code: 'writes.paused',
      status: 409,
      message:
        'Writes to Genesys are paused since 2026-11-15T12:00:00.000Z by bo: Genesys is being moved; nothing was sent. An approver resumes them with PUT /v1/writes, or “resume” in chat',
    })
    expect([await allChanges(world), world.posts()]).toEqual([[], 0])
    await resume(world)
    await ask(world)
    expect(world.posts()).toBe(1)
  })

  it('an undo is refused but for its plan, and a repeat of what was carried out before is answered as it was', async () => {
    const world = await changeWorld()
    const ask = () => world.changes({ idempotencyKey: 'k' }).request(toggle(true))
    const { value } = await ask()
    await pause(world)
    await expect(world.changes({ idempotencyKey: 'u' }).undo(value.id)).rejects.toMatchObject({
      code: 'writes.paused',
    })
    const { value: draft } = await world.changes({ idempotencyKey: 'd' }).undo(value.id, { isDraft: true })
    expect(draft).toMatchObject({ state: 'PLANNED', undoes: value.id })
    expect(await ask()).toEqual({ value, isReplay: true })
  })

  it('a plan is made, says so, and can be applied: it waits, and is carried out once they are resumed', async () => {
    const world = await paused()
    const { value: plan } = await world.plans({ idempotencyKey: 'k' }).plan(toggle(true))
    const writesPaused = {
      isByOrgFile: false,
      since: '2026-11-15T12:00:00.000Z',
      by: { kind: 'jwt', id: 'bo', person: 'bo' },
      reason: 'Genesys is being moved',
    }
    expect(plan).toMatchObject({ state: 'PLANNED', writesPaused })
    const { value } = await world.changes({ idempotencyKey: 'a' }).apply(plan.id, plan.digest)
    expect(value).toMatchObject({
      state: 'PLANNED',
      isReleased: true,
      writesPaused,
      failure: { code: 'writes.paused' },
    })
    expect(value.history.map(({ state }) => state)).toEqual(['PLANNED', 'PLANNED'])
    await pass(world, HOUR_MS)
    expect(await world.records().change(plan.id)).toMatchObject({ state: 'PLANNED', writesPaused })
    await resume(world)
    await pass(world, RESUMED_MS)
    expect(await world.records().change(plan.id)).toMatchObject({ state: 'APPLIED' })
    expect([world.posts(), world.left]).toEqual([1, []])
  })

  it('what still waits once they are resumed says that they were paused, and when it is taken up', async () => {
    const world = await paused()
    const { value: plan } = await world.plans({ idempotencyKey: 'k' }).plan(toggle(true))
    const apply = () => world.changes({ idempotencyKey: 'a' }).apply(plan.id, plan.digest)
    await apply()
    await resume(world)
    const message =
      'Nothing was sent while writes to Genesys were paused (by bo at 2026-11-15T12:00:00.000Z: Genesys is being moved)'
    for (const { value } of [{ value: await world.records().change(plan.id) }, await apply()]) {
      expect(value).toMatchObject({ state: 'PLANNED', failure: { code: 'writes.paused', message } })
      expect(value.writesPaused).toBeUndefined()
      expect(Date.parse(value.retryAt ?? '') - world.clock.nowMs()).toBeLessThanOrEqual(5 * MINUTE_MS)
    }
  })

  it('an approval counts, and its change is carried out once they are resumed, however late', async () => {
    const world = await changeWorld({ approvals: [{ toggles: [OFF] }] })
    const { value } = await world.changes({ idempotencyKey: 'k' }).request(toggle(true))
    await pause(world)
    const caller = { actor: BO, operation: 'approve', idempotencyKey: 'd' }
    const { value: approved } = await world.changes(caller).approve(value.id, value.digest)
    expect(approved).toMatchObject({ state: 'APPROVED', approval: { isApproved: true } })
    await pass(world, HOUR_MS)
    await resume(world)
    await pass(world, RESUMED_MS)
    expect((await headerOf(world, value.id)).state).toBe('APPLIED')
  })

  it('what is for later is put on record, waits past its time, and expires at a notAfter that somebody named', async () => {
    const world = await paused()
    const at = (ms: number) => new Date(world.clock.nowMs() + ms).toISOString()
    const ask = (key: string, notAfter?: string) =>
      world.changes({ idempotencyKey: key }).request({ ...toggle(true), notBefore: at(HOUR_MS), notAfter })
    const [open, ended] = [await ask('open'), await ask('ended', at(2 * HOUR_MS))]
    await pass(world, 3 * HOUR_MS)
    expect((await headerOf(world, open.value.id)).state).toBe('PLANNED')
    expect((await headerOf(world, ended.value.id)).state).toBe('EXPIRED')
    expect(toldTypes(world)).toEqual(['License Writes Paused', 'License Change Expired'])
    await resume(world)
    await pass(world, RESUMED_MS)
    expect((await headerOf(world, open.value.id)).state).toBe('APPLIED')
  })

  it('what comes by event is put on record and waits, for as long as it may be late', async () => {
    const world = await paused()
    const { deadLetters, letters } = lettersForTests()
    const flip = (id: string) =>
      flipToggle(
        { bench: world.bench(), deadLetters },
        {
          id,
          source: 'hr',
          'detail-type': 'License Toggle Requested',
          time: new Date(world.clock.nowMs()).toISOString(),
          detail: { featureName: OFF, enabled: true },
        },
      )
    await flip('e1')
    await flip('e1')
    expect(await allChanges(world)).toMatchObject([{ state: 'PLANNED', failure: { code: 'writes.paused' } }])
    await resume(world)
    await pass(world, RESUMED_MS)
    expect(await allChanges(world)).toMatchObject([{ state: 'APPLIED' }])
    await pause(world, 'p2')
    await flip('e2')
    await pass(world, HOUR_MS)
    expect((await allChanges(world)).map(({ state }) => state)).toEqual(['EXPIRED', 'APPLIED'])
    expect([toldTypes(world).at(-1), letters]).toEqual(['License Change Expired', []])
  })

  it('what is to be taken back waits too, and is taken back once they are resumed', async () => {
    const world = await changeWorld()
    const ana = userAt(world, 0)
    await world.changes({ idempotencyKey: 'k' }).request({ ...assigning(giving([ana])), revertAfter: 'PT1H' })
    await pause(world)
    await pass(world, 2 * HOUR_MS)
    expect([hasWallboard(world, ana), world.posts()]).toEqual([true, 1])
    await resume(world)
    await pass(world, RESUMED_MS)
    expect([hasWallboard(world, ana), world.posts()]).toEqual([false, 2])
  })

  it('what was sent is looked at and told, and is not sent a second time', async () => {
    const world = await changeWorld()
    const ana = userAt(world, 0)
    world.org.addFaults([{ match: { method: 'POST', path: BATCH_PATH }, do: { reset: true } }])
    await expect(world.changes({ idempotencyKey: 'k' }).assign(giving([ana]))).rejects.toMatchObject({
      code: 'outcome.unknown',
    })
    await pause(world)
    const sent = world.posts()
    await pass(world, 10 * MINUTE_MS)
    const [change] = await allChanges(world)
    expect([change?.state, world.posts()]).toEqual(['UNKNOWN', sent])
    await resume(world)
    await pass(world, RESUMED_MS)
    expect(hasWallboard(world, ana)).toBe(true)
  })

  it('the tick looks at what waits every few minutes, counts it as nothing left, and writes no history of that', async () => {
    const world = await paused()
    const { value } = await world.plans({ idempotencyKey: 'k' }).plan(toggle(true))
    await world.changes({ idempotencyKey: 'a' }).apply(value.id, value.digest)
    const before = (await headerOf(world, value.id)).version
    let due = 0
    for (let minute = 0; minute < 20; minute++) {
      world.clock.advance(MINUTE_MS)
      due += (await world.tick()).stillDue
    }
    const { version, history } = await headerOf(world, value.id)
    expect(version - before).toBeLessThanOrEqual(8)
    expect([due, history.length]).toEqual([0, 2])
  })
})

describe('the pause holds at once', () => {
  it.each([
    ['nobody waits for an approver', undefined],
    ['it was approved', [{ toggles: [OFF] }]],
  ])(
    'for what is claimed and not sent: it goes back to where it came from, where %s',
    async (_, approvals) => {
      const world = await changeWorld({ approvals: approvals ?? [] })
      const { value: plan } = await world.plans({ idempotencyKey: 'k' }).plan(toggle(true))
      const bench = benchOn(
        world,
        beforeRequest(
          ({ method }) => method === 'GET',
          () => pause(world),
        ),
      )
      if (approvals) {
        await world
          .changes({ idempotencyKey: 'a' })
          .apply(plan.id, plan.digest)
          .catch(() => {})
        await world
          .changes({ actor: BO, operation: 'approve', idempotencyKey: 'd' }, bench)
          .approve(plan.id, plan.digest)
      } else await world.changes({ idempotencyKey: 'a' }, bench).apply(plan.id, plan.digest)
      const from = approvals ? 'APPROVED' : 'PLANNED'
      const { history } = await headerOf(world, plan.id)
      expect(history.slice(-3).map(({ state }) => state)).toEqual([from, 'CLAIMED', from])
      expect([history.at(-1)?.note, world.posts()]).toEqual(['nothing was sent: writes are paused', 0])
      await resume(world)
      await pass(world, RESUMED_MS)
      expect([(await headerOf(world, plan.id)).state, world.posts()]).toEqual(['APPLIED', 1])
    },
  )

  it.each([
    ['put on record', 1, ['PLANNED']],
    ['claimed', 2, ['PLANNED', 'CLAIMED', 'PLANNED']],
  ])('for a write that was just %s: whoever asked hears that it waits', async (_, nth, states) => {
    const world = await changeWorld()
    await leaveLock(world, { licenseId: WALLBOARD, userId: userAt(world, 0), desired: true })
    let reads = 0
    const bench = benchOn(
      world,
      beforeRequest(
        (request) => !isPost(request) && ++reads === nth,
        () => pause(world),
      ),
    )
    await expect(
      world.changes({ idempotencyKey: 'k' }, bench).assign(giving([userAt(world, 0)])),
    ).rejects.toMatchObject({
      status: 409,
      code: 'outcome.unknown',
      message: expect.stringMatching(
        /^Nothing was sent while writes to Genesys were paused \(by bo at .*: Genesys is being moved\)\. The change/,
      ),
    })
    const [change] = await allChanges(world)
    expect(change?.history.map(({ state }) => state)).toEqual(states)
    await pass(world, 30 * MINUTE_MS)
    expect([(await allChanges(world))[0]?.state, world.posts()]).toEqual(['EXPIRED', 0])
  })

  it('for a direct write whose look at others takes long, whose record takes long, or whose clock is set back', async () => {
    const slow = async (
      isMeant: (call: Outgoing) => boolean,
      pass: (world: ChangeWorld) => void = (world) => world.clock.advance(5_000),
    ) => {
      const world = await changeWorld()
      await world.changes({ idempotencyKey: 'a' }).request(toggle(true))
      world.clock.advance(10_000)
      let hasHappened = false
      const bench = benchBehind(world, async (call, go) => {
        if (!hasHappened && isMeant(call)) {
          hasHappened = true
          await pause(world)
          pass(world)
        }
        return await go()
      })
      const asked = world.changes({ idempotencyKey: 'b' }, bench).request(toggle(false))
      await expect(asked).rejects.toMatchObject({ code: 'writes.paused', status: 409 })
      expect([hasHappened, world.posts()]).toEqual([true, 1])
    }
    let looks = 0
    await slow(({ what }) => what.startsWith('BatchGetItem') && ++looks === 2)
    await slow(({ puts }) => puts?.state === 'SENT')
    await slow(
      ({ to }) => to === 'genesys',
      (world) => {
        world.clock.advance(5_000)
        world.clock.setBack(5_000)
      },
    )
  })

  it.each([
    ['at once, which counts as sent already', 400, ['APPLIED', 1]],
    ['slowly', 600, [undefined, 0]],
  ] as const)('for a direct write whose targets are being read %s', async (_, tookMs, found) => {
    const world = await changeWorld()
    const isRead = (request: Parameters<typeof isPost>[0]) => !isPost(request)
    const reading = async () => {
      await pause(world)
      world.clock.advance(tookMs)
    }
    const bench = benchOn(world, beforeRequest(isRead, reading))
    const asked = world.changes({ idempotencyKey: 'k' }, bench).request(toggle(true))
    if (found[1] === 0) await expect(asked).rejects.toMatchObject({ code: 'writes.paused', status: 409 })
    else await asked
    expect([(await allChanges(world))[0]?.state, world.posts()]).toEqual(found)
  })

  it('and what it kept waiting is carried out in time, where it was short', async () => {
    const world = await changeWorld()
    await pause(world)
    const atMs = world.clock.nowMs()
    const order = { kind: 'toggle', featureName: OFF, enabled: true } as const
    const changes = world.changes({ idempotencyKey: 'k' })
    await changes.deliver(order, { latestMs: atMs + 3 * MINUTE_MS, askedAtMs: atMs })
    await resume(world)
    await pass(world, 3 * MINUTE_MS)
    expect([(await allChanges(world))[0]?.state, world.posts()]).toEqual(['APPLIED', 1])
  })

  it('for what a worker that died had claimed', async () => {
    const world = await changeWorld()
    await leaveLock(world)
    const ask = world.changes({ idempotencyKey: 'k' }, crashingAt(world, 'CLAIMED', 'after'))
    await expect(ask.request(toggle(true))).rejects.toThrow('the process has ended')
    await pause(world)
    await pass(world, 5 * MINUTE_MS)
    const [change] = await allChanges(world)
    expect([change?.state, world.posts()]).toEqual(['PLANNED', 0])
    await resume(world)
    await pass(world, RESUMED_MS)
    expect([(await allChanges(world))[0]?.state, world.posts()]).toEqual(['APPLIED', 1])
  })

  it('but not for what is on its way: it is read back and told', async () => {
    const world = await changeWorld()
    const bench = benchOn(
      world,
      beforeRequest(isPost, () => pause(world)),
    )
    const { value } = await world.changes({ idempotencyKey: 'k' }, bench).request(toggle(true))
    expect([value.state, world.posts()]).toEqual(['APPLIED', 1])
  })
})

describe('the org file', () => {
  it('pauses them too, and no command lifts that', async () => {
    const world = await changeWorld({ policy: { writes: 'paused' } })
    const message =
      "Writes to Genesys are paused by the org file (writes: 'paused'); nothing was sent. They go on once the stack is deployed without it"
    await expect(world.changes({ idempotencyKey: 'k' }).request(toggle(true))).rejects.toMatchObject({
      code: 'writes.paused',
      message,
    })
    await expect(resume(world)).rejects.toMatchObject({ code: 'writes.paused', status: 409, message })
    expect(await world.records().writes()).toMatchObject({ state: 'paused', isPausedByOrgFile: true })
    expect(world.posts()).toBe(0)
  })
})
