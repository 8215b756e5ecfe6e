/** Looking for secrets where they must not be. */
import { afterEach, beforeEach, expect, vi } from 'vitest'

/** @returns all that each test's code prints, by whatever way; emptied before each test. */
export function capturePrinting(): readonly string[] {
  const printed: string[] = []
  beforeEach(() => {
    printed.length = 0
    for (const stream of [process.stdout, process.stderr]) {
      vi.spyOn(stream, 'write').mockImplementation((chunk) => printed.push(String(chunk)) > 0)
    }
    for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
      vi.spyOn(console, method).mockImplementation((...values) => printed.push(values.map(String).join(' ')))
    }
  })
  afterEach(() => {
    vi.restoreAllMocks()
  })
  return printed
}

/** None of the texts sought is in anything captured. */
export function expectNowhere(sought: readonly string[], captured: readonly unknown[]) {
  const all = [...captured.map((each) => textOf(each))].join('\n')
  const found = sought.flatMap((each) => (all.includes(each) ? [around(all, each)] : []))
  expect(found).toEqual([])
}

const around = (text: string, at: string) =>
  text.slice(Math.max(0, text.indexOf(at) - 200), text.indexOf(at) + 60)

/** All that a runtime or a logger may show of a value: errors with their stacks, causes and own fields too. */
function textOf(value: unknown): string {
  if (!(value instanceof Error)) return JSON.stringify(value) ?? ''
  const { name, message, stack, cause } = value
  return [name, message, stack, JSON.stringify({ ...value }), cause === undefined ? '' : textOf(cause)].join(
    '\n',
  )
}
