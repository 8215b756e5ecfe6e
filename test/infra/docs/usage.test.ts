/** What docs/cost.md counts with is measured: the whole stack with the real functions, warm, one thing after the other. */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RotateSecretCommand } from '@aws-sdk/client-secrets-manager'
import { afterAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { functionNameOf } from '../../../infra/constructs/names.ts'
import { STEADY_METRICS } from '../../../infra/docs/cost/cost-page.ts'
import { type Usage, type UsageName, usages } from '../../../infra/docs/cost/usage.ts'
import { type Functions, loadFunctions } from '../../../infra/local/functions.ts'
import { startLocal } from '../../../infra/local/stack.ts'
import { secretsClient } from '../../../lib/aws/secrets-client.ts'
import { readEnvironment } from '../../../lib/environment.ts'
import { operations } from '../../../lib/operations/index.ts'
import { nodeTransport } from '../../../lib/transport/transport.ts'
import { sendRaw } from '../../support/gateway.ts'
import { type MeteredLedger, meterLedger } from '../../support/ledger/metered-ledger.ts'

const directory = mkdtempSync(join(tmpdir(), 'usage-'))
const invocations: string[] = []
const lines: string[] = []
let ledger: MeteredLedger | undefined
let functions: Functions | undefined

/** As they are, each invocation noted. */
function noted(loaded: Functions): Functions {
  const noting =
    <A extends unknown[], R>(name: string, call: (...input: A) => R) =>
    (...input: A): R => {
      invocations.push(name)
      return call(...input)
    }
  const names = new Map(operations.map((operation) => [operation.id, functionNameOf(operation)]))
  const { chat } = loaded
  return {
    authorize: noting('authorize', loaded.authorize),
    rotate: noting('rotate-token', loaded.rotate),
    functionOf: (id) => noting(names.get(id) ?? id, loaded.functionOf(id)),
    streamOf: (id) => noting(names.get(id) ?? id, loaded.streamOf(id)),
    takeTurns: async () => ({ batchItemFailures: [] }),
    flipToggle: noting('flip-toggle', loaded.flipToggle),
    fireSchedule: noting('fire-schedule', loaded.fireSchedule),
    tick: noting('advance-due-changes', loaded.tick),
    writeAudit: noting('write-audit', loaded.writeAudit),
    takeInventory: noting('take-inventory', loaded.takeInventory),
    getPage: async () => noting('get-page', await loaded.getPage()),
    chat: chat && {
      slack: noting('slack', chat.slack),
      teams: noting('teams', chat.teams),
      runCommand: noting('run-command', chat.runCommand),
    },
  }
}

const stack = await startLocal({
  directory,
  org: { users: 60, toggles: 'legacy', requestsPerMinute: 100_000 },
  // A tick is measured by itself.
  tickEveryMs: 2 ** 31 - 1,
  takesInventory: false,
  async load(runtime, hasChat) {
    const { AWS_ENDPOINT_URL_DYNAMODB: url = '' } = runtime.variables
    ledger = await meterLedger(url)
    const variables = { ...runtime.variables, AWS_ENDPOINT_URL_DYNAMODB: ledger.url }
    functions = noted(await loadFunctions({ ...runtime, variables }, hasChat))
    return functions
  },
  writeLine: (line) => lines.push(line),
})
const { org, aws, chat } = stack
if (!org || !chat || !ledger || !functions) throw new Error('this stack has no org, no chat or no ledger')
const meter = ledger
const loaded = functions

afterAll(async () => {
  await stack.close()
  await meter.close()
  rmSync(directory, { recursive: true, force: true })
})

/** What one thing used, when all that it set off is done. */
async function usageOf(go: () => Promise<unknown>): Promise<Usage> {
  await aws.idle()
  const before = {
    ...meter.metered,
    asked: aws.requests().length,
    events: aws.events().length,
    org: org?.requests().length ?? 0,
  }
  invocations.length = 0
  lines.length = 0
  await go()
  await aws.idle()
  const counted: Record<string, number> = {}
  for (const name of invocations) counted[name] = (counted[name] ?? 0) + 1
  const asked = aws.requests().slice(before.asked)
  return {
    invocations: counted,
    apiRequests: invocations.filter(
      (name) =>
        ![
          'authorize',
          'run-command',
          'advance-due-changes',
          'take-inventory',
          'write-audit',
          'rotate-token',
        ].includes(name),
    ).length,
    genesysRequests: (org?.requests().length ?? 0) - before.org,
    ledgerCalls: meter.metered.calls - before.calls,
    writeUnits: meter.metered.writeUnits - before.writeUnits,
    readUnits: meter.metered.readUnits - before.readUnits,
    events: aws.events().length - before.events,
    secretCalls: asked.filter(({ secretId }) => secretId !== null).length,
    logBytes: Math.round(lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0) / 100) * 100,
  }
}

const { users } = org.truth()
const people = org
  .people(40)
  .filter(
    ({ id, state, email }) =>
      state === 'active' && email !== undefined && !users[id]?.includes('wallboardUser'),
  )
let turn = 0
const nextPerson = () => {
  const person = people[turn++]
  if (!person) throw new Error('there is nobody left')
  return person
}
const json = (idempotent: boolean) => [
  'Content-Type',
  'application/json',
  ...(idempotent ? ['Idempotency-Key', randomUUID()] : []),
]

async function grant() {
  const give = { licenseId: 'wallboardUser', userIdsAdd: [nextPerson().id], userIdsRemove: [] }
  const { status } = await sendRaw(stack, {
    method: 'POST',
    path: '/api/v2/license/organization',
    headers: json(false),
    body: JSON.stringify({ assignments: [give] }),
  })
  expect(status).toBe(200)
}

let isOn = true
async function toggle() {
  const [name] = Object.keys(org?.truth().toggles ?? {})
  isOn = !(org?.truth().toggles[String(name)] ?? isOn)
  const { status } = await sendRaw(stack, {
    method: 'PUT',
    path: `/v1/toggles/${name}`,
    headers: json(true),
    body: JSON.stringify({ enabled: isOn }),
  })
  expect(status).toBe(200)
}

async function grantInChat() {
  await chat?.say('slack', 'local-operator', `/license grant wallboardUser to ${nextPerson().email}`)
  await aws.idle()
  await chat?.press('local-operator', 'Confirm')
}

/** With what time does to a change afterwards, beside ticks that find nothing. */
async function withLater(go: () => Promise<unknown>): Promise<Usage> {
  const now = await usageOf(go)
  const idle = await usageOf(() => loaded.tick())
  await aws.advance(10 * 60_000)
  const later = await usageOf(() => loaded.tick())
  const sum = (key: Exclude<keyof Usage, 'invocations'>) => now[key] + later[key] - idle[key]
  return {
    invocations: now.invocations,
    apiRequests: now.apiRequests,
    genesysRequests: sum('genesysRequests'),
    ledgerCalls: sum('ledgerCalls'),
    writeUnits: sum('writeUnits'),
    readUnits: sum('readUnits'),
    events: sum('events'),
    secretCalls: sum('secretCalls'),
    logBytes: sum('logBytes'),
  }
}

const Metrics = z.object({
  _aws: z.object({
    CloudWatchMetrics: z.array(z.object({ Metrics: z.array(z.object({ Name: z.string() })) })),
  }),
})

const things: Readonly<Record<UsageName, () => Promise<Usage>>> = {
  read: () => usageOf(() => sendRaw(stack, { path: `/api/v2/license/users/${people[0]?.id}` })),
  grant: () => withLater(grant),
  toggle: () => withLater(toggle),
  chatRead: () =>
    usageOf(async () => await chat.say('slack', 'local-operator', `/license user ${people[0]?.email}`)),
  chatGrant: () => withLater(grantInChat),
  page: () =>
    usageOf(async () => {
      for (const path of ['/', '/config.json']) expect((await sendRaw(stack, { path })).status).toBe(200)
    }),
  tick: () => usageOf(() => loaded.tick()),
  readings: () => usageOf(() => loaded.takeInventory()),
  audit: () => usageOf(() => loaded.writeAudit()),
  rotation: () => usageOf(rotateOnce),
}

/** A rotation that is asked for counts one call more than one that is due. */
async function rotateOnce() {
  const environment = readEnvironment()
  const client = secretsClient(
    nodeTransport,
    environment.awsRegion,
    environment.endpointOf('SECRETS_MANAGER'),
  )
  await client.send(new RotateSecretCommand({ SecretId: environment.required('READ_TOKEN_SECRET') }))
}

describe('what one of each uses', () => {
  it.each(Object.keys(usages) as UsageName[])('%s', async (name) => {
    // Whatever is read once for a container has been.
    await things[name]()
    const usage = await things[name]()
    const { logBytes, ...counts } = usage
    const { logBytes: declaredBytes, ...declared } = usages[name]
    expect(counts).toEqual(declared)
    // Ids and times are longer and shorter.
    const leeway = Math.max(200, declaredBytes / 5)
    expect(logBytes).toBeGreaterThanOrEqual(declaredBytes - leeway)
    expect(logBytes).toBeLessThanOrEqual(declaredBytes + leeway)
  })

  it('counts as put each minute what a tick puts that finds nothing', async () => {
    await loaded.takeInventory()
    await usageOf(async () => {
      await loaded.tick()
      await loaded.takeInventory()
    })
    const put = lines.flatMap((line) =>
      Metrics.parse(JSON.parse(line))._aws.CloudWatchMetrics.flatMap((each) =>
        each.Metrics.map(({ Name }) => Name),
      ),
    )
    expect(put.sort()).toEqual([...STEADY_METRICS].sort())
  })
})
