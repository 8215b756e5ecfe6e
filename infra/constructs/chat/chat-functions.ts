import { Duration } from 'aws-cdk-lib'
import { Rule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { Construct } from 'constructs'
import { CHAT_DELIVERED, CHAT_SOURCE } from '../../../lib/chat/webhook/queued.ts'
import { DELIVERY_MAX_AGE_SECONDS, DELIVERY_MAX_RETRIES, EVENT_SOURCE } from '../../../lib/events/contract.ts'
import type { Chat } from '../../orgs/org-file.ts'
import type { DeadLetters } from '../data/dead-letters.ts'
import { type FunctionDefaults, GatewayFunction, OPERATION_TIMEOUT } from '../functions/gateway-function.ts'
import { suppliesOfApplier, type WriteSources } from '../functions/sources.ts'
import type { Supply } from '../functions/supply.ts'
import type { ChatSecrets } from './chat-secrets.ts'

/** Twice what Slack and Teams wait: by then nobody hears the answer any more. */
const WEBHOOK_TIMEOUT = Duration.seconds(10)

const MAX_AGE = Duration.seconds(DELIVERY_MAX_AGE_SECONDS)

export interface ChatFunctionsProps {
  readonly chat: Chat
  readonly secrets: ChatSecrets
  readonly sources: WriteSources
  readonly deadLetters: DeadLetters
  readonly functions: FunctionDefaults
  /** What messages lead to, where the org has a page. */
  readonly pageUrl: string | undefined
}

/**
 * The webhooks' functions, which can hand a delivery on and nothing else, and run-command, which carries it out. The
 * latter also hears what becomes of changes, to tell it where they were asked for.
 */
export class ChatFunctions extends Construct {
  readonly runCommand: GatewayFunction
  readonly slack: GatewayFunction | undefined
  readonly teams: GatewayFunction | undefined

  get webhooks(): readonly GatewayFunction[] {
    return [this.slack, this.teams].filter((each) => each !== undefined)
  }

  constructor(
    scope: Construct,
    id: string,
    { chat, secrets, sources, deadLetters, functions, pageUrl }: ChatFunctionsProps,
  ) {
    super(scope, id)
    const { policy, bus } = sources
    this.runCommand = new GatewayFunction(this, 'run-command', {
      defaults: functions,
      name: 'run-command',
      description: 'Carries out what is typed and pressed in chat',
      timeout: OPERATION_TIMEOUT,
      environment: pageUrl === undefined ? {} : { PAGE_URL: pageUrl },
      supplies: [
        ...suppliesOfApplier(sources),
        deadLetters.use(),
        secrets.use('slackSigning'),
        secrets.use('slackBot'),
        secrets.use('teamsKeys'),
      ],
    })
    const webhook = (name: string, description: string, ...supplies: readonly Supply[]) =>
      new GatewayFunction(this, name, {
        defaults: functions,
        name,
        description,
        timeout: WEBHOOK_TIMEOUT,
        supplies: [policy.use(), ...supplies],
      })
    this.slack =
      chat.slack && webhook('slack', "Slack's webhook", secrets.use('slackSigning'), this.#putting(bus))
    this.teams = chat.teams && webhook('teams', "Teams' webhook", secrets.use('teamsKeys'), this.#invoking())
    this.#deliver(sources, deadLetters)
  }

  /** Deliveries of chat alone: with any event at all, it could ask for a toggle. */
  #putting(bus: WriteSources['bus']): Supply {
    const only = { 'events:source': [CHAT_SOURCE], 'events:detail-type': [CHAT_DELIVERED] }
    return {
      environment: { EVENT_BUS: bus.eventBusName },
      statements: [
        new PolicyStatement({
          actions: ['events:PutEvents'],
          resources: [bus.eventBusArn],
          conditions: {
            'ForAllValues:StringEquals': only,
            // Of no values at all, anything is true.
            Null: { 'events:source': 'false', 'events:detail-type': 'false' },
          },
        }),
      ],
    }
  }

  #invoking(): Supply {
    const { functionArn, functionName } = this.runCommand.lambda
    return {
      environment: { RUN_COMMAND_FUNCTION: functionName },
      statements: [new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [functionArn] })],
    }
  }

  /** EventBridge only hands an event to Lambda's own queue, which then delivers and retries by itself. */
  #deliver({ bus }: WriteSources, deadLetters: DeadLetters): void {
    const bounded = { maxEventAge: MAX_AGE, retryAttempts: DELIVERY_MAX_RETRIES }
    this.runCommand.lambda.configureAsyncInvoke({ ...bounded, onFailure: deadLetters.asDestination() })
    const target = () =>
      new LambdaTarget(this.runCommand.lambda, { ...bounded, deadLetterQueue: deadLetters })
    new Rule(this, 'Delivered', {
      eventBus: bus,
      description: 'What was typed or pressed in Slack',
      eventPattern: { source: [CHAT_SOURCE], detailType: [CHAT_DELIVERED] },
      targets: [target()],
    })
    new Rule(this, 'ChangeTold', {
      eventBus: bus,
      description: 'What became of changes, for those who asked for them in chat',
      eventPattern: { source: [EVENT_SOURCE] },
      targets: [target()],
    })
  }
}
