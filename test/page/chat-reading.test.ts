/** How the laptop's chat reads: where it scrolls to, how it looks, and by keyboard alone. */
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { LOOKS } from './looks.ts'
import { expectFitInEachLook, messageHeaded, pageVisits, say } from './views/visit-page.ts'

const { stack, as } = await pageVisits()

describe('somebody who reads', () => {
  /** How far the end of the messages is below what shows, pixels. */
  const left = (page: Page) =>
    page
      .getByRole('log')
      .evaluate(({ scrollHeight, clientHeight, scrollTop }) => scrollHeight - clientHeight - scrollTop)
  const scrollTo = async (page: Page, top: string) => {
    await page.getByRole('log').evaluate((log, to) => {
      log.scrollTop = to === 'end' ? log.scrollHeight : 0
    }, top)
    // The page is told of it with its next frame.
    await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => resolve()))')
  }
  const small = { at: '/chat', viewport: { width: 390, height: 620 } }

  it('finds an answer that is longer than the screen opened at its beginning', async () => {
    const page = await as('operator', small)
    /** How far the top of the newest message lies under the top of what shows, pixels. */
    const depth = async () => {
      const [outer, inner] = await Promise.all([
        page.getByRole('log').boundingBox(),
        page.locator('.message').last().boundingBox(),
      ])
      return (inner?.y ?? 0) - (outer?.y ?? 0)
    }
    // The answer may be still to come, below one's own line.
    const expectBeginning = async () =>
      await expect.poll(async () => Math.abs((await depth()) - 20)).toBeLessThan(20)
    await say(page, '/license help')
    await messageHeaded(page, /can be typed/).waitFor()
    await expectBeginning()
    // A short one shows whole, at the end.
    await say(page, '/license toggle agentAssist')
    await messageHeaded(page, /agentAssist is on/).waitFor()
    await expect.poll(() => left(page)).toBeLessThan(2)
    // Whoever comes later begins at the newest's beginning too.
    await say(page, '/license help')
    await messageHeaded(page, /can be typed/)
      .nth(1)
      .or(messageHeaded(page, /can be typed/))
      .waitFor()
    await expectBeginning()
    await page.reload()
    await messageHeaded(page, /can be typed/).waitFor()
    await expectBeginning()
  })

  it('is left at the end of a long answer where another message changes', async () => {
    const page = await as('operator', small)
    await say(page, '/license toggle agentAssist off')
    await messageHeaded(page, /agentAssist off/).waitFor()
    await say(page, '/license help')
    await messageHeaded(page, /can be typed/).waitFor()
    await scrollTo(page, 'end')
    const elsewhere = await as('operator', { at: '/chat' })
    await messageHeaded(elsewhere, /agentAssist off/)
      .getByRole('button', { name: 'Cancel' })
      .click()
    await messageHeaded(page, /called off/).waitFor()
    expect(await left(page)).toBeLessThan(2)
  })

  it('further up stays there, and is told of what is newer', async () => {
    const page = await as('operator', small)
    await say(page, '/license help')
    await page.getByText('More of one, with examples').waitFor()
    await say(page, '/license toggle agentAssist')
    await messageHeaded(page, /agentAssist is on/).waitFor()
    await expect.poll(() => left(page)).toBeLessThan(2)
    await scrollTo(page, 'beginning')
    // Somebody else's, since one's own line is always shown.
    await stack.chat?.say('slack', 'local-viewer', '/license user ana@example.com')
    const newer = page.getByRole('button', { name: 'New messages' })
    await newer.waitFor()
    expect(await page.getByRole('log').evaluate((log) => log.scrollTop)).toBe(0)
    await newer.click()
    await expect.poll(() => left(page)).toBeLessThan(2)
    await newer.waitFor({ state: 'detached' })
  })
})

describe('all of the chat fits', () => {
  it('needs no font of emoji: what messages begin with is drawn, or told in words', async () => {
    const page = await as('operator', { at: '/chat' })
    await say(page, '/license grant nothing to nobody')
    await say(page, '/license grant wallboardUser to ben@example.com')
    await page.getByRole('status').filter({ hasText: 'license: Question: ' }).waitFor({ state: 'attached' })
    const marks = await page.locator('.message svg').evaluateAll((all) => all.map((each) => each.ariaLabel))
    expect(new Set(marks)).toContain('Question:')
    expect(await page.locator('body').innerText()).not.toMatch(/\p{Extended_Pictographic}/u)
  })

  it('on the narrowest screen and a wide one, in each look', async () => {
    const long = 'a-reason-without-any-space-in-which-it-could-be-broken-'.repeat(4)
    await stack.chat?.say('slack', 'local-operator', '/license help')
    await stack.chat?.say('slack', 'local-operator', '/license who cloudCX1')
    await stack.chat?.say('slack', 'local-operator', '/license grant nothing to nobody')
    await stack.chat?.say(
      'slack',
      'local-operator',
      `/license grant wallboardUser to ana@example.com because ${long}`,
    )
    await stack.aws.idle()
    const page = await as('operator', { at: '/chat', viewport: { width: 320, height: 640 } })
    await messageHeaded(page, /Give wallboardUser/).waitFor()
    await expectFitInEachLook(page)
    await page.setViewportSize({ width: 1280, height: 800 })
    await expectFitInEachLook(page)
    await page.emulateMedia(LOOKS['forced colours'])
    const groundsOf = (selector: string) =>
      page.evaluate<string[]>(
        `[...document.querySelectorAll('${selector}')].map((each) => getComputedStyle(each).backgroundColor)`,
      )
    const [chosen] = await groundsOf('.chooser label:has(:checked)')
    expect(await groundsOf('.chooser label:not(:has(:checked))')).not.toContain(chosen)
  })

  it('by keyboard alone', async () => {
    const page = await as('operator', { at: '/chat' })
    const tabTo = async (wanted: string) => {
      for (let presses = 0; presses < 200; presses += 1) {
        await page.keyboard.press('Tab')
        if (await page.evaluate(`document.activeElement.matches(${JSON.stringify(wanted)})`)) return
      }
      throw new Error(`Tab does not come to ${wanted}`)
    }
    await page.getByText('Enter sends.').waitFor()
    await tabTo('[name=as]')
    await page.keyboard.press('ArrowRight')
    await page.getByRole('radio', { name: 'local-approver', checked: true }).waitFor()
    await tabTo('#line')
    await page.keyboard.type('/license toggle wallboards off')
    await page.keyboard.press('Enter')
    const plan = messageHeaded(page, /wallboards off/)
    await plan.waitFor()
    const id = await plan.getAttribute('data-id')
    await tabTo(`[data-id="${id}"] .button.primary`)
    await page.keyboard.press('Enter')
    await messageHeaded(page, /no effect/).waitFor()
    expect(await page.evaluate('document.activeElement.dataset.id')).toBe(id)
  })
})
