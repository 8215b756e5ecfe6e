/**
 * Random histories on the real code: requests, events, ticks, people and faults of upstream, with the calls of all
 * processes interleaved by fast-check's scheduler.
 *
 * Each call outside is one task of the scheduler: it is carried out whole when its turn comes, and its process goes on
 * to its next one. So nothing overlaps, and who changed what is known. Time is shared: a process that sleeps wakes when
 * its task's turn comes, and the clock then stands no earlier than it asked for; a tick may move it on first. To all
 * other processes that is a slow network. What AWS does to the slow is done here too: past its life a process dies at
 * its next call. A write that loses its connection may land later, as long as upstream may still act on it.
 */
import fc from 'fast-check'
import { type Caller, targetKey } from '../../../lib/changes/model/change.ts'
import { idOf } from '../../../lib/changes/model/record-ids.ts'
import { INVOCATION_LIFE_MS } from '../../../lib/changes/model/timing.ts'
import type { Workbench } from '../../../lib/changes/record/desk.ts'
import { nodeTransport, type Transport, TransportError } from '../../../lib/transport/transport.ts'
import { allChanges, type ChangeWorld, openChangeWorld } from '../../support/changes/change-world.ts'
import { type Answer, answerOf, faultsOfAnswers, faultsOfRepeats, isKeylessSwitch } from './answers.ts'
import { attemptsOf, faultsAtRest, faultsOfKey, faultsOfLocks, restWatched } from './at-rest.ts'
import { benchBehind, callOf, type Gate, mortal } from './gate.ts'
import { type SeatWitness, seatWitnessOf } from './seats.ts'
import { type Witness, witnessOf } from './witness.ts'

/** How long after it was sent a write may still land: the per-try timeout and the grace for upstream. Milliseconds. */
const LANDS_WITHIN_MS = 28_000

/** Turns of the event loop after each call, in which its process gets to its next one. */
const TURNS = 3

export interface Crash {
  readonly atCall: number
  readonly isCarriedOut: boolean
}

/** `lands.late`: its connection is lost, and it may land later. `answered.500`: it is carried out and answered with 500. */
export type Mishap = 'lands.late' | 'answered.500'

/** A request to one new process. */
export interface Work {
  readonly what: string
  readonly crash: Crash | undefined
  /** What becomes of its first write. */
  readonly mishap: Mishap | undefined
  /** Whether the next command waits for it; others go on meanwhile. */
  readonly isAwaited: boolean
  readonly run: (bench: Workbench) => Promise<unknown>
}

/** What commands act on. */
export interface Stage {
  readonly world: ChangeWorld
  readonly witness: Witness
  /** Whether a toggle POST writes. */
  readonly isSwitching: boolean
  /** Ids of changes on record, in the order in which they were put. */
  readonly known: readonly string[]
  readonly start: (work: Work) => Promise<void>
  /** Idempotency keys in use, so that each is looked at afterwards. */
  readonly keyed: (caller: Caller) => Caller
  /** A person switches, when it comes to that. */
  readonly person: (featureName: string) => void
  /** Somebody counts who holds what, having read it anew or not, when it comes to that. */
  readonly count: (isReadAnew: boolean) => void
}

export type Command = fc.AsyncCommand<object, Stage>

/** fast-check's scheduler, which waits after each call until its process has got to the next. */
export const scheduler = () =>
  fc.scheduler({
    async act(run) {
      await run()
      for (let turn = 0; turn < TURNS; turn++) await new Promise(setImmediate)
    },
  })

/** @returns a sentence for each promise that the history broke. */
export async function faultsOfHistory(
  toggles: 'legacy' | 'current',
  commands: Iterable<Command>,
  order: fc.Scheduler,
): Promise<string[]> {
  const world = await openChangeWorld({ org: { users: 6, toggles } })
  try {
    const witness = witnessOf(world)
    const seats = seatWitnessOf(world)
    const { stage, workers, answers, keys } = staged(world, witness, seats, toggles === 'legacy', order)
    await fc.scheduledModelRun(order, () => ({ model: {}, real: stage }), commands)
    await drained(order, Promise.all(workers))
    await order.waitAll()
    world.org.clearFaults()
    await restWatched(world, witness)

    const headers = await allChanges(world)
    const plans = await Promise.all(headers.map((header) => world.store.ledger.plan(header)))
    const targets = plans.flatMap((plan) => plan.targets)
    const faults = [
      ...(await faultsAtRest(world, witness)),
      ...(await seats.faultsAtRest()),
      ...faultsOfAnswers(answers, headers),
      ...faultsOfRepeats(stage.known.flatMap((known) => headers.find(({ id }) => id === known) ?? [])),
    ]
    const explained = new Set(headers.map(({ id }) => idOf('revert', id)))
    for (const key of keys.values()) {
      faults.push(...(await faultsOfKey(world, witness, key)))
      for (const { id } of await attemptsOf(world, key)) explained.add(id)
    }
    for (const header of headers) {
      if (!explained.has(header.id) && !isKeylessSwitch(header))
        faults.push(`${header.id} comes from no request`)
    }
    const distinct = new Map(targets.map((target) => [targetKey(target), target]))
    faults.push(...(await faultsOfLocks(world, [...distinct.values()])))
    return faults
  } finally {
    await world.close()
  }
}

/** Carries out scheduled calls until the work is done. */
export async function drained(order: fc.Scheduler, work: Promise<unknown>): Promise<void> {
  let isDone = false
  const done = () => {
    isDone = true
  }
  work.then(done, done)
  for (;;) {
    await new Promise(setImmediate)
    if (isDone) return
    if (order.count() > 0) await order.waitOne()
  }
}

function staged(
  world: ChangeWorld,
  witness: Witness,
  seats: SeatWitness,
  isSwitching: boolean,
  order: fc.Scheduler,
) {
  const { clock, org } = world
  const workers: Promise<void>[] = []
  const answers: Answer[] = []
  const keys = new Map<string, Caller>()
  const known: string[] = []

  /** Carries something out when its turn comes; the scheduler waits for it. */
  function inTurn<T>(label: string, carryOut: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const builder = () => carryOut().then(resolve, reject)
      order.scheduleSequence([{ label, builder }])
    })
  }

  function process({ what, crash, mishap }: Work) {
    const bornMs = clock.monotonicMs()
    let isPending = mishap !== undefined
    const inner: Gate = async (call, carryOut) => {
      const sentMs = clock.monotonicMs()
      const carriedOut = await inTurn(`${what}: ${call.what}`, async () => {
        // Past its life it is dead, and the rest of it with it.
        if (clock.monotonicMs() - bornMs > INVOCATION_LIFE_MS) return undefined
        if (call.puts && !known.includes(call.puts.changeId)) known.push(call.puts.changeId)
        if (!call.isWrite || mishap !== 'lands.late' || !isPending) return { value: await carryOut() }
        isPending = false
        void inTurn(`${what}: ${call.what} lands`, async () => {
          if (clock.monotonicMs() - sentMs <= LANDS_WITHIN_MS) await carryOut().catch(() => {})
        })
        throw new TransportError('reset', 'the connection was reset', true)
      })
      return carriedOut ? carriedOut.value : await life.end()
    }
    const wire: Transport = async (request) => {
      const response = await nodeTransport(request)
      if (mishap !== 'answered.500' || !isPending || !callOf(request).isWrite) return response
      isPending = false
      return { ...response, status: 500 }
    }
    const life = mortal(crash?.atCall ?? Number.POSITIVE_INFINITY, crash?.isCarriedOut ?? false, inner)
    const sleeping = {
      ...clock,
      async sleep(ms: number) {
        const wakeMs = clock.monotonicMs() + ms
        await inTurn(`${what}: sleeps ${ms}`, async () => {
          clock.advance(Math.max(0, wakeMs - clock.monotonicMs()))
        })
      },
    }
    return { life, bench: benchBehind(world, witness.watching(life.gate), { clock: sleeping }, wire) }
  }

  const stage: Stage = {
    world,
    witness,
    isSwitching,
    known,
    async start(work) {
      const { life, bench } = process(work)
      const worker = life.outlive(answerOf(work.what, work.run(bench))).then((answer) => {
        if (answer) answers.push(answer)
      })
      workers.push(worker)
      if (work.isAwaited) await drained(order, worker)
    },
    keyed(caller) {
      keys.set(`${caller.operation} ${caller.idempotencyKey}`, caller)
      return caller
    },
    person(featureName) {
      const { transport, token } = world.bench().scope
      const headers = { authorization: `Bearer ${token.value}` }
      const path = `/api/v2/license/toggles/${featureName}`
      const post = { method: 'POST', origin: org.url, path, headers, timeoutMs: 8_000 } as const
      // Upstream's faults are for people too.
      const act = () => witness.person(() => transport(post).catch(() => {}))
      workers.push(inTurn(`a person switches ${featureName}`, act))
    },
    count(isReadAnew) {
      workers.push(
        inTurn('somebody counts', async () => {
          if (isReadAnew) seats.read()
          await seats.count()
        }),
      )
    },
  }
  return { stage, workers, answers, keys }
}
