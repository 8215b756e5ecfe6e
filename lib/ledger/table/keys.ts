/** What the table's keys are made of. All that belongs to a change stands under one partition key. */
import { createHash } from 'node:crypto'
import type { ChangeState } from '../../changes/model/transitions.ts'
import { table } from './table.ts'

export interface Key {
  readonly pk: string
  readonly sk: string
}

/** An item as it is stored; what is in it is checked where it is read. */
export type Item = Key & Readonly<Record<string, unknown>>

interface Created {
  readonly id: string
  readonly createdAtMs: number
}

interface Journaled {
  readonly changeId: string
  readonly atMs: number
  readonly sequence: number
}

/** DynamoDB takes 2,048 bytes for a partition key; what a principal calls itself has no such bound. */
const MAX_NAME_BYTES = 1_000

/** Digits of a time in a sort key, so that text sorts as time does: epoch milliseconds up to the year 33658. */
const TIME_DIGITS = 15

/** Digits of a header's version in a sort key. */
const SEQUENCE_DIGITS = 9

const { prefixes } = table

const CHANGE = 'change#'
const INDEX = 'index#'
const MOVED = 'moved#'

const changePk = (changeId: string) => `${CHANGE}${changeId}`

export const headerKey = (changeId: string): Key => ({ pk: changePk(changeId), sk: 'header' })
export const rowKey = (changeId: string, name: string): Key => ({ pk: changePk(changeId), sk: `row#${name}` })
export const lockKey = (key: string): Key => ({ pk: `lock#${shortenName(key)}`, sk: 'lock' })
export const pointerKey = (key: string): Key => ({ pk: `pointer#${shortenName(key)}`, sk: 'pointer' })
export const snapshotKey = (name: string): Key => ({
  pk: `${prefixes.snapshot}${name}`,
  sk: 'snapshot',
})
export const leaseKey = (name: string): Key => ({ pk: `${prefixes.lease}${name}`, sk: 'lease' })
/** Keys of their own, so that what is stored spreads: DynamoDB writes 1 MB a second under one. */
export const snapshotPartKey = (name: string, slot: number, n: number): Key => ({
  pk: `${prefixes.snapshot}${name}#${slot}#${n}`,
  sk: 'part',
})
/** @param row a name that no other row has: two who settle one change at once never share an item. */
export const journalKey = ({ atMs, changeId, sequence }: Journaled, row: string): Key => ({
  pk: journalPk(monthOf(atMs)),
  sk: `${sortableTime(atMs)}#${changeId}#${String(sequence).padStart(SEQUENCE_DIGITS, '0')}#${row}`,
})
/** Says that a record has moved on a day; a partition of its own for each day. @param move a name that no other move of it has. */
export const movedKey = (day: string, record: Key, move: number): Key => ({
  pk: `${MOVED}${day}`,
  sk: `${record.pk}#${String(move).padStart(SEQUENCE_DIGITS, '0')}`,
})
/** From here on all that has moved on a day. */
export const movedFrom = (day: string): Key => ({ pk: `${MOVED}${day}`, sk: '!' })

export const auditHeadKey: Key = { pk: `${prefixes.audit}head`, sk: 'head' }

export const scheduleKey = (id: string): Key => ({ pk: `schedule#${id}`, sk: 'schedule' })

/** What billing has said: the last look at it, and what belongs to a period. */
export const billingKey: Key = { pk: prefixes.billing, sk: 'look' }
export const atWorkKey: Key = { pk: `${prefixes.billing}#at-work`, sk: 'at-work' }
export const paidKey: Key = { pk: `${prefixes.billing}#paid`, sk: 'paid' }
export const billedKey = (what: string, period: string): Key => ({
  pk: `${prefixes.billing}#${what}#${shortenName(period)}`,
  sk: what,
})
/** Of readings of the whole org: what only one writes at a time. */
export const readingKey = (of: 'state' | 'ask' | 'head'): Key => ({
  pk: `${prefixes.inventory}#${of}`,
  sk: 'inventory',
})
/** Keys of their own, so that what is stored spreads. */
export const readingPartKey = (at: number | string, of: string, n: number, part: number): Key => ({
  pk: `${prefixes.inventory}#${at}#${of}#${n}#${part}`,
  sk: 'part',
})
export const progressKey = (id: string): Key => ({ pk: `${prefixes.reading}${id}`, sk: 'reading' })
export const notedKey = (endedAtMs: number, readingId: string): Key => ({
  pk: `${prefixes.inventory}-noted`,
  sk: `${sortableTime(endedAtMs)}#${readingId}`,
})
/** @param day UTC, `2026-11-28`. */
export const dayKey = (day: string): Key => ({ pk: `${prefixes.inventory}-days`, sk: day })

interface Differing {
  readonly userId: string
  readonly licenseId: string
  readonly isGiven: boolean
  readonly atMs: number
}

/**
 * One difference stands in four places: in its month by time; with its user and with its license, what was given and what
 * was taken each by time; and with its license by user and time, where all of a pair stands together.
 */
export function differenceKeys({ userId, licenseId, isGiven, atMs }: Differing): Key[] {
  const [user, license, kind] = [userId.toLowerCase(), licenseId.toLowerCase(), kindOf(isGiven)]
  const at = sortableTime(atMs)
  const byTime = `${kind}#${at}#${user}#${license}`
  return [
    { pk: differencePks.month(monthOf(atMs)), sk: `${at}#${user}#${license}#${kind}` },
    { pk: differencePks.user(userId), sk: byTime },
    { pk: differencePks.license(licenseId), sk: byTime },
    { pk: differencePks.pairs(licenseId), sk: `${user}#${at}#${kind}` },
  ]
}
/** Sort keys of what was given, or taken, up to a time and with it. */
export function kindBounds(isGiven: boolean, toMs?: number): { lower: string; upper: string } {
  const { lower, upper } = listBounds(0, toMs)
  return { lower: `${kindOf(isGiven)}#${lower}`, upper: `${kindOf(isGiven)}#${upper}` }
}
/** Sort keys of one pair from a time on, with its license. */
export function pairBounds(userId: string, fromMs: number): { lower: string; upper: string } {
  const user = userId.toLowerCase()
  return { lower: `${user}#${sortableTime(fromMs)}`, upper: `${user}$` }
}
/** The lowest sort key of pairs whose user comes after that one. */
export const pairsAfter = (userId: string): string => `${userId.toLowerCase()}$`

const kindOf = (isGiven: boolean) => (isGiven ? 'given' : 'taken')
export const differencePks = {
  month: (month: number) => `${prefixes.difference}#${monthName(month)}`,
  user: (userId: string) => `${prefixes.difference}-user#${shortenName(userId.toLowerCase())}`,
  license: (licenseId: string) => `${prefixes.difference}-license#${shortenName(licenseId.toLowerCase())}`,
  pairs: (licenseId: string) => `${prefixes.difference}-pairs#${shortenName(licenseId.toLowerCase())}`,
}
/** The partitions that hold differences between two times; the earliest first. */
export function differenceMonths(fromMs: number, toMs: number): string[] {
  const pks: string[] = []
  for (let month = monthOf(fromMs); month <= monthOf(toMs); month++) pks.push(differencePks.month(month))
  return pks
}

/** The stop switch: one item, so that it can be read in one batch with locks. */
export const switchKey: Key = { pk: 'writes', sk: 'switch' }
const TURN = 'turn#'
export const turnKey = (version: number): Key => ({
  pk: switchKey.pk,
  sk: `${TURN}${String(version).padStart(SEQUENCE_DIGITS, '0')}`,
})
/** From here on each turn of it, in its order. */
export const firstTurnKey: Key = { pk: switchKey.pk, sk: TURN }

/** What holds all lists back: under a key of its own, so that it can be read in one batch with a list and the switch. */
export const listHoldKey: Key = { pk: 'lists', sk: 'hold' }

/** What was told last of one thing; all of them stand in one partition, which is read whole. */
export const noticeKey = (kind: string, name: string): Key => ({ pk: prefixes.notice, sk: `${kind}#${name}` })
export const firstNoticeKey: Key = { pk: prefixes.notice, sk: ' ' }

/** A message that asks approvers about a change. */
export const messageKey = (changeId: string, of: string): Key => ({
  pk: changePk(changeId),
  sk: `message#${of}`,
})

/** The n-th thing that lists find a change by; it counts only while the header names the same plan. */
export const indexKey = (changeId: string, n: number, planRow: string): Key => ({
  pk: changePk(changeId),
  sk: `${INDEX}${n}#${planRow}`,
})

/** The plan that an index row was written with; undefined for the header, which lists by state find. */
export function planRowOf({ sk }: Key): string | undefined {
  return sk.startsWith(INDEX) ? sk.slice(sk.indexOf('#', INDEX.length) + 1) : undefined
}

export function changeIdOf({ pk }: Key): string {
  return pk.slice(CHANGE.length)
}

/** Where lists look; each prefix is ours, so no name that a caller gives leads to another list. */
export const listPks = {
  all: 'all',
  schedules: 'schedules',
  state: (state: ChangeState) => `state#${state}`,
  actor: (actor: string) => `actor#${shortenName(actor)}`,
  /** Ids and names are told apart by their letters and not by case, as the org file's rules have it. */
  license: (licenseId: string) => `license#${licenseId.toLowerCase()}`,
  user: (userId: string) => `user#${userId}`,
  toggle: (featureName: string) => `toggle#${featureName.toLowerCase()}`,
}

/** No two items of a list have the same: a position in a list is exact. @param planRow of an index row. */
export function listSkOf({ id, createdAtMs }: Created, planRow?: string): string {
  const position = `${sortableTime(createdAtMs)}#${id}`
  return planRow === undefined ? position : `${position}#${planRow}`
}

/** Sort keys from the first to the last millisecond, inclusive on both sides. */
export function listBounds(fromMs = 0, toMs = 10 ** TIME_DIGITS - 1): { lower: string; upper: string } {
  // '$' is next after '#'.
  return { lower: sortableTime(fromMs), upper: `${sortableTime(toMs)}$` }
}

/** The journal's partitions, a month each, that hold rows between two times; the earliest first. */
export function journalPks(fromMs: number, toMs: number): string[] {
  const pks: string[] = []
  for (let month = monthOf(fromMs); month <= monthOf(toMs); month++) pks.push(journalPk(month))
  return pks
}

/** The lowest sort key of rows of that time or later. */
export const journalStart = (fromMs: number): string => sortableTime(fromMs)

/** Months since the year 0, in UTC. */
function monthOf(ms: number): number {
  const date = new Date(Math.max(0, ms))
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}

function journalPk(month: number): string {
  return `journal#${monthName(month)}`
}

/** E.g. `2026-11`. */
function monthName(month: number): string {
  return `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`
}

function sortableTime(ms: number): string {
  const inRange = Math.min(Math.max(Math.trunc(ms), 0), 10 ** TIME_DIGITS - 1)
  return String(inRange).padStart(TIME_DIGITS, '0')
}

function shortenName(name: string): string {
  if (Buffer.byteLength(name) <= MAX_NAME_BYTES) return name
  return `sha256#${createHash('sha256').update(name).digest('hex')}`
}
