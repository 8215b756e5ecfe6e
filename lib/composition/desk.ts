/** What functions that record are bound to: the ledger and the org file's rules about people, made once a container. */
import type { Desk } from '../changes/work.ts'
import type { Clock } from '../clock.ts'
import type { Environment } from '../environment.ts'
import type { Transport } from '../genesys/transport.ts'
import { ledgerClient } from '../ledger/client.ts'
import { dynamoLedger } from '../ledger/dynamo-ledger.ts'
import { dynamoSnapshots } from '../ledger/snapshots.ts'
import { changeLog } from '../observe/change-log.ts'
import { lastHolders } from '../people/holders.ts'
import { policyIn } from './policy-file.ts'

/** @throws ConfigurationError where the table's name or the policy is missing or wrong. */
export function desk(environment: Environment, clock: Clock, transport: Transport): Desk {
  const client = ledgerClient(transport, environment.awsRegion, environment.endpointOf('DYNAMODB'))
  const table = { client, tableName: environment.required('LEDGER_TABLE'), clock }
  return {
    ledger: dynamoLedger(table),
    clock,
    policy: policyIn(environment.required('POLICY_FILE')),
    seats: lastHolders(dynamoSnapshots(table), clock),
    log: changeLog(environment.stack, clock),
  }
}
