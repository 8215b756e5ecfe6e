import type { Page } from 'playwright-core'
import { beforeEach, describe, expect, it } from 'vitest'
import { faintTexts, lightness } from './legible.ts'
import { tryOut, visiting } from './visiting.ts'

const { stack, visit } = await visiting()

const VIEWS = ['chat', 'changes', 'api'] as const
/** The width of a phone, and the least that WCAG asks for (1.4.10): the smallest phones, or 1280 magnified four times. */
const PHONES = [390, 320]
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
  await stack.aws.idle()
})

async function isSettled(page: Page): Promise<void> {
  await page.locator('.message button').first().waitFor({ state: 'attached' })
  await page.locator('.change').nth(1).waitFor({ state: 'attached' })
}

describe('the look of the page', () => {
  it.each(VIEWS)('has no part wider than the screen of a phone: %s', async (view) => {
    const page = await visit({ viewport: { width: 390, height: 640 }, view })
    await isSettled(page)
    if (view === 'changes') {
      await page.locator('.change', { hasText: 'wallboardUser' }).getByRole('button').first().click()
      await page.getByRole('list', { name: 'Steps' }).waitFor()
    }
    if (view === 'api') await tryOut(page)
    for (const width of PHONES) {
      await page.setViewportSize({ width, height: 640 })
      for (const frame of page.frames()) {
        const wide = await frame.evaluate(
          'Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)',
        )
        expect(wide).toBeLessThanOrEqual(width)
      }
      // What a part cuts off makes no page wider.
      const cut = await page.evaluate(
        `[...document.querySelectorAll('header *, .head *, #composer .box *, .change *')].filter((each) =>
        each.checkVisibility() && !each.closest('.unseen') && each.getBoundingClientRect().right > ${width}
      ).map((each) => each.outerHTML)`,
      )
      expect(cut).toEqual([])
      const shown = await Promise.all(VIEWS.map(async (each) => await page.locator(`#${each}`).isVisible()))
      expect(shown).toEqual(VIEWS.map((each) => each === view))
    }
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

  it('shows which part and whose eyes it is by colours of the machine too', async () => {
    const page = await visit({ forcedColors: 'active' })
    await isSettled(page)
    const stylesOf = async (selector: string, style: string) =>
      await page.evaluate<string[]>(
        `[...document.querySelectorAll('${selector}')].map((each) => getComputedStyle(each).${style})`,
      )
    const groundsOf = (selector: string) => stylesOf(selector, 'backgroundColor')
    const [current] = await groundsOf('#views a[aria-current]')
    const others = await groundsOf('#views a:not([aria-current])')
    expect(others.length).toBeGreaterThan(0)
    expect(others).not.toContain(current)
    for (const row of ['#who', '#where']) {
      const [chosen] = await groundsOf(`${row} label:has(:checked)`)
      expect(chosen).toBe(current)
      expect(await groundsOf(`${row} label:not(:has(:checked))`)).not.toContain(chosen)
    }
    expect(new Set(await stylesOf('.chip', 'borderTopStyle'))).toEqual(new Set(['solid']))
  })

  it('marks the part that shows, on a wide screen too, where chat and changes are one', async () => {
    const page = await visit({ view: 'changes' })
    const current = page.locator('#views a[aria-current=page]:visible')
    expect(await current.allInnerTexts()).toEqual(['Chat and changes'])
    await page.setViewportSize({ width: 390, height: 844 })
    await page.locator('#views a[href="#changes"][aria-current=page]').waitFor()
    expect(await current.allInnerTexts()).toEqual(['Changes'])
  })

  it('needs no font of emoji: what messages begin with is drawn, or told in words', async () => {
    const page = await visit()
    await isSettled(page)
    const marks = await page.locator('.message svg').evaluateAll((all) => all.map((each) => each.ariaLabel))
    expect([...new Set(marks)].sort()).toEqual(['Note:', 'Question:'])
    await stack.chat?.say('slack', 'local-operator', '/license grant wallboardUser to ben@example.com')
    await page.getByRole('status').filter({ hasText: 'license: Question: ' }).waitFor({ state: 'attached' })
    expect(await page.locator('body').innerText()).not.toMatch(/\p{Extended_Pictographic}/u)
  })

  it('has a dark reference in the dark', async () => {
    const page = await visit({ colorScheme: 'dark', view: 'api' })
    await page.frameLocator('#reference').locator('.opblock').first().waitFor()
    const [, reference] = page.frames()
    expect(reference && (await lightness(reference))).toBeLessThan(40)
  })
})
