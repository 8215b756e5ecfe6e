import type { Change } from '../../../changes/answers/change-schemas.ts'
import { requesterOf } from '../../../changes/answers/summarize.ts'

const through: Readonly<Record<Exclude<Change['actor']['kind'], 'event' | 'schedule'>, string>> = {
  iam: 'over the API',
  jwt: 'over the API',
  slack: 'in Slack',
  teams: 'in Teams',
}

/** Whoever else has let it go ahead; nothing where nobody was asked, or nobody has yet. */
export function approvedTextOf({ approval }: Pick<Change, 'approval'>): string {
  return approval?.isApproved && approval.by ? `, approved by ${requesterOf(approval.by)}` : ''
}

/** Only people of the org file are called by a bare name. */
export function askedThroughOf({ actor }: Pick<Change, 'actor'>, nameOf = requesterOf): string {
  const name = nameOf(actor)
  return actor.kind === 'event' || actor.kind === 'schedule' ? name : `${name} ${through[actor.kind]}`
}
