/** Requests that tests make again and again. */
import { type RawAnswer, type RawRequest, sendRaw, type TestStack } from './gateway.ts'

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
