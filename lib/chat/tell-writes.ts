/** What the bus says of the stop switch, told to approvers: none of them is to wonder why nothing is carried out. */
import * as z from 'zod/mini'
import { turnOf, writesOf } from '../changes/answers/render-writes.ts'
import { switchEventIdOf } from '../changes/carry-out/tell-switch.ts'
import { readTurns } from '../changes/decide/decide-writes.ts'
import { writeEvents } from '../changes/model/change-events.ts'
import { nameActor, nameWrites } from '../changes/name-parties.ts'
import { noteOnce } from './conversation/answer-delivery.ts'
import type { ChatWork } from './conversation/chat-platform.ts'
import { deliverReply, waysTo } from './conversation/deliver-reply.ts'
import { showPastTurn, showWrites } from './conversation/words/write-replies.ts'

const Told = z.object({
  'detail-type': z.enum(Object.values(writeEvents)),
  detail: z.object({ eventId: z.string() }),
})

export function isSwitchEvent(event: unknown): boolean {
  return Told.safeParse(event).success
}

/** The event only says which turn: what it was, and whether it stands still, comes from the ledger. */
export async function tellWrites({ desk, platforms, log }: ChatWork, event: unknown): Promise<void> {
  const { eventId } = Told.parse(event).detail
  const turns = await readTurns(desk)
  const place = turns.findIndex((turn) => switchEventIdOf(turn) === eventId)
  const turn = turns[place]
  if (!turn) return
  const places = Object.values(platforms).flatMap(({ approvers }) => approvers ?? [])
  if (places.length === 0 || !(await noteOnce(desk, `told#${eventId}`))) return
  // Approvers are many, in zones of their own.
  const standing = nameWrites(desk.policy, writesOf(desk.policy, turns))
  const said =
    place === 0
      ? showWrites(standing, 'UTC')
      : showPastTurn({ ...turnOf(turn), by: nameActor(desk.policy, turn.by) }, standing, 'UTC')
  await deliverReply(log, { id: eventId, what: 'turn of the stop switch' }, waysTo(places, said))
}
