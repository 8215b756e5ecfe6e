import { describe, expect, it } from 'vitest'
import type { Change } from '../../lib/changes/answers/change-schemas.ts'
import { changeStates, openStates } from '../../lib/changes/model/transitions.ts'
import type { ListRequest } from '../../lib/changes/port.ts'
import { GatewayError } from '../../lib/errors.ts'
import { applyChange } from '../../lib/operations/changes/apply-change.ts'
import { approveChange } from '../../lib/operations/changes/approve-change.ts'
import { cancelChange } from '../../lib/operations/changes/cancel-change.ts'
import { createChange } from '../../lib/operations/changes/create-change.ts'
import { endChange } from '../../lib/operations/changes/end-change.ts'
import { extendChange } from '../../lib/operations/changes/extend-change.ts'
import { getChangeResults } from '../../lib/operations/changes/get-change-results.ts'
import { listChanges } from '../../lib/operations/changes/list-changes.ts'
import { rejectChange } from '../../lib/operations/changes/reject-change.ts'
import { retryChange } from '../../lib/operations/changes/retry-change.ts'
import { undoChange } from '../../lib/operations/changes/undo-change.ts'
import { postLicenseOrganization } from '../../lib/operations/license/post-license-organization.ts'
import { putToggle } from '../../lib/operations/toggles/put-toggle.ts'
import { giving } from '../support/changes/license-requests.ts'
import { expectError, expectStandingHeaders } from '../support/refusals.ts'
import { bound, CHANGE_ID, changes, changeThat, DIGEST, gatewayBefore, plans, records } from './ports.ts'

const USER = '11111111-1111-4111-8111-111111111111'

describe('the answer of a write', () => {
  it.each(changeStates)('whose change is %s says by its status whether that is its end', async (state) => {
    const toggle = bound(
      putToggle,
      changes({ request: async () => ({ value: changeThat({ state }), isReplay: false }) }),
    )
    const answer = await (await gatewayBefore(toggle))({ body: { enabled: true } })
    expect(answer.status).toBe(openStates.includes(state) ? 202 : 200)
    expect(answer.json).toEqual(changeThat({ state }))
    expectStandingHeaders(answer)
    expect(answer.headers['x-change-id']).toBe(CHANGE_ID)
    expect(answer.headers).not.toHaveProperty('idempotent-replayed')
  })

  it('tells the log which change it was', async () => {
    const toggle = bound(
      putToggle,
      changes({ request: async () => ({ value: changeThat(), isReplay: false }) }),
    )
    await (await gatewayBefore(toggle))({ body: { enabled: true } })
    expect(toggle.served).toMatchObject([{ statusCode: 200, headers: { 'x-change-id': CHANGE_ID } }])
  })

  it.each([true, false])('says that it is a repeat where it is (%s)', async (isReplay) => {
    const answered = async () => ({ value: changeThat({ state: 'UNKNOWN' }), isReplay })
    for (const [each, sent] of [
      [bound(putToggle, changes({ request: answered })), { body: { enabled: true } }],
      [bound(applyChange, changes({ apply: answered })), { body: { digest: DIGEST } }],
      [bound(undoChange, changes({ undo: answered })), {}],
    ] as const) {
      const { status, headers } = await (await gatewayBefore(each))(sent)
      expect([status, headers['idempotent-replayed']]).toEqual([202, isReplay ? 'true' : undefined])
    }
  })

  it("in Genesys's own model is a 200 that says so too, with the change where it is known", async () => {
    const value = [{ userId: USER, licenseId: 'wallboardUser', result: 'Success' }]
    const assigning = bound(
      postLicenseOrganization,
      changes({ assign: async () => ({ value, isReplay: true, changeId: CHANGE_ID }) }),
    )
    const answer = await (await gatewayBefore(assigning))({ body: giving(USER) })
    expect(answer).toMatchObject({
      status: 200,
      json: value,
      headers: { 'idempotent-replayed': 'true', 'x-change-id': CHANGE_ID },
    })
  })
})

describe('a failed write', () => {
  it.each([
    ['outcome.unknown', 409],
    ['change.approval.required', 409],
    ['change.conflict', 409],
  ] as const)('with %s names its change in details and in a header', async (code, status) => {
    const fault = {
      fieldName: 'changeId',
      errorCode: 'LOOK_THERE',
      message: `GET /v1/changes/${CHANGE_ID} tells`,
      entityId: CHANGE_ID,
    }
    const assigning = bound(
      postLicenseOrganization,
      changes({
        assign: () => Promise.reject(new GatewayError(code, 'It is not settled', { faults: [fault] })),
      }),
    )
    const answer = await (await gatewayBefore(assigning))({ body: giving(USER) })
    expectError(answer, { status, code, details: [['changeId', 'LOOK_THERE']] })
    expect(answer.json).toMatchObject({ details: [{ entityId: CHANGE_ID }] })
    expect(answer.headers['x-change-id']).toBe(CHANGE_ID)
    expect(assigning.served).toMatchObject([{ headers: { 'x-change-id': CHANGE_ID } }])
  })

  it("keeps Genesys's own body, with the change behind its details", async () => {
    const theirs = { errorCode: 'THEIRS', fieldName: 'licenseId' }
    const upstreamBody = { status: 400, code: 'bad.request', message: 'No such license', details: [theirs] }
    const fault = { fieldName: 'changeId', errorCode: 'CHANGE', message: 'of this', entityId: CHANGE_ID }
    const assigning = bound(
      postLicenseOrganization,
      changes({
        assign: () => Promise.reject(new GatewayError('bad.request', 'x', { upstreamBody, faults: [fault] })),
      }),
    )
    const { json, headers } = await (await gatewayBefore(assigning))({ body: giving(USER) })
    const ours = { errorCode: 'CHANGE', fieldName: 'changeId', message: 'of this', entityId: CHANGE_ID }
    expect(json).toEqual({ ...upstreamBody, details: [theirs, ours] })
    expect(headers['x-change-id']).toBe(CHANGE_ID)
  })
})

describe('a plan', () => {
  it('of a list that takes a fresh reading is a 202 while it is made', async () => {
    const value = changeThat({ state: 'PLANNING' })
    const planning = bound(createChange, plans({ plan: async () => ({ value, isReplay: false }) }))
    const send = await gatewayBefore(planning)
    const answer = await send({ body: { kind: 'desired', licenses: { cloudCX1: [] }, mode: 'exact' } })
    expect([answer.status, answer.headers['x-change-id']]).toEqual([202, CHANGE_ID])
  })

  it('is a 201, and a 200 where it was there', async () => {
    for (const isReplay of [false, true]) {
      const value = changeThat({ state: 'PLANNED' })
      const planning = bound(createChange, plans({ plan: async () => ({ value, isReplay }) }))
      const send = await gatewayBefore(planning)
      const answer = await send({ body: { kind: 'toggle', featureName: 'wallboards', enabled: true } })
      expect([answer.status, answer.headers['idempotent-replayed']]).toEqual(
        isReplay ? [200, 'true'] : [201, undefined],
      )
    }
  })

  it('is a draft where its body says so, and beside a body nothing else does', async () => {
    const asked: unknown[] = []
    const answered = async (...given: unknown[]) => {
      asked.push(given)
      return { value: changeThat({ state: 'PLANNED', isReleased: false }), isReplay: false }
    }
    const body = { kind: 'toggle', featureName: 'wallboards', enabled: true, isDraft: true }
    const planning = await gatewayBefore(bound(createChange, plans({ plan: answered })))
    const retrying = await gatewayBefore(bound(retryChange, plans({ retry: answered })))
    const undoing = await gatewayBefore(bound(undoChange, changes({ undo: answered })))
    const answers = [
      await planning({ body }),
      await retrying({ body: { isDraft: true } }),
      await retrying(),
      await undoing({ body: { isDraft: true, reason: 'a slip' } }),
      await undoing(),
    ]
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 202, 202])
    expect(asked).toEqual([
      [body],
      [CHANGE_ID, { isDraft: true }],
      [CHANGE_ID, undefined],
      [CHANGE_ID, { isDraft: true, reason: 'a slip' }],
      [CHANGE_ID, undefined],
    ])
    const refused = await planning({ body, query: '?isDraft=true' })
    expectError(refused, { status: 400, code: 'bad.request', details: [['isDraft', 'CONTRADICTION']] })
  })

  it.each([
    [{ kind: 'seat' }, [['kind', 'INVALID_VALUE']]],
    [{ kind: 'toggle', featureName: 'x', enabled: 1 }, [['enabled', 'INVALID_TYPE']]],
    [
      { kind: 'toggle', featureName: 'x', enabled: true, notBefore: 'tomorrow', revertAfter: 'P1Y' },
      [
        ['notBefore', 'INVALID_VALUE'],
        ['revertAfter', 'CONTRADICTION'],
      ],
    ],
    [{ kind: 'toggle', featureName: 'x', enabled: true, reason: 'a\nb' }, [['reason', 'INVALID_VALUE']]],
    [{ kind: 'assignments', ...giving('nobody') }, [['assignments.0.userIdsAdd.0', 'INVALID_VALUE']]],
  ] as const)('of %j is refused by its faulty fields', async (body, details) => {
    const send = await gatewayBefore(bound(createChange, plans({})))
    expectError(await send({ body }), { status: 400, code: 'bad.request', details })
  })
})

describe('a decision', () => {
  it.each(['apply', 'approve'] as const)(
    'to %s names change and digest, each by its own route',
    async (verb) => {
      const asked: unknown[] = []
      const operation = verb === 'apply' ? applyChange : approveChange
      const deciding = bound(
        operation,
        changes({
          async [verb](...given: unknown[]) {
            asked.push(given)
            return { value: changeThat({ state: 'SENT' }), isReplay: false }
          },
        }),
      )
      const answer = await (await gatewayBefore(deciding))({ body: { digest: DIGEST } })
      expect(answer.status).toBe(202)
      expect(asked).toEqual([[CHANGE_ID, DIGEST, undefined]])
    },
  )

  it.each([
    [{}, 'MISSING'],
    [{ digest: DIGEST.toUpperCase() }, 'INVALID_VALUE'],
    [{ digest: DIGEST.slice(1) }, 'INVALID_VALUE'],
  ])('with %j is refused', async (body, errorCode) => {
    const send = await gatewayBefore(bound(approveChange, changes({})))
    expectError(await send({ body }), { status: 400, code: 'bad.request', details: [['digest', errorCode]] })
  })

  it('against a change needs none', async () => {
    const answered = async () => ({ value: changeThat({ state: 'REJECTED' }), isReplay: false })
    for (const each of [
      bound(rejectChange, records({ reject: answered })),
      bound(cancelChange, records({ cancel: answered })),
    ]) {
      const send = await gatewayBefore(each)
      expect((await send()).status).toBe(200)
      const refused = await send({ body: { digest: DIGEST } })
      expectError(refused, { status: 400, code: 'bad.request', details: [['digest', 'UNKNOWN_FIELD']] })
    }
  })

  it('to extend names the new end, and to end nothing: with the change itself, while nothing takes it back yet, it is a 202', async () => {
    const applied = (members: Partial<Change>) => async () => ({
      value: changeThat({ state: 'APPLIED', ...members }),
      isReplay: false,
    })
    const extend = await gatewayBefore(bound(extendChange, records({ extend: applied({}) })))
    expect((await extend({ body: { revertAfter: 'PT8H' } })).status).toBe(200)
    for (const [body, details] of [
      [{ revertAfter: 'P1Y' }, [['revertAfter', 'CONTRADICTION']]],
      [{ revertAt: 'tomorrow' }, [['revertAt', 'INVALID_VALUE']]],
      [{ until: 'friday' }, [['until', 'UNKNOWN_FIELD']]],
    ] as const) {
      expectError(await extend({ body }), { status: 400, code: 'bad.request', details })
    }
    const ofItself = await gatewayBefore(bound(endChange, changes({ end: applied({ id: CHANGE_ID }) })))
    expect((await ofItself()).status).toBe(202)
    const other = '0123456789abcdefghjm'
    const ofAnother = await gatewayBefore(
      bound(endChange, changes({ end: applied({ id: other, undoes: CHANGE_ID }) })),
    )
    expect((await ofAnother()).status).toBe(200)
  })

  it('against a change may say why', async () => {
    const reasons: unknown[] = []
    const send = await gatewayBefore(
      bound(
        rejectChange,
        records({
          async reject(_, reason) {
            reasons.push(reason)
            return { value: changeThat({ state: 'REJECTED' }), isReplay: false }
          },
        }),
      ),
    )
    await send({ body: { reason: 'the freeze' } })
    await send({ body: {} })
    await send()
    expect(reasons).toEqual(['the freeze', undefined, undefined])
    for (const reason of ['', '   ', '\u200b\u200e', '\u3164', '\u2800', 'a\u202eb', '\u2066a\u2069']) {
      const refused = await send({ body: { reason } })
      const details = [['reason', 'INVALID_VALUE']] as const
      expectError(refused, { status: 400, code: 'bad.request', details })
      expect([reason, refused.text]).toEqual([
        reason,
        expect.stringMatching(
          reason.includes('a') ? /it has U\+20[26][E6], which turns/ : /to 500 char|nothing to see/,
        ),
      ])
    }
    expect((await send({ body: { reason: 'نامه\u200cها \u2764\ufe0f' } })).status).toBe(200)
  })

  it('takes an id in any case, with the letters that its alphabet reads as digits', async () => {
    const asked: string[] = []
    const port = records({
      async reject(changeId) {
        asked.push(changeId)
        return { value: changeThat({}), isReplay: false }
      },
    })
    const send = await gatewayBefore(bound(rejectChange, port))
    for (const changeId of ['0123456789ABCDEFGHJK', 'Oi23456789abcdefghjk', 'ol23456789abcdefghjk'])
      await send({ params: { changeId } })
    expect(new Set(asked)).toEqual(new Set(['0123456789abcdefghjk']))
    expect(asked).toHaveLength(3)
  })

  it.each(['%20', 'short', '0123456789abcdefghju', '..', `${CHANGE_ID}%00`])(
    'on the id %j reaches no port',
    async (changeId) => {
      const send = await gatewayBefore(bound(rejectChange, records({})))
      expect([400, 404]).toContain((await send({ params: { changeId } })).status)
    },
  )
})

describe('the list of changes', () => {
  async function asked(query: string) {
    const requests: ListRequest[] = []
    const listing = bound(
      listChanges,
      records({
        async changes(request) {
          requests.push(request)
          return { entities: [] }
        },
      }),
    )
    return { answer: await (await gatewayBefore(listing))({ query }), requests }
  }

  it.each([
    ['', { filter: {}, limit: 25 }],
    ['?state=NEEDS_ATTENTION&limit=100', { filter: { states: ['NEEDS_ATTENTION'] }, limit: 100 }],
    [
      '?actor=arn%3Aaws%3Aiam%3A%3A123456789012%3Auser%2Fana',
      { filter: { actor: 'arn:aws:iam::123456789012:user/ana' }, limit: 25 },
    ],
    ['?license=cloudCX1', { filter: { licenseId: 'cloudCX1' }, limit: 25 }],
    [`?user=${USER.toUpperCase()}`, { filter: { userId: USER }, limit: 25 }],
    [
      '?toggle=wallboards&cursor=eyJhIjoxfQ',
      { filter: { featureName: 'wallboards' }, limit: 25, cursor: 'eyJhIjoxfQ' },
    ],
    ['?open=true', { filter: { states: openStates }, limit: 25 }],
    ['?due=7d', { filter: {}, limit: 25, dueWithinMs: 7 * 86_400_000 }],
    ['?due=24h&limit=3', { filter: {}, limit: 3, dueWithinMs: 86_400_000 }],
    ['?open=true&state=PLANNED&toggle=x', { filter: { states: ['PLANNED'], featureName: 'x' }, limit: 25 }],
    [
      `?user=${USER}&license=cloudCX1&state=APPLIED&actor=ana`,
      {
        filter: { states: ['APPLIED'], actor: 'ana', licenseId: 'cloudCX1', userId: USER },
        limit: 25,
      },
    ],
    [
      '?from=2026-11-15T12:00:00Z&to=2026-11-15T13:00:00%2B01:00',
      {
        filter: {},
        limit: 25,
        from: '2026-11-15T12:00:00Z',
        to: '2026-11-15T13:00:00+01:00',
      },
    ],
  ])('with %j asks for just that', async (query, request) => {
    const { answer, requests } = await asked(query)
    expect(answer.json).toEqual({ entities: [] })
    expect(requests).toEqual([request])
  })

  it.each([
    ['?state=DONE', [['state', 'INVALID_VALUE']]],
    ['?state=APPLIED&user=x', [['user', 'INVALID_VALUE']]],
    ['?state=APPLIED&open=true', [['open', 'CONTRADICTION']]],
    ['?open=false', [['open', 'INVALID_VALUE']]],
    ['?due=7', [['due', 'INVALID_VALUE']]],
    ['?due=7d&state=APPLIED', [['due', 'CONTRADICTION']]],
    ['?due=7d&from=2026-11-15T12:00:00Z', [['due', 'CONTRADICTION']]],
    [
      `?license=cloudCX1&toggle=wallboards&actor=ana&user=${USER}`,
      [
        ['license', 'CONTRADICTION'],
        ['user', 'CONTRADICTION'],
      ],
    ],
    ['?from=2026-11-15T12:00:01Z&to=2026-11-15T13:00:00%2B01:00', [['to', 'CONTRADICTION']]],
    ['?from=yesterday', [['from', 'INVALID_VALUE']]],
    ['?limit=101', [['limit', 'TOO_LARGE']]],
    ['?cursor=a%0Ab', [['cursor', 'INVALID_VALUE']]],
    ['?cursor=', [['cursor', 'INVALID_VALUE']]],
    [`?cursor=${'a'.repeat(2001)}`, [['cursor', 'INVALID_VALUE']]],
  ] as const)('with %j is refused', async (query, details) => {
    const { answer, requests } = await asked(query)
    expectError(answer, { status: 400, code: 'bad.request', details })
    expect(requests).toEqual([])
  })
})

it('results are asked for by change, page and outcome', async () => {
  const asked: unknown[] = []
  const listing = bound(
    getChangeResults,
    records({
      async results(...given) {
        asked.push(given)
        return { entities: [] }
      },
    }),
  )
  const send = await gatewayBefore(listing)
  await send({ query: '?limit=7&cursor=abc' })
  await send({ query: '?outcome=not.applied' })
  expect((await send({ query: '?outcome=lost' })).status).toBe(400)
  await send()
  expect(asked).toEqual([
    [CHANGE_ID, { limit: 7, cursor: 'abc' }],
    [CHANGE_ID, { limit: 25, outcome: 'not.applied' }],
    [CHANGE_ID, { limit: 25 }],
  ])
})
