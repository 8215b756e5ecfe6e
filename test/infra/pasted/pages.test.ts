/** The commands of README.md, CONTRIBUTING.md and docs/, as a person pastes them: in the order of the pages, and some in another and more than once. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { howTo } from '../../../infra/local/how-to.ts'
import { startOptions } from '../../../infra/local/options.ts'
import { gatewayForTests } from '../../support/gateway.ts'
import { takeReadingOfStack } from '../../support/seats/readings.ts'
import { openTerminal } from './terminal.ts'

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
  // As that of `npm start`, where people paste them.
  clockGoesByItself: true,
  tickEveryMs: TICK_EVERY_MS,
  org: { toggles: 'legacy', users: 500 },
})
const terminal = openTerminal(stack)

/** What `npm start` prints goes first, as a newcomer would have it. */
const [, printed = ''] =
  /With curl:\n([\s\S]*)With the official SDK/.exec(
    howTo(stack, 'gateway.log', startOptions(['--toggles', 'legacy'], {})),
  ) ?? []
const steps = [printed, ...blocks.filter((block) => block !== setUp)]

// As npm start takes one at once.
beforeEach(takeReadingOfStack)
beforeAll(() => writeFileSync(join(terminal.where, 'sdk.mjs'), sdkProgram))

/** What an answer of the API or of a stand-in looks like that refuses. */
const REFUSED = /"status":[45]\d\d\b|"__type"|"not\.from\.here"/

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

  it('work in the order of the pages, and what takes no process of ours then from the last to the first', {
    timeout: 300_000,
  }, async () => {
    // A block that starts one, or lives through days, takes up to seconds of a core: once.
    const again = steps.toReversed().filter((step) => !/npm run|node sdk|__aws\/clock/.test(step))
    expect(again.length).toBeGreaterThan(10)
    const pasted = await terminal.paste(setUp, [...steps, ...again])
    const failed = pasted.flatMap(({ block, code, printed }) => {
      const refusals = printed.split('\n').filter((line) => code !== 0 || REFUSED.test(line))
      return refusals.length > 0 ? [[block, ...refusals, `code ${code}`].join('\n')] : []
    })
    expect(failed).toEqual([])
    expect(pasted.filter(({ block }) => block.includes('node sdk.mjs'))).toMatchObject([{ printed: '100\n' }])
  })
})
