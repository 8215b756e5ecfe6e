import { type Clock, systemClock } from '../../clock.ts'
import { PER_TRY_TIMEOUT_MS } from '../../genesys/scope.ts'
import { nodeTransport, type Transport } from '../../transport/transport.ts'

/** What tests hand in instead of the machine's own. */
export interface Machine {
  readonly clock: Clock
  readonly transport: Transport
  /** Longest single try upstream, milliseconds. */
  readonly perTryTimeoutMs: number
}

export const machine: Machine = {
  clock: systemClock,
  transport: nodeTransport,
  perTryTimeoutMs: PER_TRY_TIMEOUT_MS,
}
