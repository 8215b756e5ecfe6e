/** What may become of a POST under way, in any order and after any time. */

import { type Answer, orphaned, type Post, type State, withWorker } from '../state.ts'
import { type Moves, nameOf, type Setting, type Step, type Turn } from '../step.ts'
import { isPermitOf } from './ledger.ts'
import { land } from './upstream.ts'

/** It lands and is answered; it lands and the answer is lost, a 5xx included; it is lost; it is refused. */
export function* stepsOfNetwork(state: State, setting: Setting): Generator<Step> {
  for (const [index, post] of state.posts.entries()) {
    const what = `the POST of ${nameOf(post.slot)}`
    const without: State = { ...state, posts: state.posts.toSpliced(index, 1) }
    const landed = land(without, post, setting.scenario)
    yield { name: `${what} lands, nobody hears of it`, kind: 'system', next: landed.state }
    yield { name: `${what} is lost`, kind: 'system', next: without }
    if (state.workers[post.sender]?.place !== 'await') continue
    yield {
      name: `${what} lands and is answered ${landed.answer}`,
      kind: 'system',
      next: answered(landed.state, post, landed.answer),
    }
    yield {
      name: `${what} is refused`,
      kind: 'environment',
      next: answered(without, post, 'refused'),
    }
  }
}

const answered = (state: State, { sender }: Post, answer: Answer): State =>
  withWorker(state, sender, { place: 'verify', answer })

/** The sender's timeout, a reset, or an answer that cannot be used. */
export function* giveUp({ state, index }: Turn): Moves {
  const alone = { ...state, posts: orphaned(state.posts, index) }
  yield ['gives up waiting', withWorker(alone, index, { place: 'verify' })]
}

/** Whether some POST for this change can still land, or still leave. */
export const canStillLand = (state: State, slot: number): boolean =>
  state.posts.some((post) => post.slot === slot) ||
  state.workers.some(
    (worker, index) =>
      worker.slot === slot &&
      (worker.place === 'post' ||
        (worker.place === 'unsure' && isPermitOf(state.changes[slot], index, worker))),
  )
