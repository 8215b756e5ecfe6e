/** Every refusal of a person is in the audit trail: who, what they wished and why, and never what they typed. */
import { beforeEach, describe, expect, it } from 'vitest'
import { chatLog } from '../../lib/observe/chat-log.ts'
import { giving, OFF, userAt } from '../support/changes/change-orders.ts'
import { headerOf } from '../support/changes/change-world.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { takeLines } from '../support/lines.ts'
import { APPROVERS, actionOf, chatWorld, textOf } from './chat-world.ts'

const approvals = [{ toggles: [OFF] }]

describe('a refusal', () => {
  it('of somebody whom the org file does not know', async () => {
    const world = await chatWorld()
    await world.type('UEVE', 'user ana@example.com')
    expect(world.refused).toEqual([
      {
        deliveryId: expect.stringMatching(/^slack-/),
        platform: 'slack',
        userId: 'UEVE',
        wish: 'user',
        why: 'nobody of the org file',
      },
    ])
    expect(world.asked).toEqual([])
  })

  it('for the role', async () => {
    const world = await chatWorld()
    await world.type('UVERA', 'grant wallboardUser to ana@example.com because she asked')
    const vera = {
      deliveryId: expect.any(String),
      platform: 'slack',
      userId: 'UVERA',
      person: 'vera',
      role: 'viewer',
      wish: 'grant',
    }
    expect(world.refused).toEqual([{ ...vera, why: 'it is for operators' }])
    expect(world.asked).toEqual([vera])
  })

  it('of a button that is for another role', async () => {
    const world = await chatWorld({ approvals })
    const plan = await world.type('UOLGA', `toggle ${OFF} on`)
    await world.press('UOLGA', plan, 'Confirm')
    const [asked] = await world.tell()
    await world.press('UOMAR', asked?.message ?? plan, 'Approve')
    expect(world.refused).toEqual([
      {
        deliveryId: expect.any(String),
        platform: 'slack',
        userId: 'UOMAR',
        person: 'omar',
        role: 'operator',
        wish: 'approve',
        changeId: actionOf(plan, 'Confirm').changeId,
        why: 'it is for approvers',
      },
    ])
  })

  it('of somebody else’s plan', async () => {
    const world = await chatWorld()
    const plan = await world.type('UOLGA', `toggle ${OFF} on`)
    await world.press('UOMAR', plan, 'Cancel')
    expect(world.refused).toMatchObject([{ person: 'omar', wish: 'cancel', why: 'it is for whoever asked' }])
  })

  it('of one’s own request', async () => {
    const world = await chatWorld({ approvals })
    await world.press('UABEL', await world.type('UABEL', `toggle ${OFF} on`), 'Confirm')
    const [asked] = await world.tell()
    if (!asked) throw new Error('no approver was asked')
    await world.press('UABEL', asked.message, 'Approve')
    expect(world.refused).toMatchObject([
      { person: 'abel', role: 'approver', wish: 'approve', why: 'change.approver.refused' },
    ])
  })

  it('of what was submitted for somebody over HTTP, by whoever submitted it', async () => {
    const world = await chatWorld({ approvals: [{ licenses: ['*'] }] })
    const draft = await world.type('UOLGA', 'grant wallboardUser to ana@example.com')
    const { changeId, digest } = actionOf(draft, 'Confirm')
    const submitter = { actor: { kind: 'jwt', id: 'zoe' }, operation: 'apply', idempotencyKey: 'a1' } as const
    await world.changes(submitter).apply(changeId, digest)
    const [request] = await world.tell()
    if (!request) throw new Error('nobody was asked')
    for (const userId of ['UZOE', 'UOLGA']) await world.press(userId, request.message, 'Approve')
    expect(world.refused.map(({ person, why }) => [person, why])).toEqual([
      ['zoe', 'change.approver.refused'],
      ['olga', 'it is for approvers'],
    ])
    expect(textOf(await world.press('UABEL', request.message, 'Approve'))).toMatch(
      /done, and Genesys shows it/,
    )
  })

  it('of a delivery whose workspace is not ours, though Slack has signed it', async () => {
    const world = await chatWorld()
    const { detail } = world.typed('UABEL', 'user ana@example.com')
    const ours = Buffer.from(detail.rawBody, 'base64').toString()
    const foreign = new URLSearchParams(ours)
    foreign.set('team_id', 'T2')
    await world.deliver(world.queued('UABEL', foreign))
    expect([world.heard, world.asked]).toEqual([[], []])
    expect(world.refused).toMatchObject([{ why: expect.stringContaining('not on the list') }])
  })

  it.each([
    ['of somebody of another company in a shared channel', { team_id: 'T2' }, undefined],
    ['of somebody of another enterprise', { team_id: 'T2', enterprise_id: 'E2' }, ['E1']],
  ])('of a press in our workspace %s', async (_, user, enterprises) => {
    const slack = { teams: ['T1'], approvals: APPROVERS, ...(enterprises ? { enterprises } : {}) }
    const world = await chatWorld({ approvals: [{ licenses: ['*'] }], policy: { chat: { slack } } })
    const { value } = await world
      .changes({ actor: { kind: 'slack', id: 'UOLGA' }, idempotencyKey: 'k1' })
      .request({ kind: 'assignments', ...giving([userAt(world, 0)]) })
    await world.tick()
    const [request] = await world.tell()
    if (!request) throw new Error('nobody was asked')
    const { detail } = world.pressed('UABEL', request.message, 'Approve')
    const body = new URLSearchParams(Buffer.from(detail.rawBody, 'base64').toString())
    const payload = JSON.parse(body.get('payload') ?? '')
    const foreign = {
      ...payload,
      user: { ...payload.user, ...user },
      enterprise: enterprises && { id: 'E1' },
    }
    await world.deliver(world.queued('UABEL', new URLSearchParams({ payload: JSON.stringify(foreign) })))
    expect(world.refused).toMatchObject([{ why: expect.stringContaining('not on the list') }])
    expect([(await headerOf(world, value.id)).state, world.posts()]).toEqual(['AWAITING_APPROVAL', 0])
  })

  it('of a wish without the reason that is asked for', async () => {
    const world = await chatWorld({ policy: { reasons: [{ toggles: [OFF] }] } })
    await world.type('UOLGA', `toggle ${OFF} on`)
    expect(world.refused).toMatchObject([{ person: 'olga', wish: 'toggle', why: 'a reason is asked for' }])
  })

  it('of bytes that nobody signed names nobody', async () => {
    const world = await chatWorld()
    const event = world.typed('UOLGA', `toggle ${OFF} on`)
    const rawBody = Buffer.from('user_id=UABEL').toString('base64')
    await world.deliver({ ...event, detail: { ...event.detail, rawBody } })
    expect(world.refused).toEqual([
      { deliveryId: 'test-1', platform: 'slack', why: 'the signature is of no secret that we have' },
    ])
  })

  it('is no line of what was done, or only mistaken', async () => {
    const world = await chatWorld()
    await world.type('UOLGA', 'tuggle x on')
    await world.type('UOLGA', 'user nobody@example.com')
    await world.press('UOLGA', await world.type('UOLGA', `toggle ${OFF} on`), 'Confirm')
    expect(world.refused).toEqual([])
    expect(world.asked.map(({ wish }) => wish)).toEqual([undefined, 'user', 'toggle', 'apply'])
  })
})

describe('the lines of the log', () => {
  let written: string[]
  beforeEach(() => {
    written = takeLines()
  })
  const parsed = () => written.map((line) => JSON.parse(line))

  it('have nothing that was typed, no e-mail and no name of the directory (N23)', async () => {
    const world = await chatWorld({ work: { log: chatLog('genesys-license-test', fakeClock()) } })
    const plan = await world.type('UOLGA', 'grant wallboardUser to ana@example.com because CANARY')
    await world.type('UVERA', 'grant wallboardUser to ana@example.com because CANARY')
    await world.type('UEVE', 'CANARY')
    await world.press('UOMAR', plan, 'Confirm')
    await world.press('UOLGA', plan, 'Confirm')
    expect(parsed().map(({ code }) => code)).toEqual([
      'chat.asked',
      'chat.asked',
      'chat.refused',
      'chat.refused',
      'chat.asked',
      'chat.refused',
      'chat.asked',
    ])
    expect(written.join()).not.toMatch(/CANARY|@|Lima|wallboard/)
  })

  it('of what nobody got are errors with the stack, for the alarm; of what went another way, warnings', () => {
    const log = chatLog('genesys-license-test', fakeClock())
    const line = { id: 'slack-1', what: 'answer', tried: ['the response URL: not taken'] }
    log.noteUndelivered({ ...line, isLost: true })
    log.noteUndelivered({ ...line, isLost: false })
    const common = { code: 'chat.undelivered', stack: 'genesys-license-test', ...line }
    expect(parsed()).toMatchObject([
      { level: 'ERROR', ...common, isLost: true },
      { level: 'WARN', ...common, isLost: false },
    ])
  })
})
