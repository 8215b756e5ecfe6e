import { describe, expect, it } from 'vitest'
import { openApiDocument } from '../../infra/openapi/document.ts'
import { operations } from '../../lib/operations/index.ts'
import { userAt } from '../support/changes/license-requests.ts'
import { gatewayForTests } from '../support/gateway.ts'
import { takeReadingOfStack } from '../support/seats/readings.ts'
import { CALLS, complaints, typesOf } from './compile.ts'

/** Two compilers' runs on a busy machine. Milliseconds. */
const COMPILES_WITHIN_MS = 120_000

/** Of the calls what is tried here; their types are made only while the test runs. */
interface Calls {
  clientOf(baseUrl: string, token: string): unknown
  everybody(client: unknown, license: string): Promise<{ id: string; email?: string; licenses: string[] }[]>
  idsByPage(client: unknown): Promise<string[]>
  licensesOf(client: unknown, userId: string): Promise<readonly string[] | string>
  setToggle(client: unknown, featureName: string, enabled: boolean, key: string): Promise<unknown>
  isOn(client: unknown, featureName: string): Promise<boolean>
  give(client: unknown, licenseId: string, userIds: readonly string[], key: string): Promise<unknown>
  openChanges(client: unknown): Promise<readonly string[]>
  faultsOf(client: unknown, batch: unknown): Promise<unknown>
}

const stack = await gatewayForTests({ org: { toggles: 'legacy' } })
const calls: Calls = await import(CALLS)
const as = (role: 'viewer' | 'operator') => calls.clientOf(stack.gateway, stack.tokens[role])
const holders = (license: string) =>
  Object.entries(stack.org.truth().users).flatMap(([id, held]) => (held.includes(license) ? [id] : []))

describe('a client that a public generator makes of the document', () => {
  it(
    'compiles at its strictest, and a wrong call does not',
    async () => {
      const types = await typesOf(openApiDocument(operations, '0.0.0'))
      expect(complaints(types)).toEqual([])
      const wrong = complaints(types, (text) =>
        text
          .replace('data.next', 'data.nextPage')
          .replace("header: { 'Idempotency-Key': key }", "header: { 'Idempotency-Keys': key }")
          .replace('body: { digest }', 'body: { enabled: true }'),
      )
      expect(wrong.map((line) => /'nextPage'|'Idempotency-Keys'|'enabled'/.exec(line)?.[0])).toEqual([
        "'nextPage'",
        "'Idempotency-Keys'",
        "'enabled'",
      ])
    },
    COMPILES_WITHIN_MS,
  )

  it('goes through lists by cursor and by number', async () => {
    await takeReadingOfStack()
    const found = await calls.everybody(as('viewer'), 'cloudCX2')
    expect(found.length).toBeGreaterThan(10)
    expect(found.map(({ id }) => id).sort()).toEqual(holders('cloudCX2').sort())
    const ids = await calls.idsByPage(as('viewer'))
    expect(ids.sort()).toEqual(Object.keys(stack.org.truth().users).sort())
  })

  it('reads one user, and is told by code that there is none', async () => {
    const user = userAt(stack, 0)
    expect(await calls.licensesOf(as('viewer'), user)).toEqual(stack.org.truth().users[user])
    const nobody = '00000000-0000-4000-8000-000000000000'
    expect(await calls.licensesOf(as('viewer'), nobody)).toBe('not.found')
    expect(await calls.licensesOf(as('viewer'), 'nobody')).toBe('bad.request')
  })

  it('sets a toggle once', async () => {
    const client = as('operator')
    const isOn = await calls.isOn(client, 'agentAssist')
    const set = () => calls.setToggle(client, 'agentAssist', !isOn, 'typed')
    expect(await set()).toMatchObject({ state: 'APPLIED', isReplay: false })
    expect(await set()).toMatchObject({ state: 'APPLIED', isReplay: true })
    expect(await calls.isOn(client, 'agentAssist')).toBe(!isOn)
    expect(stack.org.truth().toggles['agentAssist']).toBe(!isOn)
  })

  it('plans a change, applies it and reads what became of each pair', async () => {
    const users = stack.org
      .people()
      .map(({ id }) => id)
      .filter((id) => !holders('cloudCX3').includes(id))
      .slice(0, 2)
    const given = await calls.give(as('operator'), 'cloudCX3', users, 'typed')
    expect(given).toMatchObject({
      state: 'APPLIED',
      seats: [{ licenseId: 'cloudCX3', seats: 100 }],
      outcomes: expect.arrayContaining(users.map((id) => [id, 'applied'])),
    })
    expect(holders('cloudCX3')).toEqual(expect.arrayContaining(users))
    expect(await calls.openChanges(as('viewer'))).toEqual([])
  })

  it('is told each faulty field', async () => {
    const faulty = { licenseId: 'not a license', userIdsAdd: ['nobody'], userIdsRemove: [] }
    expect(await calls.faultsOf(as('operator'), { assignments: [faulty] })).toMatchObject({
      status: 400,
      code: 'bad.request',
      fields: ['assignments.0.licenseId', 'assignments.0.userIdsAdd.0'],
    })
  })
})
