/** A terminal in a repository of which `.local` is a running stack's: what pages have people paste is pasted there. */
import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { writeRunFile } from '../../../infra/local/run-file.ts'
import type { TestStack } from '../../support/gateway.ts'

const root = join(import.meta.dirname, '../../..')

export interface Pasted {
  readonly block: string
  readonly code: number
  readonly printed: string
}

export interface Terminal {
  /** Where what is pasted runs. */
  readonly where: string
  /** Into one terminal, in which what the page has people paste first was pasted; no block finds what another has set. */
  readonly paste: (setUp: string, blocks: readonly string[]) => Promise<Pasted[]>
}

/** Behind each block, with its exit code. */
const END = '— end of the block: '

export function openTerminal(stack: TestStack): Terminal {
  const where = join(stack.directory, 'repository')
  mkdirSync(where)
  symlinkSync(stack.directory, join(where, '.local'))
  symlinkSync(join(root, 'node_modules'), join(where, 'node_modules'))
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

  return {
    where,
    async paste(setUp, blocks) {
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
    },
  }
}
