/** A name or a reason that an administrator takes out of a change, by the commands of docs/privacy.md: all else goes on. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { afterAll, expect, it } from 'vitest'
import { ledgerClient } from '../../../lib/aws/dynamo-client.ts'
import { readEnvironment } from '../../../lib/environment.ts'
import { nodeTransport } from '../../../lib/transport/transport.ts'
import { gatewayForTests, sendRaw } from '../../support/gateway.ts'

const stack = await gatewayForTests()
const environment = readEnvironment()
const client = ledgerClient(nodeTransport, environment.awsRegion, environment.endpointOf('DYNAMODB'))
afterAll(() => client.destroy())

const page = readFileSync(join(import.meta.dirname, '../../../docs/privacy.md'), 'utf8')
const commands = [...page.matchAll(/^aws dynamodb update-item .*$/gm)].map(([line]) => line)

/** A line of the page as the SDK's command. */
function updateOf(line: string, changeId: string): UpdateItemCommand {
  const option = (name: string) => new RegExp(`--${name} '([^']*)'`).exec(line)?.[1]
  const json = (name: string) => JSON.parse(option(name) ?? 'null') ?? undefined
  return new UpdateItemCommand({
    TableName: environment.required('LEDGER_TABLE'),
    Key: JSON.parse((option('key') ?? '').replace('CHANGE-ID', changeId)),
    UpdateExpression: option('update-expression'),
    ConditionExpression: option('condition-expression'),
    ExpressionAttributeNames: json('expression-attribute-names'),
    ExpressionAttributeValues: json('expression-attribute-values'),
  })
}

async function send(method: string, path: string, body?: object, key?: string) {
  const headers = ['Content-Type', 'application/json', ...(key === undefined ? [] : ['Idempotency-Key', key])]
  const sent = { method, path, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
  const { status, json } = await sendRaw(stack, sent)
  return { status, json: json as Record<string, unknown> }
}

it('is gone from the record, which is answered, listed, repeated and undone as before', async () => {
  const [person] = stack.org.people(1)
  const userId = person?.id ?? ''
  const give = { licenseId: 'wallboardUser', userIdsAdd: [userId], userIdsRemove: [] }
  const order = { kind: 'assignments', assignments: [give], reason: 'a private matter' }
  const plan = await send('POST', '/v1/changes', order, 'first')
  const id = String(plan.json['id'])
  const { digest } = plan.json
  const applied = await send('POST', `/v1/changes/${id}/apply`, { digest }, 'second')
  expect(applied).toMatchObject({ status: 200, json: { state: 'APPLIED', reason: 'a private matter' } })
  const before = JSON.stringify(await stack.stored.all())
  expect(before).toContain('"userName"')

  expect(commands).toHaveLength(2)
  for (const line of commands) await client.send(updateOf(line, id))

  const after = JSON.stringify(await stack.stored.all())
  expect(after).not.toContain('"userName"')
  expect(after).not.toContain('a private matter')
  const got = await send('GET', `/v1/changes/${id}`)
  expect(got).toMatchObject({ status: 200, json: { state: 'APPLIED', reason: 'taken out on request' } })
  expect(await send('GET', `/v1/changes?user=${userId}`)).toMatchObject({
    status: 200,
    json: { entities: [{ id }] },
  })
  expect(await send('POST', '/v1/changes', order, 'first')).toMatchObject({ json: { id } })
  expect(await send('POST', `/v1/changes/${id}/apply`, { digest }, 'second')).toMatchObject({
    status: 200,
    json: { id, state: 'APPLIED' },
  })
  expect(await send('POST', `/v1/changes/${id}/undo`, undefined, 'third')).toMatchObject({
    status: 200,
    json: { state: 'APPLIED', undoes: id },
  })
})
