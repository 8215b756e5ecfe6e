/** Lists, as a viewer, an operator and an approver meet them. */
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
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

const state = (page: Page, text: string) => page.locator('.heading .chip', { hasText: text })
const look = (page: Page) => page.getByRole('button', { name: 'Plan it' })

function choose(page: Page, text: string): Promise<void> {
  return page
    .getByLabel('Choose a file')
    .setInputFiles({ name: 'list.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
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
    await page.keyboard.press('Enter')
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
    await page.getByText('The first 50 rows').waitFor()
    await expectFit(page)
    await page.getByRole('button', { name: 'Confirm' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('How many people it changes').fill('12')
    await page.keyboard.press('Enter')
    await dialog.getByRole('alert').waitFor()
    forgive()
    await dialog.getByLabel('How many people it changes').fill('130')
    await page.keyboard.press('Enter')
    await page.getByRole('progressbar', { name: 'How far it is' }).waitFor()
    await state(page, 'Done').waitFor()
    await page.getByText('520 of 520').waitFor()
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
    await operator.getByLabel('Reason', { exact: true }).fill('A new site')
    await look(operator).click()
    await operator.getByRole('button', { name: 'Confirm' }).click()
    await operator.getByLabel('How many people it changes').fill('130')
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
    await operator.getByRole('button', { name: 'Call off' }).click()
    await operator.getByRole('button', { name: 'Call it off' }).click()
    await operator.getByText(/^Called off by local-operator/).waitFor()
    await operator.getByRole('button', { name: 'Try again' }).waitFor()
    await viewer.getByText(/^Called off by local-operator/).waitFor()
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

  it('of more rows than a field takes is mended row by row all the same', async () => {
    const page = await as('operator', { at: '/lists' })
    const rows = Array.from({ length: 10_000 }, (_, n) => `nobody-${n}@example.com,cloudCX3,add`)
    await choose(page, ['user,license,action', ...rows].join('\n').replaceAll(',add', ',ad'))
    await page.getByText('10,000 rows, which is more than can be shown here').waitFor()
    expect(await page.getByLabel('The list').count()).toBe(0)
    await look(page).click()
    await page.getByRole('heading', { name: 'The first 25 rows to mend' }).waitFor()
    await page.getByLabel('Line 2', { exact: true }).fill('nobody@example.com,cloudCX3,remove')
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
    await page.getByRole('alert').getByText('has no column user and license and action').waitFor()
    forgive()
  })
})

describe('all of it fits', () => {
  it('on the narrowest screen and a wide one, in each look', async () => {
    const page = await as('operator', { at: '/lists', viewport: { width: 320, height: 640 } })
    await page.getByText('What a list looks like').click()
    await expectFitInEachLook(page)
    await choose(page, `user,license,action\n${'x'.repeat(300)},cloudCX3,ad`)
    await look(page).click()
    await page.getByRole('heading', { name: 'A row to mend' }).waitFor()
    await expectFitInEachLook(page)
    await page.setViewportSize({ width: 1280, height: 800 })
    await expectFitInEachLook(page)
    forgive()
  })
})
