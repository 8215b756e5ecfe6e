/** Records to put into a ledger: a change on a toggle or on licenses, a schedule. */
import type { EvidenceRow, Header, PlanRow } from '../../lib/changes/model/change.ts'
import { randomId } from '../../lib/changes/model/identity.ts'
import type { ScheduleRecord } from '../../lib/changes/model/schedule.ts'
import type { Target } from '../../lib/changes/model/targets.ts'
import { NOON } from '../support/fake-clock.ts'

export const noonMs = Date.parse(NOON)

/** A change as it is created, at noon; each call has an id, a write id and a plan row of its own. */
export function newHeader(changes: Partial<Header> = {}): Header {
  return {
    schema: 1,
    id: randomId(),
    kind: 'toggle',
    state: 'PLANNED',
    version: 1,
    writeId: randomId(),
    permits: 0,
    isPatient: false,
    digest: 'd'.repeat(64),
    requestDigest: 'r'.repeat(64),
    planRow: `plan-${randomId()}`,
    actor: { kind: 'jwt', id: 'ann' },
    isReleased: true,
    isConfirmed: false,
    subject: { featureName: 'wallboards', enabled: true },
    createdAtMs: noonMs,
    updatedAtMs: noonMs,
    history: [{ state: 'PLANNED', atMs: noonMs, by: 'jwt:ann' }],
    ...changes,
  }
}

/** The same change one write later. */
export function moved(header: Header, changes: Partial<Header> = {}): Header {
  return { ...header, version: header.version + 1, writeId: randomId(), ...changes }
}

export const togglePlan: PlanRow = {
  targets: [{ featureName: 'wallboards', desired: true }],
  before: [false],
}

export const ann = '11111111-1111-4111-8111-111111111111'
export const bob = '22222222-2222-4222-8222-222222222222'

export const pair = (licenseId: string, userId: string): Target => ({ licenseId, userId, desired: true })

export const evidence: EvidenceRow = { outcomes: ['applied'], after: [true], texts: [null] }

export function newSchedule(changes: Partial<ScheduleRecord> = {}): ScheduleRecord {
  return {
    schema: 1,
    id: randomId(),
    state: 'CREATING',
    version: 1,
    writeId: randomId(),
    when: { rate: '5 minutes' },
    order: { kind: 'toggle', featureName: 'wallboards', enabled: true },
    digest: 'd'.repeat(64),
    requestDigest: 'r'.repeat(64),
    actor: { kind: 'jwt', id: 'ann' },
    createdAtMs: noonMs,
    updatedAtMs: noonMs,
    ...changes,
  }
}
