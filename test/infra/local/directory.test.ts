/** The directory that keeps a local run's state: whose it is, who may read it, and what --reset takes away. */
import { spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, it, onTestFinished } from 'vitest'
import { notesIn } from '../../../infra/change/notes.ts'
import { keptOffset, laptopClock } from '../../../infra/local/clock.ts'
import { PortError, portErrorOf } from '../../../infra/local/gateway/server.ts'
import { aheadOf } from '../../../infra/local/how-to.ts'
import { localIdentity } from '../../../infra/local/identity.ts'
import { readRunFile } from '../../../infra/local/run-file.ts'
import { takeDirectory } from '../../../infra/local/state/directory.ts'
import { takeLock } from '../../../infra/local/state/lock.ts'
import { temporaryDirectory } from './start-process.ts'

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)

function put(directory: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files))
    writeFileSync(join(directory, name), text, { mode: 0o644 })
}

describe('the data directory', () => {
  it('is made for its user alone, and says what it is', () => {
    const directory = join(temporaryDirectory(), 'a/b')
    const { release, usersFor } = takeDirectory(directory)
    expect(modeOf(directory)).toBe('700')
    expect(readFileSync(join(directory, 'genesys-license-gateway.txt'), 'utf8')).toContain(
      'Secrets are in it',
    )
    expect(usersFor(undefined)).toBe(500)
    release()
    expect(readdirSync(directory)).toEqual(['genesys-license-gateway.txt'])
  })

  it('is shut to others where an earlier version left it open, whatever else lies in it', () => {
    const directory = temporaryDirectory()
    localIdentity(directory, 'http://127.0.0.1:4010/__issuer')
    mkdirSync(join(directory, 'ledger'), { mode: 0o755 })
    put(directory, { 'org.json': '{"users":7}', 'gateway.log': '', 'ledger/000003.log': '', notes: 'mine' })
    chmodSync(directory, 0o755)
    const { usersFor } = takeDirectory(directory)
    expect(usersFor(undefined)).toBe(7)
    for (const [name, mode] of [
      ['.', '700'],
      ['ledger', '700'],
      ['ledger/000003.log', '600'],
      ['org.json', '600'],
      ['gateway.log', '600'],
      ['identity.json', '600'],
      ['notes', '644'],
    ] as const)
      expect([name, modeOf(join(directory, name))]).toEqual([name, mode])
  })

  it.each([
    ['somebody’s files', { notes: 'mine' }],
    ['a file of a name that we use too', { 'policy.json': '{}' }],
    ['another program’s identity.json', { 'identity.json': '{"name":"x"}' }],
  ])('is refused where it holds %s, and nothing in it is touched', (_what, files) => {
    const directory = temporaryDirectory()
    put(directory, files)
    chmodSync(directory, 0o755)
    expect(() => takeDirectory(directory)).toThrow('is not empty, and not from npm start')
    expect(readdirSync(directory)).toEqual(Object.keys(files))
    expect(modeOf(directory)).toBe('755')
  })

  it('is taken where it holds no more than what npm run change noted of a deployed API', () => {
    const directory = temporaryDirectory()
    notesIn(directory, 'https://licenses.example.com').keep('a file', '8arnggh2q0w2tzprphs7')
    takeDirectory(directory).release()
  })

  it('loses what a run keeps when it begins anew, and nothing that a person has written', () => {
    const directory = temporaryDirectory()
    const { clear } = takeDirectory(directory)
    mkdirSync(join(directory, 'ledger'))
    mkdirSync(join(directory, 'audit'))
    const mine = { notes: 'mine', 'policy.json': '{"approvals":[]}' }
    put(directory, { 'org.json': '{}', 'clock.json': '{}', 'ledger/CURRENT': '', 'audit/day': '', ...mine })
    clear()
    expect(readdirSync(directory).sort()).toEqual([
      'genesys-license-gateway.txt',
      'lock',
      'notes',
      'policy.json',
    ])
    expect(readFileSync(join(directory, 'policy.json'), 'utf8')).toBe(mine['policy.json'])
  })

  it('is rid of what a killed run has left half done', () => {
    const directory = temporaryDirectory()
    takeDirectory(directory).release()
    put(directory, {
      lock: JSON.stringify({ pid: process.pid, startedAt: 'long ago' }),
      'org.json.99.tmp': '{',
      'run.json': '{}',
      'viewer.header': 'Authorization: Bearer x',
    })
    takeDirectory(directory)
    expect(readdirSync(directory).sort()).toEqual(['genesys-license-gateway.txt', 'lock'])
  })

  it.each([
    ['another real one', 'the org of OAuth client a', { 'org.json': '{"users":3}' }],
    ['the embedded one', 'the org of OAuth client b', {}],
  ])('is not for another org than its own, whose plans must not reach %s', (_what, kept, files) => {
    const directory = temporaryDirectory()
    takeDirectory(directory, { org: kept }).release()
    put(directory, files)
    const before = readFileSync(join(directory, 'genesys-license-gateway.txt'), 'utf8')
    for (const org of ['the embedded org', 'the org of OAuth client c']) {
      expect(() => takeDirectory(directory, { org })).toThrow(
        `${directory} has the records of ${kept}, and what is planned there is not for ${org}: give another directory`,
      )
    }
    expect(readFileSync(join(directory, 'genesys-license-gateway.txt'), 'utf8')).toBe(before)
    // Until it really begins anew it stays that org's.
    const anew = { org: 'the embedded org', isReset: true }
    takeDirectory(directory, anew).release()
    expect(() => takeDirectory(directory)).toThrow('has the records of')
    const { clear, release } = takeDirectory(directory, anew)
    clear()
    release()
    takeDirectory(directory).release()
  })

  it.each([
    ['with an embedded org', { 'org.json': '{"users":3}' }, 'the embedded org'],
    ['with records alone', { 'schedules.json': '{}' }, 'an org that is not told'],
  ])('of a version that did not tell its org, %s, is not for a real one', (_what, files, kept) => {
    const directory = temporaryDirectory()
    localIdentity(directory, 'http://127.0.0.1:4010/__issuer')
    put(directory, files)
    expect(() => takeDirectory(directory, { org: 'the org of OAuth client a' })).toThrow(
      `has the records of ${kept}`,
    )
  })

  it('is not another user’s, whose links would lead to files of one’s own', () => {
    const isRoot = process.geteuid?.() === 0
    const trap = isRoot ? temporaryDirectory() : '/'
    const victim = join(temporaryDirectory(), 'rc')
    writeFileSync(victim, 'mine')
    if (isRoot) {
      symlinkSync(victim, join(trap, 'genesys-license-gateway.txt'))
      chmodSync(trap, 0o777)
      chownSync(trap, 65_534, 65_534)
    }
    expect(() => takeDirectory(trap)).toThrow(`${trap} is another user's: give another with --data DIR`)
    expect(readFileSync(victim, 'utf8')).toBe('mine')
    expect(existsSync(join(trap, 'lock'))).toBe(false)
  })

  it.each([
    ['a link to a file', (at: string) => symlinkSync('/etc/hostname', at)],
    ['another’s words', (at: string) => writeFileSync(at, 'foo')],
  ])('is not known by a marker that is %s', (_what, mark) => {
    const directory = temporaryDirectory()
    mark(join(directory, 'genesys-license-gateway.txt'))
    expect(() => takeDirectory(directory)).toThrow('is not empty, and not from npm start')
    expect(readdirSync(directory)).toEqual(['genesys-license-gateway.txt'])
  })

  it.each([
    ['a name of 300 characters', 'x'.repeat(300), 'its name is too long (ENAMETOOLONG)'],
    ['a link to itself', 'loop', 'its links lead in a circle (ELOOP)'],
    ['a directory that may not be looked into', 'shut/data', 'you may not write there (EACCES)'],
  ])('is refused in a sentence where it is %s', (_what, name, why) => {
    const parent = temporaryDirectory()
    symlinkSync('loop', join(parent, 'loop'))
    mkdirSync(join(parent, 'shut'), { mode: 0 })
    chmodSync(parent, 0o755)
    becomeNobody()
    const directory = join(parent, name)
    expect(() => takeDirectory(directory)).toThrow(`${directory} cannot hold the state, since ${why}`)
  })

  it.each([
    ['is a file', (at: string) => writeFileSync(at, ''), 'it is no directory'],
    [
      'lies behind a file',
      (at: string) => writeFileSync(join(at, '..'), ''),
      'a part of its path is no directory (ENOTDIR)',
    ],
    [
      'may not be written',
      (at: string) => {
        mkdirSync(join(at, '..'), { mode: 0o555 })
        becomeNobody()
      },
      'you may not write there (EACCES)',
    ],
  ])('says so where it %s', (_what, given, sentence) => {
    const parent = temporaryDirectory()
    chmodSync(parent, 0o755)
    const directory = sentence.startsWith('it is') ? join(parent, 'data') : join(parent, 'parent/data')
    given(directory)
    expect(() => takeDirectory(directory)).toThrow(
      `${directory} cannot hold the state, since ${sentence}: give another with --data DIR`,
    )
  })
})

/** The system refuses nothing to root. */
function becomeNobody(): void {
  if (process.geteuid?.() !== 0) return
  process.seteuid?.(65_534)
  onTestFinished(() => process.seteuid?.(0))
}

/** A process of its own that takes the locks it is told of, and says what came of it; ends with the test. */
function lockTaker(): (path: string) => Promise<string> {
  const lock = new URL('../../../infra/local/state/lock.ts', import.meta.url).href
  const code = `import { createInterface } from 'node:readline'
    import { takeLock } from ${JSON.stringify(lock)}
    for await (const path of createInterface(process.stdin)) console.log(takeLock(path) ?? 'taken')`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill())
  const answers = createInterface(child.stdout)[Symbol.asyncIterator]()
  return async (path) => {
    child.stdin.write(`${path}\n`)
    return String((await answers.next()).value)
  }
}

describe('the lock of a directory', () => {
  const lockIn = (directory: string) => join(directory, 'lock')

  it('is one process’s, and is told by it', () => {
    const path = lockIn(temporaryDirectory())
    expect(takeLock(path)).toBeUndefined()
    expect(takeLock(path)).toBe(process.pid)
  })

  it.each([
    ['of a process that is gone', JSON.stringify({ pid: 2 ** 22 + 1, startedAt: '1' })],
    ['of a process whose id another has now', JSON.stringify({ pid: process.pid, startedAt: '1' })],
    ['of an earlier version', String(process.pid)],
    ['half written', '{"pid":'],
    ['empty', ''],
  ])('blocks nobody when it is %s', (_what, content) => {
    const path = lockIn(temporaryDirectory())
    writeFileSync(path, content)
    expect(takeLock(path)).toBeUndefined()
    expect(takeLock(path)).toBe(process.pid)
  })

  it('is one’s alone of several processes that find it left behind at the same moment', async () => {
    const takers = Array.from({ length: 4 }, () => lockTaker())
    for (let round = 0; round < 25; round += 1) {
      const path = lockIn(temporaryDirectory())
      writeFileSync(path, JSON.stringify({ pid: 2 ** 22 + 1, startedAt: String(round) }))
      const told = await Promise.all(takers.map((take) => take(path)))
      expect(told.filter((each) => each === 'taken')).toHaveLength(1)
      expect(readdirSync(join(path, '..'))).toEqual(['lock'])
    }
  })
})

describe('run.json', () => {
  it('is not taken for absent where it is damaged or may not be read', () => {
    const directory = temporaryDirectory()
    chmodSync(directory, 0o755)
    const path = join(directory, 'run.json')
    expect(() => readRunFile(directory)).toThrow(`No gateway runs on ${directory}: start one with`)
    put(directory, { 'run.json': '{"gateway":' })
    expect(() => readRunFile(directory)).toThrow(`${path} is damaged, or of another version`)
    chmodSync(path, 0)
    becomeNobody()
    expect(() => readRunFile(directory)).toThrow(
      `${path} is not yours to read (EACCES), so whether a gateway runs there is not known`,
    )
  })
})

describe('a port', () => {
  it.each([
    ['EACCES', 'Port 80 is not yours to listen at: choose another with npm start -- --port N'],
    ['EADDRINUSE', 'Port 80 is in use: stop what listens there, or choose another'],
  ])('that cannot be had (%s) is told in a sentence', (code, sentence) => {
    const error = portErrorOf(Object.assign(new Error(code), { code }), 80)
    expect(error).toBeInstanceOf(PortError)
    expect(String(error)).toContain(sentence)
  })
})

describe('the clock', () => {
  it('goes on after a restart from where it was moved to', async () => {
    const file = join(temporaryDirectory(), 'clock.json')
    const first = laptopClock(() => 1_000, { kept: keptOffset(file) })
    let recordedMs = 0
    first.at(60_000, () => {
      recordedMs = first.now()
      // What is cut off here was recorded at this time.
      expect(keptOffset(file).offsetMs).toBeGreaterThanOrEqual(recordedMs - 1_000)
    })
    await first.advance(120_000)
    first.close()
    expect(recordedMs).toBe(60_000)
    const second = laptopClock(() => 2_000, { kept: keptOffset(file) })
    second.close()
    expect(second.now()).toBe(122_000)
  })

  it.each([
    [59_000, []],
    [61_000, ['Its clock is 1 minute ahead, as it was moved on; --reset sets it right.']],
    [270_000, ['Its clock is 5 minutes ahead, as it was moved on; --reset sets it right.']],
    [6_000_000, ['Its clock is 2 hours ahead, as it was moved on; --reset sets it right.']],
    [200_000_000, ['Its clock is 2 days ahead, as it was moved on; --reset sets it right.']],
  ])('is said to be ahead by %d ms in a unit that fits', (ms, lines) => {
    expect(aheadOf(ms)).toEqual(lines)
  })

  it('is not guessed where its file is damaged', () => {
    const file = join(temporaryDirectory(), 'clock.json')
    writeFileSync(file, '{"version":1,"offsetMs":-5}')
    expect(() => keptOffset(file)).toThrow(`The clock in ${file} is damaged.`)
    expect(existsSync(file)).toBe(true)
  })
})
