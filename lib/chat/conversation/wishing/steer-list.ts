/** A list that is under way: paused, let go on, or called off; typed, or pressed in the message that says how far it is. */
import { announce } from '../../../changes/carry-out/announce.ts'
import { ChangeWriter } from '../../../changes/change-writer.ts'
import { cancelChange } from '../../../changes/decide/decide-cancel.ts'
import { pauseList } from '../../../changes/decide/decide-list.ts'
import { recordsOf, standing } from '../asking/change-lists.ts'
import { type ChatSession, chatCallerOf } from '../asking/session.ts'
import type { ButtonAction, Reply } from '../words/reply.ts'

export type ListAct = Extract<ButtonAction['do'], 'pause' | 'resume' | 'stop'>

export function isListAct(act: ButtonAction['do']): act is ListAct {
  return act === 'pause' || act === 'resume' || act === 'stop'
}

/** @returns how it stands then. @throws GatewayError as over HTTP, and where there is nothing of it under way to call off. */
export async function steerList(session: ChatSession, changeId: string, act: ListAct): Promise<Reply> {
  const { desk, bus } = session
  const caller = chatCallerOf(session, act)
  if (act === 'resume') await new ChangeWriter(await session.bench(), caller).resume(changeId)
  else {
    const { header } =
      act === 'pause'
        ? await pauseList(desk, caller, changeId)
        : await cancelChange(desk, caller, changeId, 'list')
    await announce({ ...desk, bus }, header)
  }
  return await standing(session, await recordsOf(session).change(changeId))
}
