/** What the states of a change and what became of its parts are called: the same words in chat and on the page. Pure. */
import type { ChangeState } from '../model/transitions.ts'
import type { Change, ChangeOutcomes } from './change-schemas.ts'

export interface StateWords {
  /** By itself: on a list, in a filter. */
  readonly name: string
  /** Behind what the change is about. */
  readonly standing: string
  readonly tone: 'info' | 'question' | 'warning' | 'good' | 'bad'
}

export const stateWords: Readonly<Record<ChangeState, StateWords>> = {
  PLANNING: { name: 'Being planned', standing: 'is being planned', tone: 'info' },
  INVALID: { name: 'Bad rows', standing: 'cannot be planned: rows of it are bad', tone: 'bad' },
  PLANNED: { name: 'Planned', standing: 'is planned', tone: 'info' },
  AWAITING_APPROVAL: { name: 'Waits for approval', standing: 'waits for an approver', tone: 'question' },
  APPROVED: { name: 'Approved', standing: 'is approved and waits for its time', tone: 'info' },
  CLAIMED: { name: 'Under way', standing: 'is under way', tone: 'info' },
  SENT: { name: 'Sent', standing: 'is under way', tone: 'info' },
  UNKNOWN: {
    name: 'Not known yet',
    standing: 'was sent, and what came of it is not known yet',
    tone: 'warning',
  },
  RUNNING: { name: 'Part by part', standing: 'is under way, part by part', tone: 'info' },
  PAUSED: { name: 'Paused', standing: 'is paused: no further part begins', tone: 'warning' },
  APPLIED: { name: 'Done', standing: 'done, and Genesys shows it', tone: 'good' },
  PARTIAL: { name: 'Done in part', standing: 'done in part', tone: 'warning' },
  NO_EFFECT: {
    name: 'No effect',
    standing: 'had no effect: Genesys answered and switched nothing',
    tone: 'warning',
  },
  FAILED: { name: 'Failed', standing: 'failed', tone: 'bad' },
  NEEDS_ATTENTION: { name: 'Needs a look', standing: 'needs a person to look', tone: 'bad' },
  NOOP: { name: 'So already', standing: 'everything was so already', tone: 'good' },
  REJECTED: { name: 'Rejected', standing: 'was rejected', tone: 'warning' },
  EXPIRED: { name: 'Too late', standing: 'came too late', tone: 'warning' },
  CANCELLED: { name: 'Called off', standing: 'was called off', tone: 'info' },
  SUPERSEDED: {
    name: 'Left to a newer one',
    standing: 'was not carried out: somebody has changed it meanwhile',
    tone: 'warning',
  },
}

/** In the order in which they are told. */
export const countNames: Readonly<Record<keyof ChangeOutcomes, string>> = {
  applied: 'done',
  unchanged: 'so already',
  notApplied: 'not done',
  unknown: 'not known',
  superseded: 'left to newer changes',
  conflict: 'left alone, since others changed it or it is protected',
  notSent: 'not begun',
  notSettled: 'to come',
}

export function onOff(enabled: boolean | undefined): string {
  return enabled === undefined ? 'unknown' : enabled ? 'on' : 'off'
}

/** Why it has not come about. What was held back is told as people speak: by whom and since when stands elsewhere. */
export function failureTextOf({ failure, retryAt }: Pick<Change, 'failure' | 'retryAt'>): string | undefined {
  if (failure?.code !== 'writes.paused') return failure?.message
  const then = retryAt === undefined ? '' : ' It goes on some minutes after they are resumed.'
  return `Nothing was sent while writes were paused.${then}`
}
