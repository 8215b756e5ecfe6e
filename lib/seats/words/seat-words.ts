/** Counts, days and bars of seats as people read them, in chat and on the page. Pure. */
import type { LicenseSeats } from '../seats-port.ts'

/** What is said wherever a figure rests on a reading that is not whole. */
export const NOT_WHOLE =
  'Somebody was missing in the last reading and is not known to be gone: what they held is counted on, so this may be wrong.'

export function countOf(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}

export function heldOfSeats({
  held,
  seats,
}: {
  readonly held: number
  readonly seats?: number | undefined
}): string {
  return seats === undefined ? `${held} held` : `${held} held, ${seats} paid for`
}

/** What is held is not what a concurrent contract counts. */
export const CONCURRENT =
  'The contract counts who is logged in at once, not who holds a license: held is not what is used.'

/** Cells of a bar: with a license's id and its figures it fits a phone's line. */
const BAR_WIDTH = 10

/** How much of the seats is held, in block characters; empty where nobody has told the seats. */
export function barOf({
  held,
  seats,
}: {
  readonly held: number
  readonly seats?: number | undefined
}): string {
  if (seats === undefined) return ''
  const share = seats === 0 ? Number(held > 0) : Math.min(1, held / seats)
  // Something held shows, and what is not full does not look it.
  const cells = share === 1 ? BAR_WIDTH : Math.min(BAR_WIDTH - 1, Math.ceil(share * BAR_WIDTH))
  return '█'.repeat(cells) + '░'.repeat(BAR_WIDTH - cells)
}

/** @param day as text. */
export function contractGoneText(day: string): string {
  return `Genesys told of the contract last on ${day}: its seats count for today no longer.`
}

/** Which count a day shows: an overage may have begun after it. */
export const DAY_SHOWS =
  'A day shows what its last reading counted, as a rule at night: what was given or taken after it shows on the next day.'

/** Whose number days are weighed by of which it is not on record what was paid for. @param day as text. */
export function paidBeforeText(day: string): string {
  return `What was paid for is on record from ${day} on. Where the org file tells it, days before are weighed by its first number of that day, which need not be theirs.`
}

/** Where the contract says another number, and where it has no such charge. */
export function doubtTextsOf({
  licenseId,
  seats,
  contractSeats,
  unknownCharges = [],
}: Pick<LicenseSeats, 'licenseId' | 'seats' | 'contractSeats' | 'unknownCharges'>): string[] {
  return [
    ...(contractSeats === undefined || contractSeats === seats
      ? []
      : [
          `Of ${licenseId} the contract has ${contractSeats} paid for; the org file’s ${figureOf(seats)} count.`,
        ]),
    ...(unknownCharges.length === 0
      ? []
      : [
          `The org file maps charges to ${licenseId} that the contract does not have: ${unknownCharges.join(', ')}. So what the contract pays for it is not known.`,
        ]),
  ]
}

/** What nobody knows is never shown as none. */
const UNKNOWN = '–'

export const figureOf = (count: number | undefined): string => (count === undefined ? UNKNOWN : String(count))

interface MaybeOver {
  readonly licenseId: string
  readonly seats?: number | undefined
  readonly over?: number | undefined
}

/**
 * How many are over their seats: of those whose seats nobody has told it is not known.
 *
 * @param isClosed of a period that is over: as it stood in the end, and what came back before that is another matter.
 * @returns undefined where nobody has told the seats of any.
 */
export function overTextOf(licenses: readonly MaybeOver[], isClosed = false): string | undefined {
  const over = licenses.filter((each) => (each.over ?? 0) > 0)
  const untold = licenses.filter(({ seats }) => seats === undefined).length
  if (untold === licenses.length) return undefined
  const [one, many, end] = isClosed ? ['was', 'were', ' in the end'] : ['is', 'are', '']
  const [only] = over
  if (only && over.length === 1) return `${only.licenseId} ${one} over its seats${end}`
  if (over.length > 1) return `${over.length} licenses ${many} over their seats${end}`
  if (untold === 0) return `no license ${one} over its seats${end}`
  return `no license ${one} known to be over its seats${end}, and of ${untold} nobody has told how many are paid for`
}

/** As a sentence begins: what begins with the id of a license stays as it is. */
export function capitalizeOver(text: string): string {
  return text.replace(/^(?:no|nobody) /, (word) => word.charAt(0).toUpperCase() + word.slice(1))
}

/** Where a license's id may go on in the next line: where one of its words begins. */
export function wordsOfId(id: string): string[] {
  return id.split(/(?<=[a-z])(?=[A-Z][a-z])|(?<=[A-Z]{2})(?=[a-z]{4})/)
}

/** Those over their seats first, the most first; the others as they come. */
export function byOver<T extends { readonly over?: number | undefined }>(licenses: readonly T[]): T[] {
  return [...licenses].sort((one, other) => (other.over ?? 0) - (one.over ?? 0))
}

/** `253/250 ▲3`, with by how many that is over: the bar alone is full for both. */
export function heldCellOf({
  held,
  seats,
  over = 0,
}: {
  readonly held: number
  readonly seats?: number | undefined
  readonly over?: number | undefined
}): string {
  if (seats === undefined) return String(held)
  return `${held}/${seats}${over > 0 ? ` ▲${over}` : ''}`
}

const DAY = /^(\d{4})-(\d{2})-(\d{2})/

/**
 * A day as it is written, whatever stands behind it: `14 December`, with its year where that is another than now's.
 * What begins with no day is given back as it came.
 */
export function dayTextOf(day: string, nowMs: number): string {
  const [whole, year] = DAY.exec(day) ?? []
  const atMs = whole === undefined ? Number.NaN : Date.parse(`${whole}T00:00:00Z`)
  if (Number.isNaN(atMs)) return day
  const isThisYear = new Date(nowMs).getUTCFullYear() === Number(year)
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: 'UTC',
    day: 'numeric',
    month: 'long',
    ...(isThisYear ? {} : { year: 'numeric' }),
  }).format(atMs)
}
