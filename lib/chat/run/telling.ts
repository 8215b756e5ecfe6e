/** What the bus says of changes, told to people: requests to approvers, ends to where they were asked for. */
import * as z from 'zod/mini'
import { changeEvents } from '../../changes/announce.ts'
import { type Header, isSettled } from '../../changes/change.ts'
import { randomId } from '../../changes/identity.ts'
import { changeOf } from '../../changes/render.ts'
import type { Workbench } from '../../changes/work.ts'
import type { Reply } from '../reply.ts'
import { slackMessage } from '../slack/message.ts'
import { teamsPost } from '../teams/card.ts'
import { requestReply, standingReply } from './change-reply.ts'
import type { ChatWork } from './chat-work.ts'
import { namesIn } from './writing.ts'

/** Within that of a person's own click, the click is answered with the end already. Milliseconds. */
const ANSWERED_WITHIN_MS = 20_000

const Told = z.object({
  'detail-type': z.enum(Object.values(changeEvents)),
  detail: z.object({
    eventId: z.string(),
    isReminder: z.optional(z.boolean()),
    change: z.object({ id: z.string() }),
  }),
})

export function isChangeEvent(event: unknown): boolean {
  return Told.safeParse(event).success
}

/** The event only says which change: what is told comes from the ledger, so a made-up event tells nothing untrue. */
export async function tellChange(
  { bench, slack, postToTeams }: Pick<ChatWork, 'bench' | 'slack' | 'postToTeams'>,
  event: unknown,
): Promise<void> {
  const { detail } = Told.parse(event)
  const header = await bench.ledger.get(detail.change.id)
  if (!header) return
  const channelId = channelFor(bench, header)
  const { asked } = header
  const teamsUrl =
    asked?.platform === 'teams' && isSettled(header.state)
      ? bench.policy.chat?.teams?.incoming?.[asked.channelId]
      : undefined
  if (channelId === undefined && teamsUrl === undefined) return
  const first = { changeId: randomId(), atMs: bench.clock.nowMs() }
  if (!(await bench.ledger.putPointer(`told#${detail.eventId}`, first, undefined))) return
  const said = await replyFor(bench, header, detail.isReminder ?? false)
  if (channelId !== undefined) await slack.post(channelId, slackMessage(said))
  if (teamsUrl !== undefined) await postToTeams(teamsUrl, teamsPost(said))
}

/** @returns undefined where there is nobody in Slack to tell. */
function channelFor({ policy, clock }: Workbench, header: Header): string | undefined {
  const { state, asked, history, updatedAtMs } = header
  if (state === 'AWAITING_APPROVAL') return policy.chat?.slack?.approvals
  if (asked?.platform !== 'slack' || !isSettled(state)) return undefined
  const clickMs = history.findLast(({ by }) => by !== 'gateway')?.atMs ?? 0
  const isByApprover = header.approval?.decision !== undefined
  const isAnswered = !isByApprover && updatedAtMs - clickMs < ANSWERED_WITHIN_MS
  return isAnswered && clock.nowMs() - clickMs < ANSWERED_WITHIN_MS ? undefined : asked.channelId
}

async function replyFor(bench: Workbench, header: Header, isReminder: boolean): Promise<Reply> {
  const change = changeOf(header, await bench.ledger.plan(header), await bench.ledger.evidence(header))
  const shown = { change, users: await namesIn({ bench }, change), timeZone: 'UTC' }
  return header.state === 'AWAITING_APPROVAL' ? requestReply(shown, isReminder) : standingReply(shown)
}
