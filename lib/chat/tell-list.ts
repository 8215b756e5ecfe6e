/**
 * A list that is under way, told by one message: posted as it begins, brought up to date as it goes, every ten seconds at
 * most, and left as the list ended. Where it stands and when it was touched last are on record, so that whoever is told
 * next, in whatever container, goes on with it.
 */
import { decisionsOfAll } from '../changes/answers/offer-decisions.ts'
import type { Header } from '../changes/model/header.ts'
import { randomId } from '../changes/model/record-ids.ts'
import { PROGRESS_EVERY_MS } from '../changes/model/timing.ts'
import { isSettled } from '../changes/model/transitions.ts'
import type { AskedMessage, RepeatPointer } from '../changes/record/ledger.ts'
import { requireHeader } from '../changes/record/write-header.ts'
import { GatewayError } from '../errors.ts'
import { noteOnce } from './conversation/answer-delivery.ts'
import type { ChatPlatform, ChatWork } from './conversation/chat-platform.ts'
import { ChatBusy, deliverReply, waysTo } from './conversation/deliver-reply.ts'
import { showStanding } from './conversation/words/change-replies.ts'
import type { Reply } from './conversation/words/reply.ts'
import { type Audience, askerOrChannelsOf, readShown } from './read-standing.ts'

/**
 * So long after one was posted of which nobody knows where it stands, or whether it stands, another may be: the chat is
 * back, or its answer was lost. Milliseconds.
 */
const POST_AGAIN_MS = 5 * 60_000

/** The longest that a message is waited for, milliseconds: a function lives half a minute. */
const LONGEST_WAIT_MS = 12_000

/** Of a list that changes its state while it is told of. */
const MAX_ROUNDS = 2

interface ListTold {
  readonly eventId: string
  /** How far it has come alone: what is lost is made good by what is told next. */
  readonly isProgress: boolean
}

/** Whether it is a list of which anything has begun. */
export function hasBegun({ list }: Pick<Header, 'list'>): boolean {
  return list?.beganAtMs !== undefined
}

/** @throws GatewayError `ledger.unavailable`, so that it is tried again. */
export async function tellList(work: ChatWork, header: Header, told: ListTold): Promise<void> {
  for (const audience of await askerOrChannelsOf(work, header)) {
    const { replace } = work.platforms[audience.platform]
    if (replace) await keepMessage(work, header.id, told, { audience, replace })
    else if (isBeginOrEnd(header) && !told.isProgress) await postOnce(work, header, told, audience)
  }
}

/** Where nothing that was posted can be changed, these two are told and nothing in between. */
function isBeginOrEnd({ state, history }: Header): boolean {
  const begins = history.filter((entry) => entry.state === 'RUNNING').length
  return isSettled(state) || (state === 'RUNNING' && begins === 1)
}

async function postOnce(
  work: ChatWork,
  header: Header,
  { eventId }: ListTold,
  { places, timeZone }: Audience,
): Promise<void> {
  const said = showStanding(await readShown(work, header, timeZone))
  if (!(await noteOnce(work.desk, `told#${eventId}`))) return
  await deliverReply(work.log, { id: eventId, what: 'list' }, waysTo(places, said))
}

interface Kept {
  readonly audience: Audience
  readonly replace: NonNullable<ChatPlatform<'slack'>['replace']>
}

async function keepMessage(work: ChatWork, changeId: string, told: ListTold, kept: Kept): Promise<void> {
  const { ledger } = work.desk
  let { isProgress } = told
  for (let round = 1; round <= MAX_ROUNDS; round++) {
    const claim = await claimMessage(work, changeId, isProgress)
    // Whoever has taken it reads the record after that, and shows what was to be told here.
    if (!claim) return
    const header = await requireHeader(work.desk, changeId)
    const [message] = await ledger.messages(changeId, ['progress'])
    const busyMs = await show(work, header, told.eventId, { ...kept, message })
    if (busyMs !== undefined) await keepQuiet(work, changeId, claim, busyMs)
    // What has come in between may have been shown by another, before this one was.
    if ((await requireHeader(work.desk, changeId)).state === header.state) return
    isProgress = false
  }
}

const claimKey = (changeId: string) => `progress#${changeId}`

/**
 * The next time that the message may be touched, for one of all who would: what tells how far the list has come is left out
 * before that, what it has come to waits for it.
 *
 * @returns undefined where it is another's, or too early.
 */
async function claimMessage(
  { desk: { ledger, clock } }: ChatWork,
  changeId: string,
  isProgress: boolean,
): Promise<RepeatPointer | undefined> {
  const seen = await ledger.pointer(claimKey(changeId))
  if (seen) {
    const isPosted = !isProgress || (await ledger.messages(changeId, ['progress'])).length > 0
    const waitMs = seen.atMs + (isPosted ? PROGRESS_EVERY_MS : POST_AGAIN_MS) - clock.nowMs()
    if (waitMs > 0 && isProgress) return undefined
    if (waitMs > 0) await clock.sleep(Math.min(waitMs, LONGEST_WAIT_MS))
  }
  const claim = { changeId: randomId(), atMs: clock.nowMs() }
  return (await ledger.putPointer(claimKey(changeId), claim, seen)) ? claim : undefined
}

/** The chat has said for how long it takes no more. Where that cannot be noted, it is asked too early once. */
async function keepQuiet(
  { desk: { ledger } }: ChatWork,
  changeId: string,
  claim: RepeatPointer,
  busyMs: number,
): Promise<void> {
  const atMs = claim.atMs + Math.max(0, busyMs - PROGRESS_EVERY_MS)
  await ledger.putPointer(claimKey(changeId), { ...claim, atMs }, claim)
}

/** @returns for how long the chat takes no more, milliseconds, where it has said so. */
async function show(
  work: ChatWork,
  header: Header,
  eventId: string,
  { audience, replace, message }: Kept & { readonly message: AskedMessage | undefined },
): Promise<number | undefined> {
  const { places, timeZone } = audience
  const said = await replyOf(work, header, timeZone)
  const hasEnded = isSettled(header.state)
  let busyMs: number | undefined
  let isReplaced = false
  const inPlace = message && {
    by: 'the message of the list',
    async send() {
      try {
        isReplaced = await replace(message, said)
        return isReplaced
      } catch (error) {
        if (error instanceof ChatBusy) busyMs = error.retryAfterMs
        throw error
      }
    },
  }
  const posting = places.map(({ by, send }) => ({
    by,
    async send(reply: Reply) {
      const posted = await send(reply)
      if (typeof posted === 'object' && !message) await noteMessage(work, header.id, posted)
      return posted
    },
  }))
  await deliverReply(work.log, { id: eventId, what: 'list', isToldOtherwise: !hasEnded }, [
    ...(inPlace ? [inPlace] : []),
    // Its end is told, in a message of its own where the first takes it no more.
    ...(inPlace && !hasEnded ? [] : waysTo(posting, said)),
  ])
  if (hasEnded && isReplaced && message) await tellBelow(work, header, eventId, { audience, message, said })
  return busyMs
}

interface ToldBelow {
  readonly audience: Audience
  readonly message: AskedMessage
  readonly said: Reply
}

/** Whoever asked learns of the end, once, though the message that shows it was posted when the list began. */
async function tellBelow(
  { desk, platforms, log }: ChatWork,
  { id, state, asked, actor: { person } }: Header,
  eventId: string,
  { audience: { platform }, message, said }: ToldBelow,
): Promise<void> {
  const { replyBelow } = platforms[platform]
  if (!replyBelow || !(await noteOnce(desk, `below#${id}#${state}`))) return
  const listed = person === undefined ? undefined : desk.policy.people[person]?.[platform]?.[0]
  const userId = asked?.platform === platform ? asked.userId : listed
  await deliverReply(log, { id: eventId, what: 'end below its list', isToldOtherwise: true }, [
    { by: 'below the message of the list', send: () => replyBelow(message, said, userId) },
  ])
}

async function replyOf(work: ChatWork, header: Header, timeZone: string): Promise<Reply> {
  const shown = await readShown(work, header, timeZone)
  // Others look at it just as much: whoever presses is asked then who they are.
  return showStanding({ ...shown, may: decisionsOfAll(shown.change, shown.nowMs) })
}

/** A message that cannot be noted stays as it is, and says of when. */
async function noteMessage(
  { desk: { ledger, log } }: ChatWork,
  changeId: string,
  posted: AskedMessage,
): Promise<void> {
  try {
    await ledger.addMessage(changeId, 'progress', posted)
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    log.noteDeferred(changeId, 'where it is told how far it has come could not be noted', error)
  }
}
