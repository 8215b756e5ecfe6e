/** How many people a plan changes, and which licenses it takes from so many that somebody must type that number back. */
import type { Reading, Target } from '../../model/change.ts'
import type { Impact, MassRemoval } from '../../model/header.ts'
import { isAsDesired } from '../../model/verdict.ts'
import type { Desk } from '../../record/desk.ts'
import { readHoldersSince } from '../count-seats.ts'
import { MAX_READING_AGE_MS } from '../four-eyes.ts'

/** Losing a license, up to so many people are no mass, whatever the share of its holders: our choice. */
const MOST_UNASKED = 20

/** A mass is more than one in so many of those who hold the license. */
const ONE_IN = 5

type Measuring = Pick<Desk, 'ledger' | 'clock' | 'seats'>

/**
 * @param values what was read of the targets, in their order; what could not be read counts as changed.
 * @param isWeighed whether somebody is to be asked: then it is looked up who holds what is taken from many.
 * @throws GatewayError `ledger.unavailable`
 */
export async function measureImpact(
  desk: Measuring,
  targets: readonly Target[],
  values: readonly Reading[],
  isWeighed: boolean,
): Promise<Impact> {
  const changed = targets.filter((target, index) => !isAsDesired(target, values[index]))
  const people = countPeople(changed)
  const massRemovals = isWeighed ? await findMassRemovals(desk, changed) : []
  return massRemovals.length === 0 ? { people } : { people, massRemovals }
}

function countPeople(targets: readonly Target[]): number {
  return new Set(targets.flatMap((target) => ('userId' in target ? [target.userId] : []))).size
}

async function findMassRemovals(desk: Measuring, changed: readonly Target[]): Promise<MassRemoval[]> {
  const losing = [...losersByLicense(changed)].filter(([, { users }]) => users.size > MOST_UNASKED)
  if (losing.length === 0) return []
  const reading = await desk.seats.newest()
  const isRecent = reading !== undefined && desk.clock.nowMs() - reading.atMs <= MAX_READING_AGE_MS
  const found: MassRemoval[] = []
  for (const [, { licenseId, users }] of losing) {
    if (!isRecent) {
      // Nobody knows what share of the holders that is.
      found.push({ licenseId, people: users.size })
      continue
    }
    const { held } = await readHoldersSince(desk, reading, licenseId)
    const holders = new Set([...held, ...users]).size
    if (users.size * ONE_IN > holders) found.push({ licenseId, people: users.size, holders })
  }
  return found
}

/** By the license's id in lower case: an order may spell one license in two ways. */
function losersByLicense(changed: readonly Target[]) {
  const losing = new Map<string, { readonly licenseId: string; readonly users: Set<string> }>()
  for (const target of changed) {
    if (!('licenseId' in target) || target.desired) continue
    const { licenseId, userId } = target
    const key = licenseId.toLowerCase()
    const known = losing.get(key) ?? { licenseId, users: new Set() }
    known.users.add(userId)
    losing.set(key, known)
  }
  return losing
}
