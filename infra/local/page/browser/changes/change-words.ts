/** A change in words, as the list shows it. */

import type { Change } from '../../../../../lib/changes/answers/change-schemas.ts'
import { requesterOf } from '../../../../../lib/changes/answers/summarize.ts'
import type { ChangeState } from '../../../../../lib/changes/model/transitions.ts'
import { element } from '../dom.ts'

type Tone = 'quiet' | 'going' | 'asking' | 'good' | 'bad'

const states: Readonly<Record<ChangeState, readonly [words: string, tone: Tone]>> = {
  PLANNED: ['Planned', 'quiet'],
  AWAITING_APPROVAL: ['Waits for approval', 'asking'],
  PLANNING: ['Being planned', 'going'],
  INVALID: ['Bad rows', 'bad'],
  APPROVED: ['Approved', 'going'],
  CLAIMED: ['Under way', 'going'],
  SENT: ['Sent', 'going'],
  UNKNOWN: ['Outcome unknown', 'asking'],
  RUNNING: ['Under way', 'going'],
  PAUSED: ['Paused', 'asking'],
  APPLIED: ['Applied', 'good'],
  PARTIAL: ['Applied in part', 'asking'],
  NO_EFFECT: ['No effect', 'asking'],
  FAILED: ['Failed', 'bad'],
  NEEDS_ATTENTION: ['Needs attention', 'bad'],
  NOOP: ['Nothing to do', 'good'],
  REJECTED: ['Rejected', 'bad'],
  EXPIRED: ['Expired', 'quiet'],
  CANCELLED: ['Called off', 'quiet'],
  SUPERSEDED: ['Superseded', 'quiet'],
}

/** The state in a coloured chip; the words say it without the colour. */
export function stateChip(state: ChangeState): HTMLElement {
  const [words, tone] = states[state]
  return element('span', { class: `chip ${tone}`, title: state }, words)
}

const through: Readonly<Record<Exclude<Change['actor']['kind'], 'event' | 'schedule'>, string>> = {
  iam: 'over the API',
  jwt: 'over the API',
  slack: 'in Slack',
  teams: 'in Teams',
}

/** Only people of the org file are called by a bare name. */
export function whoOf({ actor }: Change): string {
  const name = requesterOf(actor)
  return actor.kind === 'event' || actor.kind === 'schedule' ? name : `${name} ${through[actor.kind]}`
}

/** Why it has not come about. What was held back is told as people speak: by whom and since when stands above. */
export function failureOf({ failure, retryAt }: Change): string | undefined {
  if (failure?.code !== 'writes.paused') return failure?.message
  const then = retryAt === undefined ? '' : ' It goes on some minutes after they are resumed.'
  return `Nothing was sent while writes were paused.${then}`
}

export function onOff(enabled: boolean | undefined): string {
  return enabled === undefined ? 'unknown' : enabled ? 'on' : 'off'
}
