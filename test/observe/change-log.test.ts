/** The log of changes counts what somebody should hear of, through the changes themselves. */
import { beforeEach, expect, it } from 'vitest'
import { tick } from '../../lib/changes/carry-out/tick.ts'
import { changeStates, isSettled } from '../../lib/changes/model/transitions.ts'
import { systemClock } from '../../lib/clock.ts'
import { changeLog } from '../../lib/observe/change-log.ts'
import { endMetrics } from '../../lib/observe/metric-names.ts'
import { OFF, ON, toggle } from '../support/changes/change-orders.ts'
import { BO, type ChangeWorld, changeWorld } from '../support/changes/change-world.ts'
import { takeLines } from '../support/lines.ts'

let written: string[]

beforeEach(() => {
  written = takeLines()
})

/** The states whose lines carry a metric, with its name. */
function counted(): [metric: string, state: unknown][] {
  const parsed = written.map((line): Record<string, unknown> => JSON.parse(line))
  return parsed.flatMap((line) =>
    ['ChangeUndone', 'ChangeNeedsAttention'].flatMap((metric): [string, unknown][] =>
      metric in line ? [[metric, line['state']]] : [],
    ),
  )
}

const logging = (world: ChangeWorld) => world.bench({ log: changeLog('test', world.clock) })

it('counts every end of a change by the state it ends in, and what goes on by none', () => {
  expect(Object.keys(endMetrics).sort()).toEqual(changeStates.filter(isSettled).sort())
})

it('counts each change that ends', async () => {
  const world = await changeWorld()
  await world.changes({ idempotencyKey: 'k1' }, logging(world)).request(toggle(true))
  await world.changes({ actor: BO, idempotencyKey: 'k2' }, logging(world)).request(toggle(true))
  const ends = written
    .map((line): Record<string, unknown> => JSON.parse(line))
    .filter((line) => '_aws' in line)
  expect(ends).toMatchObject([
    { code: 'change.moved', state: 'APPLIED', Stack: 'test', ChangeApplied: 1 },
    { code: 'change.moved', state: 'NOOP', ChangeNoop: 1 },
  ])
})

it('counts an end that leaves a wish undone, and none that does not', async () => {
  const world = await changeWorld()
  world.org.addFaults([{ match: { method: 'POST' }, do: { status: 403 } }])
  await world
    .changes({ idempotencyKey: 'k1' }, logging(world))
    .request(toggle(true))
    .catch(() => {})
  await world.changes({ actor: BO, idempotencyKey: 'k2' }, logging(world)).request(toggle(true))
  expect(counted()).toEqual([['ChangeUndone', 'FAILED']])
  expect(world.org.truth().toggles[OFF]).toBe(true)
})

it('counts one that a newer wish has overtaken', async () => {
  const world = await changeWorld()
  const { value } = await world.plans({ idempotencyKey: 'p1' }).plan(toggle(true))
  world.org.addFaults([{ match: { method: 'POST' }, do: { status: 429, headers: { 'Retry-After': '90' } } }])
  await world.changes({ idempotencyKey: 'a1' }, logging(world)).apply(value.id, value.digest)
  world.clock.advance(1_000)
  await world.changes({ actor: BO, idempotencyKey: 'k2' }, logging(world)).request(toggle(false))
  world.clock.advance(120_000)
  await world.changes({ idempotencyKey: 'a2' }, logging(world)).apply(value.id, value.digest)
  expect(counted()).toEqual([['ChangeUndone', 'SUPERSEDED']])
})

it('counts pairs that Genesys answered for though they were not sent, and names nobody', () => {
  changeLog('test', { ...systemClock, nowMs: () => 0 }).noteUnasked('c', 3)
  expect(written.map((line) => JSON.parse(line))).toMatchObject([
    { level: 'WARN', code: 'upstream.unasked', changeId: 'c', pairs: 3, UpstreamUnasked: 3 },
  ])
})

it('counts what needs attention apart, and no plan that nobody applied', async () => {
  const world = await changeWorld()
  await world.plans({ idempotencyKey: 'p1' }).plan(toggle(false, ON))
  world.org.addFaults([{ match: { method: 'POST' }, do: { reset: true } }])
  await world.changes({ idempotencyKey: 'k1' }, logging(world)).request(toggle(true))
  world.clock.advance(9 * 3_600_000)
  const bench = logging(world)
  await tick(bench, async () => bench)
  expect(counted()).toEqual([['ChangeNeedsAttention', 'NEEDS_ATTENTION']])
})
