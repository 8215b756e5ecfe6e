/** How fast a list goes, and when it will have ended, as its progress tells it at every moment of 530 parts. */
import { expect, test } from 'vitest'
import { listProgressOf, withMark, withWait } from '../../../lib/changes/answers/list-progress.ts'
import type { ListState } from '../../../lib/changes/model/change.ts'

const PARTS = 530
const BEGAN_MS = Date.parse('2026-11-15T12:00:00Z')
const MINUTE_MS = 60_000

interface Seen {
  readonly atMs: number
  readonly endMs: number
  readonly perMinute: number | undefined
}

/** @param lastsMs how long the n-th part takes with its wait. @returns what is told behind each part, and when the last was over. */
function run(lastsMs: (n: number, atMs: number) => number, idleFrom?: number) {
  let list: ListState = {
    parts: PARTS,
    idleFrom,
    next: 0,
    open: [],
    outcomes: {},
    attention: [],
    requests: 0,
    beganAtMs: BEGAN_MS,
  }
  const seen: Seen[] = []
  let atMs = BEGAN_MS
  for (let n = 0; n < PARTS; n++) {
    const updatedAtMs = atMs + 300
    atMs += lastsMs(n, atMs)
    const begun = { ...list, next: n + 1, requests: 4 * (n + 1) }
    list = withMark(withWait(begun, atMs, updatedAtMs), updatedAtMs)
    const subject = { pairs: 50_000, users: 50_000, licenses: [] }
    const told = listProgressOf(list, { id: 'list', state: 'RUNNING', subject, updatedAtMs })
    const endMs = Date.parse(told.endEstimatedAt ?? '')
    if (n < PARTS - 1) seen.push({ atMs, endMs, perMinute: told.requestsPerMinute })
  }
  return { seen, endMs: atMs }
}

/** Parts take now more, now less. */
const usual = (n: number) => 1_000 + 300 * Math.sin(n)

test('from the first minute on the end is told within a tenth of what is left, and the rate is that of now; before, within a third', () => {
  const { seen, endMs } = run(usual)
  for (const { atMs, endMs: told, perMinute } of seen) {
    const isEarly = atMs - BEGAN_MS < MINUTE_MS
    const margin = isEarly ? 0.3 : 0.1
    expect(Math.abs(told - endMs)).toBeLessThan(margin * (endMs - atMs) + 2_000)
    if (isEarly) expect(perMinute).toBeUndefined()
    else expect(Math.abs((perMinute ?? 0) - 240)).toBeLessThan(12)
  }
})

test('in a storm of ten minutes the end moves out and the rate falls, and two minutes after it both are right again', () => {
  const fromMs = BEGAN_MS + 2 * MINUTE_MS
  const isStorm = (atMs: number) => atMs >= fromMs && atMs < fromMs + 10 * MINUTE_MS
  const { seen, endMs } = run((n, atMs) => (isStorm(atMs) ? MINUTE_MS : usual(n)))
  const before = seen.findLast(({ atMs }) => atMs < fromMs)
  const within = seen.filter(({ atMs }) => isStorm(atMs - MINUTE_MS) && isStorm(atMs))
  expect(within.length).toBeGreaterThan(7)
  for (const { atMs, endMs: told, perMinute } of within) {
    expect(told).toBeGreaterThan((before?.endMs ?? 0) + (atMs - fromMs) - 2_000)
    expect(perMinute).toBeLessThan(200)
  }
  expect(within.at(-1)?.perMinute).toBeLessThan(10)
  const after = seen.filter(({ atMs }) => atMs > fromMs + 13 * MINUTE_MS)
  expect(after.length).toBeGreaterThan(100)
  for (const { atMs, endMs: told, perMinute } of after) {
    expect(Math.abs(told - endMs)).toBeLessThan(0.1 * (endMs - atMs) + 2_000)
    expect(Math.abs((perMinute ?? 0) - 240)).toBeLessThan(12)
  }
})

test.each([3, 100])(
  'an hour that Genesys asks for after part %i counts once in the end, and for nothing in the rate',
  (at) => {
    const { seen, endMs } = run((n) => (n === at ? 60 * MINUTE_MS : usual(n)))
    for (const { atMs, endMs: told, perMinute } of seen.slice(at)) {
      expect(Math.abs(told - endMs)).toBeLessThan(0.3 * (endMs - atMs) + 2_000)
      if (perMinute !== undefined) expect(Math.abs(perMinute - 240)).toBeLessThan(12)
    }
  },
)

test('parts that only read are told to take a third of those that change something, from the first on', () => {
  const { seen, endMs } = run((n) => (n < PARTS / 2 ? 900 : 300), PARTS / 2)
  for (const { atMs, endMs: told } of seen) {
    expect(Math.abs(told - endMs)).toBeLessThan(0.1 * (endMs - atMs) + 2_000)
  }
})
