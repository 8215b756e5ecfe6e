/** Group D of the fault catalogue: what makes a batch of assignments one that is sent, and what is said of each pair. */
import { describe, expect, it } from 'vitest'
import {
  changeBehind,
  giving,
  ORGANIZATION,
  postOrganization,
  userAt,
} from '../../support/changes/license-requests.ts'
import { gatewayForTests, sendRaw } from '../../support/gateway.ts'
import { expectBadRequest, expectError, expectUntouched } from '../../support/refusals.ts'
import { postsOf } from '../../support/requests.ts'

const stack = await gatewayForTests()
const { org } = stack
const [ana, ben, eve] = [userAt(stack, 0), userAt(stack, 1), userAt(stack, 2)]

const post = (batch: unknown) => postOrganization(stack, JSON.stringify(batch))
const assignment = (licenseId: string, userIdsAdd: string[], userIdsRemove: string[] = []) => ({
  licenseId,
  userIdsAdd,
  userIdsRemove,
})
const sent = (userId: string, licenseId = 'wallboardUser') => ({ userId, licenseId })
const pair = (userId: string, licenseId = 'wallboardUser') => ({
  userId,
  licenseId,
  result: 'SUCCESS',
  outcome: 'applied',
})
const holds = (userId: string, licenseId = 'wallboardUser') =>
  org.licensesOf(userId)?.includes(licenseId) ?? false

/** Asked for before it is sent; what is so already is not sent. */
const asked = (desired: boolean, userId: string, licenseId = 'wallboardUser') =>
  holds(userId, licenseId) === desired
    ? { userId, licenseId, result: 'UNCHANGED', outcome: 'unchanged' }
    : pair(userId, licenseId)

describe('a batch is refused before anything is sent', () => {
  it('without a body', async () => {
    expectBadRequest(stack, await sendRaw(stack, { method: 'POST', path: ORGANIZATION }), [
      '$',
      'INVALID_BODY',
    ])
    expectBadRequest(stack, await postOrganization(stack, 'null'), ['$', 'INVALID_TYPE'])
  })

  it('with no assignments (D01)', async () => {
    expectBadRequest(stack, await post({ assignments: [] }), ['assignments', 'TOO_SMALL'])
  })

  it('with an assignment that names nobody, each of them named (D02)', async () => {
    const answer = await post({
      assignments: [assignment('cloudCX1', []), assignment('cloudCX2', [ana]), assignment('cloudCX3', [])],
    })
    expectBadRequest(stack, answer, ['assignments.0', 'CONTRADICTION'], ['assignments.2', 'CONTRADICTION'])
  })

  it('with one user both added and removed', async () => {
    const answer = await post({ assignments: [assignment('cloudCX1', [ana, ben], [eve, ben])] })
    expectBadRequest(stack, answer, ['assignments.0.userIdsRemove.1', 'CONTRADICTION'])
  })

  it('with one user added and removed in two entries of the same license', async () => {
    const answer = await post({
      assignments: [
        assignment('cloudCX1', [ana]),
        assignment('cloudCX2', [ben]),
        assignment('cloudCX1', [], [ana]),
      ],
    })
    expectBadRequest(stack, answer, ['assignments.2.userIdsRemove.0', 'CONTRADICTION'])
  })

  it('with one user added and removed in two spellings', async () => {
    const answer = await post({ assignments: [assignment('cloudCX1', [ana], [ana.toUpperCase()])] })
    expectBadRequest(stack, answer, ['assignments.0.userIdsRemove.0', 'CONTRADICTION'])
  })

  it('with properties that are unknown, at every level', async () => {
    const answer = await post({
      assignments: [{ ...assignment('cloudCX1', [ana]), reason: 'x' }],
      dryRun: true,
    })
    expectError(answer, { status: 400, code: 'bad.request' })
    const fields = Object(answer.json).details.map(({ fieldName }: { fieldName: string }) => fieldName)
    expect(fields.sort()).toEqual(['assignments.0.reason', 'dryRun'])
    expectUntouched(stack)
  })

  it('with one faulty id among many, naming its place (D10)', async () => {
    const users = Array.from({ length: 400 }, (_, index) =>
      index === 371 ? 'nobody' : userAt(stack, index % 60),
    )
    const answer = await post({ assignments: [assignment('cloudCX1', users)] })
    expectBadRequest(stack, answer, ['assignments.0.userIdsAdd.371', 'INVALID_VALUE'])
  })

  it('with more faults than an answer can list, the first 50 named', async () => {
    const answer = await post({
      assignments: [
        assignment(
          '',
          Array.from({ length: 300 }, () => 'nobody'),
        ),
      ],
    })
    expectError(answer, { status: 400, code: 'bad.request' })
    expect(Object(answer.json).details).toHaveLength(50)
    expect(Object(answer.json).message).toContain('300 more')
    expectUntouched(stack)
  })
})

/** As many different UUIDs. */
function uuids(count: number): string[] {
  return Array.from(
    { length: count },
    (_, index) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
  )
}

describe('the number of pairs', () => {
  it.each([
    ['in one list', [assignment('cloudCX1', uuids(501))]],
    ['in both lists', [assignment('cloudCX1', uuids(250), uuids(501).slice(250))]],
    ['in two entries', [assignment('cloudCX1', uuids(250)), assignment('cloudCX2', uuids(251))]],
  ])('may not be over 500 %s', async (_name, assignments) => {
    const answer = await post({ assignments })
    expectError(answer, { status: 413, code: 'request.entity.too.large' })
    expect(answer.text).toContain('at most 500')
    expect(org.requests()).toEqual([])
  })

  it('may be 500, which are one POST', async () => {
    const answer = await post({ assignments: [assignment('cloudCX1', uuids(500))] })
    expect(answer.status).toBe(200)
    expect(answer.json).toHaveLength(500)
    expect(postsOf(stack)).toHaveLength(1)
  })
})

describe('a batch is sent in its one canonical form', () => {
  it('with each user once, however often named (D04)', async () => {
    const answer = await post({ assignments: [assignment('wallboardUser', [ana, ana.toUpperCase(), ana])] })
    expect(answer.json).toEqual([pair(ana)])
    expect(holds(ana)).toBe(true)
    expect(postsOf(stack)).toHaveLength(1)
  })

  it('with two entries of a license merged, in the same order whatever the order given (D05)', async () => {
    const entries = [
      assignment('wallboardUser', [eve, ana]),
      assignment('cloudCX3', [], [ben]),
      assignment('wallboardUser', [ana], [ben]),
    ]
    const sorted = [ana, eve].sort()
    const expected = [
      asked(false, ben, 'cloudCX3'),
      ...sorted.map((user) => asked(true, user)),
      asked(false, ben),
    ]
    const forward = await post({ assignments: entries })
    const truth = org.truth()
    expect(forward.json).toEqual(expected)
    org.reset()
    await stack.stored.clear()
    const backward = await post({ assignments: entries.toReversed() })
    expect(backward.json).toEqual(expected)
    expect(org.truth()).toEqual(truth)
    expect([holds(ana), holds(eve), holds(ben)]).toEqual([true, true, false])
  })
})

describe("upstream's word for each pair is passed on, and what reading back shows stands beside it", () => {
  const stranger = '00000000-0000-4000-8000-000000000000'

  it('for a user it does not know', async () => {
    const answer = await post({ assignments: [assignment('wallboardUser', [ana, stranger])] })
    expect(answer.status).toBe(200)
    expect(answer.json).toEqual([
      {
        userId: stranger,
        licenseId: 'wallboardUser',
        result: 'UNKNOWN: FAILURE: user not found',
        outcome: 'unknown',
      },
      pair(ana),
    ])
    expect((await changeBehind(stack, answer)).state).toBe('PARTIAL')
  })

  it('for a license it does not know (D11)', async () => {
    const answer = await post(giving(ana, 'noSuchLicense'))
    expect(answer.json).toEqual([
      {
        userId: ana,
        licenseId: 'noSuchLicense',
        result: 'NOT_APPLIED: FAILURE: license not found',
        outcome: 'not.applied',
      },
    ])
    expect((await changeBehind(stack, answer)).state).toBe('FAILED')
  })

  it.each([
    [
      'names fewer users than were sent (D12)',
      [{ ...sent(ana), result: 'SUCCESS' }],
      ['NOT_APPLIED: SUCCESS', 'NOT_APPLIED'],
    ],
    [
      'is a text nobody knows (D14)',
      [ana, ben].map((user) => ({ ...sent(user), result: 'QUEUED?' })),
      ['NOT_APPLIED: QUEUED?', 'NOT_APPLIED: QUEUED?'],
    ],
    [
      'contradicts itself (D15)',
      [
        { ...sent(ana), result: 'SUCCESS' },
        { ...sent(ana), result: 'FAILURE: x' },
        { ...sent(ben), result: 'SUCCESS' },
      ],
      ['NOT_APPLIED', 'NOT_APPLIED: SUCCESS'],
    ],
  ])('never as a success where the answer %s', async (_name, body, texts) => {
    org.addFaults([{ match: { method: 'POST', path: ORGANIZATION }, do: { status: 200, body } }])
    const answer = await post({ assignments: [assignment('wallboardUser', [ana, ben])] })
    const outcomes = Object.fromEntries([ana, ben].map((user, index) => [user, texts[index]]))
    expect(answer.json).toEqual(
      [ana, ben].sort().map((user) => ({ ...sent(user), result: outcomes[user], outcome: 'not.applied' })),
    )
    expect((await changeBehind(stack, answer)).state).toBe('FAILED')
    expect(postsOf(stack)).toHaveLength(1)
  })
})

it('a batch that upstream applied and whose answer was dropped ends APPLIED, with one POST (D20)', async () => {
  org.addFaults([{ match: { method: 'POST', path: ORGANIZATION }, do: { applyThenReset: true } }])
  const answer = await post({ assignments: [assignment('wallboardUser', [ana, ben])] })
  expect(answer.status).toBe(200)
  expect(answer.json).toEqual(
    [ana, ben].sort().map((user) => ({ ...sent(user), result: 'APPLIED', outcome: 'applied' })),
  )
  const change = await changeBehind(stack, answer)
  expect(change).toMatchObject({ kind: 'assignments', state: 'APPLIED', actor: { id: 'local-operator' } })
  expect(change.results).toHaveLength(2)
  expect(postsOf(stack)).toHaveLength(1)
  expect([holds(ana), holds(ben)]).toEqual([true, true])
})
