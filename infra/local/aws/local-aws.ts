/** How the stand-in for AWS is made, and what a running one offers. */
import type { AccessKey } from './access-key.ts'
import type { LocalDynamo } from './dynamo/dynamo.ts'
import type { DeadLetter } from './events/dead-letter-box.ts'
import type { Rule } from './events/event-bus.ts'
import type { BusEvent } from './events/event-entry.ts'
import type { OnSchedule } from './events/firing.ts'
import type { QueueNames } from './events/queue.ts'
import type { AwsFailure } from './failures.ts'
import type { LocalFunctions } from './lambda.ts'
import type { LocalS3 } from './s3/server.ts'
import type { Rotate } from './secrets/rotation.ts'

/** How the stand-in is to be. */
export interface AwsOptions {
  /** Port on 127.0.0.1; 0, the default, picks a free one. */
  readonly port?: number
  /** What requests must be signed with; TEST_KEY by default. */
  readonly key?: AccessKey
  /** The rotation function; without one every rotation fails. */
  readonly rotate?: Rotate
  /** What the one event bus is called; `test` by default. */
  readonly busName?: string
  /** The event bus's rules; none by default. */
  readonly rules?: readonly Rule[]
  /** What schedules call; without it every call fails. */
  readonly onSchedule?: OnSchedule
  /** What the queues are called; by what they are for by default. */
  readonly queueNames?: QueueNames
  /** What the queue of lists invokes; without it every message fails. */
  readonly takeTurns?: (event: unknown) => Promise<unknown>
  /** What can be invoked; none by default. */
  readonly functions?: LocalFunctions
  /** Called again and again; a call begins when the last one has ended. */
  readonly tick?: () => Promise<unknown>
  /** Called in the same way, the first time at once. */
  readonly takeInventory?: () => Promise<unknown>
  /** Called in the same way each hour, the first time in an hour. */
  readonly writeAudit?: () => Promise<unknown>
  /** Milliseconds; 10 s by default. */
  readonly tickEveryMs?: number
  /** Before the first and the second retry of a delivery, milliseconds; 5 and 10 s by default. */
  readonly retryWaitsMs?: readonly number[]
  /** Where DynamoDB is: what is asked to fail of its actions fails there. */
  readonly dynamo?: Pick<LocalDynamo, 'fail' | 'clearFailures'>
  /** Where S3 is: what is asked to fail of its operations fails there. */
  readonly s3?: Pick<LocalS3, 'fail' | 'clearFailures'>
  /** Told of a tick that fails and of each dead letter, in a sentence. */
  readonly onFailure?: (sentence: string) => void
  /** Where secrets survive a restart; without it, they do not. */
  readonly stateFile?: string
  /** Where schedules survive a restart. */
  readonly schedulesFile?: string
  /** Where dead letters survive a restart. */
  readonly eventsFile?: string
  /** Where turns of lists that wait survive a restart. */
  readonly turnsFile?: string
  /** Where by how much the clock was moved on survives a restart. */
  readonly clockFile?: string
  /** Whether schedules, retries and ticks come as time passes, as by default; else only where the clock is moved on. */
  readonly clockGoesByItself?: boolean | undefined
  /** Whether POST /__aws/clock moves it on, as it does by default. */
  readonly canMoveClock?: boolean
  /** The clock, in epoch milliseconds. */
  readonly now?: () => number
}

/** A call that was made, without what it carried; `secretId` as it was sent, null where the action has none. */
export interface AwsRequest {
  readonly action: string
  readonly secretId: string | null
  readonly at: string
}

/** A secret to be there; `rotation` says whether RotateSecret works on it, `value` is its first AWSCURRENT. */
export interface NewSecret {
  readonly name: string
  readonly rotation?: boolean
  readonly value?: string | Uint8Array
}

/** A running stand-in for AWS. `url` is the endpoint for the SDK's clients. */
export interface LocalAws {
  readonly url: string
  /** What requests must be signed with. What is asked under /__aws may have it as a bearer token instead. */
  readonly key: AccessKey
  /** The clock as it was moved on, epoch milliseconds. */
  readonly now: () => number
  /** Makes a secret, or sets `rotation` on the one of that name and leaves its value alone. Answers its ARN. */
  readonly createSecret: (secret: NewSecret) => { readonly arn: string }
  /** Puts any text or bytes, however broken, as the new AWSCURRENT of the secret of that name or ARN. */
  readonly putSecret: (secretId: string, value: string | Uint8Array) => void
  /** Every call in order of arrival, failed ones too; also GET /__aws/requests. */
  readonly requests: () => AwsRequest[]
  /** The last 1,000 events put, oldest first; also GET /__aws/events. */
  readonly events: () => BusEvent[]
  /** The last 1,000 dead letters, oldest first; also GET /__aws/dead-letters. */
  readonly deadLetters: () => DeadLetter[]
  /** Delivers an event to its rules once more; resolves when each has been tried. Rejects where it is not known. */
  readonly redeliver: (eventId: string) => Promise<void>
  /** Hands the turn of a list that was handed on last to its function once more, at once. Rejects where there was none. */
  readonly redeliverTurn: () => Promise<void>
  /**
   * Moves the clock of schedules, retries and ticks on, doing all that comes due in between, each at its time and in
   * turn, rotations that failed included; also POST /__aws/clock {"advanceSeconds": n}.
   */
  readonly advance: (ms: number) => Promise<void>
  /** Makes the next calls of an action fail. */
  readonly fail: (action: string, failure: AwsFailure) => void
  /** Forgets those that are still to come, of the ledger and of S3 too. */
  readonly clearFailures: () => void
  /** The next so many DescribeSecret of that secret answer as it is now, whatever comes: reads may lag behind writes. */
  readonly lagBehind: (secretId: string, times: number) => void
  /** What made the last rotation of that secret fail; undefined after one that succeeded. */
  readonly lastRotationError: (secretId: string) => unknown
  /** Resolves when no rotation and no invoked function runs and nothing is being delivered; what waits for its retry does not count. */
  readonly idle: () => Promise<void>
  /** Forgets what waits for its time: what is to be tried again, turns of lists, and all schedules. */
  readonly forgetWaiting: () => void
  /** Resolves when nothing is being delivered to a function; turns of lists, which may take hours, do not count. */
  readonly delivered: () => Promise<void>
  readonly close: () => Promise<void>
}
