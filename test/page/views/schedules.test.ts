/** Schedules, and what goes back soon, as a viewer, an operator and an approver meet them. */
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { Schedule } from '../../../lib/changes/answers/schedule-schemas.ts'
import type { Role } from '../../../lib/roles.ts'
import { sendRaw } from '../../support/gateway.ts'
import { endSignIn, expectFitInEachLook, pageVisits } from './visit-page.ts'

const { stack, as, forgive } = await pageVisits()

let keys = 0

async function send<T>(method: string, path: string, role: Role, body?: object): Promise<T> {
  keys += 1
  const { status, text } = await sendRaw(stack, {
    method,
    path,
    role,
    headers: ['Content-Type', 'application/json', 'Idempotency-Key', `key-${keys}`],
    ...(body && { body: JSON.stringify(body) }),
  })
  expect(status, text).toBeLessThan(300)
  return JSON.parse(text)
}

const [ana = '', ...others] = Object.keys(stack.org.truth().users)

/** By a license that takes a second person, or by one that does not. */
function makeSchedule(licenseId: string, reason = 'the early shift', ids = [ana]): Promise<Schedule> {
  const assignments = [{ licenseId, userIdsAdd: ids, userIdsRemove: [] }]
  const change = { kind: 'assignments', assignments, reason, revertAfter: 'PT10H' }
  return send('POST', '/v1/schedules', 'operator', {
    cron: '0 8 ? * MON *',
    timeZone: 'Europe/Berlin',
    change,
  })
}

async function deleteAll(): Promise<void> {
  const { entities } = await send<{ entities: Schedule[] }>('GET', '/v1/schedules?limit=100', 'viewer')
  for (const { id } of entities) await send('DELETE', `/v1/schedules/${id}`, 'operator')
}

const heading = (page: Page, text: string | RegExp) => page.getByRole('heading', { level: 1, name: text })
const state = (page: Page, text: string) => page.locator('.heading .chip', { hasText: text })
const rows = (page: Page) =>
  page.getByRole('list', { name: 'Schedules, the newest first' }).getByRole('listitem')

describe('schedules', () => {
  it('are made in words, looked at once more, and deleted, all on the page', async () => {
    await deleteAll()
    const page = await as('operator', { at: '/schedules' })
    await page.getByText('Make one with “New schedule”').waitFor()
    await page.getByRole('link', { name: 'New schedule' }).click()
    await page.getByRole('button', { name: 'Look at it' }).click()
    // What is wanting is said in place, and focus is where to go on.
    await page.getByRole('alert').getByText('Choose a license.').waitFor()
    await expect
      .poll(() => page.evaluate<string>('document.activeElement.labels?.[0]?.textContent ?? ""'))
      .toBe('License')
    await page.getByLabel('License').selectOption('wallboardUser')
    const nobody = page.getByText('Choose at least one person.')
    await nobody.waitFor()
    await page.getByLabel('Find somebody').fill('ana a')
    await page.getByRole('button', { name: 'Choose Ana Abebe' }).waitFor()
    // It is not said to whoever is about to, and is once they hand it in without.
    await nobody.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Look at it' }).click()
    await nobody.waitFor()
    await page.getByRole('button', { name: 'Choose Ana Abebe' }).click()
    await page.getByLabel('It happens').selectOption('On days of the week')
    await page.getByRole('checkbox', { name: 'Friday' }).check()
    await page.getByRole('checkbox', { name: 'Monday' }).check()
    await page.getByLabel('Time', { exact: true }).fill('07:30')
    await page.getByLabel('In the time of').selectOption('Asia/Tokyo')
    await page.getByLabel('Goes back after').fill('10')
    await page.getByLabel('Reason').fill('covers for a colleague')
    await page.getByRole('button', { name: 'Look at it' }).click()
    const dialog = page.getByRole('dialog', { name: 'Make this schedule?' })
    await dialog
      .getByText(
        'Give wallboardUser to Ana Abebe, for 10 hours, every Monday and Friday at 07:30 in Asia/Tokyo',
      )
      .waitFor()
    await dialog.getByText(/^Next /).waitFor()
    await dialog.getByRole('button', { name: 'Make it' }).click()
    await state(page, 'Active').waitFor()
    await heading(page, 'Give wallboardUser to Ana Abebe').waitFor()
    await page.getByText('covers for a colleague').waitFor()
    await page.getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await state(page, 'Deleted').waitFor()
    expect(await page.getByRole('button', { name: 'Delete' }).count()).toBe(0)
    await page.getByRole('link', { name: 'All schedules' }).click()
    await page.getByText('No schedule is to come.').waitFor()
    await page.getByLabel('Show').selectOption('Also what has ended')
    await rows(page).first().waitFor()
  })

  it('that the gateway refuses say why, and nothing typed is lost', async () => {
    const page = await as('operator', { at: '/schedules/new' })
    await page.getByLabel('It is to').selectOption('Switch a toggle')
    await page.getByLabel('Toggle').fill('agentAssist')
    await page.getByLabel('It happens').selectOption('By a cron expression')
    await page.getByLabel('Cron expression').fill('0 8 30 2 ? *')
    await page.getByRole('button', { name: 'Look at it' }).click()
    await page.getByRole('button', { name: 'Make it' }).click()
    await page
      .getByRole('dialog')
      .getByRole('alert')
      .getByText(/must be able to fire/)
      .waitFor()
    await page.keyboard.press('Escape')
    expect(await page.getByLabel('Cron expression').inputValue()).toBe('0 8 30 2 ? *')
    forgive()
  })

  it('that want a reason say so at its field, and focus is there', async () => {
    const page = await as('operator', { at: '/schedules/new' })
    await page.getByLabel('Find somebody').fill('ana a')
    await page.getByRole('button', { name: 'Choose Ana Abebe' }).click()
    await page.getByLabel('License').selectOption('predictiveEngagementLicense')
    await page.getByLabel('It happens').selectOption('On a day of each month')
    await page.getByLabel('Day', { exact: true }).selectOption('The last day')
    await page.getByRole('button', { name: 'Look at it' }).click()
    await page.getByRole('button', { name: 'Make it' }).click()
    await page
      .getByText('A reason must be given for changes of the license predictiveEngagementLicense.')
      .waitFor()
    await expect
      .poll(() => page.evaluate<string>('document.activeElement.labels?.[0]?.textContent ?? ""'))
      .toBe('Reason')
    forgive()
  })

  it('whose maker’s token ends while they choose lose nothing of it', async () => {
    const page = await as('operator', { at: '/schedules/new' })
    await page.getByLabel('Find somebody').fill('ana a')
    await page.getByRole('button', { name: 'Choose Ana Abebe' }).click()
    await page.getByLabel('License').selectOption('wallboardUser')
    await page.getByLabel('It happens').selectOption('On a day of each month')
    await page.getByLabel('Day', { exact: true }).selectOption('The last day')
    await page.getByRole('button', { name: 'Look at it' }).click()
    await page.evaluate('window.isSamePage = true')
    await endSignIn(page, { isRenewed: false })
    await page.getByRole('button', { name: 'Make it' }).click()
    await expect.poll(() => page.evaluate('window.isSamePage').catch(() => true)).toBe(undefined)
    await page
      .getByRole('dialog', { name: 'Make this schedule?' })
      .getByText('Give wallboardUser to Ana Abebe, on the last day of every month at 08:00')
      .waitFor()
    await page.getByRole('button', { name: 'Leave out Ana Abebe' }).waitFor()
    expect(await page.getByLabel('License').inputValue()).toBe('wallboardUser')
    await page.getByRole('button', { name: 'Make it' }).click()
    await state(page, 'Active').waitFor()
    forgive()
  })

  it('wait for a second person, who sees all that they approve, and whoever made it sees it approved', async () => {
    const { id } = await makeSchedule('cxCloudSN', '<img src=x onerror="document.title=1">', [
      ana,
      ...others.slice(0, 2),
    ])
    const operator = await as('operator', { at: `/schedules/${id}` })
    await state(operator, 'Waits for approval').waitFor()
    await operator.getByText('<img src=x onerror="document.title=1">').waitFor()
    expect(await operator.locator('.decisions button').allInnerTexts()).toEqual(['Delete'])
    const approver = await as('approver', { at: '/schedules' })
    await rows(approver)
      .getByRole('link', { name: 'Give cxCloudSN to 3 people, for 10 hours' })
      .first()
      .click()
    await approver.getByRole('row', { name: /Ana Abebe.*give cxCloudSN/ }).waitFor()
    expect(await approver.getByRole('table', { name: 'Each time' }).getByRole('row').count()).toBe(4)
    await approver.getByRole('button', { name: 'Approve' }).click()
    await approver.getByRole('dialog').getByRole('button', { name: 'Approve' }).click()
    for (const page of [approver, operator]) await state(page, 'Active').waitFor()
    await operator.getByText('Chloé Costa (local-approver)').waitFor()
    const viewer = await as('viewer', { at: `/schedules/${id}` })
    await state(viewer, 'Active').waitFor()
    expect(await viewer.locator('.decisions').count()).toBe(0)
    await viewer.getByRole('link', { name: 'All schedules' }).click()
    await rows(viewer).first().waitFor()
    expect(await viewer.getByRole('link', { name: 'New schedule' }).count()).toBe(0)
  })

  it('say to whoever approves what they would do to seats now', async () => {
    const everybody = [ana, ...others]
    const assignments = [
      { licenseId: 'cxCloudSN', userIdsAdd: [ana], userIdsRemove: [] },
      { licenseId: 'cloudCX3', userIdsAdd: everybody, userIdsRemove: [] },
    ]
    const change = { kind: 'assignments', assignments, reason: 'all of us, each week' }
    const { id } = await send<Schedule>('POST', '/v1/schedules', 'operator', { rate: '7 days', change })
    const page = await as('approver', { at: `/schedules/${id}` })
    const over = `Over its seats cloudCX3: ${everybody.length} held then, 100 paid for`
    const table = page.getByRole('table', { name: 'Seats, if it fired now' })
    await table.getByRole('row', { name: /^cloudCX3 100 .* Over its seats/ }).waitFor()
    await table.getByRole('row', { name: /^cxCloudSN not told/ }).waitFor()
    await page.getByText(/^Seats as of/).waitFor()
    await page.getByRole('button', { name: 'Approve' }).click()
    await page.getByRole('dialog').getByText(over).waitFor()
    await page.keyboard.press('Escape')
    await page.goto(`${stack.gateway}/#/approvals`)
    await page.getByRole('listitem').filter({ hasText: 'all of us, each week' }).getByText(over).waitFor()
  })

  it('are rejected with a reason, which whoever made them sees', async () => {
    const { id } = await makeSchedule('cxCloudSN')
    const operator = await as('operator', { at: `/schedules/${id}` })
    await state(operator, 'Waits for approval').waitFor()
    const page = await as('approver', { at: `/schedules/${id}` })
    await page.getByRole('button', { name: 'Reject' }).click()
    await page.getByLabel('Why it is rejected').fill('every second Monday is enough')
    await page.getByRole('dialog').getByRole('button', { name: 'Reject' }).click()
    for (const each of [page, operator]) {
      await state(each, 'Rejected').waitFor()
      await each.getByText('every second Monday is enough').waitFor()
      await expect.poll(() => each.locator('.decisions').count()).toBe(0)
      await each
        .locator('.facts div', { hasText: /^Rejected byChloé Costa/ })
        .locator('time')
        .waitFor()
    }
    // What was typed for it is there, to be made otherwise.
    await operator.getByRole('link', { name: 'Make it again' }).click()
    await heading(operator, 'New schedule').waitFor()
    await expect.poll(() => operator.getByLabel('Reason').inputValue()).toBe('the early shift')
    await operator.getByRole('checkbox', { name: 'Monday' }).uncheck()
    await operator.getByRole('checkbox', { name: 'Friday' }).check()
    await operator.getByRole('button', { name: 'Look at it' }).click()
    await operator
      .getByRole('dialog')
      .getByText('Give cxCloudSN to Ana Abebe, for 10 hours, every Friday at 08:00 in Europe/Berlin')
      .waitFor()
  })

  it('that nobody approves in time say so, and wait for nobody', async () => {
    const at = new Date(Date.now() + 3_600_000).toISOString().slice(0, 16)
    const [userId = ''] = others
    const assignments = [{ licenseId: 'cxCloudSN', userIdsAdd: [userId], userIdsRemove: [] }]
    const change = { kind: 'assignments', assignments, reason: 'once, and in time' }
    const { id } = await send<Schedule>('POST', '/v1/schedules', 'operator', { at, change })
    const page = await as('approver', { at: `/schedules/${id}` })
    await page.getByText(', its only time').waitFor()
    await page.goto(`${stack.gateway}/#/approvals`)
    const entry = page.getByRole('listitem').filter({ hasText: 'once, and in time' })
    await entry.waitFor()
    // As the gateway tells it an hour later.
    await page.route(/\/v1\/schedules/, async (route) => {
      const response = await route.fetch()
      const text = await response.text()
      await route.fulfill({
        response,
        body: text.replaceAll(`"${at}:00.000Z"`, `"${new Date().toISOString()}"`),
      })
    })
    await entry.waitFor({ state: 'detached' })
    await page.goto(`${stack.gateway}/#/schedules/${id}`)
    await state(page, 'Not approved in time').waitFor()
    expect(await page.locator('.turns').innerText()).toBe('')
  })

  it('that somebody else deleted while a dialog was open say so there', async () => {
    const { id } = await makeSchedule('cxCloudSN')
    const page = await as('approver', { at: `/schedules/${id}`, hasOwnClock: true })
    await page.getByRole('button', { name: 'Approve' }).click()
    await send('DELETE', `/v1/schedules/${id}`, 'operator')
    await page.clock.fastForward(6_000)
    await page.getByText('It is at “Deleted” by now, so this is not possible any more.').waitFor()
  })

  it('are told on the place of whoever they are about, as long as they are to come', async () => {
    await deleteAll()
    const { id } = await makeSchedule('wallboardUser')
    await makeSchedule('cxCloudSN', 'for another', others.slice(0, 1))
    const page = await as('viewer', { at: `/people/${ana}`, hasOwnClock: true })
    const section = page.getByRole('dialog').locator('section', { hasText: 'By schedule' })
    await section
      .getByRole('listitem')
      .filter({ hasText: 'Gets wallboardUser, for 10 hours, every Monday at 08:00 in Europe/Berlin' })
      .waitFor()
    expect(await section.getByRole('listitem').count()).toBe(1)
    await section.getByRole('link').click()
    await heading(page, 'Give wallboardUser to Ana Abebe').waitFor()
    await page.goBack()
    await section.getByRole('listitem').waitFor()
    await send('DELETE', `/v1/schedules/${id}`, 'operator')
    // Whoever looks on sees it go.
    await expect
      .poll(
        async () => {
          await page.clock.runFor(21_000)
          return await section.count()
        },
        { interval: 500 },
      )
      .toBe(0)
    await page.getByRole('dialog').getByText('Licenses now').waitFor()
  })

  it('that are not there say so', async () => {
    const page = await as('viewer', { at: '/schedules/00000000000000000000' })
    await heading(page, 'No such schedule').waitFor()
    forgive()
  })
})

describe('what goes back soon', () => {
  it('comes with the schedules above it, and is not pushed down by them', async () => {
    const { promise: isReleased, resolve: release } = Promise.withResolvers<void>()
    const page = await as('viewer', { at: '/toggles' })
    await page.route('**/v1/schedules?*', async (route) => {
      await isReleased
      await route.continue()
    })
    const told = page.waitForResponse((response) => response.url().includes('/v1/changes?due='))
    await page.getByRole('link', { name: 'Schedules', exact: true }).click()
    await (await told).finished()
    expect(await page.getByRole('heading', { name: 'Goes back soon' }).isVisible()).toBe(false)
    release()
    await page.getByRole('heading', { name: 'Goes back soon' }).waitFor()
    expect(await page.locator('.filters + .loading').isVisible()).toBe(false)
  })

  it('is kept for longer or ended by whoever may', async () => {
    const assignments = [{ licenseId: 'cxCloudSN', userIdsAdd: [others[5]], userIdsRemove: [] }]
    const order = { kind: 'assignments', assignments, revertAfter: 'PT8H', reason: 'a trial' }
    const { id, digest } = await send<{ id: string; digest: string }>(
      'POST',
      '/v1/changes',
      'operator',
      order,
    )
    await send('POST', `/v1/changes/${id}/approve`, 'approver', { digest })
    const viewer = await as('viewer', { at: '/schedules' })
    const list = (page: Page) => page.getByRole('list', { name: 'What goes back, the soonest first' })
    await list(viewer).getByText('in 8 hours').waitFor()
    expect(await viewer.getByRole('button', { name: 'End now' }).count()).toBe(0)
    const page = await as('operator', { at: '/schedules' })
    await list(page).getByRole('button', { name: 'Keep for longer' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('somebody other than whoever asked is asked before it stays for longer').waitFor()
    const inAMonth = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10)
    await dialog.getByLabel('Until when').fill(`${inAMonth}T09:00`)
    await page.keyboard.press('Enter')
    await heading(page, /^Keep cxCloudSN/).waitFor()
    await page.getByText('Waits for approval').first().waitFor()
    await page.goto(`${stack.gateway}/#/schedules`)
    await list(page).getByRole('button', { name: 'End now' }).waitFor()
    expect(await list(page).getByRole('button').allInnerTexts()).not.toContain('Undo')
    // Whoever hears it hears whose it is.
    await list(page)
      .getByRole('button', { name: /^End now: Give cxCloudSN to / })
      .click()
    await dialog.getByRole('button', { name: 'End it now' }).click()
    await heading(page, /^Take cxCloudSN from/).waitFor()
  })

  it('is told as ended to whoever is asked about it while others end it', async () => {
    const assignments = [{ licenseId: 'wallboardUser', userIdsAdd: [others[5]], userIdsRemove: [] }]
    const order = { kind: 'assignments', assignments, revertAfter: 'PT8H' }
    const { id, digest } = await send<{ id: string; digest: string }>(
      'POST',
      '/v1/changes',
      'operator',
      order,
    )
    await send('POST', `/v1/changes/${id}/apply`, 'operator', { digest })
    const page = await as('operator', { at: '/schedules', hasOwnClock: true })
    await page.getByRole('button', { name: /^Keep for longer: Give wallboardUser/ }).click()
    await send('POST', `/v1/changes/${id}/end`, 'operator')
    const dialog = page.getByRole('dialog')
    const told = dialog.getByRole('alert').getByText('so this is not possible any more')
    // One answer that is on its way may be from before.
    await expect
      .poll(async () => {
        await page.clock.fastForward(11_000)
        return await told.count()
      })
      .toBe(1)
    await dialog.locator('.dialog-foot').getByRole('button', { name: 'Close' }).click()
    await page.getByText('Nothing goes back by itself in that time.').waitFor()
  })
})

describe('all of it fits', () => {
  it('on the narrowest screen, in each look', async () => {
    const { id } = await makeSchedule('cxCloudSN', `because-of-${'x'.repeat(200)}`, [
      ana,
      ...others.slice(0, 3),
    ])
    const page = await as('approver', { at: '/schedules', viewport: { width: 320, height: 640 } })
    await rows(page).first().waitFor()
    await expectFitInEachLook(page)
    await page.goto(`${stack.gateway}/#/schedules/${id}`)
    await page.getByRole('table', { name: 'Each time' }).waitFor()
    await expectFitInEachLook(page)
    await page.getByRole('button', { name: 'Approve' }).click()
    await expectFitInEachLook(page)
    await page.keyboard.press('Escape')
    await page.goto(`${stack.gateway}/#/schedules/new`)
    await heading(page, 'New schedule').waitFor()
    await page.getByLabel('It happens').selectOption('On days of the week')
    await page.getByLabel('Find somebody').fill('a')
    await page.getByRole('button', { name: 'Choose' }).first().click()
    await page.getByRole('button', { name: 'Look at it' }).click()
    await page.getByRole('alert').first().waitFor()
    await expectFitInEachLook(page)
  })
})
