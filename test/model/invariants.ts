/** What is promised. Each promise is checked on every step that the model can take, or in every state of rest. */

import { arrows } from '../../lib/changes/model/transitions.ts'
import { CAN_REST } from './explore.ts'
import { arrowsTaken, at, changesMoved, isClosed, isFinal, type State } from './state.ts'
import type { Setting } from './step.ts'
import { isUnclear } from './world/ledger.ts'
import { canStillLand } from './world/network.ts'

/** Says whether the promise holds over one step. */
type OverStep = (before: State, after: State, setting: Setting) => boolean

export const OVER_STEP = [
  [
    'at most one POST of an intent ever switches the toggle',
    (_, { ghost }) => ghost.switches.every((switches) => switches <= 1),
  ],
  [
    'a toggle is permitted once',
    (_, { ghost }, { scenario }) =>
      scenario.upstream === 'assigns' || ghost.permits.every((permits) => permits <= 1),
  ],
  [
    'an assignment is permitted again once, after the quiet period, and only when unlike desired',
    (before, after, { scenario }) =>
      scenario.upstream !== 'assigns' ||
      permitted(before, after).every(([slot, { intent, permits }]) => {
        // A person may set the value between the reading and the permit; sending then is harmless.
        const isUnlike = before.truth !== at(scenario.intents, intent).desired || scenario.foreignFlips > 0
        return permits === 1 || (permits === 2 && isUnlike && !canStillLand(before, slot))
      }),
  ],
  [
    'a change moves by the arrows of the table alone',
    (before, after) => arrowsTaken(before, after).every((arrow) => declared.has(arrow)),
  ],
  [
    'SENT is never taken over',
    (before, after, { scenario }) =>
      changesMoved(before, after).every(([slot, { state }]) => {
        const was = before.changes[slot]
        // An assignment is permitted anew, and only when nothing of the first can land.
        const isAnew = state === 'SENT' && scenario.upstream === 'assigns' && was?.isQuiet
        return was?.state !== 'SENT' || isAnew || (state !== 'SENT' && state !== 'CLAIMED')
      }),
  ],
  [
    'APPLIED was true at some moment after the send',
    (before, after) =>
      changesMoved(before, after).every(
        ([, { state, intent, permits }]) =>
          state !== 'APPLIED' || (permits > 0 && at(before.ghost.wasDesired, intent)),
      ),
  ],
  [
    'nothing is permitted while the POST of another change on the same target can land',
    (before, after) =>
      permitted(before, after).every(([slot]) =>
        before.changes.every(
          (other, index) => index === slot || (other?.state !== 'SENT' && !canStillLand(before, index)),
        ),
      ),
  ],
  [
    'only a person in between makes a switch go the wrong way',
    (before, after, { scenario }) =>
      scenario.foreignFlips > 0 ||
      after.ghost.switches.every(
        (switches, intent) =>
          switches === at(before.ghost.switches, intent) ||
          after.truth === at(scenario.intents, intent).desired,
      ),
  ],
  [
    'a change that says it sent nothing has sent nothing',
    (before, after) =>
      changesMoved(before, after).every(
        ([, { state, intent }]) => !unsent.has(state) || at(after.ghost.permits, intent) === 0,
      ),
  ],
  [
    'a final state stays, unless the second look warns or a person settles what needed attention',
    (before, after, { scenario }) =>
      before.changes.every((was, slot) => {
        const is = after.changes[slot]
        if (!was || !isFinal(was) || is?.state === was.state) return true
        if (was.isLookDue) return is?.state === 'NEEDS_ATTENTION'
        const isSettled = is?.state === 'APPLIED' || is?.state === 'FAILED'
        return scenario.settles > 0 && was.state === 'NEEDS_ATTENTION' && isSettled
      }),
  ],
  [
    'what a person is told has failed can no longer land',
    (before, after) =>
      changesMoved(before, after).every(([slot, { state }]) => {
        const was = before.changes[slot]
        return state !== 'FAILED' || !was || !isUnclear(was) || !canStillLand(before, slot)
      }),
  ],
  [
    'no older wish is sent once a newer one holds',
    (before, after, setting) =>
      permitted(before, after).every(([slot]) =>
        before.changes.every(
          (other, index) =>
            (other?.state !== 'APPLIED' && other?.state !== 'NOOP') ||
            !isNewerWish(before, index, slot, setting),
        ),
      ),
  ],
  [
    'only what a newer wish has overtaken ends as SUPERSEDED',
    (before, after, setting) =>
      changesMoved(before, after).every(
        ([slot, { state }]) =>
          state !== 'SUPERSEDED' ||
          before.changes.some((other, index) => other && isNewerWish(before, index, slot, setting)),
      ),
  ],
  [
    'a duplicate opens no second change',
    (_, { changes }) => {
      const intents = changes.flatMap((change) => (change ? [change.intent] : []))
      return new Set(intents).size === intents.length
    },
  ],
] as const satisfies readonly (readonly [string, OverStep])[]

/** At rest nothing is left to happen but what nobody may count on. */
export const AT_REST = [
  [
    'at rest the value is what was last said of it, or somebody was warned',
    ({ truth, ghost }) => ghost.lastWord === undefined || ghost.lastWord === truth,
  ],
  [
    'at rest the newest of the wishes that were said to hold does hold, unless somebody was warned or meddled',
    (state, setting) => {
      const { changes, truth } = state
      const isClear = changes.every((change) => !change || !warned.has(change.state))
      const holding = [...changes.keys()].filter((slot) => held.has(changes[slot]?.state ?? ''))
      const newest = holding.find((slot) =>
        holding.every((other) => other === slot || isNewerWish(state, slot, other, setting)),
      )
      const intent = newest === undefined ? undefined : changes[newest]?.intent
      if (!isClear || intent === undefined || setting.scenario.foreignFlips > 0) return true
      return truth === at(setting.scenario.intents, intent).desired
    },
  ],
  [
    'at rest every change is final and looked at for the last time',
    ({ changes }) => changes.every((change) => !change || isClosed(change)),
  ],
] as const satisfies readonly (readonly [string, (state: State, setting: Setting) => boolean])[]

export type Promised = (typeof OVER_STEP | typeof AT_REST)[number][0] | typeof CAN_REST

export const PROMISES: readonly Promised[] = [
  ...OVER_STEP.map(([promise]) => promise),
  ...AT_REST.map(([promise]) => promise),
  CAN_REST,
]

/** `FROM TO`, whoever takes it. */
const declared: ReadonlySet<string> = new Set(arrows.map(({ from, to }) => `${from ?? 'nothing'} ${to}`))

const held: ReadonlySet<string> = new Set(['APPLIED', 'NOOP'])
const warned: ReadonlySet<string> = new Set(['NEEDS_ATTENTION', 'NO_EFFECT'])
const unsent: ReadonlySet<string> = new Set(['EXPIRED', 'NOOP', 'SUPERSEDED'])

/** By when each was really asked and arrived, whatever the records say. */
function isNewerWish({ changes, ghost }: State, slot: number, than: number, { scenario }: Setting): boolean {
  const [one, other] = [changes[slot], changes[than]]
  if (!one || !other || slot === than) return false
  const askedAt = [one, other].map(({ intent }) => at(scenario.intents, intent).askedAt)
  const later = at(askedAt, 0) - at(askedAt, 1)
  return later === 0 ? at(ghost.arrivals, slot) > at(ghost.arrivals, than) : later > 0
}

const permitted = (before: State, after: State) =>
  changesMoved(before, after).filter(([slot, { permits }]) => permits > (before.changes[slot]?.permits ?? 0))
