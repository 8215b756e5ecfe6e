/** The bundles as a Lambda has them: what a build makes, required by a plain Node, with nothing of the repository around. */
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BuiltFunction, bundleWithMap } from '../../../infra/build/bundles.ts'
import { codeOf } from '../../../infra/build/code-of.ts'
import { readStack } from '../../../infra/build/trace/read-stack.ts'
import { functionNameOf } from '../../../infra/constructs/names.ts'
import { CHAT_DELIVERED } from '../../../lib/chat/webhook/queued.ts'
import { operations } from '../../../lib/operations/index.ts'
import { proxyEvent } from '../../bench/proxy-event.ts'
import { activity, fromSlack, fromTeams } from '../../chat/deliveries.ts'
import { startServer } from '../../support/servers.ts'
import { builtBundles } from '../../support/stacks/built-bundles.ts'
import { eventFunctionNames, operationNames, Synthesized } from '../synthesized.ts'
import { type BundleWorld, startBundleWorld } from './bundle-world.ts'

const run = promisify(execFile)
const ROOT = resolve(import.meta.dirname, '../../..')

/** The largest that bundles may be of a read, of a walk and of a webhook, minified, bytes. */
const MAX_READ_BYTES = 220_000
const MAX_WALK_BYTES = 290_000
const MAX_WEBHOOK_BYTES = 240_000
/** d3-scale and d3-shape (66 kB), the page that they draw on with who asked and approved, and csv-stringify (23 kB) besides. */
const MAX_CHARTS_BYTES = 122_000

let scratch: string
/** Where the bundles are. */
let outDir: string
let built: readonly BuiltFunction[]
let world: BundleWorld
/** What the build said of sizes. */
let lines: readonly string[]

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'gateway-bundles-'))
  ;({ directory: outDir, functions: built, lines } = await builtBundles())
  world = await startBundleWorld(outDir, scratch)
})

afterAll(async () => {
  await world.close()
  await rm(scratch, { recursive: true, force: true })
})

/** What Lambda's runtime has in a process before it loads a function. */
const RUNTIME = `const { PassThrough } = require('node:stream')
const { text } = require('node:stream/consumers')
globalThis.awslambda = {
  streamifyResponse: (handler) => async (event, context) => {
    const stream = new PassThrough()
    const [body] = await Promise.all([text(stream), handler(event, stream, context)])
    return { ...stream.head, body }
  },
  HttpResponseStream: { from: (stream, head) => Object.assign(stream, { head }) },
}
`

/** What a script prints as JSON in a process that has nothing but the bundles and its environment. */
async function printed(script: string, variables = world.env): Promise<unknown> {
  const { stdout } = await run(process.execPath, ['--eval', RUNTIME + script], {
    cwd: scratch,
    env: variables,
  })
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
}

/** What one function's bundle answers to one event, in a process of its own. @param aheadMs of its clock. */
async function invoked(name: string, event: unknown, { variables = world.env, aheadMs = 0 } = {}) {
  const directory = built.find((each) => each.name === name)?.directory
  return await printed(
    `const { now } = Date
    Date.now = () => now() + ${aheadMs}
    require(${JSON.stringify(directory)})
      .handler(${JSON.stringify(event)}, { awsRequestId: 'x', functionName: ${JSON.stringify(name)}, getRemainingTimeInMillis: () => 30000 })
      .then((answer) => { process.stdout.write(JSON.stringify(answer ?? null), () => process.exit()) })`,
    variables,
  )
}

async function answerOf(name: string, event: unknown, variables = world.env) {
  const answer = await invoked(name, event, { variables })
  return answer as { readonly statusCode: number; readonly body: string }
}

const userEvent = () =>
  proxyEvent('GET', '/api/v2/license/users/{userId}', { userId: world.org.people(1)[0]?.id ?? '' })

/** A request that records something, each time another one. */
function recordingEvent(method: string, resource: string, parameters: Record<string, string>, body: unknown) {
  const event = proxyEvent('POST', resource, parameters)
  const more = { 'Content-Type': ['application/json'], 'Idempotency-Key': [randomUUID()] }
  return {
    ...event,
    httpMethod: method,
    body: JSON.stringify(body),
    multiValueHeaders: { ...event.multiValueHeaders, ...more },
  }
}

const switching = (featureName: string, enabled: boolean) =>
  recordingEvent('PUT', '/v1/toggles/{featureName}', { featureName }, { enabled })

/** A change as the bundle of get-change tells it. */
async function changeOf(changeId: string) {
  const { body } = await answerOf('get-change', proxyEvent('GET', '/v1/changes/{changeId}', { changeId }))
  return JSON.parse(body)
}

/** Bundles that have the ledger: all but those that only read, the authorizer and the rotation. */
const withoutLedger = new Set([
  ...operations.filter(({ effect }) => effect === 'read' || effect === 'local').map(functionNameOf),
  'authorize',
  'get-page',
  'rotate-token',
  'slack',
  'teams',
])

describe('a bundle', () => {
  it('of a read is no larger than its cold start allows', () => {
    const reads = new Set(operations.filter(({ effect }) => effect === 'read').map(functionNameOf))
    const sizes = built.filter(({ name }) => reads.has(name))
    expect(sizes).toHaveLength(reads.size)
    for (const { name, bytes } of sizes) expect(bytes, name).toBeLessThanOrEqual(MAX_READ_BYTES)
  })

  it("of a walk has no more besides than DynamoDB's client", () => {
    const walks = operations.filter(({ effect }) => effect === 'walk').map(functionNameOf)
    for (const name of walks) {
      expect(built.find((each) => each.name === name)?.bytes, name).toBeLessThanOrEqual(MAX_WALK_BYTES)
    }
  })

  it.each(['slack', 'teams'])(
    'of the webhook %s is little larger, since somebody waits for it',
    (webhook) => {
      expect(built.find(({ name }) => name === webhook)?.bytes).toBeLessThanOrEqual(MAX_WEBHOOK_BYTES)
    },
  )

  it("has nothing of the laptop's, no second HTTP stack and no file of settings", async () => {
    const carried = /__org|__aws\/|undici|\.aws\/(config|credentials)|fs\/promises/i
    const fetching = /[^.\w$]fetch\(/
    for (const { name, directory } of built) {
      const code = await readFile(join(directory, 'index.js'), 'utf8')
      expect(carried.exec(code)?.[0], name).toBeUndefined()
      // The authorizer's library has a method of that name.
      if (name !== 'authorize') expect(fetching.exec(code)?.[0], name).toBeUndefined()
    }
  })

  it('has the ledger only where it records or decides', async () => {
    for (const { name, directory } of built) {
      const code = await readFile(join(directory, 'index.js'), 'utf8')
      expect([name, code.includes('DynamoDB_2012')]).toEqual([name, !withoutLedger.has(name)])
    }
  })

  it('has what draws the page of a period only where that is answered', async () => {
    for (const { name, directory } of built) {
      const code = await readFile(join(directory, 'index.js'), 'utf8')
      expect([name, code.includes('over-hatch')]).toEqual([name, name === 'get-period'])
    }
  })

  it("of the page of a period is no larger than a walk's with charts", () => {
    expect(built.find(({ name }) => name === 'get-period')?.bytes).toBeLessThanOrEqual(
      MAX_WALK_BYTES + MAX_CHARTS_BYTES,
    )
  })

  it("of Slack's webhook puts what came on the bus and acknowledges (L01)", async () => {
    const { statusCode, body } = await answerOf('slack', fromSlack({ sentAtMs: Date.now() }))
    expect([statusCode, JSON.parse(body).text]).toEqual([200, 'On it.'])
    expect(JSON.stringify(world.aws.events())).toContain(CHAT_DELIVERED)
  })

  it("of Teams' webhook invokes run-command and answers with its reply (M01)", async () => {
    const reply = { type: 'message', text: 'café' }
    const asked: (string | string[] | undefined)[] = []
    const lambda = await startServer(({ url, headers }, response) => {
      asked.push(url, headers.authorization?.split('/')[0], headers['x-amz-security-token'])
      response.end(JSON.stringify({ reply }))
    })
    const variables = { ...world.env, AWS_ENDPOINT_URL_LAMBDA: lambda }
    const { statusCode, body } = await answerOf('teams', fromTeams(activity(Date.now())), variables)
    expect([statusCode, JSON.parse(body)]).toEqual([200, reply])
    const path = '/2015-03-31/functions/run-command/invocations'
    expect(asked).toEqual([path, 'AWS4-HMAC-SHA256 Credential=id', 'token'])
  })

  it('answers with what the org has, by the token that the pared SDK read', async () => {
    const event = userEvent()
    const { statusCode, body } = await answerOf('get-license-user', event)
    expect(statusCode).toBe(200)
    const { id, licenses }: { id: string; licenses: { id: string }[] } = JSON.parse(body)
    expect(licenses.map((license) => license.id)).toEqual(world.org.truth().users[id])
  })

  it("knows the pared SDK's errors by their names, and tries again what may pass", async () => {
    const before = world.aws.requests().length
    world.aws.fail('GetSecretValue', { type: 'ThrottlingException', status: 400, times: 1 })
    expect((await answerOf('get-license-user', userEvent())).statusCode).toBe(200)
    expect(world.aws.requests().length - before).toBe(2)

    const missing = { ...world.env, READ_TOKEN_SECRET: `${world.env.READ_TOKEN_SECRET}-none` }
    const { statusCode, body } = await answerOf('get-license-user', userEvent(), missing)
    expect(statusCode).toBe(503)
    expect(body).toContain('credentials.unavailable')
  })
})

describe('the bundles that record, on a real table', () => {
  const off = () => Object.entries(world.org.truth().toggles).find(([, enabled]) => !enabled)?.[0] ?? ''

  it('switch a toggle, tell of it on the bus, and find it again', async () => {
    const featureName = off()
    const { statusCode, body } = await answerOf('put-toggle', switching(featureName, true))
    expect([statusCode, JSON.parse(body).state]).toEqual([200, 'APPLIED'])
    const { id } = JSON.parse(body)
    expect(world.org.truth().toggles[featureName]).toBe(true)
    expect(await changeOf(id)).toMatchObject({ id, state: 'APPLIED', actor: { kind: 'iam' } })
    const told = world.aws.events().filter((each) => each['detail-type'] !== CHAT_DELIVERED)
    expect(told).toMatchObject([{ 'detail-type': 'License Change Applied', detail: { change: { id } } }])
    const query = { multiValueQueryStringParameters: { toggle: [featureName] } }
    const listed = await answerOf('list-changes', { ...proxyEvent('GET', '/v1/changes', {}), ...query })
    expect(JSON.parse(listed.body).entities).toMatchObject([{ id }])
  })

  it('give a license by way of a plan that is looked at first', async () => {
    const userId = world.org.people(1)[0]?.id ?? ''
    const assignments = [{ licenseId: 'wallboardUser', userIdsAdd: [userId], userIdsRemove: [] }]
    const order = { kind: 'assignments', assignments }
    const planned = await answerOf('create-change', recordingEvent('POST', '/v1/changes', {}, order))
    expect(planned.statusCode).toBe(201)
    const { id, digest } = JSON.parse(planned.body)
    const route = '/v1/changes/{changeId}/apply'
    const applied = await answerOf(
      'apply-change',
      recordingEvent('POST', route, { changeId: id }, { digest }),
    )
    expect(JSON.parse(applied.body)).toMatchObject({ id, state: 'APPLIED' })
    expect(world.org.truth().users[userId]).toContain('wallboardUser')
  })

  it('carry out an event, and put one that is none with the dead letters', async () => {
    const featureName = off()
    const event = {
      id: randomUUID(),
      source: 'wfm',
      'detail-type': 'License Toggle Requested',
      time: new Date().toISOString(),
      detail: { featureName, enabled: true },
    }
    await invoked('flip-toggle', event)
    expect(world.org.truth().toggles[featureName]).toBe(true)
    await invoked('flip-toggle', { ...event, id: randomUUID(), detail: { featureName } })
    expect(world.aws.deadLetters()).toHaveLength(1)
  })

  it('make a schedule, and do what it says when it fires', async () => {
    const featureName = off()
    const order = { at: '2099-01-01T09:00', change: { kind: 'toggle', featureName, enabled: true } }
    const made = await answerOf('create-schedule', recordingEvent('POST', '/v1/schedules', {}, order))
    expect(made.statusCode).toBe(201)
    const { id: scheduleId } = JSON.parse(made.body)
    expect(world.aws.requests().map(({ action }) => action)).toContain('CreateSchedule')
    await invoked('fire-schedule', { scheduleId, scheduledTime: new Date().toISOString() })
    expect(world.org.truth().toggles[featureName]).toBe(true)
  })

  it('take up by the tick what a lost answer left open', async () => {
    world.org.addFaults([{ match: { method: 'POST' }, do: { reset: true } }])
    const { statusCode, body } = await answerOf('put-toggle', switching('wallboards', false))
    expect([statusCode, JSON.parse(body).state]).toEqual([202, 'UNKNOWN'])
    await invoked('advance-due-changes', {}, { aheadMs: 66_000 })
    expect((await changeOf(JSON.parse(body).id)).state).toBe('NEEDS_ATTENTION')
    expect(world.org.truth().toggles['wallboards']).toBe(true)
  })
})

describe('the bundles', () => {
  it('are one for each operation, each event, the tick, the authorizer, the rotation, three for chat, and the page', () => {
    const expected = [
      ...operationNames.map(({ name }) => name),
      ...eventFunctionNames,
      'authorize',
      'get-page',
      'rotate-token',
      'run-command',
      'slack',
      'teams',
      'write-audit',
    ]
    expect(built.map(({ name }) => name).sort()).toEqual(expected.sort())
  })

  it('are each one CommonJS file alone in its folder, whose size is told', async () => {
    for (const { name, directory, bytes } of built) {
      const page = ['page.html', 'page.html.br', 'page.html.gz', 'page.json']
      expect(await readdir(directory)).toEqual(['index.js', ...(name === 'get-page' ? page : [])])
      const code = await readFile(join(directory, 'index.js'), 'utf8')
      expect(code).toMatch(/module\.exports=/)
      expect(Buffer.byteLength(code)).toBe(bytes)
      expect(lines.some((line) => line.startsWith(`${name} `) && line.endsWith(' kB'))).toBe(true)
    }
    expect(JSON.parse(await readFile(join(outDir, 'package.json'), 'utf8'))).toEqual({
      type: 'commonjs',
    })
  })

  it('serve the page from the folder that it is in', async () => {
    const event = { httpMethod: 'GET', resource: '/', requestContext: {} }
    const { statusCode, body } = await answerOf('get-page', event)
    expect(statusCode).toBe(200)
    expect(body).toBe(await readFile(join(world.env.LAMBDA_TASK_ROOT, 'page.html'), 'utf8'))
  })

  it('look for credentials in the environment alone', async () => {
    for (const { name, directory } of built) {
      const code = await readFile(join(directory, 'index.js'), 'utf8')
      const providers =
        /AWS_CONTAINER_CREDENTIALS_\w+|credential_process|sso_start_url|AWS_WEB_IDENTITY_TOKEN_FILE/.exec(
          code,
        )
      expect(providers?.[0], name).toBeUndefined()
    }
  })

  it("have no second copy of the SDK's parts that the gateway imports beside its clients", async () => {
    const { packages } = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8'))
    const parts = ['@aws-sdk/core', '@aws-sdk/credential-provider-node', '@smithy/signature-v4']
    for (const part of parts) {
      const copies = Object.keys(packages).filter((path) => path.endsWith(`node_modules/${part}`))
      expect(copies).toEqual([`node_modules/${part}`])
    }
  })

  it('start by a plain require with the environment that the stack gives them', async () => {
    const stack = new Synthesized('jwt')
    const names = new Set(stack.lambdaNames())
    const functions = built.map(({ name, directory }) => ({
      name,
      file: join(directory, 'index.js'),
      // Chat's, which this stack has not, have what they are invoked with here.
      environment: names.has(name) ? stack.environmentOf(name) : world.env,
    }))
    const list = join(scratch, 'functions.json')
    await writeFile(list, JSON.stringify(functions))
    // One process for all: each bundle is whole in itself, and sees no variable but its own.
    const script = `const said = {}
    for (const { name, file, environment } of JSON.parse(require('fs').readFileSync(${JSON.stringify(list)}, 'utf8'))) {
      for (const variable of Object.keys(process.env)) delete process.env[variable]
      Object.assign(process.env, environment)
      try { said[name] = typeof require(file).handler } catch (error) { said[name] = String(error) }
    }
    console.log(JSON.stringify(said))
    process.exit()`
    const { stdout } = await run(process.execPath, ['--eval', RUNTIME + script], { cwd: scratch, env: {} })
    expect(JSON.parse(stdout)).toEqual(Object.fromEntries(functions.map(({ name }) => [name, 'function'])))
  })

  it('are made the same again with a map, by which a stack of theirs is read', async () => {
    const directory = built.find(({ name }) => name === 'get-license-user')?.directory ?? ''
    const deployed = await readFile(join(directory, 'index.js'), 'utf8')
    const { code, map } = await bundleWithMap('license/get-license-user.ts')
    expect(code.replace(/\n\/\/# sourceMappingURL.*/, '')).toBe(deployed)

    const script = `try { require(${JSON.stringify(directory)}) } catch (error) { console.log(JSON.stringify(error.stack)) }`
    const stack = String(await printed(script, { ...world.env, GENESYS_REGION: '' }))
    expect(stack).toContain('ConfigurationError: The environment variable GENESYS_REGION must be set')
    expect(stack).not.toContain('environment.ts')
    expect(readStack(stack, map)).toMatch(/\(?lib\/environment\.ts:\d+:\d+/)
  })

  it('are found by name, and a missing one is named', () => {
    expect(codeOf(built)('get-license-user')).toBeDefined()
    expect(() => codeOf(built)('get-license-seat')).toThrow(
      'There is no file functions/*/get-license-seat.ts.',
    )
  })
})
