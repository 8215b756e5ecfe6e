/**
 * Rows become pairs: people are found in a reading of the org that is gone through once, licenses among the org's
 * definitions. A row that names nobody, more than one, or no license is a bad row; where there is one, nothing is planned.
 */
import { GatewayError } from '../../../errors.ts'
import { isUuid } from '../../../genesys/models/ids.ts'
import type { LicenseDefinition } from '../../../genesys/models/licenses.ts'
import type { Holding, Reading, RowFault, Target } from '../../model/change.ts'
import { MAX_LIST_PAIRS } from '../../model/change-order.ts'
import type { RosterPerson } from '../../record/roster.ts'
import { sayUnknown, suggestLicenseIn } from '../check-assignments.ts'
import type { StateOf } from '../guards/find-not-active.ts'
import { isAddress, keyOf, type PeopleFound } from './find-named-people.ts'
import { type BadRow, bareNamesOf, type ListOrder, placeOfName, type WishedRow } from './list-order.ts'
import { RowFaults } from './row-faults.ts'

/** People that one name fits who are listed. */
const MAX_NAMED = 5

/** What is known of the org. */
export interface OrgKnown {
  /** By the ways in which rows name them; see `findNamedPeople`. */
  readonly people: PeopleFound
  readonly definitions: readonly LicenseDefinition[]
}

/** Pairs with what the reading says of them, in one order whatever the rows' was. */
export interface ResolvedRows {
  readonly targets: readonly (Target & { readonly licenseId: string; readonly userId: string })[]
  readonly values: readonly Reading[]
  readonly holdings: readonly Holding[]
  readonly stateOf: StateOf
  readonly faults: RowFaults
  /** Rows that say what another says. */
  readonly repeatedRows: number
}

interface LicensesKnown {
  /** Ids, by how they are matched. */
  readonly byLower: ReadonlyMap<string, string>
  readonly suggest: (written: string) => string | undefined
}

/** @param order whose rows are gone through once; a row said twice counts once. */
export function resolveRows(order: ListOrder, { people, definitions }: OrgKnown): ResolvedRows {
  const faults = new RowFaults()
  const licenses = licensesIn(definitions)
  const pairs = new Map<string, Pair>()
  let repeatedRows = 0
  for (const row of inLines(order)) {
    if ('faults' in row) {
      lookUpBad(row, people, licenses, faults)
      continue
    }
    const person = onePerson(row, people.byName, faults)
    const licenseId = licenseOf(row, person, licenses, faults)
    if (!person || licenseId === undefined) continue
    const { isGiven, line, places } = row
    const key = pairKey(person.id, licenseId)
    const first = pairs.get(key)
    if (!first) pairs.set(key, { person, licenseId, isGiven, line, place: places?.user })
    else if (first.isGiven !== isGiven) faults.add(contradicting(row, first), row)
    else repeatedRows++
  }
  const wished =
    order.desired === undefined
      ? [...pairs.values()]
      : pairsOfState(order, order.desired, pairs, { people, licenses, faults })
  wished.sort(inOrder)
  const involved = new Map(wished.map(({ person }) => [person.id.toLowerCase(), person]))
  return {
    targets: wished.map(({ person, licenseId, isGiven }) => ({
      licenseId,
      userId: person.id.toLowerCase(),
      desired: isGiven,
    })),
    values: wished.map(({ person, licenseId }) => heldBy(person, licenseId)),
    holdings: [...involved].map(([userId, person]) => ({ userId, licenses: person.licenses })),
    stateOf: (userId) => involved.get(userId.toLowerCase())?.state,
    faults,
    repeatedRows,
  }
}

/** Rows that name, to be given or with nobody beside it, what is no license: bad whoever the people are. */
export function findUnknownLicenses(order: ListOrder, definitions: OrgKnown['definitions']): RowFaults {
  const faults = new RowFaults()
  const licenses = licensesIn(definitions)
  for (const row of order.rows) if (row.isGiven) licenseOf(row, undefined, licenses, faults)
  if (order.desired?.of === 'licenses') refuseBareLicenses(order, licenses, faults)
  return faults
}

function licensesIn(definitions: OrgKnown['definitions']): LicensesKnown {
  const ids = definitions.map(({ id }) => id)
  return { byLower: new Map(ids.map((id) => [id.toLowerCase(), id])), suggest: suggestLicenseIn(ids) }
}

/** As the file has them: the first of the bad ones are told. */
function inLines({ rows, badRows }: ListOrder): readonly (WishedRow | BadRow)[] {
  return badRows ? [...rows, ...badRows].sort((one, other) => (one.line ?? 0) - (other.line ?? 0)) : rows
}

/** Whoever mends a row mends all that is wrong with it. */
function lookUpBad(row: BadRow, { byName }: PeopleFound, licenses: LicensesKnown, faults: RowFaults): void {
  const near = row.noLicense === undefined ? undefined : licenses.suggest(row.noLicense)
  for (const fault of row.faults) {
    const isMeant = near !== undefined && fault.fieldName === 'license'
    faults.add(isMeant ? { ...fault, message: `${fault.message}: did you mean ${near}?` } : fault, row)
  }
  const { user, license } = row
  const person = user === undefined ? undefined : onePerson({ ...row, user }, byName, faults, row)
  // What it is to be is not known: a license that was withdrawn can be taken away.
  if (license !== undefined) licenseOf({ ...row, license, isGiven: false }, person, licenses, faults, row)
}

interface Pair {
  readonly person: RosterPerson
  readonly licenseId: string
  readonly isGiven: boolean
  readonly line?: number | undefined
  readonly place?: string | undefined
}

/** Neither id has a blank. */
function pairKey(userId: string, licenseId: string): string {
  return `${userId} ${licenseId}`.toLowerCase()
}

function inOrder(one: Pair, other: Pair): number {
  if (one.licenseId !== other.licenseId) return one.licenseId < other.licenseId ? -1 : 1
  return one.person.id.toLowerCase() < other.person.id.toLowerCase() ? -1 : 1
}

/** What is wished for in one row and is not of the desired mode falls away; whoever is not named loses what the mode takes. */
function pairsOfState(
  order: ListOrder,
  { mode, of, names }: NonNullable<ListOrder['desired']>,
  wished: ReadonlyMap<string, Pair>,
  {
    people: { byName, holders },
    licenses,
    faults,
  }: {
    readonly people: PeopleFound
    readonly licenses: LicensesKnown
    readonly faults: RowFaults
  },
): Pair[] {
  if (of === 'licenses') refuseBareLicenses(order, licenses, faults)
  else for (const name of bareNamesOf(order)) onePerson(namedAlone(of, name), byName, faults)
  const gives = mode === 'remove-only' ? [] : [...wished.values()]
  const takes = new Map<string, Pair>()
  const take = (person: RosterPerson, licenseId: string) => {
    const key = pairKey(person.id, licenseId)
    if (wished.has(key) || takes.has(key) || heldBy(person, licenseId) === false) return
    if (gives.length + takes.size === MAX_LIST_PAIRS) throw tooManyPairs()
    takes.set(key, { person, licenseId, isGiven: false })
  }
  // Where a row is bad, nothing is planned.
  if (mode === 'add-only' || faults.count > 0) return gives
  if (of === 'licenses') {
    const named = new Set(names.flatMap((name) => licenses.byLower.get(name.toLowerCase()) ?? []))
    for (const licenseId of named) for (const person of holders) take(person, licenseId)
  } else {
    const named = new Set([...wished.values()].map(({ licenseId }) => licenseId))
    for (const user of names) {
      const [person] = byName.get(keyOf(user)) ?? []
      if (person) for (const licenseId of named) take(person, licenseId)
    }
  }
  return [...gives, ...takes.values()]
}

function refuseBareLicenses(order: ListOrder, licenses: LicensesKnown, faults: RowFaults): void {
  for (const name of bareNamesOf(order)) {
    const named = namedAlone('licenses', name)
    if (!licenses.byLower.has(name.toLowerCase())) faults.add(unknownLicense(named, licenses), named)
  }
}

function tooManyPairs(): GatewayError {
  return new GatewayError(
    'request.entity.too.large',
    `What is asked for comes to more than ${MAX_LIST_PAIRS} (license, user) pairs, and a list takes no more: hand it in in parts`,
  )
}

/** What is known of one pair; undefined where nothing is. */
function heldBy({ licenses, unknown }: RosterPerson, licenseId: string): Reading {
  const id = licenseId.toLowerCase()
  if (unknown === 'any' || unknown.some((each) => each.toLowerCase() === id)) return undefined
  return licenses.some((each) => each.toLowerCase() === id)
}

/** What a desired state names with nothing beside it. */
function namedAlone(of: 'licenses' | 'people', name: string) {
  const place = placeOfName(of, name)
  return { user: name, license: name, places: { user: place, license: place } }
}

type NamedUser = Pick<WishedRow, 'line' | 'places' | 'user'>

/** @param row whose fault it is. */
function onePerson(
  named: NamedUser,
  byName: ReadonlyMap<string, readonly RosterPerson[]>,
  faults: RowFaults,
  row: object = named,
): RosterPerson | undefined {
  const { line, places, user } = named
  const found = byName.get(keyOf(user)) ?? []
  const [only] = found
  if (only && found.length === 1) return only
  const fault = { line, fieldName: places?.user ?? 'user' }
  if (only) {
    const listed = found.slice(0, MAX_NAMED).map(apart).join('; ')
    const more = found.length > MAX_NAMED ? `; and ${found.length - MAX_NAMED} more` : ''
    const message = `fits ${found.length} people, say which by e-mail or id: ${listed}${more}`
    faults.add({ ...fault, errorCode: 'SEVERAL_MATCHES', message }, row)
    return undefined
  }
  faults.add(unknownUser(named), row)
  return undefined
}

function unknownUser({ line, places, user }: NamedUser): RowFault {
  return { line, fieldName: places?.user ?? 'user', errorCode: 'UNKNOWN_USER', message: nobodyBy(user) }
}

function nobodyBy(user: string): string {
  if (isUuid(user)) return `is nobody's id in the organization: ${user}`
  const what = isAddress(user) ? 'e-mail' : 'name'
  return `is nobody's ${what} by the last reading of the organization: ${shown(user)}`
}

function apart({ id, name, email, state }: RosterPerson): string {
  const behind = state === undefined || state === 'active' ? '' : `, ${state}`
  return `${shown(name ?? id)} (${email === undefined ? id : shown(email)}${behind})`
}

/** Characters shown of what somebody wrote. */
const MAX_SHOWN = 80

function shown(text: string): string {
  const plain = text.replace(/[\p{C}\p{Z}]+/gu, ' ').trim()
  return plain.length > MAX_SHOWN ? `${plain.slice(0, MAX_SHOWN - 1).toWellFormed()}…` : plain
}

/** Ids are matched in any case; what was withdrawn, and somebody still holds, can be taken away. */
function licenseOf(
  named: Pick<WishedRow, 'line' | 'places' | 'license' | 'isGiven'>,
  person: RosterPerson | undefined,
  licenses: LicensesKnown,
  faults: RowFaults,
  row: object = named,
): string | undefined {
  const { license, isGiven } = named
  const known = licenses.byLower.get(license.toLowerCase())
  if (known !== undefined) return known
  const held = person?.licenses.find((each) => each.toLowerCase() === license.toLowerCase())
  if (!isGiven && held !== undefined) return held
  faults.add(unknownLicense(named, licenses), row)
  return undefined
}

function unknownLicense(
  { line, places, license }: Pick<WishedRow, 'line' | 'places' | 'license'>,
  { suggest }: LicensesKnown,
) {
  const told = sayUnknown(shown(license), suggest)
  const message = `is unknown: ${told.charAt(0).toLowerCase()}${told.slice(1)}`
  return { line, fieldName: places?.license ?? 'license', errorCode: 'UNKNOWN_LICENSE', message }
}

function contradicting({ line, places }: WishedRow, first: Pair) {
  const where = first.line === undefined ? (first.place ?? 'another row') : `line ${first.line}`
  const message = `contradicts ${where}: one user cannot both gain and lose ${first.licenseId}`
  return { line, fieldName: places?.user ?? 'action', errorCode: 'CONTRADICTION', message }
}
