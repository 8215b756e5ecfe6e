/**
 * A list as it came: rows that name people and licenses as whoever wrote them did, and for a desired state what is to be
 * done about everybody else. A file, Genesys's assignments and a desired state come in; what is resolved into pairs goes
 * out (`resolve-rows.ts`), now or, where it takes a fresh reading, in a turn of its own. Start reading here.
 */
import { gunzipSync, gzipSync } from 'node:zlib'
import * as z from 'zod/mini'
import { isUuid, LicenseId } from '../../../genesys/models/ids.ts'
import type { LicenseBatchAssignmentRequest } from '../../../genesys/models/licenses.ts'
import { jsonOf } from '../../../json.ts'
import { pairOf, type RowFault, type Target } from '../../model/change.ts'
import { type DesiredOrder, desiredModes } from '../../model/change-order.ts'
import { type Header, type LicenseCount, MAX_LISTED_LICENSES } from '../../model/header.ts'

/** Pairs that are planned while whoever asks waits: their people are read by four requests. */
export const MAX_PAIRS_AT_ONCE = 2_000

const Row = z.object({
  /** Of the file, the first is 1; absent of what came as JSON. */
  line: z.optional(z.int()),
  /** Of the body: where it names them; absent of a file. */
  places: z.optional(z.object({ user: z.string(), license: z.string() })),
  user: z.string(),
  license: z.string(),
  isGiven: z.boolean(),
})
/** Somebody, by id, e-mail or name, is to be given a license, or it is to be taken from them. */
export type WishedRow = z.output<typeof Row>

/** A row that is bad as it stands, with what of it can be looked up all the same. */
export interface BadRow {
  readonly line: number
  readonly user?: string | undefined
  readonly license?: string | undefined
  /** What stands in place of one, of which no license's id is made. It may be anything, and is not told. */
  readonly noLicense?: string | undefined
  readonly faults: readonly RowFault[]
}

const DesiredState = z.object({
  mode: z.enum(desiredModes),
  /** Whom it is about: with licenses everybody, with people those that it names. */
  of: z.enum(['licenses', 'people']),
  /** All that it names, with nobody or nothing beside them too. */
  names: z.array(z.string()),
})
export type DesiredState = z.output<typeof DesiredState>

const Order = z.object({ rows: z.array(Row), desired: z.optional(DesiredState) })
export type ListOrder = z.output<typeof Order> & {
  /** Of a file that is refused: such an order is never on record. */
  readonly badRows?: readonly BadRow[] | undefined
}

/** Each pair once, with where it is named first. */
export function orderOfAssignments({ assignments }: LicenseBatchAssignmentRequest): ListOrder {
  const rows = new Map<string, WishedRow>()
  for (const [n, { licenseId, ...lists }] of assignments.entries()) {
    for (const member of ['userIdsAdd', 'userIdsRemove'] as const) {
      for (const [index, user] of lists[member].entries()) {
        const key = `${licenseId} ${user}`
        if (rows.has(key)) continue
        const places = {
          user: `assignments.${n}.${member}.${index}`,
          license: `assignments.${n}.licenseId`,
        }
        rows.set(key, { places, user, license: licenseId, isGiven: member === 'userIdsAdd' })
      }
    }
  }
  return { rows: [...rows.values()] }
}

/** Of what the gateway names itself. */
export function orderOfPairs(targets: readonly Target[]): ListOrder {
  return {
    rows: targets.map(pairOf).map(({ userId, licenseId, desired }) => {
      return { user: userId, license: licenseId, isGiven: desired }
    }),
  }
}

/** Its rows are who is to hold what. */
export function orderOfDesired({ licenses, people, mode }: DesiredOrder): ListOrder {
  const rows = licenses
    ? Object.entries(licenses).flatMap(([license, users]) =>
        users.map((user, index) => {
          const place = placeOfName('licenses', license)
          return { user, license, places: { user: `${place}.${index}`, license: place } }
        }),
      )
    : Object.entries(people ?? {}).flatMap(([user, ids]) =>
        ids.map((license, index) => {
          const place = placeOfName('people', user)
          return { user, license, places: { user: place, license: `${place}.${index}` } }
        }),
      )
  return {
    rows: rows.map((row) => ({ ...row, isGiven: true })),
    desired: {
      mode,
      of: licenses ? 'licenses' : 'people',
      names: Object.keys(licenses ?? people ?? {}),
    },
  }
}

/** Where a desired state names a license, or a person. */
export function placeOfName(of: DesiredState['of'], name: string): string {
  return `${of}.${name}`
}

/** What a desired state names with nothing beside it. */
export function bareNamesOf({ rows, desired }: ListOrder): string[] {
  if (!desired) return []
  const named = new Set(rows.map(({ license, user }) => (desired.of === 'licenses' ? license : user)))
  return desired.names.filter((each) => !named.has(each))
}

/** How many rows there are, good or bad; what is named with nothing beside it is one. */
export function countRows(order: ListOrder): number {
  return order.rows.length + (order.badRows?.length ?? 0) + bareNamesOf(order).length
}

/** Whether it is planned from a reading that begins after it was asked for: what is taken from whoever is not named must be known of all. */
export function needsReading({ rows, desired }: ListOrder): boolean {
  return rows.length > MAX_PAIRS_AT_ONCE || (desired !== undefined && desired.mode !== 'add-only')
}

/**
 * What lists and events show of it before it is planned: counts, of one person under two names two, and by name no more
 * than what looks like a license. Whoever mixes up the columns writes people there.
 */
export function subjectAsWritten({ rows, desired }: ListOrder): Header['subject'] {
  const isGiving = desired?.mode !== 'remove-only'
  const named = [...(desired?.of === 'licenses' ? desired.names : []), ...rows.map(({ license }) => license)]
  const licenses = Map.groupBy(named, (each) => each.toLowerCase()).values()
  return {
    pairs: rows.length,
    users: new Set(rows.map(({ user }) => user.toLowerCase())).size,
    licenses: [...licenses]
      .flatMap(([first = '']) => (isLicenseLike(first) ? [first] : []))
      .slice(0, MAX_LISTED_LICENSES),
    gives: isGiving ? countsOf(rows.filter(({ isGiven }) => isGiven)) : [],
    takes: countsOf(rows.filter(({ isGiven }) => !isGiven)),
  }
}

function isLicenseLike(written: string): boolean {
  return LicenseId.safeParse(written).success && !isUuid(written)
}

function countsOf(rows: readonly WishedRow[]): LicenseCount[] {
  return [...Map.groupBy(rows, ({ license }) => license.toLowerCase()).values()]
    .map((ofOne) => ({
      licenseId: ofOne[0]?.license ?? '',
      users: new Set(ofOne.map(({ user }) => user.toLowerCase())).size,
    }))
    .filter(({ licenseId }) => isLicenseLike(licenseId))
    .slice(0, MAX_LISTED_LICENSES)
}

/** Of a piece before it is packed, which may not make it smaller: DynamoDB keeps 400 kB in an item. */
const BYTES_A_PIECE = 300_000

/** @returns what is kept of it, in pieces, each packed on its own. */
export function packOrder({ rows, desired }: ListOrder): Uint8Array[] {
  const pieces: Uint8Array[] = []
  const nothing = (): { rows: WishedRow[]; names: string[] } => ({ rows: [], names: [] })
  let piece = nothing()
  let bytes = 0
  const keep = () => {
    const { rows, names } = piece
    pieces.push(gzipSync(JSON.stringify({ rows, desired: desired && { ...desired, names } })))
    piece = nothing()
    bytes = 0
  }
  const makeRoom = (each: WishedRow | string) => {
    const size = Buffer.byteLength(JSON.stringify(each))
    if (bytes + size > BYTES_A_PIECE) keep()
    bytes += size
  }
  for (const row of rows) {
    makeRoom(row)
    piece.rows.push(row)
  }
  for (const name of desired?.names ?? []) {
    makeRoom(name)
    piece.names.push(name)
  }
  keep()
  return pieces
}

/** @throws Error for what is no order. */
export async function unpackOrder(pieces: AsyncIterable<Uint8Array>): Promise<ListOrder> {
  const rows: WishedRow[] = []
  const names: string[] = []
  let desired: DesiredState | undefined
  for await (const piece of pieces) {
    const order = z.parse(Order, jsonOf(gunzipSync(piece).toString('utf8')))
    for (const row of order.rows) rows.push(row)
    for (const name of order.desired?.names ?? []) names.push(name)
    desired ??= order.desired
  }
  return { rows, desired: desired && { ...desired, names } }
}
