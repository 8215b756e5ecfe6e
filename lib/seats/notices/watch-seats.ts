/**
 * The watch over seats: a chore of the function that takes readings, once a minute. It compares what is held with what
 * was told last, and costs two readings of the ledger where nothing has turned. Start reading here: seat-standings.ts has the table of what is
 * told of which turn, notices.ts what is kept and told, tell-notice.ts how it gets out.
 */
import { GatewayError } from '../../errors.ts'
import { nearPercentOf } from '../../license-terms.ts'
import { isoOf, utcDayOf } from '../../utc-day.ts'
import type {
  LicensePeriod,
  LicenseSeats,
  PeriodReport,
  PersonBehind,
  SeatStanding,
  SeatsNow,
} from '../seats-port.ts'
import { noteOutside } from './changed-outside.ts'
import { noteContractGone } from './contract-gone.ts'
import { noteDigest } from './digest.ts'
import type { Notice, SeatsTold } from './notices.ts'
import { nearFromOf, type SeatTurn, seatTurnOf, standingOf } from './seat-standings.ts'
import { type NoticeWork, noteAndTell, tellLeft } from './tell-notice.ts'
import { periodTold } from './told-times.ts'

/**
 * Tells of what has turned since the last time. Nothing before the first reading: unknown is no standing.
 *
 * @throws GatewayError `ledger.unavailable`; the next minute does it.
 */
export async function watchSeats(work: NoticeWork): Promise<void> {
  const told = await work.notices.all()
  for (const each of told) await tellLeft(work, each)
  const now = await readNow(work)
  if (now === undefined) return
  const report = memoize(() => readReport(work))
  for (const license of now.licenses) {
    const seen = told.find(({ kind, name }) => kind === 'seats' && name === license.licenseId.toLowerCase())
    if (seen?.isTold !== false) await watchLicense(work, license, now, report, seen)
  }
  await noteContractGone(work, now, told)
  await noteOutside(work, now, told)
  await noteDigest(work, now, told, report)
}

async function readNow({ seats }: NoticeWork): Promise<SeatsNow | undefined> {
  try {
    return await seats.now()
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'reading.unavailable') return undefined
    throw error
  }
}

/** @returns undefined where it cannot be made: a license over its seats is told all the same, without who is behind it. */
async function readReport({ seats, log }: NoticeWork): Promise<PeriodReport | undefined> {
  try {
    return await seats.report('current')
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    log.noteDeferred('seats', 'who is behind it could not be read, so it is told without', error)
    return undefined
  }
}

async function watchLicense(
  work: NoticeWork,
  license: LicenseSeats,
  now: SeatsNow,
  report: () => Promise<PeriodReport | undefined>,
  seen: Notice | undefined,
): Promise<void> {
  const standing = standingOf(license, nearPercentOf(work.policy))
  const was = seen?.kind === 'seats' ? seen.told.standing : 'within'
  if (standing === undefined || standing === was) return
  const turn = seatTurnOf(was, standing)
  if (turn === undefined || (turn.turn === 'left' && !isSeenWhole(now, seen))) return
  const told = toldOf(work, license, now, { was, standing, turn }, await report())
  if (told) await noteAndTell(work, { kind: 'seats', name: license.licenseId.toLowerCase(), told }, seen)
}

/** Whether all of it is of a reading that began after what was told last. */
function isSeenWhole({ isWhole, asOfMs }: SeatsNow, seen: Notice | undefined): boolean {
  return isWhole && (seen === undefined || asOfMs > seen.atMs)
}

interface Turned {
  readonly was: SeatStanding
  readonly standing: SeatStanding
  readonly turn: SeatTurn
}

function toldOf(
  { clock, policy }: NoticeWork,
  { licenseId, held, unknown, seats, seatsFrom }: LicenseSeats,
  { asOfMs, isWhole, counting }: SeatsNow,
  { was, standing, turn }: Turned,
  report: PeriodReport | undefined,
): SeatsTold | undefined {
  if (seats === undefined || seatsFrom === 'none') return undefined
  const entry = report?.licenses.find((each) => each.licenseId === licenseId)
  const isEntered = turn.turn === 'entered'
  const behind = isEntered && standing === 'over' && entry ? countBehind(entry) : undefined
  return {
    licenseId,
    standing,
    was,
    turn: turn.turn,
    held,
    ...(unknown === undefined || unknown === 0 ? {} : { unknown }),
    seats,
    seatsFrom,
    over: Math.max(0, held - seats),
    nearFrom: nearFromOf(seats, nearPercentOf(policy)),
    ...(counting === undefined ? {} : { counting }),
    asOf: isoOf(asOfMs),
    isWhole,
    since: (standing === 'over' ? entry?.overSince : undefined) ?? utcDayOf(clock.nowMs()),
    ...(standing === 'over' && entry?.isOverFromFirst ? { isFromFirst: true } : {}),
    ...(report === undefined ? {} : { period: periodTold(report) }),
    ...(behind === undefined ? {} : { behind }),
  }
}

/** Changes that a notice names; the others are counted. */
const MAX_CHANGES = 20

function countBehind({
  people,
  morePeople = 0,
  heldFromFirst = 0,
}: LicensePeriod): NonNullable<SeatsTold['behind']> | undefined {
  // Nobody behind what is over: then they are not known.
  if (people.length + heldFromFirst === 0) return undefined
  const byChange = new Map<string, Set<string>>()
  for (const { userId, by } of [...people].sort((one, other) => other.sinceMs - one.sinceMs)) {
    if (typeof by === 'object')
      byChange.set(by.changeId, (byChange.get(by.changeId) ?? new Set()).add(userId))
  }
  const changes = [...byChange].map(([changeId, given]) => ({ changeId, people: given.size }))
  const byMoreChanges = changes.slice(MAX_CHANGES).reduce((sum, each) => sum + each.people, 0)
  const outside = countBy(people, 'outside')
  return {
    people: new Set(people.map(({ userId }) => userId)).size + morePeople + heldFromFirst,
    changes: changes.slice(0, MAX_CHANGES),
    ...(byMoreChanges > 0 ? { byMoreChanges } : {}),
    ...(outside > 0 ? { outside } : {}),
    ...(heldFromFirst > 0 ? { beforeRecords: heldFromFirst } : {}),
  }
}

function countBy(people: readonly PersonBehind[], by: PersonBehind['by']): number {
  return people.filter((each) => each.by === by).length
}

function memoize<T>(read: () => Promise<T>): () => Promise<T> {
  let once: Promise<T> | undefined
  return () => {
    once ??= read()
    return once
  }
}
