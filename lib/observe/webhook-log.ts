/** A line for each delivery to a chat platform's webhook: what became of it, by the platform's ids; never what was typed. */
import type { WebhookLine, WebhookLog } from '../chat/webhook/answer-webhook.ts'
import type { Clock } from '../clock.ts'
import { describeError } from './describe-error.ts'
import { type Level, writeLine } from './log-lines.ts'

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
    received({ outcome, error, ...line }) {
      writeLine(
        levels[outcome],
        { code: `chat.${outcome}`, stack, ...line, error: describeError(error) },
        clock.nowMs(),
      )
    },
  }
}
