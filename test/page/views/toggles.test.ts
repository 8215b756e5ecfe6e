/** Toggles, as a viewer, an operator and an approver meet them. */
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { senderIn } from './send-as.ts'
import { expectFitInEachLook, pageVisits } from './visit-page.ts'

const { stack, as, forgive } = await pageVisits()
const send = senderIn(stack)

const heading = (page: Page, text: string | RegExp) => page.getByRole('heading', { level: 1, name: text })
const row = (page: Page, name: string) =>
  page.getByRole('list', { name: 'Toggles' }).getByRole('listitem').filter({ hasText: name })

describe('toggles', () => {
  it('say what switching does today, and another name can be typed and switched', async () => {
    const page = await as('operator', { at: '/toggles' })
    await page.getByText('Whether switching has an effect is not known').waitFor()
    await page.getByText('none has been switched here yet').waitFor()
    await page.getByLabel('Another toggle').fill('agentAssist')
    await page.keyboard.press('Enter')
    await row(page, 'agentAssist').getByText('As Genesys reads it, which may say nothing.').waitFor()
    expect(new URL(page.url()).hash).toBe('#/toggles?name=agentAssist')
    await page.getByRole('button', { name: 'Switch off agentAssist' }).click()
    const dialog = page.getByRole('dialog', { name: 'Switch agentAssist off?' })
    await dialog.getByText('It reads on now, and is to be off for the whole org.').waitFor()
    await dialog.getByText('most likely this has no effect').waitFor()
    await dialog.getByLabel('Reason').fill('<img src=x onerror="document.title=1">')
    await dialog.getByRole('button', { name: 'Switch it off' }).click()
    await heading(page, 'Switch agentAssist off').waitFor()
    await page.getByText('<img src=x onerror="document.title=1">').waitFor()
    await page.locator('.heading .chip', { hasText: 'No effect' }).waitFor()
    await page.getByText('if it must be switched, ask Genesys').waitFor()
    // What it came to is what the next one is told.
    const viewer = await as('viewer', { at: '/toggles' })
    await viewer.getByText('Switching has no effect today').waitFor()
    await row(viewer, 'agentAssist').getByText('No effect').waitFor()
    await row(viewer, 'agentAssist').getByText('On', { exact: true }).waitFor()
    expect(await viewer.getByRole('button', { name: /^Switch / }).count()).toBe(0)
    await row(viewer, 'agentAssist').getByRole('link', { name: 'Switched off' }).click()
    await heading(viewer, 'Switch agentAssist off').waitFor()
  })

  it('that were switched before the newest changes are asked for by name', async () => {
    const page = await as('operator', { at: '/changes' })
    await send('PUT', '/v1/toggles/agentAssist', 'operator', { enabled: false })
    await page.route('**/v1/toggles', async (route) => {
      const listing = await (await route.fetch()).json()
      await route.fulfill({ json: { ...listing, isWhole: false, entities: [] } })
    })
    await page.goto(`${stack.gateway}/#/toggles?name=agentAssist`)
    await row(page, 'agentAssist').getByRole('link', { name: 'Switched off' }).waitFor()
    await page.getByText('One that was switched before those is found by its name').waitFor()
    await page.getByLabel('Another toggle').fill('wallboards')
    await page.keyboard.press('Enter')
    await row(page, 'wallboards').getByText('Not switched here yet.').waitFor()
  })

  it('of a name that none can have say so', async () => {
    const page = await as('approver', { at: '/toggles?name=%3Cimg%20src%3Dx%3E' })
    await row(page, '<img src=x>').getByText('No toggle can have this name').waitFor()
    expect(await page.getByRole('button', { name: 'Switch <img' }).count()).toBe(0)
    forgive()
  })

  it('whose switching has no answer say why and keep the reason: pressed again it is the same wish, asked anew another', async () => {
    const page = await as('approver', { at: '/toggles?name=wallboards' })
    await page.getByRole('button', { name: 'Switch off wallboards' }).click()
    await page.getByLabel('Reason').fill('the freeze')
    const keys: (string | undefined)[] = []
    await page.route('**/v1/toggles/wallboards', async (route) => {
      keys.push(route.request().headers()['idempotency-key'])
      await route.abort()
    })
    const press = async () => {
      await page.getByRole('button', { name: 'Switch it off' }).click()
      await expect.poll(() => page.getByRole('dialog').locator('[aria-busy=true]').count()).toBe(0)
    }
    await press()
    await page.getByRole('dialog').getByRole('alert').waitFor()
    expect(await page.getByLabel('Reason').inputValue()).toBe('the freeze')
    await press()
    await page.getByRole('button', { name: 'Not now' }).click()
    await page.getByRole('button', { name: 'Switch off wallboards' }).click()
    await page.getByLabel('Reason').fill('the freeze')
    await press()
    expect(keys).toEqual([keys[0], keys[0], expect.not.stringContaining(keys[0] ?? '')])
    await page.unroute('**/v1/toggles/wallboards')
    await press()
    await heading(page, 'Switch wallboards off').waitFor()
    forgive()
  })

  it('are asked about as before when one comes back to it, however they read by then', async () => {
    const page = await as('approver', { at: '/toggles?name=wallboards' })
    await page.getByRole('button', { name: 'Switch off wallboards' }).click()
    const dialog = page.getByRole('dialog', { name: 'Switch wallboards off?' })
    await dialog.waitFor()
    await page.route('**/api/v2/license/toggles/wallboards', async (route) => {
      const toggle = await (await route.fetch()).json()
      await route.fulfill({ json: { ...toggle, enabled: false } })
    })
    await page.reload()
    await dialog.getByText('It reads off now, and is to be off for the whole org.').waitFor()
    await dialog.getByRole('button', { name: 'Not now' }).click()
    await page.reload()
    await page.getByRole('button', { name: 'Switch on wallboards' }).waitFor()
    expect(await page.getByRole('dialog').count()).toBe(0)
  })

  it('fit on the narrowest screen, in each look', async () => {
    const at = `/toggles?name=${'x'.repeat(120)}`
    const page = await as('operator', { at, viewport: { width: 320, height: 640 } })
    await row(page, 'xxx').getByText('Genesys knows no toggle of this name.').waitFor()
    await expectFitInEachLook(page)
    await page.goto(`${stack.gateway}/#/toggles?name=agentAssist`)
    await page.getByRole('button', { name: 'Switch off agentAssist' }).click()
    await page.getByRole('dialog').waitFor()
    await expectFitInEachLook(page)
    forgive()
  })
})
