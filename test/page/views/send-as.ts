/** Changes that others make over the API, of which no page hears. */
import { expect } from 'vitest'
import type { Change } from '../../../lib/changes/answers/change-schemas.ts'
import type { Role } from '../../../lib/roles.ts'
import { sendRaw, type TestStack } from '../../support/gateway.ts'

/** Each time as a request of its own. */
export function senderIn(stack: TestStack) {
  let keys = 0
  return async (method: string, path: string, role: Role, body: object): Promise<Change> => {
    keys += 1
    const { status, text } = await sendRaw(stack, {
      method,
      path,
      role,
      headers: ['Content-Type', 'application/json', 'Idempotency-Key', `key-${keys}`],
      body: JSON.stringify(body),
    })
    expect(status, text).toBeLessThan(300)
    return JSON.parse(text)
  }
}
