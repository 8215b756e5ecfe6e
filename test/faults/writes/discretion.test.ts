/** What answers and log lines about changes give away: ids, and nothing else (N21, N22, N23). */
import { randomUUID } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import {
  changeBehind,
  changeIdOf,
  giving,
  postOrganization,
  putToggle,
  sendRecording,
  userAt,
} from '../../support/changes/license-requests.ts'
import { invoke, restEvent } from '../../support/events.ts'
import { gatewayForTests, type RawAnswer, sendRaw } from '../../support/gateway.ts'
import { expectBadRequest, expectError } from '../../support/refusals.ts'

const stack = await gatewayForTests({ org: { toggles: 'legacy' } })
const { org } = stack
const user = userAt(stack, 0)
const TOGGLE = '/api/v2/license/toggles/wallboards'

/** Names of what stands behind the gateway. */
const internals = [
  /arn:/,
  /000000000000/,
  /dynamo/i,
  /genesys-license-gateway\//,
  /LEDGER_TABLE|POLICY_FILE/,
  /127\.0\.0\.1/,
  /\n {4}at /,
  /node_modules/,
  new RegExp(stack.directory),
]

function expectDiscreet(answer: RawAnswer) {
  expect(answer.status).toBeGreaterThanOrEqual(400)
  for (const internal of internals) expect(answer.text).not.toMatch(internal)
}

describe('an error about a change', () => {
  it('names no table, no ARN, no host and no line of code (N21)', async () => {
    const unknown = '0123456789abcdefghjk'
    const digest = 'a'.repeat(64)
    org.addFaults([{ match: { method: 'POST', path: TOGGLE }, do: { reset: true } }])
    const open = await sendRaw(stack, { method: 'POST', path: TOGGLE })
    const asked = await postOrganization(stack, JSON.stringify(giving(user, 'cxCloudSN')))
    const approve = `/v1/changes/${changeIdOf(asked)}/approve`
    const answers = [
      [open, 409, 'outcome.unknown'],
      [asked, 409, 'change.approval.required'],
      [await putToggle(stack, 'wallboards', false), 409, 'change.conflict'],
      [
        await sendRecording(stack, 'POST', approve, { digest }, { role: 'approver' }),
        409,
        'change.digest.mismatch',
      ],
      [
        await sendRecording(stack, 'POST', `/v1/changes/${changeIdOf(open)}/undo`),
        409,
        'change.state.conflict',
      ],
      [await sendRaw(stack, { path: `/v1/changes/${unknown}` }), 404, 'not.found'],
      [await sendRaw(stack, { path: `/v1/schedules/${unknown}` }), 404, 'not.found'],
      [await sendRecording(stack, 'DELETE', `/v1/schedules/${unknown}`), 404, 'not.found'],
      [await sendRaw(stack, { path: '/v1/changes?cursor=eyJwayI6IngifQ' }), 400, 'bad.request'],
      [await putToggle(stack, 'unheardOf', false), 404, 'not.found'],
    ] as const
    for (const [answer, status, code] of answers) {
      expectError(answer, { status, code })
      expectDiscreet(answer)
    }
  })

  it('names none of them where the scheduler fails either (N21)', async () => {
    stack.aws.fail('CreateSchedule', { type: 'InternalServerException', status: 500, times: 9 })
    const change = { kind: 'toggle', featureName: 'wallboards', enabled: false }
    const answer = await sendRecording(stack, 'POST', '/v1/schedules', { at: '2099-01-01T09:00', change })
    expectError(answer, { status: 503, code: 'scheduler.unavailable' })
    expectDiscreet(answer)
  })
})

describe('a reason', () => {
  const reason = 'Zeppelin for ana.larsen@example.com, "quoted" <b>'

  it('is in the record, and in no log line and no event', async () => {
    const answer = await putToggle(stack, 'wallboards', false, { reason })
    const { id, reason: recorded } = await changeBehind(stack, answer)
    expect(recorded).toBe(reason)
    const lines = stack.logged.join('')
    expect(lines).toContain(id)
    expect(lines).not.toMatch(/Zeppelin|larsen|quoted/)
  })

  it.each([
    'two\nlines',
    'a carriage\rreturn',
    'an escape \u001b[31m',
    'a zero \u0000',
    'a separator \u2028',
    'x'.repeat(501),
  ])('of %j is refused, and neither echoed nor logged (N22)', async (bad) => {
    const answer = await putToggle(stack, 'wallboards', false, { reason: `canary${bad}` })
    expectBadRequest(stack, answer, ['reason', 'INVALID_VALUE'])
    expect(answer.text + stack.logged.join('')).not.toContain('canary')
  })

  it('that is empty, or no text, is refused (B18)', async () => {
    expectBadRequest(stack, await putToggle(stack, 'wallboards', false, { reason: '' }), [
      'reason',
      'INVALID_VALUE',
    ])
    expectBadRequest(stack, await putToggle(stack, 'wallboards', false, { reason: '\ud800' }), [
      '$',
      'INVALID_JSON',
    ])
  })
})

describe('the log', () => {
  afterEach(() => {
    for (const line of stack.logged) {
      expect(line.trimEnd()).not.toContain('\n')
      expect(JSON.parse(line)).toHaveProperty('code')
    }
  })

  it('has ids and states of a change alone, one JSON line each (N22, N23)', async () => {
    const [person] = org.people(1)
    const answer = await postOrganization(stack, JSON.stringify(giving(user)))
    const moves = stack.logged.map((line) => JSON.parse(line)).filter(({ code }) => code === 'change.moved')
    expect(moves.map(({ state }) => state)).toEqual(['SENT', 'APPLIED'])
    expect(new Set(moves.map(({ changeId }) => changeId))).toEqual(new Set([changeIdOf(answer)]))
    const lines = stack.logged.join('')
    for (const text of Object.values(person ?? {})) {
      if (typeof text === 'string') expect(lines).not.toContain(text)
    }
    expect(lines).not.toContain('local-operator')
    expect(lines).not.toContain('@')
  })

  it.each(['forged"}\n{"code":"change.moved"', '\u001b[2J', 'x'.repeat(10_000)])(
    'takes nothing from a body that is refused: %j (N22)',
    async (text) => {
      const event = restEvent('createChange', {
        body: JSON.stringify({ kind: 'toggle', featureName: text, enabled: true, [text]: text }),
      })
      const answer = await invoke('createChange', event)
      expectError(answer, { status: 400, code: 'bad.request' })
      expect(stack.logged).toHaveLength(1)
      expect(stack.logged.join('')).not.toMatch(/forged|xxxx/)
      expect(stack.logged.join('')).not.toContain('\u001b')
    },
  )

  it('does not have what upstream said of a refusal (N22)', async () => {
    const body = { code: 'bad.request', message: 'no\n{"code":"forged"}', details: [] }
    org.addFaults([{ match: { method: 'POST', path: TOGGLE }, do: { status: 400, body } }])
    expect((await sendRaw(stack, { method: 'POST', path: TOGGLE })).status).toBe(400)
    expect(stack.logged.join('')).not.toContain('forged')
  })
})

it('an event on the bus has no reason, no name and no e-mail (N23)', async () => {
  const before = stack.aws.events().length
  await putToggle(stack, 'wallboards', false, { reason: 'canary', key: randomUUID() })
  const [event] = stack.aws.events().slice(before)
  expect(event).toMatchObject({ 'detail-type': 'License Change Applied' })
  expect(JSON.stringify(event)).not.toContain('@')
})

it('a cursor of another’s making is refused, and reads nothing (J17, J18)', async () => {
  const cursors = ['e30', Buffer.from('{"pk":"all","sk":"#"}').toString('base64url'), 'x'.repeat(500)]
  for (const cursor of cursors) {
    for (const path of ['/v1/changes', '/v1/schedules']) {
      const answer = await sendRaw(stack, { path: `${path}?cursor=${cursor}` })
      expectBadRequest(stack, answer, ['cursor', expect.any(String)])
    }
  }
})
