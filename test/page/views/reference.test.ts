/** The API reference: whoever is signed in reads it. */
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { operations } from '../../../lib/operations/index.ts'
import { expectFitInEachLook, pageVisits } from './visit-page.ts'

const { stack, as } = await pageVisits()

const heading = (page: Page, text: string | RegExp) => page.getByRole('heading', { level: 1, name: text })
const rows = (page: Page) => page.locator('.operations .row')

describe('the API reference', () => {
  it('lists every operation, which are found by typing, and each has its own address', async () => {
    const page = await as('viewer', { at: '/api' })
    await rows(page)
      .nth(operations.length - 1)
      .waitFor()
    const [methods, paths] = await Promise.all(
      ['.method', 'code'].map((part) => rows(page).locator(part).allInnerTexts()),
    )
    expect(methods?.map((method, place) => `${method} ${paths?.[place]}`).sort()).toEqual(
      operations.map(({ method, path }) => `${method} ${path}`).sort(),
    )
    await page.getByLabel('Find an operation').fill('schedule approve')
    await expect.poll(() => rows(page).count()).toBeLessThan(6)
    await page.getByRole('link', { name: 'Approve a schedule that another person made' }).click()
    await heading(page, 'Approve a schedule that another person made').waitFor()
    expect(new URL(page.url()).hash).toBe('#/api/approveSchedule')
    await page.goBack()
    expect(await page.getByLabel('Find an operation').inputValue()).toBe('schedule approve')
  })

  it('says of an operation what it takes and answers, with a line to copy that has no token in it', async () => {
    const role = 'operator'
    const page = await as(role, { at: '/api/createSchedule' })
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.getByText('operator, or one above it').waitFor()
    const line = page.getByRole('region', { name: 'A curl line' })
    expect(await line.innerText()).toContain(`curl -X POST '${stack.gateway}/v1/schedules'`)
    await page.getByRole('button', { name: 'Copy' }).first().click()
    await page.getByText('Copied.').first().waitFor()
    const copied = await page.evaluate<string>('navigator.clipboard.readText()')
    expect(copied).toContain('-H "Authorization: Bearer $TOKEN"')
    expect(copied).not.toContain(stack.tokens[role])
    await page.getByRole('row', { name: /^timeZone text The name of an IANA time zone/ }).waitFor()
    // What is within is drawn when it is opened.
    expect(await page.getByRole('row', { name: /^kind/ }).count()).toBe(0)
    await page.getByText('change: ChangeOrder').first().click()
    await page.getByText('change: AssignmentsOrder').first().click()
    await page.getByRole('row', { name: /^kind always there "assignments"/ }).waitFor()
    await page.getByText('How it may look, by its schema').first().click()
    const example = await page.getByRole('region', { name: 'Answer, as it may look' }).innerText()
    expect(JSON.parse(example)).toMatchObject({ state: 'CREATING', timeZone: 'Europe/Berlin' })
    await page.getByRole('row', { name: /^403 The caller’s role|^403 The caller's role/ }).waitFor()
  })

  it('says so of what is no operation', async () => {
    const page = await as('viewer', { at: '/api/getNothing' })
    await heading(page, 'No such operation').waitFor()
  })

  it('draws every operation, in a moment each', async () => {
    const page = await as('viewer', { at: '/api' })
    await rows(page)
      .nth(operations.length - 1)
      .waitFor()
    for (const { id, summary } of operations) {
      await page.evaluate(`location.hash = '#/api/${id}'`)
      await heading(page, summary).waitFor()
      await page.evaluate(`document.querySelectorAll('.within').forEach((each) => { each.open = true })`)
      expect(await page.locator('.operation').innerText(), id).not.toMatch(/undefined|\[object/)
    }
  })

  it('fits on the narrowest screen, in each look', async () => {
    const page = await as('viewer', { at: '/api', viewport: { width: 320, height: 640 } })
    await rows(page).first().waitFor()
    await expectFitInEachLook(page)
    await page.goto(`${stack.gateway}/#/api/createChange`)
    await heading(page, /./).waitFor()
    await page.locator('.within > summary').first().click()
    await expectFitInEachLook(page)
  })
})
