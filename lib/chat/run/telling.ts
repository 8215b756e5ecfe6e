/** What the bus says of changes, told to people: requests to approvers, ends to where they were asked for. */
import * as z from 'zod/mini'
import { changeEvents } from '../../changes/announce.ts'
import { eventIdOf } from '../../changes/announcing.ts'
import type { Asked, Header } from '../../changes/change.ts'
import { changeOf } from '../../changes/render.ts'
import { recounted } from '../../changes/seats.ts'
import type { Desk } from '../../changes/work.ts'
import type { Reply } from '../reply.ts'
import { slackMessage } from '../slack/message.ts'
import { teamsPost } from '../teams/card.ts'
import { requestReply, standingReply } from './change-reply.ts'
import type { ChatWork } from './chat-work.ts'
import { deliver } from './delivering.ts'
import { isFirst } from './once.ts'
import { namesIn } from './people.ts'

const Told = z.object({
  'detail-type': z.enum(Object.values(changeEvents)),
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
  const { eventId, isReminder, isAnswered, change } = Told.parse(event).detail
  const header = await desk.ledger.get(change.id)
  // What the change has moved on from needs no telling: where it stands now has an event of its own.
  if (!header || eventId !== eventIdOf(header)) return
  const isRequest = header.state === 'AWAITING_APPROVAL'
  const places = isRequest ? placesOfApprovers(work) : placesOf(work, await askedFor(desk, header))
  if (places.length === 0) return
  // Whoever asked knows; whoever is to approve it does not.
  const isKnown = isAnswered === true && !isRequest
  const said = isKnown ? undefined : await replyFor(work, header, isReminder ?? false)
  // Noted of what is known too: the tick may have put the same event, not knowing that.
  if (!(await isFirst(desk, `told#${eventId}`)) || !said) return
  const ways = places.map(({ by, send }) => ({ by, send: () => send(said) }))
  await deliver(log, { id: eventId, what: isRequest ? 'request' : 'end of a change' }, ways)
}

/** What takes a change back, by itself or over HTTP, is told where that one was asked for. */
async function askedFor({ ledger }: Desk, { asked, undoes }: Header): Promise<Asked | undefined> {
  return asked ?? (undoes === undefined ? undefined : (await ledger.get(undoes))?.asked)
}

/** Where something is told, unless a place before it has taken it. */
interface Place {
  readonly by: string
  readonly send: (said: Reply) => Promise<boolean>
}

/** @returns none where they are not asked in chat. */
function placesOfApprovers({ desk, slack }: ChatWork): Place[] {
  const channelId = desk.policy.chat?.slack?.approvals
  if (channelId === undefined) return []
  return [{ by: 'the approvers’ channel', send: (said) => slack.post(channelId, slackMessage(said)) }]
}

/** @returns none where it was not asked for in chat, or in a channel of Teams that nothing can be posted to. */
function placesOf({ desk, slack, postToTeams }: ChatWork, asked: Asked | undefined): Place[] {
  if (!asked) return []
  const { platform, channelId, userId } = asked
  if (platform === 'slack') {
    return [
      { by: 'the channel', send: (said) => slack.post(channelId, slackMessage(said)) },
      { by: 'the person', send: (said) => slack.post(userId, slackMessage(said)) },
    ]
  }
  const url = desk.policy.chat?.teams?.incoming?.[channelId]
  return url === undefined
    ? []
    : [{ by: 'the incoming URL', send: (said) => postToTeams(url, teamsPost(said)) }]
}

async function replyFor({ desk, openBench }: ChatWork, header: Header, isReminder: boolean): Promise<Reply> {
  const { ledger, policy, clock } = desk
  const plan = await recounted(desk, header, await ledger.plan(header))
  const change = changeOf(header, plan, await ledger.evidence(header))
  const users = await namesIn({ bench: openBench }, change)
  // Approvers are many, in zones of their own.
  if (header.state === 'AWAITING_APPROVAL') {
    return requestReply({ change, users, timeZone: 'UTC', nowMs: clock.nowMs() }, isReminder)
  }
  const { person } = header.actor
  const timeZone = (person === undefined ? undefined : policy.people[person]?.timeZone) ?? 'UTC'
  return standingReply({ change, users, timeZone, nowMs: clock.nowMs() })
}
