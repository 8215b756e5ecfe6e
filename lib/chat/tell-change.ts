/** What the bus says of changes, told to people: requests to approvers, ends to where they were asked for. */
import * as z from 'zod/mini'
import { decisionsOfAll } from '../changes/answers/offer-decisions.ts'
import { eventIdOf, isEndReminder } from '../changes/carry-out/announce.ts'
import { changeEvents, ENDING_EVENT, PROGRESS_EVENT } from '../changes/model/change-events.ts'
import type { Header } from '../changes/model/header.ts'
import type { AskedMessage } from '../changes/record/ledger.ts'
import { GatewayError } from '../errors.ts'
import { noteOnce } from './conversation/answer-delivery.ts'
import type { ChatPlatforms, ChatWork } from './conversation/chat-platform.ts'
import { deliverReply, waysTo } from './conversation/deliver-reply.ts'
import { showPlan, showRequest, showStanding } from './conversation/words/change-replies.ts'
import { showEnding } from './conversation/words/ending-replies.ts'
import type { Reply } from './conversation/words/reply.ts'
import { type Audience, askerOf, askerOrChannelsOf, readShown } from './read-standing.ts'
import { hasBegun, tellList } from './tell-list.ts'

const Told = z.object({
  'detail-type': z.enum([...Object.values(changeEvents), ENDING_EVENT, PROGRESS_EVENT]),
  detail: z.object({
    eventId: z.string(),
    isReminder: z.optional(z.boolean()),
    isAnswered: z.optional(z.boolean()),
    change: z.object({ id: z.string() }),
  }),
})

type ToldDetail = z.output<typeof Told>['detail']

/** What asks approvers. */
const ASKING = ['request', 'reminder'] as const

export function isChangeEvent(event: unknown): boolean {
  return Told.safeParse(event).success
}

/** The event only says which change: what is told comes from the ledger, so a made-up event tells nothing untrue. */
export async function tellChange(work: ChatWork, event: unknown): Promise<void> {
  const { 'detail-type': detailType, detail } = Told.parse(event)
  const { eventId, change } = detail
  const header = await work.desk.ledger.get(change.id)
  if (!header) return
  if (detailType === PROGRESS_EVENT) {
    if (hasBegun(header)) await tellList(work, header, { eventId, isProgress: true })
    return
  }
  // What the change has moved on from needs no telling: where it stands now has an event of its own.
  if (eventId !== eventIdOf(header)) return
  if (isEndReminder(header)) return await remindOfEnd(work, header, eventId)
  if (!hasBegun(header)) return await tellOnce(work, header, detail)
  await bringUpToDate(work, eventId, header, await messagesToApprovers(work, header))
  await tellList(work, header, { eventId, isProgress: false })
}

async function tellOnce(
  work: ChatWork,
  header: Header,
  { eventId, isReminder = false, isAnswered }: ToldDetail,
): Promise<void> {
  const { desk, log } = work
  const isRequest = header.state === 'AWAITING_APPROVAL'
  const audiences = await audiencesOf(work, header, isReminder)
  const asked = isRequest ? [] : await messagesToApprovers(work, header)
  if (audiences.length === 0 && asked.length === 0) return
  // Whoever asked knows; whoever is to approve it does not.
  const heard = isAnswered === true && !isRequest ? [] : audiences
  const said: { readonly places: Audience['places']; readonly reply: Reply }[] = []
  for (const { places, timeZone } of heard) {
    said.push({ places, reply: await replyFor(work, header, timeZone, isReminder) })
  }
  // Noted of what is known too: the tick may have put the same event, not knowing that.
  if (!(await noteOnce(desk, `told#${eventId}`))) return
  const what = isRequest ? 'request' : header.state === 'PLANNED' ? 'plan' : 'end of a change'
  for (const { places, reply } of said) {
    await deliverReply(log, { id: eventId, what }, waysTo(places, reply))
  }
  await bringUpToDate(work, eventId, header, asked)
}

/** Approvers of a request. A list is a wait for more people than whoever asked: where nobody did in chat, a channel hears. */
async function audiencesOf(
  work: ChatWork,
  header: Header,
  isReminder: boolean,
): Promise<readonly Audience[]> {
  if (header.state === 'AWAITING_APPROVAL') return approversOf(work, header.id, isReminder)
  const isList = header.list !== undefined || header.history[0]?.state === 'PLANNING'
  return isList ? await askerOrChannelsOf(work, header) : await askerOf(work, header)
}

async function replyFor(
  work: ChatWork,
  header: Header,
  timeZone: string,
  isReminder: boolean,
): Promise<Reply> {
  const shown = await readShown(work, header, timeZone)
  if (header.state === 'AWAITING_APPROVAL') return showRequest(shown, isReminder)
  if (header.state === 'PLANNED') return showPlan(shown)
  // Others look at it just as much: whoever presses is asked then who they are.
  return showStanding({ ...shown, may: decisionsOfAll(shown.change, shown.nowMs) })
}

/** Whoever asked for it in chat is reminded there; else the channel that is told what concerns everybody. */
async function remindOfEnd(work: ChatWork, header: Header, eventId: string): Promise<void> {
  const { desk, log } = work
  const audiences = await askerOrChannelsOf(work, header)
  const [first] = audiences
  if (!first) return
  const shown = await readShown(work, header, first.timeZone)
  // Called off, taken back or undone while the reminder was on its way.
  if (shown.change.revert?.dueAt === undefined) return
  const said = showEnding(shown)
  if (!(await noteOnce(desk, `told#${eventId}`))) return
  for (const { places } of audiences) {
    await deliverReply(log, { id: eventId, what: 'reminder of an end' }, waysTo(places, said))
  }
}

async function messagesToApprovers(
  { desk }: ChatWork,
  { id, approval }: Header,
): Promise<readonly AskedMessage[]> {
  return approval ? await desk.ledger.messages(id, ASKING) : []
}

/** What approvers were shown must not ask them any more. Whoever presses it all the same is told how it stands. */
async function bringUpToDate(
  work: ChatWork,
  eventId: string,
  header: Header,
  asked: readonly AskedMessage[],
): Promise<void> {
  if (asked.length === 0) return
  // Approvers are many, in zones of their own.
  const standing = showStanding(await readShown(work, header, 'UTC'))
  for (const message of asked) {
    const ways = replacersIn(work.platforms).map((replace) => ({
      by: 'the approvers’ message',
      send: () => replace(message, standing),
    }))
    await deliverReply(work.log, { id: eventId, what: 'replacement', isToldOtherwise: true }, ways)
  }
}

function replacersIn(platforms: ChatPlatforms) {
  return Object.values(platforms).flatMap(({ replace }) => replace ?? [])
}

/** @returns none where they are not asked in chat. */
function approversOf(work: ChatWork, changeId: string, isReminder: boolean): readonly Audience[] {
  return (['slack', 'teams'] as const).flatMap((platform) => {
    const { approvers } = work.platforms[platform]
    if (!approvers) return []
    const send = async (said: Reply) => {
      const posted = await approvers.send(said)
      if (typeof posted === 'object') await noteAsked(work, changeId, isReminder, posted)
      return posted
    }
    return [{ platform, places: [{ by: approvers.by, send }], timeZone: 'UTC' }]
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
    await bringUpToDate(work, eventIdOf(header), header, [posted])
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    log.noteDeferred(changeId, 'where its approvers were asked could not be noted', error)
  }
}
