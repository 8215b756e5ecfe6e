/** What may be done about a change, and what is asked before it is. Whether it may be, the gateway says. Pure. */
import type { Change } from '../../../changes/answers/change-schemas.ts'
import { isApprovalToCome } from '../../../changes/answers/offer-decisions.ts'

/**
 * As the gateway answers for whoever asks: `offers` says what they may do about it now, and `needs` how many people it
 * changes where that must be typed back.
 */
export type OfferedChange = Change & {
  readonly offers?: readonly string[]
  readonly needs?: { readonly confirmPeople: number }
}

interface OfferedAct {
  readonly label: string
  readonly look?: 'primary' | 'danger'
  /** Where a second look is due: a title, what it does, and the label of the press that does it. */
  readonly asks?: readonly [title: string, sentence: string, label: string]
  /** The title where it is asked how many people it changes, and for nothing else. */
  readonly countsAt?: string
  /** It asks for words, or for a time. */
  readonly wants?: 'reason' | 'time'
  /** What those words say. */
  readonly why?: string
  /** Of the request, where it is another than its name. */
  readonly path?: string
}

const acts: Readonly<Record<string, OfferedAct>> = {
  approve: {
    label: 'Approve',
    look: 'primary',
    asks: [
      'Approve this change?',
      'It is carried out then: at once, or at the time that it is planned for.',
      'Approve',
    ],
  },
  apply: { label: 'Confirm', look: 'primary', countsAt: 'Confirm this change?' },
  resume: { label: 'Resume', look: 'primary' },
  pause: { label: 'Pause' },
  retry: { label: 'Try again' },
  settle: { label: 'Look again' },
  extend: {
    label: 'Keep for longer',
    wants: 'time',
    asks: ['Keep it for longer', 'What was given stays until then, and goes back after.', 'Keep it'],
  },
  keep: {
    label: 'Keep for good',
    path: 'cancel',
    asks: ['Keep it for good?', 'What was given stays, and does not go back by itself any more.', 'Keep it'],
  },
  end: {
    label: 'End now',
    asks: ['End it now?', 'What was given goes back at once.', 'End it now'],
  },
  // The answer is a plan, to be looked at.
  undo: {
    label: 'Undo',
    wants: 'reason',
    why: 'Why it is undone',
    asks: ['Undo this change?', 'You see what that does before anything is sent.', 'Plan it'],
  },
  reject: {
    label: 'Reject',
    look: 'danger',
    wants: 'reason',
    why: 'Why it is rejected',
    asks: ['Reject this change?', 'Nothing is carried out. Whoever asked sees why.', 'Reject it'],
  },
  cancel: {
    label: 'Call off',
    asks: ['Call off this change?', 'What has not been sent yet is not sent any more.', 'Call it off'],
  },
}

/** Of what came too late nothing was tried. */
const PLAN_AGAIN: OfferedAct = { label: 'Plan it again' }

/** An approver is asked, where one has to be: nothing is carried out by that. */
const ASK: OfferedAct = { label: 'Ask for approval', look: 'primary', countsAt: 'Ask for approval?' }

/** Its answer is a plan, of which nothing is sent and nobody is asked before that is applied. */
export const isLookedAtFirst = (name: string) => name === 'undo' || name === 'retry'

/** What it says besides of keeping what was approved with its end. */
export function noteOn(name: string, { approval }: Change): string | undefined {
  if (!['extend', 'keep'].includes(name) || !approval?.isApproved) return undefined
  return 'It was approved with its end: somebody other than whoever asked is asked before it stays for longer.'
}

/** Nobody has confirmed it in time. @param nowMs epoch milliseconds. */
export function isLapsed({ state, lapsesAt }: Change, nowMs: number): boolean {
  return state === 'PLANNED' && lapsesAt !== undefined && Date.parse(lapsesAt) <= nowMs
}

/** @returns undefined of what the page has no button for. */
export function actFor(name: string, change: Change): OfferedAct | undefined {
  if (name === 'retry' && change.state === 'EXPIRED') return PLAN_AGAIN
  return name === 'apply' && isApprovalToCome(change) ? ASK : acts[name]
}

/** How many people it changes must be typed back: it takes a license from many, or is a list of its own. */
export function wantsCount(name: string, { needs, list }: OfferedChange): boolean {
  return (
    (['apply', 'approve'].includes(name) && needs !== undefined) || (name === 'apply' && list !== undefined)
  )
}

/** What goes with it. @param typed words, or a time in ISO 8601; and a count of people. */
export function bodyFor(
  name: string,
  change: Change,
  typed: { readonly text: string; readonly count: string },
) {
  const count = typed.count === '' ? {} : { confirmPeople: Number(typed.count) }
  if (name === 'apply' || name === 'approve') return { digest: change.digest, ...count }
  const reason = typed.text.trim() === '' ? {} : { reason: typed.text.trim() }
  if (name === 'undo') return { isDraft: true, ...reason }
  if (name === 'retry') return { isDraft: true }
  if (name === 'reject') return reason
  if (name === 'extend') return { revertAt: typed.text }
  return undefined
}
