import { describe, expect, it } from 'vitest'
import { operations } from '../../lib/operations/index.ts'
import { squeezedCells } from './legible.ts'
import { tryOut, visiting } from './visiting.ts'

const { stack, visit } = await visiting()

describe('the API reference of the page', () => {
  it('is loaded when it is opened, and lists every operation of the document', async () => {
    const page = await visit()
    const loaded: string[] = []
    page.on('request', (request) => loaded.push(new URL(request.url()).pathname))
    await page.getByText('Enter sends').waitFor()
    expect(loaded.filter((path) => path.startsWith('/__page/reference'))).toEqual([])

    await page.getByRole('link', { name: 'API reference' }).click()
    const shown = page.frameLocator('#reference').locator('.opblock')
    await shown.nth(operations.length - 1).waitFor()
    const methods = await shown.locator('.opblock-summary-method').allInnerTexts()
    const paths = await shown.locator('[data-path]').allInnerTexts()
    // Long ones may be broken at a slash, by a character that has no width.
    const listed = methods.map((method, index) => `${method} ${paths[index]?.replace(/\u200b/g, '')}`)
    expect(listed.sort()).toEqual(operations.map(({ method, path }) => `${method} ${path}`).sort())
  })

  it('tries an operation out as whoever one is', async () => {
    const page = await visit({ as: 'local-viewer', view: 'api' })
    await page.getByText('sent as local-viewer').waitFor()
    const frame = page.frameLocator('#reference')
    const definitions = frame.locator('#operations-License-getLicenseDefinitions')
    await definitions.getByRole('button').first().click()
    await definitions.getByRole('button', { name: 'Try it out' }).click()
    const sent = page.waitForRequest('**/api/v2/license/definitions')
    await definitions.getByRole('button', { name: 'Execute' }).click()
    expect((await (await sent).allHeaders())['authorization']).toBe(`Bearer ${stack.tokens.viewer}`)
    const answer = definitions.locator('.live-responses-table')
    await answer.locator('.response-col_status', { hasText: '200' }).waitFor()
    expect(await answer.innerText()).toContain('collaborate')
    // The line can be pasted, and shows no token.
    const curl = await definitions.locator('.curl-command pre').innerText()
    expect(curl).toContain(`curl -H '@${stack.directory}/viewer.header' -X 'GET'`)
    expect(curl).not.toContain('Bearer')

    await page.getByRole('radio', { name: 'local-approver' }).check()
    const sentAgain = page.waitForRequest('**/api/v2/license/definitions')
    await definitions.getByRole('button', { name: 'Execute' }).click()
    expect((await (await sentAgain).allHeaders())['authorization']).toBe(`Bearer ${stack.tokens.approver}`)
  })

  it('has names and codes in columns that hold their words, however wide it is', async () => {
    const page = await visit({ view: 'api', viewport: { width: 320, height: 800 } })
    await tryOut(page)
    const one = page.frameLocator('#reference').locator('#operations-License-getLicenseDefinition')
    await one.getByRole('button').first().click()
    await one.locator('.parameter__name').waitFor({ state: 'attached' })
    for (const width of [320, 390, 600, 1280]) {
      await page.setViewportSize({ width, height: 800 })
      const faults = await Promise.all(page.frames().map(squeezedCells))
      expect(faults.flat(), `${width} px wide`).toEqual([])
    }
  })
})
