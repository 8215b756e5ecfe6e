/** A change as a person in chat sees it: a plan with its buttons, a request to approvers, or how it stands. */

import type { Change } from '../../../changes/answers/change-schemas.ts'
import type { Decidable } from '../../../changes/answers/decision-schemas.ts'
import { isListUnderWay, isTakenBack } from '../../../changes/answers/offer-decisions.ts'
import { requesterOf } from '../../../changes/answers/summarize.ts'
import { wordsOfStanding } from '../../../changes/answers/words/standing-words.ts'
import { isSettled } from '../../../changes/model/transitions.ts'
import { factsOf, type ShownChange, titleOf } from './change-facts.ts'
import { sealOfEnd } from './ending-replies.ts'
import { humanizeSentence } from './humanize-sentence.ts'
import { listPartsOf, waitsPartsOf } from './list-words.ts'
import { askForCount, isCountAsked, toneOfWarnings } from './plan-warnings.ts'
import { type Button, linkToChange, type Part, type Reply, sayNote, sayText } from './reply.ts'
import { timeTextOf } from './times.ts'

/** What would happen, to be confirmed or called off by whoever asked. */
export function showPlan(shown: ShownChange): Reply {
  const { change, users } = shown
  const title = titleOf(change, users)
  if (change.state === 'NOOP') {
    return {
      title: `${title}: nothing to do`,
      tone: 'info',
      isPrivate: false,
      onPage: linkToChange(change.id),
      parts: [
        ...factsOf(shown),
        sayText(
          change.leftAlone === undefined
            ? 'Everything is so already, so there is nothing to confirm.'
            : 'Nothing of it is left to take back, so there is nothing to confirm.',
        ),
        sayNote(`Change ${change.id}.`),
      ],
    }
  }
  return {
    title: `${title}?`,
    tone: toneOfWarnings(change, 'question'),
    isPrivate: false,
    onPage: linkToChange(change.id),
    parts: [
      ...factsOf(shown),
      ...stillOpenOf(change),
      ...becauseOf(change),
      ...askForCount(change),
      sayNote(`Change ${change.id}. Nothing has happened yet.`),
    ],
    buttons: buttonsOf(change, ['apply', 'cancel']),
  }
}

/** What approvers are asked. */
export function showRequest(shown: ShownChange, isReminder: boolean): Reply {
  const { change, users, timeZone } = shown
  const who = requesterOf(change.actor)
  return {
    title: `${isReminder ? 'Still waiting: ' : ''}${who} asks: ${titleOf(change, users)}`,
    tone: toneOfWarnings(change, 'question'),
    isPrivate: false,
    onPage: linkToChange(change.id),
    parts: [
      ...factsOf(shown),
      ...(isSoAlready(change)
        ? [sayText('Everything is so already: if it still is when this is carried out, nothing is sent.')]
        : []),
      ...otherAskersOf(change),
      ...becauseOf(change),
      ...askForCount(change),
      sayNote(`Change ${change.id}. The request lapses ${lapseOf(change, timeZone)}.`),
    ],
    buttons: buttonsOf(change, ['approve', 'reject']),
  }
}

/** Whoever else counts as asking, and so approves nothing of it. */
function otherAskersOf({ askers = [] }: Change): Part[] {
  const names = [...new Set(askers.map(requesterOf))]
  return names.length === 0 ? [] : [sayNote(`Asked for by ${names.join(', ')} too, who cannot approve it.`)]
}

/** What was wished for where a message proves nobody: it is a request from the start. */
export function showAccepted(shown: ShownChange): Reply {
  const standing = showStanding(shown)
  return { ...standing, title: `Accepted: ${standing.title}` }
}

/** How a change stands. */
export function showStanding(shown: ShownChange): Reply {
  const { change, users, timeZone, may = [] } = shown
  const { standing, tone } = wordsOfStanding(change)
  const isWaiting = change.state === 'AWAITING_APPROVAL'
  return {
    title: `${titleOf(change, users)}: ${standing}`,
    tone: toneOfWarnings(change, tone),
    isPrivate: false,
    onPage: linkToChange(change.id),
    parts: [
      ...listPartsOf(shown),
      ...waitsPartsOf(shown),
      ...factsOf(shown),
      ...(isFailureToldOf(change) && change.failure
        ? [
            sayText(
              `${humanizeSentence(change.failure.message, { timeZone, users })}.`.replace(
                /([.”?!])\.$/,
                '$1',
              ),
            ),
          ]
        : []),
      ...(change.failure?.changeId === undefined
        ? []
        : [sayNote('To see that one:', `change ${change.failure.changeId}`)]),
      ...(isWaiting ? [sayText(`Asked for by ${requesterOf(change.actor)}.`), ...becauseOf(change)] : []),
      ...(isWaiting
        ? [sayNote(`An approver other than whoever asked decides, until ${lapseOf(change, timeZone)}.`)]
        : []),
      ...(change.state === 'INVALID' ? [sayNote('The bad rows:', `results ${change.id}`)] : []),
      ...lastWordOf(change, timeZone),
      ...newerOf(shown),
      ...decisionOf(change),
      ...(may.includes('apply') || may.includes('approve') ? askForCount(change) : []),
      idOf(change),
    ],
    buttons: buttonsOf(change, may),
  }
}

/** What waits for writes says so itself, and a list what became of its pairs. */
function isFailureToldOf({ failure, writesPaused, list }: Change): boolean {
  return writesPaused === undefined && !(list && failure?.code === 'change.not.applied')
}

/** The id and, where that does not stand elsewhere, who asked; and what it is good for next. */
function idOf(change: Change): Part {
  const { id, state, undoes, kind, actor, partOf } = change
  const which =
    state === 'AWAITING_APPROVAL' ? `Change ${id}.` : `Change ${id}. Asked for by ${requesterOf(actor)}.`
  if (partOf !== undefined && state !== 'NEEDS_ATTENTION')
    return sayNote(
      `${which} It is a part of a list, which is decided about as a whole:`,
      `change ${partOf.changeId}`,
    )
  if (state === 'APPLIED' && undoes === undefined && kind !== 'extend' && !isTakenBack(change))
    return sayNote(`${which} To take it back:`, `undo ${id}`)
  if (state === 'NEEDS_ATTENTION') return sayNote(`${which} To have it looked at:`, `settle ${id}`)
  return isSettled(state) ? sayNote(which) : sayNote(`${which} To see how it stands:`, `change ${id}`)
}

/** The rules that ask for a second person. */
function becauseOf({ approval }: Change): Part[] {
  return approval ? [sayText(`${approval.because.join('. ')}.`)] : []
}

function lapseOf({ approval }: Change, timeZone: string): string {
  return approval?.expiresAt ? timeTextOf(Date.parse(approval.expiresAt), timeZone) : ''
}

/** Who called it off, why it came too late, or when it is tried once more. */
function lastWordOf({ state, history, retryAt, list }: Change, timeZone: string): Part[] {
  const last = history.at(-1)
  if (state === 'CANCELLED' && last && !list?.stopped)
    return [sayNote(`Called off by ${last.byName ?? last.by}.`)]
  if (state === 'EXPIRED' && last?.note !== undefined) {
    return [sayNote(`Why: ${humanizeSentence(last.note, { timeZone })}.`)]
  }
  return retryAt === undefined
    ? []
    : [sayNote(`It is tried again ${timeTextOf(Date.parse(retryAt), timeZone)}.`)]
}

/** What decides in its place, or in the place of a part of it. */
function newerOf({ change, timeZone, users }: ShownChange): Part[] {
  const { state, supersededBy, history } = change
  if (supersededBy !== undefined) return [sayNote('A newer change decides:', `change ${supersededBy}`)]
  const why = history.at(-1)?.note
  return state === 'SUPERSEDED' && why !== undefined
    ? [sayNote(`${humanizeSentence(why, { timeZone, users })}.`)]
    : []
}

/** Why a second person was asked, and what they decided. */
function decisionOf({ approval, state }: Change): Part[] {
  if (!approval || state === 'AWAITING_APPROVAL') return []
  const { because, by, reason, isApproved } = approval
  const why = reason === undefined ? '.' : `: ${reason}`
  const decided = by ? ` ${isApproved ? 'Approved' : 'Rejected'} by ${requesterOf(by)}${why}` : ''
  return [sayNote(`${because.join('. ')}.${decided}`)]
}

/** Why it is asked all the same: only of a plan that was not made as done, and not of one that waits for its time. */
function stillOpenOf(change: Change): Part[] {
  return change.notBefore === undefined && isSoAlready(change)
    ? [
        sayText(
          'Everything is so already, but an earlier change of it is open, or was a moment ago, and may still alter it. Confirm this one, the newer, and it decides.',
        ),
      ]
    : []
}

/** Whether all of it was so when it was planned. Whether there is nothing to do is the plan's own to say: its state. */
function isSoAlready({ before, desired, findings, kind }: Change): boolean {
  if (kind === 'extend') return false
  if (before && 'featureName' in before && 'featureName' in desired) return before.enabled === desired.enabled
  if (!('assignments' in desired)) return false
  const pairs = desired.assignments.reduce(
    (sum, each) => sum + each.userIdsAdd.length + each.userIdsRemove.length,
    0,
  )
  return pairs === (findings?.noOps?.length ?? -1)
}

/** What is pressed; of the rest a command says what to type. */
type Pressable = Exclude<Decidable, 'settle' | 'keep'>

const shownAs: Readonly<Record<Pressable, readonly [label: string, style: Button['style']]>> = {
  apply: ['Confirm', 'primary'],
  cancel: ['Cancel', 'plain'],
  approve: ['Approve', 'primary'],
  reject: ['Reject', 'danger'],
  undo: ['Undo', 'plain'],
  pause: ['Pause', 'plain'],
  resume: ['Resume', 'primary'],
  retry: ['Retry', 'primary'],
  extend: ['Extend by a day', 'plain'],
  end: ['End now', 'plain'],
}

/** Of what fails alone its text says what to do. */
function isPressable(each: Decidable, { list }: Change): each is Pressable {
  return each === 'retry' ? list !== undefined : each !== 'settle' && each !== 'keep'
}

function buttonsOf(change: Change, may: readonly Decidable[]): Button[] {
  const { id, digest } = change
  const pressable = may.filter((each) => isPressable(each, change))
  const isTyped = isCountAsked(change)
  const pressed = pressable.filter((each) => !isTyped || (each !== 'apply' && each !== 'approve'))
  return pressed.map((each) => {
    const [label, style] = shownAs[each]
    if (each === 'cancel' && isListUnderWay(change)) {
      return { label: 'Call off', style: 'danger', action: { do: 'stop', changeId: id, digest } }
    }
    const seal = each === 'extend' ? sealOfEnd(id, Date.parse(change.revert?.dueAt ?? '')) : digest
    return { label, style, action: { do: each, changeId: id, digest: seal } }
  })
}
