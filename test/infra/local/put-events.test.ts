/** The command lines of docs/events.md as a shell reads them, with a stand-in for the AWS CLI that sends what they say. */
import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { writeRunFile } from '../../../infra/local/run-file.ts'
import { gatewayForTests, sendRaw } from '../../support/gateway.ts'

const page = readFileSync(new URL('../../../docs/events.md', import.meta.url), 'utf8')
const [deployed = '', local = ''] = [...page.matchAll(/```sh put\n(.*?)```/gs)].map(([, text]) => text ?? '')

const stack = await gatewayForTests({ org: { toggles: 'legacy' } })
const where = mkdtempSync(join(tmpdir(), 'repository-'))

/** What the AWS CLI is called with, and the variables that it takes its credentials from. */
const Called = z.object({ args: z.array(z.string()), accessKeyId: z.string(), secretAccessKey: z.string() })

beforeAll(() => {
  for (const folder of ['bin', '.local']) mkdirSync(join(where, folder))
  writeRunFile(join(where, '.local'), stack.run)
  const cli = `#!/usr/bin/env node
const { argv, env } = process
const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = env
console.log(JSON.stringify({ args: argv.slice(2), accessKeyId, secretAccessKey }))
`
  writeFileSync(join(where, 'bin/aws'), cli)
  chmodSync(join(where, 'bin/aws'), 0o755)
})

afterAll(() => rmSync(where, { recursive: true }))

async function calledBy(lines: string) {
  const env = { HOME: where, PATH: [join(where, 'bin'), process.env['PATH'] ?? ''].join(delimiter) }
  const { stdout } = await promisify(execFile)('bash', ['-euc', lines], { cwd: where, env })
  const { args, ...credentials } = z.parse(Called, JSON.parse(stdout))
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      entries: { type: 'string', default: '' },
      region: { type: 'string' },
      'endpoint-url': { type: 'string' },
    },
  })
  expect(positionals).toEqual(['events', 'put-events'])
  return {
    credentials,
    entries: JSON.parse(values.entries),
    region: values.region,
    at: values['endpoint-url'],
  }
}

describe('the lines of the page of events', () => {
  it('put the event that the page shows, on the bus of a stack', async () => {
    const { entries, at } = await calledBy(deployed)
    expect(at).toBeUndefined()
    expect(entries).toEqual([
      {
        EventBusName: 'genesys-license-NAME',
        Source: 'com.example.workforce',
        DetailType: 'License Toggle Requested',
        Detail: '{"featureName":"agentAssist","enabled":true,"reason":"Pilot in the Berlin site"}',
      },
    ])
  })

  it('put it on the laptop’s bus, where it becomes a change', async () => {
    const { entries, at, region, credentials } = await calledBy(local)
    const client = new EventBridgeClient({ region: region ?? '', endpoint: at ?? '', credentials })
    expect(await client.send(new PutEventsCommand({ Entries: entries }))).toMatchObject({
      FailedEntryCount: 0,
    })
    await stack.aws.idle()
    const { json } = await sendRaw(stack, { path: '/v1/changes?toggle=agentAssist', role: 'viewer' })
    expect(json).toMatchObject({
      entities: [
        { actor: { kind: 'event', id: 'com.example.workforce' }, reason: 'Pilot in the Berlin site' },
      ],
    })
  })
})
