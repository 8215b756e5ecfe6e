/** What waits for approval, as a viewer, an operator and an approver meet it. */
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { senderIn } from './send-as.ts'
import { expectFitInEachLook, pageVisits } from './visit-page.ts'

const { stack, as, forgive } = await pageVisits()
const send = senderIn(stack)

const users = () => Object.keys(stack.org.truth().users)

/** Gives a license that takes a second person. */
function askForApproval(
  reason = 'new on the team',
  userIds = users().slice(0, 1),
  role: 'operator' | 'approver' = 'operator',
) {
  const assignments = [{ licenseId: 'cxCloudSN', userIdsAdd: userIds, userIdsRemove: [] }]
  return send('POST', '/v1/changes', role, { kind: 'assignments', assignments, reason })
}

const heading = (page: Page, text: string | RegExp) => page.getByRole('heading', { level: 1, name: text })
const mine = (page: Page) => page.getByRole('list', { name: 'Waits for you' }).getByRole('listitem')
const state = (page: Page, text: string) => page.locator('.heading .chip', { hasText: text })

/** Of the tab of approvals: its width, how much of that its name does not take, and how far from its beginning the next one's is. Pixels. */
const TABS = `(() => {
  const tab = document.querySelector('nav a[href="#/approvals"]')
  const name = document.createRange()
  name.selectNode(tab.firstChild)
  const { x, width } = tab.getBoundingClientRect()
  return [width, width - name.getBoundingClientRect().width, tab.nextSibling.getBoundingClientRect().x - x]
})()`

/** How far below the line that nothing waits the next heading stands. Pixels. */
const BELOW_EMPTY = `document.querySelector('.approvals h2').getBoundingClientRect().top
  - document.querySelector('.empty').getBoundingClientRect().bottom`

/** What is asked for there gets no answer before it is released. */
async function holdAnswers(page: Page, pattern: string) {
  const asked = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  await page.route(pattern, async (route) => {
    asked.resolve()
    await released.promise
    await route.fallback()
  })
  return { asked: asked.promise, release: released.resolve }
}

async function approve(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Approve' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click()
}

describe('what waits for approval', () => {
  it('is counted on the tab and in the title, read as a whole, and approved one after the other', async () => {
    const page = await as('approver', { at: '/approvals' })
    await page.getByText('Nothing waits for you.').waitFor()
    const tabs = await page.evaluate<number[]>(TABS)
    expect(tabs[1], 'beside its name').toBeLessThan(20)
    await askForApproval('<img src=x onerror="document.title=1"> & more', users().slice(0, 25))
    await askForApproval('the second')
    await mine(page).nth(1).waitFor()
    const tab = page.getByRole('link', { name: 'Approvals 2 wait for you' })
    await tab.waitFor()
    // What comes to wait moves no tab.
    expect(await page.evaluate(TABS)).toEqual(tabs)
    await expect.poll(() => page.title()).toBe('(2) Approvals – License gateway')
    await mine(page).getByRole('link', { name: 'Give cxCloudSN to 25 people' }).click()
    await heading(page, 'Give cxCloudSN to 25 people').waitFor()
    await page.getByText('<img src=x onerror="document.title=1"> & more').waitFor()
    await page.getByText(/Ana Abebe asks for this\. A second person must approve/).waitFor()
    const people = page.getByRole('table', { name: 'Before and after' }).getByRole('row')
    await expect.poll(() => people.count()).toBe(21)
    await page.getByRole('button', { name: 'Show more' }).click()
    await expect.poll(() => people.count()).toBe(26)
    await page.getByRole('row', { name: /^cxCloudSN 25/ }).waitFor()
    await approve(page)
    await state(page, 'Done').waitFor()
    await page.getByText('Chloé Costa has approved it.').waitFor()
    await page.getByRole('link', { name: 'Give cxCloudSN to Ana Abebe' }).click()
    await heading(page, 'Give cxCloudSN to Ana Abebe').waitFor()
  })

  it('two approvers decide at once: the second is told who was quicker, and sees it as it is', async () => {
    const { id, digest } = await askForApproval()
    const page = await as('approver', { at: `/approvals/${id}` })
    await page.getByRole('button', { name: 'Approve' }).click()
    await page.getByRole('dialog').waitFor()
    await send('POST', `/v1/changes/${id}/approve`, 'approver', { digest })
    await page
      .getByRole('dialog')
      .getByText(/Chloé Costa has approved it\. It is at “Done” by now/)
      .waitFor()
    await page.keyboard.press('Escape')
    await page.getByText('Nothing else waits for you.').waitFor()
  })

  it('is looked at by whoever asked, who is told why they cannot approve', async () => {
    const { id } = await askForApproval()
    const operator = await as('operator', { at: `/approvals/${id}` })
    await operator.getByText('You have asked for it yourself, so somebody else must approve it.').waitFor()
    expect(await operator.getByRole('button', { name: 'Approve' }).count()).toBe(0)
    const viewer = await as('viewer', { at: '/approvals' })
    await viewer.getByText('To approve takes the role approver').waitFor()
    await viewer
      .getByRole('list', { name: 'Waits for an approver' })
      .getByRole('link', { name: 'Give cxCloudSN to Ana Abebe' })
      .click()
    await viewer.getByText('You cannot approve it: that takes the role approver').waitFor()
  })

  it('for somebody else stands apart from the line that nothing waits for oneself', async () => {
    await askForApproval('new on the team', users().slice(0, 1), 'approver')
    const page = await as('approver', { at: '/approvals' })
    await page.getByRole('heading', { name: 'Waits for somebody else' }).waitFor()
    expect(await page.evaluate(BELOW_EMPTY)).toBeGreaterThanOrEqual(16)
  })

  it('may be a schedule, with its times, which it leads to and back from', async () => {
    const [id = ''] = users()
    await send('POST', '/v1/schedules', 'operator', {
      rate: '2 hours',
      change: {
        kind: 'assignments',
        assignments: [{ licenseId: 'cxCloudSN', userIdsAdd: [id], userIdsRemove: [] }],
        reason: 'each shift',
        revertAfter: 'PT1H',
      },
    })
    const page = await as('approver', { at: '/approvals' })
    const schedules = await holdAnswers(page, '**/v1/schedules?*')
    const names = await holdAnswers(page, '**/v1/users?id=*')
    // What was answered before would stand there at once.
    await page.reload()
    await schedules.asked
    await page.getByText('Reading…').waitFor()
    expect(await page.getByText('Nothing waits for you.').count()).toBe(0)
    schedules.release()
    await names.asked
    expect(await page.getByText(id).count()).toBe(0)
    names.release()
    await mine(page)
      .getByRole('link', { name: 'Give cxCloudSN to Ana Abebe, for 1 hour, every 2 hours', exact: true })
      .click()
    await heading(page, 'Give cxCloudSN to Ana Abebe').waitFor()
    await approve(page)
    await state(page, 'Active').waitFor()
    await page.getByRole('link', { name: 'All that waits' }).click()
    await heading(page, 'Approvals').waitFor()
  })
})

describe('all of it fits', () => {
  it('on the narrowest screen and a wide one, in each look', async () => {
    const { id } = await askForApproval(`because-of-${'x'.repeat(200)}`)
    const page = await as('approver', { at: '/approvals', viewport: { width: 320, height: 640 } })
    await mine(page).first().waitFor()
    await expectFitInEachLook(page)
    await page.goto(`${stack.gateway}/#/approvals/${id}`)
    await page.getByRole('list', { name: 'Steps' }).waitFor()
    await expectFitInEachLook(page)
    await page.setViewportSize({ width: 1280, height: 800 })
    await expectFitInEachLook(page)
    forgive()
  })
})
