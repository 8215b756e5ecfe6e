/** The drill of docs/operations.md, as it stands there: each alarm's condition comes about, and its line is found. */
import { appendFileSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { metricNames } from '../../../lib/observe/metric-names.ts'
import { gatewayForTests } from '../../support/gateway.ts'
import { openTerminal } from './terminal.ts'

const page = readFileSync(join(import.meta.dirname, '../../../docs/operations.md'), 'utf8')
const drill = page.slice(page.indexOf('## A drill on a laptop'))
const [setUp = '', ...blocks] = [...drill.matchAll(/```sh\n(.*?)```/gs)].map(([, text]) => text ?? '')
const names = [...drill.matchAll(/^\*\*(.*?)\.\*\*/gm)].map(([, name = '']) => name)

let logFile = join(tmpdir(), 'gateway.log')
const stack = await gatewayForTests({
  // As that of `npm start`, where people paste them.
  clockGoesByItself: true,
  org: { toggles: 'legacy', users: 500 },
  writeLine: (line) => appendFileSync(logFile, line),
})
logFile = join(stack.directory, 'gateway.log')
const terminal = openTerminal(stack)

/** The highest that the lines of the log have of a metric, or its sum. */
function metric(log: readonly Record<string, unknown>[], name: string) {
  const values = log.map((line) => Number(line[name] ?? 0))
  return { most: Math.max(...values), sum: values.reduce((sum, value) => sum + value, 0) }
}

it('brings about what each alarm looks at, shows it, and ends well', { timeout: 300_000 }, async () => {
  const pasted = await terminal.paste(setUp, blocks)
  expect(pasted.filter(({ code }) => code !== 0)).toEqual([])
  expect(blocks).toHaveLength(names.length)

  const log = readFileSync(logFile, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Record<string, unknown> => JSON.parse(line))
  const served = (status: RegExp) =>
    log.filter((line) => line['code'] === 'request.served' && status.test(String(line['status'])))
  const lines = (code: string) => log.filter((line) => line['code'] === code)
  expect(metric(log, metricNames.changeNeedsAttention).sum).toBeGreaterThanOrEqual(1)
  expect(metric(log, metricNames.oldestDue).most).toBeGreaterThanOrEqual(900)
  expect(metric(log, metricNames.writesPaused).most).toBe(1)
  expect(metric(log, metricNames.upstreamUnauthorized).sum).toBeGreaterThanOrEqual(3)
  expect(metric(log, metricNames.upstreamForbidden).sum).toBeGreaterThanOrEqual(1)
  expect(metric(log, metricNames.rotationFailed).sum).toBeGreaterThanOrEqual(1)
  expect(metric(log, metricNames.readTokenAge).most).toBeGreaterThanOrEqual(13 * 3_600)
  expect(metric(log, metricNames.writeTokenAge).most).toBeGreaterThanOrEqual(13 * 3_600)
  expect(metric(log, metricNames.unforeseen).sum).toBeGreaterThanOrEqual(1)
  expect(served(/^5/).length).toBeGreaterThanOrEqual(5)
  expect(served(/^429$/).length).toBeGreaterThanOrEqual(10)
  for (const code of ['chat.failed', 'chat.lost']) expect(lines(code).length).toBeGreaterThanOrEqual(1)
  expect(lines('chat.undelivered').some(({ level }) => level === 'ERROR')).toBe(true)

  // What the sections have people do has ended it.
  expect(stack.aws.deadLetters()).toEqual([])
  expect(Number(lines('token.age').at(-1)?.[metricNames.writeTokenAge])).toBeLessThan(3_600)
  expect(stack.org.truth().toggles['concurrentLicensing']).toBe(false)
  const printed = pasted.map((each) => each.printed).join('')
  expect(printed).toContain('sent back to flip-toggle')
  expect(printed).toMatch(/^ran: 0$/m)
  // What each block shows is what its alarm looks at, and why.
  expect(Number(/^"OldestDueSeconds":(\d+)$/m.exec(printed)?.[1])).toBeGreaterThanOrEqual(900)
  expect(printed).toMatch(/"invocation.failed".*"name":"AccessDeniedException"/)
  expect(printed).toMatch(/"rotation.failed".*"error":\{.*authentication failed/)
  expect(log.filter(({ requestId }) => requestId === undefined)).toEqual([])
})
