/** What CONTRIBUTING has for whoever looks inside a running gateway: one function invoked, one change's rows printed. */
import { describe, expect, it } from 'vitest'
import { writeRunFile } from '../../../../infra/local/run-file.ts'
import { command } from '../../../support/command.ts'
import { gatewayForTests } from '../../../support/gateway.ts'

const stack = await gatewayForTests()
const { aws, directory } = stack
writeRunFile(directory, stack.run)

async function invoke(name: string, event: object): Promise<unknown> {
  const answer = await fetch(`${aws.url}/2015-03-31/functions/${name}/invocations`, {
    method: 'POST',
    headers: { authorization: `Bearer ${aws.key.accessKeyId}` },
    body: JSON.stringify(event),
  })
  return await answer.json()
}

const delivered = {
  id: '8128f8ce-4143-4bf1-b933-25d545364c61',
  'detail-type': 'License Toggle Requested',
  source: 'com.example.workforce',
  time: new Date(aws.now()).toISOString(),
  detail: { featureName: 'agentAssist', enabled: true },
}

const rows = (...args: readonly string[]) =>
  command('infra/local/rows/main.ts', [...args, '--data', directory], {})

describe('a function', () => {
  it('of an operation is invoked with an event of API Gateway', async () => {
    const event = {
      httpMethod: 'GET',
      resource: '/api/v2/license/definitions/{licenseId}',
      pathParameters: { licenseId: 'cloudCX1' },
      requestContext: { requestId: 'by-hand', authorizer: { role: 'viewer', subject: 'me' } },
    }
    expect(await invoke('get-license-definition', event)).toMatchObject({
      statusCode: 200,
      headers: { 'x-request-id': 'by-hand' },
    })
  })

  it('of the bus does nothing twice of an event that is replayed', async () => {
    await invoke('flip-toggle', delivered)
    await invoke('flip-toggle', delivered)
    const changes = (await stack.stored.all()).filter(({ sk }) => sk === 'header')
    expect(changes).toHaveLength(1)
  })

  it('that is not there is not found', async () => {
    expect(await invoke('get-licence', {})).toMatchObject({ message: 'Function not found: get-licence' })
  })
})

describe('the rows of a change', () => {
  it('are all printed', async () => {
    await invoke('flip-toggle', delivered)
    const stored = (await stack.stored.all()).filter(({ pk }) => String(pk).startsWith('change#'))
    const { code, stdout } = await rows(String(stored[0]?.['pk']).slice('change#'.length))
    expect(code).toBe(0)
    for (const { sk } of stored) expect(stdout).toContain(`"sk": "${sk}"`)
  })

  it('of none are none, in a sentence', async () => {
    expect(await rows('nope')).toMatchObject({ code: 1, stderr: 'No change nope is on record there\n' })
    expect(await rows()).toMatchObject({ code: 2, stderr: expect.stringMatching(/^Name one change;/) })
  })
})
