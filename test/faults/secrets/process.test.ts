/** The same search in all that a whole gateway of its own process prints, logs and answers, from start to stop (I23). */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
} from '@aws-sdk/client-secrets-manager'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createClients } from '../../../infra/local/org/access/clients.ts'
import type { OrgFault } from '../../../infra/local/org/faults/faults.ts'
import { readRunFile } from '../../../infra/local/run-file.ts'
import { secretsClient } from '../../../lib/aws/secrets-client.ts'
import { secretNames } from '../../../lib/credentials/secret-names.ts'
import { nodeTransport } from '../../../lib/transport/transport.ts'

const main = join(import.meta.dirname, '../../../infra/local/main.ts')
const names = secretNames('local')

interface Running {
  readonly child: ChildProcess
  readonly directory: string
  /** All that it wrote to standard output and standard error. */
  readonly printed: () => string
  readonly ended: Promise<number | null>
}

async function started(): Promise<Running> {
  const directory = mkdtempSync(join(tmpdir(), 'canary-'))
  const args = [main, '--port', '0', '--data', directory, '--users', '20']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  onTestFinished(async () => {
    child.kill()
    await ended
    rmSync(directory, { recursive: true })
  })
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
        if (text.includes('Ctrl-C stops it')) resolve()
      })
    }
    child.on('close', () => reject(new Error(`it ended before it was ready: ${text}`)))
  })
  return { child, directory, printed: () => text, ended }
}

describe('a whole gateway', () => {
  it('shows no client secret and no access token, whatever goes wrong (I23)', async () => {
    const { child, directory, printed, ended } = await started()
    const { gateway, org, aws, key, tokens } = readRunFile(directory)
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: key.accessKeyId,
      AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
      AWS_PROFILE: '',
    })
    const client = secretsClient(nodeTransport, 'us-east-1', aws)
    const { reader, writer } = createClients()
    const sought = [reader, writer].flatMap(({ clientId, clientSecret }) => [
      clientSecret,
      Buffer.from(`${clientId}:${clientSecret}`).toString('base64'),
    ])
    const tokenIn = async (SecretId: string) => {
      const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId }))
      const token = String(JSON.parse(SecretString ?? '').accessToken)
      sought.push(token)
      return token
    }
    const answers: string[] = []
    const ask = async (path: string, body?: unknown) => {
      const headers = { authorization: `Bearer ${tokens.approver}`, 'content-type': 'application/json' }
      const sent = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) }
      const response = await fetch(gateway + path, sent)
      answers.push(JSON.stringify([...response.headers]), await response.text())
      return response.status
    }
    const fail = (faults: readonly OrgFault[]) =>
      fetch(`${org}/__org/faults`, { method: 'POST', body: JSON.stringify(faults) })

    const readToken = await tokenIn(names.readToken)
    await tokenIn(names.writeToken)
    const definitions = '/api/v2/license/definitions'
    expect(await ask(definitions)).toBe(200)
    for (const status of [400, 401, 403, 404, 409, 500, 503]) {
      const body = { code: 'c', message: `Authorization: Bearer ${readToken}` }
      await fail([{ match: { path: definitions }, times: 3, do: { status, body } }])
      expect(await ask(definitions)).toBeGreaterThanOrEqual(400)
      await fetch(`${org}/__org/faults`, { method: 'DELETE' })
    }
    expect(
      await ask('/api/v2/license/organization', { assignments: [{ licenseId: '', userIdsAdd: 1 }] }),
    ).toBe(400)

    const description = `got ${sought.join(' ')}`
    await fail([
      {
        match: { path: '/oauth/token' },
        do: { status: 401, body: { error: 'invalid_client', description } },
      },
    ])
    await client.send(new RotateSecretCommand({ SecretId: names.readToken }))
    await expect.poll(printed).toContain('rotation failed: Genesys refused the OAuth client')
    await client.send(
      new PutSecretValueCommand({ SecretId: names.writeToken, SecretString: `{"accessToken":"${readToken}` }),
    )
    expect(await ask('/api/v2/license/toggles/wallboards', null)).toBe(503)

    child.kill('SIGTERM')
    expect(await ended).toBe(0)
    const log = readFileSync(join(directory, 'gateway.log'), 'utf8')
    expect(log.trimEnd().split('\n').length).toBeGreaterThanOrEqual(10)
    const all = [printed(), log, ...answers].join('\n')
    expect(sought.filter((each) => each === '' || all.includes(each))).toEqual([])
    expect(sought).toHaveLength(6)
  })
})
