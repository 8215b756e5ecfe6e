/** The port `Records`: what is on record, and the decisions that need nothing else. */
import { cursorOf, invalidCursor, positionOf } from '../cursor.ts'
import {
  type ChangeRow,
  completerOf,
  type NameOf,
  type NamesOf,
  type ResultRow,
  rowOfResult,
  rowOfUnplanned,
  rowsOfChange,
  withAction,
} from './answers/change-rows.ts'
import type { Change, ChangeListing, ChangeResult, ChangeResultListing } from './answers/change-schemas.ts'
import type { Me } from './answers/decision-schemas.ts'
import { entryOf } from './answers/render-change.ts'
import { standingResultsOf } from './answers/render-results.ts'
import { scheduleOf } from './answers/render-schedule.ts'
import { writesOf } from './answers/render-writes.ts'
import type { Schedule, ScheduleListing } from './answers/schedule-schemas.ts'
import type { ToggleListing, Writes, WritesOrder } from './answers/write-schemas.ts'
import { cancelChange } from './decide/decide-cancel.ts'
import { rejectChange } from './decide/decide-change.ts'
import { pauseList } from './decide/decide-list.ts'
import { extendChange } from './decide/decide-revert.ts'
import { approveSchedule } from './decide/decide-schedule.ts'
import { readTurns, throwSwitch } from './decide/decide-writes.ts'
import { describeCaller, offersFor, scheduleOffersFor } from './describe-caller.ts'
import type { Caller } from './model/change.ts'
import type { Extension } from './model/change-order.ts'
import type { Decided, Header } from './model/header.ts'
import type { WriteSwitch } from './model/write-switch.ts'
import { isUnknownName, nameChange, nameWrites, personCalled } from './name-parties.ts'
import { weighSchedules } from './plan/guards/weigh-schedules.ts'
import type { Answered, ListRequest, Records } from './port.ts'
import { readShownChange } from './read-shown-change.ts'
import { readToggles } from './read-toggles.ts'
import type { Desk } from './record/desk.ts'
import type { ListFilter } from './record/ledger.ts'
import { readAllResults, readResults } from './record/read-results.ts'
import { readSequels, withSequels } from './record/read-sequels.ts'
import { asAsked, readListsOf } from './record/read-whole.ts'
import { requireHeader } from './record/write-header.ts'
import { requireSchedule } from './record/write-schedule.ts'

export class RecordKeeper implements Records {
  readonly #desk: Desk
  readonly #callerOf: () => Caller
  readonly #namesOf: NamesOf

  /**
   * @param callerOf throws for whoever has no name and decides: to read, nobody needs one.
   * @param namesOf for files, which have names beside ids.
   */
  constructor(desk: Desk, callerOf: () => Caller, namesOf: NamesOf = async () => new Map()) {
    this.#desk = desk
    this.#callerOf = callerOf
    this.#namesOf = namesOf
  }

  async change(changeId: string): Promise<Change> {
    return this.#offer(await readShownChange(this.#desk, await requireHeader(this.#desk, changeId)))
  }

  async changes({ filter, from, to, limit, cursor, dueWithinMs }: ListRequest): Promise<ChangeListing> {
    const { headers, next } = await this.#desk.ledger.list({
      filter: this.#filterOf(filter, dueWithinMs),
      limit,
      fromMs: msOf(from),
      toMs: msOf(to),
      cursor,
    })
    const sequels = await readSequels(this.#desk.ledger, headers)
    const lists = await readListsOf(this.#desk.ledger, headers)
    const offer = offersFor(this.#desk, this.#callerOf())
    return {
      entities: headers.map((header) =>
        offer(withSequels(entryOf(asAsked(header, lists)), sequels.get(header.id))),
      ),
      next,
      isActorUnknown: isUnknownName(this.#desk.policy, filter.actor) || undefined,
    }
  }

  async results(
    changeId: string,
    { limit, cursor, outcome }: Parameters<Records['results']>[1],
  ): Promise<ChangeResultListing> {
    const header = await requireHeader(this.#desk, changeId)
    const list = listOf(changeId, outcome)
    const place = cursor === undefined ? { n: 0, offset: 0 } : placeOf(list, cursor)
    const entities: ChangeResult[] = []
    let hasRead = false
    for await (const { n, results } of readResults(this.#desk.ledger, header, place.n)) {
      const first = n === place.n ? place.offset : 0
      // What a filter passes over is read all the same.
      if (n - place.n >= PIECES_A_PAGE) return { entities, next: cursorOf(list, `${n}.${first}`) }
      for (const [offset, result] of results.entries()) {
        if (offset < first) continue
        hasRead = true
        if (outcome !== undefined && result.outcome !== outcome) continue
        if (entities.length === limit) return { entities, next: cursorOf(list, `${n}.${offset}`) }
        entities.push(result)
      }
    }
    if (cursor !== undefined && !hasRead) throw invalidCursor()
    return { entities }
  }

  async *changeRows({
    filter,
    from,
    to,
    dueWithinMs,
  }: Omit<ListRequest, 'limit' | 'cursor'>): AsyncGenerator<ChangeRow[]> {
    const { ledger } = this.#desk
    const complete = completerOf(this.#namesOf)
    const query = {
      filter: this.#filterOf(filter, dueWithinMs),
      fromMs: msOf(from),
      toMs: msOf(to),
      limit: CHANGES_AT_ONCE,
    }
    let cursor: string | undefined
    do {
      const { headers, next } = await ledger.list({ ...query, cursor })
      const lists = await readListsOf(ledger, headers)
      const sequels = await readSequels(ledger, headers)
      const entryIn = (header: Header) =>
        withSequels(this.#entryOf(asAsked(header, lists)), sequels.get(header.id))
      const listOf = ({ partOf }: Header) => {
        const list = lists.get(partOf?.changeId ?? '')
        return list && this.#entryOf(list)
      }
      const read = await Promise.all(
        headers.map(async (header) => {
          if (header.list) return []
          const [plan, evidence] = await Promise.all([ledger.plan(header), ledger.evidence(header)])
          if (plan.targets.length === 0) return [rowOfUnplanned(this.#entryOf(header))]
          const results = standingResultsOf(header, plan, evidence)
          return rowsOfChange(entryIn(header), results, filter, nameIn(header), listOf(header))
        }),
      )
      let rows: ChangeRow[] = []
      for (const [index, header] of headers.entries()) {
        rows.push(...(read[index] ?? []))
        if (!header.list) continue
        // Of a list there may be tens of thousands: they are handed on as they are read.
        for await (const { results } of readAllResults(ledger, header)) {
          rows.push(...rowsOfChange(entryIn(header), results, filter, nameIn(header)))
          yield await complete(rows)
          rows = []
        }
      }
      yield await complete(rows)
      cursor = next
    } while (cursor !== undefined)
  }

  async *resultRows(changeId: string, outcome?: ChangeResult['outcome']): AsyncGenerator<ResultRow[]> {
    const { ledger } = this.#desk
    const header = await requireHeader(this.#desk, changeId)
    const complete = completerOf(this.#namesOf, { hasEmails: true })
    const nameOf = nameIn(header)
    for await (const { results } of readAllResults(ledger, header)) {
      const wanted = results.filter((each) => outcome === undefined || each.outcome === outcome)
      yield await complete(wanted.map((result) => withAction(rowOfResult(result, nameOf))))
    }
  }

  async reject(changeId: string, reason?: string): Promise<Answered<Change>> {
    return await this.#answer(await rejectChange(this.#desk, this.#callerOf(), changeId, reason))
  }

  async cancel(
    changeId: string,
    { isDraft }: { readonly isDraft?: boolean | undefined } = {},
  ): Promise<Answered<Change>> {
    const alone = isDraft ? 'draft' : undefined
    return await this.#answer(await cancelChange(this.#desk, this.#callerOf(), changeId, alone))
  }

  async extend(changeId: string, order: Extension): Promise<Answered<Change>> {
    return await this.#answer(await extendChange(this.#desk, this.#callerOf(), changeId, order))
  }

  async pause(changeId: string): Promise<Answered<Change>> {
    return await this.#answer(await pauseList(this.#desk, this.#callerOf(), changeId))
  }

  async schedule(scheduleId: string): Promise<Schedule> {
    const record = await requireSchedule(this.#desk, scheduleId)
    const seats = await weighSchedules(this.#desk, [record])
    return this.#offerOf()(scheduleOf(record, seats.get(record.id)))
  }

  async schedules(page: Parameters<Records['schedules']>[0]): Promise<ScheduleListing> {
    const { records, next } = await this.#desk.ledger.listSchedules(page)
    const seats = await weighSchedules(this.#desk, records)
    const offer = this.#offerOf()
    return { entities: records.map((record) => offer(scheduleOf(record, seats.get(record.id)))), next }
  }

  async approveSchedule(scheduleId: string, digest: string): Promise<Answered<Schedule>> {
    const { record, isReplay } = await approveSchedule(this.#desk, this.#callerOf(), scheduleId, digest)
    return { value: this.#offerOf()(scheduleOf(record)), isReplay }
  }

  #entryOf(header: Header): Change {
    return nameChange(this.#desk.policy, entryOf(header))
  }

  #offerOf() {
    return scheduleOffersFor(this.#desk, this.#callerOf())
  }

  async toggles(): Promise<ToggleListing> {
    return await readToggles(this.#desk)
  }

  me(): Omit<Me, 'operations'> {
    return describeCaller(this.#desk.policy, this.#callerOf())
  }

  async writes(): Promise<Writes> {
    return this.#writesOf(await readTurns(this.#desk))
  }

  async setWrites(order: WritesOrder): Promise<Answered<Writes>> {
    const { turns, isReplay } = await throwSwitch(this.#desk, this.#callerOf(), order)
    return { value: this.#writesOf(turns), isReplay }
  }

  #writesOf(turns: readonly WriteSwitch[]): Writes {
    const { policy } = this.#desk
    return nameWrites(policy, writesOf(policy, turns))
  }

  #filterOf(filter: ListFilter, dueWithinMs: number | undefined): ListFilter {
    if (dueWithinMs === undefined) {
      const { actor } = filter
      return actor === undefined
        ? filter
        : { ...filter, actor: personCalled(this.#desk.policy, actor) ?? actor }
    }
    const nowMs = this.#desk.clock.nowMs()
    return { due: { nowMs, byMs: nowMs + dueWithinMs } }
  }

  async #answer({ header, isReplay }: Decided): Promise<Answered<Change>> {
    return { value: this.#offer(await readShownChange(this.#desk, header)), isReplay }
  }

  #offer(change: Change): Change {
    return offersFor(this.#desk, this.#callerOf())(change)
  }
}

/** Changes of a file whose rows are read at the same time, each with two more reads; one may have 500 pairs. */
const CHANGES_AT_ONCE = 25

/** Parts of a list that one page of results looks through, each with three reads: far below the 29 seconds that an answer may take. */
const PIECES_A_PAGE = 100

function msOf(time: string | undefined): number | undefined {
  return time === undefined ? undefined : Date.parse(time)
}

/** What its one user was called when it was planned. */
function nameIn({ subject }: Header): NameOf {
  return (userId) => ('userId' in subject && subject.userId === userId ? subject.userName : undefined)
}

interface Place {
  readonly n: number
  readonly offset: number
}

/** With another outcome it is another list: a page of one is no page of the other. */
const listOf = (changeId: string, outcome: ChangeResult['outcome'] | undefined) => [
  'results',
  changeId,
  outcome ?? null,
]

/** @throws GatewayError `bad.request` for a cursor that is not of this list. */
function placeOf(list: readonly unknown[], cursor: string): Place {
  const [n, offset] = positionOf(list, cursor).split('.').map(Number)
  if (n === undefined || offset === undefined) throw invalidCursor()
  return { n, offset }
}
