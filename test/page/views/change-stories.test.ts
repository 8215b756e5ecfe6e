/** What becomes of a change otherwise than as it was meant, on its page: writes are paused, Genesys refuses, many would lose something. */
import type { Locator, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { Change } from '../../../lib/changes/answers/change-schemas.ts'
import type { UserListing } from '../../../lib/people/user.ts'
import type { Role } from '../../../lib/roles.ts'
import { sendRaw } from '../../support/gateway.ts'
import { violationsIn } from '../violations.ts'
import { expectFit, pageVisits } from './visit-page.ts'

const { stack, as, forgive } = await pageVisits({ users: 200 })

let keys = 0

/** As any tool over the API. */
async function send(method: string, path: string, role: Role, body: object): Promise<Change> {
  keys += 1
  const headers = ['Content-Type', 'application/json', 'Idempotency-Key', `story-${keys}`]
  const { status, text } = await sendRaw(stack, { method, path, role, headers, body: JSON.stringify(body) })
  expect(status, text).toBeLessThan(300)
  return JSON.parse(text)
}

const give = (licenseId: string, userIdsAdd: readonly string[], role: Role = 'operator') =>
  send('POST', '/v1/changes', role, {
    kind: 'assignments',
    assignments: [{ licenseId, userIdsAdd, userIdsRemove: [] }],
  })

const heading = (page: Page, text: string | RegExp) => page.getByRole('heading', { level: 1, name: text })
const state = (page: Page, text: string) => page.locator('.heading .chip', { hasText: text })

describe('a change on the page', () => {
  it('stands under a warning while writes are paused: by whom and why, on the narrowest screen too', async () => {
    const page = await as('operator', { at: '/changes', viewport: { width: 320, height: 640 } })
    await send('PUT', '/v1/writes', 'approver', { state: 'paused', reason: 'the move' })
    await page.reload()
    await page.getByText(/^Writes are paused by Chloé Costa since .*: the move\./).waitFor()
    // Whoever comes back to it is at its heading, as whoever arrives.
    await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('Changes')
    await expectFit(page)
    const { id, digest } = await send('POST', '/v1/changes', 'operator', {
      kind: 'toggle',
      featureName: 'agentAssist',
      enabled: false,
    })
    const headers = ['Content-Type', 'application/json', 'Idempotency-Key', 'while-paused']
    const path = `/v1/changes/${id}/apply`
    await sendRaw(stack, {
      method: 'POST',
      path,
      role: 'operator',
      headers,
      body: JSON.stringify({ digest }),
    })
    await page.goto(`${stack.gateway}/#/changes/${id}`)
    await heading(page, 'Switch agentAssist off').waitFor()
    await page
      .getByText(/Nothing was sent while writes were paused.*It goes on some minutes after they are resumed/)
      .waitFor()
    expect(await page.locator('main').innerText()).not.toMatch(/\dT\d|\/v1\//)
    await send('PUT', '/v1/writes', 'approver', { state: 'running' })
    await page.reload()
    await heading(page, 'Switch agentAssist off').waitFor()
    await page.getByText(/^Writes are paused/).waitFor({ state: 'detached' })
  })

  it('that Genesys refused says why', async () => {
    const { id } = await give('wallboardUser', Object.keys(stack.org.truth().users).slice(0, 1))
    stack.org.addFaults([
      { match: { method: 'POST', path: '/api/v2/license/organization' }, do: { status: 400 }, times: 1 },
    ])
    const page = await as('operator', { at: `/changes/${id}` })
    await page.getByRole('button', { name: 'Confirm' }).click()
    await state(page, 'Failed').waitFor()
    await page
      .locator('.facts div', { hasText: 'Not done because' })
      .getByText(/Genesys/)
      .waitFor()
    forgive()
  })

  it('that gave something to many is undone by a plan that shows how many lose it, and whoever types that', async () => {
    const { users } = stack.org.truth()
    const some = Object.keys(users).filter((each) => !users[each]?.includes('gcSTAupgrade'))
    const { id, digest } = await give('gcSTAupgrade', some.slice(0, 22))
    await send('POST', `/v1/changes/${id}/apply`, 'operator', { digest })
    const page = await as('operator', { at: '/toggles' })
    const named: number[] = []
    page.on('request', (request) => {
      const ids = new URL(request.url()).searchParams.get('id')
      if (ids !== null) named.push(ids.split(',').length)
    })
    await page.goto(`${stack.gateway}/#/changes/${id}`)
    await state(page, 'Done').waitFor()
    await page.getByRole('row', { name: 'Ana Abebe ana@example.com' }).waitFor()
    // Twenty are shown, and asked for at once.
    expect(named).toEqual([20])
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('button', { name: 'Plan it' }).click()
    await heading(page, /^Take gcSTAupgrade from 22 people, undoing/).waitFor()
    await page.getByText('Nothing is sent yet. Look at what it does, then confirm it.').waitFor()
    await page.getByText(/Takes gcSTAupgrade from 22 people/).waitFor()
    await page.getByRole('button', { name: 'Confirm' }).click()
    const count = page.getByRole('textbox', { name: 'How many people it changes', exact: true })
    await count.and(page.locator('[aria-required=true]')).fill('many')
    await page.keyboard.press('Enter')
    await page.getByText('Type the number of people, in digits.').waitFor()
    await count.fill('22')
    await page.keyboard.press('Enter')
    await state(page, 'Done').waitFor()
  })

  it('that was undone says so on its own page, in the list and in what the person has held', async () => {
    const [id = ''] = Object.keys(stack.org.truth().users)
    const assignments = [{ licenseId: 'cloudCX2', userIdsAdd: [], userIdsRemove: [id] }]
    await send('POST', '/api/v2/license/organization', 'operator', { assignments })
    const page = await as('operator', { at: '/changes' })
    await page.getByRole('link', { name: /^Take cloudCX2/ }).click()
    await page.getByRole('button', { name: 'Undo' }).waitFor()
    const { promise: isRead, resolve: read } = Promise.withResolvers<void>()
    let pressed = 0
    page.on('request', (request) => {
      if (request.url().endsWith('/undo')) pressed += 1
    })
    await page.route(/v1\/changes\/[^/]+$/, async (route) => {
      await isRead
      await route.continue()
    })
    const undoing = page.waitForResponse((response) => response.url().endsWith('/undo'))
    await page.getByRole('button', { name: 'Undo' }).press('Enter')
    await page.getByRole('button', { name: 'Plan it' }).press('Enter')
    await (await undoing).finished()
    // It is undone, and the page does not know it yet.
    for (let press = 0; press < 3; press += 1) await page.keyboard.press('Enter')
    read()
    await heading(page, /^Give cloudCX2 .*, undoing/).waitFor()
    expect(pressed).toBe(1)
    await page.getByRole('button', { name: 'Confirm' }).click()
    await state(page, 'Done').waitFor()
    const again = await send('POST', `/v1/changes/${page.url().slice(-20)}/undo`, 'operator', {})
    await state(page, 'Undone since').waitFor()
    await page.locator('.facts div', { hasText: 'Taken back by' }).getByText(again.id).waitFor()
    await page.getByRole('link', { name: 'All changes' }).click()
    await page
      .getByRole('listitem')
      .filter({ hasText: /^Undone since\s*Give cloudCX2/ })
      .waitFor()
    await page.goto(`${stack.gateway}/#/people/${id}`)
    await page.getByText(/^Given .* the change Undone since$/).waitFor()
  })

  it('names somebody who has a namesake with their e-mail too', async () => {
    const { text } = await sendRaw(stack, { path: '/v1/users?email=wei.li2@example.com', role: 'viewer' })
    const { entities }: UserListing = JSON.parse(text)
    const { id } = await give('collaboratePro', [entities[0]?.id ?? ''])
    const page = await as('viewer', { at: `/changes/${id}` })
    await heading(page, 'Give collaboratePro to Wei Li (wei.li2@example.com)').waitFor()
    await page.getByRole('row', { name: /^Wei Li.*wei\.li2@example\.com/ }).waitFor()
  })
})

it('would be told of a fault in how accessible it is', async () => {
  const page = await as('viewer', { at: '/changes' })
  await page.evaluate(`document.documentElement.removeAttribute('lang')`)
  expect(await violationsIn(page.mainFrame())).toEqual([expect.stringMatching(/^html-has-lang: /)])
})

describe('whoever goes by keyboard, or hears the page,', () => {
  /** What has focus, by its name or its own text; nothing where it is lost. */
  const focused = (page: Page) =>
    page.evaluate<string>(`(() => {
      const at = document.activeElement
      return at === document.body ? '' : (at.labels?.[0]?.textContent ?? at.getAttribute('aria-label') ?? at.textContent)
    })()`)
  const press = async (button: Locator) => {
    await button.focus()
    await button.press('Enter')
  }
  const heard = (page: Page) => page.getByRole('status').filter({ hasNotText: 'Reading…' }).last()

  it('is somewhere on it after whatever they do, and whatever others do meanwhile', async () => {
    const ids = Object.keys(stack.org.truth().users)
    const { id } = await give('wallboardUser', ids.slice(3, 4), 'approver')
    const asked = await give('cxCloudSN', ids.slice(4, 5))
    const also = await give('cxCloudSN', ids.slice(5, 6))
    const page = await as('approver', { at: '/people?state=active' })
    const button = (name: string) => page.getByRole('button', { name, exact: true })
    const at = async (text: string | RegExp) =>
      await expect.poll(() => focused(page), { message: `at ${text}` }).toMatch(text)
    /** Whoever goes somewhere is taken to its heading, and goes on from there. */
    const go = async (to: string, heading: string | RegExp) => {
      await page.goto(`${stack.gateway}/#${to}`)
      await at(heading)
    }

    await press(button('Show all'))
    await at('Search')
    for (const count of [50, 75, 100]) {
      await press(button('Show more'))
      await heard(page).getByText(`The first ${count} people.`).waitFor()
      await at('Show more')
    }
    await press(button('Show more'))
    await at('All 200 people')

    await go(`/changes/${id}`, /^Give wallboardUser/)
    await press(button('Confirm'))
    await state(page, 'Done').waitFor()
    await at(/^Give wallboardUser/)
    await heard(page)
      .getByText(/^Give wallboardUser.*: /)
      .waitFor()

    await go('/approvals', 'Approvals')
    await page.getByRole('link', { name: asked.summary }).focus()
    await send('POST', `/v1/changes/${asked.id}/reject`, 'approver', {})
    await at('Waits for you')
    await heard(page).getByText(`${asked.summary}: it does not wait for you any more.`).waitFor()

    await go(`/changes/${also.id}`, /^Give cxCloudSN/)
    await press(button('Approve'))
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Approve' }).focus()
    await send('POST', `/v1/changes/${also.id}/reject`, 'approver', {})
    await at('It is at “Rejected” by now')
    // What concerns all is heard over a dialog too.
    await page.context().setOffline(true)
    await dialog.getByRole('status').getByText('The gateway does not answer.').waitFor()
    await page.context().setOffline(false)
    await press(dialog.getByRole('button', { name: 'Close' }).last())
    await at(/^Give cxCloudSN/)

    // Whoever is quicker than the first answer hears the second.
    const { promise: isFiltered, resolve: answer } = Promise.withResolvers<void>()
    await page.route(/v1\/changes\?limit=/, async (route) => {
      await isFiltered
      await route.continue()
    })
    await go('/changes', 'Changes')
    await page.getByText('More filters').click()
    await page.getByLabel('Toggle').fill('nobodySwitchesThis')
    await page.getByLabel('Toggle').press('Enter')
    await at('Toggle')
    await heard(page).getByText('Nothing fits.').waitFor()
    answer()
    await press(button('Show all'))
    await at('Show')

    await go('/schedules/new', 'New schedule')
    await page.getByLabel('Find somebody').fill('ana a')
    await press(button('Choose Ana Abebe ana@example.com'))
    await at('Find somebody')
    await press(button('Leave out Ana Abebe'))
    await at('Find somebody')
    await press(button('Look at it'))
    await at('License')

    await go('/toggles', 'Toggles')
    await page.getByLabel('Another toggle').fill('agentAssist')
    await page.getByLabel('Another toggle').press('Enter')
    await at('Another toggle')
    await heard(page).getByText('agentAssist reads on.').waitFor()

    await page.route('**/v1/changes?*', (route) => route.abort())
    await go('/changes?state=FAILED', 'Changes')
    await page.getByRole('button', { name: 'Try again' }).focus()
    await page.unroute('**/v1/changes?*')
    await page.getByRole('button', { name: 'Try again' }).press('Enter')
    await page.getByText('No change fits all of these filters.').waitFor()
    await at('Changes')

    await page.setViewportSize({ width: 320, height: 640 })
    await press(page.getByRole('button', { name: /^Menu/ }))
    await press(page.getByRole('link', { name: 'Changes', exact: true }))
    await at(/^Menu/)

    await go(`/people/${ids[0]}`, /./)
    await press(button('Give or take licenses'))
    await at('Give or take licenses')
    await press(button('Plan it'))
    await page.getByText('Choose at least one license to give or to take.').waitFor()
    await expect.poll(() => page.evaluate('document.activeElement.type')).toBe('checkbox')
    await press(button('Not now'))
    await at('Give or take licenses')
    forgive()
  })

  it('who marks what they typed past the edge of a dialog keeps it', async () => {
    const { id } = await give('cxCloudSN', Object.keys(stack.org.truth().users).slice(0, 1))
    const page = await as('approver', { at: `/changes/${id}` })
    await page.getByRole('button', { name: 'Reject' }).click()
    await page.getByLabel('Why it is rejected').fill('the freeze')
    const { x = 0, y = 0 } = (await page.getByLabel('Why it is rejected').boundingBox()) ?? {}
    await page.mouse.move(x + 5, y + 5)
    await page.mouse.down()
    await page.mouse.move(5, y)
    await page.mouse.up()
    expect(await page.getByLabel('Why it is rejected').inputValue()).toBe('the freeze')
    await page.mouse.click(5, y)
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })
})
