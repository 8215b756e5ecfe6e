/** What deliveries are carried out with, bound in a composition root, and the session of one of them. */

import type { Asked } from '../changes/model/change.ts'
import type { EventBus } from '../changes/model/change-events.ts'
import { known } from '../changes/model/policy.ts'
import type { Desk, Workbench } from '../changes/record/desk.ts'
import { GatewayError } from '../errors.ts'
import { readHolders } from '../people/read-holders.ts'
import type { Snapshots } from '../people/snapshots.ts'
import { TransportError } from '../transport/transport.ts'
import type { ChatSession, Who } from './conversation/asking/session.ts'
import type { ChatLog, Wished } from './conversation/wish-log.ts'
import type { Reply } from './conversation/words/reply.ts'
import { refusal, text } from './conversation/words/said.ts'
import type { SlackApi } from './slack/api.ts'
import type { TeamsKey } from './teams/signature.ts'
import type { Proofs } from './webhook/answer-webhook.ts'

export interface ChatWork {
  /** Enough to know people, and to answer whatever needs no Genesys. */
  readonly desk: Desk
  /** Takes an access token. @throws GatewayError `credentials.unavailable` */
  readonly openBench: () => Promise<Workbench>
  /** The bench's own, for decisions that need no Genesys. */
  readonly bus: EventBus
  readonly snapshots: Snapshots
  readonly slack: SlackApi
  /** Posts a card to a channel's incoming webhook. @returns whether Teams took it. @throws TransportError */
  readonly postToTeams: (url: string, message: unknown) => Promise<boolean>
  /** Signing secrets in force. */
  readonly slackSecrets: Proofs<string>
  readonly teamsKeys: Proofs<TeamsKey>
  readonly loopbackOrigin: string | undefined
  readonly log: ChatLog
}

/** How long what was gathered of all users is shared, milliseconds. */
const HOLDERS_AGE_MS = 5 * 60_000

type Delivery = Pick<ChatSession, 'asked' | 'deliveryId' | 'mayChange'> & Pick<Wished, 'wish' | 'changeId'>

/** @returns the session of a person whom the org file knows, or what anybody else is told. */
export function sessionOf(work: ChatWork, delivery: Delivery): ChatSession | Reply {
  const { desk, bus, snapshots, log } = work
  const { asked, deliveryId, mayChange, wish, changeId } = delivery
  const { platform, userId } = asked
  const who = whoIs(desk, asked)
  const wished: Wished = {
    deliveryId,
    platform,
    userId,
    ...(who ? { person: who.person, role: who.role } : {}),
    ...(wish === undefined ? {} : { wish }),
    ...(changeId === undefined ? {} : { changeId }),
  }
  if (!who) {
    log.refused(wished, 'nobody of the org file')
    return refusal(
      'This gateway does not know you yet',
      text(
        `Ask whoever looks after it to add your ${platform === 'slack' ? 'Slack' : 'Entra'} id, ${userId}, to the people of the org file.`,
      ),
    )
  }
  log.asked(wished)
  const bench = onlyOnce(work.openBench)
  return {
    desk,
    bus,
    bench,
    who,
    asked,
    deliveryId,
    mayChange,
    async holders() {
      const { genesys, scope } = await bench()
      const sharing = { snapshots, clock: desk.clock, deadline: scope.deadline, token: 'write' } as const
      return await readHolders(genesys, sharing, HOLDERS_AGE_MS)
    },
    emailOf: (chatUserId) => emailOf(work, platform, chatUserId),
    refused: (why) => log.refused(wished, why),
    failed: (error) => log.failed(wished, error),
  }
}

/** @returns undefined for whoever the org file gives no part in it. */
function whoIs({ policy }: Desk, { platform, userId }: Asked): Who | undefined {
  const actor = { kind: platform, id: userId } as const
  const { person } = known(policy, actor)
  const entry = person === undefined ? undefined : policy.people[person]
  if (person === undefined || !entry) return undefined
  return { actor, person, role: entry.role, timeZone: entry.timeZone ?? 'UTC' }
}

function onlyOnce<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | undefined
  return () => {
    opened ??= open()
    return opened
  }
}

/** @throws GatewayError where Slack cannot be asked. */
async function emailOf(
  { slack }: Pick<ChatWork, 'slack'>,
  platform: Asked['platform'],
  chatUserId: string,
): Promise<string | undefined> {
  if (platform !== 'slack') return undefined
  try {
    return await slack.emailOf(chatUserId)
  } catch (cause) {
    if (!(cause instanceof TransportError)) throw cause
    throw new GatewayError(
      'upstream.unavailable',
      'Slack does not say just now who was mentioned: name them by e-mail, or try again',
      { cause },
    )
  }
}
