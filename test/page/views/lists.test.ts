/** Lists, as a viewer, an operator and an approver meet them. */
import { readFile } from 'node:fs/promises'
import type { Locator, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { takeReadingOfStack } from '../../support/seats/readings.ts'
import { endSignIn, expectFit, expectFitInEachLook, pageVisits } from './visit-page.ts'

const { stack, as, forgive } = await pageVisits({ users: 130 })

const LICENSES = ['gc1WEMupgrade', 'gc2WEMupgrade', 'wallboardUser', 'agentAssistLicense'] as const

const users = () => Object.keys(stack.org.truth().users)

/** @returns a file of so many people of each license. */
function csvOf(people: number, licenses: readonly string[] = LICENSES): string {
  const rows = licenses.flatMap((license) =>
    users()
      .slice(0, people)
      .map((user) => `${user},${license},add`),
  )
  return ['user,license,action', ...rows].join('\n')
}

/** Genesys takes 4 s for each of so many writes: a list is under way for as long as a busy browser needs to see it. */
function delayWrites(times: number): void {
  const match = { method: 'POST', path: '/api/v2/license/organization' }
  stack.org.addFaults([{ match, times, do: { delayMs: 4_000 } }])
}

const state = (page: Page, text: string) => page.locator('.heading .chip', { hasText: text })
const look = (page: Page) => page.getByRole('button', { name: 'Plan it' })

function choose(page: Page, text: string): Promise<void> {
  return page
    .getByLabel('Choose a file')
    .setInputFiles({ name: 'list.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
}

/** Lets go of text or of files, each a name and what is in it. @returns whether the page takes it, in place of the browser. */
async function drop(page: Page, on: Locator, ...dropped: readonly (readonly [name: string, text: string])[]) {
  const dataTransfer = await page.evaluateHandle(`(() => {
    const all = new DataTransfer()
    for (const [name, text] of ${JSON.stringify(dropped)}) {
      if (name === 'text/plain') all.setData(name, text)
      else all.items.add(new File([text], name))
    }
    addEventListener('drop', (event) => { window.isDropTaken = event.defaultPrevented }, { once: true })
    return all
  })()`)
  await on.dispatchEvent('drop', { dataTransfer })
  return { isTaken: await page.evaluate('window.isDropTaken') }
}

describe('a list', () => {
  it('is mended where rows of it are bad, looked at, confirmed with its count, and watched to its end', async () => {
    const page = await as('operator', { at: '/lists' })
    const good = csvOf(130)
    await choose(
      page,
      good.replace('gc1WEMupgrade', 'gc1WEMupgrad').replace(/add$/, '<img src=x onerror=alert(1)>'),
    )
    await page.getByText('520 rows', { exact: true }).waitFor()
    await page.getByLabel('Reason', { exact: true }).fill('A new site')
    await look(page).click()
    await page.getByRole('heading', { name: '2 rows to mend' }).waitFor()
    await page.getByRole('alert').getByText('2 of 520 rows cannot be planned').waitFor()
    forgive()
    const [second, last] = [page.getByLabel('Line 2', { exact: true }), page.getByLabel('Line 521')]
    expect(await last.inputValue()).toContain('<img src=x')
    await expectFit(page)
    await second.fill((await second.inputValue()).replace('WEMupgrad,', 'WEMupgrade,'))
    await last.fill((await last.inputValue()).replace(/<img.*/, 'add'))
    // What has no answer leaves the rows as they were typed, before it is known and after.
    const { promise: isAborted, resolve: abort } = Promise.withResolvers<void>()
    await page.route('**/v1/changes?*', async (route) => {
      if (route.request().method() !== 'POST') return await route.fallback()
      await isAborted
      await route.abort()
    })
    const again = page.getByRole('button', { name: 'Hand in again' })
    await again.click()
    await page.locator('.bad-lines [aria-busy=true]').waitFor()
    expect(await last.inputValue()).toMatch(/add$/)
    abort()
    await page.getByRole('alert').getByText('The gateway has not answered').waitFor()
    expect(await last.inputValue()).toMatch(/add$/)
    await page.unroute('**/v1/changes?*')
    forgive()
    await again.click()
    await state(page, 'Planned').waitFor()
    expect(new URL(page.url()).hash).toMatch(/^#\/lists\/[0-9a-z]{20}$/)
    await page.getByText('Nothing is sent yet.').waitFor()
    await page.getByText('A new site').waitFor()
    const held = Object.values(stack.org.truth().users).filter((each) => each.includes('gc1WEMupgrade'))
    await page.getByRole('row', { name: `gc1WEMupgrade ${130 - held.length} ` }).waitFor()
    await page
      .getByRole('row', { name: /^[A-Z][^ ]+ .* give gc1WEMupgrade not held to come/ })
      .first()
      .waitFor()
    await page.locator('.pager').getByText('The first 50 rows').waitFor()
    await expectFit(page)
    await page.getByRole('button', { name: 'Confirm' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('How many people it changes').fill('12')
    await page.keyboard.press('Enter')
    await dialog.getByRole('alert').waitFor()
    forgive()
    delayWrites(1)
    await dialog.getByLabel('How many people it changes').fill('130')
    await page.keyboard.press('Enter')
    await page.getByRole('progressbar', { name: 'How far it is' }).waitFor()
    await state(page, 'Done').waitFor()
    await page.getByText('520 of 520').waitFor()
    await expectFit(page)
    expect(
      Object.values(stack.org.truth().users).filter((held) => held.includes('wallboardUser')),
    ).toHaveLength(130)
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download as CSV' }).click()
    const rows = (await readFile(await (await download).path(), 'utf8')).trim().split('\n')
    expect(rows).toHaveLength(521)
    await page.getByRole('link', { name: 'All lists' }).click()
    await page.getByRole('list', { name: 'Lists, the newest first' }).getByRole('link').first().waitFor()
  })

  it('is paused, goes on, is called off and planned again by whoever operates, and is only looked at by a viewer', async () => {
    const operator = await as('operator', { at: '/lists' })
    await choose(operator, csvOf(130, [...LICENSES, 'gcSTAupgrade']))
    await operator.getByText('650 rows', { exact: true }).waitFor()
    await operator.getByLabel('Reason', { exact: true }).fill('A new site')
    await look(operator).click()
    await operator.getByRole('button', { name: 'Confirm' }).click()
    await operator.getByLabel('How many people it changes').fill('130')
    delayWrites(3)
    await operator.keyboard.press('Enter')
    await operator.getByRole('button', { name: 'Pause' }).click()
    await state(operator, 'Paused').waitFor()
    const viewer = await as('viewer', { at: new URL(operator.url()).hash.slice(1) })
    await state(viewer, 'Paused').waitFor()
    expect(await viewer.locator('.decisions').first().getByRole('button').allInnerTexts()).toEqual([
      'Download as CSV',
      'Download as NDJSON',
    ])
    await operator.getByRole('button', { name: 'Resume' }).click()
    await operator.getByRole('button', { name: 'Pause' }).waitFor()
    await operator.getByRole('button', { name: 'Call off' }).click()
    await operator.getByRole('button', { name: 'Call it off' }).click()
    await operator.getByText(/^Called off by Ana Abebe/).waitFor()
    await operator.getByRole('button', { name: 'Try again' }).waitFor()
    await viewer.getByText(/^Called off by Ana Abebe/).waitFor()
    await viewer.getByLabel('What became of them').selectOption('not.sent')
    await viewer
      .getByRole('row', { name: /give .* not begun$/ })
      .first()
      .waitFor()
    expect(new URL(viewer.url()).hash).toContain('?outcome=not.sent')
    await viewer.getByRole('link', { name: 'All lists' }).click()
    await viewer.getByText('To hand in a list takes the role operator.').waitFor()
    await operator.getByRole('button', { name: 'Try again' }).click()
    await state(operator, 'Planned').waitFor()
    await operator.getByText('Nothing is sent yet.').waitFor()
  })

  it('that takes approval is approved as a list, with every row to look at', async () => {
    const operator = await as('operator', { at: '/lists' })
    await operator.getByLabel('The list').fill(csvOf(130, ['cxCloudSN', ...LICENSES]))
    await operator.getByLabel('Reason', { exact: true }).fill('A new site')
    await look(operator).click()
    await state(operator, 'Planned').waitFor()
    await operator
      .getByText(/nobody is asked\..*A second person must approve changes of the license cx/)
      .waitFor()
    await operator.getByRole('button', { name: 'Ask for approval' }).click()
    await operator.getByLabel('How many people it changes').fill('130')
    await operator.keyboard.press('Enter')
    await state(operator, 'Waits for approval').waitFor()
    await operator.getByText('It waits for somebody else.').waitFor()
    const approver = await as('approver', { at: '/approvals' })
    await approver.getByRole('list', { name: 'Waits for you' }).getByRole('link').first().click()
    await approver
      .getByRole('row', { name: / give cxCloudSN / })
      .first()
      .waitFor()
    await approver.getByRole('button', { name: 'Approve' }).click()
    await approver.getByRole('dialog').getByRole('button', { name: 'Approve' }).click()
    for (const page of [approver, operator]) await state(page, 'Done').waitFor()
  })

  it('outlives a token that ends while it is mended: the list, its mended row and the reason', async () => {
    const page = await as('operator', { at: '/lists' })
    await page.getByLabel('The list').fill('user,license,action\nAna Abebe,cloudCX3,ad')
    await page.getByLabel('Reason', { exact: true }).fill('A new site')
    await look(page).click()
    await page.getByLabel('Line 2').fill('Ana Abebe,wallboardUser,add')
    await page.evaluate('window.isSamePage = true')
    await endSignIn(page, { isRenewed: false })
    await page.getByRole('button', { name: 'Hand in again' }).click()
    await expect.poll(() => page.evaluate('window.isSamePage').catch(() => true)).toBe(undefined)
    await page.locator('header .org').waitFor()
    expect(await page.getByLabel('The list').inputValue()).toBe(
      'user,license,action\nAna Abebe,wallboardUser,add',
    )
    expect(await page.getByLabel('Reason', { exact: true }).inputValue()).toBe('A new site')
    forgive()
  })

  it('whose rows are mended and that wants a reason says so at its field alone, and focus is there', async () => {
    const page = await as('operator', { at: '/lists' })
    await page.getByLabel('The list').fill('user,license,action\nAna Abebe,cloudCX3,ad')
    await look(page).click()
    await page.getByLabel('Line 2').fill('Ana Abebe,predictiveEngagementLicense,add')
    await page.getByRole('button', { name: 'Hand in again' }).click()
    await page
      .getByText('A reason must be given for changes of the license predictiveEngagementLicense.', {
        exact: true,
      })
      .waitFor()
    await expect
      .poll(() => page.evaluate<string>('document.activeElement.labels?.[0]?.textContent ?? ""'))
      .toBe('Reason')
    expect(await page.getByLabel('Line 2').count()).toBe(0)
    forgive()
  })

  it('is replaced by a file or by what is dropped at its place, and by no word that is let go elsewhere', async () => {
    const page = await as('operator', { at: '/lists' })
    const list = page.getByLabel('The list')
    await list.fill(csvOf(3, ['cloudCX3']))
    for (const field of [list, page.getByLabel('Reason', { exact: true })])
      expect(await drop(page, field, ['text/plain', 'Abebe'])).toEqual({ isTaken: false })
    expect(await list.inputValue()).toBe(csvOf(3, ['cloudCX3']))
    await drop(page, page.locator('.drop'), ['text/plain', csvOf(4, ['cloudCX3'])])
    await page.getByText('4 rows', { exact: true }).waitFor()
    await drop(page, list, ['one.csv', csvOf(5, ['cloudCX3'])], ['other.csv', csvOf(6, ['cloudCX3'])])
    await page
      .getByRole('alert')
      .getByText('A list is one file: take one after the other. The list from before')
      .waitFor()
    await drop(page, list, ['other.csv', csvOf(6, ['cloudCX3'])])
    await page.getByText('6 rows', { exact: true }).waitFor()
    expect(await page.getByText('A list is one file').count()).toBe(0)
    await page.getByLabel('Reason', { exact: true }).fill('a new site')
    await page.getByRole('button', { name: 'Clear' }).click()
    await page.getByRole('button', { name: 'Clear' }).waitFor({ state: 'detached' })
    for (const field of [list, page.getByLabel('Reason', { exact: true })])
      expect(await field.inputValue()).toBe('')
  })

  it('is the file that was chosen, though it is planned before that is read', async () => {
    const page = await as('operator', { at: '/lists' })
    await page.getByLabel('The list').fill(csvOf(3, ['cloudCX3']))
    await page.evaluate(`{
      const { arrayBuffer } = Blob.prototype
      Blob.prototype.arrayBuffer = async function () {
        await new Promise((go) => { window.readOn = go })
        return await arrayBuffer.call(this)
      }
    }`)
    await choose(page, csvOf(5, ['wallboardUser']))
    await look(page).click()
    await page.evaluate('window.readOn()')
    await page.getByRole('heading', { name: /^Give wallboardUser to / }).waitFor()
  })

  it('that was planned and has bad rows is mended in its own text and reason, while another one is typed', async () => {
    const page = await as('operator', { at: '/lists' })
    const rows = Array.from({ length: 2_001 }, (_, n) => `nobody-${n}@example.com,cloudCX3,add`)
    await choose(page, ['user,license,action', ...rows].join('\n'))
    await page.getByText('2,001 rows', { exact: true }).waitFor()
    await page.getByLabel('Reason', { exact: true }).fill('A new site')
    await look(page).click()
    await page.getByText('It is planned from a reading of the whole organization').waitFor()
    const at = new URL(page.url()).hash
    await page.getByRole('link', { name: 'All lists' }).click()
    await page.getByLabel('The list').fill('user,license,action')
    await page.getByLabel('Reason', { exact: true }).fill('Another site')
    // It asks for a reading, some seconds after it was handed in, and finds it half a minute later: a tick comes each minute.
    await stack.aws.advance(2 * 60_000)
    await takeReadingOfStack()
    await stack.aws.advance(2 * 60_000)
    await page.evaluate(`location.hash = '${at}'`)
    const first = page.getByLabel('Line 2', { exact: true })
    expect(await first.inputValue()).toBe(rows[0])
    await first.fill('Ana Abebe,cloudCX3,add')
    expect(await page.getByLabel('The list').inputValue()).toContain('\nAna Abebe,cloudCX3,add\nnobody-1@')
    expect(await page.getByLabel('Reason', { exact: true }).inputValue()).toBe('A new site')
    await page.getByRole('link', { name: 'All lists' }).click()
    await page.getByRole('heading', { name: 'The newest lists' }).waitFor()
    expect(await page.getByLabel('The list').inputValue()).toBe('user,license,action')
    expect(await page.getByLabel('Reason', { exact: true }).inputValue()).toBe('Another site')
  })

  it('is kept where it was typed on while it was handed in, and so is where whoever handed it in has gone', async () => {
    const page = await as('operator', { at: '/lists' })
    const answer = Promise.withResolvers<void>()
    await page.route('**/v1/changes?isDraft=true*', async (route) => {
      await answer.promise
      await route.continue()
    })
    await page.getByLabel('The list').fill(csvOf(3, ['cloudCX3']))
    await look(page).click()
    await page.getByLabel('Reason', { exact: true }).fill('A new site')
    await page.getByRole('link', { name: 'Seats' }).first().click()
    const answered = page.waitForResponse(/isDraft/)
    answer.resolve()
    await answered
    await page.getByRole('status').getByText('cloudCX3').first().waitFor()
    expect(new URL(page.url()).hash).toBe('#/seats')
    await page.getByRole('link', { name: 'Lists' }).first().click()
    expect(await page.getByLabel('Reason', { exact: true }).inputValue()).toBe('A new site')
    expect(await page.getByLabel('The list').inputValue()).toBe(csvOf(3, ['cloudCX3']))
  })

  it('of more rows than a field takes is mended row by row all the same', async () => {
    const page = await as('operator', { at: '/lists' })
    const rows = Array.from({ length: 10_000 }, (_, n) => `nobody-${n}@example.com,cloudCX3,add`)
    await choose(page, ['user,license,action', ...rows].join('\n').replaceAll(',add', ',ad'))
    await page.getByText('10,000 rows, which is more than can be shown here').waitFor()
    expect(await page.getByLabel('The list').count()).toBe(0)
    await look(page).click()
    await page.getByRole('heading', { name: 'The first 25 rows to mend' }).waitFor()
    await page.getByLabel('Line 2', { exact: true }).fill('nobody@example.com,cloudCX3,remove')
    await page.getByLabel('Choose a file').setInputFiles({
      name: 'list.xls',
      mimeType: 'application/zip',
      buffer: Buffer.from('PK\u0003\u0004 and more'),
    })
    await page.getByRole('alert').getByText('list.xls is not taken. This is an Excel workbook').waitFor()
    await choose(page, ['user,license,action', ...rows, 'x'.repeat(4 * 1024 * 1024)].join('\n'))
    await page.getByText('10,001 rows, which is more').waitFor()
    await look(page).click()
    await page.getByRole('alert').getByText('The list is larger than 4 MB').waitFor()
    await page.getByRole('button', { name: 'Take it away' }).click()
    expect(await page.getByLabel('The list').inputValue()).toBe('')
    forgive()
  })

  it('that is no text, or none at all, says what to do', async () => {
    const page = await as('operator', { at: '/lists' })
    await page.getByLabel('Choose a file').setInputFiles({
      name: 'list.xlsx',
      mimeType: 'application/zip',
      buffer: Buffer.from('PK\u0003\u0004 and more'),
    })
    await page.getByRole('alert').getByText('This is an Excel workbook or the like.').waitFor()
    await page.getByLabel('The list').fill('')
    await look(page).click()
    await page.getByRole('alert').getByText('There is no list yet').waitFor()
    await page.getByLabel('The list').fill('name;what\nAna;cloudCX3')
    await look(page).click()
    await page
      .getByRole('alert')
      .getByText('must name user, license and action in its first line: it names none of them')
      .waitFor()
    forgive()
  })
})

describe('all of it fits', () => {
  it('on the narrowest screen and a wide one, in each look', async () => {
    const page = await as('operator', { at: '/lists', viewport: { width: 320, height: 640 } })
    await page.getByText('What a list looks like').click()
    await expectFitInEachLook(page)
    await choose(page, `user,license,action\n${'x'.repeat(300)},cloudCX3,ad`)
    await page.getByText('1 row', { exact: true }).waitFor()
    await look(page).click()
    await page.getByRole('heading', { name: 'A row to mend' }).waitFor()
    await expectFitInEachLook(page)
    await page.setViewportSize({ width: 1280, height: 800 })
    await expectFitInEachLook(page)
    forgive()
  })
})
