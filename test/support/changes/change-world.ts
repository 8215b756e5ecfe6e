/** Changes against the embedded org over real sockets, their ledger on dynalite, on a clock that the test owns. */
import { onTestFinished } from 'vitest'
import { type Org, type OrgOptions, startOrg } from '../../../infra/local/org/server.ts'
import { takeTurn } from '../../../lib/changes/carry-out/lists/take-turn.ts'
import { tick } from '../../../lib/changes/carry-out/tick.ts'
import { ChangePlanner } from '../../../lib/changes/change-planner.ts'
import { ChangeWriter } from '../../../lib/changes/change-writer.ts'
import type { Actor, Caller } from '../../../lib/changes/model/change.ts'
import type { Announcement } from '../../../lib/changes/model/change-events.ts'
import type { Header } from '../../../lib/changes/model/header.ts'
import type { Policy } from '../../../lib/changes/model/policy.ts'
import type { Desk, TickReport, Workbench } from '../../../lib/changes/record/desk.ts'
import { memoizeLedger } from '../../../lib/changes/record/ledger.ts'
import { RecordKeeper } from '../../../lib/changes/record-keeper.ts'
import { deadlineIn } from '../../../lib/clock.ts'
import { grant } from '../../../lib/credentials/client-credentials.ts'
import { GenesysReads } from '../../../lib/genesys/genesys-reads.ts'
import { newObserved, type Scope, scopeOfDeciding } from '../../../lib/genesys/scope.ts'
import { nodeTransport } from '../../../lib/transport/transport.ts'
import { type FakeClock, fakeClock } from '../fake-clock.ts'
import { openLedger, type TestLedger } from '../ledger/ledger.ts'
import { type ReadOrg, readOrg } from './read-org.ts'

/** As an operation has it. Milliseconds. */
const REQUEST_MS = 13_500

/** As in production, so that a busy machine never meets it; tests of timeouts set their own. Milliseconds. */
const PATIENT_MS = 8_000

export interface ChangeWorld extends ReadOrg {
  readonly org: Org
  readonly clock: FakeClock
  readonly store: TestLedger
  /** What went out on the bus. */
  readonly told: Announcement[]
  /** Headers whose transition was logged, as they then were. */
  readonly moves: Header[]
  /** What was logged beside them. */
  readonly left: string[]
  /** A new invocation's workbench. */
  readonly bench: (changed?: Partial<Workbench & Pick<Scope, 'perTryTimeoutMs'>>) => Workbench
  readonly changes: (caller?: Partial<Caller>, bench?: Workbench) => ChangeWriter
  readonly plans: (caller?: Partial<Caller>, bench?: Workbench) => ChangePlanner
  readonly records: (caller?: Partial<Caller>) => RecordKeeper
  readonly tick: () => Promise<TickReport>
  /** Takes the turns that lists have asked for, one after the other, until none is asked for any more. */
  readonly takeTurns: (most?: number) => Promise<void>
  /** The queue loses what is in it. */
  readonly loseTurns: () => void
  /** Moves the clock on to what is due next, and ticks, until time does nothing more. */
  readonly rest: () => Promise<void>
  /** POSTs that the org was sent to license paths that write. */
  readonly posts: () => number
  readonly close: () => Promise<void>
}

export const ANA: Omit<Actor, 'person'> = { kind: 'jwt', id: 'ana' }
export const BO: Omit<Actor, 'person'> = { kind: 'jwt', id: 'bo' }

export const PEOPLE: Policy['people'] = {
  ana: { role: 'operator', jwt: ['ana'], slack: ['U1'] },
  bo: { role: 'approver', jwt: ['bo'] },
}

/** The same, with names beside their short ones. */
export const NAMED_PEOPLE: Policy['people'] = {
  ana: { role: 'operator', jwt: ['ana'], slack: ['U1'], name: 'Ana Abebe' },
  bo: { role: 'approver', jwt: ['bo'], name: 'Bo Öz' },
}

export interface ChangeWorldOptions {
  readonly org?: OrgOptions
  readonly approvals?: Policy['approvals']
  /** Of the org file beside that. */
  readonly policy?: Partial<Policy>
}

/** A world of its own, which ends with the test. */
export async function changeWorld(options: ChangeWorldOptions = {}): Promise<ChangeWorld> {
  const world = await openChangeWorld(options)
  onTestFinished(world.close)
  return world
}

export async function openChangeWorld({
  org: orgOptions,
  approvals = [],
  policy: changedPolicy = {},
}: ChangeWorldOptions): Promise<ChangeWorld> {
  const clock = fakeClock()
  const store = await openLedger()
  const org = await startOrg({
    users: 40,
    toggles: 'legacy',
    requestsPerMinute: 1e9,
    now: clock.nowMs,
    ...orgOptions,
  })
  const { accessToken } = await grant(org.clients.writer, org.url, nodeTransport, clock)
  const told: Announcement[] = []
  const moves: Header[] = []
  const turns: string[] = []
  const askedAtMs = new Map<string, number>()
  const left: string[] = []
  const policy: Policy = { approvals, people: PEOPLE, ...changedPolicy }
  const reader = readOrg({ store, clock, policy, scope: () => bench().scope })
  const desk: Desk = {
    ledger: store.ledger,
    clock,
    policy,
    seats: reader.readings,
    log: {
      noteMove: (header) => moves.push(header),
      noteDeferred: (changeId, what, error) => left.push(`${changeId} ${what} ${error}`),
      noteRefusal: (id, why) => left.push(`${id} ${why}`),
      noteUnasked: (changeId, pairs) => left.push(`${changeId} ${pairs} unasked`),
      noteTick: () => {},
    },
  }

  const bench: ChangeWorld['bench'] = ({ perTryTimeoutMs = PATIENT_MS, ...changed } = {}) => {
    const onClock = changed.clock ?? clock
    const scope: Scope = {
      transport: nodeTransport,
      origins: { api: org.url, login: org.url },
      clock: onClock,
      deadline: deadlineIn(REQUEST_MS, onClock),
      token: { value: accessToken, renew: async () => {} },
      observed: newObserved(),
      perTryTimeoutMs,
    }
    const bus: Workbench['bus'] = {
      async put(announcements) {
        told.push(...announcements)
        return announcements.map(() => true)
      },
    }
    const lists: Workbench['lists'] = {
      async askForTurn(changeId, turn) {
        // SQS takes a message of the same name for the same for five minutes, whatever became of it.
        if (clock.nowMs() - (askedAtMs.get(turn) ?? Number.NEGATIVE_INFINITY) < 300_000) return
        askedAtMs.set(turn, clock.nowMs())
        turns.push(changeId)
      },
    }
    return {
      ...desk,
      roster: reader.roster,
      lists,
      ledger: memoizeLedger(desk.ledger),
      scope,
      genesys: new GenesysReads(scopeOfDeciding(changed.scope ?? scope)),
      bus,
      ...changed,
    }
  }
  const callerOf = (caller: Partial<Caller> = {}): Caller => ({ actor: ANA, operation: 'test', ...caller })
  const tickNow = () => tick(desk, async () => bench())
  const takeTurns: ChangeWorld['takeTurns'] = async (most = Number.POSITIVE_INFINITY) => {
    for (let taken = 0; taken < most; taken++) {
      const changeId = turns.shift()
      if (changeId === undefined) return
      await takeTurn(bench(), changeId)
    }
  }

  return {
    ...reader,
    org,
    clock,
    store,
    told,
    moves,
    left,
    bench,
    changes: (caller, on = bench()) => new ChangeWriter(on, callerOf(caller)),
    plans: (caller, on = bench()) => new ChangePlanner(on, callerOf(caller)),
    records: (caller) => new RecordKeeper(desk, () => callerOf(caller)),
    tick: tickNow,
    takeTurns,
    loseTurns() {
      turns.length = 0
    },
    async rest() {
      const HORIZON_MS = 400 * 86_400_000
      for (let ticks = 0; ticks < 100; ticks++) {
        const [next] = await dueTimes(store, clock.nowMs() + HORIZON_MS)
        if (next === undefined) return
        clock.advance(Math.max(0, next - clock.nowMs()))
        await tickNow()
        await takeTurns()
      }
      throw new Error('time does not stop doing something to the changes')
    },
    posts: () =>
      org
        .requests()
        .filter(({ method, path }) => method === 'POST' && /license\/(organization|toggles\/)/.test(path))
        .length,
    async close() {
      await org.close()
      await store.close()
    },
  }
}

/** When changes are due, the earliest first. */
async function dueTimes({ ledger }: TestLedger, untilMs: number): Promise<number[]> {
  const headers = await Promise.all((await ledger.due(untilMs, 1_000)).map((id) => ledger.get(id)))
  return headers.flatMap((header) => header?.dueAtMs ?? []).sort((a, b) => a - b)
}

/** The header of a change. @throws Error where there is none. */
export async function headerOf({ store }: ChangeWorld, changeId: string): Promise<Header> {
  const header = await store.ledger.get(changeId)
  if (!header) throw new Error(`There is no change ${changeId}`)
  return header
}

/** Every change on record. */
export async function allChanges({ store }: ChangeWorld): Promise<readonly Header[]> {
  const { headers } = await store.ledger.list({ filter: {}, limit: 100 })
  return headers
}
