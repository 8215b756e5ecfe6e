/** What the bus says of seats, of the contract, of what was done outside and of the week, told to a whole channel: no names. */
import * as z from 'zod/mini'
import { type Notice, noticeEvents, noticeIdOf } from '../seats/notices/notices.ts'
import { noteOnce } from './conversation/answer-delivery.ts'
import type { ChatWork } from './conversation/chat-platform.ts'
import { deliverReply, waysTo } from './conversation/deliver-reply.ts'
import {
  showContractGone,
  showDigest,
  showOutsideTold,
  showSeatsTold,
} from './conversation/words/notice-replies.ts'
import type { Reply } from './conversation/words/reply.ts'

const Told = z.object({
  'detail-type': z.enum(Object.values(noticeEvents)),
  detail: z.object({ eventId: z.string() }),
})

export function isNoticeEvent(event: unknown): boolean {
  return Told.safeParse(event).success
}

/** The event only says which notice: what is told comes from the ledger, so a made-up event tells nothing untrue. */
export async function tellSeats({ desk, notices, platforms, log }: ChatWork, event: unknown): Promise<void> {
  const { eventId } = Told.parse(event).detail
  const places = Object.values(platforms).flatMap((each) => each.notices ?? [])
  if (places.length === 0) return
  // What it has moved on from needs no telling: where it stands now has an event of its own.
  const notice = (await notices.all()).find((each) => noticeIdOf(each) === eventId)
  if (notice === undefined || !(await noteOnce(desk, `told#${eventId}`))) return
  const said = replyOf(notice, desk.clock.nowMs())
  // To each of the chats, and not to the first that takes it.
  for (const place of places) {
    await deliverReply(log, { id: eventId, what: 'notice of seats' }, waysTo([place], said))
  }
}

function replyOf(notice: Notice, nowMs: number): Reply {
  switch (notice.kind) {
    case 'seats':
      return showSeatsTold(notice.told, nowMs)
    case 'outside':
      return showOutsideTold(notice.told, nowMs)
    case 'digest':
      return showDigest(notice.told, nowMs)
    case 'contract':
      return showContractGone(notice.told, nowMs)
  }
}
