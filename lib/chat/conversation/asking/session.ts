/** One delivery being answered: for whom, where, and what it is answered with. */

import type { Decider } from '../../../changes/answers/offer-decisions.ts'
import { toolsOwnedBy } from '../../../changes/describe-caller.ts'
import type { Caller } from '../../../changes/model/change.ts'
import type { EventBus } from '../../../changes/model/change-events.ts'
import type { Asked } from '../../../changes/model/header.ts'
import type { Desk, Workbench } from '../../../changes/record/desk.ts'
import type { Inventory } from '../../../inventory/inventory-port.ts'
import type { Role } from '../../../roles.ts'
import type { Seats } from '../../../seats/seats-port.ts'

/** A person of the org file, by their identity in this chat. */
export interface ChatPerson {
  readonly actor: Caller['actor']
  readonly person: string
  readonly role: Role
  /** IANA name. */
  readonly timeZone: string
}

export interface ChatSession {
  readonly desk: Desk
  readonly bus: EventBus
  /** Opened when Genesys is first needed. @throws GatewayError `credentials.unavailable` */
  readonly bench: () => Promise<Workbench>
  readonly who: ChatPerson
  readonly asked: Asked
  /** The idempotency key of whatever comes of it. */
  readonly deliveryId: string
  /** False where nothing proves that it was asked now: then it may ask, and change nothing. */
  readonly mayChange: boolean
  /** False where nothing proves who asked: then what is planned is decided elsewhere. */
  readonly mayDecide: boolean
  /** From dated readings: nothing is asked of Genesys for it. */
  readonly inventory: Inventory
  readonly seats: Seats
  /** The address that the chat knows of one of its users; undefined where it tells none. */
  readonly emailOf: (chatUserId: string) => Promise<string | undefined>
  /** Puts a refusal of this person into the audit trail. */
  readonly noteRefusal: (why: string) => void
  /** The same for what could not be done for them. */
  readonly noteFailure: (error: unknown) => void
}

/** On whose behalf ports act: an operation's name keeps the keys of one delivery's decisions apart. */
export function chatCallerOf(
  { who, deliveryId }: Pick<ChatSession, 'who' | 'deliveryId'>,
  operation: string,
): Caller {
  return { actor: who.actor, operation: `chat.${operation}`, idempotencyKey: deliveryId }
}

/** The person, as what they may decide is told by. */
export function deciderOf({ who, desk }: Pick<ChatSession, 'who' | 'desk'>): Decider {
  const { actor, person, role } = who
  return { role, actor: { ...actor, person }, tools: toolsOwnedBy(desk.policy, person) }
}

/**
 * A bus for what is answered where it was asked for: what it brings about is what that is answered with, and need not be
 * told there a second time.
 */
export function markAnswered(bus: EventBus): EventBus {
  return {
    put: (announcements) =>
      bus.put(
        announcements.map(({ detail, ...rest }) => ({ ...rest, detail: { ...detail, isAnswered: true } })),
      ),
  }
}
