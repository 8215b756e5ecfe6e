/**
 * What is answered, whatever the platform. Enters a delivery that was proven, with what was typed or pressed, and is
 * begun once, however often it comes; leaves a reply in plain words. Start reading here: asking/ answers questions,
 * wishing/ plans and decides, words/ says it.
 */
import type { Asked } from '../../changes/model/header.ts'
import { identifyActor } from '../../changes/model/policy.ts'
import { randomId } from '../../changes/model/record-ids.ts'
import { INVOCATION_LIFE_MS } from '../../changes/model/timing.ts'
import type { Desk } from '../../changes/record/desk.ts'
import { parseLine } from '../grammar/parse.ts'
import type { ChatPerson, ChatSession } from './asking/session.ts'
import type { ChatWork } from './chat-platform.ts'
import type { Wished } from './wish-log.ts'
import { answerLine } from './wishing/answer-line.ts'
import { pressButton } from './wishing/press-button.ts'
import { type ButtonAction, type DeliveryReplies, type Reply, refuse, sayText } from './words/reply.ts'

/** Who sent a delivery and where, and what its platform proves of that. */
export type DeliverySender = Pick<ChatSession, 'asked' | 'deliveryId' | 'mayChange' | 'mayDecide'>

/** @throws Error for what is ours. */
export async function answerTyped(work: ChatWork, sender: DeliverySender, line: string): Promise<Reply> {
  const parsed = parseLine(line)
  const wish = 'command' in parsed ? parsed.command.verb : undefined
  const session = openSession(work, sender, { wish })
  return 'title' in session ? session : await answerLine(session, parsed)
}

/** @throws Error for what is ours. */
export async function answerPressed(
  work: ChatWork,
  sender: DeliverySender,
  button: ButtonAction,
): Promise<DeliveryReplies> {
  const session = openSession(work, sender, { wish: button.do, changeId: button.changeId })
  return 'title' in session ? { said: session } : await pressButton(session, button)
}

/** @returns the session of a person whom the org file knows, or what anybody else is told. */
function openSession(
  work: ChatWork,
  sender: DeliverySender,
  { wish, changeId }: Pick<Wished, 'wish' | 'changeId'>,
): ChatSession | Reply {
  const { desk, bus, inventory, seats, log } = work
  const { platform, userId } = sender.asked
  const { idName, emailOf } = work.platforms[platform]
  const who = findPerson(desk, sender.asked)
  const { person, role } = who ?? {}
  const wished: Wished = { deliveryId: sender.deliveryId, platform, userId, person, role, wish, changeId }
  if (!who) {
    log.noteRefusal(wished, 'nobody of the org file')
    return refuse(
      'This gateway does not know you yet',
      sayText(
        `Ask whoever looks after it to add your ${idName} id, ${userId}, to the people of the org file.`,
      ),
    )
  }
  log.noteWish(wished)
  return {
    ...sender,
    desk,
    bus,
    bench: memoize(work.openBench),
    who,
    inventory,
    seats,
    emailOf,
    noteRefusal: (why) => log.noteRefusal(wished, why),
    noteFailure: (error) => log.noteFailure(wished, error),
  }
}

/** @returns undefined for whoever the org file gives no part in it. */
function findPerson({ policy }: Desk, { platform, userId }: Asked): ChatPerson | undefined {
  const actor = { kind: platform, id: userId } as const
  const { person } = identifyActor(policy, actor)
  const entry = person === undefined ? undefined : policy.people[person]
  if (person === undefined || !entry) return undefined
  return { actor, person, role: entry.role, timeZone: entry.timeZone ?? 'UTC' }
}

function memoize<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | undefined
  return () => {
    opened ??= open()
    return opened
  }
}

type NotesOnRecord = Pick<Desk, 'ledger' | 'clock'>

/**
 * @returns whether this is the first call with that key.
 * @throws GatewayError `ledger.unavailable`
 */
export async function noteOnce({ ledger, clock }: NotesOnRecord, key: string): Promise<boolean> {
  return await ledger.putPointer(key, { changeId: randomId(), atMs: clock.nowMs() }, undefined)
}

/**
 * `again`: it came before, and is at work or answered. `broken.off`: it came before, whoever was at it is gone by now,
 * and its person has heard nothing: it is not begun again, and they are to be told.
 */
export type Beginning = 'first' | 'again' | 'broken.off'

/** Notes that a delivery is begun. @throws GatewayError `ledger.unavailable` */
export async function beginDelivery(notes: NotesOnRecord, deliveryId: string): Promise<Beginning> {
  const key = `chat#${deliveryId}`
  if (await noteOnce(notes, key)) return 'first'
  const begun = await notes.ledger.pointer(key)
  if (begun && notes.clock.nowMs() - begun.atMs < INVOCATION_LIFE_MS) return 'again'
  return (await noteDeliveryAnswered(notes, deliveryId)) ? 'broken.off' : 'again'
}

/** Notes that whoever sent a delivery has been told what came of it. @returns whether this is the first that tells. */
export async function noteDeliveryAnswered(notes: NotesOnRecord, deliveryId: string): Promise<boolean> {
  return await noteOnce(notes, `answered#${deliveryId}`)
}
