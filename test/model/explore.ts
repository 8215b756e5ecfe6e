/** Breadth-first search over all states that the model can reach, so that a broken promise has a shortest trace. */
import { keyOf } from './canonical.ts'
import { AT_REST, CAN_REST, OVER_STEP, type Promised } from './invariants.ts'
import { stepsFrom } from './model.ts'
import { arrowsTaken, initialState, type State } from './state.ts'
import type { Setting } from './step.ts'

export interface Exploration {
  readonly states: number
  readonly restStates: number
  /** The arrows that were taken, as `FROM TO`. */
  readonly arrows: ReadonlySet<string>
  /** The first promise that was seen to break, and the steps that break it. */
  readonly broken?: { readonly promise: Promised; readonly trace: readonly string[] }
}

/** More than any scenario has, so that a mistake in a bound is a message and not a full memory. */
const MAX_STATES = 300_000

/** A state as it was first reached. */
interface Found {
  readonly state: State
  readonly from: number
  readonly by: string
  /** States from which a system step leads here. */
  readonly before: number[]
}

/**
 * Explores until everything is seen or a promise breaks.
 *
 * @param only the one promise to look at; all of them if left out.
 */
export function explore(setting: Setting, only?: Promised): Exploration {
  const isAsked = ([promise]: readonly [Promised, unknown]) => only === undefined || promise === only
  const overStep = OVER_STEP.filter(isAsked)
  const atRest = AT_REST.filter(isAsked)
  const isRestAsked = isAsked([CAN_REST, undefined])
  const start = initialState(setting.scenario)
  const found: Found[] = [{ state: start, from: -1, by: '', before: [] }]
  const indexOf = new Map([[keyOf(start), 0]])
  const resting: number[] = []
  const arrows = new Set<string>()

  const stop = (promise: Promised, at: number, last?: string): Exploration => ({
    states: found.length,
    restStates: resting.length,
    arrows,
    broken: { promise, trace: [...traceTo(found, at), ...(last === undefined ? [] : [last])] },
  })

  for (let current = 0; current < found.length; current++) {
    const { state } = get(found, current)
    let isAtRest = true
    for (const { name, kind, next } of stepsFrom(state, setting)) {
      for (const arrow of arrowsTaken(state, next)) arrows.add(arrow)
      const broken = overStep.find(([, holds]) => !holds(state, next, setting))
      if (broken) return stop(broken[0], current, name)
      const key = keyOf(next)
      let index = indexOf.get(key)
      if (index === undefined) {
        index = found.push({ state: next, from: current, by: name, before: [] }) - 1
        indexOf.set(key, index)
        if (index > MAX_STATES) throw new RangeError(`more than ${MAX_STATES} states`)
      }
      if (kind === 'environment') continue
      isAtRest = false
      if (isRestAsked) get(found, index).before.push(current)
    }
    if (!isAtRest) continue
    resting.push(current)
    const broken = atRest.find(([, holds]) => !holds(state, setting))
    if (broken) return stop(broken[0], current)
  }
  const restless = isRestAsked ? firstRestless(found, resting) : undefined
  if (restless !== undefined) return stop(CAN_REST, restless)
  return { states: found.length, restStates: resting.length, arrows }
}

/** A state from which system steps alone lead to no state of rest. */
function firstRestless(found: readonly Found[], resting: readonly number[]): number | undefined {
  const canRest = new Uint8Array(found.length)
  const queue = [...resting]
  for (let index = queue.pop(); index !== undefined; index = queue.pop()) {
    if (canRest[index] === 1) continue
    canRest[index] = 1
    queue.push(...get(found, index).before)
  }
  const restless = canRest.indexOf(0)
  return restless < 0 ? undefined : restless
}

function traceTo(found: readonly Found[], index: number): string[] {
  const trace: string[] = []
  for (let at = get(found, index); at.from >= 0; at = get(found, at.from)) trace.unshift(at.by)
  return trace
}

function get(found: readonly Found[], index: number): Found {
  const state = found[index]
  if (!state) throw new RangeError(`no state ${index}`)
  return state
}
