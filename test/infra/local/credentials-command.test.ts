/** `npm run credentials -- --org local`, as its own process against a running local gateway. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { writeRunFile } from '../../../infra/local/run-file.ts'
import { command, type Ended } from '../../support/command.ts'
import { gatewayForTests, sendRaw } from '../../support/gateway.ts'

const stack = await gatewayForTests()
const directory = mkdtempSync(join(tmpdir(), 'credentials-'))
writeRunFile(directory, stack.run)
afterAll(() => rmSync(directory, { recursive: true }))

const { reader, writer } = stack.org.clients
const sound = {
  GENESYS_READ_CLIENT_ID: reader.clientId,
  GENESYS_READ_CLIENT_SECRET: reader.clientSecret,
  GENESYS_WRITE_CLIENT_ID: writer.clientId,
  GENESYS_WRITE_CLIENT_SECRET: writer.clientSecret,
}

/** Runs the command without a terminal, with these variables and no others that matter. */
const credentials = (args: readonly string[], variables: Record<string, string> = {}) =>
  command('infra/credentials/main.ts', args, variables)

const local = ['--org', 'local', '--data', directory]
const grants = () => stack.org.requests().filter(({ path }) => path === '/oauth/token')

/** No secret, no stack trace. */
function expectDiscreet({ stdout, stderr }: Ended) {
  for (const canary of [reader.clientSecret, writer.clientSecret, 'canary']) {
    expect(stdout + stderr).not.toContain(canary)
  }
  expect(stderr).not.toMatch(/^ {4}at /m)
}

describe('the credentials command', () => {
  it('stops at a secret that Genesys does not take, says so without it, and leaves the tokens in force', async () => {
    const ended = await credentials(local, { ...sound, GENESYS_READ_CLIENT_SECRET: 'canary' })
    expect(ended.code).toBe(1)
    expect(ended.stdout).not.toContain('done')
    expect(ended.stderr).toContain('The rotation of genesys-license-gateway/local/read-token failed')
    expectDiscreet(ended)
    expect(grants().map(({ status }) => status)).toEqual([401])
    expect((await sendRaw(stack, { path: '/api/v2/license/definitions' })).status).toBe(200)
  })

  // After that one, so that what it put is put right for other files too, whose stack this is.
  it('puts both clients, rotates both tokens, tries them, and ends with done', async () => {
    const ended = await credentials(local, sound)
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    expect(ended.stdout.trimEnd().split('\n')).toEqual([
      'read client: credentials put into genesys-license-gateway/local/read-client-credentials',
      'read client: token rotated into genesys-license-gateway/local/read-token',
      expect.stringMatching(/^read client: Genesys answered with \d+ license definitions$/),
      'write client: credentials put into genesys-license-gateway/local/write-client-credentials',
      'write client: token rotated into genesys-license-gateway/local/write-token',
      expect.stringMatching(/^write client: Genesys answered with \d+ license definitions$/),
      'done',
    ])
    expectDiscreet(ended)
    expect(grants().map(({ status }) => status)).toEqual([200, 200])
    expect((await sendRaw(stack, { path: '/api/v2/license/definitions' })).status).toBe(200)
  })

  it('names all variables that are missing, in one sentence', async () => {
    const { GENESYS_READ_CLIENT_ID, GENESYS_WRITE_CLIENT_SECRET } = sound
    const ended = await credentials(local, { GENESYS_READ_CLIENT_ID, GENESYS_WRITE_CLIENT_SECRET })
    expect(ended).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'There is no terminal to ask on, so these variables must be set: GENESYS_READ_CLIENT_SECRET, GENESYS_WRITE_CLIENT_ID\n',
    })
    expect(grants()).toEqual([])
  })

  it.each([
    ['without an org', [], 2, 'Say which org the OAuth clients belong to'],
    [
      'for an org that has no file',
      ['--org', 'nobody'],
      2,
      "There is no org named 'nobody' in infra/orgs; known are ",
    ],
    ['with an option nobody knows', ['--organisation', 'x'], 2, "Unknown option '--organisation'"],
    ['with --data for an org in AWS', ['--org', 'example', '--data', 'x'], 2, '--data goes with --org local'],
    ['where no gateway runs', ['--org', 'local', '--data', '/nowhere'], 1, 'No gateway runs on /nowhere'],
  ])('%s says what is wrong', async (_, args, code, sentence) => {
    const ended = await credentials(args, sound)
    expect([ended.code, ended.stdout]).toEqual([code, ''])
    expect(ended.stderr).toContain(sentence)
    expectDiscreet(ended)
  })

  it('says so where the gateway of the directory has gone', async () => {
    const gone = mkdtempSync(join(tmpdir(), 'credentials-'))
    writeRunFile(gone, { ...stack.run, aws: 'http://127.0.0.1:1' })
    const ended = await credentials(['--org', 'local', '--data', gone], sound)
    rmSync(gone, { recursive: true })
    expect(ended.code).toBe(1)
    expect(ended.stderr).toMatch(/^putting the credentials into .* failed with /)
    expectDiscreet(ended)
  })
})
