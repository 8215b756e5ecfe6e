/**
 * Headers, rows and the journal. The header's existence is the commit of a change, and each write of it is on
 * condition. The journal has partitions of its own, a month each, read from a time on by a query of the table
 * itself, which shows what has been put; each row is an item of its own, put once.
 */
import * as z from 'zod/mini'
import { isLedgerDown, mayBeCarriedOut } from '../changes/model/failure.ts'
import type { Header } from '../changes/model/header.ts'
import { randomId } from '../changes/model/record-ids.ts'
import type { Ledger } from '../changes/record/ledger.ts'
import type { JournalRow, PairSeen } from '../changes/record/pair-journal.ts'
import type { GatewayError } from '../errors.ts'
import { evidenceOf, headerOf, planOf, rowOf } from './stored-items.ts'
import { headerKey, type Item, journalKey, journalPks, journalStart, rowKey } from './table/keys.ts'
import type { Store } from './table/store.ts'

type ChangeRecords = Pick<Ledger, 'get' | 'plan' | 'part' | 'parts' | 'evidence' | 'putOrder' | 'order'>

export function changeRecords(store: Store): ChangeRecords {
  async function row(changeId: string, name: string): Promise<object> {
    const item = await store.get(rowKey(changeId, name))
    if (item === undefined) {
      throw new Error(
        `The row ${name} of the change ${changeId} is missing, though its header names it: somebody deleted it`,
      )
    }
    return rowOf(item)
  }

  return {
    get: async (changeId) => headerOf(await store.get(headerKey(changeId))),
    plan: async ({ id, planRow, keptPlan }) =>
      keptPlan?.name === planRow ? keptPlan.row : planOf(await row(id, planRow)),
    part: async ({ id, planRow }, n) => planOf(await row(id, partRowName(planRow, n))),
    async *parts({ id, planRow }, n = 0) {
      const [lower, upper] = [partRowName(planRow, n), partRowName(planRow, MAX_PARTS)]
      const { pk, sk } = rowKey(id, lower)
      for await (const item of store.range({ pk, lower: sk, upper: rowKey(id, upper).sk }))
        yield planOf(rowOf(item))
    },
    async putOrder(changeId, name, pieces) {
      // One after the other: together they may be more than DynamoDB takes in one transaction.
      for (const [n, packed] of pieces.entries()) {
        await store.put(rowItem(changeId, orderRowName(name, n), { packed }))
      }
    },
    async *order(changeId, name) {
      const { pk, sk } = rowKey(changeId, orderRowName(name, 0))
      for await (const item of store.range({
        pk,
        lower: sk,
        upper: rowKey(changeId, orderRowName(name, MAX_PARTS)).sk,
      }))
        yield z.parse(StoredOrder, rowOf(item)).packed
    },
    async evidence({ id, evidenceRow, keptEvidence }) {
      if (evidenceRow === undefined) return undefined
      return keptEvidence?.name === evidenceRow ? keptEvidence.row : evidenceOf(await row(id, evidenceRow))
    },
  }
}

/** Heads of those of the changes that there are. */
export function changeHeads(store: Pick<Store, 'getAll'>) {
  return async (ids: readonly string[]): Promise<readonly Header[]> => {
    const items = await store.getAll(ids.map(headerKey))
    return ids.flatMap((id) => headerOf(items.get(headerKey(id).pk)) ?? [])
  }
}

const StoredOrder = z.object({ packed: z.instanceof(Uint8Array) })

/** Of what a list was asked for with: the row of its n-th piece. */
function orderRowName(name: string, n: number): string {
  return `order-${name}#${String(n).padStart(5, '0')}`
}

/** More than a list has. */
const MAX_PARTS = 99_999

/** Of a list's plan: the row of its n-th part. */
export function partRowName(planRow: string, n: number): string {
  return `${planRow}#${String(n).padStart(5, '0')}`
}

/**
 * Whether a new header stands after the put of it failed.
 *
 * @throws GatewayError `outcome.unknown` where even that cannot be known.
 */
export async function standsForAll(store: Store, header: Header, cause: GatewayError): Promise<boolean> {
  try {
    return headerOf(await store.get(headerKey(header.id)))?.writeId === header.writeId
  } catch (error) {
    throw isLedgerDown(error) ? mayBeCarriedOut(header.id, cause) : error
  }
}

export function rowItem(changeId: string, name: string, row: object): Item {
  return { ...rowKey(changeId, name), schema: 1, row }
}

const users = z.optional(z.array(z.string()))

/** Some 200 kB of ids: a list may be about to give to 50,000 people. */
const PAIRS_OF_JOURNAL_ITEM = 5_000

/** By license, so that its id stands once and not beside each of up to 500 users. */
const Stored = z.object({
  schema: z.literal(1),
  changeId: z.string(),
  atMs: z.number(),
  sequence: z.int(),
  isIntent: z.optional(z.boolean()),
  licenses: z.record(
    z.string(),
    z.object({
      held: users,
      lacking: users,
      unknown: users,
      /** Of the unknown: those who held it before, and those who did not, where so much was read. */
      wereHolding: users,
      wereLacking: users,
      /** And of the others: those who are to hold it, and those who are not to. */
      toHold: users,
      toLack: users,
    }),
  ),
})
type Licenses = z.output<typeof Stored>['licenses']

/** @param name of the row, which no other write has. */
export function journalItem(row: JournalRow, name: string): Item {
  const { pairs, ...head } = row
  return { ...journalKey(row, name), schema: 1, ...head, licenses: licensesOf(pairs) }
}

export function journal(store: Store): Pick<Ledger, 'addJournal' | 'journal'> {
  return {
    async addJournal({ pairs, ...row }) {
      for (let start = 0; start === 0 || start < pairs.length; start += PAIRS_OF_JOURNAL_ITEM) {
        const piece = { ...row, pairs: pairs.slice(start, start + PAIRS_OF_JOURNAL_ITEM) }
        await store.put(journalItem(piece, randomId()))
      }
    },

    async journal(fromMs, toMs) {
      const sk = journalStart(fromMs)
      const months = await Promise.all(journalPks(fromMs, toMs).map((pk) => store.from({ pk, sk })))
      return months.flat().flatMap(journalRowsOf)
    },
  }
}

function licensesOf(pairs: readonly PairSeen[]): Licenses {
  const licenses = new Map<string, { [List in keyof Licenses[string]]: string[] }>()
  for (const { licenseId, userId, isHeld, wasHeld, wanted } of pairs) {
    const seen = licenses.get(licenseId) ?? {}
    licenses.set(licenseId, seen)
    const put = (list: keyof Licenses[string]) => {
      seen[list] ??= []
      seen[list].push(userId)
    }
    put(isHeld === undefined ? 'unknown' : isHeld ? 'held' : 'lacking')
    if (isHeld !== undefined) continue
    if (wasHeld !== undefined) put(wasHeld ? 'wereHolding' : 'wereLacking')
    else if (wanted !== undefined) put(wanted ? 'toHold' : 'toLack')
  }
  return Object.fromEntries(licenses)
}

/** A row of another version says nothing that this one can count with. */
function journalRowsOf(item: Item): JournalRow[] {
  const { data } = Stored.safeParse(item)
  if (data === undefined) return []
  const { changeId, atMs, sequence, isIntent, licenses } = data
  const pairs = Object.entries(licenses).flatMap(([licenseId, of]) => {
    const { held = [], lacking = [], unknown = [] } = of
    const before = eitherOf(of.wereHolding, of.wereLacking)
    const wishes = eitherOf(of.toHold, of.toLack)
    return [
      ...held.map((userId) => ({ licenseId, userId, isHeld: true })),
      ...lacking.map((userId) => ({ licenseId, userId, isHeld: false })),
      ...unknown.map((userId) => ({
        ...{ licenseId, userId, isHeld: undefined },
        ...{ wasHeld: before.get(userId), wanted: wishes.get(userId) },
      })),
    ]
  })
  return [{ changeId, atMs, sequence, isIntent, pairs }]
}

function eitherOf(yes: readonly string[] = [], no: readonly string[] = []): ReadonlyMap<string, boolean> {
  return new Map([
    ...yes.map((userId) => [userId, true] as const),
    ...no.map((userId) => [userId, false] as const),
  ])
}
