/** What the bus says of changes, told to people: requests to approvers, ends to where they were asked for. */
import * as z from 'zod/mini'
import { changeOf } from '../changes/answers/render-change.ts'
import { eventIdOf, isEndReminder } from '../changes/carry-out/announce.ts'
import { changeEvents, ENDING_EVENT } from '../changes/model/change-events.ts'
import { revertDueAtOf } from '../changes/model/due.ts'
import type { Asked, Header } from '../changes/model/header.ts'
import { recountSeats } from '../changes/plan/count-seats.ts'
import type { Desk } from '../changes/record/desk.ts'
import type { AskedMessage } from '../changes/record/ledger.ts'
import { readPauseOver } from '../changes/record/read-pause.ts'
import { GatewayError } from '../errors.ts'
import { noteOnce } from './conversation/answer-delivery.ts'
import { readNamesIn } from './conversation/asking/find-named.ts'
import type { ApproversChannel, ChatPlatforms, ChatWork } from './conversation/chat-platform.ts'
import { deliverReply, type ReplyPlace, waysTo } from './conversation/deliver-reply.ts'
import type { ShownChange } from './conversation/words/change-facts.ts'
import { showRequest, showStanding } from './conversation/words/change-replies.ts'
import { showEnding } from './conversation/words/ending-replies.ts'
import type { Reply } from './conversation/words/reply.ts'

const Told = z.object({
  'detail-type': z.enum([...Object.values(changeEvents), ENDING_EVENT]),
  detail: z.object({
    eventId: z.string(),
    isReminder: z.optional(z.boolean()),
    isAnswered: z.optional(z.boolean()),
    change: z.object({ id: z.string() }),
  }),
})

export function isChangeEvent(event: unknown): boolean {
  return Told.safeParse(event).success
}

/** The event only says which change: what is told comes from the ledger, so a made-up event tells nothing untrue. */
export async function tellChange(work: ChatWork, event: unknown): Promise<void> {
  const { desk, log } = work
  const { eventId, isReminder = false, isAnswered, change } = Told.parse(event).detail
  const header = await desk.ledger.get(change.id)
  // What the change has moved on from needs no telling: where it stands now has an event of its own.
  if (!header || eventId !== eventIdOf(header)) return
  if (isEndReminder(header)) return await remindOfEnd(work, header, eventId)
  const isRequest = header.state === 'AWAITING_APPROVAL'
  const places = isRequest
    ? placesOfApprovers(work, header.id, isReminder)
    : placesOf(work, await askedOf(desk, header))
  const asked = isRequest || !header.approval ? [] : await desk.ledger.messages(header.id)
  if (places.length === 0 && asked.length === 0) return
  // Whoever asked knows; whoever is to approve it does not.
  const isKnown = isAnswered === true && !isRequest
  const said = isKnown || places.length === 0 ? undefined : await replyFor(work, header, isReminder)
  const standing = asked.length === 0 ? undefined : await standingOf(work, header, 'UTC')
  // Noted of what is known too: the tick may have put the same event, not knowing that.
  if (!(await noteOnce(desk, `told#${eventId}`))) return
  if (said) {
    const what = isRequest ? 'request' : 'end of a change'
    await deliverReply(log, { id: eventId, what }, waysTo(places, said))
  }
  if (standing) await bringUpToDate(work, eventId, asked, standing)
}

/** Whoever asked for it in chat is reminded there; else the channel that is told what concerns everybody. */
async function remindOfEnd(work: ChatWork, header: Header, eventId: string): Promise<void> {
  const { desk, log, platforms } = work
  const own = placesOf(work, header.asked)
  const channels = Object.values(platforms).flatMap(({ notices }) => (notices ? [[notices]] : []))
  const places = own.length > 0 ? [own] : channels
  // Called off, or taken back, while the reminder was on its way.
  if (places.length === 0 || revertDueAtOf(header) === undefined) return
  const said = showEnding({
    ...(await shownOf(work, header, zoneOf(work, header))),
    nowMs: desk.clock.nowMs(),
  })
  if (!(await noteOnce(desk, `told#${eventId}`))) return
  for (const ways of places) {
    await deliverReply(log, { id: eventId, what: 'reminder of an end' }, waysTo(ways, said))
  }
}

/** What approvers were shown must not ask them any more. Whoever presses it all the same is told how it stands. */
async function bringUpToDate(
  { platforms, log }: Pick<ChatWork, 'platforms' | 'log'>,
  eventId: string,
  asked: readonly AskedMessage[],
  standing: Reply,
): Promise<void> {
  for (const message of asked) {
    const ways = approversIn(platforms).map(({ replace }) => ({
      by: 'the approvers’ message',
      send: () => replace(message, standing),
    }))
    await deliverReply(log, { id: eventId, what: 'replacement', isToldOtherwise: true }, ways)
  }
}

function approversIn(platforms: ChatPlatforms): ApproversChannel[] {
  return Object.values(platforms).flatMap(({ approvers }) => approvers ?? [])
}

/** What takes a change back, by itself or over HTTP, is told where that one was asked for. */
async function askedOf({ ledger }: Desk, { asked, undoes }: Header): Promise<Asked | undefined> {
  return asked ?? (undoes === undefined ? undefined : (await ledger.get(undoes))?.asked)
}

/** @returns none where they are not asked in chat. */
function placesOfApprovers(work: ChatWork, changeId: string, isReminder: boolean): ReplyPlace[] {
  return approversIn(work.platforms).flatMap(({ ask }) => {
    if (!ask) return []
    const send = async (said: Reply) => {
      const posted = await ask(said)
      if (typeof posted === 'object') await noteAsked(work, changeId, isReminder, posted)
      return posted !== false
    }
    return [{ by: 'the approvers’ channel', send }]
  })
}

/** So that it can be brought up to date. A message that cannot be noted stays as it is, and asks all the same. */
async function noteAsked(
  work: ChatWork,
  changeId: string,
  isReminder: boolean,
  posted: AskedMessage,
): Promise<void> {
  const { ledger, log } = work.desk
  try {
    await ledger.addMessage(changeId, isReminder ? 'reminder' : 'request', posted)
    const header = await ledger.get(changeId)
    // Decided while it was on its way: whoever told of that did not know of this message yet.
    if (!header || header.state === 'AWAITING_APPROVAL') return
    await bringUpToDate(work, eventIdOf(header), [posted], await standingOf(work, header, 'UTC'))
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    log.noteDeferred(changeId, 'where its approvers were asked could not be noted', error)
  }
}

/** @returns none where it was not asked for in chat, or in a channel that nothing can be posted to. */
function placesOf({ platforms }: ChatWork, asked: Asked | undefined): readonly ReplyPlace[] {
  return asked ? platforms[asked.platform].placesOf(asked) : []
}

async function replyFor(work: ChatWork, header: Header, isReminder: boolean): Promise<Reply> {
  // Approvers are many, in zones of their own.
  if (header.state === 'AWAITING_APPROVAL') return showRequest(await shownOf(work, header, 'UTC'), isReminder)
  return await standingOf(work, header, zoneOf(work, header))
}

/** Of whoever asked for it. */
function zoneOf({ desk }: ChatWork, { actor: { person } }: Header): string {
  return (person === undefined ? undefined : desk.policy.people[person]?.timeZone) ?? 'UTC'
}

async function standingOf(work: ChatWork, header: Header, timeZone: string): Promise<Reply> {
  return showStanding(await shownOf(work, header, timeZone))
}

async function shownOf(
  { desk, openBench }: ChatWork,
  header: Header,
  timeZone: string,
): Promise<ShownChange> {
  const { ledger, clock } = desk
  const plan = await recountSeats(desk, header, await ledger.plan(header))
  const evidence = await ledger.evidence(header)
  const change = changeOf(header, plan, evidence, await readPauseOver(desk, header))
  const users = await readNamesIn({ bench: openBench }, change)
  return { change, users, timeZone, nowMs: clock.nowMs() }
}
