/** Which toggles the gateway has had to do with, and what Genesys does with a switch of one; Genesys is not asked. */
import { isoOf } from '../utc-day.ts'
import type { ToggleListing } from './answers/write-schemas.ts'
import type { Policy } from './model/policy.ts'
import { type Lister, writesOfToggles } from './read-capabilities.ts'
import type { Desk } from './record/desk.ts'

/** Newest changes that are looked through: one page of the record. */
const LOOK_BACK = 100

const switchings = { yes: 'honoured', no: 'ignored', unknown: 'unknown' } as const

type KnownToggle = ToggleListing['entities'][number]

/** By name. @throws GatewayError `ledger.unavailable` */
export async function readToggles(desk: Pick<Desk, 'policy'> & Lister): Promise<ToggleListing> {
  const [{ headers, next }, { honoured, because }] = await Promise.all([
    desk.ledger.list({ filter: {}, limit: LOOK_BACK }),
    writesOfToggles(desk),
  ])
  const found = new Map<string, KnownToggle>()
  for (const featureName of namedInRules(desk.policy))
    found.set(featureName.toLowerCase(), { featureName, isInOrgFile: true })
  for (const { id, state, subject, createdAtMs } of headers) {
    if (!('featureName' in subject)) continue
    const { featureName, enabled } = subject
    const known = found.get(featureName.toLowerCase())
    if (known?.lastChange) continue
    const lastChange = { id, state, enabled, at: isoOf(createdAtMs) }
    found.set(featureName.toLowerCase(), {
      featureName,
      isInOrgFile: known?.isInOrgFile ?? false,
      lastChange,
    })
  }
  const entities = [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, toggle]) => toggle)
  return { switching: switchings[honoured], because, isWhole: next === undefined, entities }
}

function namedInRules({ approvals, reasons = [] }: Policy): string[] {
  return [...approvals, ...reasons].flatMap(({ toggles = [] }) => toggles).filter((name) => name !== '*')
}
