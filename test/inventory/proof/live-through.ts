/**
 * An org lives through days: changes through the gateway and outside of it, people who leave, and a reading each night,
 * each by the functions that deploy. After each whole reading every history is held against what truly happened, and what was
 * told of seats against what truly is over them; after each event whoever counts is held against what can be known.
 */
import { randomUUID } from 'node:crypto'
import { HoldingListing } from '../../../lib/inventory/answers/inventory-schemas.ts'
import { postLicenseOrganization } from '../../../lib/operations/license/post-license-organization.ts'
import { getLicenseHistory } from '../../../lib/operations/licenses/get-license-history.ts'
import { getSeats } from '../../../lib/operations/seats/get-seats.ts'
import { getUserHistory } from '../../../lib/operations/users/get-user-history.ts'
import { listUsers } from '../../../lib/operations/users/list-users.ts'
import { UserListing } from '../../../lib/people/user.ts'
import { SeatListing } from '../../../lib/seats/seat-schemas.ts'
import { nodeTransport, type Transport } from '../../../lib/transport/transport.ts'
import { eventAsking } from '../../support/events.ts'
import type { RawAnswer } from '../../support/gateway.ts'
import { takeWholeReading } from '../../support/seats/readings.ts'
import type { Invoke, World } from '../../support/world.ts'
import { type Day, type DayEvent, type Night, PEOPLE } from './days.ts'
import { noticeWitness } from './notice-witness.ts'
import { pairKey, type ToldHolding, truthLog } from './truth-log.ts'

/** Three pages of licenses, and three of the directory. */
export const ORG_USERS = 230

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000
const DAY_MS = 24 * HOUR_MS

/** The night's hour has passed by then, UTC. */
const NIGHT_MS = 3 * HOUR_MS

/** The minute's invocations that a night is waited for. */
const MINUTES_A_NIGHT = 30

export interface Lived {
  readonly wholeReadings: number
  readonly otherNights: number
  readonly holdingsCompared: number
  readonly countsCompared: number
  /** How often a license was told to be over its seats. */
  readonly overagesTold: number
}

/**
 * @param paidFor the seats of licenses, as the world's policy has them.
 * @throws Error that says on which day what was wrong.
 */
export async function liveThrough(
  each: World,
  days: readonly Day[],
  paidFor: ReadonlyMap<string, number>,
  isOver: () => boolean = () => false,
): Promise<Lived> {
  const { org, clock } = each
  const change = each.writer(postLicenseOrganization)
  const [users, userHistory, licenseHistory] = [
    each.inventoried(listUsers),
    each.inventoried(getUserHistory),
    each.inventoried(getLicenseHistory),
  ]
  const [seats, notices] = [each.inventoried(getSeats), noticeWitness(each, paidFor)]
  const people = org.people(ORG_USERS).map(({ id }) => id)
  const idOf = (person: number) => people[person] ?? ''
  const held = () => org.truth().users
  const lived = { wholeReadings: 0, otherNights: 0, holdingsCompared: 0, countsCompared: 0, overagesTold: 0 }

  await takeWholeReading(each)
  const log = truthLog(held())
  /** Pairs that are known to hold: as the newest whole reading had them, with what the gateway has settled since. */
  let known = new Set(log.held())
  let newest = (await listing(users)).asOf

  async function live(event: DayEvent): Promise<void> {
    const fromMs = clock.nowMs()
    if (event.kind === 'leaves') {
      const id = idOf(event.person)
      if (held()[id]) org.movePeople([{ id, state: event.to }])
      return log.note(held(), 'outside', fromMs, clock.nowMs())
    }
    const { person, license: licenseId, isGiven } = event
    const [given, taken] = isGiven ? [[idOf(person)], []] : [[], [idOf(person)]]
    const batch = { assignments: [{ licenseId, userIdsAdd: given, userIdsRemove: taken }] }
    if (event.kind === 'outside') {
      org.assign(batch)
      return log.note(held(), 'outside', fromMs, clock.nowMs())
    }
    const key = randomUUID()
    const headers = { 'Content-Type': ['application/json'], 'Idempotency-Key': [key] }
    for (let n = 0; n < event.times; n++) {
      const answer = await change({ body: JSON.stringify(batch), multiValueHeaders: headers })
      const changeId = String(answer.headers['x-change-id'])
      log.note(held(), { changeId }, fromMs, clock.nowMs())
      log.wish(pairKey(idOf(person), licenseId), isGiven, changeId)
    }
    // The gateway has looked: who has vanished holds nothing.
    const pair = pairKey(idOf(person), licenseId)
    if (log.held().has(pair)) known.add(pair)
    else known.delete(pair)
  }

  async function compareCounts(day: number): Promise<void> {
    const found = await everybody(users)
    const told = new Set(
      found.entities.flatMap(({ id, licenses }) => licenses.map((each) => pairKey(id, each))),
    )
    lived.countsCompared += 1
    if (!found.isWhole) return
    const wrong = [...told, ...known].filter((pair) => told.has(pair) !== known.has(pair))
    if (wrong.length > 0) throw new Error(`day ${day}: counted otherwise than is known: ${wrong.join('; ')}`)
    const counted = SeatListing.parse(taken(await seats()))
    const heldKnown = countByLicense(known)
    for (const { licenseId, held: count, unknown = 0 } of counted.entities) {
      const most = heldKnown.get(licenseId) ?? 0
      if (counted.isWhole && (count > most || count + unknown < most))
        throw new Error(`day ${day}: ${count} seats of ${licenseId} counted, and ${most} known to be held`)
    }
  }

  async function passNight(night: Night): Promise<void> {
    const midnightMs = Math.ceil(clock.nowMs() / DAY_MS) * DAY_MS
    clock.advance(midnightMs + NIGHT_MS - clock.nowMs())
    if (night.kind === 'cut') {
      // Lambda tells of its own that a process has died, and nobody else is told.
      await each.takeInventory({ transport: dyingAt(night.atCall) }).catch(() => {})
      return
    }
    if (night.kind === 'half')
      org.addFaults([
        { match: { path: '/api/v2/license/users' }, skip: 1, do: { status: 500 }, times: 1_000 },
      ])
    if (night.kind === 'storm') {
      const refusal = { status: 429, headers: { 'Retry-After': '30' } }
      org.addFaults([{ match: { path: '/api/v2/license/users' }, skip: 1, do: refusal, times: 12 }])
    }
    const slipped = night.kind === 'slip' && held()[idOf(night.person)] ? idOf(night.person) : undefined
    if (slipped !== undefined) org.movePeople([{ id: slipped, state: 'vanished' }])
    for (let n = 0; n < MINUTES_A_NIGHT; n++) {
      await each.takeInventory()
      clock.advance(MINUTE_MS)
    }
    org.clearFaults()
    if (slipped !== undefined) org.movePeople([{ id: slipped, state: 'active' }])
  }

  async function compareHistories(day: number): Promise<void> {
    const licenses = new Set(Object.values(held()).flat())
    for (const { licenseId } of await historyOf(userHistory, { userId: idOf(0) })) licenses.add(licenseId)
    const byLicense: ToldHolding[] = []
    for (const licenseId of licenses) byLicense.push(...(await historyOf(licenseHistory, { licenseId })))
    const faults = log.faultsOf(byLicense)
    for (const person of PEOPLE) {
      const userId = idOf(person)
      const own = byLicense.filter((each) => each.userId === userId)
      const told = await historyOf(userHistory, { userId })
      lived.holdingsCompared += told.length
      if (JSON.stringify(sorted(told)) === JSON.stringify(sorted(own))) continue
      faults.push(`${userId} has another history than the licenses have of them`)
    }
    lived.holdingsCompared += byLicense.length
    if (faults.length > 0) throw new Error(`day ${day}:\n${faults.join('\n')}`)
  }

  for (const [day, { events, night }] of days.entries()) {
    if (isOver()) break
    for (const event of events) {
      clock.advance(2 * HOUR_MS)
      await live(event)
      await compareCounts(day)
    }
    await passNight(night)
    const { asOf, isWhole } = await listing(users)
    if (asOf === newest) {
      lived.otherNights += 1
      continue
    }
    newest = asOf
    if (!isWhole) {
      // Somebody is missing for the first time: what they held is carried on, and said to be.
      known = new Set(log.held())
      continue
    }
    lived.wholeReadings += 1
    known = new Set(log.held())
    await compareCounts(day)
    await compareHistories(day)
    const faults = notices.faultsOf(countByLicense(log.held()))
    if (faults.length > 0) throw new Error(`day ${day}: ${faults.join('; ')}`)
    lived.overagesTold = notices.entries()
  }
  return lived
}

function countByLicense(pairs: Iterable<string>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const pair of pairs) {
    const [, licenseId = ''] = pair.split(' ')
    counts.set(licenseId, (counts.get(licenseId) ?? 0) + 1)
  }
  return counts
}

/** The process dies at that call outside, whatever it is, and makes none after it. */
function dyingAt(call: number): Transport {
  let calls = 0
  return async (request) => {
    calls += 1
    if (calls >= call) throw new Error('the process has died')
    return await nodeTransport(request)
  }
}

async function listing(users: Invoke, query: Readonly<Record<string, string>> = { limit: '1' }) {
  return UserListing.parse(taken(await users(eventAsking(query))))
}

async function everybody(users: Invoke): Promise<UserListing> {
  const entities: UserListing['entities'] = []
  for (let cursor: string | undefined; ; ) {
    const page = await listing(users, { limit: '100', ...(cursor === undefined ? {} : { cursor }) })
    entities.push(...page.entities)
    cursor = page.next
    if (cursor === undefined) return { ...page, entities }
  }
}

async function historyOf(
  history: Invoke,
  pathParameters: Readonly<Record<string, string>>,
): Promise<HoldingListing['entities']> {
  const entities: HoldingListing['entities'] = []
  for (let cursor: string | undefined; ; ) {
    const query = { limit: '100', ...(cursor === undefined ? {} : { cursor }) }
    const answer = await history({ ...eventAsking(query), pathParameters })
    if (answer.status === 404) return []
    const page = HoldingListing.parse(taken(answer))
    entities.push(...page.entities)
    cursor = page.next
    if (cursor === undefined) return entities
  }
}

function taken({ status, json, text }: RawAnswer): unknown {
  if (status !== 200) throw new Error(`${status}: ${text}`)
  return json
}

function sorted(holdings: readonly ToldHolding[]): string[] {
  return holdings.map((each) => JSON.stringify(each)).sort()
}
