/** Group C of the fault catalogue: the query string. */
import { describe, expect, it } from 'vitest'
import { operations } from '../../../lib/operations/index.ts'
import { invoke, restEvent } from '../../support/events.ts'
import { gatewayForTests, sendRaw } from '../../support/gateway.ts'
import { expectBadRequest, expectError, expectUntouched } from '../../support/refusals.ts'
import { someIds, soundBody } from '../../support/requests.ts'

const stack = await gatewayForTests()
const { org } = stack
const USERS = '/api/v2/license/users'
const get = (query: string) => sendRaw(stack, { path: `${USERS}?${query}` })

describe.each(['pageSize', 'pageNumber'])('%s', (name) => {
  it('is refused where it is 0 (C16)', async () => {
    expectBadRequest(stack, await get(`${name}=0`), [name, 'TOO_SMALL'])
  })

  it.each([
    '-1',
    '1.5',
    '1.0',
    '1e2',
    '0x10',
    '%2025',
    '25%20',
    '+25',
    '%2B25',
    'NaN',
    'Infinity',
    '',
    '-0',
    '00',
    '025',
    '1_0',
    '"25"',
    'true',
    'null',
    '%D9%A2%D9%A5',
    '25%00',
    '25%0a',
    '9'.repeat(50_000 / 5),
  ])('is refused where it is %s (B17, C16)', async (value) => {
    expectBadRequest(stack, await get(`${name}=${value}`), [name, 'INVALID_VALUE'])
  })

  it.each(['9007199254740992', '9223372036854775808', '10000000000', '2147483648'])(
    'is refused where it is too large to count: %s (C18)',
    async (value) => {
      const answer = await get(`${name}=${value}`)
      expectError(answer, { status: 400, code: 'bad.request' })
      expectUntouched(stack)
    },
  )

  it.each([
    ['25%E2%80%8E', 'as character 3 it has an invisible character (U+200E)'],
    ['25%C2%A0', 'as character 3 it has a blank (U+00A0)'],
  ])('is told which character nobody sees: %s', async (value, sentence) => {
    const answer = await get(`${name}=${value}`)
    expectBadRequest(stack, answer, [name, 'INVALID_VALUE'])
    expect(answer.text).toContain(sentence)
  })

  it('is refused where it is given twice, even the same (C20)', async () => {
    expectBadRequest(stack, await get(`${name}=25&${name}=50`), [name, 'REPEATED'])
    expectBadRequest(stack, await get(`${name}=25&${name}=25`), [name, 'REPEATED'])
  })

  it('is refused where something joined two values (C20)', async () => {
    expectBadRequest(stack, await get(`${name}=25,50`), [name, 'INVALID_VALUE'])
  })
})

it.each(['101', '500', '1000000'])(
  'pageSize=%s is refused with the largest there is, not cut to it (C17)',
  async (size) => {
    const answer = await get(`pageSize=${size}`)
    expectError(answer, { status: 400, code: 'bad.request' })
    expect(Object(answer.json).message).toContain('from 1 to 100')
    expectUntouched(stack)
  },
)

it.each([
  ['', '25', '1'],
  ['pageSize=1', '1', '1'],
  ['pageSize=100&pageNumber=2', '100', '2'],
  ['pageNumber=2147483647', '25', '2147483647'],
])('the page asked for by %j is what is sent upstream', async (query, pageSize, pageNumber) => {
  expect((await get(query)).status).toBe(200)
  expect(org.requests()).toMatchObject([
    { path: USERS, query: `pageSize=${pageSize}&pageNumber=${pageNumber}` },
  ])
})

describe('an unknown parameter', () => {
  it.each(['pagesize', 'PageSize', 'page_size', 'expand', 'q', 'pageSize.'])(
    '%s is refused (C21)',
    async (name) => {
      expectBadRequest(stack, await get(`${name}=25`), [name, 'UNKNOWN_PARAMETER'])
    },
  )

  it.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'])(
    '%s is refused, and no prototype written (C22)',
    async (name) => {
      expectBadRequest(stack, await get(`${name}=polluted`), [name, 'UNKNOWN_PARAMETER'])
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
      expect(Object.keys(Object.prototype)).toEqual([])
    },
  )

  it.each(['__proto__[polluted]=1', 'constructor[prototype][polluted]=1', 'expand[]=x', 'pageSize[]=25'])(
    '%s is refused as the name it is (C22, C23)',
    async (pair) => {
      expectBadRequest(stack, await get(pair), [pair.split('=')[0] ?? '', 'UNKNOWN_PARAMETER'])
    },
  )

  it('is not echoed where it is unprintable (C21)', async () => {
    const answer = await get('%3Cscript%3E%0d%0a=1')
    expectBadRequest(stack, answer, ['(unprintable)', 'UNKNOWN_PARAMETER'])
    expect(answer.text).not.toContain('script')
  })

  it.each([
    ['page\u200eSize', 'page\\u200ESize', 'it has an invisible character (U+200E)'],
    ['pageSize ', 'pageSize\\u0020', 'as character 9 it has a blank (U+0020)'],
  ])('%j is named with what cannot be seen in it', async (name, shown, sentence) => {
    const answer = await get(`${encodeURIComponent(name)}=25`)
    expectBadRequest(stack, answer, [shown, 'UNKNOWN_PARAMETER'])
    expect(answer.text).toContain(sentence)
  })

  it('does not flood the answer where there are 500 (C23)', async () => {
    const answer = await get(Array.from({ length: 500 }, (_, index) => `k${index}=1`).join('&'))
    expectError(answer, { status: 400, code: 'bad.request' })
    expect(Object(answer.json).details).toHaveLength(50)
    expect(Object(answer.json).message).toContain('499 more')
    expectUntouched(stack)
  })

  it('repeated 500 times, with a name as long as can be, does not flood it either (C23)', async () => {
    const name = 'n'.repeat(60)
    const many = Array.from({ length: 120 }, (_, index) => `${name}${index}=1&${name}${index}=2`).join('&')
    const answer = await sendRaw(stack, { path: `${USERS}?${many}` })
    expectError(answer, { status: 400, code: 'bad.request' })
    expect(Object(answer.json).details.length).toBeLessThanOrEqual(50)
    expectUntouched(stack)
  })

  it('with a name that is a script is not echoed where it is repeated (C23)', async () => {
    const answer = await get('%3Cscript%3E=1&%3Cscript%3E=2')
    expectError(answer, { status: 400, code: 'bad.request' })
    expect(answer.text).not.toContain('script')
    expectUntouched(stack)
  })

  const takingNone = operations.filter(({ query }) => Object.keys(query).length === 0)
  it.each(takingNone.map((operation) => [operation.id, operation] as const))(
    'is refused by %s, which takes none (C21)',
    async (id, operation) => {
      const body = soundBody(operation)
      const event = restEvent(id, {
        pathParameters: someIds,
        multiValueQueryStringParameters: { pageSize: ['25'] },
        body: body === undefined ? null : JSON.stringify(body),
      })
      expectBadRequest(stack, await invoke(id, event), ['pageSize', 'UNKNOWN_PARAMETER'])
    },
  )
})
