/** Events for requests that make sense in an embedded org. */
import type { Org } from '../../infra/local/org/server.ts'
import type { Operation } from '../../lib/operation.ts'

interface HasOrg {
  readonly org: Org
}

/** One user of the org, and the event that asks for their licenses. */
export function userIn({ org }: HasOrg) {
  const [{ id } = { id: '' }] = org.people(1)
  return { id, path: `/api/v2/license/users/${id}`, event: { pathParameters: { userId: id } } }
}

/** A batch that gives that user one license more, and whether they have it. */
export function giftIn({ org }: HasOrg) {
  const { id } = userIn({ org })
  const give = { licenseId: 'wallboardUser', userIdsAdd: [id], userIdsRemove: [] }
  const take = { ...give, userIdsAdd: [], userIdsRemove: [id] }
  return {
    event: { body: JSON.stringify({ assignments: [give] }) },
    /** Takes back what is not given: nothing is sent for it. */
    takingBack: { body: JSON.stringify({ assignments: [take] }) },
    path: '/api/v2/license/organization',
    isGiven: () => org.licensesOf(id)?.includes('wallboardUser') ?? false,
  }
}

/** What the org was sent that writes. */
export function postsOf({ org }: HasOrg) {
  return org
    .requests()
    .filter(({ method, path }) => method === 'POST' && /\/license\/(organization|toggles\/)/.test(path))
}

/** Ids that fill the path of any operation; nothing on record has the last three. */
export const someIds = {
  userId: '00000000-0000-4000-8000-000000000000',
  licenseId: 'cloudCX1',
  featureName: 'wallboards',
  periodId: 'current',
  changeId: '0123456789abcdefghjk',
  scheduleId: '1123456789abcdefghjk',
  readingId: '2123456789abcdefghjk',
} as const

/** A body that an operation takes; undefined where it takes none. */
export function soundBody({ id, body }: Pick<Operation, 'id' | 'body'>, userId: string = someIds.userId) {
  if (body === undefined) return undefined
  const change = { kind: 'toggle', featureName: someIds.featureName, enabled: false }
  const give = { licenseId: 'wallboardUser', userIdsAdd: [userId], userIdsRemove: [] }
  const bodies: Readonly<Record<string, unknown>> = {
    postLicenseOrganization: { assignments: [give] },
    putToggle: { enabled: false },
    putWrites: { state: 'running' },
    rejectChange: { reason: 'no longer needed' },
    rejectSchedule: { reason: 'no longer needed' },
    extendChange: { revertAfter: 'PT8H' },
    cancelChange: {},
    undoChange: {},
    retryChange: {},
    createChange: change,
    createSchedule: { at: '2099-01-01T09:00', change },
    ...Object.fromEntries(
      ['applyChange', 'approveChange', 'approveSchedule'].map((each) => [each, { digest: 'a'.repeat(64) }]),
    ),
  }
  return bodies[id] ?? []
}
