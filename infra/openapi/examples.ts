/**
 * Examples, which work as they stand on a laptop's fresh org, one after the other: the change that `createChange` plans is
 * the one that the paths name, and its digest that of `applyChange` and `approveChange`; the schedule needs approval there.
 * A test sends them all.
 */
import type { Operation } from '../../lib/operation.ts'
import { WantingError } from '../generated-file.ts'

/** The first two people of the embedded org. */
const ana = '92ca2f0e-9b3c-4493-999f-aae61f48d350'
const ben = '36deb503-8245-496d-8442-3801f7c13863'

const paths: Readonly<Record<string, string>> = {
  userId: ana,
  licenseId: 'cloudCX3',
  featureName: 'agentAssist',
  changeId: '16kxbrwbzpfd10syk6r5',
  readingId: 'latest',
  periodId: 'current',
  scheduleId: '1zqe9cdw367r1dmnfemw',
}

const giving = (licenseId: string) => [{ licenseId, userIdsAdd: [ben], userIdsRemove: [] }]
const plan = { digest: '1402b553795ac99e79426f82e6ee7dc37ab99edb4d9402b2c53e7d7b4d552723' }

const bodies: Readonly<Record<string, unknown>> = {
  postLicenseOrganization: {
    assignments: [{ licenseId: 'agentAssistLicense', userIdsAdd: [ana, ben], userIdsRemove: [] }],
  },
  postLicenseUsers: [ana, ben],
  postLicenseInfer: ['fc586d6f-91cf-44be-b0cc-a614cb0581d0'],
  postLicenseInferPermissions: ['routing:queue:join', 'conversation:call:accept'],
  putToggle: { enabled: true, reason: 'Pilot of the new assistant' },
  createChange: {
    kind: 'assignments',
    assignments: giving('wallboardUser'),
    reason: 'Covers for a colleague',
    revertAfter: 'PT8H',
  },
  applyChange: plan,
  approveChange: plan,
  undoChange: { confirmPeople: 1 },
  retryChange: { isDraft: true },
  cancelChange: { isDraft: true },
  extendChange: { revertAfter: 'PT10H' },
  rejectChange: { reason: 'Not during the freeze' },
  createSchedule: {
    cron: '0 8 ? * MON *',
    timeZone: 'Europe/Berlin',
    change: {
      kind: 'assignments',
      assignments: giving('cxCloudSN'),
      reason: 'Covers every Monday',
      revertAfter: 'PT10H',
    },
  },
  approveSchedule: { digest: 'badf8c1ae89d3ddef7ef9cc1de662612793865625ef9bf534498b817da8169a0' },
  rejectSchedule: { reason: 'Every second Monday is enough' },
  putWrites: { state: 'running', reason: 'Genesys has been moved' },
}

const uploads: Readonly<Record<string, string>> = {
  createChange: `user,license,action\n${ana},wallboardUser,add\n${ben},wallboardUser,remove\n`,
}

/** @throws WantingError where the operation takes a body and has no example of one. */
export function bodyExampleOf({ id }: Operation): unknown {
  if (!Object.hasOwn(bodies, id)) throw new WantingError(`infra/openapi/examples.ts has no body for ${id}`)
  return bodies[id]
}

/** @throws WantingError where the operation takes a file and has no example of one. */
export function uploadExampleOf({ id }: Operation): string {
  if (!Object.hasOwn(uploads, id)) throw new WantingError(`infra/openapi/examples.ts has no file for ${id}`)
  return uploads[id] ?? ''
}

/** Of a parameter in a path. @throws WantingError where there is none. */
export function pathExampleOf(name: string): string {
  const example = paths[name]
  if (example === undefined) throw new WantingError(`infra/openapi/examples.ts has no ${name}`)
  return example
}

/** A key of each operation's own, since a key belongs to one request. */
export function keyExampleOf({ id }: Operation): string {
  return `${id}-1`
}
