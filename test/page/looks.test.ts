import type { Page } from 'playwright-core'
import { beforeEach, describe, expect, it } from 'vitest'
import { faintTexts, lightness } from './legible.ts'
import { visiting } from './visiting.ts'

const { stack, visit } = await visiting()

const VIEWS = ['chat', 'changes', 'api'] as const
const LONG = 'a-reason-without-any-space-in-which-it-could-be-broken-'.repeat(4)

/** One of each kind of message, and changes in several states. */
beforeEach(async () => {
  const lines = [
    '/license help',
    '/license who cloudCX1',
    `/license grant wallboardUser to ana@example.com because ${LONG}`,
    '/license grant nothing to nobody',
    '/license toggle agentAssist off',
  ]
  for (const line of lines) await stack.chat?.say('slack', 'local-operator', line)
})

async function isSettled(page: Page): Promise<void> {
  await page.locator('.message button').first().waitFor({ state: 'attached' })
  await page.locator('.change').nth(1).waitFor({ state: 'attached' })
}

describe('the look of the page', () => {
  it.each(VIEWS)('has no part wider than a phone: %s', async (view) => {
    const page = await visit({ viewport: { width: 390, height: 844 }, view })
    await isSettled(page)
    if (view === 'changes') {
      await page.locator('.change', { hasText: 'wallboardUser' }).getByRole('button').first().click()
      await page.getByRole('list', { name: 'Steps' }).waitFor()
    }
    if (view === 'api') await page.frameLocator('#reference').locator('.opblock').first().waitFor()
    for (const frame of page.frames()) {
      const width = await frame.evaluate(
        'Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)',
      )
      expect(width).toBeLessThanOrEqual(390)
    }
    const shown = await Promise.all(VIEWS.map(async (each) => await page.locator(`#${each}`).isVisible()))
    expect(shown).toEqual(VIEWS.map((each) => each === view))
  })

  it.each(['light', 'dark'] as const)('can be read in %s', async (colorScheme) => {
    const page = await visit({ colorScheme })
    await isSettled(page)
    await page.locator('.change', { hasText: 'wallboardUser' }).getByRole('button').first().click()
    await page.getByRole('list', { name: 'Steps' }).waitFor()
    expect(await faintTexts(page)).toEqual([])
    const ground = await lightness(page)
    if (colorScheme === 'dark') expect(ground).toBeLessThan(40)
    else expect(ground).toBeGreaterThan(230)
  })

  it('has a dark reference in the dark', async () => {
    const page = await visit({ colorScheme: 'dark', view: 'api' })
    await page.frameLocator('#reference').locator('.opblock').first().waitFor()
    const [, reference] = page.frames()
    expect(reference && (await lightness(reference))).toBeLessThan(40)
  })
})
