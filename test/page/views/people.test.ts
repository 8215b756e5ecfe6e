/** The view of people, as a viewer, an operator and an approver meet it. */
import type { Page, Route } from 'playwright-core'
import { beforeEach, describe, expect, it } from 'vitest'
import type { ChangeListing } from '../../../lib/changes/answers/change-schemas.ts'
import type { Me } from '../../../lib/changes/answers/decision-schemas.ts'
import { instantOf } from '../../../lib/changes/model/local-time.ts'
import { zoneNameOf } from '../../../lib/page/browser/parts/field-times.ts'
import { sendRaw } from '../../support/gateway.ts'
import { takeReadingOfStack } from '../../support/seats/readings.ts'
import { expectFitInEachLook, pageVisits, refuseRenewals } from './visit-page.ts'

const { stack, as, forgive } = await pageVisits()

const HOSTILE = '<img src=x onerror="document.title=1">'

let ana = ''
beforeEach(() => {
  ana = Object.keys(stack.org.truth().users)[0] ?? ''
})

const people = (page: Page) => page.getByRole('table', { name: 'People' }).locator('tbody tr')
const drawer = (page: Page, name = 'Ana Abebe') => page.getByRole('dialog', { name })
const state = (page: Page, text: string) => page.locator('.wish .chip', { hasText: text })
const hashIn = (page: Page) => decodeURIComponent(new URL(page.url()).hash)
const past = (page: Page) => page.getByRole('list', { name: /^What .* has held/ }).getByRole('listitem')

/** As a tool over the API does, which no page hears of. */
async function giveWallboard(userId: string, reason: string): Promise<void> {
  const send = async (path: string, body: object) =>
    await sendRaw(stack, {
      method: 'POST',
      path,
      role: 'operator',
      headers: ['Content-Type', 'application/json', 'Idempotency-Key', `give${path.length}`],
      body: JSON.stringify(body),
    })
  const assignments = [{ licenseId: 'wallboardUser', userIdsAdd: [userId], userIdsRemove: [] }]
  const planned = await send('/v1/changes', { kind: 'assignments', assignments, reason })
  const { id, digest } = JSON.parse(planned.text)
  expect(JSON.parse((await send(`/v1/changes/${id}/apply`, { digest })).text).state).toBe('APPLIED')
}

/** The first reading again, of the org as it is now. */
async function readAnew(): Promise<void> {
  await stack.stored.clear()
  await takeReadingOfStack()
}

/** Somebody does so in Genesys's own pages. */
function assignOutside(licenseId: string, userIdsAdd: string[], userIdsRemove: string[] = []): void {
  stack.org.assign({ assignments: [{ licenseId, userIdsAdd, userIdsRemove }] })
}

/** Of changes to Ana Abebe, the newest first. */
async function statesOnRecord(): Promise<string[]> {
  const { text } = await sendRaw(stack, { path: `/v1/changes?user=${ana}`, role: 'viewer' })
  const { entities }: ChangeListing = JSON.parse(text)
  return entities.map(({ state }) => state)
}

/** Chooses licenses of Ana Abebe's, and plans. */
async function plan(page: Page, licenses: readonly string[], reason = 'new on the team'): Promise<void> {
  await drawer(page).getByRole('button', { name: 'Give or take licenses' }).click()
  for (const id of licenses) await drawer(page).getByRole('checkbox', { name: id }).click()
  await drawer(page).getByLabel('Reason').fill(reason)
  await drawer(page).getByRole('button', { name: 'Plan it' }).click()
}

describe('the list of people', () => {
  it('is searched while one types, and the address has what for', async () => {
    const page = await as('viewer', { at: '/people' })
    await people(page).nth(24).waitFor()
    await page.locator('.pager').getByText('The first 25 people').waitFor()
    await page.getByRole('button', { name: 'Show more' }).click()
    await people(page).nth(49).waitFor()
    await page.getByLabel('Search').pressSequentially('ana a')
    await page.getByText('1 person', { exact: true }).first().waitFor()
    expect(await people(page).allInnerTexts()).toEqual([expect.stringMatching(/Ana Abebe[\s\S]*cloudCX2/)])
    expect(hashIn(page)).toBe('#/people?q=ana+a')
    await page.getByLabel('Search').fill('nobody at all')
    await page.getByText('Nobody fits all of this.').waitFor()
    await page.getByRole('button', { name: 'Show all' }).click()
    await people(page).nth(24).waitFor()
    await expect.poll(() => page.getByLabel('Search').inputValue()).toBe('')
  })

  it('is of who holds a license, or is in a state, and the way back leads through the filters', async () => {
    const [ben] = stack.org.people().filter(({ id }) => id !== ana)
    stack.org.movePeople([{ id: ben?.id ?? '', state: 'inactive' }])
    await readAnew()
    const page = await as('operator', { at: '/people?license=cloudCX2' })
    await people(page).first().waitFor()
    for (const text of await people(page).allInnerTexts()) expect(text).toContain('cloudCX2')
    await page.getByLabel('License').selectOption('')
    await page.getByLabel('State').selectOption('Inactive')
    await page.getByText('1 person', { exact: true }).first().waitFor()
    expect(await people(page).allInnerTexts()).toEqual([expect.stringContaining(`${ben?.name} inactive`)])
    await page.goBack()
    await page.goBack()
    await people(page).nth(1).waitFor()
    expect(hashIn(page)).toBe('#/people?license=cloudCX2')
    await expect.poll(() => page.getByLabel('License').inputValue()).toBe('cloudCX2')
    // Whoever chooses people is told as much.
    await page.goto(`${stack.gateway}/#/schedules/new`)
    await page.getByLabel('Find somebody').fill(ben?.name ?? '')
    await page.getByRole('button', { name: new RegExp(`^Choose ${ben?.name} inactive`) }).waitFor()
  })

  it('shows the newest search, however late an older one is answered', async () => {
    const page = await as('viewer', { at: '/people' })
    await people(page).first().waitFor()
    const held: Route[] = []
    await page.route(/search=ana&/, (route) => void held.push(route))
    await page.getByLabel('Search').fill('ana')
    await expect.poll(() => held.length).toBe(1)
    // What was there stands until there is something newer.
    expect(await people(page).count()).toBe(25)
    await page.getByLabel('Search').fill('zoë')
    await people(page).filter({ hasText: 'Ibrahim' }).waitFor({ state: 'detached' })
    const names = await people(page).allInnerTexts()
    expect(names.join()).toMatch(/Zoë/)
    const late = page.waitForResponse(/search=ana&/)
    await held[0]?.fallback()
    await (await late).finished()
    expect(await people(page).allInnerTexts()).toEqual(names)
    expect(hashIn(page)).toBe('#/people?q=zoë')
  })
})

describe('a person', () => {
  it('stands over the list, with what they hold and have held, since when, by whom and why', async () => {
    await giveWallboard(ana, HOSTILE)
    const page = await as('viewer', { at: '/people?license=wallboardUser&order=newest' })
    const newest = page.getByRole('table', { name: 'Who holds wallboardUser' }).locator('tbody tr').first()
    await newest.getByText(HOSTILE).waitFor()
    expect(await newest.innerText()).toMatch(/^Ana Abebe[\s\S]*Ana Abebe – the change/)
    await page.getByRole('link', { name: 'Ana Abebe' }).click()
    await past(page).nth(1).waitFor()
    await drawer(page).getByText('Genesys Cloud CX 2: digital and voice contact centre').waitFor()
    await drawer(page).getByText(`by Ana Abebe, because ${HOSTILE}`).waitFor()
    expect(await past(page).allInnerTexts()).toEqual([
      expect.stringMatching(/^wallboardUser held now\s+Given .* the change$/),
      expect.stringMatching(/^cloudCX2 held now\s+Held already when the first reading began/),
    ])
    expect(await page.title()).toBe('Ana Abebe – License gateway')
    // A viewer may look.
    expect(await drawer(page).getByRole('button', { name: 'Give or take licenses' }).count()).toBe(0)
    await page.keyboard.press('Escape')
    await drawer(page).waitFor({ state: 'detached' })
    expect(hashIn(page)).toBe('#/people?license=wallboardUser&order=newest')
    // Focus is back where it was.
    await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('Ana Abebe')
    await page.goForward()
    // Whoever came by its address has been nowhere before.
    await page.reload()
    await past(page).nth(1).waitFor()
    await page.keyboard.press('Escape')
    await drawer(page).waitFor({ state: 'detached' })
    await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('People')
    await page.goBack()
    await drawer(page).getByRole('link', { name: 'the change' }).click()
    const change = page.getByRole('heading', { level: 1, name: 'Give wallboardUser to Ana Abebe' })
    await change.waitFor()
    // From elsewhere, closing leads back there, however often it is pressed.
    await page
      .getByRole('row', { name: /^Ana Abebe/ })
      .getByRole('link')
      .click()
    await past(page).nth(1).waitFor()
    await page.evaluate(
      `for (let press = 0; press < 3; press += 1) document.querySelector('[aria-label=Close]').click()`,
    )
    await change.waitFor()
    await expect.poll(() => page.evaluate('document.activeElement.tagName')).toBe('H1')
  })

  it('shows what was done in Genesys itself as that, and says so where no reading has it yet', async () => {
    const page = await as('viewer', { at: '/people' })
    await page.route(`**/v1/users/${ana}/history?*`, async (route) => {
      const listing = await (await route.fetch()).json()
      const outside = {
        ...{ licenseId: 'cxCloudSF', userId: ana, by: 'outside', endedBy: 'outside' },
        ...{ fromAfter: '2026-09-01T02:00:00.000Z', from: '2026-09-02T02:00:00.000Z' },
        ...{ untilAfter: '2026-10-01T02:00:00.000Z', until: '2026-10-02T02:00:00.000Z' },
      }
      await route.fulfill({ json: { ...listing, entities: [...listing.entities, outside] } })
    })
    assignOutside('cloudCX1', [ana])
    await page.goto(`${stack.gateway}/#/people/${ana}`)
    await past(page)
      .filter({ hasText: /^cxCloudSFTaken between .* and .* in Genesys itselfGiven between/ })
      .waitFor()
    await drawer(page).getByText('Something was changed in Genesys itself since the reading of').waitFor()
    await drawer(page).getByText('Genesys Cloud CX 1: voice contact centre').waitFor()
  })

  it('of whom it is not known what is on its way is not shown as if nothing were', async () => {
    const page = await as('viewer', { at: '/people' })
    await page.route('**/v1/changes?user=*', (route) =>
      route.fulfill({ status: 503, json: { status: 503, code: 'service.unavailable', message: 'No table' } }),
    )
    await page.goto(`${stack.gateway}/#/people/${ana}`)
    await drawer(page)
      .locator('section')
      .filter({ has: page.getByRole('heading', { name: 'On its way' }) })
      .getByRole('alert')
      .getByText('No table')
      .waitFor()
    forgive()
  })

  it('is shown as others leave them while somebody looks on, and what is being chosen stands', async () => {
    const { text } = await sendRaw(stack, {
      method: 'POST',
      path: '/v1/changes',
      role: 'operator',
      headers: ['Content-Type', 'application/json', 'Idempotency-Key', 'asked-elsewhere'],
      body: JSON.stringify({
        kind: 'assignments',
        assignments: [{ licenseId: 'cxCloudSN', userIdsAdd: [ana], userIdsRemove: [] }],
      }),
    })
    const page = await as('operator', { at: `/people/${ana}`, hasOwnClock: true })
    const onItsWay = page.getByRole('heading', { name: 'On its way' })
    await onItsWay.waitFor()
    await sendRaw(stack, {
      method: 'POST',
      path: `/v1/changes/${JSON.parse(text).id}/cancel`,
      role: 'operator',
      headers: ['Idempotency-Key', 'called-off-elsewhere'],
    })
    await giveWallboard(ana, 'given elsewhere')
    const shows = async (isShown: () => Promise<boolean>) =>
      await expect
        .poll(
          async () => {
            await page.clock.runFor(21_000)
            return await isShown()
          },
          // An answer has time to come: the sign-in ends where the clock runs far ahead of it.
          { interval: 500 },
        )
        .toBe(true)
    await shows(async () => (await onItsWay.count()) === 0)
    await shows(async () => (await past(page).filter({ hasText: 'because given elsewhere' }).count()) === 1)
    await page.locator('.holds strong', { hasText: 'wallboardUser' }).waitFor()
    // Whoever begins to choose does so from what is held by then.
    assignOutside('agentAssistLicense', [ana])
    await drawer(page).getByRole('button', { name: 'Give or take licenses' }).click()
    const box = (id: string) => drawer(page).getByRole('checkbox', { name: id })
    await expect.poll(() => box('agentAssistLicense').isChecked()).toBe(true)
    // What is chosen stays as it was chosen, whatever comes and goes meanwhile.
    const told = (word: string) => page.getByText(`to be ${word}`, { exact: true })
    await box('cxCloudSF').click()
    await told('given').waitFor()
    await drawer(page).getByLabel('Reason').fill('new on the team')
    assignOutside('cxCloudSF', [ana])
    await shows(async () => (await told('given').count()) === 0)
    await expect.poll(() => box('cxCloudSF').isChecked()).toBe(true)
    await box('cxCloudSF').click()
    await told('taken').waitFor()
    assignOutside('cxCloudSF', [], [ana])
    await shows(async () => (await told('taken').count()) === 0)
    await expect.poll(() => box('cxCloudSF').isChecked()).toBe(false)
    await expect.poll(() => drawer(page).getByLabel('Reason').inputValue()).toBe('new on the team')
  })

  it('whom nobody knows is told, and leads back', async () => {
    const page = await as('viewer', { at: '/people/00000000-0000-4000-8000-000000000000' })
    await page.getByText('Genesys does not know this person any more, or never did.').waitFor()
    await page.getByText('Nothing is on record of them yet.').waitFor()
    await page.getByRole('button', { name: 'Close' }).click()
    await people(page).first().waitFor()
    expect(hashIn(page)).toBe('#/people')
    forgive()
  })

  it('whom a link names by what is no id is told once, and leads back', async () => {
    const page = await as('viewer', { at: '/people/ana.lima' })
    const dialog = page.getByRole('dialog', { name: 'Nobody' })
    await dialog.getByText('This link names nobody').waitFor()
    expect(await dialog.getByRole('alert').count()).toBe(0)
    await dialog.getByRole('button', { name: 'Close' }).click()
    await people(page).first().waitFor()
    expect(hashIn(page)).toBe('#/people')
    forgive()
  })

  it('is named in text whatever the name is, and turns no sentence around', async () => {
    const page = await as('operator', { at: '/changes' })
    let name = HOSTILE
    const rename = async (route: Route) => {
      const listing = await (await route.fetch({ url: `${stack.gateway}/v1/users?limit=100` })).json()
      const entities = listing.entities.map((each: object) => ({ ...each, name, email: HOSTILE }))
      await route.fulfill({ json: { ...listing, entities } })
    }
    await page.route('**/v1/users?*', rename)
    await page.goto(`${stack.gateway}/#/people`)
    await people(page).first().getByRole('link', { name: HOSTILE }).waitFor()
    await page.goto(`${stack.gateway}/#/people/${ana}`)
    await drawer(page, HOSTILE).waitFor()
    expect(await page.title()).toBe(`${HOSTILE} – License gateway`)
    expect(await page.locator('img').count()).toBe(0)
    name = 'Dana \u202eדנה 7'
    await page.reload()
    await drawer(page, 'Dana <U+202E>דנה 7').getByRole('button', { name: 'Give or take licenses' }).click()
    await page.getByText('What Dana <U+202E>דנה 7 is to hold').waitFor()
    // From left to right, whichever way the name is written.
    const lefts = await page.evaluate<number[]>(`(() => {
      const legend = document.querySelector('legend')
      const texts = document.createTreeWalker(legend, NodeFilter.SHOW_TEXT)
      const lefts = {}
      for (let at = texts.nextNode(); at; at = texts.nextNode())
        for (const word of ['Dana', 'U+202E', 'דנה', '7', 'hold']) {
          const from = at.data.indexOf(word)
          const range = new Range()
          if (from < 0) continue
          range.setStart(at, from)
          range.setEnd(at, from + word.length)
          lefts[word] = range.getBoundingClientRect().left
        }
      return ['Dana', 'U+202E', 'דנה', '7', 'hold'].map((word) => lefts[word])
    })()`)
    expect(lefts).toEqual(lefts.toSorted((one, other) => one - other))
    expect(lefts).not.toContain(undefined)
  })
})

describe('giving and taking', () => {
  it('goes by a plan that shows before and after, a confirmation, and what became of it', async () => {
    const page = await as('operator', { at: `/people/${ana}?q=ana+a` })
    await plan(page, ['wallboardUser', 'cloudCX2'])
    await state(page, 'Planned').waitFor()
    await page.getByText('nothing is sent before you confirm it').waitFor()
    await page.getByRole('row', { name: 'wallboardUser not held held' }).waitFor()
    await page.getByRole('row', { name: 'cloudCX2 held not held' }).waitFor()
    expect(stack.org.licensesOf(ana)).toEqual(['cloudCX2'])
    await page.getByRole('button', { name: 'Confirm' }).click()
    await state(page, 'Done').waitFor()
    expect(stack.org.licensesOf(ana)).toEqual(['wallboardUser'])
    // All else that is shown of the person is as it is now.
    await past(page)
      .filter({ hasText: /^wallboardUser held now/ })
      .waitFor()
    await past(page)
      .filter({ hasText: /^cloudCX2\s*Taken .* because new on the team/ })
      .waitFor()
    // And so is the row behind.
    await page.locator('.people tbody tr', { hasText: /^Ana Abebe.*wallboardUser/ }).waitFor()
    await page.getByRole('button', { name: 'Close this' }).click()
    // What was pressed is gone, and focus is at what has come in its place.
    await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('Give or take licenses')
  })

  it('that needs a reason says so at its field, and is planned with one', async () => {
    const page = await as('operator', { at: `/people/${ana}?q=ana+a` })
    await plan(page, ['predictiveEngagementLicense'], '')
    await drawer(page)
      .getByText('A reason must be given for changes of the license predictiveEngagementLicense.')
      .waitFor()
    expect(await drawer(page).getByLabel('Reason').getAttribute('aria-invalid')).toBe('true')
    await drawer(page).getByLabel('Reason').fill('the web team')
    await page.keyboard.press('Enter')
    await state(page, 'Planned').waitFor()
    forgive()
  })

  it('that takes a second person says why and asks nobody before it is to, and shows their answer by itself', async () => {
    const page = await as('operator', { at: `/people/${ana}?q=ana+a` })
    await plan(page, ['cxCloudSN'])
    await state(page, 'Planned').waitFor()
    await page.getByText('nobody is asked before you ask for approval').waitFor()
    await page.getByText('A second person must approve changes of the license cxCloudSN').waitFor()
    await page.getByRole('button', { name: 'Ask for approval' }).click()
    await state(page, 'Waits for approval').waitFor()
    await page.getByText('A second person must approve changes of the license cxCloudSN').waitFor()
    await page.getByRole('link', { name: 'All about this change' }).click()
    await page.getByRole('heading', { level: 1, name: 'Give cxCloudSN to Ana Abebe' }).waitFor()
    const at = hashIn(page).slice(1)
    await page.goBack()
    const approver = await as('approver', { at })
    await approver.getByRole('button', { name: 'Approve' }).click()
    await approver.getByRole('dialog').getByRole('button', { name: 'Approve' }).click()
    await state(page, 'Done').waitFor()
    expect(stack.org.licensesOf(ana)).toContain('cxCloudSN')
    // Whoever looks again finds it in the history, and gives and takes anew.
    await page.keyboard.press('Escape')
    await page.getByRole('link', { name: 'Ana Abebe' }).click()
    await drawer(page).getByRole('button', { name: 'Give or take licenses' }).waitFor()
  })

  it('of nothing, or until a time that has gone by, says what is missing', async () => {
    const page = await as('operator', { at: `/people/${ana}` })
    await page.getByRole('button', { name: 'Give or take licenses' }).click()
    await page.getByLabel('Until when').pressSequentially('0601')
    await page.getByRole('button', { name: 'Plan it' }).click()
    await page.getByText('It is half typed: fill in all of it, or empty it.').waitFor()
    await page.getByLabel('Until when').fill('2020-01-01T09:00')
    await page.getByRole('button', { name: 'Plan it' }).click()
    await page.getByText('Choose at least one license to give or to take.').waitFor()
    await page.getByText('Say a day and a time that are still to come.').waitFor()
  })

  it('for a time is until what the clocks of the person show, wherever their device is', async () => {
    const page = await as('operator', { at: `/people/${ana}`, timezoneId: 'Pacific/Kiritimati' })
    const { text } = await sendRaw(stack, { path: '/v1/me', role: 'operator' })
    const { timeZone }: Me = JSON.parse(text)
    await drawer(page).getByRole('button', { name: 'Give or take licenses' }).click()
    await page.getByText(`In the time of ${zoneNameOf(timeZone ?? '')}`).waitFor()
    // As somebody types who goes on to the time once the year is whole.
    await page.getByLabel('Until when').pressSequentially('060120400900AM')
    await drawer(page).getByRole('checkbox', { name: 'wallboardUser' }).click()
    const asked = page.waitForRequest('**/v1/changes')
    await page.getByRole('button', { name: 'Plan it' }).click()
    const { revertAt } = (await asked).postDataJSON()
    expect(revertAt).toBe(new Date(instantOf('2040-06-01T09:00', timeZone ?? '')).toISOString())
    await page.getByText(/^Goes back Jun 1, 2040, 09:00 AM /).waitFor()
  })

  it('that is typed on while it is planned is kept for whoever chooses otherwise, and the plan is called off', async () => {
    const page = await as('operator', { at: `/people/${ana}` })
    let answer = Promise.withResolvers<void>()
    await page.route('**/v1/changes', async (route) => {
      await answer.promise
      await route.continue()
    })
    await plan(page, ['wallboardUser'], 'new')
    await drawer(page).getByLabel('Reason').fill('new on the team')
    answer.resolve()
    await page.getByRole('button', { name: 'Choose otherwise' }).click()
    expect(await drawer(page).getByLabel('Reason').inputValue()).toBe('new on the team')
    await expect.poll(statesOnRecord).toEqual(['CANCELLED'])
    await page.getByRole('button', { name: 'Plan it' }).click()
    await state(page, 'Planned').waitFor()
    await page.getByRole('button', { name: 'Not now' }).click()
    await expect.poll(statesOnRecord).toEqual(['CANCELLED', 'CANCELLED'])
    // So is one that comes when it is not wanted any more.
    answer = Promise.withResolvers()
    await plan(page, ['wallboardUser'])
    await page.getByRole('button', { name: 'Not now' }).click()
    await page.getByRole('button', { name: 'Give or take licenses' }).waitFor()
    answer.resolve()
    await expect.poll(statesOnRecord).toEqual(['CANCELLED', 'CANCELLED', 'CANCELLED'])
  })

  it('to somebody who was changed meanwhile says so before the confirmation', async () => {
    const page = await as('operator', { at: `/people/${ana}`, hasOwnClock: true })
    await plan(page, ['wallboardUser'])
    await state(page, 'Planned').waitFor()
    assignOutside('cxCloudSF', [ana])
    const told = page.getByText('Ana Abebe was changed meanwhile, and holds cloudCX2, cxCloudSF now.')
    // One answer that is on its way may be from before.
    await expect
      .poll(async () => {
        await page.clock.runFor(12_000)
        return await told.count()
      })
      .toBe(1)
    await page.getByRole('button', { name: 'Plan it again' }).click()
    expect(await page.getByLabel('Reason').inputValue()).toBe('new on the team')
    await page.getByRole('button', { name: 'Plan it' }).click()
    await page.getByText('Keeps cloudCX2, cxCloudSF.').waitFor()
  })

  it('by a plan that has lapsed is not offered: it is planned again, with all that was chosen', async () => {
    const page = await as('operator', { at: `/people/${ana}` })
    let hasLapsed = false
    const detail = /v1\/changes\/[0-9a-z]{20}$/
    await page.route(detail, async (route) => {
      const change = await (await route.fetch()).json()
      const lapsed = { lapsesAt: '2020-01-01T00:00:00.000Z', offers: [] }
      await route.fulfill({ json: { ...change, needs: { confirmPeople: 1 }, ...(hasLapsed && lapsed) } })
    })
    await plan(page, ['wallboardUser'])
    await page.getByRole('button', { name: 'Confirm' }).click()
    const asking = page.getByRole('dialog', { name: 'Confirm this change?' })
    await asking.waitFor()
    hasLapsed = true
    await asking.getByText('The plan has lapsed, so this is not possible any more.').waitFor()
    await asking.getByRole('button', { name: 'Close' }).last().click()
    await page.getByText('This plan has lapsed, and nothing was sent.').waitFor()
    await expect.poll(() => page.evaluate('document.activeElement.tagName')).not.toBe('BODY')
    expect(await page.getByRole('button', { name: 'Confirm' }).count()).toBe(0)
    await page.getByRole('button', { name: 'Plan it again' }).click()
    expect(await page.getByRole('checkbox', { name: 'wallboardUser' }).isChecked()).toBe(true)
    await page.unroute(detail)
    await page.getByRole('button', { name: 'Plan it' }).click()
    await state(page, 'Planned').waitFor()
    const id = (await page.getByRole('link', { name: 'All about this change' }).getAttribute('href'))?.slice(
      -20,
    )
    await sendRaw(stack, {
      method: 'POST',
      path: `/v1/changes/${id}/cancel`,
      role: 'operator',
      headers: ['Idempotency-Key', 'called-off-elsewhere'],
    })
    await page.getByText('Nothing was changed. To plan it again, choose again').waitFor()
    await page.getByRole('button', { name: 'Choose again' }).click()
    expect(await drawer(page).getByLabel('Reason').inputValue()).toBe('new on the team')
  })

  it('goes on where it was after a sign-in that ended meanwhile, and says once that it may not have been sent', async () => {
    const page = await as('operator', { at: `/people/${ana}` })
    await page.getByRole('button', { name: 'Give or take licenses' }).click()
    await page.getByRole('checkbox', { name: 'wallboardUser' }).click()
    await page.getByLabel('Reason').fill('new on the team')
    await refuseRenewals(page)
    let key: string | undefined
    await page.route('**/v1/changes', async (route) => {
      key = route.request().headers()['idempotency-key']
      await page.unroute('**/v1/changes')
      await route.fulfill({ status: 401, json: { status: 401, code: 'authentication.required' } })
    })
    await page.getByRole('button', { name: 'Plan it' }).click()
    const told = page.getByText('What you pressed last may not have been sent.').last()
    await told.waitFor()
    await page.reload()
    await drawer(page).getByLabel('Reason').waitFor()
    expect(await told.count()).toBe(0)
    expect(await page.getByLabel('Reason').inputValue()).toBe('new on the team')
    expect(await page.getByRole('checkbox', { name: 'wallboardUser' }).isChecked()).toBe(true)
    const again = page.waitForRequest('**/v1/changes')
    await page.getByRole('button', { name: 'Plan it' }).click()
    expect((await again).headers()['idempotency-key']).toBe(key)
    await state(page, 'Planned').waitFor()
    forgive()
  })
})

describe('all of it fits', () => {
  it('on the narrowest screen and a wide one, in each look', async () => {
    await giveWallboard(ana, `because-of-${'x'.repeat(200)}`)
    const page = await as('operator', { at: '/people', viewport: { width: 320, height: 640 } })
    await people(page).first().waitFor()
    await expectFitInEachLook(page)
    await page.goto(`${stack.gateway}/#/people/${ana}`)
    await past(page).first().waitFor()
    await expectFitInEachLook(page)
    await plan(page, ['cloudCX3', 'agentAssistLicense'])
    await state(page, 'Planned').waitFor()
    await page.getByText(/^Seats of cloudCX3: \d+ → \d+ of 100 Within its seats$/).waitFor()
    await expectFitInEachLook(page)
    await page.getByRole('button', { name: 'Choose otherwise' }).click()
    await expectFitInEachLook(page)
    await page.setViewportSize({ width: 1280, height: 800 })
    await expectFitInEachLook(page)
  })
})
