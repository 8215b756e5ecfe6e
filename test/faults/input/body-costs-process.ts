/**
 * Drives every body there is with wide, deep and repetitive input, and prints as JSON what cost too much or was
 * answered otherwise than by 400 or 413. To be run under a heap of a size: what it cannot hold ends the process.
 *
 * Arguments: how many bodies, and fast-check's seed.
 */
import fc from 'fast-check'
import { ChangeOrder } from '../../../lib/changes/model/change-order.ts'
import { readOrder } from '../../../lib/changes/plan/read-order.ts'
import { readSlackDelivery } from '../../../lib/chat/slack/delivery.ts'
import { readTeamsDelivery } from '../../../lib/chat/teams/delivery.ts'
import { GatewayError } from '../../../lib/errors.ts'
import { readInput } from '../../../lib/http/read-input.ts'
import { restRequestOf } from '../../../lib/http/rest-request.ts'
import { operations } from '../../../lib/operations/index.ts'
import { restEvent } from '../../support/events.ts'

/** What an answer to a body may cost, milliseconds of CPU. */
const MAX_CPU_MS = 250

/** The machine's other work shows in what is measured, never in the least of some tries. */
const TRIES = 4

const [runs = '200', seed = '1'] = process.argv.slice(2)

const user = '00000000-0000-4000-8000-000000000001'
const pair = `{"licenseId":"a","userIdsAdd":["${user}"],"userIdsRemove":["${user}"]}`

/** Where a list can stand, in any of the bodies. */
const lists: readonly (readonly [before: string, after: string])[] = [
  ['[', ']'],
  ['{"assignments":[', ']}'],
  ['{"assignments":[{"licenseId":"a","userIdsRemove":[],"userIdsAdd":[', ']}]}'],
  ['{"kind":"assignments","assignments":[', ']}'],
  ['{"kind":"assignments","assignments":[{"licenseId":"a","userIdsAdd":[],"userIdsRemove":[', ']}]}'],
  ['{"rate":"5 minutes","change":{"kind":"assignments","assignments":[', ']}}'],
  ['{"enabled":true,"reason":[', ']}'],
  ['{"digest":[', ']}'],
  ['{"type":"message","id":"1","text":"x","entities":[', ']}'],
]
const units = [
  '{}',
  '[]',
  '0',
  'null',
  '""',
  `"${user}"`,
  '{"a":1}',
  '[[]]',
  '"\\u200e"',
  pair,
  '{"a":{"a":{}}}',
]
const sizes = fc.constantFrom(20_000, 123_000, 600_000, 2_000_000, 2_200_000)

const wide = fc
  .tuple(fc.constantFrom(...lists), fc.constantFrom(...units), sizes)
  .map(([[before, after], unit, size]) => () => {
    const count = Math.max(501, Math.floor(size / (unit.length + 1)))
    return `${before}${`${unit},`.repeat(count)}${unit}${after}`
  })
const deep = fc
  .tuple(fc.constantFrom('[', '{"a":', '[{"a":', '{"change":'), sizes, fc.boolean())
  .map(([opening, size, isClosed]) => () => {
    const count = Math.floor(size / opening.length)
    const closing = [...opening.replace(/[^[{]/g, '')]
      .reverse()
      .join('')
      .replaceAll('{', '}')
      .replaceAll('[', ']')
    return opening.repeat(count) + (isClosed ? `0${closing.repeat(count)}` : '')
  })
const keys = fc.tuple(fc.constantFrom('', 'assignments', '\\u0061'), sizes).map(([start, size]) => () => {
  const entries = Array.from(
    { length: Math.floor(size / (start.length + 10)) },
    (_, at) => `"${start}${at}":0`,
  )
  return `{${entries.join(',')}}`
})
const texts = fc
  .tuple(
    fc.constantFrom(...lists),
    fc.constantFrom('a', ' ', '\\"', '\\u0061', 'a:', '-', '\\\\', 'é', '\u200e', '- '),
    sizes,
  )
  .map(
    ([[before, after], unit, size]) =>
      () =>
        `${before}"${unit.repeat(Math.floor(size / unit.length))}"${after}`,
  )
const fields = fc
  .tuple(
    fc.constantFrom('reason', 'notBefore', 'revertAfter', 'cron', 'at', 'timeZone', 'digest', 'featureName'),
    fc.constantFrom('1', 'a ', 'P1D', '* ', 'Z', '\u200e'),
    sizes,
  )
  .map(([name, unit, size]) => () => {
    const value = unit.repeat(Math.floor(size / unit.length))
    return `{"kind":"toggle","enabled":true,"change":{"kind":"toggle","${name}":"${value}"},"${name}":"${value}"}`
  })
/** Each is made when its turn comes: a heap of this size holds but a few of them. */
const body = fc.oneof(wide, deep, keys, texts, fields)

const withBody = operations.filter(({ body: spec }) => spec !== undefined)

/** @returns the status of the refusal; 200 where there is none. */
type Door = (text: string) => number

const doors: ReadonlyMap<string, Door> = new Map<string, Door>([
  ...withBody.map((operation): [string, Door] => [
    operation.id,
    (text) => {
      try {
        const { body: taken } = readInput(
          operation,
          restRequestOf(
            restEvent(operation.id, { body: text, pathParameters: parametersOf(operation.path) }),
          ),
        )
        // Too many pairs are told of where an order is read, before anything is looked up or recorded.
        for (const order of [Object(taken), { kind: 'assignments', ...Object(taken) }]) {
          const { data } = ChangeOrder.safeParse(order)
          if (data) readOrder(data, 0)
        }
        return 200
      } catch (error) {
        if (error instanceof GatewayError && error.faults.length <= 50) return error.status
        throw error
      }
    },
  ]),
  // A webhook reads no more than this of a body.
  [
    'slack',
    (text) =>
      statusOf(
        readSlackDelivery(
          Buffer.from(`payload=${encodeURIComponent(text.slice(0, 50_000))}`),
          'application/x-www-form-urlencoded',
          { fingerprint: 'x' },
        ),
      ),
  ],
  ['teams', (text) => statusOf(readTeamsDelivery(Buffer.from(text.slice(0, 150_000))))],
])

function statusOf(translation: object): number {
  return 'refusal' in translation ? 400 : 200
}

function parametersOf(path: string): Record<string, string> {
  const names = path.match(/(?<=\{)\w+(?=\})/g) ?? []
  return Object.fromEntries(
    names.map((name) => [name, name === 'featureName' ? 'wallboards' : '0'.repeat(20)]),
  )
}

const faults: object[] = []
let bodies = 0
let most = 0
for (const [name, make] of fc.sample(fc.tuple(fc.constantFrom(...doors.keys()), body), {
  numRuns: Number(runs),
  seed: Number(seed),
})) {
  const door = doors.get(name)
  if (!door) continue
  const json = make()
  bodies += 1
  let status = 0
  let cpuMs = Number.POSITIVE_INFINITY
  for (let tried = 0; tried < TRIES && cpuMs > MAX_CPU_MS; tried++) {
    const before = process.cpuUsage()
    status = door(json)
    const { user: userUs, system } = process.cpuUsage(before)
    cpuMs = (userUs + system) / 1_000
  }
  most = Math.max(most, cpuMs)
  if ((status !== 400 && status !== 413) || cpuMs > MAX_CPU_MS) {
    faults.push({ door: name, status, cpuMs, begins: json.slice(0, 200), length: json.length })
  }
}
process.stdout.write(JSON.stringify({ doors: [...doors.keys()], bodies, most, faults }))
