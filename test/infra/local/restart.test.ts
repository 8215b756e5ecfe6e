/** What a run of `npm start` has on record, over its end and the next start. */
import { describe, expect, it, vi } from 'vitest'
import { bearerOf } from '../../../infra/local/aws/access-key.ts'
import type { RunFile } from '../../../infra/local/run-file.ts'
import { read, runFile, start, temporaryDirectory } from './start-process.ts'

/** Starts on that directory, and waits until it is ready. */
async function started(directory: string, ...more: readonly string[]) {
  const process = start(['--port', '0', '--data', directory, '--toggles', 'legacy', ...more])
  await process.ready
  return { stop: process.stop, run: runFile(directory) }
}

describe('what is on record', { timeout: 30_000 }, () => {
  it('survives a restart: changes, a repeat of their key, and what waits for its time', async () => {
    const directory = temporaryDirectory()
    const first = await started(directory, '--users', '5')
    const made = await put(first.run, 'wallboards', false, 'one')
    expect(made.json).toMatchObject({ state: 'APPLIED' })
    expect(await first.stop('SIGINT')).toBe(0)

    const { run } = await started(directory)
    expect(run.events).toBe(run.aws)
    const again = await put(run, 'wallboards', false, 'one')
    expect(again).toMatchObject({ status: 200, isReplay: true, json: made.json })
    expect(await read(`${run.gateway}/v1/changes`, run.tokens.viewer)).toMatchObject({
      status: 200,
      json: { entities: [{ id: made.json.id, state: 'APPLIED' }] },
    })
  })

  it('survives SIGINT while a write is under way: the change comes to its end after the restart', async () => {
    const directory = temporaryDirectory()
    const first = await started(directory, '--users', '5')
    const { org } = first.run
    await fetch(`${org}/__org/faults`, {
      method: 'POST',
      body: JSON.stringify([{ match: { method: 'POST' }, do: { delayMs: 60_000 } }]),
    })
    const cutOff = put(first.run, 'wallboards', false, 'one').catch(() => undefined)
    await vi.waitUntil(async () => (await postsSeen(org)) > 0, { timeout: 5_000 })
    expect(await first.stop('SIGINT')).toBe(0)
    await cutOff

    const { run } = await started(directory)
    await moveClock(run, 130)
    expect(await read(`${run.gateway}/v1/changes`, run.tokens.viewer)).toMatchObject({
      json: { entities: [{ state: 'NEEDS_ATTENTION' }] },
    })
    expect(await postsSeen(run.org)).toBe(0)
  })

  it.each([
    ['again and again', { rate: '1 hour' }, 'ACTIVE'],
    ['once', { at: new Date(Date.now() + 3_600_000).toISOString().slice(0, 19) }, 'DONE'],
  ])('survives a restart with a schedule, which then fires %s', async (_name, when, state) => {
    const directory = temporaryDirectory()
    const first = await started(directory, '--users', '5')
    const change = { kind: 'toggle', featureName: 'wallboards', enabled: false }
    const scheduled = await send(first.run, 'POST', '/v1/schedules', { ...when, change }, 'schedule')
    expect(scheduled.status).toBe(201)
    expect(await first.stop('SIGINT')).toBe(0)

    const { run } = await started(directory)
    expect(await read(`${run.gateway}/v1/schedules`, run.tokens.viewer)).toMatchObject({
      json: { entities: [{ id: scheduled.json.id, state: 'ACTIVE', ...when }] },
    })
    await moveClock(run, 2 * 3_600)
    expect(await read(`${run.gateway}/api/v2/license/toggles/wallboards`, run.tokens.viewer)).toMatchObject({
      json: { enabled: false },
    })
    expect(await read(`${run.gateway}/v1/schedules/${scheduled.json.id}`, run.tokens.viewer)).toMatchObject({
      status: 200,
      json: { state, lastChangeId: expect.any(String) },
    })
    const { json } = await read(`${run.gateway}/v1/changes?toggle=wallboards`, run.tokens.viewer)
    const states = Object(json).entities.map(({ state }: { state: string }) => state)
    expect(states.at(-1)).toBe('APPLIED')
    expect(states.slice(0, -1).every((state: string) => state === 'NOOP')).toBe(true)
  })
})

/** Sends what records something, as an operator. */
async function send({ gateway, tokens }: RunFile, method: string, path: string, body: unknown, key: string) {
  const response = await fetch(`${gateway}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${tokens.operator}`,
      'content-type': 'application/json',
      'idempotency-key': key,
    },
    body: JSON.stringify(body),
  })
  const json: { readonly id: string; readonly state: string } = JSON.parse(await response.text())
  return { status: response.status, isReplay: response.headers.get('idempotent-replayed') === 'true', json }
}

const put = (run: RunFile, featureName: string, enabled: boolean, key: string) =>
  send(run, 'PUT', `/v1/toggles/${featureName}`, { enabled }, key)

async function moveClock({ aws, key }: RunFile, advanceSeconds: number): Promise<void> {
  const response = await fetch(`${aws}/__aws/clock`, {
    method: 'POST',
    headers: { authorization: bearerOf(key) },
    body: JSON.stringify({ advanceSeconds }),
  })
  expect(response.status).toBe(200)
}

/** Toggle POSTs that the org was sent since it started. */
async function postsSeen(org: string): Promise<number> {
  const response = await fetch(`${org}/__org/requests`)
  const requests: { method: string; path: string }[] = JSON.parse(await response.text())
  return requests.filter(({ method, path }) => method === 'POST' && path.includes('/toggles/')).length
}
