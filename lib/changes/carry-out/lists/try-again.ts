/**
 * A turn that comes again. Nobody can tell whether its earlier tries failed, died, or never began, as where Lambda
 * throttles; so that the next one may die is on record before it begins, and goes with its end. What stands after it died
 * puts the list off, so that those behind it go on.
 */
import { GatewayError } from '../../../errors.ts'
import type { ListState } from '../../model/change.ts'
import { dueSinceOf } from '../../model/due.ts'
import type { Header, HeaderIn } from '../../model/header.ts'
import { TICK_MS } from '../../model/timing.ts'
import type { Workbench } from '../../record/desk.ts'
import { amendHeader, requireHeader, storeHeader } from '../../record/write-header.ts'
import { putOff } from '../tick.ts'
import { storeProgress } from './store-progress.ts'

/** Failures at a part that nobody foresaw, after which the list is given up: a fault of the gateway does not mend itself. */
export const MAX_UNFORESEEN = 3

/** After one of these the message comes again, for nothing, and the next try is later than that. Milliseconds. */
export const UNFORESEEN_WAIT_MS = 5 * TICK_MS

/** Longer than a message is out of sight whose function has died, so that it finds nothing to do. Milliseconds. */
const LEAST_PUT_OFF_MS = 2 * TICK_MS

/** What is tried, and how it is said that it came to an end. */
export interface PartTry {
  /** The list with that on record. */
  readonly list: HeaderIn<'RUNNING'>
  /** Puts the list back to where it was, as far as that can be: nothing of the part has begun, for a reason that was foreseen. */
  readonly forget: () => Promise<void>
}

/** @returns `given up` where its tries have died too often: the list has stopped; undefined where it is not as it was seen. */
export async function expectDeathAtPart(
  bench: Workbench,
  list: HeaderIn<'RUNNING'>,
): Promise<PartTry | 'given up' | undefined> {
  const nowMs = bench.clock.nowMs()
  const { failing, waitUntilMs, next } = list.list
  const { sinceMs = nowMs, unforeseen = 0 } = failing ?? {}
  if (unforeseen >= MAX_UNFORESEEN) {
    bench.log.noteDeferred(
      list.id,
      'it is given up',
      new Error(`tries of part ${next} began and did not end`),
    )
    const stopped = { why: 'failing', by: 'gateway', atMs: nowMs } as const
    const given = await storeProgress(bench, list, { ...list.list, stopped }, nowMs)
    return given.kind === 'advanced' ? 'given up' : undefined
  }
  const expecting = {
    ...list.list,
    failing: { sinceMs, unforeseen: unforeseen + 1 },
    waitUntilMs: nowMs + UNFORESEEN_WAIT_MS,
  }
  const stored = await storeProgress(bench, list, expecting, nowMs)
  if (stored.kind !== 'advanced' || stored.header.state !== 'RUNNING') return undefined
  return {
    list: stored.header,
    forget: () =>
      ifItCan(async () => {
        const seen = await requireHeader(bench, list.id)
        if (seen.list?.next !== next || seen.list.waitUntilMs !== expecting.waitUntilMs) return
        const before: ListState = { ...seen.list, failing, waitUntilMs }
        await storeHeader(bench, amendHeader(seen, { list: before }, seen.updatedAtMs), seen)
      }),
  }
}

/** The same of all else that turns do: what dies is put off, ever longer. */
export async function tryExpectingDeath(
  bench: Workbench,
  list: Header,
  work: (expecting: Header) => Promise<void>,
): Promise<'taken' | 'overtaken'> {
  const nowMs = bench.clock.nowMs()
  if (list.workPutOff && list.workPutOff.untilMs > nowMs) {
    bench.log.noteDeferred(list.id, 'its turn is put off', new Error('a try of it began and did not end'))
    return 'taken'
  }
  const sinceMs = dueSinceOf(list, 'revert') ?? dueSinceOf(list, 'start') ?? nowMs
  const expecting = await putOff(bench, list, 'workPutOff', sinceMs, LEAST_PUT_OFF_MS)
  if (expecting.state !== list.state) return 'overtaken'
  const forget = () =>
    ifItCan(async () => {
      const seen = await requireHeader(bench, list.id)
      if (!seen.workPutOff || seen.workPutOff.untilMs !== expecting.workPutOff?.untilMs) return
      const { workPutOff } = list
      await storeHeader(bench, amendHeader(seen, { workPutOff }, seen.updatedAtMs), seen)
    })
  try {
    await work(expecting)
  } catch (error) {
    if (error instanceof GatewayError) await forget()
    throw error
  }
  await forget()
  return 'taken'
}

/** Where the ledger fails, it is tried again when what is on record says so. */
async function ifItCan(forget: () => Promise<void>): Promise<void> {
  try {
    await forget()
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
  }
}
