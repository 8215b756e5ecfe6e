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

const MAX_AGE = Duration.seconds(DELIVERY_MAX_AGE_SECONDS)

export interface EventFunctionsProps {
  readonly sources: WriteSources
  readonly deadLetters: DeadLetters
  readonly functions: FunctionDefaults
}

/** The functions that apply changes without a request: asked by an event, by a schedule, or by the time. */
export class EventFunctions extends Construct {
  readonly flipToggle: GatewayFunction
  readonly fireSchedule: GatewayFunction
  readonly advanceDueChanges: GatewayFunction

  constructor(scope: Construct, id: string, { sources, deadLetters, functions }: EventFunctionsProps) {
    super(scope, id)
    const make = (name: string, description: string, also: Supply) =>
      new GatewayFunction(this, name, {
        defaults: functions,
        name,
        description,
        timeout: OPERATION_TIMEOUT,
        supplies: [...suppliesOfApplier(sources), also],
      })
    this.flipToggle = make('flip-toggle', 'Switches a license toggle as an event asks', deadLetters.use())
    this.fireSchedule = make(
      'fire-schedule',
      'Makes the change of a schedule whose time has come',
      deadLetters.use(),
    )
    this.advanceDueChanges = make(
      'advance-due-changes',
      'Takes changes further whose time has come, and watches the age of the access tokens',
      sources.credentials.watch(),
    )

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
    this.#tick()
  }

  /** A tick that fails is not tried again and leaves no dead letter: the next one does its work, and an alarm counts them. */
  #tick(): void {
    const once = { maxEventAge: TICK, retryAttempts: 0 }
    this.advanceDueChanges.lambda.configureAsyncInvoke(once)
    new Rule(this, 'Tick', {
      description: 'Once a minute',
      schedule: Schedule.rate(TICK),
      targets: [new LambdaTarget(this.advanceDueChanges.lambda, once)],
    })
  }
}
