import type { Actor, PlanRow } from '../changes/model/change.ts'
import { type Header, MAX_LISTED_LICENSES } from '../changes/model/header.ts'
import { type ChangeState, openStates } from '../changes/model/transitions.ts'
import type { Ledger, ListFilter } from '../changes/record/ledger.ts'
import { leaveOutUndone } from '../changes/record/read-sequels.ts'
import { listDue } from './list-due.ts'
import { DUE_PK, headerOf, ifKnown, planOf, rowOf } from './stored-items.ts'
import {
  changeIdOf,
  headerKey,
  type Item,
  indexKey,
  listPks,
  listSkOf,
  planRowOf,
  rowKey,
} from './table/keys.ts'
import { pageNewestFirst } from './table/newest-first.ts'
import type { Store } from './table/store.ts'
import { table } from './table/table.ts'

type ChangeLists = Pick<Ledger, 'due' | 'headers' | 'open' | 'list'>

/** In the order in which a change takes them, so that one that moves on meanwhile is met again, and not missed. */
const releasedStates: readonly ChangeState[] = [
  'PLANNED',
  'APPROVED',
  'RUNNING',
  'PAUSED',
  'CLAIMED',
  'SENT',
  'UNKNOWN',
]

/** Headers read at once. */
const MAX_ROWS = 100

export function changeLists(store: Store): ChangeLists {
  async function headers(rows: readonly Item[]): Promise<(Header | undefined)[]> {
    const items = await store.getAll(rows.map((row) => headerKey(changeIdOf(row))))
    return rows.map(({ pk }) => ifKnown(headerOf, items.get(pk)))
  }

  /** What the plan says where a header cannot tell: whether it names the license, and for the user where one is given. */
  async function namingPair(
    found: readonly (Header | undefined)[],
    { licenseId, userId }: ListFilter,
  ): Promise<readonly (Header | undefined)[]> {
    const keys = found.flatMap((header) =>
      header && !header.keptPlan ? [rowKey(header.id, header.planRow)] : [],
    )
    const rows = await store.getAll(keys)
    return found.map((header) => {
      const plan =
        header &&
        (header.keptPlan?.row ??
          ifKnown((row) => row && planOf(rowOf(row)), rows.get(headerKey(header.id).pk)))
      const isNamed = plan?.targets.some(
        (target) =>
          'licenseId' in target &&
          isAlike(target.licenseId, licenseId) &&
          (userId === undefined || target.userId === userId),
      )
      return isNamed ? header : undefined
    })
  }

  async function headersOf(changeIds: readonly string[]): Promise<ReadonlyMap<string, Header>> {
    const items = await store.getAll(changeIds.map(headerKey))
    return new Map(
      changeIds.flatMap((id) => {
        const header = ifKnown(headerOf, items.get(headerKey(id).pk))
        return header ? [[id, header] as const] : []
      }),
    )
  }

  return {
    async due(nowMs, limit) {
      const { name, partitionKey, sortKey } = table.indexes.due
      const { items } = await store.query({
        index: name,
        expression: '#pk = :pk AND #at <= :now',
        names: { '#pk': partitionKey, '#at': sortKey },
        values: { ':pk': DUE_PK, ':now': nowMs },
        isNewestFirst: false,
        limit,
      })
      return items.map(changeIdOf)
    },

    headers: headersOf,

    async open() {
      const found = new Map<string, Header>()
      for (const state of releasedStates) {
        let startKey: Item | undefined
        do {
          const { items, lastKey } = await store.query({
            index: table.indexes.list.name,
            expression: '#pk = :pk',
            names: { '#pk': table.indexes.list.partitionKey },
            values: { ':pk': listPks.state(state) },
            isNewestFirst: true,
            limit: MAX_ROWS,
            startKey,
          })
          for (const header of await headers(items)) {
            const isOpen = header && releasedStates.includes(header.state)
            if (isOpen && (header.state !== 'PLANNED' || header.isReleased)) found.set(header.id, header)
          }
          startKey = lastKey
        } while (startKey)
      }
      return [...found.values()]
    },

    async list({ filter, ...query }) {
      if (filter.due) {
        const lasting = async (rows: readonly Item[]) =>
          await leaveOutUndone(
            { headers: headersOf },
            (await headers(rows)).filter((each) => each !== undefined),
          )
        return await listDue(store, filter.due, query, lasting)
      }
      const { lists, isWhole, isLicenseSure } = leadOf(filter)
      const { found, ...rest } = await pageNewestFirst(
        store,
        { lists, of: ofFilter(filter), isSparse: !isWhole, ...query },
        async (rows) => {
          const read = await headers(rows)
          const fitting = rows.map((row, index) => fittingOf(row, read[index], filter))
          return isLicenseSure ? fitting : await namingPair(fitting, filter)
        },
      )
      return { headers: found, ...rest }
    },
  }
}

interface Lead {
  readonly lists: readonly string[]
  /** Whether all that is in these lists is wanted, as far as the records still say so. */
  readonly isWhole: boolean
  /** Whether what is in them needs no plan to tell that it is of the license. */
  readonly isLicenseSure: boolean
}

/** Where to look: the list that has the fewest beside those that are wanted. */
function leadOf({ states, actor, licenseId, userId, featureName }: ListFilter): Lead {
  const given = [states, actor, licenseId, userId, featureName].filter((each) => each !== undefined).length
  const by = (...lists: readonly string[]): Lead => ({
    lists,
    isWhole: given <= 1,
    isLicenseSure: licenseId === undefined || lists[0] === listPks.license(licenseId),
  })
  if (userId !== undefined) return by(listPks.user(userId))
  if (featureName !== undefined) return by(listPks.toggle(featureName))
  // Few are open at a time, however long the record is.
  if (states?.every((state) => openStates.includes(state))) return by(...states.map(listPks.state))
  if (actor !== undefined) return by(listPks.actor(actor))
  if (licenseId !== undefined) return by(listPks.license(licenseId))
  if (states !== undefined) return by(...states.map(listPks.state))
  return by(listPks.all)
}

/** What a cursor is bound to: another filter is another list. */
function ofFilter({ states, actor, licenseId, userId, featureName }: ListFilter): readonly unknown[] {
  const named = [actor, licenseId, userId, featureName].map((each) => each ?? null)
  return ['changes', states ? [...states].sort() : null, ...named]
}

/** An index is behind the records, and has rows of creations that lost; the header decides, as far as it can tell. */
function fittingOf(row: Item, header: Header | undefined, filter: ListFilter): Header | undefined {
  if (!header) return undefined
  const planRow = planRowOf(row)
  if (planRow !== undefined && header.planRow !== planRow) return undefined
  const { states, actor, licenseId, userId, featureName } = filter
  const { subject } = header
  // Their list stands for them, but where somebody asks about one user.
  const isPartAmongOthers = header.partOf !== undefined && userId === undefined
  const isFitting =
    !isPartAmongOthers &&
    (states?.includes(header.state) ?? true) &&
    (actor === undefined || actorNames(header.actor).includes(actor)) &&
    (featureName === undefined || ('featureName' in subject && isAlike(subject.featureName, featureName))) &&
    (userId === undefined || 'licenses' in subject) &&
    (licenseId === undefined || ('licenses' in subject && mayName(subject.licenses, licenseId)))
  return isFitting ? header : undefined
}

/** A header names no more than the first licenses of many. */
function mayName(licenses: readonly string[], licenseId: string): boolean {
  return licenses.some((each) => isAlike(each, licenseId)) || licenses.length >= MAX_LISTED_LICENSES
}

function isAlike(one: string, other: string | undefined): boolean {
  return one.toLowerCase() === other?.toLowerCase()
}

/** What lists find a change by, besides its state: rows that never change, written before the header and tied to its plan. */
export function indexRows(header: Header, { targets, leftAlone = [] }: PlanRow): Item[] {
  const lists = new Set(header.partOf ? [] : [listPks.all, ...actorNames(header.actor).map(listPks.actor)])
  if (header.list && 'licenses' in header.subject) {
    for (const licenseId of header.subject.licenses) lists.add(listPks.license(licenseId))
  }
  for (const target of [...targets, ...leftAlone]) {
    if ('featureName' in target) lists.add(listPks.toggle(target.featureName))
    else lists.add(listPks.license(target.licenseId)).add(listPks.user(target.userId))
  }
  const listSk = listSkOf(header, header.planRow)
  return [...lists].map((listPk, n) => ({ ...indexKey(header.id, n, header.planRow), listPk, listSk }))
}

/** `kind:id`, and the person or the tool; no name of either has a colon in it, and no two share one. */
function actorNames({ kind, id, person, tool }: Actor): string[] {
  return [`${kind}:${id}`, ...[person, tool].filter((each) => each !== undefined)]
}
