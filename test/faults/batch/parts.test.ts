/** Group D of the fault catalogue, of a list: each of its parts meets another fault, and none of them costs another part anything. */
import { expect, test } from 'vitest'
import type { OrgFault } from '../../../infra/local/org/faults/faults.ts'
import { takeTurn } from '../../../lib/changes/carry-out/lists/take-turn.ts'
import { tick } from '../../../lib/changes/carry-out/tick.ts'
import { partIdOf } from '../../../lib/changes/model/record-ids.ts'
import { grant } from '../../../lib/credentials/client-credentials.ts'
import { nodeTransport, type Transport } from '../../../lib/transport/transport.ts'
import {
  assigning,
  BATCH_PATH,
  byHand,
  giving,
  hasWallboard,
  isPost,
  taking,
  toldTypes,
  WALLBOARD,
} from '../../support/changes/change-orders.ts'
import { type ChangeWorld, changeWorld, headerOf } from '../../support/changes/change-world.ts'
import { textOf } from '../../support/ledger/ledger.ts'

const MINUTE_MS = 60_000
const USERS_PATH = '/api/v2/license/users'

/** Requests that read the people of a part. */
const READS_A_PART = 1

const keyed = (what: string) => ({ operation: what, idempotencyKey: `${what}-1` })

/** A list about so many people, each of whom lacks the license, applied. */
async function beginList(world: ChangeWorld, ids: readonly string[], key = 'list') {
  const { value } = await world.plans(keyed(`plan-${key}`)).plan(assigning(giving([...ids])))
  // (D32)
  expect(world.posts()).toBe(0)
  await world.changes(keyed(`apply-${key}`)).apply(value.id, value.digest)
  return value.id
}

/** Benches of one container: once Genesys has taken its token back, it finds another. */
function benchesOf(world: ChangeWorld) {
  const { scope } = world.bench()
  const token = {
    value: scope.token.value,
    renewals: 0,
    async renew() {
      token.renewals += 1
      const { accessToken } = await grant(world.org.clients.writer, world.org.url, nodeTransport, world.clock)
      token.value = accessToken
    },
  }
  const benchOn = (transport: Transport) =>
    world.bench({ scope: { ...world.bench().scope, transport, token } })
  return { benchOn, token }
}

/** What goes to Genesys, with the people of each write. */
function recorded(inner: Transport = nodeTransport) {
  const writes: string[][] = []
  const transport: Transport = (request) => {
    if (isPost(request)) writes.push(peopleIn(textOf(request)))
    return inner(request)
  }
  return { writes, transport }
}

const peopleIn = (body: string) =>
  (JSON.parse(body) as ReturnType<typeof giving>).assignments.flatMap(({ userIdsAdd }) => userIdsAdd)

/** Genesys carries out half of a write, and says that it failed. */
const halved: Transport = async (request) => {
  const half = giving(peopleIn(textOf(request)).slice(0, 40))
  await nodeTransport({ ...request, body: JSON.stringify(half) })
  return { status: 500, headers: {}, body: Buffer.alloc(0) }
}

interface PartCase {
  readonly title: string
  /** What Genesys does to the part's first write. */
  readonly fault?: OrgFault['do'] | ((people: readonly string[]) => OrgFault['do'])
  readonly through?: Transport
  readonly state: string
  readonly outcomes: Readonly<Record<string, number>>
  /** People of each of its writes. */
  readonly writes: readonly number[]
}

const status = (userId: string, result: string) => ({ userId, licenseId: WALLBOARD, result })
const none = { 'not.applied': 95 }
const all = { applied: 95 }

const cases: readonly PartCase[] = [
  {
    title: '(D11) a license that is gone',
    fault: { status: 404 },
    state: 'FAILED',
    outcomes: none,
    writes: [95],
  },
  {
    title: '(D12) fewer statuses',
    fault: { status: 200, body: [] },
    state: 'FAILED',
    outcomes: none,
    writes: [95],
  },
  {
    title: '(D14) a text that nobody knows',
    fault: (people) => ({ status: 200, body: people.map((each) => status(each, 'SCHEDULED')) }),
    state: 'FAILED',
    outcomes: none,
    writes: [95],
  },
  {
    title: '(D15) statuses that contradict each other',
    fault: (people) => ({
      status: 200,
      body: people.flatMap((each) => [status(each, 'SUCCESS'), status(each, 'FAILURE')]),
    }),
    state: 'FAILED',
    outcomes: none,
    writes: [95],
  },
  {
    title: '(D16) a 429',
    fault: { status: 429, headers: { 'Retry-After': 12 } },
    state: 'APPLIED',
    outcomes: all,
    writes: [95, 95],
  },
  { title: '(D17) a 401', fault: { revokeToken: true }, state: 'APPLIED', outcomes: all, writes: [95, 95] },
  {
    title: '(D19) a 500, and half of it was done',
    through: halved,
    state: 'APPLIED',
    outcomes: all,
    writes: [95, 55],
  },
  {
    title: '(D20) a lost answer, and it was done',
    fault: { applyThenReset: true },
    state: 'APPLIED',
    outcomes: all,
    writes: [95],
  },
  {
    title: '(D21) a lost answer, and it was not done',
    fault: { reset: true },
    state: 'APPLIED',
    outcomes: all,
    writes: [95, 95],
  },
]

test('each part of a list that meets a fault ends as reading back shows, and the other parts go on', async () => {
  const USERS = 1_150
  const world = await changeWorld({ org: { users: USERS } })
  const people = world.org.people(USERS).map(({ id }) => id)
  const lacking = people.filter((id) => !hasWallboard(world, id)).slice(0, (cases.length + 1) * 95)
  const id = await beginList(world, lacking)
  const watched = new Map<string, ReturnType<typeof recorded>>()
  const { benchOn, token } = benchesOf(world)

  const goOn = async () => {
    world.clock.advance(MINUTE_MS)
    const bench = benchOn(later.transport)
    await tick(bench, async () => bench)
  }
  const later = recorded()
  for (const [n, { title, fault, through }] of cases.entries()) {
    const { targets } = await world.store.ledger.part(await headerOf(world, id), n)
    const inPart = targets.flatMap((target) => ('userId' in target ? [target.userId] : []))
    const action = typeof fault === 'function' ? fault(inPart) : fault
    if (action) world.org.addFaults([{ match: { path: BATCH_PATH }, do: action }])
    const wire = recorded(through && ((request) => (isPost(request) ? through : nodeTransport)(request)))
    watched.set(title, wire)
    const startedAtMs = world.clock.nowMs()
    await takeTurn(benchOn(wire.transport), id)
    world.org.clearFaults()
    const { list } = await headerOf(world, id)
    expect([title, list?.next]).toEqual([title, n + 1])
    if (title.includes('D16')) expect((list?.waitUntilMs ?? 0) - startedAtMs).toBeGreaterThanOrEqual(12_000)
    await goOn()
  }
  expect(token.renewals).toBe(1)

  for (let minutes = 0; minutes < 2; minutes++) await goOn()
  // (D22) the answer to the last part is lost, and for long nothing can be read either.
  world.org.addFaults([{ match: { path: BATCH_PATH }, do: { applyThenReset: true } }])
  world.org.addFaults([
    { match: { path: USERS_PATH }, skip: READS_A_PART, times: 1_000_000, do: { status: 503 } },
  ])
  await takeTurn(benchOn(later.transport), id)
  for (let minutes = 0; minutes < 20; minutes++) await goOn()
  const attention = await headerOf(world, id)
  expect(attention.state).toBe('NEEDS_ATTENTION')
  expect(toldTypes(world).at(-1)).toBe('License Change Needs Attention')
  const change = await world.records().change(id)
  expect(change.list?.needAttention).toEqual([partIdOf(id, cases.length)])
  expect(change.list?.outcomes).toMatchObject({ applied: 5 * 95, notApplied: 4 * 95, unknown: 95 })
  world.org.clearFaults()

  for (const [n, { title, state, outcomes, writes }] of cases.entries()) {
    const part = await headerOf(world, partIdOf(id, n))
    const own = await world.store.ledger.part(await headerOf(world, id), n)
    const inPart = new Set(own.targets.flatMap((target) => ('userId' in target ? [target.userId] : [])))
    const sent = [...(watched.get(title)?.writes ?? []), ...later.writes].filter(([first = '']) =>
      inPart.has(first),
    )
    const evidence = await world.store.ledger.evidence(part)
    const counted = Object.groupBy(evidence?.outcomes ?? [], (each) => each)
    const counts = Object.fromEntries(Object.entries(counted).map(([each, of]) => [each, of?.length]))
    expect([title, part.state, counts, sent.map(({ length }) => length)]).toEqual([
      title,
      state,
      outcomes,
      writes,
    ])
    for (const userId of inPart)
      expect([title, hasWallboard(world, userId)]).toEqual([title, state === 'APPLIED'])
  }

  // Somebody has it looked at: what is read decides, and what it came to is told of all.
  const settled = await world.plans(keyed('settle'), benchOn(later.transport)).settle(id)
  expect(settled.value).toMatchObject({
    state: 'PARTIAL',
    list: { outcomes: { applied: 6 * 95, notApplied: 4 * 95 } },
  })
  expect(settled.value.list?.outcomes.unknown).toBeUndefined()
  expect(settled.value.list?.needAttention).toBeUndefined()
  expect((await headerOf(world, partIdOf(id, cases.length))).state).toBe('APPLIED')
})

test('of two lists that want opposites the newer wish decides about each pair that it is to change, whichever of them comes to it first; what the older one changes before the newer has looked is a conflict that its retry decides (D27)', async () => {
  const USERS = 620
  const world = await changeWorld({ org: { users: USERS } })
  const ids = world.org.people(USERS).map(({ id }) => id)
  const lacking = ids.filter((id) => !hasWallboard(world, id))
  const older = await beginList(world, ids, 'older')
  // Somebody gives it by hand to half of those whom the older list is about, and then asks to take it from everybody.
  const byThem = lacking.slice(0, 300)
  await byHand(world).assign(giving(byThem))
  world.clock.advance(MINUTE_MS)
  const { value: plan } = await world.plans(keyed('newer')).plan(assigning(taking(ids)))
  const newer = plan.id
  const { digest } = plan
  await world.changes(keyed('apply-newer')).apply(newer, digest, plan.impact?.people)
  // The newer one takes its first turns before the older.
  await takeTurn(world.bench(), newer)
  await takeTurn(world.bench(), older)
  await takeTurn(world.bench(), newer)
  for (let minutes = 0; minutes < 5; minutes++) {
    await world.takeTurns()
    world.clock.advance(MINUTE_MS)
    await world.tick()
  }
  const [first, second] = [await world.records().change(older), await world.records().change(newer)]
  expect(second.state).toBe('PARTIAL')
  expect(second.list?.outcomes.conflict).toBe(first.list?.outcomes.applied)
  expect(first.state).toBe('PARTIAL')
  expect(first.list?.outcomes.superseded).toBeGreaterThan(0)
  const taken = new Set(await givenBy(world, newer))
  for (const id of taken) expect(hasWallboard(world, id)).toBe(false)
  for (const id of byThem) expect(taken.has(id)).toBe(true)

  const { value: again } = await world.plans(keyed('retry')).retry(newer)
  await world.changes(keyed('apply-retry')).apply(again.id, again.digest, again.impact?.people)
  for (const id of ids) expect(hasWallboard(world, id)).toBe(false)
})

/** Of whom a list's results say that it brought about what it was for. */
async function givenBy(world: ChangeWorld, changeId: string): Promise<string[]> {
  const found: string[] = []
  for await (const rows of world.records().resultRows(changeId, 'applied')) {
    for (const { userId } of rows) if (typeof userId === 'string') found.push(userId)
  }
  return found
}
