/** The commands of README.md, CONTRIBUTING.md and docs/, as a person pastes them: in the order of the pages, in others, and more than once. */
import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
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
const TICK_EVERY_MS = 600_000

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
  const { gateway, aws, ledgerUrl: ledger, tokens, chat } = stack
  const run = { gateway, org: stack.orgUrl, aws: aws.url, events: aws.url, ledger, key: aws.key, tokens }
  writeRunFile(stack.directory, { ...run, ...(chat ? { chat: chat.forScripts } : {}) })
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
  readonly code: number
  readonly printed: string
}

/** @returns what the terminal shows. */
function paste(block: string): Promise<Pasted> {
  const env = {
    HOME: where,
    NODE_COMPILE_CACHE: join(where, 'compiled'),
    PATH: [join(where, 'bin'), dirname(process.execPath), process.env['PATH']].join(delimiter),
  }
  return new Promise((resolve) => {
    execFile(
      'bash',
      ['--norc', '-e', '-o', 'pipefail', '-c', `${setUp}${block}`],
      { cwd: where, env },
      (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, printed: `${stdout}${stderr}` })
      },
    )
  })
}

/** What an answer of the API or of a stand-in looks like that refuses. */
const REFUSED = /"status":[45]\d\d\b|"__type"|"not\.from\.here"/

async function expectToWork(order: readonly string[]): Promise<void> {
  const failed: string[] = []
  for (const block of order) {
    const { code, printed } = await paste(block)
    const refusals = printed.split('\n').filter((line) => code !== 0 || REFUSED.test(line))
    if (refusals.length > 0) failed.push([block, ...refusals, `code ${code}`].join('\n'))
  }
  expect(failed).toEqual([])
}

describe('the commands of the pages', () => {
  it('are there', () => {
    expect(setUp).not.toBe('')
    expect(printed).toContain('as operator')
    expect(steps.length).toBeGreaterThan(15)
    expect(sdkProgram).toContain('getLicenseUsers')
  })

  it('run the program with the official SDK as it stands', async () => {
    const { code, printed: shown } = await paste(
      steps.find((step) => step.includes('node sdk.mjs')) ?? 'false',
    )
    expect([code, shown]).toEqual([0, '100\n'])
  })

  it('work in the order of the pages, and then from the last to the first', {
    timeout: 300_000,
  }, async () => {
    await expectToWork([...steps, ...steps.toReversed()])
  })
})
