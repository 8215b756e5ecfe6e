/** Genesys: what a reading may show, and what a POST does when it lands. */
import type { Scenario } from '../scenario.ts'
import { type Answer, at, isClosed, oneMore, type Post, type State } from '../state.ts'

/** The values that a reading may show now. */
export const readings = ({ truth, isStale }: State): readonly boolean[] =>
  isStale ? [truth, !truth] : [truth]

/** A POST takes effect. @returns the state after it, and the value that upstream answers with. */
export function land(state: State, post: Post, scenario: Scenario): { state: State; answer: Answer } {
  const { desired } = at(scenario.intents, post.intent)
  const truth =
    scenario.upstream === 'ignores' ? state.truth : scenario.upstream === 'assigns' ? desired : !state.truth
  const landed = withTruth(state, truth, scenario)
  if (scenario.upstream !== 'switches') return { state: landed, answer: truth }
  const { ghost } = landed
  const switches = ghost.switches.with(post.intent, oneMore(at(ghost.switches, post.intent)))
  return { state: { ...landed, ghost: { ...ghost, switches } }, answer: truth }
}

/** A person sets the value in Genesys's own interface, and answers for it. */
export function flipByPerson(state: State, scenario: Scenario): State {
  const flipped = withTruth(state, !state.truth, scenario)
  return {
    ...flipped,
    foreignFlipsLeft: state.foreignFlipsLeft - 1,
    workers: state.workers.map((worker) =>
      worker.place === 'settle' ? { ...worker, isOvertaken: true } : worker,
    ),
    ghost: { ...flipped.ghost, lastWord: flipped.truth },
  }
}

function withTruth(state: State, truth: boolean, scenario: Scenario): State {
  if (truth === state.truth) return state
  const { changes, ghost } = state
  let { wasDesired } = ghost
  for (const change of changes) {
    if (!change || isClosed(change) || truth !== at(scenario.intents, change.intent).desired) continue
    wasDesired = wasDesired.with(change.intent, true)
  }
  return { ...state, truth, isStale: scenario.hasStaleReads, ghost: { ...ghost, wasDesired } }
}
