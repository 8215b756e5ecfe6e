/** What may be pressed can be seen and pressed again, whatever became of the message that first had the buttons. */
import { describe, expect, it } from 'vitest'
import { GatewayError } from '../../../../lib/errors.ts'
import { assigning, giving, OFF, ON, toggle, userAt } from '../../../support/changes/change-orders.ts'
import { BO, headerOf } from '../../../support/changes/change-world.ts'
import { actionOf, type ChatWorld, type ChatWorldOptions, chatWorld, textOf } from '../../chat-world.ts'

const OMAR = { kind: 'slack', id: 'UOMAR' } as const
const HOUR_MS = 3_600_000
const approvals = [{ toggles: ['*'] }, { licenses: ['*'] }]
const overHttp = (idempotencyKey: string) => ({ actor: BO, operation: 'decide', idempotencyKey })

const buttonsIn = (said: Parameters<typeof textOf>[0]) =>
  [...textOf(said).matchAll(/\[([A-Z][a-z]+)\]/g)].map(([, label]) => label)

/** A request of olga's, of which approvers were told. */
async function requested(world: ChatWorld, line = `toggle ${OFF} on`): Promise<string> {
  const plan = await world.type('UOLGA', line)
  await world.press('UOLGA', plan, 'Confirm')
  await world.tell()
  return actionOf(plan, 'Confirm').changeId
}

async function awaiting(options: ChatWorldOptions = {}) {
  const world = await chatWorld({ approvals, ...options })
  return { world, changeId: await requested(world) }
}

describe('change <id>', () => {
  it('shows each what they may press, and pressing it does it', async () => {
    const { world, changeId } = await awaiting()
    const line = `change ${changeId}`
    expect(buttonsIn(await world.type('UVERA', line))).toEqual([])
    expect(buttonsIn(await world.type('UOMAR', line))).toEqual([])
    expect(buttonsIn(await world.type('UOLGA', line))).toEqual(['Cancel'])
    const shown = await world.type('UABEL', line)
    expect(buttonsIn(shown)).toEqual(['Approve', 'Reject'])
    expect(textOf(await world.press('UABEL', shown, 'Approve'))).toMatch(/done, and Genesys shows it/)
    expect((await headerOf(world, changeId)).state).toBe('APPLIED')
    expect(buttonsIn(await world.type('UVERA', line))).toEqual([])
    expect(buttonsIn(await world.type('UOMAR', line))).toEqual(['Undo'])
  })

  it('shows an asker who is an approver no Approve', async () => {
    const world = await chatWorld({ approvals })
    const plan = await world.type('UABEL', `toggle ${OFF} on`)
    await world.press('UABEL', plan, 'Confirm')
    const line = `change ${actionOf(plan, 'Confirm').changeId}`
    expect(buttonsIn(await world.type('UABEL', line))).toEqual(['Cancel'])
    expect(buttonsIn(await world.type('UZOE', line))).toEqual(['Approve', 'Reject'])
  })

  it('shows a plan that was not confirmed with its buttons, to whoever asked for it', async () => {
    const world = await chatWorld()
    const plan = await world.type('UOLGA', `toggle ${OFF} on`)
    const { changeId } = actionOf(plan, 'Confirm')
    expect(buttonsIn(await world.type('UOMAR', `change ${changeId}`))).toEqual([])
    const shown = await world.type('UOLGA', `change ${changeId}`)
    expect(buttonsIn(shown)).toEqual(['Confirm', 'Cancel'])
    expect(textOf(await world.press('UOLGA', shown, 'Confirm'))).toMatch(/done, and Genesys shows it/)
  })

  it('shows what waits for its time with Cancel', async () => {
    const world = await chatWorld()
    const plan = await world.type('UOLGA', `toggle ${OFF} on at 2026-11-16T12:00:00Z`)
    const confirmed = await world.press('UOLGA', plan, 'Confirm')
    expect(buttonsIn(confirmed)).toEqual(['Cancel'])
    const { changeId } = actionOf(plan, 'Confirm')
    const shown = await world.type('UOLGA', `change ${changeId}`)
    expect(textOf(await world.press('UOLGA', shown, 'Cancel'))).toMatch(/was called off/)
  })

  it('shows no buttons of what has lapsed, though nobody has ended it yet', async () => {
    const { world, changeId } = await awaiting()
    const plan = await world.type('UOLGA', `toggle ${ON} off`)
    world.clock.advance(8 * HOUR_MS)
    expect(buttonsIn(await world.type('UABEL', `change ${changeId}`))).toEqual([])
    expect(buttonsIn(await world.type('UOLGA', `change ${actionOf(plan, 'Confirm').changeId}`))).toEqual([])
  })

  it('has an Undo that makes a plan, which is confirmed like any other', async () => {
    const world = await chatWorld()
    const plan = await world.type('UOLGA', `toggle ${OFF} on`)
    const done = await world.press('UOLGA', plan, 'Confirm')
    expect(buttonsIn(done)).toEqual(['Undo'])
    const undo = await world.press('UOMAR', done, 'Undo')
    expect(undo.replace_original).toBe(false)
    expect(textOf(undo)).toMatch(/Switch concurrentLicensing off, undoing/)
    expect(world.org.truth().toggles[OFF]).toBe(true)
    await world.press('UOMAR', undo, 'Confirm')
    expect(world.org.truth().toggles[OFF]).toBe(false)
  })

  it('is refused an Undo by the ledger where there is nothing to undo', async () => {
    const world = await chatWorld()
    const plan = await world.type('UOLGA', `toggle ${OFF} on`)
    const { changeId, digest } = actionOf(plan, 'Confirm')
    const forged = { ...plan, blocks: [] as (typeof plan.blocks)[number][] }
    forged.blocks.push({
      type: 'actions',
      elements: [
        {
          type: 'button',
          action_id: 'undo-0',
          text: { type: 'plain_text', text: 'Undo', emoji: false },
          value: JSON.stringify({ do: 'undo', changeId, digest }),
        },
      ],
    })
    expect(textOf(await world.press('UVERA', forged, 'Undo'))).toMatch(/This is for operators/)
    expect(textOf(await world.press('UOLGA', forged, 'Undo'))).toMatch(/is planned: there is nothing of it/)
  })
})

describe('approvals', () => {
  it('says so where nothing waits', async () => {
    const world = await chatWorld({ approvals })
    expect(textOf(await world.type('UVERA', 'approvals'))).toBe('Nothing waits for an approver')
  })

  it('shows the one that waits with what may be pressed', async () => {
    const { world, changeId } = await awaiting()
    const shown = await world.type('UABEL', 'approvals')
    expect(textOf(shown)).toContain(changeId)
    expect(textOf(shown)).toContain('Asked for by olga.')
    expect(buttonsIn(shown)).toEqual(['Approve', 'Reject'])
    expect(buttonsIn(await world.type('UOLGA', 'approvals'))).toEqual(['Cancel'])
    await world.press('UABEL', shown, 'Reject')
    expect((await headerOf(world, changeId)).state).toBe('REJECTED')
  })

  it('lists several: who, what, until when; the one that is for the person alone has its buttons', async () => {
    const { world, changeId } = await awaiting()
    const own = await world.type('UABEL', `toggle ${ON} off`)
    await world.press('UABEL', own, 'Confirm')
    const shown = await world.type('UABEL', 'approvals')
    expect(textOf(shown)).toMatch(/2 changes wait for an approver, one of them for you/)
    expect(textOf(shown)).toMatch(/Switch agentAssist off · abel · Sun 15 Nov 2026, 20:00/)
    expect(textOf(shown)).toMatch(/Switch concurrentLicensing on · olga/)
    expect(actionOf(shown, 'Approve').changeId).toBe(changeId)
    const zoes = await world.type('UZOE', 'approvals')
    expect(buttonsIn(zoes)).toEqual([])
    expect(textOf(zoes)).toContain('/license change &lt;id&gt;')
  })
})

describe('reject <id>', () => {
  it('keeps the reason, and tells it to whoever asked', async () => {
    const { world, changeId } = await awaiting()
    const line = `reject ${changeId} because the freeze lasts until Monday`
    expect(textOf(await world.type('UOLGA', line))).toMatch(/This is for approvers/)
    expect(textOf(await world.type('UABEL', line))).toMatch(/Rejected by abel: the freeze lasts until Monday/)
    const { approval, history } = await headerOf(world, changeId)
    expect(approval?.decision).toMatchObject({ isApproved: false, reason: 'the freeze lasts until Monday' })
    // Notes of the history are in the log, where no person's words are.
    expect(history.at(-1)).toEqual({ state: 'REJECTED', by: 'abel', atMs: world.clock.nowMs() })
    expect((await world.tell()).map(({ message }) => textOf(message))).toEqual([
      expect.stringContaining('Rejected by abel: the freeze lasts until Monday'),
    ])
  })

  it('of what is decided already is refused', async () => {
    const { world, changeId } = await awaiting()
    await world.type('UABEL', `reject ${changeId}`)
    expect(textOf(await world.type('UZOE', `reject ${changeId}`))).toMatch(/abel has rejected the change/)
  })
})

describe('the approvers’ message', () => {
  const ofFirst = { channelId: 'C9', ts: '1.000100' }

  it.each([
    [
      'rejected over HTTP',
      (world: ChatWorld, id: string) => world.records(overHttp('r')).reject(id, 'no'),
      /Rejected by bo: no/,
    ],
    [
      'called off over HTTP',
      (world: ChatWorld, id: string) => world.records(overHttp('c')).cancel(id),
      /was called off/,
    ],
    [
      'approved over HTTP',
      async (world: ChatWorld, id: string) =>
        world.changes(overHttp('a')).approve(id, (await headerOf(world, id)).digest),
      /done, and Genesys shows it[\s\S]*Approved by bo/,
    ],
    ['left to lapse', async (world: ChatWorld) => world.clock.advance(8 * HOUR_MS), /came too late/],
    [
      'rejected from another message',
      async (world: ChatWorld, id: string) =>
        world.press('UABEL', await world.type('UABEL', `change ${id}`), 'Reject'),
      /Rejected by abel/,
    ],
  ] as const)('is brought up to date when it is %s', async (_, decide, standing) => {
    const { world, changeId } = await awaiting()
    await decide(world, changeId)
    await world.tick()
    await world.tell()
    const [updated] = world.updated
    expect(updated).toMatchObject(ofFirst)
    expect(updated && textOf(updated.message)).toMatch(standing)
    expect(updated && buttonsIn(updated.message)).toEqual([])
    expect(world.updated).toHaveLength(1)
  })

  it('of what was asked for over HTTP is brought up to date too, though nobody in chat asked', async () => {
    const world = await chatWorld({ approvals })
    const { value } = await world
      .changes({ actor: OMAR, operation: 'request', idempotencyKey: 'k' })
      .request(toggle(true))
    await world.tick()
    expect((await world.tell()).map(({ channelId }) => channelId)).toEqual(['C9'])
    await world.records(overHttp('r')).reject(value.id)
    await world.tick()
    await world.tell()
    expect(world.posted).toHaveLength(1)
    expect(world.updated.map(({ ts, message }) => [ts, textOf(message)])).toEqual([
      ['1.000100', expect.stringMatching(/was rejected/)],
    ])
  })

  it('and its reminder both are', async () => {
    const { world, changeId } = await awaiting()
    world.clock.advance(4 * HOUR_MS)
    await world.tick()
    await world.tell()
    await world.records(overHttp('r')).reject(changeId)
    await world.tick()
    await world.tell()
    expect(world.updated.map(({ ts }) => ts)).toEqual(['1.000100', '2.000100'])
  })

  it('says that it is approved while it waits for its time', async () => {
    const world = await chatWorld({ approvals })
    const changeId = await requested(world, `toggle ${OFF} on at 2026-11-15T12:30:00Z`)
    await world.changes(overHttp('a')).approve(changeId, (await headerOf(world, changeId)).digest)
    expect(world.told.at(-1)?.detailType).toBe('License Change Approved')
    const posted = await world.tell()
    expect(posted.map(({ message }) => textOf(message))).toEqual([
      expect.stringMatching(/is approved and waits for its time/),
    ])
    expect(world.updated.map(({ message }) => textOf(message))).toEqual([
      expect.stringMatching(/is approved and waits for its time/),
    ])
    await world.rest()
    await world.tell()
    const { message: last } = world.updated.at(-1) ?? {}
    expect(last && textOf(last)).toMatch(/done, and Genesys shows it/)
  })

  it('that was posted while the decision fell is brought up to date at once', async () => {
    let decide = async () => {}
    const world = await chatWorld({
      approvals,
      slack: ({ post }) => ({
        async post(to, message) {
          const posted = await post(to, message)
          if (to === 'C9') await decide()
          return posted
        },
      }),
    })
    const plan = await world.type('UOLGA', `toggle ${OFF} on`)
    await world.press('UOLGA', plan, 'Confirm')
    decide = async () => {
      decide = async () => {}
      await world.records(overHttp('r')).reject(actionOf(plan, 'Confirm').changeId)
    }
    await world.tell()
    expect(world.updated.map(({ message }) => textOf(message))).toEqual([
      expect.stringMatching(/was rejected/),
    ])
  })

  it('that Slack does not update is in the log, and wakes nobody', async () => {
    const { world, changeId } = await awaiting({ slack: () => ({ update: async () => false }) })
    await world.records(overHttp('r')).reject(changeId)
    await world.tick()
    await world.tell()
    expect(world.undelivered).toMatchObject([
      { what: 'replacement', tried: ['the approvers’ message: not taken'], isLost: false },
    ])
  })

  it('that cannot be noted asks all the same', async () => {
    const world = await chatWorld({ approvals })
    const { ledger } = world.store
    const plan = await world.type('UOLGA', `toggle ${OFF} on`)
    await world.press('UOLGA', plan, 'Confirm')
    const failing = world.bench({
      ledger: {
        ...ledger,
        addMessage: async () => {
          throw new GatewayError('ledger.unavailable', 'DynamoDB does not answer')
        },
      },
    })
    const [event] = world.told
    await world.deliver(
      { 'detail-type': event?.detailType, source: 'genesys-license-gateway', detail: event?.detail },
      failing,
    )
    expect(world.posted).toHaveLength(1)
    expect(world.undelivered).toEqual([])
    expect(world.left).toEqual([expect.stringMatching(/where its approvers were asked could not be noted/)])
  })
})

describe('what an approver sees', () => {
  it('names a tool as one, bounded, and what happens to what', async () => {
    const long = 'x'.repeat(60)
    const tools = { workforce: { eventSources: ['local-operator'] }, [long]: { eventSources: ['com.x'] } }
    const world = await chatWorld({ approvals, policy: { tools } })
    for (const id of ['local-operator', 'com.x']) {
      await world
        .changes({ actor: { kind: 'event', id }, operation: 'flip', idempotencyKey: id })
        .request(toggle(true))
    }
    await world.tick()
    const [first, second] = (await world.tell()).map(({ message }) => textOf(message)).sort()
    expect(first).toMatch(/^❓ tool workforce asks: Switch concurrentLicensing on$/m)
    expect(second).toMatch(/^❓ tool x{34}… asks: Switch concurrentLicensing on$/m)
    expect(second).toMatch(/^\*toggle\*\nconcurrentLicensing$/m)
  })

  it('has the rest of many people in chat itself, page by page', async () => {
    const world = await chatWorld({ approvals })
    const users = Array.from({ length: 32 }, (_, index) => userAt(world, index))
    const { value } = await world
      .changes({ actor: OMAR, operation: 'request', idempotencyKey: 'k' })
      .request(assigning(giving(users, 'cloudCX1')))
    await world.tick()
    const [asked] = await world.tell()
    const card = asked ? textOf(asked.message) : ''
    expect(card).toContain(`And 27 more people: /license change ${value.id} people`)
    // Whom it would change: who holds it already is given nothing.
    const lacking = users.filter((id) => !world.org.truth().users[id]?.includes('cloudCX1')).length
    expect(card).toContain(`*gives*\ncloudCX1 to ${lacking} people`)
    const seen: string[] = []
    for (const page of ['', ' 2', ' 3']) {
      const shown = textOf(await world.type('UVERA', `change ${value.id} people${page}`))
      seen.push(...[...shown.matchAll(/^\*(.+)\*$/gm)].map(([, name = '']) => name))
    }
    expect(new Set(seen).size).toBe(32)
    expect(textOf(await world.type('UVERA', `change ${value.id} people 3`))).toMatch(/people 31 to 32 of 32/)
    expect(textOf(await world.type('UVERA', `change ${value.id} people 4`))).toMatch(/none on page 4/)
  })
})

it('changes are turned over page by page, and the hint is a command', async () => {
  const world = await chatWorld()
  for (let n = 0; n < 45; n++) {
    await world.plans({ operation: `plan${n}` }).plan(toggle(n % 2 === 0))
    world.clock.advance(1_000)
  }
  const first = textOf(await world.type('UVERA', 'changes'))
  expect(first).toContain('There are more: /license changes 2')
  const third = textOf(await world.type('UVERA', 'changes 3'))
  expect(third).toMatch(/Changes, page 3/)
  expect(third.match(/Switch concurrentLicensing/g)).toHaveLength(5)
  expect(third).not.toContain('There are more')
  expect(textOf(await world.type('UVERA', 'changes open 4'))).toMatch(/Open changes: none on page 4/)
})

it('changes name whom those about one person are about, by one request', async () => {
  const world = await chatWorld()
  await world.changes().assign(giving([userAt(world, 0)]))
  await world.changes({ idempotencyKey: 'two' }).assign(giving([userAt(world, 1)]))
  const before = world.org.requests().length
  const shown = textOf(await world.type('UVERA', 'changes'))
  expect(shown).toMatch(/Give wallboardUser to Ana Abebe \(ana@example.com\): done/)
  expect(shown).toMatch(/Give wallboardUser to Ben Blanc \(ben@example.com\): done/)
  expect(world.org.requests().length - before).toBe(1)
})
