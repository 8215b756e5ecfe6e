/**
 * The process dies at each call outside in turn, before the call happens or before its answer is seen. Then the same
 * request comes again, the tick goes on, and what must hold at rest holds.
 */
import { tick } from '../../../lib/changes/carry-out/tick.ts'
import { ChangePlanner } from '../../../lib/changes/change-planner.ts'
import { targetKey } from '../../../lib/changes/model/change.ts'
import { QUIET_MS } from '../../../lib/changes/model/timing.ts'
import type { Workbench } from '../../../lib/changes/record/desk.ts'
import { GatewayError } from '../../../lib/errors.ts'
import { flipToggle } from '../../../lib/events/flip-toggle.ts'
import { leaveLock } from '../../support/changes/change-orders.ts'
import {
  ANA,
  allChanges,
  BO,
  type ChangeWorld,
  type ChangeWorldOptions,
  openChangeWorld,
} from '../../support/changes/change-world.ts'
import { NOON } from '../../support/fake-clock.ts'
import { type Answer, answerOf, faultsOfAnswers } from './answers.ts'
import { faultsAtRest, faultsOfKey, faultsOfLocks, restWatched } from './at-rest.ts'
import { benchBehind, type Gate, mortal, openGate } from './gate.ts'
import { witnessOf } from './witness.ts'

const OFF = 'concurrentLicensing'
const switchOn = { kind: 'toggle', featureName: OFF, enabled: true } as const
const KEYED = { actor: ANA, operation: 'test', idempotencyKey: 'k1' } as const
const UNDO = { ...KEYED, operation: 'undo' } as const

const giftsIn = ({ org }: ChangeWorld) => [
  { licenseId: 'wallboardUser', userIdsAdd: org.people(3).map(({ id }) => id), userIdsRemove: [] },
]

/** What is done before, on a bench of its own, and the request that is made again and again. */
type Story = (world: ChangeWorld, before: Workbench) => Promise<(bench: Workbench) => Promise<unknown>>

export interface CrashStory {
  readonly options?: ChangeWorldOptions
  readonly story: Story
}

export const CRASH_STORIES: Readonly<Record<string, CrashStory>> = {
  'a toggle': {
    story: async (world) => (bench) => world.changes(KEYED, bench).request(switchOn),
  },
  'a toggle that is planned and claimed': {
    story: async (world) => {
      await leaveLock(world)
      return (bench) => world.changes(KEYED, bench).request(switchOn)
    },
  },
  'a batch of three users': {
    story: async (world) => {
      const assignments = giftsIn(world)
      return (bench) => world.changes(KEYED, bench).assign({ assignments })
    },
  },
  'a toggle POST that names no value and came without a key': {
    story: async (world) => (bench) => world.changes({ actor: ANA }, bench).switchToggle(OFF),
  },
  'an undo': {
    story: async (world, before) => {
      const { value } = await world.changes({ actor: ANA }, before).request(switchOn)
      return (bench) => world.changes(UNDO, bench).undo(value.id)
    },
  },
  'a planned revert': {
    story: async (world, before) => {
      await world.changes(KEYED, before).request({ ...switchOn, revertAfter: 'PT1H' })
      world.clock.advance(3_600_000)
      return ticking
    },
  },
  'a toggle event': {
    story: async () => (bench) =>
      flipToggle(
        { bench, deadLetters: { put: () => Promise.reject(new Error('nothing was wrong with it')) } },
        {
          id: '0b6f1f4e-5d6b-4a68-8a3f-0a6f2f7d8f10',
          source: 'ops.tools',
          'detail-type': 'License Toggle Requested',
          time: NOON,
          detail: { featureName: OFF, enabled: true },
        },
      ),
  },
  'an approval': {
    options: { approvals: [{ toggles: ['*'] }] },
    story: async (world, before) => {
      const { value } = await world.changes(KEYED, before).request(switchOn)
      const caller = { actor: BO, operation: 'approve', idempotencyKey: 'a1' }
      return (bench) => world.changes(caller, bench).approve(value.id, value.digest)
    },
  },
  'a tick that looks again at a toggle whose answer was lost': {
    story: async (world, before) => {
      world.org.addFaults([{ match: { method: 'POST' }, do: { applyThenReset: true } }])
      await world.changes(KEYED, before).request(switchOn)
      world.clock.advance(QUIET_MS)
      return ticking
    },
  },
  'a look at a toggle that needs attention': {
    story: async (world, before) => {
      world.org.addFaults([{ match: { method: 'POST' }, do: { reset: true } }])
      const { value } = await world.changes(KEYED, before).request(switchOn)
      world.clock.advance(QUIET_MS)
      const later = world.bench()
      await tick(later, async () => later)
      return (bench) => new ChangePlanner(bench, { ...KEYED, operation: 'settle' }).settle(value.id)
    },
  },
  'a plan of what holds already': {
    story: async () => (bench) =>
      new ChangePlanner(bench, { ...KEYED, operation: 'plan' }).plan({ ...switchOn, enabled: false }),
  },
  'a batch that came without a key and waits for an approver': {
    options: { approvals: [{ licenses: ['*'] }] },
    story: async (world) => {
      const assignments = giftsIn(world)
      return (bench) => world.changes({ actor: ANA }, bench).assign({ assignments })
    },
  },
  'a tick that sends a batch again which never arrived': {
    story: async (world, before) => {
      const path = '/api/v2/license/organization'
      world.org.addFaults([{ match: { method: 'POST', path }, do: { reset: true } }])
      await world.changes(KEYED, before).request({ kind: 'assignments', assignments: giftsIn(world) })
      world.clock.advance(QUIET_MS)
      return ticking
    },
  },
}

/** The lease of a claim, at five seconds a try, with room to spare. */
const MAX_TRIES = 10

function retryAfterOf(answer: Answer): number | undefined {
  return 'error' in answer && answer.error instanceof GatewayError
    ? answer.error.retryAfterSeconds
    : undefined
}

const ticking = (bench: Workbench) => tick(bench, async () => bench)

/**
 * Lets the process of a story die at its n-th call outside, 1 being the first, and looks what has become of it.
 *
 * @param isCarriedOut whether the call still happens, its answer unseen.
 * @returns whether there was such a call, and a sentence for each promise that is broken.
 */
export async function crashAtCall(
  { story, options = {} }: CrashStory,
  n: number,
  isCarriedOut: boolean,
): Promise<{ hasDied: boolean; faults: string[] }> {
  const world = await openChangeWorld(options)
  try {
    const witness = witnessOf(world)
    const benchOf = (gate: Gate) => benchBehind(world, witness.watching(gate))
    const request = await story(world, benchOf(openGate))
    const first = mortal(n, isCarriedOut)
    const answers: Answer[] = []
    const answered = await first.outlive(answerOf('the first', request(benchOf(first.gate))))
    // What a process says after it has died reaches nobody.
    if (answered && !first.hasDied()) answers.push(answered)
    const again = async (what: string) => {
      for (let tries = 1; ; tries++) {
        const answer = await answerOf(what, request(benchOf(openGate)))
        answers.push(answer)
        const waitSeconds = retryAfterOf(answer)
        if (waitSeconds === undefined) return
        if (tries === MAX_TRIES) throw new Error(`${what}: told to come again ${MAX_TRIES} times`)
        world.clock.advance(1000 * waitSeconds)
      }
    }
    await again('at once')
    await restWatched(world, witness)
    await again('at rest')
    await restWatched(world, witness)

    const headers = await allChanges(world)
    const plans = await Promise.all(headers.map((header) => world.store.ledger.plan(header)))
    const targets = plans.flatMap((plan) => plan.targets)
    const distinct = [...new Map(targets.map((target) => [targetKey(target), target])).values()]
    const found = [
      ...(headers.length === 0 ? ['nothing is on record'] : []),
      ...(await faultsAtRest(world, witness)),
      ...(await faultsOfKey(world, witness, KEYED)),
      ...(await faultsOfKey(world, witness, UNDO)),
      ...faultsOfAnswers(answers, headers),
      ...(await faultsOfLocks(world, distinct)),
    ]
    const where = `${isCarriedOut ? 'after' : 'before'} call ${n} (${first.lastCall()})`
    return { hasDied: first.hasDied(), faults: found.map((fault) => `${where}: ${fault}`) }
  } finally {
    await world.close()
  }
}
