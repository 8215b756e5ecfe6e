import { describe, expect, it } from 'vitest'
import { OFF } from '../../support/changes/change-orders.ts'
import { allChanges, headerOf } from '../../support/changes/change-world.ts'
import { APPROVERS, actionOf, chatWorld, textOf } from '../chat-world.ts'

const HOUR_MS = 3_600_000

describe('questions', () => {
  it.each([
    ['user ana@example.com', /cloudCX2/],
    ['user @{UOLGA}', /cloudCX2/],
    ['user @{UBEN}', /ben@example\.com/],
    ['definition cloudcx3', /cloudCX3/],
    ['who cloudCX2', /hold cloudCX2/],
    ['definitions', /15 licenses/],
    [`toggle ${OFF}`, /is off/],
    ['changes', /none/],
    ['schedules', /no schedules/],
    ['help', /license grant &lt;license&gt; to/],
  ])('%s is answered', async (line, said) => {
    const world = await chatWorld()
    await world.read()
    expect(textOf(await world.type('UVERA', line.replace(/@\{(\w+)\}/, '<@$1>')))).toMatch(said)
  })

  it('lists several matches and guesses none', async () => {
    const world = await chatWorld()
    expect(textOf(await world.type('UVERA', 'user an'))).toMatch(/could be any of/)
    expect(textOf(await world.type('UVERA', 'definition cloud'))).toMatch(/could be any of 3/)
  })

  it('says what was probably meant', async () => {
    const world = await chatWorld()
    const message = await world.type('UVERA', 'definitoin cloudCX1')
    expect(message.response_type).toBe('ephemeral')
    expect(textOf(message)).toMatch(/Did you mean “definition”/)
  })
})

describe('a wish', () => {
  it('becomes a plan with buttons, and is carried out by Confirm', async () => {
    const world = await chatWorld()
    const plan = await world.type('UOLGA', 'grant wallboardUser to ana@example.com because of the pilot')
    expect(textOf(plan)).toMatch(
      /Give wallboardUser to Ana Abebe\?[\s\S]*before cloudCX2 → after cloudCX2, wallboardUser[\s\S]*Nothing has happened yet[\s\S]*\[Confirm\]/,
    )
    expect(world.posts()).toBe(0)
    const done = await world.press('UOLGA', plan, 'Confirm')
    expect(done.replace_original).toBe(true)
    expect(textOf(done)).toMatch(/done, and Genesys shows it/)
    expect(world.posts()).toBe(1)
    const { changeId } = actionOf(plan, 'Confirm')
    expect(await headerOf(world, changeId)).toMatchObject({
      state: 'APPLIED',
      reason: 'of the pilot',
      actor: { kind: 'slack', id: 'UOLGA', person: 'olga' },
    })
    // The click was answered with the end: the channel is not told a second time.
    expect(await world.tell()).toEqual([])
  })

  it('for a time that is over is refused, with the time as it was understood', async () => {
    const world = await chatWorld()
    for (const line of [
      `toggle ${OFF} on at 2026-11-15 12:00`,
      'grant wallboardUser to ana@example.com until 2026-11-15 12:00',
    ]) {
      const said = await world.type('UOLGA', line)
      expect([said.response_type, textOf(said)]).toEqual([
        'ephemeral',
        expect.stringMatching(/Sun 15 Nov 2026, 12:00 CET \(Europe\/Berlin\) is past/),
      ])
    }
    expect(await allChanges(world)).toEqual([])
  })

  it('to undo what somebody has undone already is told what has, and that nothing is left of it', async () => {
    const world = await chatWorld()
    const plan = await world.type('UOLGA', 'grant wallboardUser to ana@example.com')
    const { changeId } = actionOf(plan, 'Confirm')
    await world.press('UOLGA', plan, 'Confirm')
    await world.press('UOLGA', await world.type('UOLGA', `undo ${changeId}`), 'Confirm')
    const again = textOf(await world.type('UOLGA', `undo ${changeId}`))
    expect(again).toMatch(/The change [0-9a-z]{20} has been undone by [0-9a-z]{20}\nNothing of it is left/)
    expect((await allChanges(world)).map(({ state }) => state)).toEqual(['APPLIED', 'APPLIED'])
  })

  it('with nothing to do says so, and has no buttons', async () => {
    const world = await chatWorld()
    const toggle = await world.type('UOLGA', `toggle ${OFF} off for 2h`)
    const license = await world.type('UOLGA', 'grant cloudCX2 to ana@example.com')
    expect(textOf(toggle)).not.toContain('taken back')
    for (const said of [toggle, license].map(textOf)) {
      expect(said).toMatch(/: nothing to do\n[\s\S]*there is nothing to confirm/)
      expect(said).not.toContain('[')
    }
    expect(textOf(license)).toContain('cloudCX2, as before')
    expect((await allChanges(world)).map(({ state }) => state)).toEqual(['NOOP', 'NOOP'])
    // By then there may be something to do.
    expect(textOf(await world.type('UOLGA', `toggle ${OFF} off at 18:00`))).toContain('[Confirm]')
  })

  it('shows the absolute time with its zone before anything happens, and is taken back', async () => {
    const world = await chatWorld()
    const plan = await world.type('UOLGA', `toggle ${OFF} on at 18:00 for 2h`)
    expect(textOf(plan)).toMatch(/Sun 15 Nov 2026, 18:00 CET \(Europe\/Berlin\)/)
    await world.press('UOLGA', plan, 'Confirm')
    world.clock.advance(5 * HOUR_MS)
    await world.tick()
    expect(world.org.truth().toggles[OFF]).toBe(true)
    expect((await world.tell()).map(({ channelId }) => channelId)).toEqual(['C1'])
    await world.rest()
    expect(world.org.truth().toggles[OFF]).toBe(false)
  })

  it('is called off by Cancel, and Confirm comes too late then', async () => {
    const world = await chatWorld()
    const plan = await world.type('UOLGA', `toggle ${OFF} on`)
    expect(textOf(await world.press('UOLGA', plan, 'Cancel'))).toMatch(/was called off/)
    expect(textOf(await world.press('UOLGA', plan, 'Confirm'))).toMatch(/is called off/)
    expect(world.posts()).toBe(0)
  })

  it('is confirmed by nobody else', async () => {
    const world = await chatWorld()
    const plan = await world.type('UOLGA', `toggle ${OFF} on`)
    const said = await world.press('UOMAR', plan, 'Confirm')
    expect([said.response_type, textOf(said)]).toEqual(['ephemeral', expect.stringContaining('olga')])
    expect(world.posts()).toBe(0)
  })

  it('confirmed twice has one effect', async () => {
    const world = await chatWorld()
    const plan = await world.type('UOLGA', `toggle ${OFF} on`)
    await Promise.all([world.press('UOLGA', plan, 'Confirm'), world.press('UOLGA', plan, 'Confirm')])
    expect(world.posts()).toBe(1)
    expect(world.org.truth().toggles[OFF]).toBe(true)
  })

  it('is undone by a change of its own', async () => {
    const world = await chatWorld()
    const plan = await world.type('UOLGA', `toggle ${OFF} on`)
    await world.press('UOLGA', plan, 'Confirm')
    const undo = await world.type('UOLGA', `undo ${actionOf(plan, 'Confirm').changeId}`)
    expect(textOf(undo)).toMatch(/Switch concurrentLicensing off, undoing/)
    await world.press('UOLGA', undo, 'Confirm')
    expect(world.org.truth().toggles[OFF]).toBe(false)
  })

  it('must come with a reason where the org file says so', async () => {
    const world = await chatWorld({ policy: { reasons: [{ toggles: [OFF] }] } })
    expect(textOf(await world.type('UOLGA', `toggle ${OFF} on`))).toMatch(/A reason must be given/)
    expect(await allChanges(world)).toEqual([])
    const plan = await world.type('UOLGA', `toggle ${OFF} on because pilot`)
    const confirmed = await world.press('UOLGA', plan, 'Confirm')
    // A button has no words with it, so it says how they are typed.
    const { changeId } = actionOf(plan, 'Confirm')
    expect(textOf(await world.press('UOLGA', confirmed, 'Undo'))).toContain(`undo ${changeId} because`)
    expect(textOf(await world.type('UOLGA', `undo ${changeId}`))).toMatch(/A reason must be given/)
    expect(textOf(await world.type('UOLGA', `undo ${changeId} because it was a slip`))).toMatch(/\[Confirm\]/)
  })

  it('shows the seats that the operator has told, counted from the last reading', async () => {
    const world = await chatWorld({ policy: { licenses: { wallboardUser: { seats: 50 } } } })
    await world.read()
    const before = world.org.requests().length
    const said = textOf(await world.type('UOLGA', 'grant wallboardUser to ana@example.com'))
    expect(said).toMatch(/\d+ of 50 taken after it, as of 13:00 CET/)
    const asked = world.org.requests().slice(before)
    // Nobody is gathered for it: of everybody no page is asked for.
    expect(asked.filter(({ path }) => path.startsWith('/api/v2/license/users?'))).toEqual([])
  })

  it('is planned all the same before the first reading, and says that it is not known how many are taken', async () => {
    const world = await chatWorld({ policy: { licenses: { wallboardUser: { seats: 50 } } } })
    const said = textOf(await world.type('UOLGA', 'grant wallboardUser to ana@example.com'))
    expect(said).toMatch(
      /how many of 50 are taken is not known: no reading yet says who holds wallboardUser[\s\S]*\[Confirm\]/,
    )
  })

  it('names people as they were typed: what is written like a mention is none', async () => {
    const world = await chatWorld()
    // Slack escapes what a person types; a real mention it writes as <@U…>.
    const said = await world.type('UVERA', 'user &lt;@UOLGA&gt;')
    expect(textOf(said)).not.toMatch(/cloudCX2/)
  })
})

describe('who may', () => {
  it('is nobody by default, told privately and kindly', async () => {
    const world = await chatWorld()
    const said = await world.type('UEVE', 'user ana@example.com')
    expect([said.response_type, textOf(said)]).toEqual(['ephemeral', expect.stringContaining('UEVE')])
    expect(world.refused).toMatchObject([{ userId: 'UEVE', wish: 'user', why: 'nobody of the org file' }])
    expect(world.org.requests()).toEqual([expect.objectContaining({ path: '/oauth/token' })])
  })

  it('is not a viewer who wishes', async () => {
    const world = await chatWorld()
    expect(textOf(await world.type('UVERA', `toggle ${OFF} on`))).toMatch(/This is for operators/)
    expect(await allChanges(world)).toEqual([])
  })
})

describe('approval', () => {
  const approvals = [{ toggles: [OFF] }]

  async function requested() {
    const world = await chatWorld({ approvals })
    const plan = await world.type('UOLGA', `toggle ${OFF} on`)
    expect(textOf(plan)).toMatch(/A second person must approve/)
    expect(await world.tell()).toEqual([])
    expect(textOf(await world.press('UOLGA', plan, 'Confirm'))).toMatch(/waits for an approver/)
    const [asked] = await world.tell()
    if (!asked) throw new Error('no approver was asked')
    return { world, plan, asked }
  }

  it('is asked for in the approvers’ channel after Confirm, and its end is told where it was asked', async () => {
    const { world, asked } = await requested()
    expect(asked.channelId).toBe(APPROVERS)
    expect(textOf(asked.message)).toMatch(/olga asks: Switch concurrentLicensing on[\s\S]*\[Approve\]/)
    expect(textOf(await world.press('UABEL', asked.message, 'Approve'))).toMatch(/done, and Genesys shows it/)
    expect(world.org.truth().toggles[OFF]).toBe(true)
    expect((await world.tell()).map(({ channelId }) => channelId)).toEqual(['C1'])
  })

  it('(L18) is never the requester’s, by whichever button', async () => {
    const { world, asked } = await requested()
    expect(textOf(await world.press('UOLGA', asked.message, 'Approve'))).toMatch(/This is for approvers/)
    expect(world.posts()).toBe(0)
  })

  it('(L18) is not an approver’s of their own request either, and others may still press', async () => {
    const world = await chatWorld({ approvals })
    const plan = await world.type('UABEL', `toggle ${OFF} on`)
    await world.press('UABEL', plan, 'Confirm')
    const [asked] = await world.tell()
    if (!asked) throw new Error('no approver was asked')
    const said = await world.pressAll('UABEL', asked.message, 'Approve')
    expect(said.map(textOf)).toEqual([expect.stringContaining('Nobody approves their own request')])
    expect(said.map((each) => each.response_type)).toEqual(['ephemeral'])
    expect(textOf(await world.press('UZOE', asked.message, 'Approve'))).toMatch(/done, and Genesys shows it/)
  })

  it('(L19) of two at once counts once, and the other is told who was first', async () => {
    const { world, asked } = await requested()
    const said = await Promise.all([
      world.press('UABEL', asked.message, 'Approve'),
      world.press('UZOE', asked.message, 'Reject'),
    ])
    expect(said).toHaveLength(2)
    const [change] = await allChanges(world)
    expect(['APPLIED', 'REJECTED']).toContain(change?.state)
    expect(world.answers.map(textOf).join('\n')).toMatch(/(abel|zoe) has (approved|rejected)/)
  })

  it('(L20) comes too late after eight hours', async () => {
    const { world, asked } = await requested()
    world.clock.advance(8 * HOUR_MS)
    expect(textOf(await world.press('UABEL', asked.message, 'Approve'))).toMatch(/lapsed|EXPIRED/)
    expect(world.posts()).toBe(0)
  })

  it('is reminded of once', async () => {
    const { world } = await requested()
    world.clock.advance(4 * HOUR_MS)
    await world.tick()
    const [again] = await world.tell()
    expect(again && [again.channelId, textOf(again.message)]).toEqual([
      APPROVERS,
      expect.stringContaining('Still waiting'),
    ])
  })
})

describe('a delivery', () => {
  const body = new URLSearchParams({
    team_id: 'T1',
    user_id: 'UOLGA',
    channel_id: 'C1',
    command: '/license',
    text: `toggle ${OFF} on`,
    response_url: 'https://hooks.slack.com/commands/T1/1/a',
    trigger_id: '9.9.9',
  })

  it('(L08, L09) that comes again is not begun again', async () => {
    const world = await chatWorld()
    const event = world.queued('UOLGA', body)
    await Promise.all([world.deliver(event), world.deliver(event), world.deliver(event)])
    expect(world.answers).toHaveLength(1)
    expect(await allChanges(world)).toHaveLength(1)
  })

  it('that Slack did not sign is refused, even from the bus', async () => {
    const world = await chatWorld()
    const event = world.queued('UOLGA', body)
    const forged = Buffer.from(body.toString().replace('UOLGA', 'UABEL')).toString('base64')
    await world.deliver({ ...event, detail: { ...event.detail, rawBody: forged } })
    expect([world.answers, world.refused.length]).toEqual([[], 1])
  })

  it('that the bus brings a quarter of an hour late is carried out, and one of yesterday is not', async () => {
    const world = await chatWorld()
    const event = world.queued('UOLGA', body)
    const yesterday = world.queued(
      'UOLGA',
      new URLSearchParams({ ...Object.fromEntries(body), trigger_id: '9.9.10' }),
    )
    world.clock.advance(15 * 60_000)
    await world.deliver(event)
    expect(world.answers).toHaveLength(1)
    world.clock.advance(24 * HOUR_MS)
    await world.deliver(yesterday)
    expect(world.answers).toHaveLength(1)
  })
})
