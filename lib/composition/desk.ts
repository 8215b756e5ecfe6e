/** What functions that record are bound to: the ledger and the org file's rules about people, made once a container. */
import { readFileSync } from 'node:fs'
import * as z from 'zod/mini'
import { Policy } from '../changes/policy.ts'
import type { Desk } from '../changes/work.ts'
import type { Clock } from '../clock.ts'
import { ConfigurationError, type Environment } from '../environment.ts'
import type { Transport } from '../genesys/transport.ts'
import { ledgerClient } from '../ledger/client.ts'
import { dynamoLedger } from '../ledger/dynamo-ledger.ts'
import { changeLog } from '../observe/change-log.ts'

/** @throws ConfigurationError where the table's name or the policy is missing or wrong. */
export function desk(environment: Environment, clock: Clock, transport: Transport): Desk {
  const client = ledgerClient(transport, environment.awsRegion, environment.endpointOf('DYNAMODB'))
  return {
    ledger: dynamoLedger({ client, tableName: environment.required('LEDGER_TABLE'), clock }),
    clock,
    policy: policyIn(environment.required('POLICY_FILE')),
    log: changeLog(environment.stack, clock),
  }
}

function policyIn(file: string): Policy {
  const parsed = z.safeParse(Policy, jsonOf(file))
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'it'} ${message}`)
  throw new ConfigurationError(`POLICY_FILE must hold the org's people and approvals: ${faults.join('; ')}`)
}

function jsonOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new ConfigurationError('POLICY_FILE must name a file of JSON that can be read', { cause })
  }
}
