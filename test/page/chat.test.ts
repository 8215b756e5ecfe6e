/** The laptop's view of chats, as the people who type there meet it. */
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { messageHeaded, pageVisits, say } from './views/visit-page.ts'

const { stack, as, forgive } = await pageVisits()

/** In truth, whatever the page shows. */
function holds(email: string): readonly string[] {
  const user = stack.org.people().find((each) => each.email === email)
  return (user && stack.org.truth().users[user.id]) ?? []
}

const box = (page: Page) => page.getByLabel('What you type')
const typesAs = (page: Page, name: string) => page.getByRole('radio', { name }).check()

describe('the chat of the laptop', () => {
  it('begins as whoever is signed in, helps a newcomer to a question and shows the answer', async () => {
    const page = await as('viewer', { at: '/chat' })
    await page.getByRole('radio', { name: 'local-viewer', checked: true }).waitFor()
    await page.getByText('Nothing has been said yet').waitFor()
    await page.getByRole('button', { name: 'Ana’s licenses' }).click()
    expect(await box(page).inputValue()).toBe('/license user ana@example.com')
    await page.keyboard.press('Enter')
    const answer = messageHeaded(page, 'Ana Abebe')
    await answer.getByText('ana@example.com').waitFor()
    expect(await answer.innerText()).toContain(holds('ana@example.com').join(', '))
    expect(await box(page).inputValue()).toBe('')
  })

  it('has lines to try that all work', async () => {
    const page = await as('operator', { at: '/chat' })
    const answers = [
      ['Who has cloudCX3', /hold cloudCX3/],
      ['Seats', /paid/],
      ['Ana’s history', /Ana Abebe/],
      ['This period', /as a file/],
      ['Give a license', /Give wallboardUser/],
      ['Needs approval', /Give cxCloudSN/],
      ['A toggle', /agentAssist is on/],
      ['Open changes', /change/i],
      ['Help', /can be typed/],
    ] as const
    for (const [label, hasText] of answers) {
      await page.getByRole('button', { name: label }).click()
      await page.getByRole('button', { name: 'Send' }).click()
      await page.locator('.message.app').filter({ hasText }).last().waitFor()
    }
  })

  it('shows a plan, and in its place what became of it once it is confirmed; it leads to the change on the page', async () => {
    const page = await as('operator', { at: '/chat' })
    await say(page, '/license grant wallboardUser to ana@example.com because of the pilot')
    const plan = messageHeaded(page, /Give wallboardUser/)
    await plan.getByText('Nothing has happened yet').waitFor()
    expect(holds('ana@example.com')).not.toContain('wallboardUser')

    const id = await plan.getAttribute('data-id')
    await plan.getByRole('button', { name: 'Confirm' }).click()
    const done = page.locator(`[data-id="${id}"]`)
    await done.getByRole('heading', { name: /done/ }).waitFor()
    expect(await done.getByRole('button').allInnerTexts()).toEqual(['Undo'])
    expect(holds('ana@example.com')).toContain('wallboardUser')

    await done.getByRole('link', { name: 'See it on the page' }).click()
    await page.getByRole('heading', { level: 1, name: 'Give wallboardUser to Ana Abebe' }).waitFor()
    await page.locator('.heading .chip', { hasText: 'Done' }).waitFor()
  })

  it('takes a button once: while it is under way none of the message can be pressed', async () => {
    const page = await as('operator', { at: '/chat' })
    await say(page, '/license toggle agentAssist off')
    const plan = messageHeaded(page, /agentAssist off/)
    const gate = Promise.withResolvers<void>()
    let presses = 0
    await page.route('**/__chat/press', async (route) => {
      presses += 1
      await gate.promise
      await route.continue()
    })
    const [cancel, confirm] = ['Cancel', 'Confirm'].map((name) => plan.getByRole('button', { name }))
    await cancel?.click()
    for (const each of [cancel, confirm]) {
      expect(await each?.getAttribute('aria-disabled')).toBe('true')
      await each?.click({ force: true })
    }
    gate.resolve()
    await messageHeaded(page, /called off/).waitFor()
    expect(presses).toBe(1)
  })

  it('tells the one who may not, and nobody else', async () => {
    const viewer = await as('viewer', { at: '/chat' })
    const operator = await as('operator', { at: '/chat' })
    await say(viewer, '/license grant wallboardUser to chloe@example.com')
    const refusal = messageHeaded(viewer, /for operators/)
    await refusal.getByText('Only visible to you').waitFor()
    // Something that both see, so that it is known to be later.
    await say(viewer, '/license user elif@example.com')
    await messageHeaded(operator, /^Elif/).waitFor()
    expect(await operator.getByText(/for operators/).count()).toBe(0)
    expect(await operator.getByText('/license grant wallboardUser to chloe').count()).toBe(0)
  })

  it('tells only the one who pressed that a button is not theirs, and lets them press again', async () => {
    const operator = await as('operator', { at: '/chat' })
    await say(operator, '/license grant wallboardUser to dmitri@example.com')
    const approver = await as('approver', { at: '/chat' })
    const confirm = messageHeaded(approver, /Give wallboardUser/).getByRole('button', { name: 'Confirm' })
    await confirm.click()
    await approver.locator('.message.private').getByText('Ana Abebe').first().waitFor()
    await confirm.and(approver.locator('[aria-busy=false]')).waitFor()
    expect(await confirm.getAttribute('aria-disabled')).toBeNull()
    expect(await operator.locator('.message.private').getByRole('heading').count()).toBe(0)
  })

  it('lets a second person approve, who is one choice away, and shows both how it ends', async () => {
    const operator = await as('operator', { at: '/chat' })
    await say(operator, '/license grant cxCloudSN to ben@example.com for 8h')
    await messageHeaded(operator, /Give cxCloudSN/)
      .getByRole('button', { name: 'Confirm' })
      .click()
    await messageHeaded(operator, /waits for an approver/).waitFor()
    const other = await as('viewer', { at: '/chat' })
    await typesAs(other, 'local-approver')
    const request = messageHeaded(other, /Ana Abebe asks/)
    await request.getByText('#license-approvals').waitFor()
    expect(holds('ben@example.com')).not.toContain('cxCloudSN')
    await request.getByRole('button', { name: 'Approve' }).click()
    for (const page of [operator, other])
      await messageHeaded(page, /done/).getByText('Approved by Chloé Costa').waitFor()
    expect(holds('ben@example.com')).toContain('cxCloudSN')
  })

  it('takes its buttons away where somebody decides on the page', async () => {
    const page = await as('operator', { at: '/chat' })
    await say(page, '/license grant cxCloudSN to chloe@example.com')
    const plan = messageHeaded(page, /Give cxCloudSN to Chlo/)
    await plan.getByRole('button', { name: 'Confirm' }).click()
    const leads = page.getByRole('link', { name: 'See it on the page' }).last()
    await messageHeaded(page, /waits for an approver/).waitFor()
    const approver = await as('approver', { at: (await leads.getAttribute('href'))?.slice(1) ?? '' })
    await approver.getByRole('button', { name: 'Reject' }).click()
    await approver.getByLabel('Why it is rejected').fill('the freeze')
    await approver.keyboard.press('Enter')
    await approver.getByRole('dialog').waitFor({ state: 'detached' })
    // What asked approvers in Slack asks no longer, once the tick has told of it.
    // One that is under way may have looked before, and the next comes within the minute.
    await expect
      .poll(
        async () => {
          await stack.aws.advance(60_000)
          return await messageHeaded(page, /Give cxCloudSN to Chlo.*: was rejected/).count()
        },
        { interval: 500 },
      )
      .toBe(1)
    await page.locator('.message').getByRole('button', { name: 'Approve' }).waitFor({ state: 'detached' })
  })

  it('is Teams too, where a card answers and nothing can be pressed', async () => {
    const page = await as('operator', { at: '/chat' })
    await page.getByPlaceholder('/license help').waitFor()
    await typesAs(page, 'Teams')
    await page.getByPlaceholder('@license help').waitFor()
    await say(page, '/license user ana@example.com')
    await page.getByText('@license user ana@example.com').waitFor()
    const card = messageHeaded(page, 'Ana Abebe')
    await card.getByText('ana@example.com').waitFor()
    expect(await page.locator('.message').getByRole('button').count()).toBe(0)
  })

  it('shows markup as the text that it is', async () => {
    const page = await as('operator', { at: '/chat' })
    const markup = `<b>x</b><script>document.title='owned'</script><img src=x onerror=document.title='owned'>`
    await say(page, `/license grant wallboardUser to farah@example.com because ${markup}`)
    await messageHeaded(page, /Give wallboardUser/)
      .getByText(markup)
      .waitFor()
    expect(await page.locator('.message').locator('b, script, img').count()).toBe(0)
    expect(await page.title()).toBe('Chat – License gateway')
  })

  it('brings back earlier lines with the up arrow', async () => {
    const page = await as('operator', { at: '/chat' })
    for (const line of ['/license help user', '/license help who']) await say(page, line)
    await box(page).fill('/lic')
    const seen: string[] = []
    for (const key of ['ArrowUp', 'ArrowUp', 'ArrowUp', 'ArrowDown', 'ArrowDown']) {
      await page.keyboard.press(key)
      seen.push(await box(page).inputValue())
    }
    expect(seen).toEqual([
      '/license help who',
      '/license help user',
      '/license help user',
      '/license help who',
      '/lic',
    ])
  })

  it('has who types and where in its address, and what is typed after a look elsewhere', async () => {
    const page = await as('viewer', { at: '/chat' })
    await typesAs(page, 'local-approver')
    await typesAs(page, 'Teams')
    expect(new URL(page.url()).hash).toBe('#/chat?as=local-approver&on=teams')
    await page.reload()
    await page.getByRole('radio', { name: 'Teams', checked: true }).waitFor()
    expect(await page.getByRole('radio', { name: 'local-approver' }).isChecked()).toBe(true)
    await box(page).fill('/license us')
    await page.getByRole('link', { name: 'Changes' }).click()
    await page.getByRole('heading', { level: 1, name: 'Changes' }).waitFor()
    await page.getByRole('link', { name: 'Chat' }).click()
    expect(await box(page).inputValue()).toBe('/license us')
  })

  it('goes on when the gateway is back, and keeps the line that it could not take', async () => {
    const page = await as('operator', { at: '/chat' })
    await say(page, '/license help user')
    await page.locator('.message.app').first().waitFor()
    await page.context().setOffline(true)
    await say(page, '/license user ana@example.com')
    // It is told aloud as well, a moment later.
    const told = page.getByRole('complementary', { name: 'The gateway' })
    await told.getByText('The gateway does not answer.').waitFor()
    await expect.poll(() => box(page).inputValue()).toBe('/license user ana@example.com')
    await page.context().setOffline(false)
    await told.waitFor({ state: 'detached' })
    await box(page).press('Enter')
    await page.locator('.message.mine').last().getByText('/license user ana@example.com').waitFor()
    // The browser itself notes what did not load.
    forgive()
  })

  it('asks for no messages while nobody looks, and at once when somebody does again', async () => {
    const page = await as('operator', { at: '/chat' })
    await page.getByText('Enter sends.').waitFor()
    const hide = (isHidden: boolean) =>
      page.evaluate(`
        Object.defineProperty(document, 'hidden', { configurable: true, value: ${isHidden} })
        document.dispatchEvent(new Event('visibilitychange'))
      `)
    await hide(true)
    let asked = 0
    page.on('request', (request) => {
      if (request.url().includes('/__chat/messages')) asked += 1
    })
    await stack.chat?.say('slack', 'local-viewer', '/license user dmitri@example.com')
    await stack.aws.idle()
    // Whatever was due is asked for before this is answered.
    await page.evaluate(`fetch('config.json').then((answer) => answer.text())`)
    expect(asked).toBe(0)
    await hide(false)
    await messageHeaded(page, /^Dmitri/).waitFor()
  })
})
