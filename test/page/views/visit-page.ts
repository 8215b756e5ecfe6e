/**
 * People at the page of a running stack, for one test file: each in a browser context of their own, signed in through the
 * real identity provider.
 */
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { afterEach, beforeEach, expect } from 'vitest'
import type { Role } from '../../../lib/roles.ts'
import { browserOfProcess } from '../../support/browser.ts'
import { gatewayForTests, type TestStack } from '../../support/gateway.ts'
import { takeReadingOfStack } from '../../support/seats/readings.ts'
import { inEachLook } from '../looks.ts'
import { violationsIn } from '../violations.ts'
import { comeBackSignedIn } from './come-back.ts'

/** What a locator or an answer is waited for at most: what shows with the second look of a view comes within, on a busy machine. Milliseconds. */
const PATIENCE_MS = 20_000

/** The first load of a process waits until the page is built. Milliseconds. */
const LOADED_WITHIN_MS = 25_000

/** People of the org behind the stack, which files share: as many as any of them wants. */
const MOST_USERS = 200

export interface PageVisit extends Pick<BrowserContextOptions, 'viewport' | 'timezoneId'> {
  /** Behind the `#`: `/changes?state=APPLIED`. */
  readonly at?: string
  /** Timers of the page that the test can run ahead, by `page.clock`. */
  readonly hasOwnClock?: boolean
}

export interface PageVisits {
  readonly stack: TestStack
  /** Opens the page signed in, as somebody whom the provider knows from earlier. */
  as(role: Role, visit?: PageVisit): Promise<Page>
  /** Opens the page, and leaves it at that. */
  open(visit?: PageVisit): Promise<Page>
  /** What a browser had to say against a page is expected so far. */
  forgive(): void
}

/**
 * Starts the stack and the browser, or takes those of the process. After each test everything that was opened is closed, and no page may have asked
 * another host, written an error to the console, or been stopped by its content security policy, which does that.
 *
 * @param options.users how many people there are in the org; at most 200.
 */
export async function pageVisits({ users = 60 } = {}): Promise<PageVisits> {
  const [browser, stack] = await Promise.all([
    browserOfProcess(),
    // Time passes for whoever looks at a page, as beside `npm start`.
    gatewayForTests({ org: { users: MOST_USERS }, clockGoesByItself: true }),
  ])
  const tooMany = stack.org.people(MOST_USERS).slice(users)
  const contexts: BrowserContext[] = []
  let troubles: string[] = []
  beforeEach(async () => {
    stack.org.movePeople(tooMany.map(({ id }) => ({ id, state: 'vanished' })))
    await takeReadingOfStack()
  })
  afterEach(async () => {
    const found = [...troubles]
    troubles = []
    await Promise.all(contexts.splice(0).map(closeContext))
    expect(found).toEqual([])
  })

  async function newPage({ hasOwnClock = false, at: _, ...looks }: PageVisit): Promise<Page> {
    // What it still says as it is closed is no trouble of the next test's.
    const ofTest = troubles
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      // Days and numbers are written as its region does.
      locale: 'en-US',
      ...looks,
    })
    contexts.push(context)
    context.setDefaultTimeout(PATIENCE_MS)
    context.setDefaultNavigationTimeout(LOADED_WITHIN_MS)
    const page = await context.newPage()
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type()))
        ofTest.push(`${message.text()} at ${message.location().url}`)
    })
    page.on('pageerror', (error) => ofTest.push(error.message))
    page.on('request', (request) => {
      if (new URL(request.url()).origin !== stack.gateway) ofTest.push(`asks ${request.url()}`)
    })
    if (hasOwnClock) await page.clock.install()
    return page
  }

  return {
    stack,
    async open(visit = {}) {
      const page = await newPage(visit)
      await page.goto(`${stack.gateway}/#${visit.at ?? ''}`)
      return page
    },
    async as(role, visit = {}) {
      const page = await newPage(visit)
      await comeBackSignedIn(page, stack.gateway, role, visit.at)
      return page
    },
    forgive() {
      troubles.length = 0
    },
  }
}

/** In the chat: types a line and sends it, as a person would. */
export async function say(page: Page, line: string): Promise<void> {
  await page.getByLabel('What you type').fill(line)
  await page.keyboard.press('Enter')
}

/** In the chat: the newest message with that heading. */
export function messageHeaded(page: Page, heading: string | RegExp) {
  return page
    .locator('.message')
    .filter({ has: page.getByRole('heading', { name: heading }) })
    .last()
}

/** The gateway takes no token that it has taken so far, and the provider renews none. */
export async function endSignIn(page: Page, { isRenewed }: { readonly isRenewed: boolean }): Promise<void> {
  const old = new Set<string>()
  await page.route('**/v1/**', async (route) => {
    const { authorization = '' } = route.request().headers()
    if (old.size === 0) old.add(authorization)
    if (!old.has(authorization)) return await route.fallback()
    await route.fulfill({
      status: 401,
      json: { status: 401, code: 'authentication.required', message: 'No' },
    })
  })
  if (!isRenewed) await refuseRenewals(page)
}

/** The provider renews no token, and makes one for whoever signs in. */
export async function refuseRenewals(page: Page): Promise<void> {
  await page.route('**/__issuer/token', async (route) => {
    if (route.request().postData()?.includes('grant_type=authorization_code')) return await route.continue()
    await route.fulfill({ status: 400, json: { error: 'invalid_grant' } })
  })
}

/** As `expectFit`, of what stands there now, light, dark and in forced colours. */
export async function expectFitInEachLook(page: Page): Promise<void> {
  await inEachLook(page, async (look) => await expectFit(page, look))
}

/** What hides some of its own words below its lower edge. What is only heard is clipped, and a control counts its inner parts. */
const CUT_OFF = `[...document.querySelectorAll('main *, dialog[open] *')]
  .filter((each) => {
    const { overflowY, clipPath } = getComputedStyle(each)
    return ['hidden', 'clip'].includes(overflowY) && clipPath === 'none'
  })
  .filter((each) => each.scrollHeight > each.clientHeight + 2)
  .filter((each) => each.textContent.trim() !== '' && !each.closest('progress, select, svg'))
  .map((each) => each.outerHTML.slice(0, 120))`

/** No part of it is wider than the screen, no words are cut off, and a public checker of accessibility finds nothing. */
export async function expectFit(page: Page, look = 'light'): Promise<void> {
  const widths = await page.evaluate<number[]>('[document.documentElement.scrollWidth, innerWidth]')
  expect(widths[0], `wider than the screen, ${look}`).toBeLessThanOrEqual(widths[1] ?? 0)
  // What stands over the page scrolls by itself, and cuts off what is wider.
  const over = await page.evaluate<number[]>(
    "[...document.querySelectorAll('dialog[open]')].map((each) => each.scrollWidth - each.clientWidth)",
  )
  expect(Math.max(0, ...over), `wider than its dialog, ${look}`).toBe(0)
  const cutOff = await page.evaluate<string[]>(CUT_OFF)
  expect(cutOff, `cut off by what it stands in, ${look}`).toEqual([])
  // Colours that are half way between two looks are those of neither.
  await page.evaluate('document.getAnimations().forEach((each) => each.cancel())')
  expect(await violationsIn(page.mainFrame()), look).toEqual([])
}

/** What was asked for and is not answered yet is of no interest any more. */
async function closeContext(context: BrowserContext): Promise<void> {
  for (const page of context.pages()) await page.unrouteAll({ behavior: 'ignoreErrors' })
  await context.unrouteAll({ behavior: 'ignoreErrors' })
  await context.close()
}
