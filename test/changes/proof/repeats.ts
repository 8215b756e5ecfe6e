/** Keyless toggle POSTs of one caller that came soon after each other must be one change. */

import type { Header } from '../../../lib/changes/model/header.ts'
import { digestOf } from '../../../lib/changes/model/identity.ts'
import { REPEAT_WINDOW_MS } from '../../../lib/changes/model/timing.ts'
import { isSettled } from '../../../lib/changes/model/transitions.ts'
import { isFree } from '../../../lib/changes/record/attempts.ts'

/** Histories make no keyed ones, so what names no value came without a key. */
export function isKeylessSwitch({ subject, requestDigest }: Header): boolean {
  return 'featureName' in subject && requestDigest === digestOf({ featureName: subject.featureName })
}

/**
 * @param headers in the order in which they were put on record: those of one millisecond are told apart by nothing else.
 * @returns a sentence for each change that should have been a repeat of the one before.
 */
export function faultsOfRepeats(headers: readonly Header[]): string[] {
  const switches = headers.filter(isKeylessSwitch)
  return switches.flatMap((later, index) => {
    const earlier = switches.slice(0, index).findLast((each) => each.requestDigest === later.requestDigest)
    return earlier && !isOver(earlier, later.createdAtMs)
      ? [`${later.id} should have been a repeat of ${earlier.id}`]
      : []
  })
}

function isOver(earlier: Header, atMs: number): boolean {
  const settledMs = earlier.history.find(({ state }) => isSettled(state))?.atMs ?? Number.POSITIVE_INFINITY
  return atMs - settledMs >= REPEAT_WINDOW_MS || (isFree(earlier) && settledMs <= atMs)
}
