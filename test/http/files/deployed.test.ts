/** Files of the functions as they deploy, behind the local gateway, from a real ledger. */
import Papa from 'papaparse'
import { describe, expect, it } from 'vitest'
import { giving, postOrganization, putToggle, userAt } from '../../support/changes/license-requests.ts'
import { gatewayForTests, sendRaw } from '../../support/gateway.ts'
import { takeReadingOfStack } from '../../support/seats/readings.ts'

const stack = await gatewayForTests({ org: { toggles: 'legacy' } })

const fileOf = (path: string, accept: string) =>
  sendRaw(stack, { path, role: 'viewer', headers: ['Accept', accept] })

describe('an auditor’s file', () => {
  it('has what was changed, for whom and by whom, as it is upstream, and asks Genesys nothing', async () => {
    const [ana, ben] = [userAt(stack, 0), userAt(stack, 1)]
    for (const user of [ana, ben]) await postOrganization(stack, JSON.stringify(giving(user)))
    await putToggle(stack, 'wallboards', false, { reason: '=1+1' })
    await stack.aws.idle()
    const asked = stack.org.requests().length
    stack.logged.length = 0

    const { status, text, headers } = await fileOf('/v1/changes', 'text/csv')
    expect([status, headers['content-type']]).toEqual([200, 'text/csv; charset=utf-8; header=present'])
    const { data } = Papa.parse<Record<string, string>>(text.trimEnd(), { header: true })
    expect(
      data.map((row) => [row['featureName'], row['userId'], row['before'], row['after'], row['reason']]),
    ).toEqual([
      ['wallboards', '', 'true', 'false', "'=1+1"],
      ['', ben, 'false', 'true', ''],
      ['', ana, 'false', 'true', ''],
    ])
    for (const user of [ana, ben]) expect(stack.org.truth().users[user]).toContain('wallboardUser')
    expect(stack.org.requests().length).toBe(asked)

    expect(stack.logged.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({
        level: 'INFO',
        code: 'request.served',
        operation: 'listChanges',
        status: 200,
        actor: { kind: 'jwt', id: expect.stringMatching(/\S/) },
        asked: {},
        file: { type: 'text/csv', rows: 3, bytes: Buffer.byteLength(text), end: 'whole' },
      }),
    ])
    for (const word of [ana, ben, 'wallboard']) expect(stack.logged.join()).not.toContain(word)
  })

  it('as NDJSON has the same rows, each whole in its line', async () => {
    await postOrganization(stack, JSON.stringify(giving(userAt(stack, 0))))
    const { text, headers } = await fileOf(`/v1/changes?user=${userAt(stack, 0)}`, 'application/x-ndjson')
    expect(headers['content-type']).toBe('application/x-ndjson')
    const lines = text.trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({
        userId: userAt(stack, 0),
        before: false,
        desired: true,
        after: true,
        outcome: 'applied',
      }),
    ])
  })

  it('has names beside ids once there is a reading, those of a change of several people too', async () => {
    const people = stack.org.people(2)
    const batch = { licenseId: 'wallboardUser', userIdsAdd: people.map(({ id }) => id), userIdsRemove: [] }
    const { headers } = await postOrganization(stack, JSON.stringify({ assignments: [batch] }))
    const nameless = await fileOf('/v1/changes', 'application/x-ndjson')
    expect(nameless.text).not.toContain('userName')
    await takeReadingOfStack()
    const names = people.map(({ id, name }) => [id, name]).sort()
    for (const path of ['/v1/changes', `/v1/changes/${headers['x-change-id']}/results`]) {
      const { text } = await fileOf(path, 'application/x-ndjson')
      const rows = text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line))
      expect(rows.map(({ userId, userName }) => [userId, userName]).sort()).toEqual(names)
      // Results are told apart by e-mail too, which a file of all changes has none of.
      const emails = path.endsWith('results') ? people.map(({ email }) => email) : [undefined, undefined]
      expect(rows.map(({ userEmail }) => userEmail).sort()).toEqual(emails.sort())
    }
  })

  it('of results is that of one change, and of a change that is not there a 404', async () => {
    const { headers } = await postOrganization(stack, JSON.stringify(giving(userAt(stack, 3))))
    const { text } = await fileOf(`/v1/changes/${headers['x-change-id']}/results`, 'text/csv')
    expect(text).toMatch(
      /^licenseId,.*\r\nwallboardUser,[0-9a-f-]{36},[^,]*,,true,applied,[^,]*,false,true,add,[^,]*\r\n$/,
    )
    const missing = await fileOf('/v1/changes/0123456789abcdefghjk/results', 'text/csv')
    expect([missing.status, missing.headers['content-type']]).toEqual([404, 'application/json'])
  })

  it('is not read out to whoever may not call the operation', async () => {
    const refused = await sendRaw(stack, {
      path: '/v1/changes',
      authorization: null,
      headers: ['Accept', 'text/csv'],
    })
    expect([refused.status, refused.headers['content-type']]).toEqual([401, 'application/json'])
  })
})
