/** What is promised of a list, on every step that its model can take, and in every state of rest. */
import { arrows } from '../../../lib/changes/model/transitions.ts'
import { CAN_REST, type Model } from '../explore.ts'
import type { ListSetting } from './list-design.ts'
import {
  ALL_PAIRS,
  initialWorld,
  isUnderWay,
  keyOfWorld,
  type ListWorld,
  PAIRS,
  type Part,
} from './list-state.ts'
import { listStepsFrom } from './list-steps.ts'

type OverStep = (before: ListWorld, after: ListWorld) => boolean

const atRest: readonly Part[] = ['applied', 'refused', 'held', 'superseded', 'attention', 'conflict']
const isAtRest = (part: Part | undefined): boolean => part !== undefined && atRest.includes(part)

/** The part that a step begins, if it begins one. */
const begunBy = (before: ListWorld, after: ListWorld): number =>
  after.begun.findIndex((times, n) => times > (before.begun[n] ?? 0))

const OVER_STEP = [
  ['no part is begun twice', (_, { begun }) => begun.every((times) => times <= 1)],
  [
    'no part begins of a list that is paused, or has ended',
    (before, after) => begunBy(before, after) < 0 || before.record.state === 'RUNNING',
  ],
  [
    'no part begins of a list that is called off',
    (before, after) => begunBy(before, after) < 0 || before.record.list.stopped?.why !== 'called off',
  ],
  [
    'no part begins behind one in conflict, where that is to stop the list',
    (before, after) =>
      begunBy(before, after) < 0 ||
      before.record.list.onConflict === undefined ||
      before.parts.every((part) => part !== 'contested' && part !== 'conflict'),
  ],
  [
    'at every moment each pair is counted once: as come out, as under way, or as not begun',
    (_, { record: { list } }) => {
      const settled = Object.values(list.outcomes).reduce((sum, each) => sum + each, 0)
      const waiting = PAIRS.filter((__, n) => n >= list.next || list.open.includes(n))
      return settled + waiting.reduce((sum, each) => sum + each, 0) === ALL_PAIRS
    },
  ],
  [
    'what is told of a part is what became of it',
    (_, { record: { list }, parts }) => {
      const told = parts.filter((__, n) => n < list.next && !list.open.includes(n))
      return told.every(isAtRest) && list.attention.every((n) => parts[n] === 'attention')
    },
  ],
  [
    'a list ends when all parts that have begun have come to rest, and not before',
    ({ record }, after) =>
      after.record === record ||
      isUnderWay(after.record) ||
      after.parts.every((part) => part === 'none' || isAtRest(part)),
  ],
  [
    'a list that has ended stays so, and begins nothing',
    (before, after) =>
      before.record.state === 'PLANNED' ||
      isUnderWay(before.record) ||
      (after.record === before.record && begunBy(before, after) < 0),
  ],
  [
    'a list ends as what its parts came to',
    ({ record }, after) => after.record === record || isUnderWay(after.record) || isRightEnd(after),
  ],
  [
    'a list moves by the arrows of the table alone',
    (before, after) => listArrowsTaken(before, after).every((arrow) => declared.has(arrow)),
  ],
] as const satisfies readonly (readonly [string, OverStep])[]

const AT_REST = [
  [
    'at rest a list has ended, or somebody has paused it and no part of it is under way',
    ({ record, parts }) =>
      record.state !== 'PLANNED' &&
      record.state !== 'RUNNING' &&
      (record.state !== 'PAUSED' || (record.list.stopped === undefined && record.list.open.length === 0)) &&
      parts.every((part) => part === 'none' || isAtRest(part)),
  ],
] as const satisfies readonly (readonly [string, (world: ListWorld) => boolean])[]

export type ListPromised = (typeof OVER_STEP | typeof AT_REST)[number][0] | typeof CAN_REST

export const LIST_PROMISES: readonly ListPromised[] = [
  ...OVER_STEP.map(([promise]) => promise),
  ...AT_REST.map(([promise]) => promise),
  CAN_REST,
]

export const modelOfList = (setting: ListSetting): Model<ListWorld, ListPromised> => ({
  start: initialWorld(setting.scenario),
  stepsFrom: (world) => listStepsFrom(world, setting),
  keyOf: (world) => keyOfWorld(world, setting.design),
  arrowsTaken: listArrowsTaken,
  overStep: OVER_STEP,
  atRest: AT_REST,
})

/** `FROM TO`, whoever takes it. */
const declared: ReadonlySet<string> = new Set(arrows.map(({ from, to }) => `${from ?? 'nothing'} ${to}`))

function listArrowsTaken({ record }: ListWorld, after: ListWorld): string[] {
  return record.state === after.record.state ? [] : [`${record.state} ${after.record.state}`]
}

/** By what the parts are in truth, whatever was counted. */
function isRightEnd({ record: { state, list }, parts }: ListWorld): boolean {
  const is = (...which: readonly Part[]) => parts.every((part) => which.includes(part))
  const has = (which: Part) => parts.includes(which)
  if (state === 'RUNNING') return true
  if (state === 'EXPIRED') return is('none')
  if (has('attention')) return state === 'NEEDS_ATTENTION'
  if (is('held')) return state === 'NOOP'
  if (is('applied', 'held')) return state === 'APPLIED'
  if (has('applied')) return state === 'PARTIAL'
  if (list.stopped?.why === 'called off') return state === 'CANCELLED'
  if (is('superseded', 'held')) return state === 'SUPERSEDED'
  return state === 'FAILED' || (state === 'CANCELLED' && is('none'))
}
