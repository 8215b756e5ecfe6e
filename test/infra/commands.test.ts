/** Commands, each as its own process: what is typed wrong is named before anything begins. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { command } from '../support/command.ts'

const bare: readonly (readonly [string, string])[] = [
  ['npm run rehearse', 'test/rehearse/main.ts'],
  ['npm run judge:iam', 'test/infra/permissions/judge/main.ts'],
  ['npm run judge:dynamodb', 'test/ledger/judge/main.ts'],
  ['npm run trace', 'infra/build/trace/main.ts'],
]

describe.each(bare)('%s', (name, main) => {
  it('explains itself, and begins nothing', async () => {
    const { code, stdout, stderr } = await command(main, ['--help'], {})
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout.startsWith(name)).toBe(true)
  })

  it('names an option that it has not', async () => {
    const { code, stdout, stderr } = await command(main, ['--nope'], {})
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^Unknown option '--nope'/)
  })
})

it('npm run trace names a function that there is none of', async () => {
  const { code, stderr } = await command('infra/build/trace/main.ts', ['nope'], {})
  expect(code).toBe(2)
  expect(stderr).toMatch(/^There is no function nope/)
})

describe.each(['infra/redrive/main.ts', 'infra/credentials/main.ts'])('%s', (main) => {
  it('says where to name the region, where none is known', async () => {
    const nowhere = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' }
    const { code, stderr } = await command(main, ['--org', 'example'], nowhere)
    expect(code).toBe(1)
    expect(stderr).toContain("in which AWS region the stack of 'example' is")
    expect(stderr).toContain('set AWS_REGION')
  })
})

/** Each command that talks to a running npm start, with arguments that are enough for it but for the directory. */
const local: Readonly<Record<string, readonly string[]>> = {
  'infra/audit/main.ts': [],
  'infra/change/main.ts': ['watch', '8arnggh2q0w2tzprphs7'],
  'infra/credentials/main.ts': ['--org', 'local'],
  'infra/local/chat/main.ts': ['/license help'],
  'infra/local/event/main.ts': ['toggle', 'f', 'on'],
  'infra/local/report/main.ts': [],
  'infra/local/rows/main.ts': ['nothing'],
  'infra/redrive/main.ts': ['--org', 'local'],
}

/** Where 1 is an answer, and not to have found one is 2. */
const codesOfNoGateway: Readonly<Record<string, number>> = { 'infra/audit/main.ts': 2 }

describe.each(Object.entries(local))('%s, which talks to a running npm start,', (main, args) => {
  it('takes its directory in --data, and explains that as all do', async () => {
    const { stdout } = await command(main, ['--help'], {})
    const [usage = '', options = ''] = stdout.split('\n\n')
    expect(usage).toContain('[--data DIR]')
    expect(options.replace(/\s+/g, ' ')).toMatch(
      /--data DIR (with --org local: )?the directory of that npm start \(default \.local\)/,
    )
    const ended = await command(main, [...args, '--data', '/nowhere'], {})
    expect(ended).toMatchObject({ code: codesOfNoGateway[main] ?? 1, stdout: '' })
    expect(ended.stderr).toContain('No gateway runs on /nowhere: start one with npm start -- --data /nowhere')
  })
})

// They read it by one function (infra/local/run-file.ts).
it('a directory without a name is none', async () => {
  expect(await command('infra/local/report/main.ts', ['--data', ''], {})).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--data must name a directory'),
  })
})

it('every command that looks for a running npm start is among these', () => {
  const infra = join(import.meta.dirname, '../../infra')
  const finders = readdirSync(infra, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && path !== join('local', 'run-file.ts'))
    .filter((path) => readFileSync(join(infra, path), 'utf8').includes('readRunFile('))
  expect(finders.map((path) => join('infra', dirname(path), 'main.ts')).sort()).toEqual(
    Object.keys(local).sort(),
  )
})
