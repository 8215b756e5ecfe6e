/** One person in two readings, with what the gateway did in between: who they are now, and what happened to their licenses. Pure. */
import { holdingOf } from '../changes/record/pair-journal.ts'
import { type ContestedPair, foldId, type InventoryPerson } from './inventory-person.ts'
import type { Difference } from './inventory-port.ts'
import type { DirectoryRow } from './pack-reading.ts'
import type { RowsOfUser } from './pair-rows.ts'
import { type PairLook, type PairStory, tellPair } from './pair-timeline.ts'

/** What a page said of somebody. */
export interface LookedAt {
  readonly licenses: readonly string[]
  /** Epoch milliseconds. */
  readonly askedAtMs: number
  readonly answeredAtMs: number
}

export interface Compared {
  /** Folded. */
  readonly id: string
  /** As the last whole reading has them. */
  readonly old: InventoryPerson | undefined
  readonly found: (LookedAt & { readonly id: string }) | undefined
  readonly known: DirectoryRow | undefined
  readonly rows: RowsOfUser
  /** Genesys is known to leave those of this state out of its listing while they hold nothing. */
  readonly isLeftOut: boolean
  /** No whole reading was before: what it shows was there before records. */
  readonly isFirst: boolean
  /** When the last whole reading began, epoch milliseconds: of whom it did not have, nothing is known since. */
  readonly sinceMs: number
  /** When the last page of licenses was answered, epoch milliseconds: whoever is missing is known to be by then. */
  readonly endedAtMs: number
}

export interface ComparedPerson {
  /** Undefined of whom nothing is left to say. */
  readonly person: InventoryPerson | undefined
  readonly differences: readonly Difference[]
}

export function comparePerson(compared: Compared): ComparedPerson {
  const { id, old, found, known, rows, isLeftOut, isFirst, sinceMs, endedAtMs } = compared
  const { name, email, state } = known ?? {}
  const named = { id: found?.id ?? known?.id ?? old?.id ?? id, name, email, state }
  if (found) {
    const base = old ?? { licenses: [], seenAtMs: sinceMs }
    const told = comparePairs(
      isFirst ? { ...base, licenses: found.licenses } : readBase(base, found, rows),
      rows,
      found,
    )
    const person = {
      ...named,
      licenses: found.licenses,
      seenAtMs: found.askedAtMs,
      contested: told.contested.length > 0 ? told.contested : undefined,
    }
    return { person, differences: nameUser(named.id, told.differences) }
  }
  const base: PersonBase = old ?? { licenses: [], seenAtMs: sinceMs }
  // Who is not there may have slipped from one page to another while they were read.
  const mayHaveSlipped = !base.isMissing && state !== 'deleted'
  const isExpected = known !== undefined && !(old ? old.isUnlisted : isLeftOut)
  if (mayHaveSlipped && (isExpected || mayHold(base, rows))) {
    const identity = known ? named : { ...named, name: old?.name, email: old?.email, state: old?.state }
    const isUnread = isFirst || undefined
    return { person: { ...base, ...identity, isMissing: true, isUnread }, differences: [] }
  }
  const gone = { licenses: [], askedAtMs: endedAtMs, answeredAtMs: endedAtMs }
  const told = isFirst ? undefined : comparePairs(base, rows, gone)
  const contested = told && told.contested.length > 0 ? told.contested : undefined
  const isUnlisted = (known !== undefined && state !== 'deleted') || undefined
  const person =
    known || contested ? { ...named, licenses: [], seenAtMs: endedAtMs, isUnlisted, contested } : undefined
  return { person, differences: nameUser(named.id, told?.differences ?? []) }
}

type PersonBase = Pick<
  InventoryPerson,
  'licenses' | 'seenAtMs' | 'contested' | 'isMissing' | 'isUnread' | 'isUnlisted'
>

/** Whom no reading had shown yet held what this one shows, but for what the gateway has been at since. */
function readBase(base: PersonBase, found: LookedAt, rows: RowsOfUser): PersonBase {
  if (!base.isUnread) return base
  return { ...base, licenses: found.licenses.filter((licenseId) => !rows.has(foldId(licenseId))) }
}

function comparePairs(base: PersonBase, rows: RowsOfUser, look: LookedAt) {
  const differences: Omit<Difference, 'userId'>[] = []
  const contested: ContestedPair[] = []
  for (const [, pair] of pairsOf(base, rows, look)) {
    const { licenseId } = pair
    const story = tellPairOf(base, pair, {
      isHeld: hasLicense(look.licenses, licenseId),
      askedAtMs: look.askedAtMs,
      answeredAtMs: look.answeredAtMs,
    })
    for (const each of story.differences) differences.push({ ...each, licenseId })
    if (story.contested) contested.push({ ...story.contested, licenseId })
  }
  return { differences, contested }
}

/** What the journal tells of somebody since the reading. */
export function pendingDifferencesOf(person: InventoryPerson, rows: RowsOfUser): Difference[] {
  return [...pairsOf(person, rows)].flatMap(([, pair]) =>
    tellPairOf(person, pair).differences.map((each) => ({
      ...each,
      licenseId: pair.licenseId,
      userId: person.id,
    })),
  )
}

function tellPairOf(
  { licenses, seenAtMs, contested }: PersonBase,
  { licenseId, rows }: { readonly licenseId: string; readonly rows: Parameters<typeof tellPair>[1] },
  look?: PairLook,
): PairStory {
  const base = {
    isHeld: hasLicense(licenses, licenseId),
    seenAtMs,
    contested: contested?.find((each) => foldId(each.licenseId) === foldId(licenseId)),
  }
  return tellPair(base, rows, look)
}

/** Every pair that any of them names, as a page writes its license where one does. */
function pairsOf(base: PersonBase, rows: RowsOfUser, look?: LookedAt) {
  const pairs = new Map<string, { licenseId: string; rows: Parameters<typeof tellPair>[1] }>()
  const contested = (base.contested ?? []).map(({ licenseId }) => licenseId)
  for (const licenseId of [...(look?.licenses ?? []), ...base.licenses, ...contested]) {
    if (pairs.has(foldId(licenseId))) continue
    pairs.set(foldId(licenseId), { licenseId, rows: rows.get(foldId(licenseId))?.rows ?? [] })
  }
  for (const [folded, pair] of rows) if (!pairs.has(folded)) pairs.set(folded, pair)
  return pairs
}

/** Held by the page or by what the gateway saw later, or not known. */
function mayHold(base: PersonBase, rows: RowsOfUser): boolean {
  return [...pairsOf(base, rows)].some(([, { licenseId, rows: ofPair }]) => {
    const read = { isHeld: hasLicense(base.licenses, licenseId), atMs: base.seenAtMs }
    return holdingOf(read, ofPair.at(-1)) !== false
  })
}

function hasLicense(licenses: readonly string[], licenseId: string): boolean {
  return licenses.some((each) => foldId(each) === foldId(licenseId))
}

function nameUser(userId: string, differences: readonly Omit<Difference, 'userId'>[]): Difference[] {
  return differences.map((each) => ({ ...each, userId }))
}
