/** Histories, and readings that are asked for, against the embedded org and through the functions that deploy. */
import { describe, expect, it } from 'vitest'
import { HoldingListing, InventoryReading } from '../../lib/inventory/answers/inventory-schemas.ts'
import { postLicenseOrganization } from '../../lib/operations/license/post-license-organization.ts'
import { getLicenseHistory } from '../../lib/operations/licenses/get-license-history.ts'
import { createReading } from '../../lib/operations/readings/create-reading.ts'
import { getReading } from '../../lib/operations/readings/get-reading.ts'
import { getUserHistory } from '../../lib/operations/users/get-user-history.ts'
import { eventAsking } from '../support/events.ts'
import { type Call, faultyTransport } from '../support/ledger/ledger.ts'
import { expectError } from '../support/refusals.ts'
import { takeAskedReading, takeWholeReading } from '../support/seats/readings.ts'
import { world } from '../support/world.ts'

const HOUR_MS = 3_600_000
const NOBODY = '00000000-0000-4000-8000-000000000000'

async function start({ users = 60, isRead = true } = {}) {
  const each = await world({ org: { users } })
  if (isRead) await takeWholeReading(each)
  const byUser = each.inventoried(getUserHistory)
  const byLicense = each.inventoried(getLicenseHistory)
  const change = each.writer(postLicenseOrganization)
  const [ana, ben] = each.org.people(2)
  if (!ana || !ben) throw new Error('the org has nobody')
  const batch = (licenseId: string, given: readonly string[], taken: readonly string[] = []) => ({
    assignments: [{ licenseId, userIdsAdd: [...given], userIdsRemove: [...taken] }],
  })
  return {
    ...each,
    ...{ ana, ben },
    askUser: (userId: string, query = {}) => byUser({ ...eventAsking(query), pathParameters: { userId } }),
    askLicense: (licenseId: string, query = {}) =>
      byLicense({ ...eventAsking(query), pathParameters: { licenseId } }),
    ofUser: async (userId: string, query = {}) =>
      HoldingListing.parse((await byUser({ ...eventAsking(query), pathParameters: { userId } })).json),
    ofLicense: async (licenseId: string, query = {}) =>
      HoldingListing.parse((await byLicense({ ...eventAsking(query), pathParameters: { licenseId } })).json),
    /** @returns the id of the change. */
    async change(licenseId: string, given: readonly string[], taken: readonly string[] = []) {
      const answer = await change({ body: JSON.stringify(batch(licenseId, given, taken)) })
      expect(answer.status).toBe(200)
      return String(answer.headers['x-change-id'])
    },
    outside: (licenseId: string, given: readonly string[], taken: readonly string[] = []) =>
      each.org.assign(batch(licenseId, given, taken)),
  }
}

describe('the history of somebody', () => {
  it('has what the first reading found as before records, with name and e-mail', async () => {
    const { ofUser, ana, org } = await start()
    const { entities, isWhole, asOf } = await ofUser(ana.id)
    expect(isWhole).toBe(true)
    expect(entities).toEqual(
      org.truth().users[ana.id]?.map((licenseId) => ({
        ...{ licenseId, userId: ana.id, name: ana.name, email: ana.email },
        ...{ from: asOf, by: 'before records' },
      })),
    )
  })

  it('has what the gateway did at once, by the change, and asks Genesys nothing', async () => {
    const { ofUser, change, ana, clock, org } = await start()
    clock.advance(HOUR_MS)
    const givenAt = clock.nowMs()
    const given = await change('wallboardUser', [ana.id])
    clock.advance(HOUR_MS)
    const taken = await change('wallboardUser', [], [ana.id])
    const asked = org.requests().length
    const [newest] = (await ofUser(ana.id)).entities
    expect(newest).toMatchObject({
      licenseId: 'wallboardUser',
      by: { changeId: given },
      endedBy: { changeId: taken },
    })
    expect(Date.parse(newest?.from ?? '') - givenAt).toBeLessThan(60_000)
    expect(Date.parse(newest?.until ?? '') - givenAt).toBeGreaterThanOrEqual(HOUR_MS)
    expect(org.requests()).toHaveLength(asked)
  })

  it('tells the same of it once a reading has been made since', async () => {
    const each = await start()
    each.clock.advance(HOUR_MS)
    await each.change('wallboardUser', [each.ana.id])
    const before = await each.ofUser(each.ana.id)
    each.clock.advance(HOUR_MS)
    await takeAskedReading(each)
    const after = await each.ofUser(each.ana.id)
    expect(after.entities).toEqual(before.entities)
    expect(Date.parse(after.asOf)).toBeGreaterThan(Date.parse(before.asOf))
  })

  it('has what was done in Genesys itself with the next reading, and after when', async () => {
    const each = await start()
    const { ofUser, ana, clock } = each
    const before = await ofUser(ana.id)
    clock.advance(HOUR_MS)
    each.outside('wallboardUser', [ana.id])
    const doneAt = clock.nowMs()
    expect(await ofUser(ana.id)).toEqual(before)
    clock.advance(HOUR_MS)
    await takeAskedReading(each)
    const [newest] = (await ofUser(ana.id)).entities
    expect(newest).toMatchObject({ licenseId: 'wallboardUser', by: 'outside' })
    expect(Date.parse(newest?.fromAfter ?? '')).toBeLessThan(doneAt)
    expect(Date.parse(newest?.from ?? '')).toBeGreaterThan(doneAt)
    each.outside('wallboardUser', [], [ana.id])
    clock.advance(HOUR_MS)
    await takeAskedReading(each)
    const [ended] = (await ofUser(ana.id)).entities
    expect(ended).toMatchObject({ from: newest?.from, endedBy: 'outside' })
    expect(Date.parse(ended?.untilAfter ?? '')).toBeLessThanOrEqual(Date.parse(ended?.until ?? ''))
  })

  it('has nothing of a reading whose differences are on record and which is not the newest yet', async () => {
    const each = await start()
    const before = await each.ofUser(each.ana.id)
    each.clock.advance(HOUR_MS)
    each.outside('wallboardUser', [each.ana.id])
    await (await each.inventory()).askForReading()
    const faults = faultyTransport()
    const isHeadPut = ({ action, input }: Call) =>
      /Put|Transact/.test(action) && JSON.stringify(input).includes('"inventory#head"')
    faults.failNext(isHeadPut, 'drop', 99)
    await each.takeInventory({ transport: faults.transport }).catch(() => {})
    const { store } = await each.readingSource()
    const rows = store.recorded(each.clock.nowMs()).of({ userId: each.ana.id }, true)
    expect((await rows[Symbol.asyncIterator]().next()).value).toMatchObject({ licenseId: 'wallboardUser' })
    expect(await each.ofUser(each.ana.id)).toEqual(before)
    each.clock.advance(HOUR_MS)
    await takeWholeReading(each)
    expect((await each.ofUser(each.ana.id)).entities[0]).toMatchObject({ by: 'outside' })
  })

  it('of an id that a whole reading does not know is 404, and says what to do about somebody new', async () => {
    const { askUser } = await start()
    const answer = await askUser(NOBODY)
    expectError(answer, { status: 404, code: 'not.found' })
    expect(Object(answer.json).message).toContain('POST /v1/readings')
  })

  it('of somebody who has never held anything is empty', async () => {
    const each = await world({ org: { users: 8 } })
    const [ana] = each.org.people(1)
    const licenses = each.org.truth().users[ana?.id ?? ''] ?? []
    each.org.assign({
      assignments: licenses.map((licenseId) => ({
        ...{ licenseId, userIdsAdd: [] },
        userIdsRemove: [ana?.id ?? ''],
      })),
    })
    await takeWholeReading(each)
    const pathParameters = { userId: ana?.id ?? '' }
    const { status, json } = await each.inventoried(getUserHistory)({ pathParameters })
    expect([status, HoldingListing.parse(json).entities]).toEqual([200, []])
  })

  it('is not known before the first reading', async () => {
    const { askUser, ana } = await start({ isRead: false })
    expectError(await askUser(ana.id), { status: 503, code: 'reading.unavailable' })
  })
})

describe('the history of a license', () => {
  it('has whoever has held it, in any case, the latest beginning first', async () => {
    const { ofLicense, change, ben, clock, org } = await start()
    const holders = Object.entries(org.truth().users).flatMap(([id, held]) =>
      held.includes('cloudCX3') ? [id] : [],
    )
    clock.advance(HOUR_MS)
    await change('cloudCX3', [ben.id])
    const { entities } = await ofLicense('CLOUDcx3', { limit: '100' })
    expect(entities.map(({ userId }) => userId)).toEqual([ben.id, ...holders.sort()])
    expect(new Set(entities.map(({ licenseId }) => licenseId))).toEqual(new Set(['cloudCX3']))
  })

  it('comes in pages that go on where the one before ended', async () => {
    const { ofLicense, change, ben, clock } = await start({ users: 300 })
    clock.advance(HOUR_MS)
    await change('cloudCX1', [ben.id])
    const { entities: all } = await ofLicense('cloudCX1', { limit: '100' })
    const found: HoldingListing['entities'] = []
    for (let query = { limit: '7' }; ; ) {
      const { entities, next } = await ofLicense('cloudCX1', query)
      found.push(...entities)
      if (next === undefined) break
      query = { ...query, ...{ cursor: next } }
    }
    expect(found).toEqual(all)
    expect(found.length).toBeGreaterThan(14)
  })

  it('that nobody has held is empty', async () => {
    const { ofLicense } = await start({ users: 8 })
    expect(await ofLicense('nobody-has-it')).toMatchObject({ entities: [], isWhole: true })
  })
})

describe('a reading that is asked for', () => {
  it('is one for all who ask meanwhile, and is looked at until it is whole', async () => {
    const each = await start({ users: 8 })
    each.clock.advance(60_000)
    const ask = each.inventoried(createReading)
    const look = each.inventoried(getReading)
    const first = await ask()
    const { id, state, selfUri } = InventoryReading.parse(first.json)
    expect([first.status, state, selfUri]).toEqual([202, 'waiting', `/v1/readings/${id}`])
    expect(new URL(String(first.headers['location']), 'https://example.com/stage/v1/readings').pathname).toBe(
      `/stage/v1/readings/${id}`,
    )
    expect((await ask()).json).toEqual(first.json)
    expect((await look({ pathParameters: { readingId: id } })).json).toEqual(first.json)
    await takeWholeReading(each)
    const over = InventoryReading.parse((await look({ pathParameters: { readingId: id } })).json)
    expect(over).toMatchObject({ state: 'whole', pagesRead: 2, pagesToRead: 2 })
    expect(InventoryReading.parse((await ask()).json)).toEqual(over)
    each.clock.advance(60_000)
    expect(InventoryReading.parse((await ask()).json).id).not.toBe(id)
  })

  it('is found as the latest too, and after it the newest', async () => {
    const each = await start({ users: 8 })
    const look = async () => {
      const pathParameters = { readingId: 'latest' }
      return InventoryReading.parse((await each.inventoried(getReading)({ pathParameters })).json)
    }
    expect(await look()).toMatchObject({ state: 'whole' })
    each.clock.advance(60_000)
    const asked = InventoryReading.parse((await each.inventoried(createReading)()).json)
    expect(await look()).toEqual(asked)
    await takeWholeReading(each)
    expect(await look()).toMatchObject({ id: asked.id, state: 'whole' })
  })

  it('that nobody asked for is 404', async () => {
    const look = (await start({ users: 8 })).inventoried(getReading)
    for (const readingId of ['nobody-asked', NOBODY])
      expectError(await look({ pathParameters: { readingId } }), { status: 404, code: 'not.found' })
  })
})
