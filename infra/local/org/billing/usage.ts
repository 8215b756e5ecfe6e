/** GET /api/v2/billing/reports/billableusage: in progress when it is first asked for, later complete; reaches to the day before. */
import type { OrgCall, OrgOutcome } from '../call.ts'
import { DAY_MS } from '../people/logins.ts'
import { person } from '../people/people.ts'
import { invalidValue } from '../refusals.ts'
import { chargeName, licenseCharges } from './charges.ts'
import { billedByLogin } from './counting.ts'

export const USAGE_PERMISSIONS = ['billing:subscription:read', 'billing:subscription:view']

export function reportUsage({ billing, truth, nowMs, query }: OrgCall): OrgOutcome {
  const fromMs = timeIn(query.get('startDate'))
  const toMs = timeIn(query.get('endDate'))
  if (fromMs === undefined) return { refusal: invalidValue('startDate') }
  if (toMs === undefined || toMs < fromMs) return { refusal: invalidValue('endDate') }
  const [startDate, endDate] = [fromMs, toMs].map((ms) => new Date(ms).toISOString())
  const isComplete = billing.lookAtUsage(`${startDate} ${endDate}`)
  const untilMs = Math.min(toMs, Math.floor(nowMs / DAY_MS) * DAY_MS)
  return {
    value: {
      id: `usage-${fromMs}-${toMs}`,
      name: 'Billable Usage',
      startDate,
      endDate,
      status: isComplete ? 'Complete' : 'InProgress',
      usages: isComplete ? usagesOf({ billing, truth }, { fromMs, untilMs }) : [],
      selfUri: '/api/v2/billing/reports/billableusage',
    },
  }
}

function usagesOf(
  { billing, truth }: Pick<OrgCall, 'billing' | 'truth'>,
  stretch: Parameters<typeof billedByLogin>[1],
) {
  const billed = billedByLogin(truth, stretch)
  return licenseCharges.flatMap((charge) => {
    const people = billed.get(charge.licenseId) ?? []
    if (people.length === 0) return []
    const resources = people.map(({ index, firstSeenMs }) => {
      const { id, email } = person(index)
      const name = billing.usageNames === 'email' ? (email ?? id) : id
      return { name, date: new Date(firstSeenMs).toISOString() }
    })
    return [{ name: chargeName(charge, billing.counting), totalUsage: people.length.toFixed(1), resources }]
  })
}

/** A date-time is asked for; what has no time of day is none. */
function timeIn(text: string | null): number | undefined {
  if (text === null || !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text)) return undefined
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? undefined : ms
}
