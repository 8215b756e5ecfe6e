import { deadlineIn } from '../../lib/clock.ts'
import { newObserved, type Scope } from '../../lib/genesys/scope.ts'
import type { Transport } from '../../lib/transport/transport.ts'
import { type FakeClock, fakeClock } from './fake-clock.ts'

/** @returns what one request's calls stand on, where a script answers in Genesys's place. */
export function scopeOver(transport: Transport, clock: FakeClock = fakeClock()): Scope {
  return {
    clock,
    origins: { api: 'http://api', login: 'http://login' },
    deadline: deadlineIn(25_000, clock),
    token: { value: 'token', renew: async () => {} },
    observed: newObserved(),
    perTryTimeoutMs: 8_000,
    transport,
  }
}
