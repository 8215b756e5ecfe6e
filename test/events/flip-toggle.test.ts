/** `License Toggle Requested` from the bus. */
import { describe, expect, it } from 'vitest'
import { flipToggle } from '../../lib/events/flip-toggle.ts'
import { lettersForTests, OFF, toggle, toldTypes } from '../support/changes/change-orders.ts'
import {
  allChanges,
  BO,
  type ChangeWorldOptions,
  changeWorld,
  headerOf,
} from '../support/changes/change-world.ts'
import { nested } from '../support/nested.ts'

const MINUTE_MS = 60_000
const EVENT = {
  version: '0',
  id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
  'detail-type': 'License Toggle Requested',
  source: 'workforce.planning',
  account: '111122223333',
  time: '2026-11-15T12:00:00Z',
  region: 'eu-central-1',
  resources: [],
}
const event = (detail: unknown = {}, changes: Record<string, unknown> = {}) => ({
  ...EVENT,
  detail: typeof detail === 'object' ? { featureName: OFF, enabled: true, ...detail } : detail,
  ...changes,
})

async function listening(options: ChangeWorldOptions = {}) {
  const world = await changeWorld(options)
  const { letters, deadLetters } = lettersForTests()
  const deliver = (delivered: unknown = event()) =>
    flipToggle({ bench: world.bench(), deadLetters }, delivered)
  return { world, letters, deliver }
}

describe('an event that asks for a toggle', () => {
  it('makes a change in the name of its source, with its reason', async () => {
    const { world, deliver } = await listening()
    await deliver(event({ reason: 'night shift' }))
    expect(await allChanges(world)).toMatchObject([
      { state: 'APPLIED', reason: 'night shift', actor: { kind: 'event', id: 'workforce.planning' } },
    ])
    expect(toldTypes(world)).toEqual(['License Change Applied'])
  })

  it('(G02) delivered again and again is one change', async () => {
    const { world, deliver } = await listening()
    await deliver()
    await deliver()
    await Promise.all([deliver(), deliver(), deliver()])
    expect([world.posts(), (await allChanges(world)).length]).toEqual([1, 1])
  })

  it('of the same id from another source is another event', async () => {
    const { world, deliver } = await listening()
    await deliver()
    await deliver(event({ enabled: false }, { source: 'another' }))
    expect([world.posts(), (await allChanges(world)).length]).toEqual([2, 2])
  })

  it('(G03) throws for what passes, so that it is tried again, and stays one request', async () => {
    const { world, letters, deliver } = await listening()
    world.org.addFaults([
      { match: { method: 'GET' }, do: { status: 500 } },
      { match: { method: 'POST' }, do: { status: 429, headers: { 'Retry-After': '60' } } },
    ])
    await expect(deliver()).rejects.toMatchObject({ code: 'upstream.bad.response' })
    await expect(deliver()).rejects.toMatchObject({ code: 'too.many.requests.retry.after' })
    await deliver()
    expect([world.org.truth().toggles[OFF], letters]).toEqual([true, []])
  })

  it('nested deeper than anything means is a dead letter with that reason', async () => {
    const { world, letters, deliver } = await listening()
    await deliver(event({ x: JSON.parse(nested()) }))
    expect(letters).toMatchObject([{ why: '$: is nested deeper than 32 levels' }])
    expect([world.posts(), await allChanges(world)]).toEqual([0, []])
  })

  it('throws while the ledger cannot be reached', async () => {
    const { world, letters, deliver } = await listening()
    world.store.faults.failNext('BatchGetItem', 'drop', 3)
    await expect(deliver()).rejects.toMatchObject({ code: 'ledger.unavailable' })
    expect([world.posts(), letters]).toEqual([0, []])
  })

  it('(G03) does not throw for an outcome that nobody knows: the tick goes on with it', async () => {
    const { world, deliver } = await listening()
    world.org.addFaults([{ match: { method: 'POST' }, do: { reset: true } }])
    await deliver()
    await deliver()
    await world.rest()
    expect(await allChanges(world)).toMatchObject([{ state: 'NEEDS_ATTENTION' }])
    expect(world.posts()).toBe(1)
  })

  it('awaits approval where the rules ask for it', async () => {
    const tools = { planner: { eventSources: ['workforce.planning'] } }
    const { world, deliver } = await listening({ approvals: [{ toggles: ['*'] }], policy: { tools } })
    await deliver()
    const [{ id, digest, state } = { id: '', digest: '', state: '' }] = await allChanges(world)
    expect([state, world.posts()]).toEqual(['AWAITING_APPROVAL', 0])
    world.clock.advance(60 * MINUTE_MS)
    await world.changes({ actor: BO, operation: 'approve', idempotencyKey: 'd1' }).approve(id, digest)
    expect((await headerOf(world, id)).state).toBe('APPLIED')
  })

  it('of a source that is no tool goes to the dead letters where approval is needed, with what to add', async () => {
    const { world, letters, deliver } = await listening({ approvals: [{ toggles: [OFF] }] })
    await deliver()
    await deliver()
    expect(letters).toEqual(
      [1, 2].map(() => ({
        event: event(),
        why: expect.stringMatching(/event source workforce\.planning is no .* tool .*eventSources of a tool/),
      })),
    )
    expect([world.posts(), await allChanges(world)]).toEqual([0, []])
  })
})

describe('an event and its time', () => {
  it.each([
    ['a quarter of an hour after its time', {}, 15 * MINUTE_MS],
    ['its own notAfter', { notAfter: '2026-11-15T14:00:00Z' }, 120 * MINUTE_MS],
  ])('(G04) past %s is an EXPIRED change, which is told', async (_, detail, lateMs) => {
    const onTime = await listening()
    onTime.world.clock.advance(lateMs)
    await onTime.deliver(event(detail))
    expect(await allChanges(onTime.world)).toMatchObject([{ state: 'APPLIED' }])

    const { world, letters, deliver } = await listening()
    world.clock.advance(lateMs + 1)
    await deliver(event(detail))
    await deliver(event(detail))
    expect(await allChanges(world)).toMatchObject([{ state: 'EXPIRED' }])
    expect([world.posts(), toldTypes(world), letters]).toEqual([0, ['License Change Expired'], []])
  })

  it('(G05) before its notBefore waits, and the tick applies it then', async () => {
    const { world, deliver } = await listening()
    await deliver(event({ notBefore: '2026-11-15T13:00:00Z', notAfter: '2026-11-15T13:30:00Z' }))
    expect([world.posts(), (await allChanges(world)).length]).toEqual([0, 1])
    await world.rest()
    expect(await allChanges(world)).toMatchObject([
      { state: 'APPLIED', sentAtMs: Date.parse('2026-11-15T13:00:00Z') },
    ])
  })

  it('(G05) with a notBefore alone has its quarter of an hour from then', async () => {
    const { world, deliver } = await listening()
    await deliver(event({ notBefore: '2026-11-15T13:00:00Z' }))
    await world.rest()
    expect(await allChanges(world)).toMatchObject([
      { state: 'APPLIED', notAfterMs: Date.parse('2026-11-15T13:15:00Z') },
    ])
  })

  it('whose notAfter is before its notBefore can never be carried out: to the dead letters', async () => {
    const { world, letters, deliver } = await listening()
    await deliver(event({ notBefore: '2026-11-15T14:00:00Z', notAfter: '2026-11-15T13:00:00Z' }))
    expect(letters).toMatchObject([{ why: expect.stringContaining('notAfter') }])
    expect(await allChanges(world)).toEqual([])
  })
})

it('an event means what can be seen of it', async () => {
  const { world, letters, deliver } = await listening()
  await deliver(event({ featureName: `\u200e${OFF}\u200f` }))
  expect(await allChanges(world)).toMatchObject([{ state: 'APPLIED' }])
  expect([world.org.truth().toggles[OFF], letters]).toEqual([true, []])
})

it('of a hostile event the reason that is put with it stays short', async () => {
  const { letters, deliver } = await listening()
  const members = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`k${index}`, index]))
  await deliver(event(members))
  expect(letters[0]?.why.length).toBeLessThanOrEqual(1_000)
})

describe('(G07) an event that can never be carried out goes to the dead letters at once, with what is wrong', () => {
  it.each([
    ['no detail', event(undefined, { detail: undefined }), 'detail'],
    ['a detail that is a text', event('on'), 'detail: must be an object'],
    ['a detail that is JSON in a text', event(JSON.stringify(toggle(true))), 'detail: must be an object'],
    ['no value', event({ enabled: undefined }), 'detail.enabled: must be given, as true or false'],
    ['a value that is a text', event({ enabled: 'true' }), 'detail.enabled: must be true or false'],
    ['no toggle', event({ featureName: undefined }), 'detail.featureName: must be given, as a text'],
    ['a toggle that would be another path', event({ featureName: '../users' }), 'detail.featureName'],
    ['a toggle with what nobody sees inside', event({ featureName: 'agent\u200eAssist' }), 'U+200E'],
    ['a toggle with a dash for a hyphen', event({ featureName: 'agent\u2014assist' }), 'an em dash'],
    [
      'a member that nobody knows',
      event({ flip: true }),
      'detail.flip: is no property of this request: leave it out',
    ],
    ['a time without an offset', event({ notBefore: '2026-11-15T13:00' }), 'detail.notBefore'],
    ['a reason of two lines', event({ reason: 'a\nb' }), 'detail.reason'],
    ['a reason that nobody sees', event({ reason: '\u3164 \u200b' }), 'detail.reason: must be 1 to 500'],
    ['a reason that is turned around', event({ reason: 'a\u202eb' }), 'it has U+202E, which turns'],
    ['another detail type', event({}, { 'detail-type': 'License Change Applied' }), 'detail-type'],
    ['no id', event({}, { id: undefined }), 'id'],
    ['no time', event({}, { time: undefined }), 'time'],
    ['nothing', {}, 'detail'],
    ['null', null, '$'],
    ['a text', 'on', '$'],
  ])('%s', async (_, delivered, why) => {
    const { world, letters, deliver } = await listening()
    await deliver(delivered)
    expect(letters).toEqual([{ event: delivered, why: expect.stringContaining(why) }])
    expect(world.left).toHaveLength(1)
    expect([world.org.requests().length, await allChanges(world)]).toEqual([1, []])
  })

  it('throws where not even the dead letters take it, so that Lambda keeps it', async () => {
    const world = await changeWorld()
    const deadLetters = {
      put: async () => {
        throw new Error('the queue is gone')
      },
    }
    await expect(flipToggle({ bench: world.bench(), deadLetters }, {})).rejects.toThrow('the queue is gone')
  })
})

it('a toggle that Genesys does not know goes to the dead letters too', async () => {
  const { world, letters, deliver } = await listening()
  await deliver(event({ featureName: 'noSuchToggle' }))
  expect(letters).toMatchObject([{ why: expect.stringMatching(/has no toggle .*404.*: ./) }])
  expect([world.posts(), await allChanges(world)]).toEqual([0, []])
})

it('an event that Genesys refused for good is a FAILED change, which is told, and not tried again', async () => {
  const { world, letters, deliver } = await listening()
  world.org.addFaults([{ match: { method: 'POST' }, do: { status: 403 } }])
  await deliver()
  await deliver()
  expect(await allChanges(world)).toMatchObject([
    { state: 'FAILED', failure: { code: 'upstream.forbidden' } },
  ])
  expect([world.posts(), toldTypes(world), letters]).toEqual([1, ['License Change Failed'], []])
})
