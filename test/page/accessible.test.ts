/** A public checker of accessibility over every view, as light, dark and in colours of the machine's own. */
import { beforeEach, describe, expect, it } from 'vitest'
import { violationsIn } from './violations.ts'
import { tryOut, visiting } from './visiting.ts'

const { stack, visit } = await visiting()

const LOOKS = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  'forced colours': { forcedColors: 'active' },
} as const
const looks = Object.entries(LOOKS).map(([look, options]) => ({ look, options }))

/** Messages of each kind, and changes in several states. */
beforeEach(async () => {
  const lines = [
    '/license help',
    '/license who cloudCX1',
    '/license grant wallboardUser to ana@example.com because of the pilot',
    '/license grant nothing to nobody',
    '/license toggle agentAssist off',
  ]
  for (const line of lines) await stack.chat?.say('slack', 'local-operator', line)
})

describe('a checker of accessibility', () => {
  it.each(looks)('finds nothing in the chat with its changes: $look', async ({ options }) => {
    const page = await visit(options)
    await page.locator('.message button').first().waitFor()
    await page.locator('.change', { hasText: 'wallboardUser' }).getByRole('button').first().click()
    await page.getByRole('list', { name: 'Steps' }).waitFor()
    expect(await violationsIn(page.mainFrame())).toEqual([])
  })

  it.each(looks)('finds nothing in the changes on the smallest screen: $look', async ({ options }) => {
    const page = await visit({ ...options, viewport: { width: 320, height: 640 }, view: 'changes' })
    await page.locator('.change').getByRole('button', { name: 'Switch agentAssist off' }).click()
    await page.getByRole('list', { name: 'Steps' }).waitFor()
    expect(await violationsIn(page.mainFrame())).toEqual([])
  })

  // In one page, whose many parts take seconds to draw: it is painted anew where the machine's colours change.
  it('finds nothing in the API reference, tried out, in any look', async () => {
    const page = await visit({ view: 'api' })
    await tryOut(page)
    for (const { look, options } of looks) {
      await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none', ...options })
      for (const frame of page.frames()) {
        await frame.evaluate('new Promise(requestAnimationFrame)')
        // Its buttons change colours over 0.3 s: half way there they have those of neither look.
        await frame.evaluate(
          'document.getAnimations().forEach((each) => each instanceof CSSTransition && each.finish())',
        )
        expect(await violationsIn(frame), look).toEqual([])
      }
    }
  })

  it('would find a fault', async () => {
    const page = await visit()
    await page.evaluate(`document.querySelector('html').removeAttribute('lang')`)
    expect(await violationsIn(page.mainFrame())).toEqual([expect.stringMatching(/^html-has-lang: /)])
  })
})
