/** Readings of an org that changes while it is read, or of which Genesys does not tell all: none is wrong without saying so. */
import { describe, expect, it } from 'vitest'
import type { Difference } from '../../lib/inventory/inventory-port.ts'
import { postLicenseOrganization } from '../../lib/operations/license/post-license-organization.ts'
import {
  altering,
  heldByInventory,
  heldByTruth,
  takeAskedReading,
  takeWholeReading,
} from '../support/seats/readings.ts'
import { type World, world } from '../support/world.ts'

const HOURS = 3_600_000
const DAYS = 24 * HOURS
const USERS = 430

const LICENSES = '/api/v2/license/users'
const DIRECTORY = '/api/v2/users'

/** A license that some have and most have not. */
const GIVEN = 'wallboardUser'

const readWorld = (users = USERS) => world({ org: { users, tokenSeconds: 2 * 86_400 } })

async function differences(w: World): Promise<Difference[]> {
  const found: Difference[] = []
  // Each month is a query.
  const [fromMs, toMs] = [w.clock.nowMs() - 60 * DAYS, w.clock.nowMs() + DAYS]
  for await (const each of (await w.inventory()).differences(fromMs, toMs)) found.push(each)
  return found
}

const isWhole = async (w: World) => (await (await w.inventory()).counts()).isWhole

const idAt = ({ org }: World, index: number) => String(org.people(USERS)[index]?.id)

/** What is done to the listing of licenses, without whom, told as if it were all. */
function leavingOut(w: World, isLeftOut: (user: Listed) => boolean) {
  return altering(w, (path, body) => {
    if (!path.startsWith(LICENSES)) return
    const { total } = body
    const left = Object.entries(w.org.truth().users).filter(([id, licenses]) => isLeftOut({ id, licenses }))
    body['entities'] = usersOf(body).filter((user) => !isLeftOut(user))
    body['total'] = Number(total) - left.length
  })
}

interface Listed {
  readonly id: string
  licenses?: readonly string[] | null
}

const usersOf = ({ entities }: Record<string, unknown>): Listed[] => (Array.isArray(entities) ? entities : [])

/** Takes what is due, with somebody who leaves once the n-th page of licenses was read. */
async function takeWhileLeaves(w: World, index: number, page: number): Promise<void> {
  let pages = 0
  const transport = altering(w, (path) => {
    if (!path.startsWith(LICENSES)) return
    pages += 1
    if (pages === page) w.org.movePeople([{ id: idAt(w, index), state: 'vanished' }])
  })
  await w.takeInventory({ transport })
}

describe('somebody who leaves while licenses are read', () => {
  it('makes the reading one that is not whole, the first as any, and nobody is shown without what they hold', async () => {
    for (const [index, page] of [
      [5, 1],
      [50, 2],
      [199, 3],
    ] as const) {
      const w = await readWorld()
      await takeWhileLeaves(w, index, page)
      await expect(async () => (await w.inventory()).counts()).rejects.toMatchObject({
        code: 'reading.unavailable',
      })
      await takeWholeReading(w)
      expect(await heldByInventory(w)).toEqual(heldByTruth(w.org))
      expect(await isWhole(w)).toBe(true)
    }
  })

  it('as does one who is in a page’s place when another comes back, which totals do not show', async () => {
    const w = await readWorld()
    const [leaver, slipped, back] = [idAt(w, 3), idAt(w, 100), idAt(w, 420)]
    w.org.movePeople([{ id: back, state: 'vanished' }])
    const held = w.org.truth().users
    let isDone = false
    const transport = altering(w, (path) => {
      if (isDone || !path.startsWith(LICENSES)) return
      isDone = true
      w.org.movePeople([
        { id: leaver, state: 'vanished' },
        { id: back, state: 'active' },
      ])
    })
    await w.takeInventory({ transport })
    // Whoever slipped holds something.
    expect(held[slipped]?.length).toBeGreaterThan(0)
    expect(await isWhole(w)).toBe(false)
    w.clock.advance(DAYS)
    await takeWholeReading(w)
    w.clock.advance(DAYS)
    await takeWholeReading(w)
    expect([await isWhole(w), await heldByInventory(w)]).toEqual([true, heldByTruth(w.org)])
    // Nobody was given anything: what had not been read before was there before records.
    expect((await differences(w)).filter(({ isGiven }) => isGiven)).toEqual([])
  })
})

describe('somebody in the directory whom the listing of licenses does not have', () => {
  it('is missing, and not without licenses: one who was given something outside just before', async () => {
    const w = await readWorld(230)
    const who = idAt(w, 150)
    const held = w.org.truth().users[who] ?? []
    w.org.assign({
      assignments: held.map((licenseId) => ({ licenseId, userIdsAdd: [], userIdsRemove: [who] })),
    })
    await takeWholeReading(w)
    w.org.assign({ assignments: [{ licenseId: GIVEN, userIdsAdd: [who], userIdsRemove: [] }] })
    w.clock.advance(DAYS)
    await w.takeInventory({ transport: leavingOut(w, ({ id }) => id === who) })
    expect(await isWhole(w)).toBe(false)
    expect(await differences(w)).toEqual([])
    w.clock.advance(DAYS)
    await takeWholeReading(w)
    expect(await isWhole(w)).toBe(true)
    expect((await differences(w)).map(({ userId, licenseId, by }) => [userId, licenseId, by])).toEqual([
      [who, GIVEN, 'outside'],
    ])
    expect(await heldByInventory(w)).toEqual(heldByTruth(w.org))
  })

  it('is without licenses once two readings in a row have not listed them, so an org that lists holders alone is whole', async () => {
    const w = await readWorld(230)
    const nobodies = Array.from({ length: 20 }, (_, n) => idAt(w, 10 * n))
    const late = idAt(w, 7)
    const empty = (ids: readonly string[]) => {
      for (const id of ids)
        for (const licenseId of w.org.truth().users[id] ?? [])
          w.org.assign({ assignments: [{ licenseId, userIdsAdd: [], userIdsRemove: [id] }] })
    }
    empty([...nobodies, late])
    w.org.movePeople([{ id: late, state: 'vanished' }])
    const transport = leavingOut(w, ({ licenses }) => !licenses || licenses.length === 0)
    const told: boolean[] = []
    for (let night = 0; night < 4; night++) {
      // Somebody new, who holds nothing, once Genesys is known to leave such people out.
      if (night === 2) w.org.movePeople([{ id: late, state: 'active' }])
      await w.takeInventory({ transport })
      told.push(await isWhole(w))
      w.clock.advance(DAYS)
    }
    expect(told).toEqual([false, true, true, true])
    expect(await heldByInventory(w)).toEqual(heldByTruth(w.org))
    expect(await differences(w)).toEqual([])
  })
})

describe('what Genesys does not tell', () => {
  it('of one person’s licenses is carried on from the reading before, and said to be', async () => {
    const w = await readWorld(230)
    await takeWholeReading(w)
    const who = idAt(w, 150)
    w.clock.advance(DAYS)
    const transport = altering(w, (path, body) => {
      if (path.startsWith(LICENSES))
        for (const user of usersOf(body)) if (user.id === who) user.licenses = null
    })
    await w.takeInventory({ transport })
    expect([await isWhole(w), await differences(w)]).toEqual([false, []])
    expect(await heldByInventory(w)).toEqual(heldByTruth(w.org))
  })

  it.each<[string, (path: string, body: Record<string, unknown>) => void]>([
    [
      'anybody’s licenses',
      (path, body) => {
        if (path.startsWith(LICENSES)) for (const user of usersOf(body)) user.licenses = null
      },
    ],
    [
      'anybody',
      (path, body) => {
        if (path.includes('/users')) Object.assign(body, { entities: [], total: 0, pageCount: 0 })
      },
    ],
    [
      'anybody who holds something, of most',
      (path, body) => {
        if (path.startsWith(LICENSES) || path.startsWith(DIRECTORY))
          Object.assign(body, { entities: usersOf(body).slice(0, 40), total: 40, pageCount: 1 })
      },
    ],
  ])('%s takes nothing from anybody, on the second night as on the first', async (_, alter) => {
    const w = await readWorld(230)
    await takeWholeReading(w)
    const transport = altering(w, alter)
    for (let night = 0; night < 2; night++) {
      w.clock.advance(DAYS)
      await w.takeInventory({ transport })
      expect(await differences(w)).toEqual([])
      expect(await heldByInventory(w)).toEqual(heldByTruth(w.org))
    }
    const days = await (await w.inventory()).days('2026-11-15', '2026-11-17')
    expect(days.map((day) => day.isWhole)).toEqual([true, false, false])
  })

  it('as a total is no harm where each page but the last is full, and no whole reading where one is short', async () => {
    const w = await readWorld(230)
    const untold = (cut?: string) =>
      altering(w, (path, body) => {
        if (!path.includes('/users')) return
        delete body['total']
        if (cut !== undefined && path.startsWith(LICENSES) && path.endsWith(cut))
          body['entities'] = usersOf(body).slice(0, 50)
      })
    await w.takeInventory({ transport: untold('pageNumber=2') })
    await expect(async () => (await w.inventory()).counts()).rejects.toMatchObject({
      code: 'reading.unavailable',
    })
    await w.takeInventory({ transport: untold() })
    expect([await isWhole(w), await heldByInventory(w)]).toEqual([true, heldByTruth(w.org)])
  })
})

describe('licenses that are named twice', () => {
  it('in one case or another, are held once', async () => {
    const w = await readWorld(230)
    const transport = altering(w, (path, body) => {
      if (!path.startsWith(LICENSES)) return
      for (const [n, user] of usersOf(body).entries())
        user.licenses = [
          ...(user.licenses ?? []),
          ...(user.licenses ?? []).map((id) => (n % 2 ? id : id.toUpperCase())),
        ]
    })
    await w.takeInventory({ transport })
    expect([await isWhole(w), await heldByInventory(w)]).toEqual([true, heldByTruth(w.org)])
    await takeAskedReading(w)
    expect([await heldByInventory(w), await differences(w)]).toEqual([heldByTruth(w.org), []])
  })
})

describe('a pair that the gateway was at work on while its page was read', () => {
  it('and that the page shows otherwise, is counted as not known until somebody has looked again', async () => {
    const w = await readWorld(230)
    await takeWholeReading(w)
    const who = String(w.org.people(230).find(({ id }) => !w.org.truth().users[id]?.includes(GIVEN))?.id)
    const countOf = async () =>
      (await (await w.inventory()).counts()).counts.find(({ licenseId }) => licenseId === GIVEN)
    const before = await countOf()
    w.clock.advance(HOURS)
    const assignment = { licenseId: GIVEN, userIdsAdd: [who], userIdsRemove: [] }
    await w.writer(postLicenseOrganization)({ body: JSON.stringify({ assignments: [assignment] }) })
    w.clock.advance(3_000)
    w.org.assign({ assignments: [{ licenseId: GIVEN, userIdsAdd: [], userIdsRemove: [who] }] })
    w.clock.advance(1_000)
    await takeAskedReading(w)
    expect(await countOf()).toEqual({ ...before, unknown: 1 })
    w.clock.advance(DAYS)
    await takeWholeReading(w)
    expect(await countOf()).toEqual(before)
  })
})

describe('a reading that somebody asked for', () => {
  it('takes no try from the night where it is not whole', async () => {
    const w = await readWorld(230)
    await takeWholeReading(w)
    w.clock.advance(12 * HOURS + HOURS / 6)
    const transport = altering(w, (path, body) => {
      if (path.startsWith(LICENSES)) body['total'] = 999
    })
    for (let n = 0; n < 3; n++) {
      await (await w.inventory()).askForReading()
      await w.takeInventory({ transport })
      w.clock.advance(HOURS / 60)
    }
    w.clock.advance(3 * HOURS)
    await w.takeInventory()
    const { asOfMs } = await (await w.inventory()).counts()
    expect(new Date(asOfMs).toISOString().slice(0, 10)).toBe('2026-11-16')
  })

  it('leaves the day the most that was counted, and what was counted whole', async () => {
    const w = await readWorld(230)
    await takeWholeReading(w)
    const ids = w.org.people(230).map(({ id }) => id)
    const today = async () => (await (await w.inventory()).days('2026-11-15', '2026-11-15'))[0]
    w.org.assign({ assignments: [{ licenseId: GIVEN, userIdsAdd: ids, userIdsRemove: [] }] })
    w.clock.advance(HOURS)
    await takeAskedReading(w)
    w.org.assign({ assignments: [{ licenseId: GIVEN, userIdsAdd: [], userIdsRemove: ids.slice(5) }] })
    w.clock.advance(HOURS)
    await takeAskedReading(w)
    const evening = await today()
    expect([evening?.isWhole, evening?.held[GIVEN], evening?.most?.[GIVEN]]).toEqual([true, 5, 230])
    w.clock.advance(HOURS)
    await (await w.inventory()).askForReading()
    await w.takeInventory({ transport: leavingOut(w, ({ id }) => id === ids[2]) })
    expect(await isWhole(w)).toBe(false)
    expect(await today()).toEqual(evening)
  })
})
