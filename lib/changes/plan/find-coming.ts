/** What other changes will give of a license: seats that are taken though nobody holds them yet. */

import type { Target } from '../model/change.ts'
import { revertDueAtOf } from '../model/due.ts'
import { type Header, MAX_LISTED_LICENSES } from '../model/header.ts'
import { CLOCK_ALLOWANCE_MS, INVOCATION_LIFE_MS } from '../model/timing.ts'
import { isSettled } from '../model/transitions.ts'
import type { Desk } from '../record/desk.ts'
import { readTargets } from '../record/read-targets.ts'

/** Changes that time will do something to, at most: what an org has of them is far below. */
const MAX_DUE = 1_000

/** Changes read at a time. */
const LANES = 16

/** By then an index shows what was released, and a change that was about to be is on record. Milliseconds. */
const INTENT_LIFE_MS = INVOCATION_LIFE_MS + CLOCK_ALLOWANCE_MS

/** What other changes will give, if nothing comes between: targets, change by change. */
export type Coming = readonly (readonly Target[])[]

/**
 * The targets of other changes that may yet give one of the licenses: released and not ended, about to be, or applied
 * and to be taken back, which gives again what they took.
 *
 * @param own the change that asks.
 * @throws GatewayError `ledger.unavailable`
 */
export async function findComing(
  { ledger, clock }: Pick<Desk, 'ledger' | 'clock'>,
  licenseIds: readonly string[],
  own: string | undefined,
): Promise<Coming> {
  const wanted = new Set(licenseIds.map((each) => each.toLowerCase()))
  const nowMs = clock.nowMs()
  const rows = await ledger.journal(nowMs - INTENT_LIFE_MS, nowMs + CLOCK_ALLOWANCE_MS)
  const intents = rows.filter(({ isIntent, changeId }) => isIntent && changeId !== own)
  const opened = (await ledger.open()).filter((header) => header.id !== own && mayBeAbout(header, wanted))
  const found = await inLanes([
    ...intents.map(({ changeId, pairs }) => async () => {
      const header = await ledger.get(changeId)
      // It may not be on record yet, or be a plan that is just being applied.
      const isGiving = !header || !(isSettled(header.state) || header.state === 'AWAITING_APPROVAL')
      return isGiving ? pairs.map(({ licenseId, userId }) => ({ licenseId, userId, desired: true })) : []
    }),
    ...opened.map((header) => () => readTargets(ledger, header)),
    ...(await ledger.due(Number.MAX_SAFE_INTEGER, MAX_DUE)).map((changeId) => async () => {
      const header = changeId === own ? undefined : await ledger.get(changeId)
      if (!header || revertDueAtOf(header) === undefined || !mayBeAbout(header, wanted)) return []
      return (await readTargets(ledger, header)).map((target) => ({ ...target, desired: !target.desired }))
    }),
  ])
  return found
}

async function inLanes<T>(work: readonly (() => Promise<T>)[]): Promise<T[]> {
  const found: T[] = []
  const queue = work.values()
  const lane = async () => {
    for (const each of queue) found.push(await each())
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return found
}

/** A header names some of its licenses, and of many not all. */
function mayBeAbout({ subject }: Header, licenseIds: ReadonlySet<string>): boolean {
  if (!('licenses' in subject)) return false
  return (
    subject.licenses.length >= MAX_LISTED_LICENSES ||
    subject.licenses.some((each) => licenseIds.has(each.toLowerCase()))
  )
}
