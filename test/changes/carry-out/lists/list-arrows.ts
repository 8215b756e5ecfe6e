/** How each arrow of a list is taken: lists of one part, since all others hold the license already. */
import {
  assigning,
  BATCH_PATH,
  byHand,
  giving,
  hasWallboard,
  taking,
  WALLBOARD,
} from '../../../support/changes/change-orders.ts'
import { ANA, BO, type ChangeWorld, type ChangeWorldOptions } from '../../../support/changes/change-world.ts'

const MINUTE_MS = 60_000

/** A few more than one write may have. */
const USERS = 505

/** The most that one request by hand has. */
const BY_HAND = 400

const LISTS: ChangeWorldOptions = { org: { users: USERS } }

interface Begun {
  readonly id: string
  /** Whom the one part gives the license to. */
  readonly people: string[]
}

const keyed = (operation: string, actor = ANA) => ({ actor, operation, idempotencyKey: `${operation}-list` })
const pause = (world: ChangeWorld, { id }: Begun) => world.records(keyed('pause')).pause(id)

async function planFew(world: ChangeWorld) {
  const ids = world.org.people(USERS).map(({ id }) => id)
  const lacking = ids.filter((id) => !hasWallboard(world, id))
  const rest = lacking.slice(3)
  await byHand(world).assign(giving(rest.slice(0, BY_HAND)))
  await byHand(world).assign(giving(rest.slice(BY_HAND)))
  const { value } = await world.plans(keyed('plan')).plan(assigning(giving(ids)))
  return { plan: value, people: lacking.slice(0, 3) }
}

async function begin(world: ChangeWorld): Promise<Begun> {
  const { plan, people } = await planFew(world)
  await world.changes(keyed('apply')).apply(plan.id, plan.digest)
  return { id: plan.id, people }
}

/** A list whose only part is tried again later, since Genesys had no time for it. */
async function beginPutOff(world: ChangeWorld): Promise<Begun> {
  const begun = await begin(world)
  fail(world, { status: 429 }, 9)
  await world.takeTurns()
  world.org.clearFaults()
  return begun
}

function fail(
  world: ChangeWorld,
  action: Parameters<ChangeWorld['org']['addFaults']>[0][0]['do'],
  times = 1,
): void {
  world.org.addFaults([{ match: { method: 'POST', path: BATCH_PATH }, times, do: action }])
}

/** Newer changes leave these people as the list found them. */
async function overtake(world: ChangeWorld, people: string[]): Promise<void> {
  for (const [place, order] of [giving(people), taking(people)].entries()) {
    world.clock.advance(MINUTE_MS)
    await world.changes({ idempotencyKey: `newer-${place}` }).request(assigning(order))
  }
}

export const listProofs = [
  {
    title: 'a list, begun, paused, resumed and carried out',
    options: LISTS,
    takes: [
      'PLANNED RUNNING worker',
      'RUNNING PAUSED person',
      'PAUSED RUNNING person',
      'RUNNING APPLIED worker',
    ],
    async run(world: ChangeWorld) {
      const begun = await begin(world)
      await pause(world, begun)
      await world.changes(keyed('resume')).resume(begun.id)
      await world.takeTurns()
    },
  },
  {
    title: 'a list, approved, and called off before any of it',
    options: { ...LISTS, approvals: [{ peopleOver: 1 }] },
    takes: ['APPROVED RUNNING worker', 'RUNNING CANCELLED worker'],
    async run(world: ChangeWorld) {
      const { plan } = await planFew(world)
      await world.changes(keyed('approve', BO)).approve(plan.id, plan.digest)
      await world.records(keyed('cancel')).cancel(plan.id)
      await world.takeTurns()
    },
  },
  {
    title: 'lists that were approved, and of which nothing has begun when that lapses',
    options: { ...LISTS, approvals: [{ peopleOver: 1 }] },
    takes: ['RUNNING EXPIRED clock', 'PAUSED EXPIRED clock'],
    async run(world: ChangeWorld) {
      const { plan } = await planFew(world)
      const { value: other } = await world.plans(keyed('other')).plan({
        ...assigning(taking(world.org.people(USERS).map(({ id }) => id))),
      })
      for (const { id, digest, impact } of [plan, other]) {
        await world.changes(keyed(`approve-${id}`, BO)).approve(id, digest, impact?.people)
      }
      await world.records(keyed('pause')).pause(other.id)
      world.clock.advance(8 * 60 * MINUTE_MS)
      await world.tick()
    },
  },
  {
    title: 'a list of which everything was done by hand meanwhile',
    options: LISTS,
    takes: ['RUNNING NOOP worker'],
    async run(world: ChangeWorld) {
      const { people } = await begin(world)
      await byHand(world).assign(giving(people))
      await world.takeTurns()
    },
  },
  {
    title: 'a list that newer changes have overtaken',
    options: LISTS,
    takes: ['RUNNING SUPERSEDED worker'],
    async run(world: ChangeWorld) {
      const { people } = await begin(world)
      await overtake(world, people)
      await world.takeTurns()
    },
  },
  {
    title: 'a list of which newer changes have overtaken one person',
    options: LISTS,
    takes: ['RUNNING PARTIAL worker'],
    async run(world: ChangeWorld) {
      const { people } = await begin(world)
      await overtake(world, people.slice(0, 1))
      await world.takeTurns()
      await world.rest()
    },
  },
  {
    title: 'a list that Genesys refuses',
    options: LISTS,
    takes: ['RUNNING FAILED worker'],
    async run(world: ChangeWorld) {
      await begin(world)
      fail(world, { status: 400 })
      await world.takeTurns()
    },
  },
  {
    title: 'a list whose part was lost twice',
    options: LISTS,
    takes: ['RUNNING NEEDS_ATTENTION worker'],
    async run(world: ChangeWorld) {
      await begin(world)
      fail(world, { reset: true }, 2)
      await world.takeTurns()
      await world.rest()
    },
  },
  {
    title: 'a list that is paused while its last part is looked at a second time',
    options: LISTS,
    takes: ['PAUSED APPLIED worker'],
    async run(world: ChangeWorld) {
      const begun = await begin(world)
      fail(world, { applyThenReset: true })
      await world.takeTurns()
      await pause(world, begun)
      await world.rest()
    },
  },
  {
    title: 'the same, of which newer changes have overtaken one person',
    options: LISTS,
    takes: ['PAUSED PARTIAL worker'],
    async run(world: ChangeWorld) {
      const begun = await begin(world)
      await overtake(world, begun.people.slice(0, 1))
      fail(world, { applyThenReset: true })
      await world.takeTurns()
      await pause(world, begun)
      await world.rest()
    },
  },
  {
    title: 'a list that is paused while its last part is lost, twice',
    options: LISTS,
    takes: ['PAUSED NEEDS_ATTENTION worker'],
    async run(world: ChangeWorld) {
      const begun = await begin(world)
      fail(world, { reset: true }, 2)
      await world.takeTurns()
      await pause(world, begun)
      await world.rest()
    },
  },
  {
    title: 'a list that is paused while its last part waits, and done by hand meanwhile',
    options: LISTS,
    takes: ['PAUSED NOOP worker'],
    async run(world: ChangeWorld) {
      const begun = await beginPutOff(world)
      await pause(world, begun)
      await byHand(world).assign(giving(begun.people))
      await world.rest()
    },
  },
  {
    title: 'the same, overtaken by newer changes meanwhile',
    options: LISTS,
    takes: ['PAUSED SUPERSEDED worker'],
    async run(world: ChangeWorld) {
      const begun = await beginPutOff(world)
      await pause(world, begun)
      await overtake(world, begun.people)
      await world.rest()
    },
  },
  {
    title: 'the same, refused by Genesys then',
    options: LISTS,
    takes: ['PAUSED FAILED worker'],
    async run(world: ChangeWorld) {
      const begun = await beginPutOff(world)
      await pause(world, begun)
      fail(world, { status: 400 })
      await world.rest()
    },
  },
  {
    title: 'a list that is paused and called off before any of it',
    options: LISTS,
    takes: ['PAUSED CANCELLED worker'],
    async run(world: ChangeWorld) {
      const begun = await begin(world)
      await pause(world, begun)
      await world.records(keyed('cancel')).cancel(begun.id)
      await world.rest()
    },
  },
  {
    title: 'a list that a turn plans: what there is to do, and nothing to do',
    takes: ['nothing PLANNING planner', 'PLANNING PLANNED worker', 'PLANNING NOOP worker'],
    async run(world: ChangeWorld) {
      const [holder = ''] = holdersIn(world)
      await planInTurn(world, { [WALLBOARD]: [holder] })
      await planInTurn(world, { [WALLBOARD]: holdersIn(world) })
    },
  },
  {
    title: 'a list that a turn plans, and a second person is to approve',
    options: { approvals: [{ peopleOver: 0 }] },
    takes: ['PLANNING AWAITING_APPROVAL worker'],
    run: (world: ChangeWorld) => planInTurn(world, { [WALLBOARD]: [] }),
  },
  {
    title: 'a list of bad rows, and one that the org file does not let anybody ask for',
    options: { policy: { limits: { mostPeople: 1 } } },
    takes: ['PLANNING INVALID worker', 'PLANNING FAILED worker'],
    async run(world: ChangeWorld) {
      await planInTurn(world, { [WALLBOARD]: ['nobody@example.com'] })
      await planInTurn(world, { [WALLBOARD]: [] })
    },
  },
  {
    title: 'a list that is called off before it is planned, and one of which no reading can be had',
    takes: ['PLANNING CANCELLED person', 'PLANNING EXPIRED clock'],
    async run(world: ChangeWorld) {
      const { value } = await order(world, { [WALLBOARD]: [] })
      await world.records(keyed('cancel')).cancel(value.id)
      await order(world, { [WALLBOARD]: [] })
      world.clock.advance(3 * 60 * MINUTE_MS)
      await world.tick()
    },
  },
]

function holdersIn(world: ChangeWorld): string[] {
  const ids = world.org.people(40).map(({ id }) => id)
  return ids.filter((id) => hasWallboard(world, id))
}

let orders = 0
function order(world: ChangeWorld, licenses: Readonly<Record<string, string[]>>) {
  return world.plans(keyed(`order-${++orders}`)).plan({ kind: 'desired', licenses, mode: 'exact' })
}

/** Ordered, and planned by a turn once there is a reading that began after it was. */
async function planInTurn(world: ChangeWorld, licenses: Readonly<Record<string, string[]>>) {
  await order(world, licenses)
  world.clock.advance(MINUTE_MS)
  await world.tick()
  await world.read()
  world.clock.advance(5 * MINUTE_MS)
  await world.tick()
  await world.takeTurns()
}
