/** Signing in at the page: by the door, or as whoever comes back to it, which takes one page load in place of three. */
import type { BrowserContext, Page } from 'playwright-core'
import type { Pending } from '../../../lib/page/browser/session/authorization.ts'
import type { Role } from '../../../lib/roles.ts'
import { askToSignIn, type Discovered, discover } from '../../support/identity/sign-in.ts'

type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>

/** What the provider of a gateway knows a browser by, by role: whoever comes first comes by the door. */
const known = new Map<string, Cookies>()
const discovered = new Map<string, Promise<Discovered>>()

/** As the page itself keeps what it must remember while the browser is at the provider (lib/page/browser/session/sign-in.ts). */
const PENDING = 'license-page-sign-in'

/** At the page's door, or when one is asked again: a press there, and one at the provider. */
export async function signInAs(page: Page, role: Role): Promise<void> {
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('link', { name: `, ${role}` }).click()
  await page.locator('header .org').waitFor()
}

/** What they may do shows with it, and is at its place from then on. */
async function untilKnown(page: Page): Promise<void> {
  await page.locator('header .who span').first().waitFor({ state: 'attached' })
}

/**
 * Begins where the page would have sent the browser to, with the cookies of somebody whom the provider knows: it sends the
 * browser on to the page, which redeems the code as always.
 */
export async function comeBackSignedIn(page: Page, gateway: string, role: Role, at = ''): Promise<void> {
  const cookies = known.get(`${gateway} ${role}`)
  if (cookies === undefined) {
    await page.goto(`${gateway}/#${at}`)
    await signInAs(page, role)
    await untilKnown(page)
    known.set(`${gateway} ${role}`, await page.context().cookies())
    return
  }
  await page.context().addCookies(cookies)
  const asking = discovered.get(gateway) ?? discover(gateway)
  discovered.set(gateway, asking)
  const { url, state, nonce, verifier } = await askToSignIn(await asking, { prompt: 'none' })
  const pending: Pending = { state, nonce, verifier, hash: `#${at}`, isSilent: true }
  const kept = JSON.stringify([PENDING, JSON.stringify(pending)])
  await page.addInitScript(
    `if (new URL(location.href).searchParams.get('state') === '${state}') sessionStorage.setItem(...${kept})`,
  )
  await page.goto(url)
  await untilKnown(page)
}
