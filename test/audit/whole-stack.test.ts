/** The record that can be checked, from what people do to what the command says of the files, through the whole stack. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { AUDIT_BUCKET } from '../../infra/local/environment.ts'
import { writeRunFile } from '../../infra/local/run-file.ts'
import { actorRefOf } from '../../lib/audit/actor-ref.ts'
import { startOfDay, utcDayOf } from '../../lib/utc-day.ts'
import { command } from '../support/command.ts'
import { gatewayForTests, sendRaw } from '../support/gateway.ts'
import { takeReadingOfStack } from '../support/seats/readings.ts'

const DAY_MS = 86_400_000
const NOON_MS = DAY_MS / 2
const APPROVED_LICENSE = 'cxCloudSN'
const REASON = 'Carla Cole starts on Monday'

const stack = await gatewayForTests({ org: { users: 40 }, tickEveryMs: 3_600_000 })
const { aws, org, directory } = stack

let sent = 0
async function send(role: 'operator' | 'approver', method: string, path: string, value?: object) {
  sent += 1
  const { status, json } = await sendRaw(stack, {
    ...{ role, method, path, ...(value && { body: JSON.stringify(value) }) },
    headers: ['Content-Type', 'application/json', 'Idempotency-Key', `k${sent}`],
  })
  expect([method, path, status, JSON.stringify(json)]).toEqual([
    method,
    path,
    expect.toSatisfy((each) => each < 300),
    expect.any(String),
  ])
  return Object(json) as { readonly id: string; readonly digest: string }
}

/** A change that somebody else must decide on; it waits for them. */
async function ask(userId: string) {
  const assignments = [{ licenseId: APPROVED_LICENSE, userIdsAdd: [userId], userIdsRemove: [] }]
  return await send('operator', 'POST', '/v1/changes', {
    ...{ kind: 'assignments', assignments, reason: REASON },
  })
}

const fileOf = (day: string) =>
  join(directory, 'audit', AUDIT_BUCKET, 'audit', `${day}.ndjson`, '000001.bytes')

const verify = () => command('infra/audit/main.ts', ['--data', directory], {})

/** What the command says of files that are other than they were, which they are again afterwards. */
async function verifyWith(days: readonly string[], harm: () => void) {
  const before = days.map((day) => [fileOf(day), readFileSync(fileOf(day))] as const)
  harm()
  const ended = await verify()
  for (const [path, bytes] of before) writeFileSync(path, bytes)
  return ended
}

it('a day of changes, decisions and what was done outside is in a file that anybody can check', async () => {
  // From noon to noon, so that no day ends between two requests.
  await aws.advance(startOfDay(utcDayOf(aws.now())) + DAY_MS + NOON_MS - aws.now())
  const day = utcDayOf(aws.now())
  await takeReadingOfStack()
  const people = org.people(40)
  const without = people.filter(
    ({ id, state }) => state === 'active' && !org.licensesOf(id)?.includes(APPROVED_LICENSE),
  )
  const [ana = '', bea = '', cem = ''] = without.map(({ id }) => id)

  const approved = await ask(ana)
  await send('approver', 'POST', `/v1/changes/${approved.id}/approve`, { digest: approved.digest })
  const rejected = await ask(bea)
  await send('approver', 'POST', `/v1/changes/${rejected.id}/reject`, { reason: 'Bea Bell has left' })
  const schedule = await send('operator', 'POST', '/v1/schedules', {
    ...{ rate: '30 days', change: { kind: 'toggle', featureName: 'wallboards', enabled: false } },
  })
  await send('approver', 'DELETE', `/v1/schedules/${schedule.id}`)
  await fetch(`${stack.orgUrl}/__org/assignments`, {
    method: 'POST',
    body: JSON.stringify({
      assignments: [{ licenseId: APPROVED_LICENSE, userIdsAdd: [cem], userIdsRemove: [] }],
    }),
  })
  await send('approver', 'PUT', '/v1/writes', { state: 'paused', reason: 'Dora Dent asked for it' })
  await aws.advance(3_600_000)
  await send('operator', 'POST', '/v1/readings')
  await takeReadingOfStack()
  await aws.advance(2 * DAY_MS)

  const text = readFileSync(fileOf(day), 'utf8')
  const lines: Record<string, unknown>[] = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const by = (name: string) => ({ kind: 'jwt', ref: actorRefOf(String(lines[0]?.['orgId']), name) })
  const [operator, approver] = [by('local-operator'), by('local-approver')]
  const at = expect.stringMatching(`^${day}T\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$`)
  const decided = (state: string, isApproved: boolean) =>
    expect.objectContaining({
      ...{ state, at, by: approver.ref },
      decision: expect.objectContaining({ isApproved, by: approver }),
    })
  const lineOf = (id: string) => lines.find((line) => line['type'] === 'change' && line['id'] === id)
  expect(lineOf(approved.id)).toMatchObject({
    actor: operator,
    targets: [{ licenseId: APPROVED_LICENSE, userId: ana }],
    moves: expect.arrayContaining([
      decided('APPROVED', true),
      expect.objectContaining({ state: 'APPLIED', at }),
    ]),
  })
  expect(lineOf(rejected.id)).toMatchObject({
    actor: operator,
    moves: expect.arrayContaining([decided('REJECTED', false)]),
  })
  const found = (type: string) => lines.filter((line) => line['type'] === type)
  expect(found('schedule')).toEqual([
    expect.objectContaining({ what: 'made', at, by: operator }),
    expect.objectContaining({ what: 'deleted', at, by: approver }),
  ])
  expect(found('writes')).toEqual([expect.objectContaining({ state: 'paused', at, by: approver })])
  expect(found('difference')).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ userId: cem, licenseId: APPROVED_LICENSE, isGiven: true, by: 'outside' }),
      expect.objectContaining({
        userId: ana,
        licenseId: APPROVED_LICENSE,
        isGiven: true,
        by: { changeId: approved.id },
      }),
    ]),
  )
  for (const { name, email } of people) {
    expect(text).not.toContain(name)
    if (email) expect(text).not.toContain(email)
  }
  expect(text).not.toMatch(/@|local-|Carla|Bell|Dora|price|amount|currency|starts on|has left|asked for/i)

  // The command, on the files as they are, and as somebody has changed them.
  writeRunFile(directory, stack.run)
  expect(await verify()).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Whole: /) })
  const next = utcDayOf(startOfDay(day) + DAY_MS)
  const key = `audit/${day}.ndjson`
  const changed = await verifyWith([day], () =>
    writeFileSync(fileOf(day), text.replace('"isGiven":true', '"isGiven":false')),
  )
  expect(changed).toMatchObject({
    code: 1,
    stdout: expect.stringContaining(`BROKEN: ${key} was changed somewhere in it`),
  })
  const garbled = await verifyWith([day], () => writeFileSync(fileOf(day), text.replace('"end"', '"end')))
  expect(garbled).toMatchObject({
    code: 1,
    stdout: expect.stringContaining(`BROKEN: ${key}, line ${lines.length}, is no JSON`),
  })
  const swapped = await verifyWith([day, next], () => {
    renameSync(fileOf(day), `${fileOf(day)}.kept`)
    renameSync(fileOf(next), fileOf(day))
    renameSync(`${fileOf(day)}.kept`, fileOf(next))
  })
  expect(swapped).toMatchObject({
    code: 1,
    stdout: expect.stringContaining(
      `BROKEN: ${key}, line 1, is the file of ${next}, under the key of another day`,
    ),
  })
  expect(await verify()).toMatchObject({ code: 0 })
  rmSync(join(fileOf(day), '..'), { recursive: true })
  expect(await verify()).toMatchObject({
    code: 1,
    stdout: expect.stringContaining(`BROKEN: ${key} is missing`),
  })
})
