/**
 * Four eyes, explored: an order with an end, who plans, submits, schedules and approves it, and every way to make it last.
 * Who may ask and approve is decided by the code itself (lib/changes/plan/four-eyes.ts); what becomes of that is the model's.
 */

import type { Actor } from '../../lib/changes/model/change.ts'
import { identifyActor, type Policy } from '../../lib/changes/model/policy.ts'
import { admitRequesters, askersBeside, refuseApprover } from '../../lib/changes/plan/four-eyes.ts'
import { GatewayError } from '../../lib/errors.ts'

const policy: Policy = {
  approvals: [],
  people: {
    ana: { role: 'approver', jwt: ['ana'], slack: ['UANA'] },
    bo: { role: 'approver', jwt: ['bo'] },
    cy: { role: 'approver', jwt: ['cy'] },
  },
  tools: { planner: { owners: ['bo'], eventSources: ['planner'] } },
}

/** Each principal with the human who is behind it in truth, whatever the org file knows of that. */
const principals: readonly (readonly [human: string, actor: Actor])[] = (
  [
    ['ana', 'jwt', 'ana'],
    ['ana', 'slack', 'UANA'],
    ['bo', 'jwt', 'bo'],
    ['bo', 'event', 'planner'],
    ['bo', 'jwt', 'an-identity-of-bo-that-nobody-lists'],
    ['cy', 'jwt', 'cy'],
  ] as const
).map(([human, kind, id]) => [human, identifyActor(policy, { kind, id })])

interface Order {
  readonly state: 'draft' | 'waiting' | 'done'
  readonly actor: Actor
  readonly askers: readonly Actor[]
  /** Humans who had a hand in it, and who let it through. */
  readonly hands: readonly string[]
  readonly approvedBy?: string
}

/** `keep` calls the revert off; `again` undoes it when it is done. */
type Way = 'first' | 'keep' | 'again'

export interface State {
  readonly orders: Partial<Readonly<Record<Way, Order>>>
  readonly revert: 'none' | 'due' | 'begun' | 'done' | 'off'
}

/** The rules, each as the design has it; a mutation breaks one. */
export const design = {
  mayAsk: (asked: Pick<Order, 'actor' | 'askers'>) => isLet(() => admitRequesters(policy, asked, ['a rule'])),
  mayApprove: (approver: Actor, asked: Pick<Order, 'actor' | 'askers'>) =>
    isLet(() => refuseApprover(approver, asked, policy)),
  submitterAsks: (order: Order, submitter: Actor): readonly Actor[] =>
    askersBeside(order.actor, [...order.askers, submitter]) ?? [],
  makerAsks: true,
  keepingIsAsked: true,
  askersOfFirstAskForKeeping: true,
  askersOfFirstAskForUndoing: true,
  begunIsNotCalledOff: true,
}
export type Design = typeof design

export const mutations: Readonly<Record<string, Partial<Design>>> = {
  'anybody may ask': { mayAsk: () => true },
  'the requester may approve by another identity': {
    mayApprove: (approver, { actor, askers }) =>
      approver.person !== undefined && [actor, ...askers].every(({ id }) => id !== approver.id),
  },
  'an owner approves what the tool asks': {
    mayApprove: (approver, { actor, askers }) =>
      approver.person !== undefined && [actor, ...askers].every(({ person }) => person !== approver.person),
  },
  'the submitter may approve': { submitterAsks: ({ askers }) => askers },
  'the maker of a schedule may approve': { makerAsks: false },
  'calling off a revert asks nobody': { keepingIsAsked: false },
  'the first requester approves that it stays': { askersOfFirstAskForKeeping: false },
  'the first requester approves that the revert is undone': { askersOfFirstAskForUndoing: false },
  'a revert that has begun is called off': { begunIsNotCalledOff: false },
}

const SCHEDULE = { kind: 'schedule', id: 's' } as const

/** Every state that one step of anybody's, or of time, leads to. */
function* after(state: State, rules: Design): Generator<State> {
  const { orders, revert } = state
  const put = (way: Way, order: Order, next: State['revert'] = revert): State => ({
    orders: { ...orders, [way]: order },
    revert: next,
  })
  const { first } = orders
  if (revert === 'due') yield { ...state, revert: 'begun' }
  if (revert === 'begun') yield { ...state, revert: 'done' }
  for (const [human, actor] of principals) {
    const own = { actor, askers: [], hands: [human] }
    if (!first) {
      if (rules.mayAsk(own)) yield put('first', { ...own, state: 'draft' })
      if (rules.mayAsk(own)) yield put('first', { ...own, state: 'waiting' })
      // The schedule is made, and fires.
      const fired = { ...own, actor: SCHEDULE, askers: rules.makerAsks ? [actor] : [] }
      if (rules.mayAsk(own)) yield put('first', { ...fired, state: 'waiting' })
    }
    if (first?.state === 'draft') {
      const submitted = {
        ...first,
        askers: rules.submitterAsks(first, actor),
        hands: [...new Set([...first.hands, human])],
      }
      if (rules.mayAsk({ ...submitted, askers: [...submitted.askers, actor] }))
        yield put('first', { ...submitted, state: 'waiting' })
    }
    if (first?.state === 'done') {
      const more = (isWith: boolean) => ({
        actor,
        askers: isWith ? [first.actor, ...first.askers] : [],
        hands: [...new Set([human, ...first.hands])],
        state: 'waiting' as const,
      })
      const keep = more(rules.askersOfFirstAskForKeeping)
      if (revert === 'due' && !rules.keepingIsAsked) yield put('keep', { ...keep, state: 'done' }, 'off')
      if (revert === 'begun' && !rules.begunIsNotCalledOff)
        yield put('keep', { ...keep, state: 'done' }, 'off')
      if (revert === 'due' && !orders.keep && rules.mayAsk(keep)) yield put('keep', keep)
      const again = more(rules.askersOfFirstAskForUndoing)
      if (revert === 'done' && !orders.again && rules.mayAsk(again)) yield put('again', again)
    }
    for (const way of ['first', 'keep', 'again'] as const) {
      const order = orders[way]
      if (order?.state !== 'waiting' || !rules.mayApprove(actor, order)) continue
      const done: Order = { ...order, state: 'done', approvedBy: human }
      if (way === 'first') yield put(way, done, 'due')
      // Approved too late it changes nothing.
      if (way === 'keep' && revert === 'due') yield put(way, done, 'off')
      if (way === 'again') yield put(way, done)
    }
  }
}

/** Whatever took effect was let through by somebody who had no hand in it, nor in what it makes last. */
function isSound({ orders }: State): boolean {
  return Object.values(orders).every(
    ({ state, hands, approvedBy }) =>
      state !== 'done' || (approvedBy !== undefined && !hands.includes(approvedBy)),
  )
}

/** All states that can come about, and those of them that break the promise. */
export function explore(broken: Partial<Design> = {}): {
  readonly states: readonly State[]
  readonly unsound: readonly State[]
} {
  const rules = { ...design, ...broken }
  const start: State = { orders: {}, revert: 'none' }
  const seen = new Map([[JSON.stringify(start), start]])
  for (const state of seen.values()) {
    for (const next of after(state, rules))
      seen.set(JSON.stringify(next), seen.get(JSON.stringify(next)) ?? next)
  }
  const states = [...seen.values()]
  return { states, unsound: states.filter((state) => !isSound(state)) }
}

function isLet(decide: () => unknown): boolean {
  try {
    decide()
    return true
  } catch (error) {
    if (error instanceof GatewayError) return false
    throw error
  }
}
