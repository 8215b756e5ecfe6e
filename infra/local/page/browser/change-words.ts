/** A change in words, as the list shows it. */
import type { ChangeState } from '../../../../lib/changes/change.ts'
import type { Change } from '../../../../lib/changes/models.ts'
import { element } from './dom.ts'

type Tone = 'quiet' | 'going' | 'asking' | 'good' | 'bad'

const states: Readonly<Record<ChangeState, readonly [words: string, tone: Tone]>> = {
  PLANNED: ['Planned', 'quiet'],
  AWAITING_APPROVAL: ['Waits for approval', 'asking'],
  APPROVED: ['Approved', 'going'],
  CLAIMED: ['Under way', 'going'],
  SENT: ['Sent', 'going'],
  UNKNOWN: ['Outcome unknown', 'asking'],
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

export function whatOf({ desired, undoes, kind }: Change): string {
  const what =
    'featureName' in desired
      ? `${desired.featureName} ${onOff(desired.enabled)}`
      : 'pairs' in desired
        ? `${desired.licenses.join(', ')} for ${desired.users === 1 ? '1 person' : `${desired.users} people`}`
        : desired.assignments.map(({ licenseId }) => licenseId).join(', ')
  if (kind === 'extend') return `Keep for good: ${what}`
  return undoes === undefined ? what : `Undo: ${what}`
}

const through: Readonly<Record<Change['actor']['kind'], string>> = {
  iam: 'over the API',
  jwt: 'over the API',
  event: 'by an event',
  schedule: 'by a schedule',
  slack: 'in Slack',
  teams: 'in Teams',
}

export function whoOf({ actor }: Change): string {
  return `${nameOf(actor)} ${through[actor.kind]}`
}

export function nameOf({ id, person, tool }: Change['actor']): string {
  return person ?? tool ?? id
}

export function onOff(enabled: boolean | undefined): string {
  return enabled === undefined ? 'unknown' : enabled ? 'on' : 'off'
}
