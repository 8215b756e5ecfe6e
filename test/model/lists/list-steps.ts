/** Every step that may come next in the world of a list: its turns, the tick, time, crashes, the queue and people. */
import {
  endOfList,
  isOver,
  isRunOut,
  withBegun,
  withOutcomes,
} from '../../../lib/changes/carry-out/lists/count-parts.ts'
import type { ListOutcomes, ListState } from '../../../lib/changes/model/change.ts'
import type { Step } from '../explore.ts'
import type { ListDesign, ListSetting } from './list-design.ts'
import {
  ALL_PAIRS,
  isUnderWay,
  type ListRecord,
  type ListWorker,
  type ListWorld,
  MOST_MESSAGES,
  NO_PART,
  PAIRS,
  type Part,
  RESTING,
  withListWorker,
} from './list-state.ts'

type ListStep = Step<ListWorld>
type Moves = Iterable<readonly [does: string, next: ListWorld]>

export function* listStepsFrom(world: ListWorld, setting: ListSetting): Generator<ListStep> {
  for (const [index, worker] of world.workers.entries()) {
    for (const [does, next] of stepsOf(world, worker, index, setting)) {
      yield { name: `process ${index + 1} ${does}`, kind: 'system', next }
    }
  }
  yield* queue(world, setting)
  yield* tick(world, setting)
  yield* time(world, setting)
  yield* people(world)
  if (world.left.crashes > 0) yield* crashes(world)
}

function* stepsOf(world: ListWorld, worker: ListWorker, index: number, setting: ListSetting): Moves {
  const put = (changed: Partial<ListWorker> | undefined, of: ListWorld = world) =>
    withListWorker(of, index, changed)
  switch (worker.place) {
    case 'idle':
      return
    case 'begin':
      return yield* beginPart(world, worker, index, setting)
    case 'carry':
      yield ['leaves the part open', put({ place: 'note' })]
      return yield* settlements(world, worker.n, setting, (of) => put({ place: 'note' }, of))
    case 'note':
      return yield noteWhatCame(world, worker, index, setting)
    case 'write': {
      const isAsSeen = world.record === worker.seen || !setting.design.isFenced
      if (!worker.next || !isAsSeen) return yield ['finds the list changed', put(undefined)]
      const written = { ...world, record: worker.next }
      return yield [
        `writes the list, ${worker.next.state}`,
        put(goOn(written, worker.next, setting), written),
      ]
    }
    case 'ask': {
      const messages = Math.min(world.messages + 1, MOST_MESSAGES)
      return yield ['asks for a turn', put(undefined, { ...world, messages })]
    }
  }
}

/** What a turn does with a list as it is read; a turn that lost a race goes on only while its part is next. */
function takeUp(world: ListWorld, n: number, setting: ListSetting): Partial<ListWorker> | undefined {
  const { design } = setting
  const { record } = world
  const { state, list } = record
  if (n !== NO_PART && list.next !== n) return undefined
  const canBegin = state === 'RUNNING' || (state === 'PAUSED' && !design.isPauseHeeded)
  if (!canBegin || hasRunOut(list, design)) return goOn(world, record, setting)
  return { place: 'begin', seen: record, n: list.next }
}

const hasRunOut = (list: ListState, { isStopHeeded }: ListDesign): boolean =>
  isRunOut(isStopHeeded ? list : { ...list, stopped: undefined })

/** Between the look at the list and this it has waited for the pace, and read Genesys. */
function* beginPart(world: ListWorld, { n, seen }: ListWorker, index: number, setting: ListSetting): Moves {
  const { design, scenario } = setting
  const put = (changed: Partial<ListWorker> | undefined, of: ListWorld = world) =>
    withListWorker(of, index, changed)
  if (!seen) return
  if (world.parts[n] !== 'none' && design.isOneOfEach) {
    const onward = design.isBegunByOneWrite ? takeUp(world, n, setting) : ({ place: 'note' } as const)
    return yield [`finds part ${n} begun`, put(onward)]
  }
  if (design.isBegunByOneWrite && design.isFenced && world.record !== seen) {
    return yield ['finds the list changed, and reads it anew', put(takeUp(world, n, setting))]
  }
  for (const isContested of scenario.hasConflict ? [false, true] : [false]) {
    const conflicts = isContested && design.isConflictSeenAtOnce ? 1 : 0
    const record = design.isBegunByOneWrite
      ? { ...seen, list: withBegun(seen.list, conflicts, 0) }
      : world.record
    const begun = {
      ...world,
      record,
      parts: world.parts.with(n, isContested ? 'contested' : 'open'),
      begun: world.begun.with(n, Math.min((world.begun[n] ?? 0) + 1, 2)),
    }
    yield [
      `begins part ${n}${isContested ? ', in conflict' : ''}`,
      put({ place: 'carry', seen: record }, begun),
    ]
  }
}

/** What an open part may come to, now or at any moment later. */
function* settlements(
  world: ListWorld,
  n: number,
  { scenario }: ListSetting,
  then: (next: ListWorld) => ListWorld = (next) => next,
): Moves {
  const part = world.parts[n]
  const endings: readonly Part[] =
    part === 'contested'
      ? ['conflict']
      : part === 'open'
        ? scenario.endings
        : part === 'look'
          ? ['applied', 'attention']
          : []
  for (const ending of endings) {
    yield [`sees part ${n} come out as ${ending}`, then({ ...world, parts: world.parts.with(n, ending) })]
  }
}

/** The list with what became of part n, where that has come to rest. */
function withRest(list: ListState, n: number, parts: readonly Part[], design: ListDesign): ListState {
  const part = parts[n] ?? 'none'
  const outcome = outcomeOf(part, design)
  if (outcome === undefined) return list
  const counting = design.isCountedOnce ? list : { ...list, open: [...new Set([...list.open, n])] }
  const pairs = PAIRS[n] ?? 0
  return withOutcomes(counting, n, { [outcome]: pairs }, part === 'attention')
}

function outcomeOf(part: Part, { isLookWaitedFor }: ListDesign): keyof ListOutcomes | undefined {
  switch (part) {
    case 'none':
    case 'open':
    case 'contested':
      return undefined
    case 'look':
      return isLookWaitedFor ? undefined : 'applied'
    case 'refused':
      return 'not.applied'
    case 'held':
      return 'unchanged'
    case 'attention':
      return 'unknown'
    default:
      return part
  }
}

/** The turn's own note of its part; where another write came first it is made anew. */
function noteWhatCame(
  world: ListWorld,
  { seen, n }: ListWorker,
  index: number,
  setting: ListSetting,
): readonly [string, ListWorld] {
  const { design } = setting
  const put = (changed: Partial<ListWorker> | undefined, of: ListWorld = world) =>
    withListWorker(of, index, changed)
  if (!seen || !isUnderWay(seen)) return ['finds the list ended', put(undefined)]
  if (world.record !== seen && design.isFenced) {
    return ['finds the list changed, and reads it anew', put({ seen: world.record })]
  }
  const begun = seen.list.next > n ? seen.list : withBegun(seen.list, 0, 0)
  const rested = withRest(begun, n, world.parts, design)
  const isConflict = rested.onConflict === 'abort' && rested.outcomes.conflict !== undefined
  const stopped = rested.stopped ?? (isConflict ? { why: 'conflict', by: 'gateway', atMs: 0 } : undefined)
  const record: ListRecord = { ...seen, list: { ...rested, stopped } }
  const noted = { ...world, record }
  return [`notes part ${n}`, put(goOn(noted, record, setting), noted)]
}

/**
 * What anybody does with a list as it is read: begin it, gather what came of open parts, end it, ask for a turn.
 *
 * @returns undefined where there is nothing to do.
 */
function goOn(world: ListWorld, seen: ListRecord, { design }: ListSetting): Partial<ListWorker> | undefined {
  const { state, list } = seen
  const write = (next: ListRecord) => ({ place: 'write', seen, next, n: NO_PART }) as const
  if (state === 'PLANNED') return write({ state: 'RUNNING', list })
  if (!isUnderWay(seen)) return undefined
  let gathered = list
  for (const n of design.isGatheredByTick ? list.open : []) {
    gathered = withRest(gathered, n, world.parts, design)
  }
  const canEnd = state !== 'PAUSED' || design.isPausedEnded
  const isEnding = design.isRestWaitedFor ? isOver(gathered) : hasRunOut(gathered, design)
  if (canEnd && isEnding) return write({ state: endOfList(gathered, ALL_PAIRS).state, list: gathered })
  if (gathered !== list) return write({ state, list: gathered })
  const isTurnDue = (state === 'RUNNING' || !design.isPausedLeftAlone) && !hasRunOut(list, design)
  return isTurnDue ? { place: 'ask', seen: undefined, next: undefined, n: NO_PART } : undefined
}

const firstIdle = ({ workers }: ListWorld): number => workers.findIndex(({ place }) => place === 'idle')

function* queue(world: ListWorld, setting: ListSetting): Generator<ListStep> {
  const { messages, left } = world
  if (messages === 0) return
  const worker = firstIdle(world)
  if (worker >= 0) {
    const taken = { ...world, messages: messages - 1 }
    const work = takeUp(taken, NO_PART, setting)
    const next = work ? withListWorker(taken, worker, { ...work, hasMessage: true }) : taken
    yield { name: `process ${worker + 1} takes a message`, kind: 'system', next }
  }
  if (left.losses > 0) {
    const next = { ...world, messages: messages - 1, left: { ...left, losses: left.losses - 1 } }
    yield { name: 'a message is lost', kind: 'environment', next }
  }
  if (left.doubles > 0 && messages < MOST_MESSAGES) {
    const next = { ...world, messages: messages + 1, left: { ...left, doubles: left.doubles - 1 } }
    yield { name: 'a message comes twice', kind: 'environment', next }
  }
}

/** What is due is taken up by the tick (`listDueAtOf` in lib/changes/model/due.ts says what is). */
function* tick(world: ListWorld, setting: ListSetting): Generator<ListStep> {
  const { design } = setting
  const worker = firstIdle(world)
  const { record, messages } = world
  const { state, list } = record
  if (worker < 0) return
  const isLeft = list.open.length > 0 && design.isGatheredByTick
  const isStopped = list.stopped !== undefined
  const isDue = state === 'PLANNED' || isLeft || isStopped || (state === 'RUNNING' && design.hasTick)
  const work = isDue ? goOn(world, record, setting) : undefined
  if (work?.place === 'write') {
    const next = withListWorker(world, worker, work)
    yield { name: `process ${worker + 1} is the tick, and is to write the list`, kind: 'system', next }
  }
  if (work?.place === 'ask' && messages === 0 && design.hasTick) {
    yield { name: 'the tick asks for a turn', kind: 'system', next: { ...world, messages: 1 } }
  }
}

/** A part that was left open is taken on as any change is; of an approved list that has not begun the approval lapses. */
function* time(world: ListWorld, setting: ListSetting): Generator<ListStep> {
  const { record, left } = world
  if (left.lapses > 0 && isUnderWay(record) && record.list.next === 0 && !record.list.stopped) {
    const expired: ListRecord = { ...record, state: 'EXPIRED' }
    const next = { ...world, record: expired, left: { ...left, lapses: left.lapses - 1 } }
    yield { name: 'its approval lapses, and the list ends', kind: 'environment', next }
  }
  for (const n of world.parts.keys()) {
    for (const [name, next] of settlements(world, n, setting)) {
      yield { name: `the tick ${name}`, kind: 'system', next }
    }
  }
}

/** Each decision is one write of the list as it then stands; whoever loses a race decides anew. */
function* people(world: ListWorld): Generator<ListStep> {
  const { record, left } = world
  const decided = (name: string, next: Partial<ListRecord>, spent: keyof ListWorld['left']): ListStep => ({
    name: `somebody ${name}`,
    kind: 'environment',
    next: { ...world, record: { ...record, ...next }, left: { ...left, [spent]: left[spent] - 1 } },
  })
  const { state, list } = record
  if (state === 'RUNNING' && left.pauses > 0) yield decided('pauses the list', { state: 'PAUSED' }, 'pauses')
  if (state === 'PAUSED' && left.resumes > 0)
    yield decided('resumes the list', { state: 'RUNNING' }, 'resumes')
  if (left.cancels === 0) return
  if (state === 'PLANNED') yield decided('calls the list off', { state: 'CANCELLED' }, 'cancels')
  if (isUnderWay(record) && !list.stopped) {
    const stopped = { why: 'called off', by: 'ana', atMs: 0 } as const
    yield decided('calls the list off', { list: { ...list, stopped } }, 'cancels')
  }
}

/** A process ends; the message that it took comes again. */
function* crashes(world: ListWorld): Generator<ListStep> {
  const left = { ...world.left, crashes: world.left.crashes - 1 }
  for (const [index, { place, hasMessage }] of world.workers.entries()) {
    if (place === 'idle') continue
    const messages = Math.min(world.messages + (hasMessage ? 1 : 0), MOST_MESSAGES)
    const workers = world.workers.with(index, RESTING)
    yield {
      name: `process ${index + 1} ends`,
      kind: 'environment',
      next: { ...world, left, messages, workers },
    }
  }
}
