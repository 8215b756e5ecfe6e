/**
 * An org lives through days: changes through the gateway and outside of it, people who come and go, and a reading each
 * night, each by the functions that deploy. After each whole reading every history is held against what truly happened, and
 * what was told of seats against what truly is held; after each event whoever counts is held against what can be known, and
 * what was told against what is counted.
 */
import { randomUUID } from 'node:crypto'
import { postLicenseOrganization } from '../../../lib/operations/license/post-license-organization.ts'
import { getLicenseHistory } from '../../../lib/operations/licenses/get-license-history.ts'
import { getSeats } from '../../../lib/operations/seats/get-seats.ts'
import { getUserHistory } from '../../../lib/operations/users/get-user-history.ts'
import { listUsers } from '../../../lib/operations/users/list-users.ts'
import { takeWholeReading } from '../../support/seats/readings.ts'
import type { World } from '../../support/world.ts'
import { everybodyOf, historyOf, listingOf, seatsOf } from './ask.ts'
import { type Day, type DayEvent, NEWCOMERS, PEOPLE } from './days.ts'
import { noticeWitness } from './notice-witness.ts'
import { passNight } from './pass-night.ts'
import { pairKey, type ToldHolding, truthLog } from './truth-log.ts'

/** Three pages of licenses, and three of the directory. */
export const ORG_USERS = 230

const HOUR_MS = 3_600_000

export interface Lived {
  readonly days: number
  readonly wholeReadings: number
  /** Nights after which counts said that they were not whole. */
  readonly otherReadings: number
  /** Nights without a reading. */
  readonly lostNights: number
  readonly holdingsCompared: number
  /** Counts that said that they were whole, and were. */
  readonly countsCompared: number
  /** How often a license was told to be over its seats. */
  readonly overagesTold: number
}

/**
 * @param paidFor the seats of licenses, as the world's policy has them.
 * @param isOver asked before each day: from then on no further one is lived through.
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
  const [users, seats] = [each.inventoried(listUsers), each.inventoried(getSeats)]
  const [userHistory, licenseHistory] = [
    each.inventoried(getUserHistory),
    each.inventoried(getLicenseHistory),
  ]
  const notices = noticeWitness(each, paidFor)
  const ids = org.people(ORG_USERS).map(({ id }) => id)
  const idOf = (person: number) => ids[person] ?? ''
  const held = () => org.truth().users
  const licenses = new Set(Object.values(held()).flat())
  const lived = { days: 0, wholeReadings: 0, otherReadings: 0, lostNights: 0, holdingsCompared: 0 }
  const counted = { countsCompared: 0, overagesTold: 0 }

  org.movePeople(NEWCOMERS.map((person) => ({ id: idOf(person), state: 'vanished' })))
  await takeWholeReading(each)
  const log = truthLog(held())
  /** Pairs that are known to hold: as the newest whole reading had them, with what the gateway has settled since. */
  let known = new Set(log.held())
  /** Pairs that were changed outside while that reading was taken: whether it saw them so nobody can tell. */
  let unsure = new Set<string>()
  let newest = (await listingOf(users)).asOf

  /** Of whom something was done since histories were compared. */
  const inQuestion = new Set<number>()

  async function live(event: DayEvent): Promise<void> {
    inQuestion.add(event.person)
    const fromMs = clock.nowMs()
    const noteOutside = () => log.note(held(), 'outside', fromMs, clock.nowMs())
    if (event.kind === 'moves') {
      const id = idOf(event.person)
      if (held()[id] || event.to === 'active') org.movePeople([{ id, state: event.to }])
      return noteOutside()
    }
    const { person, license: licenseId, isGiven } = event
    const [given, taken] = isGiven ? [[idOf(person)], []] : [[], [idOf(person)]]
    const batch = { assignments: [{ licenseId, userIdsAdd: given, userIdsRemove: taken }] }
    if (event.kind === 'outside') {
      org.assign(batch)
      return noteOutside()
    }
    const key = randomUUID()
    const headers = { 'Content-Type': ['application/json'], 'Idempotency-Key': [key] }
    const pair = pairKey(idOf(person), licenseId)
    for (let n = 0; n < event.times; n++) {
      const answer = await change({ body: JSON.stringify(batch), multiValueHeaders: headers })
      const changeId = String(answer.headers['x-change-id'])
      log.note(held(), { changeId }, fromMs, clock.nowMs())
      log.wish(pair, isGiven, changeId)
    }
    // The gateway has looked: who has vanished holds nothing.
    unsure.delete(pair)
    if (log.held().has(pair)) known.add(pair)
    else known.delete(pair)
  }

  /** @returns a sentence for each count that is wrong and does not say that it may be. */
  async function faultsOfCounts(): Promise<string[]> {
    const { isWhole, entities } = await everybodyOf(users)
    const found = await seatsOf(seats)
    if (found.isWhole !== isWhole) return ['one says that it is whole, and the other does not']
    if (!isWhole) return []
    counted.countsCompared += 1
    const told = new Set(
      entities.flatMap(({ id, licenses: of }) => of.map((license) => pairKey(id, license))),
    )
    const wrong = [...new Set([...told, ...known])].filter(
      (pair) => told.has(pair) !== known.has(pair) && !unsure.has(pair),
    )
    const faults = wrong.map(
      (pair) => `${pair} is ${told.has(pair) ? '' : 'not '}listed, against what is known`,
    )
    const bounds = boundsOf(known, unsure)
    for (const { licenseId, held: count, unknown = 0 } of found.entities) {
      const { least, most } = bounds(licenseId)
      if (count > most || count + unknown < least)
        faults.push(`${count} seats of ${licenseId} counted, and ${least} to ${most} known to be held`)
    }
    return faults
  }

  /** Whatever is counted over its seats has been told, within the minute. */
  async function faultsOfMinute(): Promise<string[]> {
    await each.takeInventory()
    const over = (await seatsOf(seats)).entities.filter(({ over = 0 }) => over > 0)
    return over
      .filter(({ licenseId }) => !notices.isToldOver(licenseId))
      .map(({ licenseId }) => `${licenseId} is counted over its seats, and nobody was told`)
  }

  /** All that there are, by license; by person, of those of whom something was done and of one more. */
  async function faultsOfHistories(day: number): Promise<string[]> {
    const byLicense: ToldHolding[] = []
    for (const licenseId of licenses) byLicense.push(...(await historyOf(licenseHistory, { licenseId })))
    const faults = log.faultsOf(byLicense, unsure)
    for (const person of inQuestion.add(PEOPLE[day % PEOPLE.length] ?? 0)) {
      const userId = idOf(person)
      const own = byLicense.filter((holding) => holding.userId === userId)
      const told = await historyOf(userHistory, { userId })
      lived.holdingsCompared += told.length
      if (JSON.stringify(sorted(told)) === JSON.stringify(sorted(own))) continue
      faults.push(`${userId} has another history than the licenses have of them`)
    }
    lived.holdingsCompared += byLicense.length
    inQuestion.clear()
    return faults
  }

  let isAnybodyThere = true
  for (const [day, { events, night }] of days.entries()) {
    const hold = (faults: readonly string[], what: string) => {
      if (faults.length > 0) throw new Error(`day ${day}, ${what}:\n${faults.join('\n')}`)
    }
    if (isOver()) break
    for (const event of events) {
      clock.advance(2 * HOUR_MS)
      await live(event)
      if (isAnybodyThere) hold(await faultsOfMinute(), JSON.stringify(event))
      hold(await faultsOfCounts(), JSON.stringify(event))
    }
    isAnybodyThere = await passNight(each, night, { idOf, live })
    lived.days += 1
    const { asOf, isWhole } = await listingOf(users)
    if (asOf === newest) {
      lived.lostNights += 1
      continue
    }
    newest = asOf
    known = new Set(log.held())
    unsure = new Set(log.changedSince(Date.parse(asOf)))
    if (!isWhole) {
      // Somebody is missing for the first time: what they held is carried on, and said to be.
      lived.otherReadings += 1
      continue
    }
    lived.wholeReadings += 1
    hold(await faultsOfCounts(), 'counts')
    hold(await faultsOfHistories(day), 'histories')
    hold(notices.faultsOf(boundsOf(log.held(), unsure)), 'what was told of seats')
    counted.overagesTold = notices.overages()
  }
  return { ...lived, ...counted }
}

/** How many hold a license, where of some pairs nobody can tell. */
function boundsOf(pairs: ReadonlySet<string>, unsure: ReadonlySet<string>) {
  const countOf = (of: readonly string[], licenseId: string) =>
    of.filter((pair) => pair.split(' ')[1] === licenseId).length
  const sure = [...pairs].filter((pair) => !unsure.has(pair))
  return (licenseId: string) => {
    const least = countOf(sure, licenseId)
    return { least, most: least + countOf([...unsure], licenseId) }
  }
}

function sorted(holdings: readonly ToldHolding[]): string[] {
  return holdings.map((each) => JSON.stringify(each)).sort()
}
