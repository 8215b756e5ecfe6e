/** What deliveries are carried out with, bound in a composition root, and the session of one of them. */
import type { Asked } from '../../changes/change.ts'
import { known } from '../../changes/policy.ts'
import type { Workbench } from '../../changes/work.ts'
import { holdersOf } from '../../people/holders.ts'
import type { Snapshots } from '../../people/snapshots.ts'
import type { Reply } from '../reply.ts'
import type { Slack } from '../slack/web-api.ts'
import type { TeamsKey } from '../teams/signature.ts'
import type { Proofs } from '../webhook/webhook.ts'
import { refusal, text } from './said.ts'
import type { Session, Who } from './session.ts'

/** Told of what people ask and what they are refused; bound to the log. Never what they typed. */
export interface ChatLog {
  refused(deliveryId: string, why: string): void
  answered(deliveryId: string, person: string, what: string): void
  undelivered(deliveryId: string, why: string): void
}

export interface ChatWork {
  readonly bench: Workbench
  readonly snapshots: Snapshots
  readonly slack: Slack
  /** Posts a card to a channel's incoming webhook. @returns whether Teams took it. */
  readonly postToTeams: (url: string, message: unknown) => Promise<boolean>
  /** Signing secrets in force. */
  readonly slackSecrets: Proofs<string>
  readonly teamsKeys: Proofs<TeamsKey>
  readonly loopbackOrigin: string | undefined
  readonly log: ChatLog
}

/** How long what was gathered of all users is shared, milliseconds. */
const HOLDERS_AGE_MS = 5 * 60_000

/** @returns the session of a person whom the org file knows, or what anybody else is told. */
export function sessionOf(
  work: ChatWork,
  asked: Asked,
  deliveryId: string,
  mayChange: boolean,
): Session | Reply {
  const { bench, snapshots, slack, log } = work
  const who = whoIs(bench, asked)
  if (!who) {
    log.refused(deliveryId, 'nobody of the org file')
    return refusal(
      'This gateway does not know you yet',
      text(
        `Ask whoever looks after it to add your ${asked.platform === 'slack' ? 'Slack' : 'Entra'} id, ${asked.userId}, to the people of the org file.`,
      ),
    )
  }
  return {
    bench,
    who,
    asked,
    deliveryId,
    mayChange,
    holders: () => holdersOf(bench.genesys, snapshots, bench.clock, { maxAgeMs: HOLDERS_AGE_MS }),
    emailOf: async (userId) => (asked.platform === 'slack' ? await slack.emailOf(userId) : undefined),
  }
}

/** @returns undefined for whoever the org file gives no part in it. */
function whoIs({ policy }: Workbench, { platform, userId }: Asked): Who | undefined {
  const actor = { kind: platform, id: userId } as const
  const { person } = known(policy, actor)
  const entry = person === undefined ? undefined : policy.people[person]
  if (person === undefined || !entry) return undefined
  return { actor, person, role: entry.role, timeZone: entry.timeZone ?? 'UTC' }
}
