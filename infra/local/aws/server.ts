import { keptOffset, laptopClock } from '../clock.ts'
import { serveLoopback } from '../loopback.ts'
import { TEST_KEY } from './access-key.ts'
import type { Action } from './action.ts'
import { AwsError } from './aws-error.ts'
import { createDeadLetterBox } from './events/dead-letter-box.ts'
import { createDeliveries } from './events/deliveries.ts'
import { createEventBus } from './events/event-bus.ts'
import { createFiring, type OnSchedule } from './events/firing.ts'
import { createQueue } from './events/queue.ts'
import { createTurns } from './events/turns.ts'
import { createFailures } from './failures.ts'
import { awsListener } from './http.ts'
import { createLambda } from './lambda.ts'
import type { AwsOptions, AwsRequest, LocalAws } from './local-aws.ts'
import { createScheduleStore } from './schedules/schedule-store.ts'
import { createScheduler } from './schedules/scheduler.ts'
import { INVENTORY_WHILE_MOVING_MS, startTick, TICK_EVERY_MS } from './schedules/tick.ts'
import { createRotation, type Rotate } from './secrets/rotation.ts'
import { createSecretStore } from './secrets/secret-store.ts'
import { secretsOf } from './secrets/secrets.ts'
import { createSecretsManager } from './secrets/secrets-manager.ts'

export type { AwsOptions, LocalAws } from './local-aws.ts'

/**
 * Starts a stand-in for the AWS services that the bundle uses, on 127.0.0.1. It speaks the SDK's protocols; of a
 * signature it checks whose key made it. Rejects where the port is taken or a state file is damaged.
 */
export async function startAws(options: AwsOptions = {}): Promise<LocalAws> {
  const { now = Date.now, onFailure = () => {}, key = TEST_KEY, dynamo, s3 } = options
  const failures = createFailures()
  const log: AwsRequest[] = []

  const secrets = createSecretStore(options.stateFile)
  const box = createDeadLetterBox(options.eventsFile, onFailure)
  const schedules = createScheduleStore(options.schedulesFile)
  const clock = laptopClock(now, {
    kept: options.clockFile === undefined ? undefined : keptOffset(options.clockFile),
    goesByItself: options.clockGoesByItself,
  })
  const rotation = createRotation(secrets, options.rotate ?? noRotation, clock.now, clock)
  const secretsManager = createSecretsManager(secrets, rotation, clock.now)
  const deliveries = createDeliveries(clock, box, options.retryWaitsMs)
  const bus = createEventBus(options.busName ?? 'test', options.rules ?? [], deliveries, clock, (entry) =>
    failures.refusalOf('PutEvents', entry),
  )
  const firing = createFiring(schedules, clock, deliveries, box, options.onSchedule ?? noTarget)

  const turns = createTurns({
    target: options.takeTurns ?? noTurns,
    clock,
    box,
    file: options.turnsFile,
    isDeleteLost: () => failures.isPlanned('DeleteMessage'),
  })
  const lambda = createLambda(options.functions ?? {}, deliveries, clock)

  /** Services by what stands before the dot in X-Amz-Target; Scheduler has none, and is known by its paths. */
  const services: Readonly<Record<string, Readonly<Record<string, Action>>>> = {
    secretsmanager: secretsManager.actions,
    AWSEvents: bus.actions,
    AmazonSQS: createQueue(box, turns, clock.now, options.queueNames),
    scheduler: createScheduler(schedules, firing, clock),
    lambda: lambda.actions,
  }

  function perform(service: string, name: string, input: unknown): unknown {
    const actions = services[service]
    const act = actions && Object.hasOwn(actions, name) ? actions[name] : undefined
    const secretId = service === 'secretsmanager' ? secretIdOf(input) : null
    log.push({ action: name, secretId, at: new Date(now()).toISOString() })
    if (!act) throw new AwsError('UnknownOperationException', `There is no stand-in for ${service}.${name}.`)
    if (failures.throwPlanned(name, secretId)) return new Promise<never>(() => {})
    const output = act(input)
    if (service === 'secretsmanager') secrets.save()
    return output
  }

  async function idle(): Promise<void> {
    await Promise.all([rotation.idle(), lambda.idle(), turns.idle()])
    // Last, since what runs may have put an event.
    await deliveries.idle()
  }
  async function advance(ms: number): Promise<void> {
    const settle = async () => {
      await turns.idle()
      await deliveries.idle()
    }
    await clock.advance(ms, settle)
  }

  function clearFailures(): void {
    failures.clear()
    dynamo?.clearFailures()
    s3?.clearFailures()
  }

  function forgetWaiting(): void {
    rotation.forget()
    deliveries.forget()
    turns.forget()
    schedules.clear()
  }

  const listener = awsListener({
    key,
    perform,
    lists: {
      requests: () => log,
      events: bus.events,
      'dead-letters': box.list,
      clock: () => ({ now: new Date(clock.now()).toISOString() }),
    },
    addFailures(added) {
      for (const { action, type, status = 400, times = 1, ...failure } of added) {
        if (dynamo && ofDynamo.includes(action)) dynamo.fail(action, { type, status, times })
        else if (s3 && action === 'PutObject') s3.fail(action, { code: type, status, times })
        else failures.plan(action, { type, status, times, ...failure })
      }
    },
    clearFailures,
    async moveClock(ms) {
      if (options.canMoveClock === false) {
        throw new AwsError('AccessDeniedException', 'The clock of a real org’s gateway is not moved on.', 403)
      }
      await advance(ms)
      return new Date(clock.now()).toISOString()
    },
  })
  const server = await serveLoopback(listener, { port: options.port ?? 0 }).catch((error: unknown) => {
    clock.close()
    throw error
  })
  const close = () => {
    clock.close()
    schedules.close()
    deliveries.close()
    turns.close()
    secrets.close()
    return server.close()
  }
  firing.resume()
  turns.resume()
  const { tick, takeInventory, writeAudit, tickEveryMs = TICK_EVERY_MS } = options
  if (tick) startTick(clock, tick, { everyMs: tickEveryMs, name: 'tick', onFailure })
  if (takeInventory) {
    startTick(clock, takeInventory, {
      everyMs: tickEveryMs,
      firstInMs: 0,
      whileMovingMs: INVENTORY_WHILE_MOVING_MS,
      name: 'take-inventory',
      onFailure,
    })
  }
  if (writeAudit) startTick(clock, writeAudit, { everyMs: AUDIT_EVERY_MS, name: 'write-audit', onFailure })

  return {
    url: server.url,
    key,
    now: clock.now,
    ...secretsOf(secrets, clock.now),
    requests: () => [...log],
    events: bus.events,
    deadLetters: box.list,
    redeliver: bus.redeliver,
    redeliverTurn: turns.redeliver,
    advance,
    fail: failures.plan,
    clearFailures,
    lagBehind: secretsManager.lagBehind,
    lastRotationError: (secretId) => rotation.lastError(secrets.get(secretId).arn),
    idle,
    forgetWaiting,
    delivered: deliveries.idle,
    close,
  }
}

/** Between two runs of write-audit, as the stack has them. Milliseconds. */
const AUDIT_EVERY_MS = 3_600_000

/** What the ledger asks of DynamoDB. */
const ofDynamo: readonly string[] = ['GetItem', 'PutItem', 'Query', 'BatchGetItem', 'TransactWriteItems']

const noRotation: Rotate = () => Promise.reject(new Error('The stand-in was given no rotation function.'))
const noTurns = () => Promise.reject(new Error('The stand-in was given no target for lists.'))
const noTarget: OnSchedule = () =>
  Promise.reject(new Error('The stand-in was given no target for schedules.'))

function secretIdOf(input: unknown): string | null {
  if (typeof input !== 'object' || input === null) return null
  if ('SecretId' in input && typeof input.SecretId === 'string') return input.SecretId
  return 'Name' in input && typeof input.Name === 'string' ? input.Name : null
}
