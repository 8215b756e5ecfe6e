import type { Operation } from '../../../lib/operation.ts'
import type { ChangeBus } from '../data/change-bus.ts'
import type { Credentials } from '../data/credentials.ts'
import type { Ledger } from '../data/ledger.ts'
import type { Schedules } from '../data/schedules.ts'
import { isReading } from './is-reading.ts'
import type { PolicyLayer } from './policy-layer.ts'
import type { Supply } from './supply.ts'

/** What a function that applies changes stands on. */
export interface WriteSources {
  readonly credentials: Credentials
  readonly ledger: Ledger
  readonly policy: PolicyLayer
  readonly bus: ChangeBus
}

export interface Sources extends WriteSources {
  readonly schedules: Schedules
}

/** What an operation's function is given: its effect decides, and its method where that narrows it further. */
export function suppliesOf(operation: Operation, sources: Sources): readonly Supply[] {
  const { credentials, ledger, policy, schedules } = sources
  const onRecord = () => [ledger.use({ canWrite: !isReading(operation) }), policy.use()]
  switch (operation.effect) {
    case 'read':
      return [credentials.use('read')]
    case 'walk':
      return [credentials.use('read'), ledger.useSnapshots()]
    case 'write':
      return applying(sources)
    case 'plan':
      return [credentials.use('read'), ...onRecord()]
    case 'record':
      return onRecord()
    case 'schedule':
      return [...onRecord(), schedules.use(operation.method)]
    case 'local':
      return []
  }
}

/** What it takes to apply a change: the write token, the ledger, the rules, and the bus that tells the outcome. */
export function applying({ credentials, ledger, policy, bus }: WriteSources): readonly Supply[] {
  return [credentials.use('write'), ledger.use({ canWrite: true }), policy.use(), bus.use()]
}
