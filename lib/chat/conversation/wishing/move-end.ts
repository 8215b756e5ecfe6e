/** What was given for a time: its end is moved, or comes now; typed, or pressed in the reminder of it. */
import { announce } from '../../../changes/carry-out/announce.ts'
import { ChangeWriter } from '../../../changes/change-writer.ts'
import { extendChange } from '../../../changes/decide/decide-revert.ts'
import type { Extension } from '../../../changes/model/change-order.ts'
import { revertDueAtOf } from '../../../changes/model/due.ts'
import { stateConflict } from '../../../changes/model/failure.ts'
import type { Header } from '../../../changes/model/header.ts'
import { requireHeader } from '../../../changes/record/write-header.ts'
import { DAY_MS } from '../../../utc-day.ts'
import type { Command } from '../../grammar/typed-command.ts'
import { recordsOf, standing } from '../asking/change-lists.ts'
import { type ChatSession, chatCallerOf, markAnswered } from '../asking/session.ts'
import { sealOfEnd } from '../words/ending-replies.ts'
import type { ButtonAction, DeliveryReplies, Reply } from '../words/reply.ts'
import { refusePastTime, untilOf } from './plan-wish.ts'

/** @returns how it stands then, or the request for it. @throws GatewayError as over HTTP. */
export async function extendNow(
  session: ChatSession,
  { changeId, until }: Extract<Command, { verb: 'extend' }>,
): Promise<Reply> {
  const past = refusePastTime(session, 'at' in until ? until.at : undefined)
  if (past) return past
  const { id } = await extend(session, changeId, untilOf(session, until))
  return await standing(session, await recordsOf(session).change(id))
}

/** @returns how the change stands that takes it back. @throws GatewayError as over HTTP. */
export async function endNow(session: ChatSession, changeId: string, isForAll = false): Promise<Reply> {
  const bench = await session.bench()
  const { asked } = await requireHeader(session.desk, changeId)
  const bus = isHere(session, asked) ? markAnswered(bench.bus) : bench.bus
  const writer = new ChangeWriter({ ...bench, bus }, chatCallerOf(session, 'end'))
  return await standing(session, (await writer.end(changeId)).value, isForAll)
}

/** Whether what it comes to would be told where it is answered. */
function isHere({ asked: here }: ChatSession, asked: Header['asked']): boolean {
  return (['platform', 'teamId', 'channelId'] as const).every((each) => asked?.[each] === here[each])
}

/**
 * In the place of the reminder it is shown how the change stands then: a day longer than the end that the reminder
 * named, whoever presses besides, or taken back.
 *
 * @throws GatewayError as over HTTP, and where its end has been moved since.
 */
export async function pressEnding(
  session: ChatSession,
  { do: act, changeId, digest }: ButtonAction & { readonly do: 'extend' | 'end' },
): Promise<DeliveryReplies> {
  if (act === 'end') return { stands: await endNow(session, changeId, true) }
  const header = await requireHeader(session.desk, changeId)
  const dueAtMs = endIfSealed(header, digest)
  if (dueAtMs === undefined)
    throw stateConflict(header, `The end of the change ${changeId} was moved, or has come`)
  const { id } = await extend(session, changeId, { revertAt: new Date(dueAtMs + DAY_MS).toISOString() })
  const records = recordsOf(session)
  const stands = await standing(session, await records.change(changeId))
  return id === changeId ? { stands } : { stands, said: await standing(session, await records.change(id)) }
}

/** @returns when it is taken back, where that is when the reminder said. */
export function endIfSealed(header: Header, seal: string): number | undefined {
  const dueAtMs = revertDueAtOf(header)
  return dueAtMs !== undefined && sealOfEnd(header.id, dueAtMs) === seal ? dueAtMs : undefined
}

async function extend(session: ChatSession, changeId: string, order: Extension): Promise<Header> {
  const { desk, bus, asked } = session
  const { header } = await extendChange(desk, chatCallerOf(session, 'extend'), changeId, order, asked)
  await announce({ ...desk, bus }, header)
  return header
}
