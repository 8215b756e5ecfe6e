import type { Change } from '../../../changes/answers/change-schemas.ts'
import { requesterOf } from '../../../changes/answers/summarize.ts'

/** Of a token nobody knows whether the page has sent it or another tool, so nothing is said of it. */
const through: Partial<Record<Change['actor']['kind'], string>> = {
  iam: 'over the API',
  slack: 'in Slack',
  teams: 'in Teams',
}

/** Whoever else has let it go ahead, or has not and why; nothing where nobody was asked, or nobody has decided yet. */
export function decidedTextOf({ approval }: Pick<Change, 'approval'>): string {
  if (approval?.by === undefined) return ''
  const by = requesterOf(approval.by)
  if (approval.isApproved) return `, approved by ${by}`
  return `, rejected by ${by}${approval.reason === undefined ? '' : `: ${approval.reason}`}`
}

/** Of what came too late: for what. */
export function lateTextOf({ state, history }: Pick<Change, 'state' | 'history'>): string | undefined {
  return state === 'EXPIRED' ? history.at(-1)?.note : undefined
}

/** Only people of the org file are called by a bare name. Which schedule it was stands where a change is looked at. */
export function askedThroughOf({ actor }: Pick<Change, 'actor'>, nameOf = requesterOf): string {
  const name = nameOf(actor.kind === 'schedule' ? { ...actor, id: '' } : actor)
  const place = through[actor.kind]
  return place === undefined ? name : `${name} ${place}`
}
