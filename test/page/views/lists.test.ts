/** Lists, as a viewer, an operator and an approver meet them. */
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { expectFit, pageVisits } from './visit-page.ts'

const { stack, as, forgive } = await pageVisits({ org: { users: 130 } })

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
const look = (page: Page) => page.getByRole('button', { name: 'Look at what it does' })

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
    await page.getByLabel('Why', { exact: true }).fill('A new site')
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
    await page.getByRole('row', { name: /^gc1WEMupgrade 130/ }).waitFor()
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
})
