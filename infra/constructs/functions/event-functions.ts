import { Duration } from 'aws-cdk-lib'
import { Rule, Schedule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets'
import { Construct } from 'constructs'
import {
  DELIVERY_MAX_AGE_SECONDS,
  DELIVERY_MAX_RETRIES,
  TOGGLE_REQUESTED,
} from '../../../lib/events/contract.ts'
import type { DeadLetters } from '../data/dead-letters.ts'
import { type FunctionDefaults, GatewayFunction, OPERATION_TIMEOUT } from './gateway-function.ts'
import { suppliesOfApplier, type WriteSources } from './sources.ts'
import type { Supply } from './supply.ts'

/** How often time is let do its part. Also the least that a rule's and an invocation's age may be bounded to. */
const TICK = Duration.minutes(1)

/** The longest there is: a reading of 100,000 people takes some nine minutes, and goes on in the next where that does not do. */
const READING_TIMEOUT = Duration.minutes(15)

const MAX_AGE = Duration.seconds(DELIVERY_MAX_AGE_SECONDS)

export interface EventFunctionsProps {
  readonly sources: WriteSources
  readonly deadLetters: DeadLetters
  readonly functions: FunctionDefaults
}

/** The functions that no request calls: asked by an event, by a schedule, or by the time. */
export class EventFunctions extends Construct {
  readonly flipToggle: GatewayFunction
  readonly fireSchedule: GatewayFunction
  readonly takeTurns: GatewayFunction
  readonly advanceDueChanges: GatewayFunction
  readonly takeInventory: GatewayFunction

  constructor(scope: Construct, id: string, { sources, deadLetters, functions }: EventFunctionsProps) {
    super(scope, id)
    const make = (name: string, description: string, ...also: readonly Supply[]) =>
      new GatewayFunction(this, name, {
        defaults: functions,
        name,
        description,
        timeout: OPERATION_TIMEOUT,
        supplies: [...suppliesOfApplier(sources), ...also],
      })
    this.flipToggle = make('flip-toggle', 'Switches a license toggle as an event asks', deadLetters.use())
    this.fireSchedule = make(
      'fire-schedule',
      'Makes the change of a schedule whose time has come',
      deadLetters.use(),
    )
    this.takeTurns = make('take-turns', 'Carries out the parts of lists, one a turn', deadLetters.use())
    sources.lists.handTo(this.takeTurns)
    this.advanceDueChanges = make(
      'advance-due-changes',
      'Takes changes further whose time has come, and watches the age of the access tokens',
      sources.credentials.watch(),
    )

    const { credentials, ledger, policy, bus } = sources
    this.takeInventory = new GatewayFunction(this, 'take-inventory', {
      defaults: functions,
      name: 'take-inventory',
      description: 'Reads each night who holds what, and tells what rests on it',
      timeout: READING_TIMEOUT,
      supplies: [credentials.use('read'), ledger.useReadings(), policy.use(), bus.use()],
    })

    // EventBridge and Scheduler only hand an event to Lambda's own queue, which then delivers and retries by itself.
    for (const { lambda } of [this.flipToggle, this.fireSchedule]) {
      lambda.configureAsyncInvoke({
        maxEventAge: MAX_AGE,
        retryAttempts: DELIVERY_MAX_RETRIES,
        onFailure: deadLetters.asDestination(),
      })
    }
    new Rule(this, 'ToggleRequested', {
      eventBus: sources.bus,
      description: 'Toggles asked for by an event, from any source',
      eventPattern: { detailType: [TOGGLE_REQUESTED] },
      targets: [
        new LambdaTarget(this.flipToggle.lambda, {
          maxEventAge: MAX_AGE,
          retryAttempts: DELIVERY_MAX_RETRIES,
          deadLetterQueue: deadLetters,
        }),
      ],
    })
    this.#eachMinute('Tick', this.advanceDueChanges)
    this.#eachMinute('Readings', this.takeInventory)
  }

  /** One that fails is not tried again and leaves no dead letter: the next minute's does its work, and an alarm counts them. */
  #eachMinute(id: string, { lambda }: GatewayFunction): void {
    const once = { maxEventAge: TICK, retryAttempts: 0 }
    lambda.configureAsyncInvoke(once)
    new Rule(this, id, {
      description: 'Once a minute',
      schedule: Schedule.rate(TICK),
      targets: [new LambdaTarget(lambda, once)],
    })
  }
}
