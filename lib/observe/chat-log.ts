/**
 * The audit trail of chat: what became of each delivery to a webhook, who asked for what and who was
 * refused, by the org file's keys and the platforms' ids; never what was typed.
 */
import type { ChatLog } from '../chat/conversation/wish-log.ts'
import type { WebhookLine, WebhookLog } from '../chat/webhook/answer-webhook.ts'
import type { Clock } from '../clock.ts'
import { GatewayError } from '../errors.ts'
import { describeError, type Level, writeLine } from './log-lines.ts'

/** @param stack for the alarm on what nobody got. */
export function chatLog(stack: string, clock: Pick<Clock, 'nowMs'>): ChatLog {
  return {
    noteWish(wished) {
      writeLine('INFO', { code: 'chat.asked', ...wished }, clock.nowMs())
    },
    noteRefusal(wished, why) {
      writeLine('WARN', { code: 'chat.refused', ...wished, why }, clock.nowMs())
    },
    noteFailure(wished, error) {
      const isTheirs = error instanceof GatewayError && error.status < 500
      const line = { code: 'chat.not.done', ...wished, error: describeError(error) }
      writeLine(isTheirs ? 'WARN' : 'ERROR', line, clock.nowMs())
    },
    noteUndelivered({ isLost, ...rest }) {
      writeLine(
        isLost ? 'ERROR' : 'WARN',
        { code: 'chat.undelivered', stack, ...rest, isLost },
        clock.nowMs(),
      )
    },
  }
}

const levels: Readonly<Record<WebhookLine['outcome'], Level>> = {
  'handed.on': 'INFO',
  answered: 'INFO',
  checked: 'INFO',
  refused: 'WARN',
  lost: 'ERROR',
  failed: 'ERROR',
}

/** @param stack for the alarm on what was lost. */
export function webhookLog(stack: string, clock: Pick<Clock, 'nowMs'>): WebhookLog {
  return {
    noteDelivery({ outcome, error, ...line }) {
      writeLine(
        levels[outcome],
        { code: `chat.${outcome}`, stack, ...line, error: describeError(error) },
        clock.nowMs(),
      )
    },
  }
}
