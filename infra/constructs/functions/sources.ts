import type { Operation } from '../../../lib/operation.ts'
import { createSchedule } from '../../../lib/operations/schedules/create-schedule.ts'
import type { ChangeBus } from '../data/change-bus.ts'
import type { GenesysCredentials } from '../data/genesys-credentials.ts'
import type { LedgerStorage } from '../data/ledger-storage.ts'
import type { ListTurns } from '../data/list-queue.ts'
import type { ScheduleGroup } from '../data/schedule-group.ts'
import { isReading } from './is-reading.ts'
import type { PolicyLayer } from './policy-layer.ts'
import type { Supply } from './supply.ts'

/** What a function that applies changes stands on. */
export interface WriteSources {
  readonly credentials: GenesysCredentials
  readonly ledger: LedgerStorage
  readonly policy: PolicyLayer
  readonly bus: ChangeBus
  readonly lists: ListTurns
}

export interface Sources extends WriteSources {
  readonly schedules: ScheduleGroup
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
      return suppliesOfApplier(sources)
    case 'plan':
      return [credentials.use('read'), ...onRecord()]
    case 'record':
      return onRecord()
    case 'inventory':
      return isReading(operation) ? onRecord() : [ledger.useAsk(), policy.use()]
    case 'schedule':
      return [...onRecord(), schedules.use(operation.id === createSchedule.id ? 'make' : 'takeDown')]
    case 'local':
      return []
  }
}

/** What it takes to apply a change: the write token, the ledger, the rules, the bus that tells the outcome, and the queue by which lists go on. */
export function suppliesOfApplier({
  credentials,
  ledger,
  policy,
  bus,
  lists,
}: WriteSources): readonly Supply[] {
  return [credentials.use('write'), ledger.use({ canWrite: true }), policy.use(), bus.use(), lists.use()]
}
