/** The view of changes, as a viewer, an operator and an approver meet it. */
import { readFile } from 'node:fs/promises'
import type { Page, Route } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { Change } from '../../../lib/changes/answers/change-schemas.ts'
import { sendRaw } from '../../support/gateway.ts'
import { senderIn } from './send-as.ts'
import { expectFitInEachLook, pageVisits } from './visit-page.ts'

const { stack, as, forgive } = await pageVisits()

/** What has focus, by its own text. */
const FOCUSED = 'document.activeElement === document.body ? undefined : document.activeElement.textContent'

/** As any tool over the API, which no page hears of. */
const send = senderIn(stack)

const switchOn = (featureName: string, reason = 'a trial') =>
  send('PUT', `/v1/toggles/${featureName}`, 'operator', { enabled: true, reason })

/** Gives a license that takes a second person. */
function askForApproval(reason = 'new on the team'): Promise<Change> {
  const [id = ''] = Object.keys(stack.org.truth().users)
  const assignments = [{ licenseId: 'cxCloudSN', userIdsAdd: [id], userIdsRemove: [] }]
  return send('POST', '/v1/changes', 'operator', { kind: 'assignments', assignments, reason })
}

async function stateOnRecord(id: string): Promise<string> {
  const { state }: Change = JSON.parse((await sendRaw(stack, { path: `/v1/changes/${id}` })).text)
  return state
}

const heading = (page: Page, text: string | RegExp) => page.getByRole('heading', { level: 1, name: text })
const rows = (page: Page) =>
  page.getByRole('list', { name: 'Changes, the newest first' }).getByRole('listitem')
const state = (page: Page, text: string) => page.locator('.heading .chip', { hasText: text })

describe('the list of changes', () => {
  it('is empty before anybody made one, and has those of others by itself, the newest first', async () => {
    const page = await as('viewer', { at: '/changes' })
    await page.getByText('Nobody has changed anything yet.').waitFor()
    await switchOn('agentAssist')
    await switchOn('wallboards')
    await rows(page).nth(1).waitFor()
    expect(await rows(page).allInnerTexts()).toEqual([
      expect.stringContaining('Switch wallboards on'),
      expect.stringMatching(/So already[\s\S]*Switch agentAssist on[\s\S]*Ana Abebe, because a trial/),
    ])
  })

  it('beyond what one answer has stays whole while others come, and another filter shows none of what comes late', async () => {
    const one = await switchOn('agentAssist')
    let ids = Array.from({ length: 330 }, (_, place) => `c${1_000 - place}`)
    const { promise: isLate, resolve: comeLate } = Promise.withResolvers<void>()
    const page = await as('viewer', { at: '/toggles', hasOwnClock: true })
    await page.route('**/v1/changes?*', async (route) => {
      const query = new URL(route.request().url()).searchParams
      if (query.has('state')) return await route.fallback()
      const from = ids.indexOf(query.get('cursor') ?? '') + 1
      const some = ids.slice(from, from + Number(query.get('limit')))
      const next = ids.at(-1) === some.at(-1) ? undefined : some.at(-1)
      if (next === undefined) await isLate
      await route.fulfill({ json: { entities: some.map((id) => ({ ...one, id })), next } })
    })
    await page.getByRole('link', { name: 'Changes', exact: true }).click()
    for (const count of [25, 50, 75, 100, 200]) {
      await page.locator('.pager').getByText(`The first ${count} changes`).waitFor()
      if (count < 200) await page.getByRole('button', { name: 'Show more' }).click()
    }
    ids = ['n2', 'n1', ...ids]
    const isThere = (id: string) => page.locator(`a[href="#/changes/${id}"]`).waitFor()
    const isReadOn = page.waitForResponse((response) => response.url().includes('cursor=c903'))
    await page.clock.runFor(5_000)
    await isThere('n2')
    await isThere('c902')
    await isReadOn
    await isThere('c803')
    await page.locator('a[href="#/changes/c802"]').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Show more' }).click()
    await page.locator('.pager').getByText('The first 300 changes').waitFor()
    const late = page.waitForResponse((response) => response.url().includes('cursor=c703'))
    await page.getByRole('button', { name: 'Show more' }).click()
    await page.getByLabel('Show').selectOption('Failed')
    await page.getByText('No change fits all of these filters.').waitFor()
    comeLate()
    await (await late).finished()
    await page.evaluate("fetch('config.json').then((answer) => answer.text())")
    expect(await rows(page).count()).toBe(0)
  })

  it('that has a state which the page does not know is shown with it; where it knows nothing of all that it says so, and the other views go on', async () => {
    await switchOn('agentAssist')
    const page = await as('viewer', { at: '/toggles' })
    let answered: object = { state: 'FROM_TOMORROW' }
    await page.route(/v1\/changes(\/|\?)/, async (route) => {
      const { entities, ...change } = await (await route.fetch()).json()
      const first = { ...(entities?.[0] ?? change), ...answered }
      await route.fulfill({ json: entities ? { entities: [first] } : first })
    })
    const changes = page.getByRole('link', { name: 'Changes', exact: true })
    await changes.click()
    await rows(page)
      .filter({ hasText: /^FROM_TOMORROW\s*Switch agentAssist on/ })
      .getByRole('link')
      .click()
    await state(page, 'FROM_TOMORROW').waitFor()
    answered = { desired: undefined }
    await changes.click()
    await rows(page).first().getByRole('link').click()
    await heading(page, 'This cannot be shown').waitFor()
    await page.getByRole('button', { name: 'Reload' }).waitFor()
    await page.getByRole('link', { name: 'Toggles' }).click()
    await heading(page, 'Toggles').waitFor()
  })

  it('is filtered by what the address says, and the way back leads through the filters', async () => {
    await switchOn('agentAssist')
    await askForApproval()
    const page = await as('viewer', { at: '/changes' })
    await rows(page).nth(1).waitFor()
    await page.getByLabel('Show').selectOption('Waits for approval')
    await rows(page).getByText('agentAssist').waitFor({ state: 'detached' })
    expect(new URL(page.url()).hash).toBe('#/changes?state=AWAITING_APPROVAL')
    await page.getByText('More filters').click()
    await page.getByLabel('License').selectOption('cloudCX3')
    await page.getByText('No change fits all of these filters.').waitFor()
    expect(new URL(page.url()).hash).toBe('#/changes?state=AWAITING_APPROVAL&license=cloudCX3')
    await page.goBack()
    await rows(page).first().waitFor()
    await page.goBack()
    await rows(page).nth(1).waitFor()
    expect(await page.getByLabel('Show').inputValue()).toBe('')
    await page.goto(`${stack.gateway}/#/changes?actor=anna`)
    await page.getByText('Nobody is known by the name “anna”.').waitFor()
    // What is filtered by stands open; days are picked, and people by their names.
    await page.goto(`${stack.gateway}/#/changes?license=cxCloudSN&to=2020-01-01`)
    await page.getByText('No change fits all of these filters.').waitFor()
    await page.getByLabel('Made on or before').fill('')
    await rows(page).first().waitFor()
    await page.getByLabel('Find somebody').fill('ana a')
    await page.getByRole('button', { name: 'Choose Ana Abebe' }).click()
    await page.getByRole('button', { name: 'Leave out Ana Abebe' }).waitFor()
    await rows(page).first().waitFor()
    expect(new URL(page.url()).hash).toBe(
      `#/changes?license=cxCloudSN&user=${Object.keys(stack.org.truth().users)[0]}`,
    )
  })

  it('goes on further down, and is found there again by the way back', async () => {
    for (const userId of Object.keys(stack.org.truth().users).slice(0, 27)) {
      const assignments = [{ licenseId: 'wallboardUser', userIdsAdd: [userId], userIdsRemove: [] }]
      await send('POST', '/v1/changes', 'operator', { kind: 'assignments', assignments })
    }
    const page = await as('viewer', { at: '/changes', viewport: { width: 1280, height: 400 } })
    await page.locator('.pager').getByText('The first 25 changes').waitFor()
    await page.getByRole('button', { name: 'Show more' }).click()
    await page.locator('.pager').getByText('All 27 changes').waitFor()
    await rows(page).getByRole('link', { name: 'Give wallboardUser to Ana Abebe' }).click()
    await heading(page, 'Give wallboardUser to Ana Abebe').waitFor()
    await expect.poll(() => page.evaluate('scrollY')).toBe(0)
    await page.goBack()
    await rows(page).nth(26).waitFor()
    await expect.poll(() => page.evaluate<number>('scrollY')).toBeGreaterThan(300)
    // By a link one arrives at the top.
    await page.getByRole('link', { name: 'Give wallboardUser to Ana Abebe' }).click()
    await page.getByRole('link', { name: 'All changes' }).click()
    await rows(page).nth(26).waitFor()
    await expect.poll(() => page.evaluate('scrollY')).toBe(0)
  })

  it('says what is wrong with a filter, and how to go on', async () => {
    const page = await as('viewer', { at: '/changes?license=no%20license' })
    await page
      .getByRole('alert')
      .getByText(/^license: /)
      .waitFor()
    await page.getByRole('button', { name: 'Show all' }).click()
    await page.getByText('Nobody has changed anything yet.').waitFor()
    forgive()
  })
})

describe('a change', () => {
  it('leads from the list to who held what before and will after, why, and each step', async () => {
    await askForApproval('<img src=x onerror="document.title=1"> & more')
    const page = await as('viewer', { at: '/changes' })
    await rows(page).getByRole('link', { name: 'Give cxCloudSN to Ana Abebe' }).click()
    await heading(page, 'Give cxCloudSN to Ana Abebe').waitFor()
    await page.getByRole('row', { name: 'Ana Abebe ana@example.com cloudCX2 cloudCX2, cxCloudSN' }).waitFor()
    await page.getByText('<img src=x onerror="document.title=1"> & more').waitFor()
    expect(await page.getByRole('list', { name: 'Steps' }).getByRole('listitem').count()).toBe(1)
    await expect.poll(() => page.title()).toBe('Give cxCloudSN to Ana Abebe – License gateway')
    // Who arrives is at its heading, and hears it.
    await expect.poll(() => page.evaluate(FOCUSED)).toBe('Give cxCloudSN to Ana Abebe')
    // A viewer may look.
    expect(await page.locator('.decisions').count()).toBe(0)
  })

  it('is approved by a second person, and whoever asked sees it without doing anything', async () => {
    const { id } = await askForApproval()
    const operator = await as('operator', { at: `/changes/${id}` })
    await operator.getByRole('button', { name: 'Call off' }).waitFor()
    expect(await operator.locator('.decisions button').allInnerTexts()).toEqual(['Call off'])
    await operator.getByText('You have asked for it yourself, so somebody else must approve it.').waitFor()
    // As a message in chat leads to it.
    const approver = await as('approver', { at: `/changes/${id}` })
    await approver.getByText(/Ana Abebe asks for this\. A second person must/).waitFor()
    await approver.getByRole('button', { name: 'Approve' }).click()
    await approver
      .getByRole('dialog', { name: 'Approve this change?' })
      .getByRole('button', { name: 'Approve' })
      .click()
    for (const page of [approver, operator]) await state(page, 'Done').waitFor()
    await approver.getByText('Chloé Costa has approved it. Nothing else waits for you.').waitFor()
    await operator.getByText('Chloé Costa (local-approver)', { exact: true }).waitFor()
    await operator.getByText('Results, one by one').click()
    await operator
      .getByRole('row', { name: /Ana Abebe ana@example.com give cxCloudSN not held done/ })
      .waitFor()
    const download = operator.waitForEvent('download')
    await operator.getByRole('button', { name: 'Download as CSV' }).click()
    const file = await readFile(await (await download).path(), 'utf8')
    expect(file.split('\n').length).toBeGreaterThan(1)
    expect((await download).suggestedFilename()).toMatch(/\.csv$/)
  })

  it('is rejected with a reason, which everybody sees', async () => {
    const { id } = await askForApproval()
    const page = await as('approver', { at: `/changes/${id}` })
    await page.getByRole('button', { name: 'Reject' }).click()
    await page.getByLabel('Why it is rejected').fill('the freeze')
    await page.keyboard.press('Enter')
    await state(page, 'Rejected').waitFor()
    await page.getByText('the freeze').waitFor()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    // Nothing was sent, so nothing came of it.
    await page.getByText('Results, one by one').waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'All changes' }).click()
    await rows(page)
      .getByText('Ana Abebe, because new on the team, rejected by Chloé Costa: the freeze')
      .waitFor()
  })

  it('that would give licenses for nothing warns of that before all else, and says once it has ended that it was known before', async () => {
    const [gone = '', ...others] = Object.keys(stack.org.truth().users)
    // They keep cloudCX2, which comprises cloudCX1.
    const upgraded = others.filter((id) => stack.org.truth().users[id]?.includes('cloudCX2')).slice(0, 2)
    stack.org.movePeople([{ id: gone, state: 'deleted' }])
    const giveTo = (licenseId: string, userIdsAdd: string[]) => ({ licenseId, userIdsAdd, userIdsRemove: [] })
    const { id } = await send('POST', '/v1/changes', 'operator', {
      kind: 'assignments',
      assignments: [giveTo('cxCloudSN', [gone]), giveTo('cloudCX1', upgraded)],
      reason: 'new on the team',
    })
    const page = await as('viewer', { at: `/changes/${id}` })
    const known = (title: string) => page.getByRole('list', { name: title }).getByRole('listitem')
    await expect
      .poll(async () => (await known('What to know').allInnerTexts()).join('\n'))
      .toMatch(
        /^Warning Ana Abebe is deleted in Genesys and would be given cxCloudSN\.\nWarning Ana Abebe would lack cloudCX1, which cxCloudSN needs\.\n(?!.*Warning).* and .* would also keep cloudCX2, which comprises cloudCX1\.$/s,
      )
    await send('POST', `/v1/changes/${id}/reject`, 'approver', { reason: 'they have left' })
    await known('What was known when it was planned').first().waitFor()
    expect(await known('What to know').count()).toBe(0)
  })

  it('that came too late is planned again from there', async () => {
    const { id } = await askForApproval()
    await send('POST', `/v1/changes/${id}/reject`, 'approver', {})
    const page = await as('operator', { at: '/toggles' })
    // As the gateway tells one that nobody approves for eight hours.
    await page.route(`**/v1/changes/${id}`, async (route) => {
      const response = await route.fetch()
      const change: Change = await response.json()
      const late = {
        state: 'EXPIRED',
        at: change.updatedAt,
        by: 'gateway',
        note: 'nobody approved it in time',
      }
      await route.fulfill({
        response,
        json: { ...change, state: 'EXPIRED', history: [...change.history, late], offers: ['retry'] },
      })
    })
    await page.goto(`${stack.gateway}/#/changes/${id}`)
    await state(page, 'Too late').waitFor()
    await page.locator('.facts div', { hasText: /^Not done becausenobody approved it in time$/ }).waitFor()
    await page.getByRole('button', { name: 'Plan it again' }).click()
    await state(page, 'Planned').waitFor()
    await page.getByRole('link', { name: id }).waitFor()
    await page.getByText('Nothing is sent yet, and nobody is asked.').waitFor()
  })

  it('is shown as it was when it was asked for last, whatever comes later', async () => {
    const { id } = await askForApproval()
    const page = await as('viewer', { at: `/changes/${id}`, hasOwnClock: true })
    await state(page, 'Waits for approval').waitFor()
    const { promise: isTaken, resolve: take } = Promise.withResolvers<void>()
    const { promise: isLate, resolve: comeLate } = Promise.withResolvers<void>()
    const path = `**/v1/changes/${id}`
    const hold = async (route: Route) => {
      const response = await route.fetch()
      take()
      await isLate
      await route.fulfill({ response })
    }
    await page.route(path, hold, { times: 1 })
    await page.clock.runFor(2_000)
    await isTaken
    await send('POST', `/v1/changes/${id}/reject`, 'approver', {})
    await page.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`)
    await state(page, 'Rejected').waitFor()
    const late = page.waitForResponse(path)
    comeLate()
    await (await late).finished()
    await page.evaluate("fetch('config.json').then((answer) => answer.text())")
    expect(await state(page, 'Rejected').count()).toBe(1)
  })

  it('that somebody else decided while a dialog was open says so there, and keeps what was typed', async () => {
    const { id, digest } = await askForApproval()
    const page = await as('approver', { at: `/changes/${id}` })
    await page.getByRole('button', { name: 'Reject' }).click()
    await page.getByLabel('Why it is rejected').fill('the freeze')
    await send('POST', `/v1/changes/${id}/approve`, 'approver', { digest })
    const dialog = page.getByRole('dialog')
    await dialog.getByText('It is at “Done” by now, so this is not possible any more.').waitFor()
    expect(await page.getByLabel('Why it is rejected').inputValue()).toBe('the freeze')
    await dialog.getByRole('button', { name: 'Close' }).first().click()
    await page.getByRole('button', { name: 'Undo' }).waitFor()
  })

  it('whose answer was lost is not asked for twice: the next press is the same request', async () => {
    const { id } = await askForApproval()
    const page = await as('approver', { at: `/changes/${id}` })
    const sent: (string | undefined)[] = []
    await page.route(`**/v1/changes/${id}/reject`, async (route) => {
      sent.push(route.request().headers()['idempotency-key'])
      if (sent.length > 1) return await route.continue()
      await route.fetch()
      await route.abort()
    })
    await page.getByRole('button', { name: 'Reject' }).click()
    await page.getByRole('button', { name: 'Reject it' }).click()
    // It is decided already, which the page finds out by itself; nothing was lost, and nothing is done twice.
    await state(page, 'Rejected').waitFor()
    // That is all there is to say: nothing went wrong.
    await page.getByRole('alert').getByText('It is at “Rejected” by now').waitFor()
    expect(await page.getByRole('alert').count()).toBe(1)
    expect(sent).toHaveLength(1)
    forgive()
  })

  it('that takes a license from many goes ahead for whoever types how many people it changes', async () => {
    const ids = Object.keys(stack.org.truth().users).slice(0, 22)
    const order = (userIdsAdd: readonly string[], userIdsRemove: readonly string[]) => [
      { licenseId: 'gcSTAupgrade', userIdsAdd, userIdsRemove },
    ]
    await send('POST', '/api/v2/license/organization', 'operator', { assignments: order(ids, []) })
    const plan = { kind: 'assignments', assignments: order([], ids) }
    const { id } = await send('POST', '/v1/changes', 'operator', plan)
    const page = await as('operator', { at: `/changes/${id}` })
    await page.getByText(/Takes gcSTAupgrade from 22 people/).waitFor()
    await page.getByRole('button', { name: 'Confirm' }).click()
    const { promise: readAgain, resolve: letBeRead } = Promise.withResolvers<void>()
    await page.route(`**/v1/changes/${id}`, async (route) => {
      await readAgain
      await route.continue()
    })
    await page.getByLabel('How many people it changes').fill('21')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').getByRole('alert').waitFor()
    // Whoever reads why it was refused need not wait for the change to be read again.
    await page.getByLabel('How many people it changes').fill('22')
    const applied = page.waitForResponse(`**/v1/changes/${id}/apply`)
    await page.keyboard.press('Enter')
    await applied
    letBeRead()
    await state(page, 'Done').waitFor()
    // To take it back is looked at first.
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByLabel('Why it is undone').fill('a slip')
    await page.keyboard.press('Enter')
    await heading(page, /^Give gcSTAupgrade to 22 people, undoing/).waitFor()
    await page.locator('.facts div', { hasText: 'Reason' }).getByText('a slip').waitFor()
    // Whoever plans that anew wants the first plan no more.
    const first = page.url().slice(-20)
    await page.goBack()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('button', { name: 'Plan it' }).click()
    await heading(page, /^Give gcSTAupgrade to 22 people, undoing/).waitFor()
    await expect.poll(() => stateOnRecord(first)).toBe('CANCELLED')
    expect(await stateOnRecord(page.url().slice(-20))).toBe('PLANNED')
    forgive()
  })

  it('that is not there says so', async () => {
    const page = await as('viewer', { at: '/changes/00000000000000000000' })
    await heading(page, 'No such change').waitFor()
    await page.getByRole('link', { name: 'All changes' }).click()
    await heading(page, 'Changes').waitFor()
    forgive()
  })

  it('and a link that no change has says so in a sentence, and leads back', async () => {
    const page = await as('viewer', { at: '/changes/no-such-id' })
    await heading(page, 'No such change').waitFor()
    await page.getByRole('alert').getByText('There is no such change: look at its id again.').waitFor()
    await page.getByRole('link', { name: 'All changes' }).click()
    await heading(page, 'Changes').waitFor()
    forgive()
  })
})

describe('all of it fits', () => {
  it('on the narrowest screen and a wide one, in each look', async () => {
    const { id } = await askForApproval(`because-of-${'x'.repeat(200)}`)
    await switchOn('agentAssist')
    const page = await as('approver', { at: '/changes', viewport: { width: 320, height: 640 } })
    await rows(page).nth(1).waitFor()
    await page.getByRole('button', { name: 'Menu' }).click()
    await expectFitInEachLook(page)
    await page.goto(`${stack.gateway}/#/changes/${id}`)
    await page.getByRole('list', { name: 'Steps' }).waitFor()
    await expectFitInEachLook(page)
    await page.getByRole('button', { name: 'Reject' }).click()
    await expectFitInEachLook(page)
    await page.keyboard.press('Escape')
    // Focus is back where it was.
    await expect.poll(() => page.evaluate(FOCUSED)).toBe('Reject')
    await page.getByRole('button', { name: 'Reject' }).click()
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.setViewportSize({ width: 1280, height: 800 })
    await expectFitInEachLook(page)
    // All tabs stand on one line, beside who is signed in.
    expect((await page.locator('header').boundingBox())?.height).toBeLessThan(60)
  })
})
