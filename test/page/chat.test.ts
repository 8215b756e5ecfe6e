import { describe, expect, it } from 'vitest'
import { messageHeaded, say, visiting } from './visiting.ts'

const { stack, visit, forgive } = await visiting()

/** In truth, whatever the page shows. */
function holds(email: string): readonly string[] {
  const user = stack.org.people().find((each) => each.email === email)
  return (user && stack.org.truth().users[user.id]) ?? []
}

describe('the chat of the page', () => {
  it('helps a newcomer to a question and shows the answer', async () => {
    const page = await visit()
    await page.getByRole('button', { name: 'Ana’s licenses' }).click()
    const box = page.getByLabel('What you type')
    expect(await box.inputValue()).toBe('/license user ana@example.com')
    await page.keyboard.press('Enter')
    const answer = messageHeaded(page, 'Ana Abebe')
    await answer.getByText('ana@example.com').waitFor()
    expect(await answer.innerText()).toContain(holds('ana@example.com').join(', '))
    expect(await box.inputValue()).toBe('')
  })

  it('has lines to try that all work', async () => {
    const page = await visit()
    const answers = [
      ['Who has cloudCX3', /hold cloudCX3/],
      ['Give a license', /Give wallboardUser/],
      ['Needs approval', /Give cxCloudSN/],
      ['A toggle', /agentAssist is on/],
      ['Open changes', /changes/i],
      ['Help', /can be typed/],
    ] as const
    for (const [label, heading] of answers) {
      await page.getByRole('button', { name: label }).click()
      await page.getByRole('button', { name: 'Send' }).click()
      await messageHeaded(page, heading).waitFor()
    }
  })

  it('shows a plan, and in its place what became of it once it is confirmed', async () => {
    const page = await visit()
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
    await page.locator('.change').first().getByText('Applied', { exact: true }).waitFor()
  })

  it('takes a button once: while it is under way none of the message can be pressed', async () => {
    const page = await visit()
    await say(page, '/license toggle agentAssist off')
    const plan = messageHeaded(page, /agentAssist off/)
    const gate = Promise.withResolvers<void>()
    await page.route('**/__chat/press', async (route) => {
      await gate.promise
      await route.continue()
    })
    const cancel = plan.getByRole('button', { name: 'Cancel' })
    await cancel.click()
    expect(await cancel.isDisabled()).toBe(true)
    expect(await plan.getByRole('button', { name: 'Confirm' }).isDisabled()).toBe(true)
    gate.resolve()
    await messageHeaded(page, /called off/).waitFor()
  })

  it('tells the one who may not, and nobody else', async () => {
    const viewer = await visit({ as: 'local-viewer' })
    const operator = await visit()
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
    const operator = await visit()
    await say(operator, '/license grant wallboardUser to dmitri@example.com')
    const approver = await visit({ as: 'local-approver' })
    const confirm = messageHeaded(approver, /Give wallboardUser/).getByRole('button', { name: 'Confirm' })
    await confirm.click()
    await approver.locator('.message.private').getByText('local-operator').first().waitFor()
    await confirm.and(approver.locator(':enabled')).waitFor()
    expect(await operator.locator('.message.private').getByRole('heading').count()).toBe(0)
  })

  it('lets a second person approve, and shows both how it ends', async () => {
    const operator = await visit()
    const approver = await visit({ as: 'local-approver' })
    await say(operator, '/license grant cxCloudSN to ben@example.com for 8h')
    await messageHeaded(operator, /Give cxCloudSN/)
      .getByRole('button', { name: 'Confirm' })
      .click()
    await messageHeaded(operator, /waits for an approver/).waitFor()
    await operator.locator('.change').first().getByText('Waits for approval', { exact: true }).waitFor()

    const request = messageHeaded(approver, /local-operator asks/)
    await request.getByText('#license-approvals').waitFor()
    expect(holds('ben@example.com')).not.toContain('cxCloudSN')
    await request.getByRole('button', { name: 'Approve' }).click()
    for (const page of [operator, approver]) {
      await messageHeaded(page, /done/).getByText('Approved by local-approver').waitFor()
      await page.locator('.change').first().getByText('Applied', { exact: true }).waitFor()
    }
    expect(holds('ben@example.com')).toContain('cxCloudSN')
  })

  it('is Teams too, where a card answers and nothing can be pressed', async () => {
    const page = await visit()
    await page.getByPlaceholder('/license help').waitFor()
    await page.getByRole('radio', { name: 'Teams' }).check()
    await page.getByPlaceholder('@license help').waitFor()
    await say(page, '/license user ana@example.com')
    await page.getByText('@license user ana@example.com').waitFor()
    const card = messageHeaded(page, 'Ana Abebe')
    await card.getByText('ana@example.com').waitFor()
    expect(await page.locator('.message').getByRole('button').count()).toBe(0)
  })

  it('opens an answer that is longer than the screen at its beginning', async () => {
    const page = await visit({ viewport: { width: 390, height: 500 } })
    const log = page.getByRole('log')
    /** How far the top of the newest message lies under the top of what shows, pixels. */
    const depth = async () => {
      const [outer, inner] = await Promise.all([
        log.boundingBox(),
        page.locator('.message').last().boundingBox(),
      ])
      return (inner?.y ?? 0) - (outer?.y ?? 0)
    }
    await say(page, '/license help')
    await messageHeaded(page, /can be typed/).waitFor()
    expect(await depth()).toBeGreaterThanOrEqual(0)
    expect(await depth()).toBeLessThan(40)
    // A short one shows whole, at the end.
    await say(page, '/license toggle agentAssist')
    await messageHeaded(page, /agentAssist is on/).waitFor()
    expect(await log.evaluate((each) => each.scrollHeight - each.scrollTop - each.clientHeight)).toBeLessThan(
      2,
    )
    // Whoever comes later begins at the newest's beginning too.
    await say(page, '/license who cloudCX1')
    await messageHeaded(page, /hold cloudCX1/).waitFor()
    expect(await depth()).toBeLessThan(40)
    await page.reload()
    await messageHeaded(page, /hold cloudCX1/).waitFor()
    expect(await depth()).toBeGreaterThanOrEqual(0)
    expect(await depth()).toBeLessThan(40)
  })

  it('leaves a reader at the end of a long answer where another message changes', async () => {
    const page = await visit({ viewport: { width: 390, height: 500 } })
    await say(page, '/license toggle agentAssist off')
    await messageHeaded(page, /agentAssist off/).waitFor()
    await say(page, '/license help')
    await messageHeaded(page, /can be typed/).waitFor()
    const place = await page.evaluate('messages.scrollTop = messages.scrollHeight, messages.scrollTop')
    const elsewhere = await visit()
    await messageHeaded(elsewhere, /agentAssist off/)
      .getByRole('button', { name: 'Cancel' })
      .click()
    await messageHeaded(page, /called off/).waitFor()
    const left = 'messages.scrollHeight - messages.scrollTop - messages.clientHeight'
    expect(await page.evaluate<number>(left)).toBeLessThan(2)
    expect(place).toBeGreaterThan(0)
  })

  it('shows markup as the text that it is', async () => {
    const page = await visit()
    const markup = `<b>x</b><script>document.title='owned'</script><img src=x onerror=document.title='owned'>`
    await say(page, `/license grant wallboardUser to farah@example.com because ${markup}`)
    const plan = messageHeaded(page, /Give wallboardUser/)
    await plan.getByText(markup).waitFor()
    await page.locator('.change .who').getByText(markup).waitFor()
    await page.locator('.change').first().getByRole('button').first().click()
    await page.locator('.change dd').getByText(markup).waitFor()
    expect(await page.locator('.message, .change').locator('b, script, img').count()).toBe(0)
    expect(await page.title()).toBe('License gateway on this machine')
  })

  it('brings back earlier lines with the up arrow', async () => {
    const page = await visit()
    const box = page.getByLabel('What you type')
    for (const line of ['/license help user', '/license help who']) await say(page, line)
    await box.fill('/lic')
    const seen: string[] = []
    for (const key of ['ArrowUp', 'ArrowUp', 'ArrowUp', 'ArrowDown', 'ArrowDown']) {
      await page.keyboard.press(key)
      seen.push(await box.inputValue())
    }
    expect(seen).toEqual([
      '/license help who',
      '/license help user',
      '/license help user',
      '/license help who',
      '/lic',
    ])
  })

  it('stays with the newest message, and with a reader who has scrolled up', async () => {
    const page = await visit({ viewport: { width: 1280, height: 500 } })
    await say(page, '/license help')
    await page.getByText('More of one, with examples').waitFor()
    await say(page, '/license toggle agentAssist')
    await messageHeaded(page, /agentAssist is on/).waitFor()
    const left = () =>
      page.evaluate<number>(
        `(({ scrollHeight, clientHeight, scrollTop }) => scrollHeight - clientHeight - scrollTop)(messages)`,
      )
    await expect.poll(left).toBeLessThan(2)

    await page.evaluate('messages.scrollTop = 0')
    // Somebody else's, since one's own line is always shown.
    await stack.chat?.say('slack', 'local-viewer', '/license user ana@example.com')
    const newer = page.getByRole('button', { name: 'New messages' })
    await newer.waitFor()
    expect(await page.evaluate('messages.scrollTop')).toBe(0)
    await newer.click()
    await expect.poll(left).toBeLessThan(2)
    await newer.waitFor({ state: 'hidden' })
  })

  it('remembers over a reload who one is and where', async () => {
    const page = await visit({ as: 'local-approver' })
    await page.getByRole('radio', { name: 'Teams' }).check()
    await page.reload()
    await page.getByRole('radio', { name: 'Teams', checked: true }).waitFor()
    expect(await page.getByRole('radio', { name: 'local-approver' }).isChecked()).toBe(true)
  })

  it('says in words when the gateway is gone, keeps the line, and goes on when it is back', async () => {
    const page = await visit()
    await say(page, '/license help user')
    await page.locator('.message.app').first().waitFor()
    await page.context().setOffline(true)
    await say(page, '/license user ana@example.com')
    await page.getByRole('alert').getByText('The gateway does not answer').waitFor()
    const box = page.getByLabel('What you type')
    await expect.poll(() => box.inputValue()).toBe('/license user ana@example.com')
    await page.context().setOffline(false)
    await page.getByRole('alert').waitFor({ state: 'hidden' })
    await page.keyboard.press('Enter')
    await page.locator('.message.mine').last().getByText('/license user ana@example.com').waitFor()
    // The browser itself notes what did not load.
    forgive()
  })

  it('can be used by keyboard alone', async () => {
    const page = await visit()
    const tabTo = async (wanted: string) => {
      for (let presses = 0; presses < 200; presses += 1) {
        await page.keyboard.press('Tab')
        if (await page.evaluate(`document.activeElement.matches(${JSON.stringify(wanted)})`)) return
      }
      throw new Error(`Tab does not come to ${wanted}`)
    }
    await tabTo('[name=who]')
    await page.keyboard.press('ArrowRight')
    await page.getByRole('radio', { name: 'local-approver', checked: true }).waitFor()
    await tabTo('#line')
    await page.keyboard.type('/license toggle wallboards off')
    await page.keyboard.press('Enter')
    const plan = messageHeaded(page, /wallboards off/)
    await plan.waitFor()
    const id = await plan.getAttribute('data-id')
    await tabTo(`[data-id="${id}"] button.primary`)
    await page.keyboard.press('Enter')
    await messageHeaded(page, /no effect/).waitFor()
    expect(await page.evaluate('document.activeElement.dataset.id')).toBe(id)
    await tabTo('.unfold')
    await page.keyboard.press('Enter')
    await page.getByRole('list', { name: 'Steps' }).waitFor()
  })
})
