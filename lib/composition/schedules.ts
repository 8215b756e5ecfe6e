import { within } from '../aws/client-settings.ts'
import { ScheduleMaker } from '../changes/schedule-maker.ts'
import { type Environment, readEnvironment } from '../environment.ts'
import { scheduler, schedulerClient } from '../events/scheduler.ts'
import { actingCallerOf } from '../http/check-caller.ts'
import type { Composition } from '../http/lambda.ts'
import { requestLog } from '../observe/request-log.ts'
import { bindDesk } from './bindings/bind-desk.ts'
import { type Machine, machine } from './bindings/machine.ts'

/** The composition root of functions that make and unmake schedules: the ledger and EventBridge Scheduler. */
export function schedules(
  environment: Environment = readEnvironment(),
  { clock, transport }: Machine = machine,
): Composition<'schedule'> {
  const deskFor = bindDesk(environment, clock, transport)
  const client = schedulerClient(transport, environment.awsRegion, environment.endpointOf('SCHEDULER'))
  const names = {
    groupName: environment.required('SCHEDULE_GROUP'),
    targetArn: environment.required('SCHEDULE_TARGET_ARN'),
    roleArn: environment.required('SCHEDULE_ROLE_ARN'),
    deadLetterArn: environment.required('SCHEDULE_DEAD_LETTER_ARN'),
  }
  return {
    auth: environment.auth,
    clock,
    log: requestLog(environment.stack, clock),
    middlewares: [],
    contextFor: (call, operation) => ({
      schedules: new ScheduleMaker(
        deskFor(call.deadline),
        scheduler({ client: within(client, call.deadline), ...names }),
        actingCallerOf(call, operation),
      ),
    }),
  }
}
