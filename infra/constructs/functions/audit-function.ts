import { Duration } from 'aws-cdk-lib'
import { Rule, Schedule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets'
import { Construct } from 'constructs'
import type { AuditStorage } from '../data/audit-storage.ts'
import type { LedgerStorage } from '../data/ledger-storage.ts'
import { type FunctionDefaults, GatewayFunction } from './gateway-function.ts'

/** Of one invocation: a day on which a hundred thousand pairs changed takes a minute to read. */
const TIMEOUT = Duration.minutes(5)

export interface AuditFunctionProps {
  readonly ledger: LedgerStorage
  readonly storage: AuditStorage
  readonly functions: FunctionDefaults
}

/**
 * The function that writes a day's file once the day has been over for an hour. It is called each hour, though a day has
 * one file: what failed is made good an hour later, without a letter for anybody to send back, and an alarm counts the
 * hours. It reads the ledger and puts the head of the chain there; the rest of the ledger it cannot write.
 */
export class AuditFunction extends Construct {
  readonly writeAudit: GatewayFunction

  constructor(scope: Construct, id: string, { ledger, storage, functions }: AuditFunctionProps) {
    super(scope, id)
    const name = 'write-audit'
    this.writeAudit = new GatewayFunction(this, name, {
      defaults: functions,
      name,
      description: "Writes each day's file of the record that can be checked",
      timeout: TIMEOUT,
      supplies: [ledger.useAudit(), storage.use()],
    })
    const once = { maxEventAge: Duration.minutes(10), retryAttempts: 0 }
    this.writeAudit.lambda.configureAsyncInvoke(once)
    new Rule(this, 'Hourly', {
      description: 'Five minutes past each hour',
      schedule: Schedule.cron({ minute: '5' }),
      targets: [new LambdaTarget(this.writeAudit.lambda, once)],
    })
  }
}
