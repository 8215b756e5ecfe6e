/** What is held against what is paid for, as a viewer, an operator and an approver meet it. */
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { renderPeriodPage } from '../../../lib/seats/page/render-page.ts'
import type { SeatListing } from '../../../lib/seats/seat-schemas.ts'
import { daysFrom, fullReport, hostileReport } from '../../seats/page/reports.ts'
import { giving, postOrganization } from '../../support/changes/license-requests.ts'
import { takeReadingOfStack } from '../../support/seats/readings.ts'
import { senderIn } from './send-as.ts'
import { expectFitInEachLook, pageVisits } from './visit-page.ts'

/** As the laptop's own policy has it. */
const LICENSE = 'cloudCX3'
const SEATS = 100
const USERS = 140

const { stack, as, forgive } = await pageVisits({ users: USERS })
const { org } = stack
const send = senderIn(stack)

const withoutIt = () => org.people(USERS).filter(({ id }) => org.licensesOf(id)?.includes(LICENSE) === false)

/** What Genesys's own pages would do: the next reading shows it. @param count of those who hold it then. */
async function giveByHand(count: number): Promise<void> {
  const people = withoutIt()
  const given = people.slice(0, count - (USERS - people.length))
  const answer = await fetch(`${org.url}/__org/assignments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      assignments: [
        {
          licenseId: LICENSE,
          userIdsAdd: given.map(({ id }) => id),
          userIdsRemove: [],
        },
      ],
    }),
  })
  expect(answer.status).toBeLessThan(300)
}

/** A whole reading that is a minute old would do else. */
async function readAnew(): Promise<void> {
  await stack.stored.clear()
  await takeReadingOfStack()
}

const licenses = (page: Page) => page.locator('.license')
const row = (page: Page, licenseId: string) => licenses(page).filter({ hasText: licenseId })

/** Some of each kind, with ninety days, nights without a reading and one that was not whole. */
async function answerEachKind(page: Page): Promise<void> {
  const figures = { asOf: '2026-11-29T02:10:00.000Z', isWhole: false, missing: 2, counting: 'named' } as const
  const entities: SeatListing['entities'] = [
    { licenseId: 'agentAssistLicense', held: 12, seatsFrom: 'none' },
    { licenseId: 'cloudCX1', held: 1403, seats: 2000, seatsFrom: 'contract', over: 0, standing: 'within' },
    {
      ...{ licenseId: 'cloudCX2', held: 389, seats: 400, seatsFrom: 'orgFile', over: 0, standing: 'near' },
      ...{ contractSeats: 380, unknown: 15, unknownCharges: ['<img src=x onerror="document.title=1">'] },
    },
    {
      ...{ licenseId: LICENSE, held: 265, seats: 250, seatsFrom: 'contract', over: 15, standing: 'over' },
      ...{ billed: 251, billedAsOf: '2026-11-28T23:00:00.000Z' },
    },
    { licenseId: 'nobodyHoldsThis', held: 0, seats: 3, seatsFrom: 'orgFile', over: 0, standing: 'within' },
  ]
  const days = daysFrom('2026-09-01', 90, (index) =>
    index === 40 ? { seats: 250 } : { held: 176 + index, isWhole: index !== 60, seats: 250 },
  )
  const unmapped: SeatListing['unmapped'] = [
    { charge: 'Genesys Cloud Agent Assist', prepaid: 25, billed: 12 },
    { charge: 'Voice minutes', isUsage: true, billed: 900 },
  ]
  await page.route('**/v1/seats', (route) => route.fulfill({ json: { ...figures, entities, unmapped } }))
  await page.route('**/v1/seats/days?*', (route) =>
    route.fulfill({ json: { ...figures, entities: [{ licenseId: LICENSE, days }] } }),
  )
}

describe('seats', () => {
  it('are where one begins: what is over first, in words, and a press leads to who holds it', async () => {
    await giveByHand(SEATS + 3)
    await readAnew()
    const page = await as('viewer')
    await page.getByText(`${LICENSE} is over its seats`).waitFor()
    expect(new URL(page.url()).hash).toBe('#/seats')
    await row(page, LICENSE)
      .getByText(`${SEATS + 3} held, ${SEATS} paid for by the org file`)
      .waitFor()
    expect(await licenses(page).first().textContent()).toMatch(/^cloudCX3: who holds it3 over/)
    // Of the others what is missing is said once, and that they are held by each.
    const untold = page.getByRole('list', { name: 'Licenses whose seats nobody has told' })
    await untold.getByRole('link', { name: 'cloudCX1' }).waitFor()
    await page.getByText('A bar needs to know how many are paid for.').waitFor()
    expect(await untold.innerText()).not.toMatch(/told|paid/)
    // A viewer asks for no reading.
    expect(await page.getByRole('button', { name: 'Read again' }).count()).toBe(0)
    const newest = row(page, LICENSE).getByRole('link', { name: 'Who was given it last' })
    expect(await newest.getAttribute('href')).toBe(`#/people?license=${LICENSE}&order=newest`)
    // The link lies over it.
    await row(page, LICENSE).locator('.bar').click({ force: true })
    await expect.poll(() => new URL(page.url()).hash).toBe(`#/people?license=${LICENSE}`)
  })

  it('are filtered by what the address says, and are a file', async () => {
    const page = await as('viewer', { at: '/seats?show=untold' })
    await row(page, 'cloudCX1').waitFor()
    expect(await row(page, LICENSE).count()).toBe(0)
    await page.getByLabel('Show').selectOption('Over its seats (0)')
    await page.getByText('No license is like that.').waitFor()
    expect(new URL(page.url()).hash).toBe('#/seats?show=over')
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download as CSV' }).click()
    expect(await readFile(await (await download).path(), 'utf8')).toMatch(/^\ufefflicenseId,held,/)
    await page.goto(`${stack.gateway}/#/seats?show=__proto__`)
    await row(page, LICENSE).waitFor()
  })

  it('have their days behind them, drawn and as figures, and what nobody read is no zero', async () => {
    const page = await as('viewer', { at: '/changes' })
    await answerEachKind(page)
    await page.getByRole('link', { name: 'Seats' }).click()
    await page.getByRole('img', { name: `${LICENSE}, 176 to 265 held; read on 89 of 90 days` }).waitFor()
    expect(await licenses(page).getByRole('heading').allTextContents()).toEqual(
      [LICENSE, 'cloudCX2', 'cloudCX1', 'nobodyHoldsThis', 'agentAssistLicense'].map(
        (id) => `${id}: who holds it`,
      ),
    )
    // By its keyboard alone.
    await row(page, LICENSE).getByRole('link', { name: 'who holds it' }).focus()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    const table = page.getByRole('table', { name: `${LICENSE} by day, the latest first. Days are UTC` })
    // Days of another year have it beside them.
    await table.getByRole('row', { name: /^Nov 29(, 2026)? 265 250 15$/ }).waitFor()
    await table.getByRole('row', { name: /^Oct 11(, 2026)? no reading 250 not known$/ }).waitFor()
    await table.getByRole('row', { name: /^Oct 31(, 2026)? 236 somebody missing 250/ }).waitFor()
    await row(page, 'cloudCX1').getByText('No reading in 90 days').waitFor()
    await page.getByText('The contract has a charge that is mapped to no license').click()
    await page.getByText('Genesys Cloud Agent Assist, 25 paid for').waitFor()
    await page.getByText('<img src=x onerror="document.title=1">').waitFor()
    await page.getByText('Not found: 2 people.').waitFor()
  })

  it('are read again by an operator, who sees how far it is and then the new counts', async () => {
    const page = await as('operator', { at: '/seats' })
    await page.getByText('No license is known to be over its seats').waitFor()
    await giveByHand(SEATS + 1)
    // One that is a minute old is the answer to whoever asks.
    await stack.stored.clear()
    await page.getByRole('button', { name: 'Read again' }).click()
    await page.getByRole('dialog').getByText('two requests for each hundred people').waitFor()
    await page.getByRole('button', { name: 'Read it' }).click()
    await page.getByText('A reading begins within a minute…').waitFor()
    await takeReadingOfStack()
    await row(page, LICENSE).getByText('1 over').waitFor()
    await page.getByRole('button', { name: 'Read again' }).click()
    await page.getByRole('button', { name: 'Read it' }).click()
    await page.getByText('It was read within the last minute.').first().waitFor()
    forgive()
  })

  it('that nobody has read yet say so, and are there by themselves once they are read', async () => {
    const page = await as('approver', { at: '/changes', hasOwnClock: true })
    await page.route('**/v1/seats', (route) =>
      route.fulfill({ status: 503, json: { status: 503, code: 'reading.unavailable', message: 'none' } }),
    )
    await page.getByRole('link', { name: 'Seats' }).click()
    await page.getByRole('alert').getByText('Nobody has read yet who holds what.').waitFor()
    await page.unroute('**/v1/seats')
    // One that is on its way may still be refused, and the next comes later.
    await expect
      .poll(async () => {
        await page.clock.runFor(30_000)
        return await row(page, LICENSE).count()
      })
      .toBe(1)
    forgive()
  })

  it('of days that cannot be had still stand, and it is said', async () => {
    const page = await as('viewer', { at: '/changes' })
    await page.route('**/v1/seats/days?*', (route) =>
      route.fulfill({
        status: 500,
        json: { status: 500, code: 'internal.server.error', message: 'It broke' },
      }),
    )
    await page.getByRole('link', { name: 'Seats' }).click()
    await page.getByRole('alert').getByText('It broke').waitFor()
    await row(page, LICENSE).waitFor()
    forgive()
  })
})

/** Figures of the report, and single words over them, that stand on more than one line. */
const BROKEN_FIGURES = `(() => {
  const root = [...document.querySelectorAll('*')].find((each) => each.shadowRoot).shadowRoot
  const range = document.createRange()
  const isBroken = (node) => {
    range.selectNodeContents(node)
    return range.getClientRects().length > 1
  }
  return [...root.querySelectorAll('.licenses .number, .licenses .number > *')]
    .flatMap((each) => [...each.childNodes])
    .filter((node) => node.nodeType === Node.TEXT_NODE && /^[\\w,]+$/.test(node.data) && isBroken(node))
    .map((node) => node.data)
})()`

describe('the report', () => {
  it('of the month leads from the list to who is behind it, by name, and is a file', async () => {
    await giveByHand(SEATS)
    await readAnew()
    const [given] = withoutIt()
    const answer = await postOrganization(stack, JSON.stringify(giving(given?.id ?? '', LICENSE)))
    expect(answer.status, answer.text).toBe(200)
    const page = await as('approver', { at: '/seats' })
    await page.getByRole('link', { name: 'Report' }).click()
    const month = new Date().toLocaleDateString('en', { month: 'short', timeZone: 'UTC' })
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download as CSV' }).first().click()
    const file = await download
    expect(file.suggestedFilename()).toMatch(/^period-\d{4}-\d\d-01-to-\d{4}-\d\d-\d\d\.csv$/)
    expect(await readFile(await file.path(), 'utf8')).toMatch(/^\ufeffrow,licenseId/)
    await page.getByRole('link', { name: new RegExp(`^${month} 1 to `) }).click()
    await page.getByRole('heading', { level: 1, name: new RegExp(`^Report, ${month} 1 to`) }).waitFor()
    await page.getByText('Over what is paid for: cloudCX3 by 1.').waitFor()
    // No figure, and no heading of one, is broken over two lines.
    await page.setViewportSize({ width: 1280, height: 800 })
    const broken = await page.evaluate(BROKEN_FIGURES)
    expect(broken).toEqual([])
    // What leads to a place within it leaves the address alone.
    const { hash } = new URL(page.url())
    await page.locator('td, th').getByRole('link', { name: LICENSE }).click()
    expect(new URL(page.url()).hash).toBe(hash)
    await page.getByRole('link', { name: given?.name ?? '', exact: true }).click()
    await expect.poll(() => new URL(page.url()).hash).toContain(`#/people/${given?.id}`)
    // What was planned so says so too, though it is done.
    const [next] = withoutIt()
    const assignments = [{ licenseId: LICENSE, userIdsAdd: [next?.id], userIdsRemove: [] }]
    const { id, digest } = await send('POST', '/v1/changes', 'operator', { kind: 'assignments', assignments })
    await send('POST', `/v1/changes/${id}/apply`, 'operator', { digest })
    await page.goto(`${stack.gateway}/#/changes/${id}`)
    await page.locator('.heading .chip', { hasText: 'Done' }).waitFor()
    await page.getByText(`${LICENSE}: ${SEATS + 2} held then, ${SEATS} paid for`).waitFor()
  })

  it('takes names as text and runs nothing, and its times are in the zone of whoever reads', async () => {
    const page = await as('viewer', { at: '/report' })
    const evil = '<h2>Evil</h2><script>document.title = 1</script><style>body { display: none }</style>'
    const pages = [
      renderPeriodPage(hostileReport(), 'Example <GmbH>'),
      `<!doctype html><main>${evil}<base href="https://example.com/"><time datetime="2026-11-28T02:10:00Z">x</time></main>`,
    ]
    await page.route('**/v1/periods/*', (route) =>
      route.fulfill({ contentType: 'text/html', body: pages.shift() ?? '' }),
    )
    await page.goto(`${stack.gateway}/#/report/current`)
    await page.getByText('Example <GmbH>').waitFor()
    expect(await page.getByText('<img src=x').count()).toBeGreaterThan(0)
    expect(await page.locator('.body').locator('img, script, style').count()).toBe(0)
    await page.goto(`${stack.gateway}/#/report/2026-10`)
    await page.locator('time', { hasText: /^Nov 2[78], / }).waitFor()
    expect(await page.locator('.body').locator('script, style, base').count()).toBe(0)
  })

  it('of a period that there is not says so, with a way to those there are', async () => {
    const page = await as('viewer', { at: '/report/1999-01' })
    await page.getByRole('heading', { level: 1, name: 'No such period' }).waitFor()
    await page.getByRole('link', { name: 'All periods' }).click()
    await page.getByRole('heading', { level: 1, name: 'Report', exact: true }).waitFor()
    forgive()
  })
})

it('all of it fits the narrowest screen and a wide one, in each look', async () => {
  const page = await as('operator', { at: '/changes', viewport: { width: 320, height: 640 } })
  await answerEachKind(page)
  await page.goto(`${stack.gateway}/#/seats`)
  await row(page, LICENSE).getByText('By day').click()
  await page.getByRole('img', { name: `${LICENSE} by day` }).waitFor()
  await expectFitInEachLook(page)
  await page.getByRole('button', { name: 'Read again' }).click()
  await expectFitInEachLook(page)
  await page.keyboard.press('Escape')
  await page.setViewportSize({ width: 1280, height: 800 })
  await expectFitInEachLook(page)
  await page.route('**/v1/periods/*', (route) =>
    route.fulfill({ contentType: 'text/html', body: renderPeriodPage(fullReport(), 'Example GmbH') }),
  )
  await page.goto(`${stack.gateway}/#/report/current`)
  await page.getByRole('heading', { name: 'Each license' }).waitFor()
  await expectFitInEachLook(page)
  await page.setViewportSize({ width: 320, height: 640 })
  await expectFitInEachLook(page)
  await page.getByRole('link', { name: 'All periods' }).click()
  await page.getByRole('table', { name: 'Billing periods, the newest first' }).waitFor()
  await expectFitInEachLook(page)
})
