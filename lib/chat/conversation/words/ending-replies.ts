/** What was given for a time and is taken back soon: the reminder, with what may be done about it. */
import { digestOf } from '../../../changes/model/record-ids.ts'
import { factsOf, type ShownChange, titleOf } from './change-facts.ts'
import { linkToChange, type Reply, sayNote } from './reply.ts'
import { distanceTextOf } from './times.ts'

/** What the button carries that extends: the end that was shown, so that pressing it late, or twice, adds no second day. */
export function sealOfEnd(changeId: string, dueAtMs: number): string {
  return digestOf({ changeId, dueAtMs })
}

/** @param shown a change of which the record says when it is taken back. */
export function showEnding(shown: ShownChange & { readonly nowMs: number }): Reply {
  const { change, users, nowMs } = shown
  const { id: changeId, digest } = change
  const dueAtMs = Date.parse(change.revert?.dueAt ?? '')
  const isKnown = !Number.isNaN(dueAtMs)
  return {
    title: `${titleOf(change, users)}: taken back ${isKnown ? distanceTextOf(dueAtMs, nowMs) : 'soon'}`,
    tone: 'question',
    isPrivate: false,
    onPage: linkToChange(changeId),
    parts: [
      ...factsOf(shown),
      sayNote('To have it taken back at another time:', `extend ${changeId} for 8h`),
      sayNote('To have it taken back now:', `end ${changeId}`),
      sayNote('To keep it for good:', `cancel ${changeId}`),
    ],
    buttons: isKnown
      ? [
          {
            label: 'Extend by a day',
            style: 'primary',
            action: { do: 'extend', changeId, digest: sealOfEnd(changeId, dueAtMs) },
          },
          { label: 'End now', style: 'plain', action: { do: 'end', changeId, digest } },
        ]
      : [],
  }
}
