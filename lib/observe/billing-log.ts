/** The log of looks at Genesys's billing: how much was kept, and nothing of what. */
import type { Clock } from '../clock.ts'
import type { BillingLog } from '../seats/keep-billing.ts'
import { describeError, writeLine } from './log-lines.ts'

export function billingLog(clock: Pick<Clock, 'nowMs'>): BillingLog {
  return {
    noteBilling({ day, periods, charges, without }) {
      writeLine('INFO', { code: 'billing.kept', day, periods, charges, without }, clock.nowMs())
    },
    noteBillingFailure(error, retryAtMs) {
      const retryAt = new Date(retryAtMs).toISOString()
      writeLine('WARN', { code: 'billing.failed', retryAt, error: describeError(error) }, clock.nowMs())
    },
  }
}
