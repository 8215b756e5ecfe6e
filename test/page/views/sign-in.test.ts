/** Coming in, going on and leaving, through the real provider; and what becomes of what was typed meanwhile. */
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { Role } from '../../../lib/roles.ts'
import { sendRaw } from '../../support/gateway.ts'
import { signInAs } from './come-back.ts'
import { endSignIn, expectFit, type PageVisit, pageVisits } from './visit-page.ts'

const { stack, open, forgive } = await pageVisits()

/** Here everybody comes by the door. */
async function as(role: Role, visit?: PageVisit): Promise<Page> {
  const page = await open(visit)
  await signInAs(page, role)
  return page
}

/** A change that takes a second person. @returns its id. */
async function askForApproval(): Promise<string> {
  const [id = ''] = Object.keys(stack.org.truth().users)
  const assignments = [{ licenseId: 'cxCloudSN', userIdsAdd: [id], userIdsRemove: [] }]
  const { text } = await sendRaw(stack, {
    method: 'POST',
    path: '/v1/changes',
    role: 'operator',
    headers: ['Content-Type', 'application/json', 'Idempotency-Key', `ask-${id}`],
    body: JSON.stringify({ kind: 'assignments', assignments }),
  })
  return JSON.parse(text).id
}

/** What the page keeps in the browser, as text. */
const keptBy = (page: Page) =>
  page.evaluate<string>('JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])')

describe('signing in', () => {
  it('takes a press at the page and one at the provider, leads to where one wanted, and keeps no token', async () => {
    const page = await as('operator', { at: '/changes?state=APPLIED' })
    await page.getByText('Ana Abebe operator').waitFor()
    expect(page.url()).toBe(`${stack.gateway}/#/changes?state=APPLIED`)
    expect(await keptBy(page)).not.toMatch(/eyJ|verifier/)
  })

  it('is not asked for again by whoever comes back, who finds what they typed and the way back as it was', async () => {
    const id = await askForApproval()
    const page = await as('approver', { at: `/changes/${id}` })
    await page.getByRole('button', { name: 'Reject' }).click()
    await page.getByLabel('Why it is rejected').fill('the freeze of December')
    const places = await page.evaluate('history.length')
    await page.reload()
    await page.getByRole('dialog', { name: 'Reject this change?' }).waitFor()
    expect(await page.getByLabel('Why it is rejected').inputValue()).toBe('the freeze of December')
    expect(await page.evaluate('history.length')).toBe(places)
    await page.getByRole('button', { name: 'Not now' }).click()
    // One without a word in it is there again as well, and is left by going elsewhere.
    await page.getByRole('button', { name: 'Approve' }).click()
    await page.reload()
    await page.getByRole('dialog', { name: 'Approve this change?' }).waitFor()
    await page.evaluate(`location.hash = '#/approvals'`)
    await page.getByRole('heading', { level: 1, name: 'Approvals' }).waitFor()
    await page.goBack()
    await page.getByRole('button', { name: 'Reject' }).waitFor()
    expect(await page.getByRole('dialog').count()).toBe(0)
    // What cannot be read is nothing that was typed.
    await page.evaluate(
      `addEventListener('pagehide', () => sessionStorage.setItem('license-page-drafts', '{'))`,
    )
    await page.reload()
    await page.getByRole('button', { name: 'Sign out' }).waitFor()
    const tab = await page.context().newPage()
    await tab.goto(`${stack.gateway}/#/changes?state=FAILED`)
    await tab.getByText('No change fits all of these filters.').waitFor()
  })

  it('that is broken off says so, and can be begun again', async () => {
    const page = await open()
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('link', { name: 'Go back without signing in' }).click()
    await page
      .getByText('The sign-in was broken off, or the identity provider does not let you in.')
      .waitFor()
    await expectFit(page)
    await signInAs(page, 'viewer')
  })

  it('that is stopped on its way to the provider lets go, and can be begun again', async () => {
    const page = await open({ hasOwnClock: true })
    await page.route('**/__issuer/auth?*', (route) => route.abort('aborted'))
    const asked = page.waitForRequest('**/__issuer/auth?*')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await asked
    await page.clock.runFor(20_000)
    await page.getByText('The way to the identity provider was broken off.').waitFor()
    await page.unroute('**/__issuer/auth?*')
    await signInAs(page, 'viewer')
    forgive()
  })

  it('and the renewal of it work on a device whose clock is days ahead', async () => {
    const page = await open({ hasOwnClock: true })
    await page.clock.setSystemTime(Date.now() + 3 * 86_400_000)
    await page.reload()
    await signInAs(page, 'viewer')
    await endSignIn(page, { isRenewed: true })
    await page.goto(`${stack.gateway}/#/changes?state=FAILED`)
    await page.getByText('No change fits all of these filters.').waitFor()
    forgive()
  })

  it('and the renewal of it work where the gateway has been moved on, and times are counted from its clock', async () => {
    await askForApproval()
    const days = 400
    const page = await open()
    await page.route('**/v1/**', async (route) => {
      const answer = await route.fetch()
      const date = new Date(Date.now() + days * 86_400_000).toUTCString()
      await route.fulfill({ response: answer, headers: { ...answer.headers(), date } })
    })
    await signInAs(page, 'viewer')
    await page.goto(`${stack.gateway}/#/changes`)
    await page.getByText(`${days} days ago`).first().waitFor()
    await page.getByRole('list', { name: 'Changes, the newest first' }).getByRole('link').first().click()
    // By its clock that was another year.
    await page.locator('.facts div', { hasText: /^Made.*\b20\d\d\b/ }).waitFor()
    await endSignIn(page, { isRenewed: true })
    await page.goto(`${stack.gateway}/#/changes?state=FAILED`)
    await page.getByText('No change fits all of these filters.').waitFor()
    forgive()
  })

  it('takes no answer that it did not ask for', async () => {
    const page = await open()
    await page.goto(`${stack.gateway}/?code=stolen&state=foreign`)
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
    expect(page.url()).toBe(`${stack.gateway}/`)
  })

  it('ends with signing out, at the provider too', async () => {
    const page = await as('viewer', { at: '/changes' })
    // The page that comes back from the provider begins with it.
    const isBack = page.waitForResponse('**/config.json')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await isBack
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
    expect(await keptBy(page)).toBe('[{},{},""]')
    await page.reload()
    await page.getByRole('button', { name: 'Sign in' }).click()
    // Nobody is known there any more.
    await page.getByRole('link', { name: ', viewer' }).waitFor()
  })

  it('ends in all tabs, whatever is on its way, and says where the provider cannot be told', async () => {
    const id = await askForApproval()
    const page = await as('approver', { at: `/changes/${id}` })
    const other = await page.context().newPage()
    await other.goto(`${stack.gateway}/#/changes`)
    await other.getByRole('button', { name: 'Sign out' }).waitFor()
    await page.getByRole('button', { name: 'Reject' }).click()
    await page.getByLabel('Why it is rejected').fill('a secret')
    await page.route('**/.well-known/openid-configuration', async (route) => {
      const answer = await (await route.fetch()).json()
      await route.fulfill({ json: { ...answer, end_session_endpoint: undefined } })
    })
    const { promise: isSignedOut, resolve: goOn } = Promise.withResolvers<void>()
    await page.route('**/__issuer/token', async (route) => {
      await isSignedOut
      await route.continue()
    })
    const renewing = page.waitForRequest('**/__issuer/token')
    await endSignIn(page, { isRenewed: true })
    await renewing
    await page.evaluate(`document.querySelector('header .who button').click()`)
    await page
      .getByText('You have signed out of this page. The identity provider may know you still')
      .waitFor()
    const renewed = page.waitForResponse('**/__issuer/token')
    goOn()
    await (await renewed).finished()
    await other.getByText('You have signed out in another tab.').waitFor()
    await page.unroute('**/v1/**')
    // Whoever is known there is let in again, and finds nothing of what was typed.
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('button', { name: 'Reject' }).waitFor()
    expect(await page.getByRole('dialog').count()).toBe(0)
    forgive()
  })
})

describe('a token that ends', () => {
  it('is renewed without leaving the page', async () => {
    const page = await as('viewer', { at: '/changes' })
    await endSignIn(page, { isRenewed: true })
    await page.evaluate('window.isSamePage = true')
    await page.getByLabel('Show').selectOption('Failed')
    await page.getByText('No change fits all of these filters.').waitFor()
    expect(await page.evaluate('window.isSamePage')).toBe(true)
    forgive()
  })

  it('while typing, and cannot be renewed, loses nothing: the page comes back with the dialog and its words', async () => {
    const id = await askForApproval()
    const page = await as('approver', { at: `/changes/${id}` })
    await page.getByRole('button', { name: 'Reject' }).click()
    await page.getByLabel('Why it is rejected').fill('the freeze of December')
    await page.evaluate('window.isSamePage = true')
    await endSignIn(page, { isRenewed: false })
    await expect.poll(() => page.evaluate('window.isSamePage').catch(() => true)).toBe(undefined)
    await page.getByRole('dialog', { name: 'Reject this change?' }).waitFor()
    expect(await page.getByLabel('Why it is rejected').inputValue()).toBe('the freeze of December')
    await page.getByRole('button', { name: 'Reject it' }).click()
    await page.locator('.heading .chip', { hasText: 'Rejected' }).waitFor()
    forgive()
  })

  it('where the provider knows nobody any more leads to the door, and what was typed is there after it', async () => {
    const id = await askForApproval()
    const page = await as('approver', { at: `/changes/${id}` })
    await page.getByRole('button', { name: 'Reject' }).click()
    await page.getByLabel('Why it is rejected').fill('the freeze of December')
    await page.context().clearCookies()
    await endSignIn(page, { isRenewed: false })
    await page.getByText('Your sign-in has ended.').waitFor()
    await page.unroute('**/v1/**')
    await signInAs(page, 'approver')
    expect(await page.getByLabel('Why it is rejected').inputValue()).toBe('the freeze of December')
    forgive()
  })
})

describe('a sign-in that goes on', () => {
  it('as somebody else says so, and hands them nothing that was typed', async () => {
    const id = await askForApproval()
    const page = await as('approver', { at: `/changes/${id}` })
    await page.getByRole('button', { name: 'Reject' }).click()
    await page.getByLabel('Why it is rejected').fill('a secret')
    await page.context().clearCookies()
    const other = await page.context().newPage()
    await other.goto(stack.gateway)
    await signInAs(other, 'operator')
    await endSignIn(page, { isRenewed: false })
    await page.getByText('Somebody else has signed in at the identity provider since.').waitFor()
    await expectFit(page)
    expect(await keptBy(page)).not.toContain('a secret')
    await page.unroute('**/v1/**')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('Ana Abebe operator').waitFor()
    expect(await page.getByRole('dialog').count()).toBe(0)
    forgive()
  })

  it.each([
    [
      'that the gateway takes no token of is given up',
      { expires_in: 3_600 },
      'The gateway does not take your sign-in',
    ],
    ['whose tokens end at once is given up', { expires_in: 5 }, 'tokens end within seconds'],
  ])('%s after one more try', async (_which, { expires_in }, sentence) => {
    const page = await open({ at: '/changes' })
    let trips = 0
    page.on('request', (request) => {
      if (request.url().includes('/__issuer/auth?')) trips += 1
    })
    await page.route('**/__issuer/token', async (route) => {
      const answer = await (await route.fetch()).json()
      await route.fulfill({ json: { ...answer, refresh_token: undefined, expires_in } })
    })
    await page.route('**/v1/**', (route) =>
      route.fulfill({ status: 401, json: { code: 'authentication.required' } }),
    )
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('link', { name: ', viewer' }).click()
    await page.getByText(sentence).waitFor()
    expect(trips).toBe(2)
    forgive()
  })
})

describe('what people meet', () => {
  it('a gateway that is gone is told above what was there, and gone on with by itself once it is back', async () => {
    const page = await as('viewer', { at: '/changes' })
    await page.getByText('Nobody has changed anything yet.').waitFor()
    await page.context().setOffline(true)
    await page.getByText('The gateway does not answer.').first().waitFor()
    await expectFit(page)
    await page.context().setOffline(false)
    await page.getByText('The gateway does not answer.').first().waitFor({ state: 'detached' })
    await page.getByText('Nobody has changed anything yet.').waitFor()
    forgive()
  })

  it('a role that was taken away is told by what it would take', async () => {
    const id = await askForApproval()
    const page = await as('viewer')
    await page.route(`**/v1/changes/${id}`, async (route) => {
      const change = await (await route.fetch()).json()
      await route.fulfill({ json: { ...change, offers: ['approve'] } })
    })
    await page.goto(`${stack.gateway}/#/changes/${id}`)
    await page.getByRole('button', { name: 'Approve' }).click()
    const isAsked = page.waitForRequest('**/v1/me')
    await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click()
    await page.getByRole('alert').getByText('This needs the role approver, which you do not have.').waitFor()
    await isAsked
    forgive()
  })

  it('a gateway that cannot tell who they are says so, and offers nothing meanwhile', async () => {
    const page = await open({ at: '/schedules' })
    const failure = { status: 500, json: { code: 'internal.error', message: 'The gateway has failed.' } }
    const { promise: isAnswered, resolve: answer } = Promise.withResolvers<void>()
    await page.route('**/v1/me', async (route) => {
      await isAnswered
      await route.fulfill(failure)
    })
    await signInAs(page, 'operator')
    await page.getByText('There are no schedules yet.').waitFor()
    // What may be offered above it would move it.
    const below = page.getByText('Nothing goes back by itself in that time.')
    expect(await below.isVisible()).toBe(false)
    answer()
    await page.getByText('Who you are here is not known yet').waitFor()
    await below.waitFor()
    expect(await page.getByRole('link', { name: 'New schedule' }).count()).toBe(0)
    await expectFit(page)
    await page.unroute('**/v1/me')
    // After so many failures as there are by now it may ask again in a minute, or sooner where a network comes.
    await page.evaluate(`dispatchEvent(new Event('online'))`)
    await page.getByRole('link', { name: 'New schedule' }).waitFor()
    forgive()
  })

  it('too much at once is waited for as long as the gateway says, which is told', async () => {
    const page = await as('viewer', { at: '/changes', hasOwnClock: true })
    let refused = 0
    await page.route('**/v1/changes?*', async (route) => {
      refused += 1
      if (refused > 1) return await route.fallback()
      await route.fulfill({ status: 429, headers: { 'retry-after': '20' }, json: { code: 'too.many' } })
    })
    await page.getByLabel('Show').selectOption('Failed')
    const told = page
      .getByRole('complementary', { name: 'The gateway' })
      .getByText('It goes on by itself within 20 seconds.')
    await told.waitFor()
    await page.clock.runFor(20_000)
    await page.getByText('No change fits all of these filters.').waitFor()
    await told.waitFor({ state: 'detached' })
    expect(refused).toBeGreaterThan(1)
    forgive()
  })

  it('a hidden tab asks nothing', async () => {
    const page = await as('viewer', { at: '/changes', hasOwnClock: true })
    await page.getByText('Nobody has changed anything yet.').waitFor()
    await page.evaluate(`
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => window.isHidden ?? true })
      document.dispatchEvent(new Event('visibilitychange'))
    `)
    let asked = 0
    page.on('request', (request) => {
      if (request.url().includes('/v1/')) asked += 1
    })
    await page.clock.runFor(60_000)
    // Whatever was due is asked for before this is answered.
    await page.evaluate("fetch('config.json').then((answer) => answer.text())")
    expect(asked).toBe(0)
    await page.evaluate(`window.isHidden = false; document.dispatchEvent(new Event('visibilitychange'))`)
    await expect.poll(() => asked).toBeGreaterThan(0)
  })

  it('a keyboard alone leads past the tabs to the content, and an address that leads nowhere says so', async () => {
    const page = await as('viewer', { at: '/nowhere' })
    await page.getByRole('heading', { level: 1, name: 'Nothing is here' }).waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await page.evaluate('document.activeElement.id')).toBe('content')
    expect(new URL(page.url()).hash).toBe('#/nowhere')
  })
})
