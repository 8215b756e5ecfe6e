/** Readings as the function takes them: real sockets, the embedded org, the ledger; held against the org's own truth. */
import { describe, expect, it } from 'vitest'
import { deadlineIn } from '../../lib/clock.ts'
import { InventoryReading } from '../../lib/inventory/answers/inventory-schemas.ts'
import type { Difference } from '../../lib/inventory/inventory-port.ts'
import { ledgerInventory } from '../../lib/inventory/ledger-inventory.ts'
import { takeLease } from '../../lib/inventory/reading/reading-lease.ts'
import { takeReading } from '../../lib/inventory/reading/take-reading.ts'
import { postLicenseOrganization } from '../../lib/operations/license/post-license-organization.ts'
import { createReading } from '../../lib/operations/readings/create-reading.ts'
import { getReading } from '../../lib/operations/readings/get-reading.ts'
import { nodeTransport, type Transport } from '../../lib/transport/transport.ts'
import { faultyTransport } from '../support/ledger/ledger.ts'
import { expectError } from '../support/refusals.ts'
import {
  altering,
  heldByInventory,
  heldByTruth,
  takeAskedReading,
  takeWholeReading,
} from '../support/seats/readings.ts'
import { type World, world } from '../support/world.ts'
import { readingDiesAtCall } from './proof/dying-reading.ts'

const MINUTES = 60_000
const HOURS = 60 * MINUTES
const DAYS = 24 * HOURS

const USERS = 230
/** Of licenses and of the directory. */
const PAGES = 6

/** With tokens of the longest life that Genesys gives. */
const readWorld = (org = {}) => world({ org: { users: USERS, tokenSeconds: 2 * 86_400, ...org } })

/** A license that some have and most have not. */
const GIVEN = 'wallboardUser'

/** The next person from an index on who has not that license, of whatever page. */
function personAt({ org }: World, index: number): string {
  const { users } = org.truth()
  return String(
    org
      .people(USERS)
      .slice(index)
      .find(({ id }) => !users[id]?.includes(GIVEN))?.id,
  )
}

const pagesAsked = ({ org }: World) =>
  org
    .requests()
    .filter(
      ({ method, path }) =>
        method === 'GET' && (path === '/api/v2/license/users' || path === '/api/v2/users'),
    ).length

async function latest(w: World): Promise<InventoryReading> {
  const { json } = await w.inventoried(getReading)({ pathParameters: { readingId: 'latest' } })
  return InventoryReading.parse(json)
}

async function differences(w: World): Promise<Difference[]> {
  const found: Difference[] = []
  // Each month is a query.
  const [fromMs, toMs] = [w.clock.nowMs() - 60 * DAYS, w.clock.nowMs() + DAYS]
  for await (const each of (await w.inventory()).differences(fromMs, toMs)) found.push(each)
  return found
}

async function nextNight(w: World): Promise<void> {
  w.clock.advance(DAYS)
  await takeWholeReading(w)
}

function assign({ org }: World, licenseId: string, userIdsAdd: string[], userIdsRemove: string[] = []) {
  org.assign({ assignments: [{ licenseId, userIdsAdd, userIdsRemove }] })
}

/** As a caller has the gateway give a license. @returns the change's id. */
async function grant(w: World, licenseId: string, userId: string): Promise<string> {
  const body = JSON.stringify({ assignments: [{ licenseId, userIdsAdd: [userId], userIdsRemove: [] }] })
  const { status, headers } = await w.writer(postLicenseOrganization)({ body })
  expect(status).toBe(200)
  return String(headers['x-change-id'])
}

describe('a reading', () => {
  it('is taken at once where there is none, in a request for each page and none more', async () => {
    const w = await readWorld()
    await expect(async () => (await w.inventory()).counts()).rejects.toMatchObject({
      code: 'reading.unavailable',
    })
    await takeWholeReading(w)
    expect(await heldByInventory(w)).toEqual(heldByTruth(w.org))
    expect(pagesAsked(w)).toBe(PAGES)
    const { asOfMs, isWhole } = await (await w.inventory()).counts()
    expect([asOfMs, isWhole]).toEqual([Date.parse('2026-11-15T12:00:00Z'), true])
    expect(await differences(w)).toEqual([])
  })

  it('is counted over in two reads of the ledger where nothing was settled since', async () => {
    const w = await readWorld()
    await takeWholeReading(w)
    w.clock.advance(HOURS)
    const faults = faultyTransport()
    const source = await w.readingSource(faults.transport)
    const { counts } = await ledgerInventory(source).counts()
    expect(counts.length).toBeGreaterThan(5)
    expect(faults.calls.map(({ action }) => action)).toEqual(['GetItem', 'Query'])
  })

  it('is looked for in one read of the ledger where none is due, and asks Genesys nothing', async () => {
    const w = await readWorld()
    await takeWholeReading(w)
    const work = await workOn(w)
    await takeReading(work)
    expect(work.faults.calls.map(({ action }) => action)).toEqual(['BatchGetItem'])
  })

  it('is taken again each night from the hour on, and not before', async () => {
    const w = await readWorld()
    await takeWholeReading(w)
    w.clock.advance(13 * HOURS)
    await w.takeInventory()
    expect(pagesAsked(w)).toBe(PAGES)
    w.clock.advance(HOURS)
    await w.takeInventory()
    expect(pagesAsked(w)).toBe(2 * PAGES)
    await w.takeInventory()
    expect(pagesAsked(w)).toBe(2 * PAGES)
    const days = await (await w.inventory()).days('2026-11-01', '2026-11-30')
    expect(days.map(({ day, isWhole, people }) => [day, isWhole, people])).toEqual([
      ['2026-11-15', true, USERS],
      ['2026-11-16', true, USERS],
    ])
    expect(days[1]?.held).toEqual(heldByTruth(w.org))
  })

  it('is taken when somebody asks, and all who ask meanwhile are told of the same one', async () => {
    const w = await readWorld()
    await takeWholeReading(w)
    w.clock.advance(MINUTES)
    const inventory = await w.inventory()
    const asked = await inventory.askForReading()
    expect(asked).toMatchObject({ state: 'waiting', pagesRead: 0 })
    expect((await inventory.askForReading()).id).toBe(asked.id)
    expect(await inventory.reading(asked.id)).toEqual(asked)
    await takeWholeReading(w)
    expect(await inventory.reading(asked.id)).toMatchObject({ state: 'whole', pagesRead: PAGES })
    expect(await inventory.reading('another')).toBeUndefined()
    // Within the minute it is as fresh as a caller is given, and the same bound is nobody's who must see what is so now.
    w.clock.advance(MINUTES - 10_000)
    expect((await inventory.askForReading()).id).toBe(asked.id)
    w.clock.advance(10_000)
    expect((await inventory.askForReading()).id).not.toBe(asked.id)
  })

  it('is given six times an hour to all callers together, and says when there will be another', async () => {
    const w = await readWorld()
    const ask = w.inventoried(createReading)
    await takeWholeReading(w)
    const ids = new Set<unknown>()
    for (let n = 0; n < 6; n++) {
      w.clock.advance(2 * MINUTES)
      const { status, json } = await ask()
      expect(status).toBe(202)
      ids.add(InventoryReading.parse(json).id)
      await takeWholeReading(w)
    }
    expect(ids.size).toBe(6)
    w.clock.advance(2 * MINUTES)
    const asked = pagesAsked(w)
    const refused = await ask()
    expectError(refused, { status: 429, code: 'too.many.requests.retry.after' })
    await w.takeInventory()
    expect(pagesAsked(w)).toBe(asked)
    // The gateway's own need is not held up, and takes nothing from callers.
    await takeAskedReading(w)
    expect(pagesAsked(w)).toBe(asked + PAGES)
    w.clock.advance(MINUTES)
    const seconds = Number((await ask()).headers['retry-after'])
    w.clock.advance(seconds * 1_000 - 2_000)
    expect((await ask()).status).toBe(429)
    w.clock.advance(2_000)
    expect((await ask()).status).toBe(202)
  })

  it('that must show what is so now is none that began before, and all who need one are told of the same', async () => {
    const w = await readWorld()
    const inventory = await w.inventory()
    // Under way, with some of its pages read.
    await w.takeInventory({}, 21_800)
    const underWay = await inventory.askForReading()
    const nowMs = w.clock.nowMs()
    const asked = await inventory.askForReading({ beganAfterMs: nowMs })
    expect([asked.state, asked.id === underWay.id]).toEqual(['waiting', false])
    expect((await inventory.askForReading()).id).toBe(underWay.id)
    w.clock.advance(MINUTES)
    await takeWholeReading(w)
    expect(await inventory.reading(underWay.id)).toMatchObject({ state: 'whole' })
    await w.takeInventory()
    expect(await inventory.reading(asked.id)).toMatchObject({ state: 'whole' })
    expect((await inventory.askForReading({ beganAfterMs: nowMs })).id).toBe(asked.id)
  })

  it('is in the log with whoever asked for it, and the night’s as the night’s', async () => {
    const w = await readWorld()
    await takeWholeReading(w)
    w.clock.advance(HOURS)
    await w.inventoried(createReading)()
    await takeWholeReading(w)
    w.clock.advance(HOURS)
    await takeAskedReading(w)
    const ended = w.logged.map((line) => JSON.parse(line)).filter(({ code }) => code === 'reading.ended')
    expect(ended.map(({ askedBy }) => askedBy)).toEqual(['night', 'jwt:caller', 'nobody'])
  })

  it('is one where two containers come at once', async () => {
    const w = await readWorld()
    await Promise.all([w.takeInventory(), w.takeInventory(), w.takeInventory()])
    await takeWholeReading(w)
    expect(pagesAsked(w)).toBe(PAGES)
    expect(w.logged.filter((line) => line.includes('reading.ended'))).toHaveLength(1)
  })

  it('leaves the rest to the next minute where its time is over, and no page is asked for twice', async () => {
    const w = await readWorld()
    // With what it keeps to put on record, time for some pages.
    await w.takeInventory({}, 21_800)
    expect(pagesAsked(w)).toBeLessThan(PAGES)
    w.clock.advance(MINUTES)
    await takeWholeReading(w)
    expect(pagesAsked(w)).toBe(PAGES)
    expect(await heldByInventory(w)).toEqual(heldByTruth(w.org))
  })

  it('waits as Genesys asks in a storm of 429, and asks again for those pages alone', async () => {
    const w = await readWorld()
    w.org.addFaults([
      {
        match: { path: '/api/v2/license/users' },
        skip: 1,
        times: 9,
        do: { status: 429, headers: { 'Retry-After': 30 } },
      },
    ])
    await takeWholeReading(w)
    expect(pagesAsked(w)).toBe(PAGES + 9)
    expect(await heldByInventory(w)).toEqual(heldByTruth(w.org))
  })

  it.each([
    ['in seconds', 429, 1, { 'Retry-After': 1800 }],
    ['by a date', 429, 1, { 'Retry-After': 'Sun, 15 Nov 2026 12:30:01 GMT' }],
    ['though it is no 429', 503, 1, { 'Retry-After': 1800 }],
    // Without Retry-After it is tried again at first.
    ['by what is left of its minute', 429, 6, { 'inin-ratelimit-count': 300, 'inin-ratelimit-reset': 1800 }],
  ] as const)('is left alone as long as Genesys asks for, %s', async (_, status, times, headers) => {
    const w = await readWorld()
    const allowed = { 'inin-ratelimit-allowed': 300 }
    const refuses = { status, headers: { ...allowed, ...headers } }
    w.org.addFaults([{ match: { path: '/api/v2/license/users' }, skip: 1, times, do: refuses }])
    const beganMs = w.clock.nowMs()
    await w.takeInventory()
    // No function waits for it.
    expect(w.clock.nowMs() - beganMs).toBeLessThan(MINUTES)
    const asked = pagesAsked(w)
    const secretsRead = w.awsActions().length
    const { waitsUntil } = await latest(w)
    const waitUntilMs = Date.parse(String(waitsUntil))
    expect(waitUntilMs - beganMs).toBeGreaterThanOrEqual(30 * MINUTES)
    expect(waitUntilMs - beganMs).toBeLessThan(31 * MINUTES)
    for (; w.clock.nowMs() < waitUntilMs; w.clock.advance(MINUTES)) await w.takeInventory()
    expect([pagesAsked(w), w.awsActions().length]).toEqual([asked, secretsRead])
    await takeWholeReading(w)
    expect(pagesAsked(w)).toBeLessThanOrEqual(asked + PAGES)
    expect([(await latest(w)).waitsUntil, await heldByInventory(w)]).toEqual([undefined, heldByTruth(w.org)])
  })

  it('waits once for all pages that are refused at the same time', async () => {
    const w = await readWorld({ users: 2_000 })
    const lanes = 6
    let asked = 0
    const { promise: areAllAsked, resolve: answerAll } = Promise.withResolvers<void>()
    const transport = w.scripted(async (request) => {
      if (!request.path.startsWith('/api/v2/license/users')) return await nodeTransport(request)
      asked += 1
      const isHeld = asked > 1 && asked <= 1 + lanes
      if (asked === 1 + lanes) answerAll()
      if (!isHeld) return await nodeTransport(request)
      await areAllAsked
      return { status: 429, headers: { 'retry-after': '40' }, body: Buffer.from('{}') }
    })
    const beganMs = w.clock.nowMs()
    await w.takeInventory({ transport })
    expect(w.clock.nowMs() - beganMs).toBeLessThan(2 * 40_000)
    expect(asked).toBe(20 + lanes)
    expect(await heldByInventory(w)).toEqual(heldByTruth(w.org))
  })

  it('believes no wait of more than an hour, nor one that a clock that was wrong has put on record', async () => {
    const w = await readWorld()
    const refuses = { status: 429, headers: { 'Retry-After': 999_999 } }
    w.org.addFaults([{ match: { path: '/api/v2/license/users' }, do: refuses }])
    await w.takeInventory()
    w.clock.advance(HOURS)
    const { store } = await w.readingSource()
    const { seen } = await store.standing()
    if (!seen) throw new Error('there is a state')
    expect(seen.state.waitUntilMs).toBeLessThanOrEqual(w.clock.nowMs())
    await store.putState({ ...seen.state, waitUntilMs: w.clock.nowMs() + 2 * HOURS }, seen)
    await w.takeInventory()
    expect(await heldByInventory(w)).toEqual(heldByTruth(w.org))
  })

  it.each([
    ['in one invocation, of a minute', 41],
    ['over several, where it is counted anew later', 1800],
  ])('asks for no page while others have used four fifths: %s', async (_, seconds) => {
    const w = await readWorld({ requestsPerMinute: 300 })
    const beganMs = w.clock.nowMs()
    let secondMs: number | undefined
    const counted = altering(w, () => {})
    let isFirst = true
    const transport: Transport = async (request) => {
      if (!request.path.includes('/users')) return await counted(request)
      if (!isFirst) secondMs ??= w.clock.nowMs()
      const answer = await counted(request)
      if (!isFirst) return answer
      isFirst = false
      const used = { 'inin-ratelimit-count': '240', 'inin-ratelimit-reset': String(seconds) }
      return { ...answer, headers: { ...answer.headers, ...used } }
    }
    for (let minute = 0; secondMs === undefined && minute < 40; minute++) {
      await w.takeInventory({ transport })
      w.clock.advance(MINUTES)
    }
    expect(Number(secondMs) - beganMs).toBeGreaterThanOrEqual(seconds * 1_000)
    expect(await heldByInventory(w)).toEqual(heldByTruth(w.org))
  })

  it('goes on behind what it has where Genesys fails, and says so', async () => {
    const w = await readWorld()
    w.org.addFaults([{ match: { path: '/api/v2/license/users' }, skip: 2, do: { status: 500 } }])
    await w.takeInventory()
    expect(w.logged.join('')).toContain('"code":"reading.stretch"')
    const before = pagesAsked(w)
    expect(before).toBe(3)
    w.clock.advance(MINUTES)
    await takeWholeReading(w)
    expect(pagesAsked(w)).toBe(PAGES + 1)
    expect(await heldByInventory(w)).toEqual(heldByTruth(w.org))
  })
})

/** What the function works with, on a ledger whose calls are seen. */
async function workOn(w: World) {
  const faults = faultyTransport()
  const { store, journal } = await w.readingSource(faults.transport)
  const log = { noteStretch: () => {}, noteReading: () => {}, noteAge: () => {} }
  const openPages = (): Promise<never> => Promise.reject(new Error('no page is due'))
  const deadline = deadlineIn(15 * MINUTES, w.clock)
  return { store, journal, openPages, clock: w.clock, deadline, hour: 2, log, faults }
}

describe('a reading that another version has begun', () => {
  it('is begun anew under its id, and ends whole', async () => {
    const w = await readWorld()
    await takeWholeReading(w)
    w.clock.advance(DAYS)
    const { id } = await (await w.inventory()).askForReading()
    const { store } = await w.readingSource()
    const { seen } = await store.standing()
    if (!seen) throw new Error('There is no state after a reading')
    // As it was after a checkpoint, of bytes that are not there in today's form.
    const walk = {
      nextPage: 3,
      pageCount: 3,
      total: USERS,
      rows: 0,
      pieces: [{ writeId: 'before', parts: 1 }],
    }
    const current = { id, askedAtMs: 0, beganAtMs: w.clock.nowMs(), slot: 1, licenses: walk, directory: walk }
    await store.putState({ ...seen.state, current, takenAskId: id }, seen)
    await takeWholeReading(w)
    expect(await (await w.inventory()).reading(id)).toMatchObject({ id, state: 'whole' })
    expect(await heldByInventory(w)).toEqual(heldByTruth(w.org))
  })
})

describe('a reading that another invocation has taken over', () => {
  it('takes nothing more of whoever had it: no bytes, no head, no step', async () => {
    const w = await readWorld()
    await takeWholeReading(w)
    await (await w.inventory()).askForReading({ beganAfterMs: w.clock.nowMs() })
    const { store } = await w.readingSource()
    const { clock } = w
    const first = await takeLease({ store, clock }, (await store.standing()).seen)
    if (!first) throw new Error('the lease is free')
    expect(await takeLease({ store, clock }, (await store.standing()).seen)).toBeUndefined()
    w.clock.advance(MINUTES)
    await takeWholeReading(w)
    const conflict = { code: 'general.conflict' }
    await expect(first.moveOn({ takenAskId: 'x' })).rejects.toMatchObject(conflict)
    const head = await store.head()
    if (!head) throw new Error('there is a reading')
    const { fencingToken } = first.state
    await expect(store.putHead({ ...head, people: 0 }, fencingToken)).rejects.toMatchObject(conflict)
    const key = { slot: head.slot, of: 'people', n: 0 } as const
    await expect(store.putBytes(key, Buffer.from('x'), fencingToken)).rejects.toMatchObject(conflict)
    await first.giveBack()
    expect(await heldByInventory(w)).toEqual(heldByTruth(w.org))
  })
})

describe('a reading that is not whole', () => {
  const cut = (w: World) =>
    altering(w, (path, body) => {
      if (!path.startsWith('/api/v2/license/users')) return
      const { entities } = body
      // A page that lost half of its people on the way.
      if (path.endsWith('pageNumber=2') && Array.isArray(entities)) body['entities'] = entities.slice(0, 50)
    })

  it('takes nothing from anybody, is told of as such, and is taken twice more that night', async () => {
    const w = await readWorld()
    await takeWholeReading(w)
    const truth = heldByTruth(w.org)
    w.clock.advance(DAYS)
    const transport = cut(w)
    for (let minute = 0; minute < 5; minute++) {
      await w.takeInventory({ transport })
      w.clock.advance(MINUTES)
    }
    expect(pagesAsked(w)).toBe(PAGES + 3 * PAGES)
    expect(await differences(w)).toEqual([])
    expect(await heldByInventory(w)).toEqual(truth)
    const [, day] = await (await w.inventory()).days('2026-11-15', '2026-11-16')
    expect(day).toMatchObject({ day: '2026-11-16', isWhole: false, people: USERS - 50 })
    // The next that is whole has the day.
    await takeAskedReading(w)
    const [, later] = await (await w.inventory()).days('2026-11-15', '2026-11-16')
    expect(later).toMatchObject({ isWhole: true, people: USERS, held: truth })
  })
})

describe('what happened between two readings', () => {
  it('is told of everybody whom somebody gave or took something in Genesys itself', async () => {
    const w = await readWorld()
    await takeWholeReading(w)
    const [one, two] = [personAt(w, 120), personAt(w, 3)]
    assign(w, GIVEN, [one])
    const [taken = ''] = w.org.truth().users[two] ?? []
    assign(w, taken, [], [two])
    await nextNight(w)
    expect(await heldByInventory(w)).toEqual(heldByTruth(w.org))
    const told = await differences(w)
    expect(told).toHaveLength(2)
    const dayMs = Date.parse('2026-11-16T12:00:00Z')
    for (const each of told) {
      expect(each.by).toBe('outside')
      expect(each.atMs).toBeGreaterThanOrEqual(dayMs)
      expect(each.afterMs).toBeLessThan(dayMs)
    }
    expect(told.map(({ userId, licenseId, isGiven }) => [userId, licenseId, isGiven])).toEqual(
      expect.arrayContaining([
        [one, GIVEN, true],
        [two, taken, false],
      ]),
    )
    const inventory = await w.inventory()
    const { holdings } = await inventory.holdings({ userId: two, limit: 10 })
    expect(holdings.find(({ licenseId }) => licenseId === taken)).toMatchObject({
      by: 'before records',
      endedBy: 'outside',
    })
    // As of when they were put on record, a day has the same.
    const noted: Difference[] = []
    for await (const each of inventory.differencesNoted(dayMs, dayMs + HOURS)) noted.push(each)
    expect(noted).toHaveLength(2)
  })

  it('is told once, by the change that did it, from when it was done on', async () => {
    const w = await readWorld()
    await takeWholeReading(w)
    w.clock.advance(HOURS)
    const who = personAt(w, 7)
    const asked = pagesAsked(w)
    const changeId = await grant(w, GIVEN, who)
    const [first, ...others] = await differences(w)
    expect(others).toEqual([])
    expect(first).toMatchObject({ userId: who, licenseId: GIVEN, isGiven: true, by: { changeId } })
    expect(await heldByInventory(w)).toEqual(heldByTruth(w.org))
    const people = await (await w.inventory()).people([who])
    expect(people.get(who)?.licenses).toContain(GIVEN)
    expect(pagesAsked(w)).toBe(asked)
    await nextNight(w)
    expect(await differences(w)).toEqual([first])
    await nextNight(w)
    expect(await differences(w)).toEqual([first])
    expect(await heldByInventory(w)).toEqual(heldByTruth(w.org))
  })

  it.each(['license', 'directory'])(
    'counts what is settled while pages of the %s walk are read, before its page and behind it',
    async (walk) => {
      const w = await readWorld()
      await takeWholeReading(w)
      w.clock.advance(DAYS)
      const given: string[] = []
      const path = walk === 'license' ? '/api/v2/license/users?' : '/api/v2/users?'
      let isGranting = false
      const transport: Transport = w.scripted(async (request) => {
        if (!isGranting && request.path.startsWith(path) && request.path.includes('pageNumber=2')) {
          isGranting = true
          for (const index of [5, 105, 205]) given.push(await grant(w, GIVEN, personAt(w, index)))
          isGranting = false
        }
        return await nodeTransport(request)
      })
      await w.takeInventory({ transport })
      await takeWholeReading(w)
      expect(await heldByInventory(w)).toEqual(heldByTruth(w.org))
      const told = await differences(w)
      // All of them at one time.
      expect(told.every(({ isGiven }) => isGiven)).toBe(true)
      expect(told.map(({ by }) => (by === 'outside' ? by : by.changeId)).sort()).toEqual(given.sort())
      await nextNight(w)
      expect(await differences(w)).toEqual(told)
      expect(await heldByInventory(w)).toEqual(heldByTruth(w.org))
    },
  )
})

describe('a person who is missing', () => {
  it('is carried on once, and the counts say that they are not whole; the second time what they held has ended', async () => {
    const w = await readWorld()
    await takeWholeReading(w)
    const before = heldByTruth(w.org)
    const who = personAt(w, 50)
    const held = w.org.truth().users[who] ?? []
    w.org.movePeople([{ id: who, state: 'vanished' }])
    await nextNight(w)
    const inventory = await w.inventory()
    expect((await inventory.counts()).isWhole).toBe(false)
    expect(await heldByInventory(w)).toEqual(before)
    expect(await differences(w)).toEqual([])
    await nextNight(w)
    expect((await inventory.counts()).isWhole).toBe(true)
    expect(
      (await differences(w)).map(({ userId, licenseId, isGiven, by }) => [userId, licenseId, isGiven, by]),
    ).toEqual([...held].sort().map((licenseId) => [who, licenseId, false, 'outside']))
    expect((await inventory.people([who])).size).toBe(0)
  })

  it('who comes back has held it all along', async () => {
    const w = await readWorld()
    await takeWholeReading(w)
    const who = personAt(w, 50)
    w.org.movePeople([{ id: who, state: 'vanished' }])
    await nextNight(w)
    w.org.movePeople([{ id: who, state: 'active' }])
    await nextNight(w)
    expect((await (await w.inventory()).counts()).isWhole).toBe(true)
    expect(await differences(w)).toEqual([])
    expect(await heldByInventory(w)).toEqual(heldByTruth(w.org))
  })

  it('who is deleted holds nothing any more, at once', async () => {
    const w = await readWorld()
    await takeWholeReading(w)
    const who = personAt(w, 50)
    const held = w.org.truth().users[who] ?? []
    w.org.movePeople([{ id: who, state: 'deleted' }])
    await nextNight(w)
    expect((await (await w.inventory()).counts()).isWhole).toBe(true)
    expect((await differences(w)).map(({ licenseId, isGiven }) => [licenseId, isGiven])).toEqual(
      [...held].sort().map((licenseId) => [licenseId, false]),
    )
    expect(await heldByInventory(w)).toEqual(heldByTruth(w.org))
  })
})

describe('a reading whose function dies', () => {
  /** Of some 30: `npm run soak` has all. */
  const EACH = 8

  it('at every eighth call is gone on with, and ends as if it had not', async () => {
    let deaths = 0
    while (await readingDiesAtCall(1 + EACH * deaths)) deaths += 1
    expect(deaths).toBeGreaterThanOrEqual(3)
  })
})
