/** What each service makes of what it gives up, as a message in SQS. */
import { randomUUID } from 'node:crypto'
import { shallowOf } from '../../../../lib/json.ts'
import type { MessageForm } from './dead-letter-box.ts'
import { ACCOUNT, REGION } from './event-entry.ts'

export const functionArnOf = (name: string) => `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`

export interface FailedInvocation {
  readonly functionName: string
  readonly event: unknown
  readonly condition: 'RetriesExhausted' | 'EventAgeExceeded'
  readonly tries: number
  readonly errorMessage: string
  /** ISO 8601. */
  readonly at: string
}

/** Lambda's record of an asynchronous invocation that failed for good (its developer guide, "Capturing records of Lambda asynchronous invocations"). */
export function invocationRecord(failed: FailedInvocation): MessageForm {
  const { functionName, event, condition, tries, errorMessage, at } = failed
  const record = {
    version: '1.0',
    timestamp: at,
    requestContext: {
      requestId: randomUUID(),
      functionArn: `${functionArnOf(functionName)}:$LATEST`,
      condition,
      approximateInvokeCount: tries,
    },
    requestPayload: shallowOf(event),
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: { errorType: 'Error', errorMessage },
  }
  return { body: JSON.stringify(record), attributes: {} }
}

export interface MissedFiring {
  readonly scheduleArn: string
  readonly targetArn: string
  readonly input: string
  /** ISO 8601 to the second. */
  readonly scheduledTime: string
  readonly errorMessage: string
}

/** Scheduler's dead-letter event: the input, with what happened in attributes (its user guide, "Configuring a schedule's dead-letter queue"). */
export function firingRecord(missed: MissedFiring): MessageForm {
  return {
    body: missed.input,
    attributes: {
      SCHEDULE_ARN: missed.scheduleArn,
      TARGET_ARN: missed.targetArn,
      SCHEDULED_TIME: missed.scheduledTime,
      ERROR_CODE: 'AWS.Scheduler.EventTooOld',
      ERROR_MESSAGE: missed.errorMessage,
      EXHAUSTED_RETRY_CONDITION: 'MaximumEventAgeInSeconds',
      RETRY_ATTEMPTS: '0',
    },
  }
}
