import { describe, it } from 'vitest'
import { messageHeaded, say, visiting } from './visiting.ts'

const { visit } = await visiting({ org: { users: 200 } })

describe('a change on the page', () => {
  it('names somebody who has a namesake with their e-mail too', async () => {
    const page = await visit()
    await say(page, '/license grant collaboratePro to wei.li2@example.com')
    await messageHeaded(page, /Give collaboratePro to Wei Li \(wei\.li2@example\.com\)/)
      .getByRole('button', { name: 'Confirm' })
      .click()
    const change = page.locator('.change').first()
    await change.getByText('Applied', { exact: true }).waitFor()
    await change.getByRole('button', { name: /Give collaboratePro to Wei Li/ }).click()
    await change.getByRole('row', { name: /^Wei Li \(wei\.li2@example\.com\)/ }).waitFor()
  })
})
