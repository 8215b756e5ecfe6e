/**
 * The tick: what time does to changes, and what a crash abandoned. Once a minute, and safe to run twice. What is due for
 * a person's licenses comes before telling of it, kind by kind in turns, and what fails is put off, so that nothing holds
 * up what stands behind it.
 */

import { type Deadline, deadlineBefore } from '../../clock.ts'
import { GatewayError } from '../../errors.ts'
import { type DueWork, dueSinceOf, dueWorks, isUnpublished, worksDueOf } from '../model/due.ts'
import type { Header } from '../model/header.ts'
import { TICK_MS } from '../model/timing.ts'
import { isUntold, pauseOf } from '../model/write-switch.ts'
import type { Desk, TickReport, Workbench } from '../record/desk.ts'
import { amendHeader, storeHeader } from '../record/write-header.ts'
import { advance } from './advance.ts'
import { tell } from './announce.ts'
import { partPace } from './lists/shared-pace.ts'
import { MAX_SCHEDULES_TOLD, tellSchedules } from './tell-schedules.ts'
import { tellSwitch } from './tell-switch.ts'

/** Changes looked at in one tick, the longest due first: some 5 MB of headers. What fails leaves them by being put off. */
const MAX_CHANGES = 1_000

/** With less than this left for the work, milliseconds, no further change is begun. */
const MIN_WORK_MS = 12_000

/** Of the invocation, kept for telling, milliseconds: two tries that hang, and noting what was put off. */
const TELLING_MS = 3_000

/** With less than this left, milliseconds, nothing more is told: one try that hangs, and its note. */
const MIN_TELLING_MS = 1_200

/** Failures in a row after which the bus is left alone until the next tick. */
const MAX_FAILURES_IN_ROW = 2

/** The longest that anything is put off: so long at most after all is well again it is done. Milliseconds. */
const LONGEST_PUT_OFF_MS = 10 * 60_000

/** What one tick has come to. */
interface TickRound {
  advanced: number
  failed: number
  told: number
  /** By id: since when what was left is due. */
  readonly leftSinceMs: Map<string, number>
  /** By id: what is to be told, as it stands. */
  readonly untold: Map<string, Header>
}

/**
 * Advances what is due, one after the other: it shares the rate limit with people who wait.
 *
 * @param openBench called only where something is due, with the time that there is for all but telling: it takes an
 *   access token, which a new stack has not yet.
 * @param deadline of the invocation; the bench's own where there is no other.
 * @throws GatewayError `ledger.unavailable` where what is due cannot be found out.
 */
export async function tick(
  { ledger, clock, policy, log }: Desk,
  openBench: (deadline: Deadline | undefined) => Promise<Workbench>,
  deadline?: Deadline,
): Promise<TickReport> {
  const round: TickRound = { advanced: 0, failed: 0, told: 0, leftSinceMs: new Map(), untold: new Map() }
  const ids = await ledger.due(clock.nowMs(), MAX_CHANGES)
  let bench: Workbench | undefined
  if (ids.length > 0) {
    bench = await openBench(deadline && deadlineBefore(deadline, TELLING_MS))
    const headers = await ledger.headers(ids)
    for (const id of ids.filter((each) => !headers.has(each))) {
      // Nor can it be put off: whoever wrote it knows how.
      round.failed += 1
      round.leftSinceMs.set(id, clock.nowMs())
      log.noteDeferred(id, 'the tick could not advance it: no record that this version knows', undefined)
    }
    await workOff(bench, [...headers.values()], round)
    await tellAll(bench, deadline ?? bench.scope.deadline, round)
  }
  const isPaused = await watchSwitch(
    { ledger, policy, log },
    async () => bench ?? (await openBench(deadline)),
  )
  await watchSchedules({ ledger, clock, log }, async () => bench ?? (await openBench(deadline)))
  const { leftSinceMs, untold: _untold, ...counts } = round
  const oldestMs = Math.min(clock.nowMs(), ...leftSinceMs.values())
  return {
    ...counts,
    stillDue: leftSinceMs.size,
    oldestDueMs: clock.nowMs() - oldestMs,
    open: await countOpen(ledger),
    isPaused,
  }
}

/**
 * Tells of the stop switch, where somebody has thrown it.
 *
 * @returns whether writes are paused. What cannot be read or told is for the next tick: each change asks for itself.
 */
async function watchSwitch(
  { ledger, policy, log }: Pick<Desk, 'ledger' | 'policy' | 'log'>,
  openBench: () => Promise<Workbench>,
): Promise<boolean | undefined> {
  let isPaused: boolean | undefined
  try {
    const thrown = await ledger.writeSwitch()
    isPaused = pauseOf(policy, thrown) !== undefined
    if (thrown && isUntold(thrown)) await tellSwitch(await openBench(), thrown)
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    log.noteDeferred('writes', 'the stop switch could not be looked at, or told', error)
  }
  return isPaused
}

/** Tells of schedules that come to nothing. What cannot be read or told is for the next tick. */
async function watchSchedules(
  { ledger, clock, log }: Pick<Desk, 'ledger' | 'clock' | 'log'>,
  openBench: () => Promise<Workbench>,
): Promise<void> {
  try {
    const untold = await ledger.schedulesToTell(clock.nowMs(), MAX_SCHEDULES_TOLD)
    if (untold.length > 0) await tellSchedules(await openBench(), untold)
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    log.noteDeferred('schedules', 'what is to be told of schedules could not be looked at, or told', error)
  }
}

/** What is due at whatever time; undefined where that cannot be known, since it is told and nothing hangs on it. */
async function countOpen(ledger: Desk['ledger']): Promise<number | undefined> {
  try {
    return (await ledger.due(Number.MAX_SAFE_INTEGER, MAX_CHANGES)).length
  } catch {
    return undefined
  }
}

/** Everything but telling, for as long as there is time. */
async function workOff(bench: Workbench, headers: readonly Header[], round: TickRound): Promise<void> {
  const nowMs = bench.clock.nowMs()
  const note = (header: Header) => {
    if (isUnpublished(header)) round.untold.set(header.id, header)
  }
  const queues = new Map<DueWork, Header[]>(dueWorks.map((work) => [work, []]))
  for (const header of headers) {
    const [first] = worksDueOf(header, nowMs)
    if (first !== undefined) queues.get(first)?.push(header)
  }
  for (const header of queues.get('tell') ?? []) note(header)
  queues.delete('tell')

  const pace = partPace(bench)
  for (const [work, header] of inTurns(queues)) {
    const { id, partOf } = header
    const sinceMs = dueSinceOf(header, work) ?? nowMs
    if (bench.scope.deadline.remainingMs() < MIN_WORK_MS) {
      round.leftSinceMs.set(header.id, sinceMs)
      note(header)
      continue
    }
    try {
      if (partOf && !(await pace.mayGoOn(partOf.changeId))) {
        round.leftSinceMs.set(id, sinceMs)
        continue
      }
      const goOn = (on: Workbench) =>
        advance(on, id, undefined, async (_, standing) => {
          note(standing)
          return standing
        })
      const rest = await (partOf ? pace.count(partOf.changeId, goOn) : goOn(bench))
      if (rest.kind !== 'stopped') round.advanced += 1
      else {
        // It is SENT, and due again by itself.
        round.failed += 1
        round.leftSinceMs.set(header.id, sinceMs)
      }
    } catch (error) {
      round.failed += 1
      round.leftSinceMs.set(header.id, sinceMs)
      bench.log.noteDeferred(header.id, 'the tick could not advance it', error)
      note(await putOff(bench, header, 'workPutOff', sinceMs))
    }
  }
}

/** One of each kind after the other, the longest due first: however much there is of one, it holds up no other. */
function* inTurns(queues: ReadonlyMap<DueWork, readonly Header[]>): Generator<[DueWork, Header]> {
  const longest = Math.max(0, ...[...queues.values()].map(({ length }) => length))
  for (let place = 0; place < longest; place++) {
    for (const [work, queue] of queues) {
      const header = queue[place]
      if (header) yield [work, header]
    }
  }
}

/** Where the bus fails, it would fail for the others too: they are put off untried. */
async function tellAll(bench: Workbench, deadline: Deadline, round: TickRound): Promise<void> {
  let failuresInRow = 0
  for (const header of round.untold.values()) {
    const sinceMs = dueSinceOf(header, 'tell') ?? bench.clock.nowMs()
    if (deadline.remainingMs() < MIN_TELLING_MS) {
      round.leftSinceMs.set(header.id, sinceMs)
      continue
    }
    const isTried = failuresInRow < MAX_FAILURES_IN_ROW
    const { telling } = isTried ? await tell(bench, header) : { telling: 'failed' as const }
    if (telling === 'told') round.told += 1
    if (telling !== 'failed') failuresInRow = 0
    else if (isTried) failuresInRow += 1
    if (telling === 'failed' || telling === 'refused') {
      round.leftSinceMs.set(header.id, sinceMs)
      await putOff(bench, header, 'tellingPutOff', sinceMs)
    }
  }
}

/** @param leastMs for which it is put off in any case. @returns the change as it then stands. What cannot be put off stays due, and is tried again at the next tick. */
export async function putOff(
  { ledger, clock, log }: Workbench,
  seen: Header,
  what: 'workPutOff' | 'tellingPutOff',
  sinceMs: number,
  leastMs = 0,
): Promise<Header> {
  try {
    const header = what === 'workPutOff' ? await ledger.get(seen.id) : seen
    if (!header) return seen
    const tries = (header[what]?.tries ?? 0) + 1
    const longestMs = Math.min(LONGEST_PUT_OFF_MS, TICK_MS * 2 ** (tries - 1))
    // Half of it by chance, so that what failed together does not come again together.
    const untilMs = clock.nowMs() + Math.max(leastMs, longestMs * (0.5 + clock.random() / 2))
    const next = amendHeader(
      header,
      { [what]: { sinceMs, tries, untilMs: Math.ceil(untilMs) } },
      header.updatedAtMs,
    )
    const stored = await storeHeader({ ledger, log }, next, header)
    return stored.kind === 'advanced' ? stored.header : header
  } catch (error) {
    log.noteDeferred(seen.id, 'it could not be put off', error)
    return seen
  }
}
