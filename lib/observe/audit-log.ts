/** The log of the audit's chain: the head's hash with each file, which is how it can be compared later with the bucket. */
import type { AuditLog } from '../audit/audit-port.ts'
import type { Clock } from '../clock.ts'
import { embedMetrics, writeLine } from './log-lines.ts'
import { metricNames } from './metric-names.ts'

/** @param stack the dimension of the metrics. */
export function auditLog(stack: string, clock: Pick<Clock, 'nowMs'>): AuditLog {
  return {
    noteFile({ key, sha256, day, bytes, records }, was) {
      writeLine('INFO', { code: 'audit.file', day, key, sha256, bytes, records, was }, clock.nowMs())
    },
    noteMet({ key, sha256, day }) {
      const nowMs = clock.nowMs()
      const metrics = embedMetrics(stack, [{ name: metricNames.auditMet, unit: 'Count', value: 1 }], nowMs)
      writeLine('ERROR', { code: 'audit.met', day, key, sha256, ...metrics }, nowMs)
    },
    noteAge(ageMs) {
      const value = Math.round(ageMs / 1_000)
      const nowMs = clock.nowMs()
      const metrics = embedMetrics(stack, [{ name: metricNames.auditAge, unit: 'Seconds', value }], nowMs)
      writeLine('INFO', { code: 'audit.ran', ...metrics }, nowMs)
    },
  }
}
