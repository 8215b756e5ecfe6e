/**
 * What holds back: the stop switch, and the wait that all lists keep. The switch is one item that says how it stands, put on condition of what was seen, and beside it each turn that it
 * has taken, put before the item that was it is written over. So none is ever lost, and a crash between the two loses none.
 */
import * as z from 'zod/mini'
import { type WriteSwitch, writeStates } from '../changes/model/write-switch.ts'
import type { Ledger } from '../changes/record/ledger.ts'
import { headerOf, unknownRecord } from './stored-items.ts'
import { absent, type Condition, either } from './table/conditions.ts'
import { firstTurnKey, headerKey, type Item, listHoldKey, switchKey, turnKey } from './table/keys.ts'
import type { Store } from './table/store.ts'

type Switch = Pick<Ledger, 'writeSwitch' | 'putSwitch' | 'switchTurns'>

/** What guards is checked; the rest are our own writes. */
const Known = z.looseObject({
  schema: z.literal(1),
  state: z.enum(writeStates),
  version: z.int(),
  writeId: z.string(),
  atMs: z.number(),
  by: z.looseObject({ kind: z.string(), id: z.string() }),
})

export function writeSwitch(store: Store): Switch {
  const read = async () => switchOf(await store.get(switchKey))

  return {
    writeSwitch: read,

    async putSwitch(next, seen) {
      if (seen && next.version > seen.version) {
        const { toldVersion: _, ...turn } = seen
        await store.putAll([{ ...turnKey(seen.version), record: turn }])
      }
      const item = { ...switchKey, record: next }
      if (await store.put(item, seen ? ifAsSeen(seen) : absent)) return true
      return (await read())?.writeId === next.writeId
    },

    async switchTurns() {
      const items = await store.from(firstTurnKey)
      return items.flatMap((item) => switchOf(item) ?? []).reverse()
    },
  }
}

const Hold = z.object({ schema: z.literal(1), untilMs: z.number(), refusedAtMs: z.optional(z.number()) })

/** What holds back all lists at once. */
export function listHold(store: Store): Pick<Ledger, 'lookAtList' | 'holdLists'> {
  return {
    async lookAtList(changeId) {
      const items = await store.getAll([headerKey(changeId), switchKey, listHoldKey])
      return {
        header: headerOf(items.get(headerKey(changeId).pk)),
        thrown: switchOf(items.get(switchKey.pk)),
        // One of another version holds nobody back: Genesys's own limit still does.
        hold: Hold.safeParse(items.get(listHoldKey.pk)).data,
      }
    },

    async holdLists({ untilMs, refusedAtMs }) {
      const item = { ...listHoldKey, schema: 1, untilMs, ...(refusedAtMs !== undefined && { refusedAtMs }) }
      const isLonger = {
        expression: '#untilMs < :untilMs',
        names: { '#untilMs': 'untilMs' },
        values: { ':untilMs': untilMs },
      }
      await store.put(item, either(absent, isLonger))
    },
  }
}

/** @throws GatewayError `ledger.record.unknown`: what cannot be read may be a pause. */
export function switchOf(item: Item | undefined): WriteSwitch | undefined {
  if (item === undefined) return undefined
  if (!Known.safeParse(item['record']).success) throw unknownRecord(item)
  return item['record'] as WriteSwitch
}

function ifAsSeen({ writeId }: WriteSwitch): Condition {
  return {
    expression: '#record.#writeId = :writeId',
    names: { '#record': 'record', '#writeId': 'writeId' },
    values: { ':writeId': writeId },
  }
}
