/** The two writes of Genesys's own API, each sent by a container of its own before a whole stack. */
import { writes } from '../../../lib/composition/writes.ts'
import { readEnvironment } from '../../../lib/environment.ts'
import { lambda } from '../../../lib/http/lambda.ts'
import type { Operation } from '../../../lib/operation.ts'
import { postLicenseOrganization } from '../../../lib/operations/license/post-license-organization.ts'
import { postLicenseToggle } from '../../../lib/operations/license/post-license-toggle.ts'
import { nodeTransport, type Transport } from '../../../lib/transport/transport.ts'
import { type Event, invokeHandler, restEvent } from '../events.ts'
import { type FakeClock, fakeClock } from '../fake-clock.ts'
import type { RawAnswer, TestStack } from '../gateway.ts'
import { giving, ORGANIZATION, userAt } from './license-requests.ts'

export const TOGGLE = '/api/v2/license/toggles/wallboards'

/** As in production. Milliseconds. */
const PATIENT_MS = 8_000

interface Container {
  readonly transport?: Transport
  /** By how much its clock is ahead. */
  readonly aheadMs?: number
  readonly key?: string
}

interface Sent {
  readonly answer: RawAnswer
  readonly clock: FakeClock
}

type Send = (container?: Container) => Promise<Sent>

/** Requests that write upstream, reads by POST left out. */
export function isWrite({ method, path }: { readonly method: string; readonly path: string }): boolean {
  return method === 'POST' && (path === TOGGLE || path === ORGANIZATION)
}

/** Switching a toggle that is on, giving a license to the first user; each its path, how it is sent, whether it is done. */
export function writersOf(stack: TestStack) {
  const { org } = stack
  const user = userAt(stack, 0)
  const toggle = senderOf(stack, postLicenseToggle, { pathParameters: { featureName: 'wallboards' } })
  const assign = senderOf(stack, postLicenseOrganization, { body: JSON.stringify(giving(user)) })
  const isOff = () => org.truth().toggles['wallboards'] === false
  const isGiven = () => org.licensesOf(user)?.includes('wallboardUser') ?? false
  return [
    ['postLicenseToggle', TOGGLE, toggle, isOff],
    ['postLicenseOrganization', ORGANIZATION, assign, isGiven],
  ] as const
}

/** A fresh container of a write's function, invoked once. Its clock goes on where it sleeps. */
function senderOf(stack: TestStack, operation: Operation<'write'>, event: Event): Send {
  return async ({ transport = nodeTransport, aheadMs = 0, key } = {}) => {
    const now = new Date(Date.now() + aheadMs).toISOString()
    const clock = fakeClock({ now, whileAsleep: () => stack.aws.idle() })
    const machine = { clock, transport, perTryTimeoutMs: PATIENT_MS }
    const handler = lambda(operation, writes(readEnvironment(), machine))
    const multiValueHeaders = {
      'Content-Type': ['application/json'],
      ...(key === undefined ? {} : { 'Idempotency-Key': [key] }),
    }
    const answer = await invokeHandler(
      handler,
      restEvent(operation.id, { multiValueHeaders, ...event }, 'operator'),
    )
    return { answer, clock }
  }
}
