import type { AuditWork } from '../audit/write-audit.ts'
import { auditBucket } from '../aws/audit-bucket.ts'
import { ledgerClient } from '../aws/dynamo-client.ts'
import { type Environment, readEnvironment } from '../environment.ts'
import type { EventComposition } from '../events/event-lambda.ts'
import { dynamoAudit } from '../ledger/dynamo-audit.ts'
import { auditLog } from '../observe/audit-log.ts'
import { failureLog } from '../observe/write-unforeseen.ts'
import { type Machine, machine } from './bindings/machine.ts'

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
  return {
    clock,
    noteFailure: failureLog(stack, clock),
    workFor: async (deadline) => ({
      owner: { stack, orgId: org.id },
      ledger: dynamoAudit(table),
      inventory: { differencesNoted: noneYet },
      bucket,
      log: auditLog(stack, clock),
      clock,
      deadline,
    }),
  }
}

/** Until the inventory keeps differences. */
async function* noneYet() {}
