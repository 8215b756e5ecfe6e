/** What is done once, however often it is asked for. */
import { randomId } from '../../changes/model/record-ids.ts'
import { INVOCATION_LIFE_MS } from '../../changes/model/timing.ts'
import type { Desk } from '../../changes/record/desk.ts'

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
