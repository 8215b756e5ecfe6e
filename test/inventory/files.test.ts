/** Users and histories as files, through the whole stack, read by another reader than what writes them. */
import papa from 'papaparse'
import { beforeEach, describe, expect, it } from 'vitest'
import { userAt } from '../support/changes/license-requests.ts'
import { gatewayForTests, sendRaw } from '../support/gateway.ts'
import { expectError } from '../support/refusals.ts'
import { takeReadingOfStack } from '../support/seats/readings.ts'

const stack = await gatewayForTests()
const { org } = stack

beforeEach(async () => {
  await takeReadingOfStack()
})

const ask = (path: string, accept = 'text/csv') =>
  sendRaw(stack, { path, role: 'viewer', headers: ['Accept', accept] })

async function rowsOf(path: string): Promise<Record<string, string>[]> {
  const { status, headers, text } = await ask(path)
  expect([status, headers['content-type']]).toEqual([200, 'text/csv; charset=utf-8; header=present'])
  const { data, errors } = papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true })
  expect(errors).toEqual([])
  return data
}

describe('users as a file', () => {
  it('are all of them, as the org has them, with as of when', async () => {
    const held = org.truth().users
    const rows = await rowsOf('/v1/users')
    const listed = org.people(60).filter(({ id, state }) => state !== 'deleted' || held[id]?.length)
    expect(rows.map(({ id }) => id)).toEqual(listed.map(({ id }) => id).sort())
    for (const { id, name, state } of listed) {
      const row = rows.find((each) => each['id'] === id)
      expect(row).toMatchObject({ name, state, licenses: held[id]?.join(' '), isWhole: 'true' })
    }
    const { asOf } = (await sendRaw(stack, { path: '/v1/users', role: 'viewer' })).json as { asOf: string }
    expect(new Set(rows.map((row) => row['asOf']))).toEqual(new Set([asOf]))
  })

  it('are those whom the filter wants, and the file is named after the license', async () => {
    const rows = await rowsOf('/v1/users?license=CLOUDcx3')
    const held = Object.entries(org.truth().users).filter(([, licenses]) => licenses.includes('cloudCX3'))
    expect(rows.map(({ id }) => id)).toEqual(held.map(([id]) => id).sort())
    const { headers } = await ask('/v1/users?license=CLOUDcx3')
    expect(headers['content-disposition']).toBe('attachment; filename="users-cloudcx3.csv"')
  })

  it('take no paging: a file is whole', async () => {
    expectError(await ask('/v1/users?limit=5'), { status: 400, code: 'bad.request' })
  })
})

describe('a history as a file', () => {
  it('of somebody has what the list has, a change by its id', async () => {
    const ana = userAt(stack, 0)
    const body = JSON.stringify({
      assignments: [{ licenseId: 'wallboardUser', userIdsAdd: [ana], userIdsRemove: [] }],
    })
    const change = await sendRaw(stack, {
      ...{ method: 'POST', path: '/api/v2/license/organization', role: 'operator', body },
      headers: ['Content-Type', 'application/json'],
    })
    const path = `/v1/users/${ana}/history`
    const [newest, ...others] = await rowsOf(path)
    expect(newest).toMatchObject({ by: change.headers['x-change-id'], until: '', endedBy: '' })
    // An audit says who and why, and not where to ask.
    expect(newest).toMatchObject({ askedBy: 'Ana Abebe', reason: '', approvedBy: '', endAskedBy: '' })
    expect(new Set(others.map(({ by }) => by))).toEqual(new Set(['before records']))
    const { json } = await sendRaw(stack, { path, role: 'viewer' })
    expect(Object(json).entities.map(({ from }: { from: string }) => from)).toEqual(
      [newest, ...others].map((row) => row?.['from']),
    )
  })

  it('of a license is a JSON value a line, one for each who has held it', async () => {
    const { status, text } = await ask('/v1/licenses/cloudCX3/history', 'application/x-ndjson')
    expect(status).toBe(200)
    const rows = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const held = Object.values(org.truth().users).filter((licenses) => licenses.includes('cloudCX3'))
    expect(rows).toHaveLength(held.length)
    expect(rows[0]).toMatchObject({ licenseId: 'cloudCX3', by: 'before records', isWhole: true })
  })

  it('of nobody is 404, and no empty file', async () => {
    const answer = await ask('/v1/users/00000000-0000-4000-8000-000000000000/history')
    expectError(answer, { status: 404, code: 'not.found' })
  })
})
