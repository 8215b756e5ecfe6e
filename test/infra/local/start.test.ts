import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { CHAT_OPTIONS } from '../../../infra/local/chat/options.ts'
import { listen } from '../../../infra/local/loopback.ts'
import { START_OPTIONS, startOptions } from '../../../infra/local/options.ts'
import { takeDirectory } from '../../../infra/local/state/directory.ts'
import { UsageError } from '../../../infra/local/usage.ts'
import { read, runFile, start, temporaryDirectory } from './start-process.ts'

const main = join(import.meta.dirname, '../../../infra/local/main.ts')

const REAL = { GENESYS_REGION: 'us_east_1', GENESYS_CLIENT_ID: 'nobody', GENESYS_CLIENT_SECRET: 'none' }

describe('npm start', () => {
  it('prints one ready line when run.json is complete, serves toggles as before July 2023 when asked to, and stops everything on SIGINT', async () => {
    const directory = temporaryDirectory()
    const started = start(['--port', '0', '--data', directory, '--users', '20', '--toggles', 'legacy'])
    const gateway = await started.ready

    const run = runFile(directory)
    const { org, aws, events, tokens } = run
    expect(run.gateway).toBe(gateway)
    expect(Object.keys(run.key)).toEqual(['accessKeyId', 'secretAccessKey'])
    expect(Object.keys(tokens)).toEqual(['viewer', 'operator', 'approver'])
    expect(await read(`${gateway}/api/v2/license/users`, tokens.viewer)).toMatchObject({
      status: 200,
      json: { total: 20 },
    })
    expect(events).toBe(aws)
    expect(started.printed().match(/^ready /gm)).toHaveLength(1)
    for (const token of Object.values(tokens)) expect(started.printed()).not.toContain(token)
    expect(started.printed()).toContain('Ctrl-C stops it')
    for (const [name, mode] of modesIn(directory)) {
      expect([name, mode]).toEqual([name, statSync(join(directory, name)).isDirectory() ? 0o700 : 0o600])
    }

    const url = `${gateway}/api/v2/license/toggles/speechAndTextAnalytics`
    expect(await read(url, tokens.operator)).toMatchObject({ json: { enabled: false } })
    const headers = { authorization: `Bearer ${tokens.operator}` }
    const switched = await fetch(url, { method: 'POST', headers })
    expect(await switched.json()).toMatchObject({ enabled: true })
    expect(await read(url, tokens.operator)).toMatchObject({ json: { enabled: true } })

    expect(await started.stop('SIGINT')).toBe(0)
    for (const each of [gateway, org, aws, events]) await expect(fetch(each)).rejects.toThrow()
    expect(existsSync(join(directory, 'run.json'))).toBe(false)
  })

  it('runs on where nobody reads what it prints, and says so', async () => {
    const directory = temporaryDirectory()
    const line = `"${process.execPath}" "${main}" --port 0 --users 5 --data "${directory}" | true`
    const shell = spawn('bash', ['-c', line], { stdio: ['ignore', 'ignore', 'pipe'] })
    const ended = once(shell, 'close')
    let told = ''
    for await (const chunk of shell.stderr.setEncoding('utf8')) {
      told += chunk
      if (!told.includes('\n')) continue
      const { gateway, tokens } = runFile(directory)
      expect(await read(`${gateway}/api/v2/license/users`, tokens.viewer)).toMatchObject({ status: 200 })
      const { pid }: { pid: number } = JSON.parse(readFileSync(join(directory, 'lock'), 'utf8'))
      process.kill(pid, 'SIGTERM')
    }
    await ended
    expect(told).toBe('Nobody reads what it prints any more. It runs on until Ctrl-C.\n')
  })

  it('refuses a directory that a running gateway uses, and begins there after that was killed', async () => {
    const directory = temporaryDirectory()
    const first = start(['--port', '0', '--data', directory, '--users', '5'])
    await first.ready
    const refused = start(['--port', '0', '--data', directory])
    expect(await refused.ended).toBe(2)
    expect(refused.printed()).toContain('is in use by a running gateway')
    await first.stop('SIGKILL')
    expect(existsSync(join(directory, 'run.json'))).toBe(true)
    const second = start(['--port', '0', '--data', directory])
    const gateway = await second.ready
    expect(runFile(directory).gateway).toBe(gateway)
  })

  it('explains each of its options to whoever asks, on 80 columns', async () => {
    const asked = start(['--help', '--port', 'x'])
    expect(await asked.ended).toBe(0)
    const lines = asked.printed().split('\n')
    for (const name of Object.keys(START_OPTIONS))
      expect(lines.filter((line) => line.startsWith(`  --${name}`))).toHaveLength(1)
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80)
    const pageOf = (name: string) => readFileSync(join(import.meta.dirname, '../../../docs', name), 'utf8')
    const [laptop, chat] = [pageOf('laptop.md'), pageOf('chat.md')]
    for (const name of Object.keys(START_OPTIONS))
      expect(laptop).toMatch(new RegExp(`^\\| \`--${name}[ \`]`, 'm'))
    for (const name of Object.keys(CHAT_OPTIONS))
      expect(chat).toMatch(new RegExp(`^\\| \`--${name}[ \`]`, 'm'))
    expect(laptop).toContain('| `--org real` |')
  })

  it('keeps the org over a restart, and at the same port tokens stay good', async () => {
    const directory = temporaryDirectory()
    const first = start(['--port', '0', '--data', directory, '--users', '12'])
    await first.ready
    const before = runFile(directory)
    const [userId = ''] = Object.keys(await truthOf(before.org))
    const response = await fetch(`${before.gateway}/api/v2/license/organization`, {
      method: 'POST',
      headers: { authorization: `Bearer ${before.tokens.operator}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        assignments: [{ licenseId: 'wallboardUser', userIdsAdd: [userId], userIdsRemove: [] }],
      }),
    })
    expect(response.status).toBe(200)
    expect(await first.stop('SIGTERM')).toBe(0)
    for (const url of [before.gateway, before.org, before.aws]) await expect(fetch(url)).rejects.toThrow()

    const second = start(['--port', new URL(before.gateway).port, '--data', directory])
    const gateway = await second.ready
    const after = runFile(directory)
    expect(Object.keys(await truthOf(after.org))).toHaveLength(12)
    expect((await truthOf(after.org))[userId]).toContain('wallboardUser')
    for (const { viewer } of [before.tokens, after.tokens]) {
      expect(await read(`${gateway}/api/v2/license/users/${userId}`, viewer)).toMatchObject({ status: 200 })
    }
  })

  it('refuses another org than the one on record, or another number of users, and names --reset, which begins anew', async () => {
    const directory = temporaryDirectory()
    const first = start(['--port', '0', '--data', directory, '--users', '5'])
    await first.ready
    await first.stop()

    const real = start(['--port', '0', '--data', directory, '--org', 'real', '--allow-writes'], REAL)
    expect(await real.ended).toBe(2)
    expect(real.printed()).toBe(
      `${directory} has the records of the embedded org, and what is planned there is not for the org of OAuth client nobody in us_east_1: give another directory with --data DIR, or begin anew with --reset\n`,
    )
    const refused = start(['--port', '0', '--data', directory, '--users', '6'])
    expect(await refused.ended).toBe(2)
    expect(refused.printed()).toContain('holds an org of 5 users, not 6; add --reset')

    const policy = join(directory, 'policy.json')
    const edited = readFileSync(policy, 'utf8').replace('cxCloudSN', 'cloudCX3')
    writeFileSync(policy, edited)
    const anew = start(['--port', '0', '--data', directory, '--users', '6', '--reset'])
    await anew.ready
    expect(Object.keys(await truthOf(runFile(directory).org))).toHaveLength(6)
    expect(readFileSync(policy, 'utf8')).toBe(edited)
    expect(anew.printed()).toContain(`${policy} stays as somebody has written it: delete it`)
  })

  it('says in one sentence that the port is in use, and leaves the directory free', async () => {
    const taken = createServer()
    const port = new URL(await listen(taken, 0)).port
    onTestFinished(() => void taken.close())
    const directory = temporaryDirectory()
    takeDirectory(directory).release()
    writeFileSync(join(directory, 'org.json'), '{"users":3}')

    const refused = start(['--port', port, '--data', directory, '--reset'])
    expect(await refused.ended).toBe(1)
    // It begins anew when it can.
    expect(readFileSync(join(directory, 'org.json'), 'utf8')).toBe('{"users":3}')
    expect(refused.printed().trim()).toBe(
      `Port ${port} is in use: stop what listens there, or choose another with npm start -- --port N (0 picks a free one)`,
    )
    const next = start(['--port', '0', '--data', directory, '--reset', '--users', '4'])
    await next.ready
  })

  it('ends at once, in one sentence, where a real org cannot be reached', async () => {
    const directory = temporaryDirectory()
    const unplugged = `import dns from 'node:dns'
      const { lookup } = dns
      dns.lookup = (host, options, told) =>
        host === '127.0.0.1' ? lookup(host, options, told) : setImmediate(told, new Error('no network'))`
    const ended = start(['--port', '0', '--data', directory, '--org', 'real'], {
      ...REAL,
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(unplugged)}`,
    })
    expect(await ended.ended).toBe(1)
    expect(ended.printed()).toBe(
      "There is no access token, so nothing was started: Genesys's login host did not answer: no network\n",
    )
    expect(existsSync(join(directory, 'lock'))).toBe(false)
  })

  it.each([
    ['a damaged ledger', (at: string) => writeFileSync(join(at, 'CURRENT'), 'garbage')],
    [
      'a file in the ledger’s place',
      (at: string) => {
        rmSync(at, { recursive: true })
        writeFileSync(at, '')
      },
    ],
  ])('says in a sentence that it cannot go on with %s', async (_what, damage) => {
    const directory = temporaryDirectory()
    takeDirectory(directory).release()
    mkdirSync(join(directory, 'ledger'))
    damage(join(directory, 'ledger'))
    const refused = start(['--port', '0', '--data', directory, '--users', '5'])
    expect(await refused.ended).toBe(1)
    expect(refused.printed()).toBe(
      `The ledger in ${join(directory, 'ledger')} is damaged, or another process has it open. Mend or remove it, or begin anew with --reset\n`,
    )
    expect(existsSync(join(directory, 'lock'))).toBe(false)
  })

  it('ends where what it prints cannot be written, and leaves nothing behind', async () => {
    const directory = temporaryDirectory()
    // Opened for reading alone.
    const full = openSync('/dev/null', 'r')
    onTestFinished(() => closeSync(full))
    const child = spawn(process.execPath, [main, '--port', '0', '--users', '5', '--data', directory], {
      stdio: ['ignore', full, 'pipe'],
    })
    const ended = once(child, 'close')
    let told = ''
    for await (const chunk of child.stderr?.setEncoding('utf8') ?? []) told += chunk
    expect(told).toMatch(/^What it prints cannot be written: EBADF.*\n$/)
    expect((await ended)[0]).toBe(1)
    for (const name of ['lock', 'run.json', 'viewer.header'])
      expect(readdirSync(directory)).not.toContain(name)
  })

  it('is let go of when it is stopped before it is ready', async () => {
    const directory = temporaryDirectory()
    const started = start(['--port', '0', '--data', directory, '--users', '5'])
    await expect.poll(() => existsSync(join(directory, 'ledger')), { interval: 1 }).toBe(true)
    expect([0, 130]).toContain(await started.stop('SIGINT'))
    expect(existsSync(join(directory, 'lock'))).toBe(false)
  })

  it('says nothing of running on where it has only told its options', async () => {
    const shell = spawn('bash', ['-c', `"${process.execPath}" "${main}" --help | true`], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let told = ''
    for await (const chunk of shell.stderr.setEncoding('utf8')) told += chunk
    expect(told).toBe('')
  })

  it.each([
    [['--port', 'x'], "--port must be a whole number from 0 to 65535, not 'x'"],
    [['--users', '0'], "--users must be a whole number from 1 to 1000000, not '0'"],
    [['--toggles', 'future'], "--toggles must be current or legacy, not 'future'"],
    [['--latency', '-1'], '--latency'],
    [['--what'], "Unknown option '--what'"],
    [['--port'], '--port needs a value behind it'],
    [['--port', '-1'], "--port must be a whole number from 0 to 65535, not '-1'"],
    [['--port', '--reset'], '--port needs a value behind it'],
    [['--port', '70000'], "--port must be a whole number from 0 to 65535, not '70000'"],
    [['4010'], "Unexpected argument '4010'"],
    [['--allow-writes'], '--allow-writes goes with --org real'],
    [['--org', 'real', '--users=5'], '--users is about the embedded org, and does nothing to a real one'],
    [['--org', 'real', '--toggles=legacy'], '--toggles is about the embedded org'],
    [['--org', 'real', '--latency=5'], '--latency is about the embedded org'],
    [['--org', 'real'], '--org real needs the environment variable GENESYS_REGION'],
  ])('explains the mistake in %j', (args, sentence) => {
    const mistaken = () => startOptions(args, { GENESYS_REGION: '' })
    expect(mistaken).toThrow(UsageError)
    expect(mistaken).toThrow(sentence)
  })

  it('says what is wrong alone where its options are, and ends with 2', async () => {
    const refused = start(['--port', 'x'])
    expect(await refused.ended).toBe(2)
    expect(refused.printed()).toContain("not 'x'")
    expect(refused.printed()).not.toContain('    at ')
  })
})

function modesIn(directory: string): [string, number][] {
  return ['.', ...readdirSync(directory, { recursive: true, encoding: 'utf8' })].map((name) => [
    name,
    statSync(join(directory, name)).mode & 0o777,
  ])
}

async function truthOf(org: string): Promise<Record<string, string[]>> {
  const response = await fetch(`${org}/__org/truth`)
  const truth: { users: Record<string, string[]> } = JSON.parse(await response.text())
  return truth.users
}
