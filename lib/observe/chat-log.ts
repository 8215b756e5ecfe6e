/** The audit trail of chat: who asked for what and who was refused, by the org file's keys and the platforms' ids; never what was typed. */
import type { ChatLog } from '../chat/conversation/wish-log.ts'
import type { Clock } from '../clock.ts'
import { GatewayError } from '../errors.ts'
import { describeError } from './describe-error.ts'
import { writeLine } from './log-lines.ts'

/** @param stack for the alarm on what nobody got. */
export function chatLog(stack: string, clock: Pick<Clock, 'nowMs'>): ChatLog {
  return {
    asked(wished) {
      writeLine('INFO', { code: 'chat.asked', ...wished }, clock.nowMs())
    },
    refused(wished, why) {
      writeLine('WARN', { code: 'chat.refused', ...wished, why }, clock.nowMs())
    },
    failed(wished, error) {
      const isTheirs = error instanceof GatewayError && error.status < 500
      const line = { code: 'chat.not.done', ...wished, error: describeError(error) }
      writeLine(isTheirs ? 'WARN' : 'ERROR', line, clock.nowMs())
    },
    undelivered({ isLost, ...rest }) {
      writeLine(
        isLost ? 'ERROR' : 'WARN',
        { code: 'chat.undelivered', stack, ...rest, isLost },
        clock.nowMs(),
      )
    },
  }
}
