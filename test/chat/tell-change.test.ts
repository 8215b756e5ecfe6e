/** Ends are told where they were asked for, once; requests to whoever may approve them. */
import { describe, expect, it } from 'vitest'
import type { Caller } from '../../lib/changes/model/change.ts'
import { ScheduleMaker } from '../../lib/changes/schedule-maker.ts'
import { GatewayError } from '../../lib/errors.ts'
import { TransportError } from '../../lib/transport/transport.ts'
import { byHand, OFF, ON, schedulerForTests } from '../support/changes/change-orders.ts'
import { BO, headerOf } from '../support/changes/change-world.ts'
import {
  APPROVERS,
  actionOf,
  type ChatWorld,
  type ChatWorldOptions,
  chatWorld,
  textOf,
} from './chat-world.ts'

const HOUR_MS = 3_600_000
const approvals = [{ toggles: [OFF, ON] }]
const approver = { actor: BO, operation: 'decide', idempotencyKey: 'd1' } as const

/** Where something was posted, and what it says. */
const told = async (world: ChatWorld) =>
  (await world.tell()).map(({ channelId, message }) => `${channelId}: ${textOf(message)}`)

/** A request that olga has confirmed and approvers were asked about. */
async function requested(line = `toggle ${OFF} on`, options: ChatWorldOptions = {}) {
  const world = await chatWorld({ approvals, ...options })
  const plan = await world.type('UOLGA', line)
  const { changeId, digest } = actionOf(plan, 'Confirm')
  await world.press('UOLGA', plan, 'Confirm')
  const [asked] = await world.tell()
  if (!asked) throw new Error('no approver was asked')
  return { world, changeId, digest, asked: asked.message }
}

describe('what the requester’s own button brings about', () => {
  it('is marked as answered, and not told a second time', async () => {
    const world = await chatWorld()
    await world.press('UOLGA', await world.type('UOLGA', `toggle ${OFF} on`), 'Confirm')
    expect(world.told.map(({ detail }) => detail['isAnswered'])).toEqual([true])
    expect(await told(world)).toEqual([])
  })

  it('is not told a second time where the tick has put the same event, which knows nothing of the button', async () => {
    const world = await chatWorld()
    await world.press('UOLGA', await world.type('UOLGA', `toggle ${OFF} on`), 'Confirm')
    const [answered] = world.told
    if (!answered) throw new Error('nothing was told')
    const { isAnswered: _, ...unmarked } = answered.detail
    world.told.push({ ...answered, detail: unmarked })
    expect(await told(world)).toEqual([])
  })

  it('by Cancel is marked too', async () => {
    const world = await chatWorld()
    await world.press('UOLGA', await world.type('UOLGA', `toggle ${OFF} on`), 'Cancel')
    await world.rest()
    expect(world.told.map(({ detailType, detail }) => [detailType, detail['isAnswered']])).toEqual([
      ['License Change Cancelled', true],
    ])
    expect(await told(world)).toEqual([])
  })
})

describe('what comes after the click', () => {
  it('of a plan for seconds later is told, however soon after the click that is', async () => {
    const world = await chatWorld()
    const plan = await world.type('UOLGA', `toggle ${OFF} on at 2026-11-15T12:00:05Z`)
    expect(textOf(await world.press('UOLGA', plan, 'Confirm'))).toMatch(/is planned/)
    world.clock.advance(5_000)
    const { changeId } = actionOf(plan, 'Confirm')
    // Whoever looks first carries it out, here a request over HTTP.
    await world.changes({ actor: BO, operation: 'x' }).apply(changeId, actionOf(plan, 'Confirm').digest)
    expect((await headerOf(world, changeId)).state).toBe('APPLIED')
    expect(await told(world)).toEqual([expect.stringMatching(/^C1: .*Switch concurrentLicensing on: done/)])
  })

  it('of a plan for seconds later is told when the tick carries it out', async () => {
    const world = await chatWorld()
    const plan = await world.type('UOLGA', `toggle ${OFF} on at 2026-11-15T12:00:05Z`)
    await world.press('UOLGA', plan, 'Confirm')
    await world.rest()
    expect(await told(world)).toEqual([expect.stringMatching(/^C1: .*done, and Genesys shows it/)])
  })

  it('is told where the click could not know: a lost answer that the tick makes sure of', async () => {
    const world = await chatWorld()
    const plan = await world.type('UOLGA', 'grant wallboardUser to ana@example.com')
    world.org.addFaults([
      { match: { method: 'POST', path: '/api/v2/license/organization' }, do: { reset: true } },
    ])
    expect(textOf(await world.press('UOLGA', plan, 'Confirm'))).toMatch(/what came of it is not known yet/)
    expect(await told(world)).toEqual([])
    await world.rest()
    expect(await told(world)).toEqual([expect.stringMatching(/^C1: .*done, and Genesys shows it/)])
  })

  it('is told where what was seen as applied turns out otherwise', async () => {
    const world = await chatWorld()
    const plan = await world.type('UOLGA', `toggle ${OFF} on`)
    world.org.addFaults([{ match: { method: 'POST' }, do: { applyThenReset: true } }])
    expect(textOf(await world.press('UOLGA', plan, 'Confirm'))).toMatch(/done, and Genesys shows it/)
    await byHand(world).press()
    await world.rest()
    expect(await told(world)).toEqual([expect.stringMatching(/^C1: .*needs a person to look/)])
  })
})

describe('what others decide', () => {
  it('over HTTP is told in the channel: rejected', async () => {
    const { world, changeId } = await requested()
    await world.records(approver).reject(changeId)
    await world.tick()
    expect(await told(world)).toEqual([expect.stringMatching(/^C1: .*was rejected[\s\S]*Rejected by bo\./)])
  })

  it('over HTTP is told in the channel: approved and done', async () => {
    const { world, changeId, digest } = await requested()
    await world.changes(approver).approve(changeId, digest)
    expect(await told(world)).toEqual([
      expect.stringMatching(/^C1: .*done, and Genesys shows it[\s\S]*Approved by bo\./),
    ])
  })

  it('in Slack is told at once: rejected', async () => {
    const { world, asked } = await requested()
    await world.press('UABEL', asked, 'Reject')
    expect(await told(world)).toEqual([expect.stringMatching(/^C1: [\s\S]*Rejected by abel\./)])
  })

  it('is told where nothing came of it, since somebody has changed it meanwhile', async () => {
    const ofLicenses = { approvals: [{ licenses: ['*'] }] }
    const { world, asked } = await requested('grant cloudCX2 to ana@example.com, Ben Blanc', ofLicenses)
    const [ana] = world.org.people(1)
    await byHand(world).assign({
      assignments: [{ licenseId: 'cloudCX2', userIdsAdd: [], userIdsRemove: [ana?.id ?? ''] }],
    })
    expect(textOf(await world.press('UABEL', asked, 'Approve'))).toMatch(/was not carried out/)
    expect(await told(world)).toEqual([
      expect.stringMatching(/^C1: .*was not carried out: somebody has changed it meanwhile/),
    ])
  })

  it('is told where nothing was left to do', async () => {
    const { world, asked } = await requested()
    await byHand(world).press()
    await world.press('UABEL', asked, 'Approve')
    expect(await told(world)).toEqual([expect.stringMatching(/^C1: .*everything was so already/)])
  })

  it('is told of a plan that was called off elsewhere', async () => {
    const world = await chatWorld()
    const plan = await world.type('UOLGA', `toggle ${OFF} on`)
    await world.records(approver).cancel(actionOf(plan, 'Confirm').changeId)
    await world.tick()
    expect(await told(world)).toEqual([expect.stringMatching(/^C1: .*was called off[\s\S]*by bo\./)])
  })

  it('and what takes it back by itself, is told where it was asked for', async () => {
    const world = await chatWorld()
    await world.press('UOLGA', await world.type('UOLGA', `toggle ${OFF} on for 2h`), 'Confirm')
    expect(await told(world)).toEqual([])
    await world.rest()
    expect(world.org.truth().toggles[OFF]).toBe(false)
    expect(await told(world)).toEqual([
      expect.stringMatching(/^C1: .*Switch concurrentLicensing off, undoing [0-9a-z]{20}: done/),
    ])
  })

  it('is told of a request that nobody approved, and not of a plan that nobody confirmed', async () => {
    const { world } = await requested()
    await world.type('UOLGA', `toggle ${OFF} on`)
    await world.rest()
    expect((await told(world)).filter((each) => !each.startsWith(APPROVERS))).toEqual([
      expect.stringMatching(/^C1: .*came too late/),
    ])
  })
})

describe('an event', () => {
  it('that comes again tells nothing again', async () => {
    const { world, changeId, digest } = await requested()
    await world.changes(approver).approve(changeId, digest)
    world.told.push(...world.told)
    expect(await told(world)).toHaveLength(1)
  })

  it('that comes when the change has moved on asks nobody, and the end is told once', async () => {
    const world = await chatWorld({ approvals })
    const plan = await world.type('UOLGA', `toggle ${OFF} on`)
    await world.press('UOLGA', plan, 'Confirm')
    const { changeId, digest } = actionOf(plan, 'Confirm')
    await world.changes(approver).approve(changeId, digest)
    expect(await told(world)).toEqual([expect.stringMatching(/^C1: .*done/)])
  })

  it('that somebody has made up tells nothing', async () => {
    const { world, changeId } = await requested()
    const detail = { eventId: `${changeId}#9`, change: { id: changeId, state: 'APPLIED' } }
    await world.deliver({
      'detail-type': 'License Change Applied',
      source: 'genesys-license-gateway',
      detail,
    })
    expect(world.posted.map(({ channelId }) => channelId)).toEqual([APPROVERS])
  })

  it('is told by ids where there is no token to ask for names', async () => {
    const world = await chatWorld()
    const plan = await world.type('UOLGA', 'grant wallboardUser to ana@example.com')
    await world.records(approver).cancel(actionOf(plan, 'Confirm').changeId)
    await world.tick()
    world.opening.fails = new GatewayError('credentials.unavailable', 'There is no token')
    expect(await told(world)).toEqual([expect.stringMatching(/^C1: .*was called off[\s\S]*[0-9a-f]{8}-/)])
  })
})

describe('a channel that does not take what is told', () => {
  const reset = new TransportError('reset', 'the connection was reset', true)
  /** A Slack whose channels fail so; conversations with people do not. */
  function withoutChannels(fail: () => boolean): Pick<ChatWorldOptions, 'slack'> {
    const slack: ChatWorldOptions['slack'] = ({ post }) => ({
      post: async (to, message) => (to.startsWith('C') ? fail() : await post(to, message)),
    })
    return { slack }
  }
  const throwing = () => {
    throw reset
  }

  it.each([
    ['refuses it', () => false, 'the channel: not taken'],
    ['cannot be reached', throwing, 'the channel: TransportError: the connection was reset'],
  ])('because it %s: whoever asked is told directly', async (_, fail, tried) => {
    const world = await chatWorld(withoutChannels(fail))
    const plan = await world.type('UOLGA', `toggle ${OFF} on`)
    await world.records(approver).cancel(actionOf(plan, 'Confirm').changeId)
    await world.tick()
    expect(await told(world)).toEqual([expect.stringMatching(/^UOLGA: .*was called off/)])
    expect(world.undelivered).toMatchObject([{ what: 'end of a change', tried: [tried], isLost: false }])
  })

  it('of approvers: the request is lost, and that wakes somebody', async () => {
    const world = await chatWorld({ approvals, ...withoutChannels(throwing) })
    await world.press('UOLGA', await world.type('UOLGA', `toggle ${OFF} on`), 'Confirm')
    expect(await told(world)).toEqual([])
    expect(world.undelivered).toMatchObject([{ what: 'request', isLost: true }])
    expect(world.undelivered[0]?.tried).toEqual([expect.stringContaining('the connection was reset')])
  })

  it('nor does the person: it is lost', async () => {
    const world = await chatWorld({ slack: () => ({ post: async () => false }) })
    const plan = await world.type('UOLGA', `toggle ${OFF} on`)
    await world.records(approver).cancel(actionOf(plan, 'Confirm').changeId)
    await world.tick()
    await world.tell()
    expect(world.undelivered).toMatchObject([
      { tried: ['the channel: not taken', 'the person: not taken'], isLost: true },
    ])
  })
})

it('a request is told once more when it has waited for four hours', async () => {
  const { world } = await requested()
  world.clock.advance(4 * HOUR_MS)
  await world.tick()
  expect(await told(world)).toEqual([expect.stringMatching(`^${APPROVERS}: .*Still waiting`)])
})

describe('a schedule that comes to nothing', () => {
  const makerOf = (world: ChatWorld, caller: Partial<Caller>) =>
    new ScheduleMaker(world.bench(), schedulerForTests().scheduler, {
      actor: { kind: 'slack', id: 'UOLGA' },
      operation: 'schedules',
      ...caller,
    })

  it('is told to whoever made it, with who has rejected it and why, and once', async () => {
    const world = await chatWorld({ approvals })
    const { value } = await makerOf(world, { idempotencyKey: 's1' }).create({
      cron: '0 8 ? * MON-FRI *',
      change: { kind: 'toggle', featureName: OFF, enabled: true },
    })
    await makerOf(world, { actor: BO, idempotencyKey: 'r1' }).rejectSchedule(value.id, 'not now')
    await world.tick()
    const [event] = world.told
    const [said, ...others] = await world.tell()
    expect([said?.channelId, others]).toEqual(['UOLGA', []])
    expect(said && textOf(said.message)).toMatch(
      /Schedule “Switch concurrentLicensing on”: rejected[\s\S]*Monday to Friday at 08:00, UTC[\s\S]*bo[\s\S]*not now/,
    )
    world.told.push(...(event ? [event] : []))
    expect(await world.tell()).toEqual([])
  })

  it('is told in the channel for notices where its maker is not in Slack, and not once it is deleted', async () => {
    const world = await chatWorld({ approvals })
    const order = { rate: '1 day', change: { kind: 'toggle', featureName: OFF, enabled: true } } as const
    const [first, second] = await Promise.all(
      ['s1', 's2'].map((idempotencyKey) => makerOf(world, { actor: BO, idempotencyKey }).create(order)),
    )
    world.clock.advance(Date.parse(first?.value.approval?.expiresAt ?? '') - world.clock.nowMs())
    await world.tick()
    await makerOf(world, { actor: BO }).remove(second?.value.id ?? '')
    const said = await told(world)
    expect(said).toEqual([
      expect.stringMatching(
        new RegExp(`^${APPROVERS}: [\\s\\S]*: not approved in time[\\s\\S]*${first?.value.id}`),
      ),
    ])
  })
})
