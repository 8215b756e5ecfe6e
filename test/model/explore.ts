/** Breadth-first search over all states that a model can reach, so that a broken promise has a shortest trace. */

export interface Step<State> {
  /** In plain words, for a trace. */
  readonly name: string
  /**
   * `system`: happens sooner or later, if nothing else does (a worker goes on, time passes, a POST lands or is lost).
   * `environment`: may happen, and nobody may count on it (a crash, a duplicate, a person, an upstream that refuses).
   */
  readonly kind: 'system' | 'environment'
  readonly next: State
}

/** What can happen, and what is promised of it. */
export interface Model<State, Promised extends string> {
  readonly start: State
  readonly stepsFrom: (state: State) => Iterable<Step<State>>
  /** States of one key are one. */
  readonly keyOf: (state: State) => string
  /** The arrows of the table that a step takes, as `FROM TO`. */
  readonly arrowsTaken: (before: State, after: State) => readonly string[]
  readonly overStep: readonly (readonly [Promised, (before: State, after: State) => boolean])[]
  /** At rest nothing is left to happen but what nobody may count on. */
  readonly atRest: readonly (readonly [Promised, (state: State) => boolean])[]
}

/** Checked over the whole graph. */
export const CAN_REST = 'from everywhere the system comes to rest without anybody asking again'

export interface Exploration<Promised extends string> {
  readonly states: number
  readonly restStates: number
  /** The arrows that were taken, as `FROM TO`. */
  readonly arrows: ReadonlySet<string>
  /** The first promise that was seen to break, and the steps that break it. */
  readonly broken?: { readonly promise: Promised | typeof CAN_REST; readonly trace: readonly string[] }
}

/** More than any scenario has, so that a mistake in a bound is a message and not a full memory. */
const MAX_STATES = 300_000

/** A state as it was first reached. */
interface Found<State> {
  readonly state: State
  readonly from: number
  readonly by: string
}

/**
 * Explores until everything is seen or a promise breaks.
 *
 * @param only the one promise to look at; all of them if left out.
 */
export function explore<State, Promised extends string>(
  model: Model<State, Promised>,
  only?: Promised | typeof CAN_REST,
): Exploration<Promised> {
  const { start, stepsFrom, keyOf, arrowsTaken } = model
  const isAsked = ([promise]: readonly [string, unknown]) => only === undefined || promise === only
  const overStep = model.overStep.filter(isAsked)
  const atRest = model.atRest.filter(isAsked)
  const isRestAsked = isAsked([CAN_REST, undefined])
  const found: Found<State>[] = [{ state: start, from: -1, by: '' }]
  /** Steps of the system, each as the states that it leads from and to. */
  const systemSteps: Record<'from' | 'to', number[]> = { from: [], to: [] }
  const indexOf = new Map([[keyOf(start), 0]])
  const resting: number[] = []
  const arrows = new Set<string>()

  const stop = (promise: Promised | typeof CAN_REST, at: number, last?: string): Exploration<Promised> => ({
    states: found.length,
    restStates: resting.length,
    arrows,
    broken: { promise, trace: [...traceTo(found, at), ...(last === undefined ? [] : [last])] },
  })

  for (let current = 0; current < found.length; current++) {
    const { state } = get(found, current)
    let isAtRest = true
    for (const { name, kind, next } of stepsFrom(state)) {
      for (const arrow of arrowsTaken(state, next)) arrows.add(arrow)
      const broken = overStep.find(([, holds]) => !holds(state, next))
      if (broken) return stop(broken[0], current, name)
      const key = keyOf(next)
      let index = indexOf.get(key)
      if (index === undefined) {
        index = found.push({ state: next, from: current, by: name }) - 1
        indexOf.set(key, index)
        if (index > MAX_STATES) throw new RangeError(`more than ${MAX_STATES} states`)
      }
      if (kind === 'environment') continue
      isAtRest = false
      if (!isRestAsked) continue
      systemSteps.from.push(current)
      systemSteps.to.push(index)
    }
    if (!isAtRest) continue
    resting.push(current)
    const broken = atRest.find(([, holds]) => !holds(state))
    if (broken) return stop(broken[0], current)
  }
  const restless = isRestAsked ? firstRestless(found.length, systemSteps, resting) : undefined
  if (restless !== undefined) return stop(CAN_REST, restless)
  return { states: found.length, restStates: resting.length, arrows }
}

/** A state from which system steps alone lead to no state of rest. */
function firstRestless(
  states: number,
  { from, to }: { readonly from: readonly number[]; readonly to: readonly number[] },
  resting: readonly number[],
): number | undefined {
  /** Of each state the last step that leads to it, and of each step the one before it to the same state; -1 is none. */
  const last = new Int32Array(states).fill(-1)
  const before = new Int32Array(to.length)
  for (const [step, state] of to.entries()) {
    before[step] = last[state] ?? -1
    last[state] = step
  }
  const canRest = new Uint8Array(states)
  const queue = [...resting]
  for (let index = queue.pop(); index !== undefined; index = queue.pop()) {
    if (canRest[index] === 1) continue
    canRest[index] = 1
    for (let step = last[index] ?? -1; step >= 0; step = before[step] ?? -1) queue.push(from[step] ?? 0)
  }
  const restless = canRest.indexOf(0)
  return restless < 0 ? undefined : restless
}

function traceTo(found: readonly Found<unknown>[], index: number): string[] {
  const trace: string[] = []
  for (let at = get(found, index); at.from >= 0; at = get(found, at.from)) trace.unshift(at.by)
  return trace
}

function get<State>(found: readonly Found<State>[], index: number): Found<State> {
  const state = found[index]
  if (!state) throw new RangeError(`no state ${index}`)
  return state
}

/** A broken promise and the steps that break it, to be read from top to bottom; nothing where all hold. */
export function storyOf({ broken }: Exploration<string>): string {
  if (!broken) return ''
  const steps = broken.trace.map((step, index) => `${index + 1}. ${step}`)
  return [`Broken: ${broken.promise}`, ...steps].join('\n')
}
