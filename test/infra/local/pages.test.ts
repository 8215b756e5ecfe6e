/** The commands of README.md, CONTRIBUTING.md and docs/, as a person pastes them: in the order of the pages, in others, and more than once. */
import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { howTo } from '../../../infra/local/how-to.ts'
import { startOptions } from '../../../infra/local/options.ts'
import { writeRunFile } from '../../../infra/local/run-file.ts'
import { gatewayForTests } from '../../support/gateway.ts'

const root = join(import.meta.dirname, '../../..')
const PAGES = [
  'README.md',
  'docs/laptop.md',
  'docs/changes.md',
  'docs/chat.md',
  'docs/clients.md',
  'CONTRIBUTING.md',
]
const pages = PAGES.map((page) => readFileSync(join(root, page), 'utf8')).join('\n')
/** Those that are shell lines to run beside a running `npm start` say so by their language. */
const blocks = [...pages.matchAll(/```sh\n(.*?)```/gs)].map(([, text]) => text ?? '')
/** The program that docs/clients.md would have people save as sdk.mjs. */
const [, sdkProgram = ''] = /```js\n(.*?)```/s.exec(pages) ?? []
/** What docs/changes.md has them paste first. */
const [setUp = ''] = blocks.filter((block) => block.startsWith('run() '))

/** Between two ticks, milliseconds: four days of one a minute, as `npm start` has it, would take half of the test. */
const TICK_EVERY_MS = 3_600_000

const stack = await gatewayForTests({
  tickEveryMs: TICK_EVERY_MS,
  org: { toggles: 'legacy', users: 500 },
})
const where = join(stack.directory, 'repository')

/** What `npm start` prints goes first, as a newcomer would have it. */
const [, printed = ''] =
  /With curl:\n([\s\S]*)With the official SDK/.exec(
    howTo(stack, 'gateway.log', startOptions(['--toggles', 'legacy'], {})),
  ) ?? []
const steps = [printed, ...blocks.filter((block) => block !== setUp)]

beforeAll(() => {
  mkdirSync(where)
  symlinkSync(stack.directory, join(where, '.local'))
  symlinkSync(join(root, 'node_modules'), join(where, 'node_modules'))
  writeFileSync(join(where, 'sdk.mjs'), sdkProgram)
  writeRunFile(stack.directory, stack.run)
  // `npm run NAME -- …` without npm, from where .local is this test's own.
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  )
  const cases = Object.entries(scripts).map(
    ([name, script]) => `${name}) exec node '${join(root, script.split(' ')[3] ?? '')}' "\${@:4}";;`,
  )
  mkdirSync(join(where, 'bin'))
  writeFileSync(join(where, 'bin/npm'), `#!/usr/bin/env bash\ncase $2 in\n${cases.join('\n')}\nesac\n`, {
    mode: 0o755,
  })
  // For people, who look at what became of it; the stand-in for AWS is waited for instead.
  writeFileSync(join(where, 'bin/sleep'), '#!/bin/sh\n', { mode: 0o755 })
})

interface Pasted {
  readonly block: string
  readonly code: number
  readonly printed: string
}

/** Behind each block, with its exit code. */
const END = '— end of the block: '

/** Into one terminal, in which what the pages have people paste first was pasted; no block finds what another has set. */
async function paste(blocks: readonly string[]): Promise<Pasted[]> {
  const script = blocks.map((block) => `(\nset -e\n${block}\n)\necho "${END}$?"\n`)
  const env = {
    HOME: where,
    NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
    PATH: [join(where, 'bin'), dirname(process.execPath), process.env['PATH']].join(delimiter),
  }
  const lines = ['exec 2>&1', 'set -o pipefail', setUp, ...script].join('\n')
  const { stdout } = await promisify(execFile)('bash', ['--norc', '-c', lines], {
    cwd: where,
    env,
    maxBuffer: 100_000_000,
  })
  const ends = stdout.matchAll(new RegExp(`(.*?)${END}(\\d+)\n`, 'gs'))
  const shown = [...ends].map(([, printed = '', code]) => ({ printed, code: Number(code) }))
  return blocks.map((block, at) => ({ block, ...(shown[at] ?? { printed: stdout, code: Number.NaN }) }))
}

/** What an answer of the API or of a stand-in looks like that refuses. */
const REFUSED = /"status":[45]\d\d\b|"__type"|"not\.from\.here"/

async function expectToWork(order: readonly string[]): Promise<void> {
  const failed = (await paste(order)).flatMap(({ block, code, printed }) => {
    const refusals = printed.split('\n').filter((line) => code !== 0 || REFUSED.test(line))
    return refusals.length > 0 ? [[block, ...refusals, `code ${code}`].join('\n')] : []
  })
  expect(failed).toEqual([])
}

describe('the commands of the pages', () => {
  it('are there', () => {
    expect(setUp).not.toBe('')
    expect(printed).toContain('as operator')
    expect(steps.length).toBeGreaterThan(15)
    expect(sdkProgram).toContain('getLicenseUsers')
  })

  it('are taken by zsh as by bash: no comment that one of them runs, no number that its subshells share', () => {
    const pasted = [...pages.matchAll(/^ *```(.*)\n([\s\S]*?)^ *```$/gm)].flatMap(
      ([, language = '', text = '']) => (/^(?:sh\b.*)?$/.test(language) ? [text] : []),
    )
    expect(pasted.length).toBeGreaterThan(blocks.length)
    expect(pasted.filter((block) => /(?:^|\s)#|\$RANDOM/m.test(block))).toEqual([])
  })

  it('run the program with the official SDK as it stands', async () => {
    const [shown] = await paste(steps.filter((step) => step.includes('node sdk.mjs')).slice(0, 1))
    expect(shown).toMatchObject({ code: 0, printed: '100\n' })
  })

  it('work in the order of the pages, and then from the last to the first', {
    timeout: 300_000,
  }, async () => {
    await expectToWork([...steps, ...steps.toReversed()])
  })
})
