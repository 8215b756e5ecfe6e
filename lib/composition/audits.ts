import type { AuditWork } from '../audit/write-audit.ts'
import { auditBucket } from '../aws/audit-bucket.ts'
import { ledgerClient } from '../aws/dynamo-client.ts'
import { type Environment, readEnvironment } from '../environment.ts'
import type { EventComposition } from '../events/event-lambda.ts'
import { ledgerInventory } from '../inventory/ledger-inventory.ts'
import { dynamoAudit } from '../ledger/dynamo-audit.ts'
import { auditLog } from '../observe/audit-log.ts'
import { failureLog } from '../observe/write-unforeseen.ts'
import { bindInventory } from './bindings/bind-inventory.ts'
import { type Machine, machine } from './bindings/machine.ts'

/** The function's own timeout is 5 minutes. Milliseconds. */
const TOTAL_TIMEOUT_MS = 285_000

/** The composition root of the function that writes the audit's files: the ledger and the bucket, and nothing of Genesys. */
export function audits(
  environment: Environment = readEnvironment(),
  on: Machine = machine,
): EventComposition<AuditWork> {
  const { clock, transport } = on
  const { awsRegion: region, stack, org } = environment
  const table = {
    client: ledgerClient(transport, region, environment.endpointOf('DYNAMODB')),
    tableName: environment.required('LEDGER_TABLE'),
    clock,
  }
  const bucket = auditBucket({
    transport,
    clock,
    region,
    endpoint: environment.endpointOf('S3'),
    bucketName: environment.required('AUDIT_BUCKET'),
  })
  const inventoryWithin = bindInventory(environment, clock, transport)
  return {
    clock,
    totalTimeoutMs: TOTAL_TIMEOUT_MS,
    noteFailure: failureLog(stack, clock),
    workFor: async (deadline) => ({
      owner: { stack, orgId: org.id },
      ledger: dynamoAudit(table),
      inventory: ledgerInventory(inventoryWithin(deadline)),
      bucket,
      log: auditLog(stack, clock),
      clock,
      deadline,
    }),
  }
}
