/** A change as a person in chat sees it: a plan with its buttons, a request to approvers, or how it stands. */

import type { Change } from '../../../changes/answers/change-schemas.ts'
import type { Decidable } from '../../../changes/answers/may-decide.ts'
import { requesterOf } from '../../../changes/answers/summarize.ts'
import { isSettled } from '../../../changes/model/transitions.ts'
import { factsOf, type ShownChange } from './change-facts.ts'
import { standings, titleOf } from './change-words.ts'
import type { Button, Part, Reply } from './reply.ts'
import { note, text } from './said.ts'
import { toneOf } from './seat-facts.ts'
import { spokenSentence } from './spoken-sentence.ts'
import { spokenTime } from './times.ts'

/** What would happen, to be confirmed or called off by whoever asked. */
export function planReply(shown: ShownChange): Reply {
  const { change, users } = shown
  const title = titleOf(change, users)
  if (change.state === 'NOOP') {
    return {
      title: `${title}: nothing to do`,
      tone: 'info',
      isPrivate: false,
      parts: [
        ...factsOf(shown),
        text(
          change.leftAlone === undefined
            ? 'Everything is so already, so there is nothing to confirm.'
            : 'Nothing of it is left to take back, so there is nothing to confirm.',
        ),
        note(`Change ${change.id}.`),
      ],
    }
  }
  return {
    title: `${title}?`,
    tone: toneOf(change, 'question'),
    isPrivate: false,
    parts: [
      ...factsOf(shown),
      ...stillOpenOf(change),
      ...becauseOf(change),
      note(`Change ${change.id}. Nothing has happened yet.`),
    ],
    buttons: buttonsOf(change, ['apply', 'cancel']),
  }
}

/** What approvers are asked. */
export function requestReply(shown: ShownChange, isReminder: boolean): Reply {
  const { change, users, timeZone } = shown
  const who = requesterOf(change.actor)
  return {
    title: `${isReminder ? 'Still waiting: ' : ''}${who} asks: ${titleOf(change, users)}`,
    tone: toneOf(change, 'question'),
    isPrivate: false,
    parts: [
      ...factsOf(shown),
      ...(holdsAlready(change)
        ? [text('Everything is so already: if it still is when this is carried out, nothing is sent.')]
        : []),
      ...alsoAsking(change),
      ...becauseOf(change),
      note(`Change ${change.id}. The request lapses ${lapseOf(change, timeZone)}.`),
    ],
    buttons: buttonsOf(change, ['approve', 'reject']),
  }
}

/** Whoever else counts as asking, and so approves nothing of it. */
function alsoAsking({ askers = [] }: Change): Part[] {
  const names = [...new Set(askers.map(requesterOf))]
  return names.length === 0 ? [] : [note(`Asked for by ${names.join(', ')} too, who cannot approve it.`)]
}

/** What was wished for where a message proves nobody: it is a request from the start. */
export function acceptedReply(shown: ShownChange): Reply {
  const standing = standingReply(shown)
  return { ...standing, title: `Accepted: ${standing.title}` }
}

/** How a change stands. */
export function standingReply(shown: ShownChange): Reply {
  const { change, users, timeZone, may = [] } = shown
  const [sentence, tone] = standings[change.state]
  const isWaiting = change.state === 'AWAITING_APPROVAL'
  return {
    title: `${titleOf(change, users)}: ${sentence}`,
    tone: toneOf(change, tone),
    isPrivate: false,
    parts: [
      ...factsOf(shown),
      ...(change.failure
        ? [
            text(
              `${spokenSentence(change.failure.message, { timeZone, users })}.`.replace(/([.”?!])\.$/, '$1'),
            ),
          ]
        : []),
      ...(change.failure?.changeId === undefined
        ? []
        : [note('To see that one:', `change ${change.failure.changeId}`)]),
      ...(isWaiting ? [text(`Asked for by ${requesterOf(change.actor)}.`), ...becauseOf(change)] : []),
      ...(isWaiting
        ? [note(`An approver other than whoever asked decides, until ${lapseOf(change, timeZone)}.`)]
        : []),
      ...lastWordOf(change, timeZone),
      ...newerOf(shown),
      ...decisionOf(change),
      idOf(change),
    ],
    buttons: buttonsOf(change, may),
  }
}

/** The id, and what it is good for next. */
function idOf({ id, state, undoes, kind }: Change): Part {
  if (state === 'APPLIED' && undoes === undefined && kind !== 'extend')
    return note(`Change ${id}. To take it back:`, `undo ${id}`)
  if (state === 'NEEDS_ATTENTION') return note(`Change ${id}. To have it looked at:`, `settle ${id}`)
  return isSettled(state)
    ? note(`Change ${id}.`)
    : note(`Change ${id}. To see how it stands:`, `change ${id}`)
}

/** The rules that ask for a second person. */
function becauseOf({ approval }: Change): Part[] {
  return approval ? [text(`${approval.because.join('. ')}.`)] : []
}

function lapseOf({ approval }: Change, timeZone: string): string {
  return approval ? spokenTime(Date.parse(approval.expiresAt), timeZone) : ''
}

/** Who called it off, or why it waits once more. */
function lastWordOf({ state, history, retryAt }: Change, timeZone: string): Part[] {
  const last = history.at(-1)
  if (state === 'CANCELLED' && last) return [note(`Called off by ${last.by}.`)]
  return retryAt === undefined
    ? []
    : [note(`It is tried again ${spokenTime(Date.parse(retryAt), timeZone)}.`)]
}

/** What decides in its place, or in the place of a part of it. */
function newerOf({ change, timeZone, users }: ShownChange): Part[] {
  const { state, supersededBy, history } = change
  if (supersededBy !== undefined) return [note('A newer change decides:', `change ${supersededBy}`)]
  const why = history.at(-1)?.note
  return state === 'SUPERSEDED' && why !== undefined
    ? [note(`${spokenSentence(why, { timeZone, users })}.`)]
    : []
}

function decisionOf({ approval }: Change): Part[] {
  const { by, reason, isApproved } = approval ?? {}
  if (!by) return []
  const why = reason === undefined ? '.' : `: ${reason}`
  return [note(`${isApproved ? 'Approved' : 'Rejected'} by ${requesterOf(by)}${why}`)]
}

/** Why it is asked all the same: only of a plan that was not made as done, and not of one that waits for its time. */
function stillOpenOf(change: Change): Part[] {
  return change.notBefore === undefined && holdsAlready(change)
    ? [
        text(
          'Everything is so already, but an earlier change of it is open, or was a moment ago, and may still alter it. Confirm this one, the newer, and it decides.',
        ),
      ]
    : []
}

/** Whether all of it was so when it was planned. Whether there is nothing to do is the plan's own to say: its state. */
function holdsAlready({ before, desired, findings, kind }: Change): boolean {
  if (kind === 'extend') return false
  if (before && 'featureName' in before && 'featureName' in desired) return before.enabled === desired.enabled
  if (!('assignments' in desired)) return false
  const pairs = desired.assignments.reduce(
    (sum, each) => sum + each.userIdsAdd.length + each.userIdsRemove.length,
    0,
  )
  return pairs === (findings?.noOps.length ?? -1)
}

const shownAs: Readonly<Record<Decidable, readonly [label: string, style: Button['style']]>> = {
  apply: ['Confirm', 'primary'],
  cancel: ['Cancel', 'plain'],
  approve: ['Approve', 'primary'],
  reject: ['Reject', 'danger'],
  undo: ['Undo', 'plain'],
}

function buttonsOf(change: Change, may: readonly Decidable[]): Button[] {
  const { id, digest } = change
  return may.map((each) => {
    const [label, style] = shownAs[each]
    return { label, style, action: { do: each, changeId: id, digest } }
  })
}
