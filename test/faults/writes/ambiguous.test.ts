/**
 * The two writes of Genesys's own API without a clear answer, by three witnesses: the org's truth and the requests that
 * it was sent, the change on record, and the answer.
 */
import { describe, expect, it } from 'vitest'
import type { FaultAction } from '../../../infra/local/org/faults/faults.ts'
import { nodeTransport, type Transport } from '../../../lib/transport/transport.ts'
import { changeBehind } from '../../support/changes/license-requests.ts'
import { isWrite, TOGGLE, writersOf } from '../../support/changes/writers.ts'
import { gatewayForTests } from '../../support/gateway.ts'
import { expectError } from '../../support/refusals.ts'
import { postsOf } from '../../support/requests.ts'

const stack = await gatewayForTests({ org: { toggles: 'legacy' } })
const { org } = stack
const operations = writersOf(stack)
const [[, , toggle]] = operations

/** How long this file waits for an answer that never comes. Milliseconds. */
const SHORT_MS = 400

/** What reads the write back has as long as ever. */
const hasty: Transport = (request) =>
  nodeTransport(isWrite(request) ? { ...request, timeoutMs: SHORT_MS } : request)

/** What the functions said of their requests. */
const served = () =>
  stack.logged.map((line) => JSON.parse(line)).filter(({ code }) => code === 'request.served')

/** Answers that leave open whether upstream acted: what happens, and whether it did act. */
const ambiguous: readonly (readonly [string, FaultAction, boolean])[] = [
  ['upstream acts and the connection breaks', { applyThenReset: true }, true],
  ['the connection breaks', { reset: true }, false],
  ['the answer is cut off', { truncateAtByte: 5 }, true],
  ['the answer has no first byte', { truncateAtByte: 0 }, true],
  ['the answer stops half-way', { stallAfterBytes: 5 }, true],
  ['the answer stops after its headers', { stallAfterBytes: 0 }, true],
  ['upstream takes too long', { delayMs: 60_000 }, false],
  ['upstream drops the connection to act later', { dropThenApplyAfterMs: 60_000 }, false],
  ['upstream answers 408', { status: 408 }, false],
  ['upstream answers 409', { status: 409, body: { code: 'general.conflict', message: 'conflict' } }, false],
  ['upstream answers 412', { status: 412 }, false],
  ['upstream answers 500', { status: 500 }, false],
  ['upstream answers 502', { status: 502, body: '<html>' }, false],
  ['upstream answers 503 with Retry-After', { status: 503, headers: { 'retry-after': 1 } }, false],
  ['upstream answers 504', { status: 504 }, false],
  ['upstream redirects', { status: 307, headers: { location: 'https://evil.example.net/' } }, false],
  ['upstream answers a status of its own', { status: 418 }, false],
  ['upstream answers nothing', { status: 204 }, false],
  ['upstream answers an empty body', { status: 200 }, false],
  [
    'upstream answers a page',
    { status: 200, body: '<html>', headers: { 'content-type': 'text/html' } },
    false,
  ],
  ['upstream answers something else', { status: 200, body: { ok: true } }, false],
  [
    'upstream answers a broken encoding',
    { status: 200, body: 'none', headers: { 'content-encoding': 'gzip' } },
    false,
  ],
]

describe.each(operations)('%s, without a clear answer', (operation, path, send, isDone) => {
  it.each(ambiguous)('because %s, is sent once, and reading back tells', async (_name, action, isApplied) => {
    const before = org.truth()
    org.addFaults([{ match: { method: 'POST', path }, do: action }])
    const isSilent = 'delayMs' in action || 'stallAfterBytes' in action
    const { answer, clock } = await send(isSilent ? { transport: hasty } : {})
    const change = await changeBehind(stack, answer)

    if (isApplied) expect(answer.status).toBe(200)
    else {
      expectError(answer, { status: 409, code: 'outcome.unknown', details: [['changeId', 'UNKNOWN']] })
      expect(Object(answer.json).message).toContain(`GET /v1/changes/${change.id} tells`)
      expect(answer.headers['retry-after']).toBeUndefined()
    }
    expect(answer.text).not.toContain('html')
    expect(change.history.map(({ state }) => state)).toEqual(['SENT', isApplied ? 'APPLIED' : 'UNKNOWN'])
    expect(postsOf(stack)).toHaveLength(1)
    expect(clock.sleeps).toEqual([])
    expect(isDone()).toBe(isApplied)
    if (!isApplied) expect(org.truth()).toEqual(before)
    expect(served()[0]).toMatchObject({
      operation,
      status: answer.status,
      changeId: change.id,
      ...(isApplied ? {} : { errorCode: 'outcome.unknown' }),
    })
  })

  it('holds its target until it is known, also against another caller (D27)', async () => {
    org.addFaults([{ match: { method: 'POST', path }, do: { reset: true } }])
    const { answer: first } = await send({ key: 'one' })
    const { answer: second } = await send({ key: 'two' })
    const open = await changeBehind(stack, first)
    expectError(second, { status: 409, code: 'change.conflict', details: [['changeId', 'CHANGE']] })
    expect(second.json).toMatchObject({ details: [{ entityId: open.id }] })
    expect(second.headers['retry-after']).toBe('65')
    expect(postsOf(stack)).toHaveLength(1)
  })
})

it('an answer for another toggle than the one switched says nothing', async () => {
  org.addFaults([
    {
      match: { method: 'POST', path: TOGGLE },
      do: { status: 200, body: { featureName: 'other', enabled: false } },
    },
  ])
  const { answer } = await toggle()
  expectError(answer, { status: 409, code: 'outcome.unknown' })
  expect(postsOf(stack)).toHaveLength(1)
})

it('a repeat of a keyless toggle within two minutes of the last answer gets the first one’s, and switches nothing', async () => {
  const first = await toggle()
  const second = await toggle({ aheadMs: 115_000 })
  expect(second.answer.json).toEqual(first.answer.json)
  expect(second.answer.headers['idempotent-replayed']).toBe('true')
  expect(postsOf(stack)).toHaveLength(1)
  const third = await toggle({ aheadMs: 236_000 })
  expect(third.answer.json).toEqual({ featureName: 'wallboards', enabled: true })
  expect(postsOf(stack)).toHaveLength(2)
})
