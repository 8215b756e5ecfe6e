/** No body costs more than its answer, whatever is in it. */
import { execFile } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createChange } from '../../../lib/operations/changes/create-change.ts'
import { operations } from '../../../lib/operations/index.ts'
import { postOrganization, userAt } from '../../support/changes/license-requests.ts'
import { gatewayForTests } from '../../support/gateway.ts'
import { expectBadRequest, expectError, expectUntouched } from '../../support/refusals.ts'
import { world } from '../../support/world.ts'

const run = promisify(execFile)
const costs = fileURLToPath(new URL('body-costs-process.ts', import.meta.url))

/** A function of 256 MB has about this much for objects. */
const HEAP_MB = 180
const BODIES = 400

const stack = await gatewayForTests()
const post = (body: string) => postOrganization(stack, body)

it('is refused by 400 or 413 for little CPU and memory: wide, deep and repetitive, by every operation that takes one (K10)', async () => {
  const seed = randomInt(2 ** 31)
  const { stdout } = await run(process.execPath, [
    `--max-old-space-size=${HEAP_MB}`,
    costs,
    `${BODIES}`,
    `${seed}`,
  ])
  const report = JSON.parse(stdout)
  expect(report, `with the seed ${seed}`).toMatchObject({ bodies: BODIES, faults: [] })
  const withBody = operations.flatMap(({ id, body }) => (body === undefined ? [] : [id]))
  expect(report.doors).toEqual([...withBody, 'slack', 'teams'])
})

describe('a body of more values than any operation takes', () => {
  it.each([41_100, 690_000])('is told so, and not read: %i empty objects', async (count) => {
    const answer = await post(`[${'{},'.repeat(count - 1)}{}]`)
    expectError(answer, {
      status: 413,
      code: 'request.entity.too.large',
      details: [['$', 'TOO_MANY_VALUES']],
    })
    expectUntouched(stack)
  })

  it('is not the largest that can be carried out: one user in each of 500 assignments', async () => {
    const assignments = Array.from({ length: 500 }, (_, index) => ({
      licenseId: `license${index}`,
      userIdsAdd: [userAt(stack, 0)],
      userIdsRemove: [],
    }))
    const answer = await post(JSON.stringify({ assignments }, null, 2))
    expect([answer.status, Object(answer.json).length]).toEqual([200, 500])
  })
})

it.each([
  [
    'one license to everybody',
    (ids: string[]) => ({
      kind: 'assignments',
      assignments: [{ licenseId: 'wallboardUser', userIdsAdd: ids, userIdsRemove: [] }],
    }),
  ],
  [
    'to each person a license',
    (ids: string[]) => ({
      kind: 'desired',
      people: Object.fromEntries(ids.map((id) => [id, ['wallboardUser']])),
      mode: 'add-only',
    }),
  ],
])('a list of 50,000 pairs is taken as JSON: %s', async (_title, orderOf) => {
  const ids = Array.from({ length: 50_000 }, (_, n) => `00000000-0000-4000-8000-${`${n}`.padStart(12, '0')}`)
  const { planner } = await world()
  const answer = await planner(createChange)({ body: JSON.stringify(orderOf(ids)) })
  expect([answer.status, Object(answer.json).state]).toEqual([202, 'PLANNING'])
})

describe('faults', () => {
  it('are listed up to 50, each with its sentence, and all are counted', async () => {
    const answer = await post(JSON.stringify({ assignments: Array.from({ length: 400 }, () => ({})) }))
    expect(answer.status).toBe(400)
    const { message, details } = Object(answer.json)
    expect(details).toHaveLength(50)
    expect(message).toBe(
      'assignments.0.licenseId: must be given, as a text (and 1199 more, details has the first 50)',
    )
    expect(details[0]).toEqual({
      fieldName: 'assignments.0.licenseId',
      errorCode: 'MISSING',
      message: 'must be given, as a text',
    })
  })

  it('are counted where their names are the unknown ones of the caller', async () => {
    const unknown = Object.fromEntries(Array.from({ length: 3_000 }, (_, index) => [`k${index}`, 0]))
    const answer = await post(JSON.stringify({ assignments: [], ...unknown }))
    expect(Object(answer.json).details).toHaveLength(50)
    expect(Object(answer.json).message).toContain('and 3000 more')
  })
})

describe('a body that was no UTF-8', () => {
  it.each([
    ['a byte that begins nothing', Buffer.from([0xff])],
    ['half a letter', Buffer.from([0xc3])],
    ['a letter spelled too long', Buffer.from([0xc0, 0xae])],
    ['half a pair of UTF-16', Buffer.from([0xed, 0xa0, 0x80])],
    ['what stands for one that was lost', Buffer.from('\ufffd')],
  ])('is refused: %s', async (_name, bytes) => {
    const body = Buffer.concat([Buffer.from('{"assignments":"'), bytes, Buffer.from('"}')])
    expectBadRequest(stack, await postOrganization(stack, body), ['$', 'INVALID_JSON'])
  })

  it('is told from one that means the character', async () => {
    expectBadRequest(stack, await post('{"assignments":"\\ufffd"}'), ['assignments', 'INVALID_TYPE'])
  })
})
