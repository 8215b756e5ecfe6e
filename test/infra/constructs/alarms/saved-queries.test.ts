/** Saved queries find something only where they name codes and fields that are written, so both sides are held against each other. */
import { describe, expect, it } from 'vitest'
import { savedQueries } from '../../../../infra/constructs/alarms/saved-queries.ts'
import { changeStates } from '../../../../lib/changes/model/transitions.ts'
import { GatewayError } from '../../../../lib/errors.ts'
import { newObserved } from '../../../../lib/genesys/scope.ts'
import { KeysUnreachable } from '../../../../lib/http/issuer-keys.ts'
import { authorizerLog, writeStaleKeys } from '../../../../lib/observe/authorizer-log.ts'
import { changeLog } from '../../../../lib/observe/change-log.ts'
import { chatLog, webhookLog } from '../../../../lib/observe/chat-log.ts'
import { noteFailedChore, readingLog } from '../../../../lib/observe/reading-log.ts'
import { requestLog } from '../../../../lib/observe/request-log.ts'
import { tokenLog } from '../../../../lib/observe/token-log.ts'
import { writeFailure, writeUnforeseen } from '../../../../lib/observe/write-unforeseen.ts'
import { toggle } from '../../../support/changes/change-orders.ts'
import { changeWorld } from '../../../support/changes/change-world.ts'
import { takeLines } from '../../../support/lines.ts'
import { at, flat, listOf, Synthesized } from '../../synthesized.ts'

const error = new GatewayError('ledger.unavailable', 'why', { cause: new Error('deeper') })
const clock = {
  nowMs: () => 0,
  monotonicMs: () => 0,
  random: () => 0,
  sleep: () => Promise.resolve(),
  startTimer: () => () => {},
}

let written: ReturnType<typeof writeEverything> | undefined
const everyLine = () => (written ??= writeEverything())

/** One line at least of each kind that the functions write, with all that it may say. */
async function writeEverything(): Promise<Record<string, unknown>[]> {
  const lines = takeLines()
  const observed = {
    ...newObserved(),
    sent: 2,
    resent: 1,
    unauthorized: 1,
    forbidden: 1,
    lastStatus: 500,
    writeStatus: 500,
    correlationId: 'x',
    rateLimitUsed: 1,
    rateLimitAllowed: 300,
    inconsistency: 'x',
  }
  requestLog('s', clock).noteRequest(
    { id: 'x' },
    {
      requestId: 'x',
      startedMs: 0,
      observed,
      error,
      actor: { kind: 'jwt', id: 'x' },
      file: { type: 'text/html', rows: 1, bytes: 1, people: 1, end: 'broken off' },
      taking: 'stalled',
      asked: Object.fromEntries(
        ['userId', 'licenseId', 'periodId', 'changeId', 'user', 'license', 'from', 'to'].map((name) => [
          name,
          'x',
        ]),
      ),
    },
    { statusCode: 503, headers: { 'x-change-id': 'x' } },
  )
  const changes = changeLog('s', clock)
  const world = await changeWorld()
  world.org.addFaults([{ match: { method: 'POST' }, do: { status: 403 } }])
  await world
    .changes({ idempotencyKey: 'k1' }, world.bench({ log: changes }))
    .request(toggle(true))
    .catch(() => {})
  changes.noteDeferred('x', 'x', error)
  changes.noteRefusal('x', 'x')
  changes.noteUnasked('x', 1)
  changes.noteTick({
    advanced: 1,
    failed: 1,
    told: 1,
    stillDue: 1,
    oldestDueMs: 1_000,
    open: 1,
    isPaused: false,
  })
  const authorizer = authorizerLog('s', clock)
  authorizer.noteRefusal('expired', { requestId: 'x', operation: 'x', needs: 'viewer' })
  authorizer.noteUnreachableKeys(new KeysUnreachable('x'), {})
  writeStaleKeys(error, clock)
  writeUnforeseen('s', error, clock)
  writeFailure(error, clock)
  const wished = {
    deliveryId: 'x',
    platform: 'slack',
    userId: 'x',
    person: 'x',
    role: 'viewer',
    wish: 'x',
    changeId: 'x',
  } as const
  const chat = chatLog('s', clock)
  chat.noteWish(wished)
  chat.noteRefusal(wished, 'x')
  chat.noteFailure(wished, error)
  chat.noteUndelivered({ id: 'x', what: 'x', tried: ['x'], isLost: true })
  for (const outcome of ['handed.on', 'answered', 'checked', 'refused', 'lost', 'failed'] as const)
    webhookLog('s', clock).noteDelivery({
      platform: 'slack',
      requestId: 'x',
      status: 500,
      outcome,
      durationMs: 1,
      deliveryId: 'x',
      reason: 'x',
      error,
    })
  const tokens = tokenLog('s', clock)
  tokens.noteFailedRotation('x', error)
  tokens.noteUnknownAge('x', error)
  tokens.noteAges({ readSeconds: 1, writeSeconds: 1 })
  const readings = readingLog('s', clock)
  readings.noteStretch({ readingId: 'x', askedBy: 'night', pages: 1, error })
  const whole = { isWhole: true, people: 1, missing: 0, differences: 0 }
  readings.noteReading({ readingId: 'x', askedBy: 'night', pages: 1, tookMs: 1, ...whole })
  readings.noteAge(1)
  noteFailedChore('x', error, clock)
  return lines.map((line): Record<string, unknown> => JSON.parse(line))
}

/** Names as Logs Insights makes them of JSON: those of what is within something behind its own and a dot. */
function fieldsOf(value: unknown, before = ''): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [before.slice(0, -1)]
  return Object.entries(value).flatMap(([name, each]) => fieldsOf(each, `${before}${name}.`))
}

/** Fields that Logs Insights adds (CloudWatch Logs User Guide, "Supported logs and discovered fields"). */
const INSIGHTS = ['@timestamp', '@message', '@log', '@logStream']

/** Lambda's own lines in its JSON format: what nobody caught, and `platform.report` (Lambda developer guide, "JSON log format"; Telemetry API's event schemas). */
const PLATFORM = [
  'level',
  'requestId',
  'message.errorType',
  'message.errorMessage',
  'record.status',
  'record.metrics.durationMs',
  'record.metrics.maxMemoryUsedMB',
]

const WORDS =
  /\b(?:fields|filter|stats|sort|limit|by|as|and|or|in|like|asc|desc|count|pct|max|sum|latest|bin)\b(?!\.)/g

/** What a query names beside Logs Insights' own words: fields, and those that it makes itself behind `as`. */
function namesIn(query: string) {
  const plain = query.replaceAll(/"[^"]*"|\/[^/\n]*\/|\bbin\(\w+\)/g, ' ')
  const made = [...plain.matchAll(/\bas (\w+)/g)].map(([, name = '']) => name)
  const named = [...plain.replaceAll(WORDS, ' ').matchAll(/@?[A-Za-z][\w.]*/g)].map(([name]) => name)
  return { fields: [...new Set(named.filter((name) => !made.includes(name)))], made }
}

const textOf = ({ commands }: { readonly commands: readonly string[] }) => commands.join('\n| ')
const quotedAfter = (text: string, field: string) =>
  [...text.matchAll(new RegExp(`\\b${field} (?:= |in \\[)((?:"[^"]*"(?:, )?)+)`, 'g'))].flatMap(
    ([, list = '']) => [...list.matchAll(/"([^"]*)"/g)].map(([, value = '']) => value),
  )

const stack = new Synthesized('chat')
const accessFields = Object.keys(
  JSON.parse(
    String(
      at([...stack.ofType('AWS::ApiGateway::Stage').values()][0]?.Properties, 'AccessLogSetting', 'Format'),
    ),
  ),
)

describe('the saved queries', () => {
  it.each(Object.entries(savedQueries))(
    '%s: asks for codes and fields that are written',
    async (_name, query) => {
      const lines = await everyLine()
      const text = textOf(query)
      const codes = quotedAfter(text, 'code')
      const written = lines.filter(({ code }) => codes.length === 0 || codes.includes(String(code)))
      expect(codes.filter((code) => !lines.some((line) => line['code'] === code))).toEqual([])
      const known = new Set([
        ...INSIGHTS,
        ...PLATFORM,
        ...(query.logs === 'access' ? accessFields : written.flatMap((line) => fieldsOf(line))),
      ])
      expect(namesIn(text).fields.filter((field) => !known.has(field))).toEqual([])
      expect(
        quotedAfter(text, 'state').filter((state) => !changeStates.some((each) => each === state)),
      ).toEqual([])
    },
  )

  it('read no name that they make themselves before it is made', () => {
    for (const query of Object.values(savedQueries)) {
      const { made } = namesIn(textOf(query))
      const stats = query.commands.findIndex((command) => command.startsWith('stats '))
      for (const command of query.commands.slice(0, stats === -1 ? 0 : stats))
        for (const name of made) expect(command).not.toMatch(new RegExp(`\\b${name}\\b`))
    }
  })

  it('are in the stack, in a folder of its name, each over log groups of its own, as many as a query takes', () => {
    const groups = stack.ofType('AWS::Logs::LogGroup')
    const saved = [...stack.ofType('AWS::Logs::QueryDefinition').values()].map(({ Properties }) => Properties)
    const names = saved.map(({ Name }) => String(Name).replace(/ \(\d of \d\)$/, ''))
    expect([...new Set(names)].sort()).toEqual(
      Object.keys(savedQueries)
        .map((name) => `genesys-license-talk/${name}`)
        .sort(),
    )
    for (const { LogGroupNames: logs, QueryString: text } of saved) {
      const ids = listOf(logs).map((each) => flat(each).slice(1, -1))
      expect(ids.length).toBeGreaterThan(0)
      expect(ids.length).toBeLessThanOrEqual(50)
      expect(ids.filter((id) => !groups.has(id))).toEqual([])
      expect(String(text).length).toBeLessThan(10_000)
    }
  })

  it('reach every function’s log', () => {
    const read = new Set(
      [...stack.ofType('AWS::Logs::QueryDefinition').values()].flatMap(({ Properties }) =>
        listOf(Properties['LogGroupNames']).map(flat),
      ),
    )
    for (const { Properties } of stack.ofType('AWS::Lambda::Function').values())
      expect(read).toContain(flat(at(Properties, 'LoggingConfig', 'LogGroup')))
  })

  it('leave out what a stack has none of', () => {
    const names = [...new Synthesized('iam').ofType('AWS::Logs::QueryDefinition').values()].map(
      ({ Properties }) => String(Properties['Name']),
    )
    expect(names).not.toContain('genesys-license-iam/Callers whose token was refused')
    expect(names).not.toContain('genesys-license-iam/Chat that came to nothing')
    expect(names).toContain('genesys-license-iam/Who was refused')
  })
})
