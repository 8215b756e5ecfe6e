import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { sendRaw } from '../support/gateway.ts'
import { messageHeaded, say, visiting } from './visiting.ts'

const { stack, visit } = await visiting()

/** What asks for a look stands on that. */
const AMBER = 'rgb(253, 238, 203)'

/** As any tool over the API, which no chat hears of. */
async function setToggle(featureName: string, key: string): Promise<void> {
  const { status } = await sendRaw(stack, {
    method: 'PUT',
    path: `/v1/toggles/${featureName}`,
    role: 'operator',
    headers: ['Content-Type', 'application/json', 'Idempotency-Key', key],
    body: '{"enabled":true,"reason":"trial"}',
  })
  expect(status).toBe(200)
}

describe('the changes on the page', () => {
  it('are none before anybody made one, and those of the API appear by themselves', async () => {
    const page = await visit({ hasOwnClock: true })
    await page.getByText('None yet.').waitFor()
    await setToggle('agentAssist', 'first')
    await setToggle('wallboards', 'second')
    await page.clock.runFor(2_000)
    const changes = page.locator('.change')
    await changes.nth(1).waitFor()
    expect(await changes.nth(0).innerText()).toContain('wallboards on')
    const older = changes.nth(1)
    for (const text of [
      'agentAssist on',
      'Nothing to do',
      'local-operator over the API, because trial',
      'just now',
    ]) {
      await older.getByText(text).waitFor()
    }
    expect(await page.getByText('None yet.').isVisible()).toBe(false)
  })

  it('unfold to who held what before and after, and to each step', async () => {
    const page = await visit()
    await say(page, '/license grant wallboardUser to ana@example.com because of the pilot')
    await messageHeaded(page, /Give wallboardUser/)
      .getByRole('button', { name: 'Confirm' })
      .click()
    const change = page.locator('.change').first()
    await change.getByText('Applied', { exact: true }).waitFor()
    const unfold = change.getByRole('button', { name: 'Give wallboardUser to Ana Abebe' })
    await unfold.click()
    await change.getByRole('row', { name: 'Ana Abebe cloudCX2 cloudCX2 wallboardUser' }).waitFor()
    const steps = change.getByRole('list', { name: 'Steps' }).getByRole('listitem')
    const states = await steps.locator('.chip').allInnerTexts()
    expect([...new Set(states)]).toEqual(['Planned', 'Under way', 'Sent', 'Applied'])
    await unfold.click()
    await steps.first().waitFor({ state: 'hidden' })
  })

  it('and all else stand under a warning while writes are paused: by whom and why, on the narrowest screen too', async () => {
    const page = await visit()
    const narrow = { width: 360, height: 640 }
    const views = (['chat', 'changes', 'api'] as const).map((view) => visit({ viewport: narrow, view }))
    const pages = [page, ...(await Promise.all(views))]
    const throwSwitch = async (body: object, key: string) => {
      const { status } = await sendRaw(stack, {
        method: 'PUT',
        path: '/v1/writes',
        role: 'approver',
        headers: ['Content-Type', 'application/json', 'Idempotency-Key', key],
        body: JSON.stringify(body),
      })
      expect(status).toBe(200)
    }
    await throwSwitch({ state: 'paused', reason: 'the move' }, 'stop')
    const notices = pages.map((each) =>
      each.getByText(/^Writes are paused by local-approver since .*: the move\./),
    )
    for (const notice of notices) {
      await notice.waitFor()
      const ground = await notice
        .page()
        .evaluate<string>(`getComputedStyle(document.getElementById('writes-paused')).backgroundColor`)
      expect(ground).toBe(AMBER)
    }
    await say(page, '/license toggle agentAssist off')
    await messageHeaded(page, /agentAssist off/)
      .getByRole('button', { name: 'Confirm' })
      .click()
    const card = page.locator('.change').first()
    await card
      .getByText('Nothing was sent while writes were paused. It goes on some minutes after they are resumed.')
      .waitFor()
    expect(await card.innerText()).not.toMatch(/\dT\d|\/v1\//)
    await throwSwitch({ state: 'running' }, 'go')
    for (const notice of notices) await notice.waitFor({ state: 'hidden' })
  })

  it('stay unfolded and up to date while a change goes on', async () => {
    const page = await visit()
    await say(page, '/license toggle agentAssist off')
    const plan = messageHeaded(page, /agentAssist off/)
    const change = page.locator('.change').first()
    await change.getByRole('button', { name: 'Switch agentAssist off' }).click()
    const steps = change.getByRole('list', { name: 'Steps' })
    await steps.getByText('Planned').waitFor()
    await plan.getByRole('button', { name: 'Cancel' }).click()
    await steps.getByText('Called off').waitFor()
  })

  it('put the line that asks about them into the box', async () => {
    await setToggle('agentAssist', 'asked')
    const page = await visit({ viewport: { width: 390, height: 844 }, view: 'changes' })
    const id = page.locator('.change .id')
    const changeId = await id.innerText()
    await id.click()
    const box = page.getByLabel('What you type')
    await box.waitFor()
    expect(await box.inputValue()).toBe(`/license change ${changeId}`)
    await page.keyboard.press('Enter')
    await page.locator('.message.app').getByText(changeId).first().waitFor()
  })

  it('are not asked for while nobody looks, and at once when somebody does again', async () => {
    const page = await visit({ hasOwnClock: true })
    await page.getByText('None yet.').waitFor()
    let asked = 0
    page.on('request', (request) => {
      if (request.url().endsWith('/__page/session')) asked += 1
    })
    const hide = async (isHidden: boolean) => {
      await page.evaluate(`
        Object.defineProperty(document, 'hidden', { configurable: true, value: ${isHidden} })
        document.dispatchEvent(new Event('visibilitychange'))
      `)
    }
    /** Whatever is due is asked for before this is answered. */
    const letPass = async () => {
      await page.clock.runFor(60_000)
      await page.evaluate(`fetch('/__chat/members').then((answer) => answer.text())`)
    }
    await hide(true)
    await letPass()
    await setToggle('agentAssist', 'unseen')
    const before = asked
    await letPass()
    expect(asked).toBe(before)
    await hide(false)
    await page.locator('.change').getByText('agentAssist on').waitFor()
  })

  it('can be decided by whoever may: rejected with a reason, which everybody sees', async () => {
    const page = await visit()
    await say(page, '/license grant cxCloudSN to ben@example.com')
    await messageHeaded(page, /Give cxCloudSN to Ben Blanc\?/)
      .getByRole('button', { name: 'Confirm' })
      .click()
    const change = page.locator('.change').first()
    await change.getByText('Waits for approval').waitFor()
    // Whoever asked may call it off and no more.
    await change.getByRole('button', { name: 'Cancel' }).waitFor()
    expect(await change.locator('.decisions button').allInnerTexts()).toEqual(['Cancel'])
    await page.getByRole('radio', { name: 'local-viewer' }).check()
    await change.locator('.decisions').waitFor({ state: 'detached' })
    await page.getByRole('radio', { name: 'local-approver' }).check()
    await change.getByRole('button', { name: 'Reject' }).click()
    await page.getByLabel('Why it is rejected').fill('the freeze')
    await page.keyboard.press('Enter')
    await change.getByText('Rejected: the freeze').waitFor()
    // What asked approvers in Slack asks no longer, once the tick has told of it.
    await stack.aws.advance(60_000)
    await messageHeaded(page, /Give cxCloudSN to Ben Blanc: was rejected/).waitFor()
    await page.locator('.message').getByRole('button', { name: 'Approve' }).waitFor({ state: 'detached' })
  })

  it('can be approved, and taken back after a second look', async () => {
    const page = await visit()
    await say(page, '/license grant cxCloudSN to ben@example.com')
    await messageHeaded(page, /Give cxCloudSN to Ben Blanc\?/)
      .getByRole('button', { name: 'Confirm' })
      .click()
    const change = page.locator('.change').first()
    await change.getByText('Waits for approval').waitFor()
    await page.getByRole('radio', { name: 'local-approver' }).check()
    await change.getByRole('button', { name: 'Approve' }).click()
    await change.getByText('Applied', { exact: true }).waitFor()
    await change.getByRole('button', { name: 'Undo' }).click()
    await change.getByRole('button', { name: 'Not now' }).click()
    await change.getByRole('button', { name: 'Undo' }).click()
    await change.getByRole('button', { name: 'Take it back now' }).click()
    await page
      .locator('.change')
      .getByText(/Take cxCloudSN from [^,]+, undoing/)
      .waitFor()
  })

  it('ask for the count of people where a license is taken from many, and go on once it is typed', async () => {
    const page = await visit()
    const { users } = stack.org.truth()
    const some = Object.keys(users).filter((id) => !users[id]?.includes('wallboardUser'))
    await say(page, `/license grant wallboardUser to ${some.slice(0, 22).join(', ')} because of the pilot`)
    await messageHeaded(page, /Give wallboardUser to 22 people\?/)
      .getByRole('button', { name: 'Confirm' })
      .click()
    const change = page.locator('.change').first()
    await change.getByText('Applied', { exact: true }).waitFor()
    await change.getByRole('button', { name: 'Undo' }).click()
    await change.getByRole('button', { name: 'Take it back now' }).click()
    await change.getByText('This may take a license from many.').waitFor()
    await page.getByLabel('How many people').fill('22')
    await page.keyboard.press('Enter')
    await page
      .locator('.change')
      .getByText(/Take wallboardUser from 22 people, undoing/)
      .waitFor()
  })

  it('say from how many a plan takes, and ask for the count before it is confirmed', async () => {
    const page = await visit()
    const { users } = stack.org.truth()
    const ids = Object.keys(users).slice(0, 22)
    const order = (userIdsAdd: readonly string[], userIdsRemove: readonly string[]) =>
      JSON.stringify({ assignments: [{ licenseId: 'gcSTAupgrade', userIdsAdd, userIdsRemove }] })
    const post = (path: string, body: string) => {
      const headers = ['Content-Type', 'application/json', 'Idempotency-Key', randomUUID()]
      return sendRaw(stack, { method: 'POST', path, role: 'operator', headers, body })
    }
    expect((await post('/api/v2/license/organization', order(ids, []))).status).toBe(200)
    const plan = { kind: 'assignments', ...JSON.parse(order([], ids)) }
    expect((await post('/v1/changes', JSON.stringify(plan))).status).toBe(201)
    const change = page.locator('.change').first()
    await change.getByText('Take gcSTAupgrade from 22 people').waitFor()
    await change.getByRole('button', { name: 'Confirm' }).click()
    await change.getByText(/takes gcSTAupgrade from 22 people.*, and changes 22 people in all/).waitFor()
    await page.getByLabel('How many people').fill('22')
    await page.keyboard.press('Enter')
    await change.getByText('Applied', { exact: true }).waitFor()
  })

  it('say why one has failed', async () => {
    const page = await visit()
    stack.org.addFaults([
      { match: { method: 'POST', path: '/api/v2/license/organization' }, do: { status: 400 }, times: 1 },
    ])
    await say(page, '/license grant wallboardUser to ben@example.com')
    await messageHeaded(page, /Give wallboardUser to Ben/)
      .getByRole('button', { name: 'Confirm' })
      .click()
    const change = page.locator('.change').first()
    await change.getByText('Failed', { exact: true }).waitFor()
    expect(await change.locator('.why').innerText()).toMatch(/Genesys/)
  })
})
