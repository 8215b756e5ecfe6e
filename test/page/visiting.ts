/** A browser that visits the page of a whole running stack, for one test file. */
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeEach, expect } from 'vitest'
import { startBrowser } from '../support/browser.ts'
import { gatewayForTests, type TestStack } from '../support/gateway.ts'
import { takeReadingOfStack } from '../support/seats/readings.ts'

/** What a locator or an answer is waited for at most, milliseconds. */
const PATIENCE_MS = 10_000

export interface Visit extends Pick<BrowserContextOptions, 'colorScheme' | 'forcedColors' | 'viewport'> {
  /** Who sits before it. Default: the operator, as the page has it. */
  readonly as?: 'local-viewer' | 'local-operator' | 'local-approver'
  /** Which part, as the address says it. */
  readonly view?: 'chat' | 'changes' | 'api'
  /** Timers of the page that the test can run ahead, by `page.clock`. */
  readonly hasOwnClock?: boolean
}

export interface Visiting {
  readonly stack: TestStack
  /** Opens the page in a browser context of its own, as another person's machine would. */
  visit(visit?: Visit): Promise<Page>
  /** What a browser had to say against a page is expected so far. */
  forgive(): void
}

/**
 * Starts the stack and the browser. Before each test the org is read; after each test everything that was opened is closed, and no page may have asked
 * another host, written an error to the console, or been stopped by its own content security policy, which does that.
 */
export async function visiting(options: Parameters<typeof gatewayForTests>[0] = {}): Promise<Visiting> {
  const browser = await startBrowser()
  const stack = await gatewayForTests(options)
  const pages: Page[] = []
  let troubles: string[] = []
  beforeEach(async () => await takeReadingOfStack())
  afterEach(async () => {
    const found = troubles
    troubles = []
    await Promise.all(pages.splice(0).map((page) => page.context().close()))
    expect(found).toEqual([])
  })
  afterAll(async () => await browser.close())

  return {
    stack,
    async visit({ as, view = 'chat', hasOwnClock = false, ...options } = {}) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
      context.setDefaultTimeout(PATIENCE_MS)
      const page = await context.newPage()
      pages.push(page)
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) troubles.push(message.text())
      })
      page.on('pageerror', (error) => troubles.push(error.message))
      page.on('request', (request) => {
        if (new URL(request.url()).origin !== stack.gateway) troubles.push(`asks ${request.url()}`)
      })
      if (hasOwnClock) await page.clock.install()
      await page.goto(`${stack.gateway}/__page/#${view}`)
      if (as !== undefined) await page.getByRole('radio', { name: as }).check()
      return page
    },
    forgive() {
      troubles = []
    },
  }
}

/** Types a line and sends it, as a person would. */
export async function say(page: Page, line: string): Promise<void> {
  await page.getByLabel('What you type').fill(line)
  await page.keyboard.press('Enter')
}

/** The newest message with that heading. */
export function messageHeaded(page: Page, heading: string | RegExp) {
  return page
    .locator('.message')
    .filter({ has: page.getByRole('heading', { name: heading }) })
    .last()
}

/** In the API reference: opens a read and a write, sends the read and waits for its answer. */
export async function tryOut(page: Page): Promise<void> {
  const frame = page.frameLocator('#reference')
  const write = frame.locator('#operations-Gateway-createChange')
  await write.getByRole('button').first().click()
  await write.getByRole('button', { name: 'Try it out' }).click()
  const read = frame.locator('#operations-License-getLicenseDefinitions')
  await read.getByRole('button').first().click()
  await read.getByRole('button', { name: 'Try it out' }).click()
  await read.getByRole('button', { name: 'Execute' }).click()
  await read.locator('.live-responses-table .response-col_status', { hasText: '200' }).waitFor()
}
