/** The page of a period in a real browser: what stands in it, in each look, at each width, and on paper. */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { renderPeriodPage } from '../../lib/seats/page/render-page.ts'
import {
  chargesReport,
  firstDayReport,
  fullReport,
  hostileReport,
  largeReport,
  longNamesReport,
  report,
} from '../seats/page/reports.ts'
import { browserOfProcess } from '../support/browser.ts'
import { startServer } from '../support/servers.ts'
import { brokenWords, faintTexts, lightness } from './legible.ts'
import { inEachLook } from './looks.ts'
import { violationsIn } from './violations.ts'

const full = fullReport()
const hostile = hostileReport()
const large = largeReport()
const charges = chargesReport()
const longNames = longNamesReport()

const REPORTS = {
  'a month': full,
  'a first day': firstDayReport(),
  'hostile names': hostile,
  'nothing at all': report(),
}

/** What is left of A4's and Letter's width beside the margins, CSS pixels at 96 an inch. */
const PAPER_WIDTHS = { A4: 703, Letter: 725 }

type ShownReport = Parameters<typeof renderPeriodPage>[0]

const browser = await browserOfProcess()
/** Each report's, opened once: a page and the layout of a month take 0.3 s of a core. */
const pages = new Map<ShownReport, Page>()
let troubles: string[] = []

afterEach(() => {
  const found = troubles
  troubles = []
  expect(found).toEqual([])
})
afterAll(async () => {
  for (const page of pages.values()) await page.context().close()
})

interface Looks {
  readonly width?: number
  readonly height?: number
  readonly colorScheme?: 'light' | 'dark'
  readonly media?: 'screen' | 'print'
}

/** Has it stand there with all that it folds away. */
async function open(shown: ShownReport, looks: Looks = {}): Promise<Page> {
  const { width = 1280, height = 800, colorScheme = 'light', media = 'screen' } = looks
  const page = pages.get(shown) ?? (await load(shown))
  pages.set(shown, page)
  await page.setViewportSize({ width, height })
  await page.emulateMedia({ colorScheme, media, forcedColors: 'none' })
  await page.evaluate(`document.querySelectorAll('details').forEach((each) => { each.open = true })`)
  return page
}

async function load(shown: ShownReport): Promise<Page> {
  const text = renderPeriodPage(shown, 'Example GmbH')
  const origin = await startServer((_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end(text)
  })
  const page = await (await browser.newContext()).newPage()
  page.on('console', (message) => troubles.push(message.text()))
  page.on('pageerror', (error) => troubles.push(error.message))
  page.on('dialog', (dialog) => troubles.push(dialog.message()))
  page.on('request', (request) => {
    if (request.url() !== `${origin}/`) troubles.push(`asks ${request.url()}`)
  })
  await page.goto(`${origin}/`)
  return page
}

const widthOf = async (page: Page) => await page.evaluate('document.documentElement.scrollWidth')

describe('the page of a period', () => {
  it.each(Object.entries(REPORTS))(
    'has nothing that a checker of accessibility finds, in each look: %s',
    async (_name, shown) => {
      const page = await open(shown)
      await inEachLook(page, async (look) => expect(await violationsIn(page.mainFrame()), look).toEqual([]))
    },
  )

  it.each(['light', 'dark'] as const)('can be read in %s', async (colorScheme) => {
    const page = await open(full, { colorScheme })
    expect(await faintTexts(page)).toEqual([])
    const ground = await lightness(page)
    if (colorScheme === 'dark') expect(ground).toBeLessThan(40)
    else expect(ground).toBeGreaterThan(230)
  })

  it.each([390, 320])('is no wider than a screen of %i, whatever names stand in it', async (width) => {
    for (const shown of [full, hostile, large]) {
      const page = await open(shown, { width, height: 640 })
      expect(await widthOf(page)).toBe(width)
    }
  })

  it.each([1_100, 390, 320])('breaks no word of a charge and cuts nothing off at %i', async (width) => {
    const page = await open(charges, { width, height: 640 })
    const table = page.getByRole('table', { name: 'Charges that count for no license' })
    expect(await brokenWords(page, '[aria-labelledby=unmapped] th bdi')).toEqual([])
    expect(await widthOf(page)).toBe(width)
    const row = table.getByRole('row', { name: /^Genesys Cloud API Requests/ })
    expect(await row.getByRole('cell').allInnerTexts()).toEqual([
      expect.stringMatching(/^(Paid for ?)?0$/),
      expect.stringMatching(/812,345\s+812,345 more than paid for$/),
    ])
  })

  it.each([1_280, 1_100, 703])('breaks no id, no address and no day inside at %i', async (width) => {
    const page = await open(longNames, { width, height: 640, media: width === 703 ? 'print' : 'screen' })
    expect(await page.locator('.licenses .date').count()).toBe(12)
    expect(await brokenWords(page, '.licenses .date')).toEqual([])
    expect(await brokenWords(page, '.people td bdi')).toEqual([])
    expect(await brokenWords(page, '.licenses th bdi', /[A-Z]{2,}|[A-Z]?[a-z]+/g)).toEqual([])
    expect(await widthOf(page)).toBe(width)
  })

  it.each(Object.entries(PAPER_WIDTHS))('fits on %s, dark on white', async (_paper, width) => {
    for (const shown of [full, hostile]) {
      const page = await open(shown, { colorScheme: 'dark', width, height: 1_000, media: 'print' })
      expect(await widthOf(page)).toBe(width)
      expect(await lightness(page)).toBe(255)
      expect(await faintTexts(page)).toEqual([])
    }
  })

  it('has on paper no row, no chart and no heading that a page ends in, and the heads of tables on each', async () => {
    const page = await open(full, { media: 'print' })
    const stylesOf = async (selector: string, style: string) =>
      await page.evaluate<string[]>(
        `[...new Set([...document.querySelectorAll('${selector}')].map((each) => getComputedStyle(each).${style}))]`,
      )
    for (const selector of ['tr', 'figure', '.license > header']) {
      expect(await stylesOf(selector, 'breakInside'), selector).toEqual(['avoid'])
    }
    for (const selector of ['h2', 'h3', 'h4', '.license > header']) {
      expect(await stylesOf(selector, 'breakAfter'), selector).toEqual(['avoid'])
    }
    expect(await stylesOf('thead', 'display')).toEqual(['table-header-group'])
  })

  it('keeps what is folded away off the paper', async () => {
    const page = await open(full, { media: 'print' })
    expect(await page.locator('details').first().isVisible()).toBe(true)
    await page.evaluate(`document.querySelectorAll('details').forEach((each) => { each.open = false })`)
    expect(await page.locator('details').first().isVisible()).toBe(false)
  })

  it('reads to whoever cannot see it as a table of licenses, with a chart told in a sentence', async () => {
    const page = await open(full, { width: 390 })
    const row = page.getByRole('row', { name: /^cloudCX3/ }).first()
    expect(await row.getByRole('rowheader').innerText()).toBe('cloudCX3')
    expect(await row.getByRole('cell').allInnerTexts()).toEqual(
      expect.arrayContaining([expect.stringMatching(/3 over\s+since 24 Nov 2026/)]),
    )
    const sentence =
      'cloudCX3 by day. 253 held, 250 paid for by the contract: 3 over; of 2 people more it is not known.'
    expect(await page.getByRole('img', { name: sentence }).count()).toBe(2)
  })

  it('draws the small chart of each license that has days', async () => {
    const page = await open(full)
    const heights = await page
      .locator('svg.small use')
      .evaluateAll((all) => all.map((each) => Math.round(each.getBoundingClientRect().height)))
    expect(heights).toHaveLength(3)
    for (const height of heights) expect(height).toBeGreaterThan(3)
  })
})
