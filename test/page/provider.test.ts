/** The laptop's identity provider as people meet it: what stops at its policies, or asks another host, fails the run. */
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { askToSignIn, discover, tokensFor } from '../support/identity/sign-in.ts'
import { claimsOf } from '../support/identity/tokens.ts'
import { inEachLook } from './looks.ts'
import { pageVisits } from './views/visit-page.ts'
import { violationsIn } from './violations.ts'

const { stack, open } = await pageVisits()
const found = await discover(stack.gateway)

/** Takes the tokens that wait where the browser is sent back to; the page there has asked for none, and leaves them. */
async function signedIn(page: Page, act: (page: Page) => Promise<void>, prompt?: string) {
  const asked = await askToSignIn(found, { prompt })
  await page.goto(asked.url)
  const cameBack = page.waitForRequest((request) => new URL(request.url()).searchParams.has('code'))
  await act(page)
  const came = (await cameBack).url()
  await page.getByRole('button', { name: 'Sign in' }).waitFor()
  return await tokensFor(found, asked, came)
}

const click = (name: RegExp) => async (page: Page) => await page.getByRole('link', { name }).click()

describe('the sign-in of the laptop', () => {
  it('fits the smallest screen, and a checker finds nothing, in each look', async () => {
    const page = await open({ viewport: { width: 320, height: 640 } })
    await page.goto((await askToSignIn(found)).url)
    await page.getByRole('heading', { name: 'Who signs in?' }).waitFor()
    await inEachLook(page, async (look) => {
      expect(await violationsIn(page.mainFrame()), look).toEqual([])
      expect(await page.evaluate('document.documentElement.scrollWidth'), look).toBe(320)
    })
  })

  it('takes a keyboard alone', async () => {
    const page = await open()
    const { access_token: token } = await signedIn(page, async () => {
      for (const name of ['Ben Blanc, viewer', 'Ana Abebe, operator']) {
        await page.keyboard.press('Tab')
        expect(await page.locator(':focus-visible').textContent()).toContain(name)
      }
      await page.keyboard.press('Enter')
    })
    expect(claimsOf(token)).toMatchObject({ sub: 'local-operator', scope: 'operator' })
  })

  it('makes somebody else of a browser, and nobody, each in one step', async () => {
    const page = await open()
    await signedIn(page, click(/viewer/))
    const tokens = await signedIn(page, click(/approver/), 'login')
    expect(claimsOf(tokens.access_token)).toMatchObject({ sub: 'local-approver' })

    const leave = new URL(found.server.end_session_endpoint ?? '')
    leave.searchParams.set('id_token_hint', tokens.id_token ?? '')
    leave.searchParams.set('post_logout_redirect_uri', found.base)
    await page.goto(leave.href)
    await page.waitForURL((url) => url.pathname === '/')
    await page.goto((await askToSignIn(found)).url)
    await page.getByRole('heading', { name: 'Who signs in?' }).waitFor()
  })

  it('asks whoever comes by a link before it signs them out', async () => {
    const page = await open()
    await signedIn(page, click(/viewer/))
    await page.goto(found.server.end_session_endpoint ?? '')
    await page.getByRole('heading', { name: 'Sign out?' }).waitFor()
    expect(await violationsIn(page.mainFrame())).toEqual([])
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor()
    expect(await violationsIn(page.mainFrame())).toEqual([])
  })
})
