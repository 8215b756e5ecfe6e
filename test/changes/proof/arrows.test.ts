/** Every arrow of the table is taken by the code against the embedded org, by whom the table says. */
import { expect, it } from 'vitest'
import { advance } from '../../../lib/changes/carry-out/advance.ts'
import { approveChange as approveOnRecord } from '../../../lib/changes/decide/decide-change.ts'
import type { Asked, Header } from '../../../lib/changes/model/header.ts'
import { type Arrow, arrows, isSettled, type Mover } from '../../../lib/changes/model/transitions.ts'
import {
  assigning,
  assignment,
  atHeaders,
  BATCH_PATH,
  beforeRequest,
  benchOn,
  byHand,
  crashingAt,
  giving,
  isPost,
  leaveLock,
  OFF,
  ON,
  toggle,
  togglePath,
  userAt,
  WALLBOARD,
} from '../../support/changes/change-orders.ts'
import {
  BO,
  type ChangeWorld,
  type ChangeWorldOptions,
  changeWorld,
  headerOf,
  PEOPLE,
} from '../../support/changes/change-world.ts'
import { listProofs } from '../carry-out/lists/list-arrows.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const QUIET_MS = 65_000
const CY = { kind: 'jwt', id: 'cy' } as const
const RULES: ChangeWorldOptions = {
  approvals: [{ toggles: [OFF] }],
  policy: { people: { ...PEOPLE, cy: { role: 'approver', jwt: ['cy'] } } },
}
const IN_SLACK: Asked = { platform: 'slack', teamId: 'T1', channelId: 'C1', userId: 'U1' }

/** Who took an arrow, as it shows on record. */
function moverOf({ history, updatedAtMs, quietUntilMs = 0 }: Header): Mover {
  const [from, to] = [history.at(-2)?.state, history.at(-1)]
  if (from === undefined) return 'planner'
  if (to?.by !== 'gateway') return 'person'
  const isOver = to.state === 'SENT' ? from !== 'CLAIMED' : updatedAtMs >= quietUntilMs
  if (from === 'SENT' || from === 'UNKNOWN') return isOver ? 'clock' : 'owner'
  if (isSettled(from) || to.state === 'EXPIRED') return 'clock'
  if (from === 'CLAIMED') return to.state === 'CLAIMED' ? 'clock' : 'owner'
  return 'worker'
}

const named = ({ from, to, as }: Pick<Arrow, 'from' | 'to' | 'as'>) => `${from ?? 'nothing'} ${to} ${as}`

const taken = ({ moves }: ChangeWorld) =>
  moves.map((header) => {
    const [from, to] = [header.history.at(-2)?.state, header.state]
    return named({ from, to, as: moverOf(header) })
  })

let keys = 0
const request = (world: ChangeWorld, order: Parameters<ReturnType<ChangeWorld['changes']>['request']>[0]) =>
  world.changes({ idempotencyKey: `k${++keys}` }).request(order)
const plan = (
  world: ChangeWorld,
  order: Parameters<ReturnType<ChangeWorld['plans']>['plan']>[0],
  asked?: Asked,
) => world.plans({ operation: 'plan', idempotencyKey: `k${++keys}` }).plan(order, asked)
const decision = (operation: string, actor = BO) => ({ actor, operation, idempotencyKey: `k${++keys}` })
const settle = (world: ChangeWorld, id: string) => world.plans(decision('settle')).settle(id)
/** Waits until nothing of what was sent can land, and ticks. */
async function quieten(world: ChangeWorld) {
  world.clock.advance(QUIET_MS)
  await world.tick()
}

/** Two people are to have a license; nobody knows whether they got it. */
async function lostAssignment(world: ChangeWorld, times = 1) {
  const people = [userAt(world, 0), userAt(world, 1)]
  world.org.addFaults([{ match: { method: 'POST', path: BATCH_PATH }, times, do: { reset: true } }])
  const { value } = await request(world, assigning(giving(people)))
  return { id: value.id, people }
}

async function lostToggle(
  world: ChangeWorld,
  action: { reset: true } | { applyThenReset: true } = { reset: true },
) {
  world.org.addFaults([{ match: { method: 'POST', path: togglePath() }, times: 1, do: action }])
  const { value } = await request(world, toggle(true))
  return value.id
}

/** An older order for two people comes late: what a newer one wants of the first is left to that. */
async function overtakenInPart(world: ChangeWorld, benchOf = () => world.bench()) {
  const [one, two] = [userAt(world, 0), userAt(world, 1)]
  const askedAtMs = world.clock.nowMs()
  world.clock.advance(10_000)
  await request(world, assigning(giving([one])))
  world.clock.advance(10_000)
  const latestMs = askedAtMs + HOUR_MS
  const late = world.changes({ idempotencyKey: `k${++keys}` }, benchOf())
  const order = assigning({ assignments: [assignment(WALLBOARD, [two], [one])] })
  return { two, delivered: await late.deliver(order, { latestMs, askedAtMs }).catch(() => undefined) }
}

/** Ana's order for an hour, approved by bo, and her request to keep it. */
async function keeping(world: ChangeWorld) {
  const { value } = await request(world, { ...toggle(true), revertAfter: 'PT1H' })
  await world.changes(decision('approve')).approve(value.id, value.digest)
  const { value: kept } = await world
    .records({ operation: 'cancel', idempotencyKey: `k${++keys}` })
    .cancel(value.id)
  return { original: value.id, kept }
}

interface Proof {
  readonly title: string
  readonly options?: ChangeWorldOptions
  /** `FROM TO mover`, with nothing as the state before the first. */
  readonly takes: readonly string[]
  readonly run: (world: ChangeWorld) => Promise<unknown>
}

const proofs: readonly Proof[] = [
  {
    title: 'asked for, sent and read back',
    takes: ['nothing SENT planner', 'SENT APPLIED owner'],
    run: (world) => request(world, toggle(true)),
  },
  {
    title: 'asked for where a change may be at its target, claimed, and asked for again at once',
    takes: ['nothing PLANNED planner', 'PLANNED CLAIMED worker', 'CLAIMED SENT owner', 'CLAIMED NOOP owner'],
    async run(world) {
      await leaveLock(world)
      await request(world, toggle(true))
      await request(world, toggle(true))
    },
  },
  {
    title: 'planned, and applied, called off or left lying',
    takes: [
      'nothing NOOP planner',
      'PLANNED PLANNED person',
      'PLANNED CANCELLED person',
      'PLANNED EXPIRED clock',
    ],
    async run(world) {
      await plan(world, toggle(true, ON))
      const { value: first } = await plan(world, toggle(true))
      const { value: second } = await plan(world, toggle(true))
      await plan(world, toggle(true))
      await world.changes(decision('apply')).apply(first.id, first.digest)
      await world.records(decision('cancel')).cancel(second.id)
      world.clock.advance(9 * HOUR_MS)
      await world.tick()
    },
  },
  {
    title: 'too late when it comes',
    takes: ['nothing EXPIRED planner'],
    run: (world) =>
      world
        .changes({ idempotencyKey: 'k1' })
        .deliver(toggle(true), { latestMs: world.clock.nowMs() - 1, askedAtMs: world.clock.nowMs() }),
  },
  {
    title: 'asked for where the rules want a second person',
    options: RULES,
    takes: [
      'nothing AWAITING_APPROVAL planner',
      'PLANNED AWAITING_APPROVAL person',
      'AWAITING_APPROVAL APPROVED person',
      'AWAITING_APPROVAL REJECTED person',
      'AWAITING_APPROVAL CANCELLED person',
      'AWAITING_APPROVAL EXPIRED clock',
      'APPROVED CLAIMED worker',
    ],
    async run(world) {
      const { value: one } = await request(world, toggle(true))
      const { value: two } = await request(world, toggle(true))
      const { value: three } = await request(world, toggle(true))
      const { value: four } = await plan(world, toggle(true), IN_SLACK)
      await world.changes({ operation: 'apply', idempotencyKey: 'k0' }).apply(four.id, four.digest)
      await world.changes(decision('approve')).approve(one.id, one.digest)
      await world.records(decision('reject')).reject(two.id)
      await world.records(decision('cancel')).cancel(three.id)
      world.clock.advance(9 * HOUR_MS)
      await world.tick()
    },
  },
  {
    title: 'approved for later, and called off, or left lying by a crash',
    options: RULES,
    takes: ['APPROVED CANCELLED person', 'APPROVED EXPIRED clock'],
    async run(world) {
      const notBefore = new Date(world.clock.nowMs() + HOUR_MS).toISOString()
      const { value: one } = await request(world, { ...toggle(true), notBefore })
      await world.changes(decision('approve')).approve(one.id, one.digest)
      await world.records(decision('cancel')).cancel(one.id)
      const { value: two } = await request(world, toggle(true))
      await approveOnRecord(world.bench(), { ...decision('approve') }, two.id, two)
      world.clock.advance(HOUR_MS)
      await world.tick()
    },
  },
  {
    title: 'approved, and given back at a failure that passes',
    options: RULES,
    takes: ['CLAIMED APPROVED owner', 'SENT APPROVED owner'],
    async run(world) {
      const { value } = await request(world, toggle(true))
      world.org.addFaults([{ match: { method: 'GET' }, times: 3, do: { status: 503 } }])
      await world.changes(decision('approve')).approve(value.id, value.digest)
      world.org.addFaults([{ match: { method: 'POST' }, times: 9, do: { status: 429 } }])
      world.clock.advance(2 * MINUTE_MS)
      await world.tick()
    },
  },
  {
    title: 'confirmed, and given back at a failure that passes',
    takes: ['CLAIMED PLANNED owner', 'SENT PLANNED owner'],
    async run(world) {
      const { value } = await plan(world, toggle(true))
      world.org.addFaults([{ match: { method: 'GET' }, times: 3, do: { status: 503 } }])
      await world.changes(decision('apply')).apply(value.id, value.digest)
      world.org.addFaults([{ match: { method: 'POST' }, times: 9, do: { status: 429 } }])
      world.clock.advance(2 * MINUTE_MS)
      await world.tick()
    },
  },
  {
    title: 'not to be read under the lock, or refused',
    takes: ['CLAIMED FAILED owner', 'SENT FAILED owner'],
    async run(world) {
      await leaveLock(world)
      world.org.addFaults([{ match: { method: 'GET' }, skip: 1, times: 3, do: { status: 503 } }])
      await expect(request(world, toggle(true))).rejects.toThrow()
      world.org.addFaults([{ match: { method: 'POST' }, times: 1, do: { status: 400 } }])
      await expect(request(world, toggle(true))).rejects.toThrow()
    },
  },
  {
    title: 'crashed with its claim',
    takes: ['CLAIMED CLAIMED clock', 'CLAIMED EXPIRED clock'],
    async run(world) {
      const claimed = () =>
        world.changes({ idempotencyKey: `k${++keys}` }, crashingAt(world, 'CLAIMED', 'after'))
      await leaveLock(world)
      await expect(claimed().request(toggle(true))).rejects.toThrow()
      world.clock.advance(MINUTE_MS)
      await world.tick()
      await expect(claimed().request(toggle(false))).rejects.toThrow()
      world.clock.advance(HOUR_MS)
      await world.tick()
    },
  },
  {
    title: 'a toggle that crashed with its permit, before it was switched and after',
    takes: ['SENT NEEDS_ATTENTION clock', 'SENT APPLIED clock', 'NEEDS_ATTENTION FAILED person'],
    async run(world) {
      const on = (state: 'SENT' | 'APPLIED', when: 'before' | 'after') =>
        world.changes({ idempotencyKey: `k${++keys}` }, crashingAt(world, state, when)).request(toggle(true))
      await expect(on('SENT', 'after')).rejects.toThrow()
      await quieten(world)
      await settle(world, world.moves.at(-1)?.id ?? '')
      await expect(on('APPLIED', 'before')).rejects.toThrow()
      await quieten(world)
    },
  },
  {
    title: 'an assignment that crashed with its permit is permitted again',
    takes: ['SENT SENT clock'],
    async run(world) {
      const changes = world.changes({ idempotencyKey: 'k1' }, crashingAt(world, 'SENT', 'after'))
      await expect(changes.request(assigning(giving([userAt(world, 0)])))).rejects.toThrow()
      await quieten(world)
    },
  },
  {
    title: 'lost, and not as desired when nothing can land any more',
    takes: ['SENT UNKNOWN owner', 'UNKNOWN NEEDS_ATTENTION clock', 'NEEDS_ATTENTION APPLIED person'],
    async run(world) {
      const id = await lostToggle(world)
      await quieten(world)
      await byHand(world).press()
      await settle(world, id)
    },
  },
  {
    title: 'lost, and done by somebody meanwhile',
    takes: ['UNKNOWN APPLIED clock'],
    async run(world) {
      await lostToggle(world)
      await byHand(world).press()
      await quieten(world)
    },
  },
  {
    title: 'lost, and looked at by a person: done by somebody, or not',
    takes: ['UNKNOWN APPLIED person', 'UNKNOWN FAILED person'],
    async run(world) {
      const one = await lostToggle(world)
      world.clock.advance(QUIET_MS)
      await settle(world, one)
      const two = await lostToggle(world)
      await byHand(world).press()
      world.clock.advance(QUIET_MS)
      await settle(world, two)
    },
  },
  {
    title: 'an assignment lost and sent again',
    takes: ['UNKNOWN SENT clock'],
    async run(world) {
      await lostAssignment(world)
      await quieten(world)
    },
  },
  {
    title: 'an assignment lost, of which a person finds some',
    takes: ['UNKNOWN PARTIAL person'],
    async run(world) {
      const { id, people } = await lostAssignment(world)
      await byHand(world).assign(giving(people.slice(1)))
      world.clock.advance(QUIET_MS)
      await settle(world, id)
    },
  },
  {
    title: 'an assignment lost twice, of which a person finds some',
    takes: ['NEEDS_ATTENTION PARTIAL person'],
    async run(world) {
      const { id, people } = await lostAssignment(world, 2)
      await quieten(world)
      await quieten(world)
      await byHand(world).assign(giving(people.slice(1)))
      world.clock.advance(QUIET_MS)
      await settle(world, id)
    },
  },
  {
    title: 'seen as desired at first, and no longer at the second look',
    takes: ['APPLIED NEEDS_ATTENTION clock'],
    async run(world) {
      await lostToggle(world, { applyThenReset: true })
      await byHand(world).press()
      await quieten(world)
    },
  },
  {
    title: 'on a toggle that has no effect',
    options: { org: { toggles: 'current' } },
    takes: ['SENT NO_EFFECT owner'],
    run: (world) => request(world, toggle(false)),
  },
  {
    title: 'on a toggle that somebody switched just before',
    takes: ['SENT NEEDS_ATTENTION owner'],
    async run(world) {
      const bench = benchOn(
        world,
        beforeRequest(isPost, () => byHand(world).press()),
      )
      await world.changes({ idempotencyKey: 'k1' }, bench).request(toggle(true))
    },
  },
  {
    title: 'asked for before what has come first',
    takes: ['CLAIMED SUPERSEDED owner'],
    async run(world) {
      const askedAtMs = world.clock.nowMs()
      world.clock.advance(MINUTE_MS)
      await request(world, toggle(true))
      await world
        .changes({ idempotencyKey: 'k0' })
        .deliver(toggle(false), { latestMs: askedAtMs + HOUR_MS, askedAtMs })
    },
  },
  {
    title: 'asked for before what has come first, in part',
    takes: ['SENT PARTIAL owner'],
    run: (world) => overtakenInPart(world),
  },
  {
    title: 'the same, crashed with its permit',
    takes: ['SENT PARTIAL clock'],
    async run(world) {
      await overtakenInPart(world, () => crashingAt(world, 'PARTIAL', 'before'))
      await quieten(world)
    },
  },
  {
    title: 'the same, lost and done by somebody meanwhile',
    takes: ['UNKNOWN PARTIAL clock'],
    async run(world) {
      world.org.addFaults([
        { match: { method: 'POST', path: BATCH_PATH }, skip: 1, times: 1, do: { reset: true } },
      ])
      const { two } = await overtakenInPart(world)
      await byHand(world).assign(giving([two]))
      await quieten(world)
    },
  },
  {
    title: 'the same, seen at first and no longer at the second look',
    takes: ['PARTIAL NEEDS_ATTENTION clock'],
    async run(world) {
      const fault = { match: { method: 'POST', path: BATCH_PATH }, skip: 1, times: 1 }
      world.org.addFaults([{ ...fault, do: { applyThenReset: true } }])
      const { two } = await overtakenInPart(world)
      await byHand(world).assign({ assignments: [assignment(WALLBOARD, [], [two])] })
      await quieten(world)
    },
  },
  {
    title: 'kept for good, with approval',
    options: RULES,
    takes: ['APPROVED APPLIED worker'],
    async run(world) {
      const { kept } = await keeping(world)
      await world.changes(decision('approve', CY)).approve(kept.id, kept.digest)
    },
  },
  {
    title: 'kept for good when the revert has begun',
    options: RULES,
    takes: ['APPROVED SUPERSEDED worker'],
    async run(world) {
      const { original, kept } = await keeping(world)
      const dueAtMs = (await headerOf(world, original)).dueAtMs ?? 0
      await advance(world.bench({ clock: { ...world.clock, nowMs: () => dueAtMs } }), original)
      await world.changes(decision('approve', CY)).approve(kept.id, kept.digest)
    },
  },
  {
    title: 'kept for good just as the revert begins',
    options: RULES,
    takes: ['PLANNED CANCELLED worker'],
    async run(world) {
      const { original, kept } = await keeping(world)
      const dueAtMs = (await headerOf(world, original)).dueAtMs ?? 0
      world.clock.advance(dueAtMs - 1 - world.clock.nowMs())
      const late = world.bench({
        clock: { ...world.clock, nowMs: () => dueAtMs },
        ledger: atHeaders(world.store.ledger, async (next, write) => {
          if (next.revert?.changeId !== undefined) {
            await world.changes(decision('approve', CY)).approve(kept.id, kept.digest)
          }
          return await write()
        }),
      })
      await advance(late, original)
      await world.rest()
    },
  },
  ...listProofs,
]

it.each(proofs)('an arrow is taken: $title', async ({ options, takes, run }) => {
  const world = await changeWorld(options)
  await run(world)
  const seen = taken(world)
  expect(seen).toEqual(expect.arrayContaining([...takes]))
})

it('each arrow of the table is taken by one of these, and none is that it does not have', () => {
  expect(proofs.flatMap(({ takes }) => takes).sort()).toEqual(arrows.map(named).sort())
})
