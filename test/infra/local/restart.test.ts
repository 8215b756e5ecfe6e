/** What a run of `npm start` has on record, over its end and the next start. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bearerOf } from '../../../infra/local/aws/access-key.ts'
import type { RunFile } from '../../../infra/local/run-file.ts'
import { beginCommand, command } from '../../support/command.ts'
import { read, runFile, start, temporaryDirectory } from './start-process.ts'

/** Starts on that directory, and waits until it is ready. */
async function started(directory: string, ...more: readonly string[]) {
  const process = start(['--port', '0', '--data', directory, '--toggles', 'legacy', ...more])
  await process.ready
  return { stop: process.stop, run: runFile(directory) }
}

describe('what is on record', () => {
  it('survives a restart: changes, a repeat of their key, and schedules, which then fire again and again or once', async () => {
    const directory = temporaryDirectory()
    const first = await started(directory, '--users', '5')
    const made = await put(first.run, 'concurrentLicensing', true, 'one')
    expect(made.json).toMatchObject({ state: 'APPLIED' })
    const hourly = { rate: '1 hour' }
    const once = { at: new Date(Date.now() + 3_600_000).toISOString().slice(0, 19) }
    const [repeating, single] = [
      await schedule(first.run, hourly, 'wallboards', false),
      await schedule(first.run, once, 'speechAndTextAnalytics', true),
    ]
    // A rate's first time is when it is made. Cut off there, its change would need attention: the next test is about that.
    const isSet = async () => (await statesOf(first.run, 'wallboards')).includes('APPLIED')
    await expect.poll(isSet).toBe(true)
    expect(await first.stop('SIGINT')).toBe(0)

    const { run } = await started(directory)
    expect(run.events).toBe(run.aws)
    const again = await put(run, 'concurrentLicensing', true, 'one')
    expect(again).toMatchObject({ status: 200, isReplay: true, json: made.json })
    const { json: onRecord } = await read(
      `${run.gateway}/v1/changes?toggle=concurrentLicensing`,
      run.tokens.viewer,
    )
    expect(onRecord).toMatchObject({ entities: [{ id: made.json.id, state: 'APPLIED' }] })
    expect(await read(`${run.gateway}/v1/schedules`, run.tokens.viewer)).toMatchObject({
      json: {
        entities: expect.arrayContaining([
          expect.objectContaining({ id: repeating.json.id, state: 'ACTIVE', ...hourly }),
          expect.objectContaining({ id: single.json.id, state: 'ACTIVE', ...once }),
        ]),
      },
    })

    await moveClock(run, 2 * 3_600)
    await expectFired(run, repeating.json.id, 'ACTIVE', 'wallboards', false)
    await expectFired(run, single.json.id, 'DONE', 'speechAndTextAnalytics', true)
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
    await expect.poll(() => postsSeen(org)).toBe(1)
    expect(await first.stop('SIGINT')).toBe(0)
    await cutOff

    const { run } = await started(directory)
    await moveClock(run, 130)
    expect(await read(`${run.gateway}/v1/changes`, run.tokens.viewer)).toMatchObject({
      json: { entities: [{ state: 'NEEDS_ATTENTION' }] },
    })
    expect(await postsSeen(run.org)).toBe(0)
  })

  it('survives SIGKILL in the middle of a list, twice: paused it stays so, and every person is given the license once', async () => {
    const directory = temporaryDirectory()
    const first = await started(directory, '--users', '620')
    const { people } = await orgOf(first.run)
    const assignments = [{ licenseId: 'wallboardUser', userIdsAdd: people, userIdsRemove: [] }]
    const planned = await send(first.run, 'POST', '/v1/changes', { kind: 'assignments', assignments }, 'plan')
    expect(planned).toMatchObject({ status: 201, json: { state: 'PLANNED' } })
    const { id, digest } = planned.json
    const path = `/v1/changes/${id}`
    const listOf = async ({ gateway, tokens }: RunFile): Promise<Listed> =>
      Object((await read(`${gateway}${path}`, tokens.viewer)).json)
    const hasBegun = (run: RunFile, parts: number) =>
      expect.poll(async () => (await listOf(run)).list.begun).toBeGreaterThanOrEqual(parts)
    const applied = await send(first.run, 'POST', `${path}/apply`, { digest }, 'apply')
    expect(applied).toMatchObject({ status: 202, json: { state: 'RUNNING' } })
    const watching = beginCommand('infra/change/main.ts', ['watch', id, '--data', directory], {})
    await watching.printed(/of 620 pairs/)
    await hasBegun(first.run, 1)
    await first.stop('SIGKILL')

    const second = await started(directory)
    expect(await listOf(second.run)).toMatchObject({ state: 'RUNNING' })
    expect(await send(second.run, 'POST', `${path}/pause`, undefined, 'pause')).toMatchObject({
      json: { state: 'PAUSED' },
    })
    await moveClock(second.run, 600)
    const paused = await listOf(second.run)
    expect(paused.list.begun).toBeLessThan(paused.list.parts)
    await moveClock(second.run, 600)
    expect(await listOf(second.run)).toMatchObject({ state: 'PAUSED', list: { begun: paused.list.begun } })
    await send(second.run, 'POST', `${path}/resume`, undefined, 'resume')
    await hasBegun(second.run, paused.list.begun + 1)
    await second.stop('SIGKILL')

    const { run } = await started(directory)
    const hasEnded = async () => {
      await moveClock(run, 60)
      return (await listOf(run)).state === 'APPLIED'
    }
    await expect.poll(hasEnded).toBe(true)
    const { list } = await listOf(run)
    expect(list.begun).toBe(list.parts)
    expect((list.outcomes.applied ?? 0) + (list.outcomes.unchanged ?? 0)).toBe(620)
    const { holders } = await orgOf(run)
    expect(holders).toBe(620)
    const { code, stdout, stderr } = await watching.ended
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining(`${id} is APPLIED: done, and Genesys shows it`),
    ])
    expect(stderr).toMatch(/does not answer .*it is asked again/)
  })

  it('has the audit files of all days that ended meanwhile, as soon as the next run is ready', async () => {
    const directory = temporaryDirectory()
    const first = await started(directory, '--users', '5')
    expect(await first.stop('SIGINT')).toBe(0)
    const threeDaysMs = 3 * 86_400_000
    writeFileSync(join(directory, 'clock.json'), JSON.stringify({ version: 1, offsetMs: threeDaysMs }))

    await started(directory)
    const { code, stdout } = await command('infra/audit/main.ts', ['--data', directory], {})
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^Whole: [23] files of local, /)
    expect(code).toBe(0)
  })
})

interface Listed {
  readonly state: string
  readonly list: {
    readonly parts: number
    readonly begun: number
    readonly outcomes: { readonly applied?: number; readonly unchanged?: number }
  }
}

/** Everybody, and how many hold a wallboard. */
async function orgOf({ org }: RunFile): Promise<{ people: string[]; holders: number }> {
  const answer = await fetch(`${org}/__org/truth`)
  const { users }: { users: Record<string, string[]> } = JSON.parse(await answer.text())
  const holders = Object.values(users).filter((licenses) => licenses.includes('wallboardUser')).length
  return { people: Object.keys(users), holders }
}

/** Sends what records something, as an operator. */
async function send({ gateway, tokens }: RunFile, method: string, path: string, body: unknown, key: string) {
  const response = await fetch(`${gateway}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${tokens.operator}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      'idempotency-key': key,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const json: { readonly id: string; readonly state: string; readonly digest: string } = JSON.parse(
    await response.text(),
  )
  return { status: response.status, isReplay: response.headers.get('idempotent-replayed') === 'true', json }
}

const schedule = async (run: RunFile, when: object, featureName: string, enabled: boolean) => {
  const change = { kind: 'toggle', featureName, enabled }
  const scheduled = await send(run, 'POST', '/v1/schedules', { ...when, change }, `schedule-${featureName}`)
  expect(scheduled.status).toBe(201)
  return scheduled
}

/** The first time it set the toggle, and from then on there was nothing to do. */
async function expectFired(run: RunFile, id: string, state: string, featureName: string, enabled: boolean) {
  const ask = (path: string) => read(`${run.gateway}${path}`, run.tokens.viewer)
  expect(await ask(`/api/v2/license/toggles/${featureName}`)).toMatchObject({ json: { enabled } })
  expect(await ask(`/v1/schedules/${id}`)).toMatchObject({
    status: 200,
    json: { state, lastChangeId: expect.any(String) },
  })
  const states = await statesOf(run, featureName)
  expect(states.at(-1)).toBe('APPLIED')
  expect(states.slice(0, -1).every((each) => each === 'NOOP')).toBe(true)
}

/** Of a toggle's changes, the newest first. */
async function statesOf({ gateway, tokens }: RunFile, featureName: string): Promise<string[]> {
  const { json } = await read(`${gateway}/v1/changes?toggle=${featureName}`, tokens.viewer)
  return Object(json).entities.map((change: { readonly state: string }) => change.state)
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
