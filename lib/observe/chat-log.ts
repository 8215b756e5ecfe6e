/** The audit trail of chat: who asked and who was refused, by the org file's names and the deliveries' ids; never what was typed. */
import type { ChatLog } from '../chat/run/chat-work.ts'
import type { Clock } from '../clock.ts'
import { writeLine } from './lines.ts'

export function chatLog(clock: Pick<Clock, 'nowMs'>): ChatLog {
  return {
    refused(deliveryId, why) {
      writeLine('WARN', { code: 'chat.refused', deliveryId, why }, clock.nowMs())
    },
    answered(deliveryId, person, what) {
      writeLine('INFO', { code: 'chat.answered', deliveryId, person, what }, clock.nowMs())
    },
    undelivered(deliveryId, why) {
      writeLine('WARN', { code: 'chat.undelivered', deliveryId, why }, clock.nowMs())
    },
  }
}
