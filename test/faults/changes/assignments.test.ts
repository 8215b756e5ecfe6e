/** What a batch comes to when Genesys's answer to it is odd, late or missing, or somebody else is at the same users. */
import { describe, expect, it } from 'vitest'
import { GatewayError } from '../../../lib/errors.ts'
import {
  assigning,
  BATCH_PATH,
  benchOn,
  byHand,
  giving,
  hasWallboard,
  isPost,
  taking,
  toldTypes,
  userAt,
  WALLBOARD,
} from '../../support/changes/change-orders.ts'
import { allChanges, changeWorld, headerOf } from '../../support/changes/change-world.ts'

const USERS_PATH = '/api/v2/license/users'
const onPost = (
  action: Parameters<Awaited<ReturnType<typeof changeWorld>>['org']['addFaults']>[0][0]['do'],
) => ({
  match: { path: BATCH_PATH },
  do: action,
})
const reset = { reset: true } as const

/** A world, two of its users without a wallboard, and the batch that gives it to both. */
async function gift() {
  const world = await changeWorld()
  const users = [userAt(world, 0), userAt(world, 1)]
  return { world, users, batch: giving(users), order: assigning(giving(users)) }
}

describe('a 200 whose statuses say something odd is judged by reading back', () => {
  const status = (userId: string | undefined, result: string) => ({ userId, licenseId: WALLBOARD, result })
  it.each([
    ['(D12) one user is missing', ([a]: string[]) => [status(a, 'SUCCESS')], ['SUCCESS', 'APPLIED']],
    [
      '(D14) a text that nobody knows',
      ([a, b]: string[]) => [status(a, 'SCHEDULED'), status(b, 'SUCCESS')],
      ['SCHEDULED', 'SUCCESS'],
    ],
    [
      '(D15) two that contradict each other',
      ([a, b]: string[]) => [status(a, 'SUCCESS'), status(b, 'SUCCESS'), status(a, 'FAILURE')],
      ['APPLIED', 'SUCCESS'],
    ],
    [
      'a failure of what was done',
      ([a, b]: string[]) => [status(a, 'FAILURE'), status(b, 'FAILURE')],
      ['FAILURE', 'FAILURE'],
    ],
  ])('%s, and it was done: applied', async (_, answer, results) => {
    const { world, users, batch } = await gift()
    const bench = benchOn(world, (inner) => async (request) => {
      const response = await inner(request)
      return isPost(request) ? { ...response, body: Buffer.from(JSON.stringify(answer(users))) } : response
    })
    const { value } = await world.changes({}, bench).assign(batch)
    const byUser = users.map((userId) => value.find((each) => each.userId === userId))
    expect(byUser.map((each) => each?.result)).toEqual(results)
    expect(byUser.map((each) => each?.outcome)).toEqual(['applied', 'applied'])
  })

  it.each([
    ['(D12) no statuses', () => [], 'Genesys gave no reason'],
    [
      '(D14) texts that nobody knows',
      (users: string[]) => users.map((each) => status(each, 'SCHEDULED')),
      '“SCHEDULED” for 2 of them',
    ],
    ['success', (users: string[]) => users.map((each) => status(each, 'SUCCESS')), '“SUCCESS” for 2 of them'],
  ])('%s, and nothing was done: never told as applied, and the record says why', async (_, answer, why) => {
    const { world, users, batch } = await gift()
    world.org.addFaults([onPost({ status: 200, body: answer(users) })])
    const { value } = await world.changes().assign(batch)
    expect(value.map(({ outcome }) => outcome)).toEqual(['not.applied', 'not.applied'])
    // Typed clients drop `outcome`.
    for (const { result } of value) expect(result).toMatch(/^NOT_APPLIED(: (SCHEDULED|SUCCESS))?$/)
    expect(toldTypes(world)).toEqual(['License Change Failed'])
    const [header] = await allChanges(world)
    expect(header?.failure).toMatchObject({
      code: 'change.not.applied',
      message: expect.stringContaining(why),
    })
    // In the change, in the list, and in what goes out as an event.
    expect((await world.records().changes({ filter: {}, limit: 9 })).entities).toMatchObject([
      { state: 'FAILED', failure: { code: 'change.not.applied', message: expect.stringContaining(why) } },
    ])
    expect(world.told.at(-1)?.detail).toMatchObject({
      change: { failure: { message: expect.stringContaining(why) } },
    })
  })

  it('and what was done in part says of whom it was not, and why', async () => {
    const { world, users, batch } = await gift()
    const bench = benchOn(world, (inner) => async (request) => {
      if (!isPost(request)) return await inner(request)
      const half = JSON.stringify(giving(users.slice(0, 1)))
      const { status: code, headers } = await inner({ ...request, body: half })
      const body = [status(users[0], 'SUCCESS'), status(users[1], 'NO_SEAT')]
      return { status: code, headers, body: Buffer.from(JSON.stringify(body)) }
    })
    await world.changes({}, bench).assign(batch)
    const [header] = await allChanges(world)
    expect(header).toMatchObject({ state: 'PARTIAL', failure: { code: 'change.not.applied' } })
    expect(header?.failure?.message).toContain('all but 1 of it. Genesys’s answer said “NO_SEAT”')
  })

  it('and what was confirmed is answered as it ended, with the reason', async () => {
    const { world, users, order } = await gift()
    const { value: plan } = await world.plans({ operation: 'createChange' }).plan(order)
    const long = 'X'.repeat(1_000)
    world.org.addFaults([
      onPost({ status: 200, body: [status(users[0], 'LICENSE_NOT_AVAILABLE'), status(users[1], long)] }),
    ])
    const { value } = await world.changes().apply(plan.id, plan.digest)
    expect(value).toMatchObject({ state: 'FAILED', failure: { status: 200, code: 'change.not.applied' } })
    expect(value.failure?.message).toContain('“LICENSE_NOT_AVAILABLE”')
    expect(value.failure?.message.length).toBeLessThan(500)
  })
})

describe('statuses for what was not sent', () => {
  it('are an anomaly in the log, and count for nothing', async () => {
    const { world, users, batch } = await gift()
    const [stranger, mate] = [userAt(world, 5), users[0]]
    world.org.addFaults([
      onPost({
        status: 200,
        body: [
          { userId: stranger, licenseId: WALLBOARD, result: 'SUCCESS' },
          { userId: mate, licenseId: 'cloudCX1', result: 'FAILURE' },
          { result: 'SUCCESS' },
          { userId: mate, licenseId: WALLBOARD, result: 'NO_SEAT' },
        ],
      }),
    ])
    const { value, changeId } = await world.changes().assign(batch)
    expect(world.left).toEqual([`${changeId} 3 unasked`])
    expect(value).toHaveLength(2)
    expect(value.map(({ result }) => result).sort()).toEqual(['NOT_APPLIED', 'NOT_APPLIED: NO_SEAT'])
    const [header] = await allChanges(world)
    expect(header?.failure?.message).toContain('said “NO_SEAT”')
    expect(header?.failure?.message).not.toContain('SUCCESS')
  })

  it('and two of one pair contradict each other, which the log and the failure say', async () => {
    const { world, users, batch } = await gift()
    const [first] = users
    const said = (result: string) => ({
      userId: first?.toUpperCase(),
      licenseId: WALLBOARD.toUpperCase(),
      result,
    })
    world.org.addFaults([onPost({ status: 200, body: [said('SUCCESS'), said('FAILURE: limit')] })])
    const { changeId } = await world.changes().assign(batch)
    expect(world.left).toEqual([`${changeId} 1 unasked`])
    const [header] = await allChanges(world)
    expect(header?.failure?.message).toContain('contradicts itself')
    expect(header?.failure?.message).not.toContain('no reason')
  })

  it('in ids of another case are about the pair all the same, and what cannot be printed is named', async () => {
    const { world, users, batch } = await gift()
    const result = 'no\u0000\n\u202eseat'
    const body = users.map((userId, index) => ({
      userId: userId.toUpperCase(),
      licenseId: WALLBOARD.toUpperCase(),
      result: index === 0 ? result : ' ',
    }))
    world.org.addFaults([onPost({ status: 200, body })])
    const { value } = await world.changes().assign(batch)
    expect(world.left).toEqual([])
    expect(value.map((each) => each.result).sort()).toEqual(['NOT_APPLIED', `NOT_APPLIED: ${result}`])
    const [header] = await allChanges(world)
    expect(header?.failure?.message).toContain('“no<U+0000><U+000A><U+202E>seat”')
  })

  it('are none where each pair is named in another case or order', async () => {
    const { world, users, batch } = await gift()
    const bench = benchOn(world, (inner) => async (request) => {
      const response = await inner(request)
      const body = [...users].reverse().map((userId) => ({
        userId: userId.toUpperCase(),
        licenseId: WALLBOARD,
        result: 'SUCCESS',
      }))
      return isPost(request) ? { ...response, body: Buffer.from(JSON.stringify(body)) } : response
    })
    await world.changes({}, bench).assign(batch)
    expect(world.left).toEqual([])
  })
})

describe('a replay', () => {
  const long = `${'é'.repeat(198)}😀${'x'.repeat(3_000)}`
  it.each([
    ['of long texts', long],
    ['of half a character', '\ud83d'],
  ])('%s is what was answered first, letter for letter', async (_, text) => {
    const { world, users, batch } = await gift()
    const body = users.map((userId) => ({ userId, licenseId: WALLBOARD, result: text }))
    world.org.addFaults([onPost({ status: 200, body })])
    const ask = () => world.changes({ idempotencyKey: 'k1' }).assign(batch)
    const first = await ask()
    const again = await ask()
    expect([first.isReplay, again.isReplay]).toEqual([false, true])
    expect(JSON.stringify(again.value)).toBe(JSON.stringify(first.value))
    expect(first.value[0]?.result?.length).toBeLessThan(300)
    expect(first.value[0]?.result?.isWellFormed()).toBe(true)
  })

  it('of a change that the record keeps less of is no poorer than the first answer', async () => {
    const world = await changeWorld({ org: { users: 500 } })
    const users = Array.from({ length: 480 }, (_, index) => userAt(world, index))
    const order = assigning(giving(users.filter((userId) => !hasWallboard(world, userId))))
    const wide = Array.from({ length: 60 }, (_, n) => `licenseOfALongName${n}`)
    let hasSent = false
    const bench = benchOn(world, (inner) => async (request) => {
      const response = await inner(request)
      if (isPost(request)) hasSent = true
      if (!hasSent || request.path !== USERS_PATH) return response
      const held: Record<string, { licenses: string[] }> = JSON.parse(response.body.toString())
      for (const each of Object.values(held)) each.licenses.push(...wide)
      return { ...response, body: Buffer.from(JSON.stringify(held)) }
    })
    const caller = { idempotencyKey: 'k1' }
    const first = await world.changes(caller, bench).request(order)
    const again = await world.changes(caller).request(order)
    expect(JSON.stringify(again.value)).toBe(JSON.stringify(first.value))
  })

  it.each([
    ['a plan with findings', 'PLANNED'],
    ['a request that waits for an approver', 'AWAITING_APPROVAL'],
  ])('of %s is what was answered first, letter for letter', async (_, state) => {
    const licenses = { cloudCX1: { seats: 500 }, gcSTAupgrade: { seats: 1 } }
    const approvals = state === 'PLANNED' ? [] : [{ licenses: ['*'] }]
    const world = await changeWorld({ approvals, policy: { licenses } })
    await world.read()
    const users = [userAt(world, 0), userAt(world, 1)]
    const order = assigning({
      assignments: [
        ...giving(users, 'gcSTAupgrade').assignments,
        ...giving(users, 'cloudCX1').assignments,
        ...taking([userAt(world, 2)]).assignments,
      ],
    })
    const timed = { ...order, reason: 'Pilot', revertAfter: 'PT8H' }
    const ask = async () =>
      state === 'PLANNED'
        ? await world.plans({ idempotencyKey: 'k1' }).plan(timed)
        : await world.changes({ idempotencyKey: 'k1' }).request(timed)
    const first = await ask()
    expect(first.value.state).toBe(state)
    expect(JSON.stringify((await ask()).value)).toBe(JSON.stringify(first.value))
  })

  it('of a refusal has Genesys’s own body, its odd names included', async () => {
    const { world, batch } = await gift()
    const body = {
      code: 'bad.request',
      status: 400,
      message: 'no',
      '': 1,
      z: { b: 1, a: 1e300 },
      contextId: 'c',
    }
    world.org.addFaults([onPost({ status: 400, body })])
    const ask = () =>
      world
        .changes({ idempotencyKey: 'k1' })
        .assign(batch)
        .catch((error: unknown) => error)
    const first = await ask()
    const again = await ask()
    for (const error of [first, again]) {
      expect(error).toBeInstanceOf(GatewayError)
      expect(error instanceof GatewayError && JSON.stringify(error.upstreamBody)).toBe(JSON.stringify(body))
    }
    expect(world.posts()).toBe(1)
  })
})

describe('a batch whose answer never came', () => {
  it('(D20) was done: applied, confirmed by reading back, with exactly one POST', async () => {
    const { world, users, order } = await gift()
    world.org.addFaults([onPost({ applyThenReset: true })])
    const { value } = await world.changes().request(order)
    expect(value).toMatchObject({
      state: 'APPLIED',
      results: [{ outcome: 'applied' }, { outcome: 'applied' }],
    })
    await world.rest()
    expect((await headerOf(world, value.id)).state).toBe('APPLIED')
    expect([world.posts(), users.every((each) => hasWallboard(world, each))]).toEqual([1, true])
  })

  it('(D21) was not done: 409, and permitted once more when the quiet period is over', async () => {
    const { world, users, batch } = await gift()
    world.org.addFaults([onPost(reset)])
    const ask = () => world.changes({ idempotencyKey: 'k1' }).assign(batch)
    await expect(ask()).rejects.toMatchObject({
      code: 'outcome.unknown',
      status: 409,
      message: expect.stringContaining('GET /v1/changes/'),
      faults: [{ fieldName: 'changeId', entityId: expect.any(String) }],
    })
    await expect(ask()).rejects.toMatchObject({ code: 'outcome.unknown' })
    expect(world.posts()).toBe(1)
    await world.rest()
    expect([world.posts(), users.every((each) => hasWallboard(world, each))]).toEqual([2, true])
    const { value, isReplay } = await ask()
    expect(value.map(({ outcome }) => outcome)).toEqual(['applied', 'applied'])
    expect(isReplay).toBe(true)
  })

  it('(D21) was done in part by then: only what differs is sent', async () => {
    const { world, users, order } = await gift()
    world.org.addFaults([onPost(reset)])
    const { value } = await world.changes().request(order)
    await byHand(world).assign(giving(users.slice(0, 1)))
    await world.rest()
    const { results } = await world.records().change(value.id)
    // Genesys gave a text for what it was sent the second time, and for nothing else.
    const texts = users.map((each) => results?.find(({ userId }) => userId === each)?.result)
    expect(texts).toEqual([undefined, 'SUCCESS'])
    expect(results?.map(({ outcome }) => outcome)).toEqual(['applied', 'applied'])
  })

  it('(D21) is permitted twice at most: then a person is told', async () => {
    const { world, order } = await gift()
    world.org.addFaults([{ ...onPost(reset), times: 9 }])
    const { value } = await world.changes().request(order)
    await world.rest()
    expect((await headerOf(world, value.id)).state).toBe('NEEDS_ATTENTION')
    expect(world.posts()).toBe(2)
  })

  it('(D19) 500: read back; what was done is not sent again', async () => {
    const { world, order } = await gift()
    const bench = benchOn(world, (inner) => async (request) => {
      const response = await inner(request)
      return isPost(request) ? { ...response, status: 500 } : response
    })
    const { value } = await world.changes({}, bench).request(order)
    await world.rest()
    expect((await headerOf(world, value.id)).state).toBe('APPLIED')
    expect(world.posts()).toBe(1)
  })

  it('(D22) and cannot be read back either: never told as applied, and a person is told', async () => {
    const { world, order } = await gift()
    world.org.addFaults([
      onPost({ applyThenReset: true }),
      // The reading before the POST comes through.
      { match: { path: USERS_PATH }, skip: 1, times: 500, do: { status: 500 } },
    ])
    const { value } = await world.changes().request(order)
    expect(value.state).toBe('UNKNOWN')
    await world.rest()
    expect((await headerOf(world, value.id)).state).toBe('NEEDS_ATTENTION')
    expect([world.posts(), toldTypes(world)]).toEqual([1, ['License Change Needs Attention']])
  })

  it('(D22) and can be read a few minutes later: applied', async () => {
    const { world, order } = await gift()
    world.org.addFaults([
      onPost({ applyThenReset: true }),
      { match: { path: USERS_PATH }, skip: 1, times: 4, do: { status: 500 } },
    ])
    const { value } = await world.changes().request(order)
    await world.rest()
    expect((await headerOf(world, value.id)).state).toBe('APPLIED')
    expect(world.posts()).toBe(1)
  })
})

describe('two changes on the same users', () => {
  it('(D27) the second is refused while the first is open, and told which one that is', async () => {
    const { world, users, order } = await gift()
    world.org.addFaults([onPost(reset)])
    const { value: first } = await world.changes().request(order)
    const opposite = () => world.changes({ idempotencyKey: 'k2' }).assign(taking(users.slice(1)))
    await expect(opposite()).rejects.toMatchObject({
      code: 'change.conflict',
      status: 409,
      retryAfterSeconds: 65,
      faults: [expect.objectContaining({ fieldName: 'changeId', entityId: first.id })],
    })
    await world.rest()
    const { value } = await opposite()
    expect(value).toMatchObject([{ userId: users[1], outcome: 'applied' }])
    expect(users.map((each) => hasWallboard(world, each))).toEqual([true, false])
  })

  it('other users of the same license are free', async () => {
    const { world, order } = await gift()
    world.org.addFaults([onPost(reset)])
    await world.changes().request(order)
    const { value } = await world.changes().assign(giving([userAt(world, 5)]))
    expect(value).toMatchObject([{ outcome: 'applied' }])
  })

  it('(D27) at the same time: each pair ends as one of them says, and nobody is told a success that was not', async () => {
    const { world, users, order } = await gift()
    await world.changes().request(order)
    const [a, b] = await Promise.allSettled([
      world.changes({ idempotencyKey: 'a' }).request(assigning(taking(users))),
      world.changes({ idempotencyKey: 'b' }).request(assigning(taking([...users, userAt(world, 5)]))),
    ])
    const states = [a, b].map((each) => (each.status === 'fulfilled' ? each.value.value.state : 'refused'))
    expect(states).toContain('APPLIED')
    await world.rest()
    expect(users.map((each) => hasWallboard(world, each))).toEqual([false, false])
  })
})
