/** Records to put into a ledger: a change on a toggle or on licenses, a schedule. */
import type { EvidenceRow, PlanRow, Target } from '../../lib/changes/model/change.ts'
import { checkHeader, type Header, type HeaderMembers } from '../../lib/changes/model/header.ts'
import { randomId } from '../../lib/changes/model/record-ids.ts'
import type { ScheduleRecord } from '../../lib/changes/model/schedule.ts'
import { runningStates } from '../../lib/changes/model/transitions.ts'
import type { Commit, Ledger, Lock } from '../../lib/changes/record/ledger.ts'
import { NOON } from '../support/fake-clock.ts'

export const noonMs = Date.parse(NOON)

/** What a header carries in whichever state it is. */
const guards = {
  approval: { because: ['A second person must approve it'], expiresAtMs: noonMs + 3_600_000 },
  leaseUntilMs: noonMs + 30_000,
  sentAtMs: noonMs,
  quietUntilMs: noonMs + 65_000,
} as const

/** A change as it is created, at noon; each call has an id, a write id and a plan row of its own. */
export function newHeader(changes: Partial<HeaderMembers> = {}): Header {
  return checkHeader({
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
    ...guards,
    ...changes,
  })
}

/** The same change one write later. */
export function moved(header: HeaderMembers, changes: Partial<HeaderMembers> = {}): Header {
  const isHeld = changes.state !== undefined && runningStates.includes(changes.state)
  const owner = isHeld ? { owner: 'worker-0' } : {}
  const next = {
    ...guards,
    ...owner,
    ...header,
    version: header.version + 1,
    writeId: randomId(),
    ...changes,
  }
  return checkHeader(next)
}

export const togglePlan: PlanRow = {
  targets: [{ featureName: 'wallboards', desired: true }],
  before: [false],
}

/** @returns it as it stands, on which what comes next is built; undefined where there is one of its id. */
export async function tryCreateOn(
  ledger: Pick<Ledger, 'commit'>,
  header: Header,
  plan: PlanRow = togglePlan,
): Promise<Header | undefined> {
  const written = await ledger.commit([{ kind: 'create', header, plan }])
  return written.kind === 'done' ? committed(written, header.id) : undefined
}

/** The same of an id that is new. */
export async function createOn(
  ledger: Pick<Ledger, 'commit'>,
  header: Header,
  plan: PlanRow = togglePlan,
): Promise<Header> {
  return committed(await ledger.commit([{ kind: 'create', header, plan }]), header.id)
}

/** Puts a header in the place of the one that was seen. @returns whether it stands now. */
export async function replaceOn(
  ledger: Pick<Ledger, 'commit'>,
  next: Header,
  seen: Pick<Header, 'version' | 'owner'> & { readonly history?: Header['history'] },
): Promise<boolean> {
  const write = { kind: 'replace', next, seen: { history: next.history, ...seen } } as const
  return (await ledger.commit([write])).kind === 'done'
}

/** Puts a lock where it stands as `seen`. @returns whether it is as `next` now. */
export async function putLockOn(
  ledger: Pick<Ledger, 'commit'>,
  key: string,
  next: Lock,
  seen: Lock | undefined,
): Promise<boolean> {
  return (await ledger.commit([{ kind: 'lock', key, next, seen }])).kind === 'done'
}

/** A change's header as a commit has put it. */
export function committed(commit: Commit, id: string): Header {
  const header = commit.kind === 'done' ? commit.headers.get(id) : undefined
  if (!header) throw new Error(`it was refused: ${id}`)
  return header
}

/** A change of so many users has a row for each, and rows of three lists and, from 60 on, of its plan beside them. */
export const planOf = (users: number): PlanRow => ({
  targets: Array.from({ length: users }, (_, n) => pair('cloudCX1', `user-${n}`)),
})

/** Of so many targets, and too much to be kept in a header where they are more than a few dozen. */
export const evidenceOf = (targets: number): EvidenceRow => ({
  outcomes: Array.from({ length: targets }, () => 'applied'),
  after: Array.from({ length: targets }, () => true),
  texts: Array.from({ length: targets }, () => 'x'.repeat(100)),
})

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
