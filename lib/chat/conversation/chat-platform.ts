/** The port between what is answered and where: Slack and Teams implement it, and nothing in this folder knows either. */

import type { EventBus } from '../../changes/model/change-events.ts'
import type { Asked } from '../../changes/model/header.ts'
import type { Desk, Workbench } from '../../changes/record/desk.ts'
import type { AskedMessage } from '../../changes/record/ledger.ts'
import type { Inventory } from '../../inventory/inventory-port.ts'
import type { Notices } from '../../seats/notices/notices.ts'
import type { Seats } from '../../seats/seats-port.ts'
import type { QueuedBy } from '../webhook/read-queued.ts'
import type { ReplyPlace } from './deliver-reply.ts'
import type { ChatLog } from './wish-log.ts'
import type { Reply } from './words/reply.ts'

/** @template P which one it is. */
export interface ChatPlatform<P extends Asked['platform']> {
  /** What the ids of its users are called, to whoever looks after the org file. */
  readonly idName: string
  /**
   * The address of one of its users; undefined where it tells none.
   *
   * @throws GatewayError `upstream.unavailable` where it cannot be asked.
   */
  readonly emailOf: (userId: string) => Promise<string | undefined>
  /**
   * Verifies what its webhook handed on, has it carried out, and replies.
   *
   * @returns what the webhook is answered with, where it waits for that.
   * @throws Error for what is ours, and for what a retry may do better.
   */
  readonly answer: (work: ChatWork, queued: QueuedBy<P>) => Promise<WebhookAnswer>
  /** Where what was asked for is told, the best first; none where nothing can be posted. */
  readonly placesOf: (asked: Pick<Asked, 'channelId' | 'userId'>) => readonly ReplyPlace[]
  /** Puts a reply in the place of a message that stands: whether it was taken. Undefined where none can be changed. */
  readonly replace: ((place: AskedMessage, said: Reply) => Promise<boolean>) | undefined
  /**
   * Says below a message that was replaced what it has come to, since nobody is notified of what takes a message's place:
   * to one of its users, or where none is given to whoever reads the channel. Undefined where none can be replaced.
   */
  readonly replyBelow:
    | ((place: AskedMessage, said: Reply, userId: string | undefined) => Promise<boolean>)
    | undefined
  /** The channel where approvers are asked; undefined where the org file names none. */
  readonly approvers: ReplyPlace | undefined
  /** The channel that is told what concerns everybody, such as seats; undefined where the org file names none. */
  readonly notices: ReplyPlace | undefined
}

/** What the function behind the webhook returns; without a reply it has posted, or will post, by itself. */
export interface WebhookAnswer {
  readonly reply?: unknown
}

export type ChatPlatforms = { readonly [P in Asked['platform']]: ChatPlatform<P> }

/** What deliveries are carried out with, bound in a composition root. */
export interface ChatWork {
  /** Enough to know people, and to answer whatever needs no Genesys. */
  readonly desk: Desk
  /** Takes an access token. @throws GatewayError `credentials.unavailable` */
  readonly openBench: () => Promise<Workbench>
  /** The bench's own, for decisions that need no Genesys. */
  readonly bus: EventBus
  /** From dated readings: nothing is asked of Genesys for it. */
  readonly inventory: Inventory
  readonly seats: Seats
  /** What was told last of seats. */
  readonly notices: Notices
  readonly platforms: ChatPlatforms
  readonly log: ChatLog
}
