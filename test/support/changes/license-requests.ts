/** Requests that tests make again and again. */
import { randomUUID } from 'node:crypto'
import { Change } from '../../../lib/changes/answers/change-schemas.ts'
import { type RawAnswer, type RawRequest, sendRaw, type TestStack } from '../gateway.ts'

export const ORGANIZATION = '/api/v2/license/organization'

/** The id of the org's person at that index. */
export function userAt({ org }: TestStack, index: number): string {
  const id = org.people(index + 1)[index]?.id
  if (id === undefined) throw new Error(`The org has no person ${index}`)
  return id
}

/** A batch of one assignment that gives one license to one user. */
export function giving(userId: string, licenseId = 'wallboardUser') {
  return { assignments: [{ licenseId, userIdsAdd: [userId], userIdsRemove: [] as string[] }] }
}

/** Sends a body to POST organization exactly as it is. */
export function postOrganization(
  stack: TestStack,
  body: string | Buffer,
  headers: readonly string[] = ['Content-Type', 'application/json'],
  role: NonNullable<RawRequest['role']> = 'operator',
): Promise<RawAnswer> {
  return sendRaw(stack, { method: 'POST', path: ORGANIZATION, role, headers, body })
}

/** The id of the change that an answer is about, wherever it says so. */
export function changeIdOf({ headers, json }: RawAnswer): string {
  const { id, details = [] } = Object(json)
  const named = details.find(({ fieldName }: { fieldName?: unknown }) => fieldName === 'changeId')
  return String(headers['x-change-id'] ?? named?.entityId ?? id)
}

/** The change that an answer is about, as the gateway tells it. @throws Error where there is none. */
export async function changeBehind(stack: TestStack, answer: RawAnswer): Promise<Change> {
  const told = await sendRaw(stack, { path: `/v1/changes/${changeIdOf(answer)}`, role: 'viewer' })
  return Change.parse(told.json)
}

interface Asked {
  readonly key?: string
  readonly role?: NonNullable<RawRequest['role']>
  readonly reason?: string
}

/** Asks for a toggle to be on or off, each time under another key where none is given. */
export function putToggle(
  stack: TestStack,
  featureName: string,
  enabled: boolean,
  { key = randomUUID(), role = 'operator', reason }: Asked = {},
): Promise<RawAnswer> {
  return sendRecording(stack, 'PUT', `/v1/toggles/${featureName}`, { enabled, reason }, { key, role })
}

/** Sends what records something, under a key of its own where none is given. */
export function sendRecording(
  stack: TestStack,
  method: 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: unknown,
  { key = randomUUID(), role = 'operator' }: Omit<Asked, 'reason'> = {},
): Promise<RawAnswer> {
  return sendRaw(stack, {
    method,
    path,
    role,
    headers: ['Idempotency-Key', key, ...(body === undefined ? [] : ['Content-Type', 'application/json'])],
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}
