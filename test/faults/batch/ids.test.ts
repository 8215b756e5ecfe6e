/** Bodies that are lists of ids: POST users and the two infer operations. */
import { describe, expect, it } from 'vitest'
import { userAt } from '../../support/changes/license-requests.ts'
import { gatewayForTests, sendRaw } from '../../support/gateway.ts'
import { expectBadRequest, expectUntouched } from '../../support/refusals.ts'

const stack = await gatewayForTests()
const { org } = stack
const LICENSE = '/api/v2/license'
const lists = [
  ['postLicenseUsers', `${LICENSE}/users`, userAt(stack, 0)],
  ['postLicenseInfer', `${LICENSE}/infer`, org.roles()[3]?.id ?? ''],
  ['postLicenseInferPermissions', `${LICENSE}/infer/permissions`, 'conversation:call:add'],
] as const

describe.each(lists)('%s', (_operation, path, known) => {
  const post = (body: unknown) =>
    sendRaw(stack, {
      method: 'POST',
      path,
      role: 'viewer',
      headers: ['Content-Type', 'application/json'],
      body: JSON.stringify(body),
    })

  it('takes 500 entries and refuses 501 (D10)', async () => {
    expect((await post(Array.from({ length: 500 }, () => known))).status).toBe(200)
    expect(org.requests()).toHaveLength(1)
  })

  it('refuses 501 entries before anything is sent (D10)', async () => {
    expectBadRequest(stack, await post(Array.from({ length: 501 }, () => known)), ['$', 'TOO_LARGE'])
  })

  it('names each faulty entry by its place', async () => {
    const answer = await post([known, '', known, 7, `${known} `, null, [known]])
    expectBadRequest(
      stack,
      answer,
      ['1', 'INVALID_VALUE'],
      ['3', 'INVALID_TYPE'],
      ['4', 'INVALID_VALUE'],
      ['5', 'INVALID_TYPE'],
      ['6', 'INVALID_TYPE'],
    )
  })

  it.each([{}, 'text', 1, true, { 0: known, length: 1 }])(
    'refuses a body that is no list: %j (B03)',
    async (body) => {
      expectBadRequest(stack, await post(body), ['$', 'INVALID_TYPE'])
    },
  )

  it('may come without a body, with `null` and with an empty list', async () => {
    const without = await sendRaw(stack, { method: 'POST', path, role: 'viewer' })
    expect(without.status).toBe(200)
    expect((await post(null)).json).toEqual(without.json)
    expect((await post([])).json).toEqual(without.json)
    expect(org.requests()).toHaveLength(3)
  })
})

it('a permission is three parts, of which the last two may be a star', async () => {
  const post = (permission: string) =>
    sendRaw(stack, {
      method: 'POST',
      path: `${LICENSE}/infer/permissions`,
      headers: ['Content-Type', 'application/json'],
      body: JSON.stringify([permission]),
    })
  for (const faulty of [
    'a',
    'a:b',
    'a:b:c:d',
    '*:b:c',
    'a::c',
    'a:b:c\n',
    'a:b:ç',
    `a:b:${'c'.repeat(65)}`,
  ]) {
    expectBadRequest(stack, await post(faulty), ['0', 'INVALID_VALUE'])
  }
  expectUntouched(stack)
  for (const sound of ['conversation:call:*', 'wfm:*:*', 'a-b_c:D:9']) {
    expect((await post(sound)).status).toBe(200)
  }
})

describe('POST users in halves', () => {
  const ids = Array.from({ length: 60 }, (_, index) => userAt(stack, index))
  const post = (body: unknown) =>
    sendRaw(stack, {
      method: 'POST',
      path: `${LICENSE}/users`,
      headers: ['Content-Type', 'application/json'],
      body: JSON.stringify(body),
    })
  const tooLarge = {
    status: 413,
    body: { status: 413, code: 'request.entity.too.large', message: 'too large' },
  }

  it('answers for everybody where upstream finds the whole too large', async () => {
    org.addFaults([{ match: { path: `${LICENSE}/users` }, do: tooLarge }])
    const answer = await post(ids)
    const held = Object.values(Object(answer.json)).map((each) => [Object(each).id, Object(each).licenses])
    expect(Object.fromEntries(held)).toEqual(org.truth().users)
    expect(org.requests().map(({ status }) => status)).toEqual([413, 200, 200])
  })

  it('ends with the refusal where even one id is too large', async () => {
    org.addFaults([{ match: { path: `${LICENSE}/users` }, times: 100, do: tooLarge }])
    const answer = await post(ids.slice(0, 2))
    expect(answer.status).toBe(413)
    expect(answer.json).toEqual(tooLarge.body)
    expect(org.requests()).toHaveLength(2)
  })
})
