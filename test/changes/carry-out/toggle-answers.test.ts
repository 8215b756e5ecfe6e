/** What each kind of answer to a toggle's reads and POST comes to. */
import { describe, expect, it } from 'vitest'
import type { OrgFault } from '../../../infra/local/org/faults/faults.ts'
import {
  beforeRequest,
  benchOn,
  isPost,
  leaveLock,
  OFF,
  toggle,
  togglePath,
} from '../../support/changes/change-orders.ts'
import { allChanges, changeWorld, headerOf } from '../../support/changes/change-world.ts'

const onPost = (action: OrgFault['do']): OrgFault => ({
  match: { method: 'POST', path: togglePath() },
  do: action,
})
const onRead = (action: OrgFault['do'], skip = 0): OrgFault => ({
  match: { method: 'GET', path: togglePath() },
  skip,
  do: action,
})
const errorBody = (status: number) => ({ status, code: 'said.so', message: 'Genesys says so' })

describe('an answer that proves nothing was switched fails the change', () => {
  it.each([
    ['(F17) 403', 403, 'upstream.forbidden', 502],
    ['400', 400, 'bad.request', 400],
    ['404', 404, 'not.found', 404],
  ])('%s to the POST: definite, and the same key is told the same again', async (_, status, code, told) => {
    const world = await changeWorld()
    world.org.addFaults([onPost({ status, body: errorBody(status) })])
    const ask = () => world.changes({ idempotencyKey: 'k1' }).request(toggle(true))
    await expect(ask()).rejects.toMatchObject({ code, status: told })
    const [change] = await allChanges(world)
    expect(change).toMatchObject({ state: 'FAILED', failure: { code, isPassing: false } })
    await expect(ask()).rejects.toMatchObject({
      code,
      status: told,
      faults: [{ fieldName: 'changeId', entityId: change?.id }],
    })
    expect(world.posts()).toBe(1)
    expect(await allChanges(world)).toHaveLength(1)
    expect(world.org.truth().toggles[OFF]).toBe(false)
  })

  it('passes Genesys’s own words on', async () => {
    const world = await changeWorld()
    world.org.addFaults([onPost({ status: 400, body: errorBody(400) })])
    await expect(world.changes().request(toggle(true))).rejects.toMatchObject({
      upstreamStatus: 400,
      upstreamBody: errorBody(400),
    })
  })

  it('(F16) 401: the token is renewed once and the POST sent once more', async () => {
    const world = await changeWorld()
    world.org.addFaults([onPost({ status: 401 })])
    const bench = world.bench()
    let renewals = 0
    const token = {
      ...bench.scope.token,
      renew: async () => {
        renewals += 1
      },
    }
    const renewing = world.bench({ scope: { ...bench.scope, token } })
    const { value } = await world.changes({}, renewing).request(toggle(true))
    expect(value.state).toBe('APPLIED')
    expect([renewals, world.posts()]).toEqual([1, 2])
  })

  it('401 again after the renewal: the operator must look, and the key is free', async () => {
    const world = await changeWorld()
    world.org.addFaults([{ ...onPost({ status: 401 }), times: 2 }])
    const ask = () => world.changes({ idempotencyKey: 'k1' }).request(toggle(true))
    await expect(ask()).rejects.toMatchObject({ code: 'upstream.unauthorized', status: 502 })
    await expect(ask()).resolves.toMatchObject({ value: { state: 'APPLIED' }, isReplay: false })
    expect(world.posts()).toBe(3)
  })
})

describe('an answer that proves nothing is read back', () => {
  it.each([
    ['(F11) 204', { status: 204 }],
    ['(F18) 409', { status: 409, body: errorBody(409) }],
    ['(F18) 412', { status: 412 }],
    ['500', { status: 500 }],
    ['503', { status: 503, headers: { 'Retry-After': '1' } }],
    ['a page of HTML', { status: 200, body: '<html>' }],
    ['another toggle', { status: 200, body: { featureName: 'another', enabled: true } }],
  ] as const)('%s, and not switched: a person is told', async (_, action) => {
    const world = await changeWorld()
    world.org.addFaults([onPost(action)])
    const { value } = await world.changes().request(toggle(true))
    expect(value.state).toBe('UNKNOWN')
    await world.rest()
    expect((await headerOf(world, value.id)).state).toBe('NEEDS_ATTENTION')
    expect(world.posts()).toBe(1)
  })

  it('(F11) 204, and switched all the same: confirmed by reading back', async () => {
    const world = await changeWorld()
    const bench = benchOn(world, (inner) => async (request) => {
      const answer = await inner(request)
      return isPost(request) ? { ...answer, status: 204, body: Buffer.from('') } : answer
    })
    const { value } = await world.changes({}, bench).request(toggle(true))
    await world.rest()
    expect((await headerOf(world, value.id)).state).toBe('APPLIED')
    expect(world.posts()).toBe(1)
  })

  it.each([301, 302, 307, 308])('(F19) %i: not followed, and ambiguous', async (status) => {
    const world = await changeWorld()
    world.org.addFaults([onPost({ status, headers: { Location: togglePath('agentAssist') } })])
    const { value } = await world.changes().request(toggle(true))
    expect(value.state).toBe('UNKNOWN')
    expect(world.posts()).toBe(1)
    expect(world.org.truth().toggles).toMatchObject({ agentAssist: true, [OFF]: false })
  })

  it('(F21) a connection that dies under the POST', async () => {
    const world = await changeWorld()
    world.org.addFaults([onPost({ reset: true })])
    const fresh: (boolean | undefined)[] = []
    const bench = benchOn(world, (inner) => (request) => {
      if (isPost(request)) fresh.push(request.freshConnection)
      return inner(request)
    })
    const { value } = await world.changes({}, bench).request(toggle(true))
    expect(value.state).toBe('UNKNOWN')
    expect(fresh).toEqual([true])
  })
})

describe('a value that cannot be read is not switched', () => {
  it.each([
    ['(F12) 500', { status: 500 }, 'upstream.bad.response', 502],
    [
      '(F13) another toggle',
      { status: 200, body: { featureName: 'another', enabled: false } },
      'upstream.bad.response',
      502,
    ],
    [
      '(F13) a value that is no boolean',
      { status: 200, body: { featureName: OFF, enabled: 'off' } },
      'upstream.bad.response',
      502,
    ],
    ['(F14) 404, a toggle that is not known', { status: 404, body: errorBody(404) }, 'not.found', 404],
  ] as const)('%s when it is read for it: nothing is on record', async (_, action, code, status) => {
    const world = await changeWorld()
    world.org.addFaults([onRead(action)])
    await expect(world.changes().request(toggle(true))).rejects.toMatchObject({ code, status })
    expect([world.posts(), await allChanges(world)]).toEqual([0, []])
  })

  it('(F12, E10) 500 under the lock: no POST, and the same key tries again', async () => {
    const world = await changeWorld()
    await leaveLock(world)
    world.org.addFaults([onRead({ status: 500 }, 1)])
    const ask = () => world.changes({ idempotencyKey: 'k1' }).request(toggle(true))
    await expect(ask()).rejects.toMatchObject({ code: 'upstream.bad.response', status: 502 })
    expect(world.posts()).toBe(0)
    await expect(ask()).resolves.toMatchObject({ value: { state: 'APPLIED' }, isReplay: false })
    expect((await allChanges(world)).map(({ state }) => state).sort()).toEqual(['APPLIED', 'FAILED'])
  })

  it('(F14) 404 under the lock: a definite failure', async () => {
    const world = await changeWorld()
    await leaveLock(world)
    world.org.addFaults([onRead({ status: 404, body: errorBody(404) }, 1)])
    const ask = () => world.changes({ idempotencyKey: 'k1' }).request(toggle(true))
    await expect(ask()).rejects.toMatchObject({ code: 'not.found' })
    await expect(ask()).rejects.toMatchObject({ code: 'not.found' })
    expect([world.posts(), (await allChanges(world)).length]).toEqual([0, 1])
  })
})

describe('Genesys that cannot take it now', () => {
  it('429: resent once the wait it asks for is over', async () => {
    const world = await changeWorld()
    world.org.addFaults([onPost({ status: 429, headers: { 'Retry-After': '3' } })])
    const { value } = await world.changes().request(toggle(true))
    expect(value.state).toBe('APPLIED')
    expect(world.clock.sleeps).toContain(3_000)
    expect(world.posts()).toBe(2)
  })

  it('(E22) 429 for longer than the request has: told with the wait, and the same key tries again', async () => {
    const world = await changeWorld()
    world.org.addFaults([onPost({ status: 429, headers: { 'Retry-After': '40' } })])
    const ask = () => world.changes({ idempotencyKey: 'k1' }).request(toggle(true))
    await expect(ask()).rejects.toMatchObject({
      code: 'too.many.requests.retry.after',
      status: 429,
      retryAfterSeconds: 40,
    })
    await expect(ask()).resolves.toMatchObject({ value: { state: 'APPLIED' }, isReplay: false })
    expect(world.posts()).toBe(2)
  })

  it('not reachable when the POST is to go: tried again, then 503, and the key is free', async () => {
    const world = await changeWorld()
    let tries = 0
    const bench = benchOn(world, (inner) => (request) => {
      if (!isPost(request)) return inner(request)
      tries += 1
      return inner({ ...request, origin: 'http://127.0.0.1:1' })
    })
    const caller = { idempotencyKey: 'k1' }
    await expect(world.changes(caller, bench).request(toggle(true))).rejects.toMatchObject({
      code: 'upstream.unavailable',
      status: 503,
    })
    expect([tries, world.posts()]).toEqual([3, 0])
    await expect(world.changes(caller).request(toggle(true))).resolves.toMatchObject({
      value: { state: 'APPLIED' },
    })
  })

  it('nothing is begun that cannot be recorded in the time that is left', async () => {
    const world = await changeWorld()
    await leaveLock(world)
    let reads = 0
    // What was planned from came at once, what is read under the lock takes most of the time.
    const isUnderLock = ({ method }: { readonly method: string }) => method === 'GET' && ++reads === 2
    const late = benchOn(
      world,
      beforeRequest(isUnderLock, async () => world.clock.advance(21_000)),
    )
    await expect(world.changes({}, late).request(toggle(true))).rejects.toMatchObject({
      code: 'deadline.too.short',
      status: 503,
    })
    expect([world.posts(), reads]).toEqual([0, 2])
  })

  it('nor of what is asked for directly: then nothing is on record', async () => {
    const world = await changeWorld()
    const isRead = ({ method }: { readonly method: string }) => method === 'GET'
    const late = benchOn(
      world,
      beforeRequest(isRead, async () => world.clock.advance(21_000)),
    )
    await expect(world.changes({}, late).request(toggle(true))).rejects.toMatchObject({
      code: 'deadline.too.short',
      message: expect.stringContaining('nothing was sent'),
    })
    expect([world.posts(), await allChanges(world)]).toEqual([0, []])
  })
})
