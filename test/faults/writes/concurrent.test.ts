/** Many requests for one thing at once, over real HTTP (E01, E02, E04, E05, E06). */
import { expect, it } from 'vitest'
import {
  changeIdOf,
  giving,
  ORGANIZATION,
  putToggle,
  userAt,
} from '../../support/changes/license-requests.ts'
import { gatewayForTests, sendRaw } from '../../support/gateway.ts'
import { expectError } from '../../support/refusals.ts'
import { postsOf } from '../../support/requests.ts'

const stack = await gatewayForTests({ org: { toggles: 'legacy', latencyMs: 20 } })
const { org } = stack
const user = userAt(stack, 0)

const json = ['Content-Type', 'application/json']
const fifty = Array.from({ length: 50 })
const post = (key: string, body = JSON.stringify(giving(user))) =>
  sendRaw(stack, {
    method: 'POST',
    path: ORGANIZATION,
    role: 'operator',
    headers: [...json, 'Idempotency-Key', key],
    body,
  })
const headers = async () => (await stack.stored.all()).filter(({ sk }) => sk === 'header')

it('fifty at once with one key on PUT toggles: one change, one POST, every answer that change (E02)', async () => {
  const answers = await Promise.all(fifty.map(() => putToggle(stack, 'wallboards', false, { key: 'one' })))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  expect(new Set(answers.map(changeIdOf)).size).toBe(1)
  for (const answer of answers)
    expect(answer.json).toMatchObject({ state: 'APPLIED', after: { enabled: false } })
  expect(answers.filter((answer) => answer.headers['idempotent-replayed'] !== 'true')).toHaveLength(1)
  expect(postsOf(stack)).toHaveLength(1)
  expect(await headers()).toHaveLength(1)
  expect(org.truth().toggles['wallboards']).toBe(false)
})

it('fifty at once with one key on POST organization: one change, one POST, every answer that change (E02)', async () => {
  const answers = await Promise.all(fifty.map(() => post('one')))
  for (const { status, json: body } of answers) {
    expect(status).toBe(200)
    expect(body).toMatchObject([{ userId: user, outcome: 'applied' }])
  }
  expect(new Set(answers.map(changeIdOf)).size).toBe(1)
  expect(postsOf(stack)).toHaveLength(1)
  expect(await headers()).toHaveLength(1)
})

it('fifty keyless switches of one caller at once: one POST, every answer the same value (E02)', async () => {
  const path = '/api/v2/license/toggles/wallboards'
  const answers = await Promise.all(
    fifty.map(() => sendRaw(stack, { method: 'POST', path, role: 'operator' })),
  )
  for (const answer of answers) {
    expect([answer.status, answer.json]).toEqual([200, { featureName: 'wallboards', enabled: false }])
  }
  expect(postsOf(stack)).toHaveLength(1)
  expect(org.truth().toggles['wallboards']).toBe(false)
})

it('twenty at once with keys of their own on one toggle: one POST, the others wait, do nothing, give way or are refused', async () => {
  const answers = await Promise.all(
    fifty.slice(0, 20).map((_, n) => putToggle(stack, 'wallboards', false, { key: `k${n}` })),
  )
  for (const answer of answers) {
    expect([200, 409]).toContain(answer.status)
    if (answer.status === 409) expectError(answer, { status: 409, code: 'change.conflict' })
    else expect(['APPLIED', 'NOOP', 'SUPERSEDED']).toContain(Object(answer.json).state)
  }
  expect(answers.filter(({ json: body }) => Object(body).state === 'APPLIED')).toHaveLength(1)
  expect(postsOf(stack)).toHaveLength(1)
})

it('a key is the caller’s own, and the operation’s (E05, E06)', async () => {
  const mine = await putToggle(stack, 'wallboards', false, { key: 'one' })
  const theirs = await putToggle(stack, 'wallboards', false, { key: 'one', role: 'approver' })
  const other = await post('one')
  expect(new Set([mine, theirs, other].map(changeIdOf)).size).toBe(3)
  expect([mine, theirs, other].map((answer) => answer.headers['idempotent-replayed'])).toEqual([
    undefined,
    undefined,
    undefined,
  ])
  expect(theirs.json).toMatchObject({ state: 'NOOP', actor: { id: 'local-approver' } })
})

it('a key that comes back with another request is refused, and the first stands (E06)', async () => {
  const first = await putToggle(stack, 'wallboards', false, { key: 'one' })
  const second = await putToggle(stack, 'wallboards', true, { key: 'one' })
  expectError(second, {
    status: 422,
    code: 'idempotency.key.reused',
    details: [['idempotency-key', 'REUSED']],
  })
  expect(second.text).not.toContain(changeIdOf(first))
  expect(org.truth().toggles['wallboards']).toBe(false)
})

it('the same request in another order of keys and with other blanks is the same (B23)', async () => {
  const first = await post('one')
  const spaced = `{ "assignments" : [{"userIdsRemove":[], "userIdsAdd":["${user.toUpperCase()}"],\n"licenseId":"wallboardUser"}]}`
  const second = await post('one', spaced)
  expect([second.status, second.headers['idempotent-replayed']]).toEqual([200, 'true'])
  expect(second.json).toEqual(first.json)
})

it('keys that differ in their case alone are two keys (E07)', async () => {
  const [lower, upper] = [await post('key'), await post('KEY')]
  expect(changeIdOf(lower)).not.toBe(changeIdOf(upper))
  expect(upper.json).toMatchObject([{ outcome: 'unchanged' }])
})
