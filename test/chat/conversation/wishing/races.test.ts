/** Two people at once: one outcome, and everyone is told of it. Upstream, the record and what was said are compared. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tick } from '../../../../lib/changes/carry-out/tick.ts'
import { isSettled } from '../../../../lib/changes/model/transitions.ts'
import type { Workbench } from '../../../../lib/changes/record/desk.ts'
import type { SlackMessage } from '../../../../lib/chat/slack/message.ts'
import { scheduler } from '../../../changes/proof/history.ts'
import { byHand, hasWallboard, OFF, taking, userAt } from '../../../support/changes/change-orders.ts'
import { headerOf } from '../../../support/changes/change-world.ts'
import { actionOf, type ChatWorld, type ChatWorldOptions, textOf } from '../../chat-world.ts'
import { type Race, race } from '../../interleaving.ts'

const HOUR_MS = 3_600_000

/** Orders that each race is run in; the same every time. */
const ORDERS = { seed: 20_261_115, numRuns: 10 }

/** What somebody heard of one press: whether they alone saw it or it took the buttons' place, and its title. */
function heardBy({ heard }: ChatWorld, userId: string, since: number): string[] {
  return heard
    .slice(since)
    .filter((each) => each.userId === userId)
    .map(
      ({ message }) =>
        `${message.replace_original ? 'replaced' : message.response_type}: ${titleOf(message)}`,
    )
}
const titleOf = (message: SlackMessage) => textOf(message).split('\n')[0] ?? ''

interface Requested extends Race {
  readonly plan: SlackMessage
  readonly asked: SlackMessage
  readonly changeId: string
}

/** A request of olga's, with approvers asked. */
async function requested(order: fc.Scheduler, line = `toggle ${OFF} on`): Promise<Requested> {
  const started = await race(order, { approvals: [{ toggles: [OFF] }] })
  const { world } = started
  const plan = await world.type('UOLGA', line)
  await world.press('UOLGA', plan, 'Confirm')
  const [asked] = await world.tell()
  if (!asked) throw new Error('no approver was asked')
  return { ...started, plan, asked: asked.message, changeId: actionOf(plan, 'Confirm').changeId }
}

/** A plan of olga's, not confirmed yet. */
async function planned(order: fc.Scheduler, line = `toggle ${OFF} on`, options: ChatWorldOptions = {}) {
  const started = await race(order, options)
  const plan = await started.world.type('UOLGA', line)
  return { ...started, plan, changeId: actionOf(plan, 'Confirm').changeId }
}

const pressing =
  ({ world, bench }: Race, userId: string, message: SlackMessage, label: string) =>
  () =>
    world.deliver(world.pressed(userId, message, label), bench())

/** What holds in the end, whoever was first: and that the same story is told upstream, on record and to the channel. */
async function endOf({ world, changeId }: { world: ChatWorld; changeId: string }) {
  const { state, history } = await headerOf(world, changeId)
  expect(isSettled(state)).toBe(true)
  const isSwitched = world.org.truth().toggles[OFF]
  expect([state, isSwitched, world.posts()]).toEqual([
    state,
    state === 'APPLIED',
    state === 'APPLIED' ? 1 : 0,
  ])
  const toChannel = (await world.tell()).map(({ channelId, message }) => `${channelId}: ${titleOf(message)}`)
  expect(await world.tell()).toEqual([])
  await world.rest()
  expect([await world.tell(), (await headerOf(world, changeId)).state]).toEqual([[], state])
  return { state, history, toChannel }
}

/**
 * What somebody heard who came second: why, and how it ended in place of the buttons. Where whoever came first takes
 * too long, that is left to them: nothing else is ever shown.
 */
function expectSecond(heard: readonly string[], why: RegExp, end: string): void {
  expect(heard[0]).toMatch(why)
  expect([[], [`replaced: ${end}`]]).toContainEqual(heard.slice(1))
}

/** Runs a race in many orders, and gives how it ended in each. */
async function inManyOrders(run: (order: fc.Scheduler) => Promise<string>): Promise<Set<string>> {
  const ends = new Set<string>()
  await fc.assert(
    fc.asyncProperty(scheduler(), async (order) => {
      ends.add(await run(order))
    }),
    ORDERS,
  )
  return ends
}

/** Calls that a press makes before it looks under the lock, about. */
const TURNS_BEFORE_A_HAND = 10

const done = '✅ Switch concurrentLicensing on: done, and Genesys shows it'

describe('at once', () => {
  it('(L19) two approvers: one has approved it, and the other is told who', async () => {
    let replaced = 0
    const ends = await inManyOrders(async (order) => {
      const request = await requested(order)
      const { world, asked, atOnce } = request
      const since = world.heard.length
      await atOnce(pressing(request, 'UABEL', asked, 'Approve'), pressing(request, 'UZOE', asked, 'Approve'))
      const { state, history, toChannel } = await endOf(request)
      const winner = history.find((entry) => entry.state === 'APPROVED')?.by ?? 'nobody'
      const [first, second] = winner === 'abel' ? ['UABEL', 'UZOE'] : ['UZOE', 'UABEL']
      expect(heardBy(world, first ?? '', since)).toEqual([`replaced: ${done}`])
      const why = new RegExp(`^ephemeral: ⚠️ ${winner} has approved the change ${request.changeId} already$`)
      expectSecond(heardBy(world, second ?? '', since), why, done)
      replaced += heardBy(world, second ?? '', since).length - 1
      expect([state, toChannel]).toEqual(['APPLIED', [`C1: ${done}`]])
      return winner
    })
    expect(ends).toEqual(new Set(['abel', 'zoe']))
    // Nearly always the second waits for what the first is at.
    expect(replaced).toBeGreaterThan(ORDERS.numRuns / 2)
  })

  it('(L19) one who approves and one who rejects: one of them has decided', async () => {
    const ends = await inManyOrders(async (order) => {
      const request = await requested(order)
      const { world, asked, atOnce, changeId } = request
      const since = world.heard.length
      await atOnce(pressing(request, 'UABEL', asked, 'Approve'), pressing(request, 'UZOE', asked, 'Reject'))
      const { state, toChannel } = await endOf(request)
      const rejected = '⚠️ Switch concurrentLicensing on: was rejected'
      const end = state === 'APPLIED' ? done : rejected
      const [first, second, decided] =
        state === 'APPLIED'
          ? (['UABEL', 'UZOE', 'abel has approved'] as const)
          : (['UZOE', 'UABEL', 'zoe has rejected'] as const)
      expect(heardBy(world, first, since)).toEqual([`replaced: ${end}`])
      const why = new RegExp(`^ephemeral: ⚠️ ${decided} the change ${changeId} already$`)
      expectSecond(heardBy(world, second, since), why, end)
      expect(toChannel).toEqual([`C1: ${end}`])
      return state
    })
    expect(ends).toEqual(new Set(['APPLIED', 'REJECTED']))
  })

  it('an approver and a requester who calls it off', async () => {
    const ends = await inManyOrders(async (order) => {
      const request = await requested(order)
      const { world, plan, asked, atOnce, changeId } = request
      const since = world.heard.length
      await atOnce(pressing(request, 'UABEL', asked, 'Approve'), pressing(request, 'UOLGA', plan, 'Cancel'))
      const { state, history, toChannel } = await endOf(request)
      const calledOff = 'replaced: Switch concurrentLicensing on: was called off'
      const olga = heardBy(world, 'UOLGA', since)
      const abel = heardBy(world, 'UABEL', since)
      if (state === 'APPLIED') {
        expect(abel).toEqual([`replaced: ${done}`])
        expectSecond(olga, /^ephemeral: .*too late to call it off/, done)
        expect(toChannel).toEqual([`C1: ${done}`])
        return state
      }
      // Where she was quick enough to take back what was approved already, the approver sees that and no more.
      const isApproved = history.some((entry) => entry.state === 'APPROVED')
      const why = `ephemeral: ⚠️ The change ${changeId} is called off and awaits no approval`
      expect(abel).toEqual(isApproved ? [calledOff] : [why, calledOff])
      expect(olga).toEqual([calledOff])
      expect([state, toChannel]).toEqual(['CANCELLED', []])
      return isApproved ? 'CANCELLED when approved' : state
    })
    expect(ends).toEqual(new Set(['APPLIED', 'CANCELLED', 'CANCELLED when approved']))
  })

  it('Confirm twice: it is sent once, and both presses are answered with the end', async () => {
    await inManyOrders(async (order) => {
      const plan = await planned(order)
      const { world, atOnce } = plan
      const since = world.heard.length
      await atOnce(
        pressing(plan, 'UOLGA', plan.plan, 'Confirm'),
        pressing(plan, 'UOLGA', plan.plan, 'Confirm'),
      )
      const { state, toChannel } = await endOf(plan)
      expect(heardBy(world, 'UOLGA', since)).toEqual([`replaced: ${done}`, `replaced: ${done}`])
      expect([state, toChannel]).toEqual(['APPLIED', []])
      return state
    })
  })

  it('Confirm and Cancel: one of them, and the planned revert stays where it was applied', async () => {
    const ends = await inManyOrders(async (order) => {
      const plan = await planned(order, `toggle ${OFF} on for 2h`)
      const { world, atOnce, changeId } = plan
      const since = world.heard.length
      await atOnce(
        pressing(plan, 'UOLGA', plan.plan, 'Confirm'),
        pressing(plan, 'UOLGA', plan.plan, 'Cancel'),
      )
      const { state, revert } = await headerOf(world, changeId)
      const heard = heardBy(world, 'UOLGA', since)
      const isApplied = state === 'APPLIED'
      expect([world.org.truth().toggles[OFF], world.posts()]).toEqual([isApplied, isApplied ? 1 : 0])
      expect([isApplied || state === 'CANCELLED', revert?.isCancelled]).toEqual([true, undefined])
      const end = isApplied ? done : 'Switch concurrentLicensing on: was called off'
      const seconds = heard.filter((each) => each.startsWith('ephemeral'))
      // None where Cancel came between Confirm and what it would have sent: then both show that.
      expect(seconds.length).toBeLessThanOrEqual(1)
      for (const each of seconds)
        expect(each).toMatch(/called off and cannot be applied|too late to call it off/)
      expect(new Set(heard.filter((each) => !seconds.includes(each)))).toEqual(new Set([`replaced: ${end}`]))
      expect(await world.tell()).toEqual([])
      await world.rest()
      expect(world.org.truth().toggles[OFF]).toBe(false)
      return state
    })
    expect(ends).toEqual(new Set(['APPLIED', 'CANCELLED']))
  })

  it('Confirm and the tick, when the plan lapses', async () => {
    const ends = await inManyOrders(async (order) => {
      const plan = await planned(order)
      const { world, atOnce, bench } = plan
      world.clock.advance(8 * HOUR_MS)
      const since = world.heard.length
      const ticking = bench()
      await atOnce(pressing(plan, 'UOLGA', plan.plan, 'Confirm'), () => tick(ticking, async () => ticking))
      const { state, toChannel } = await endOf(plan)
      const tooLate = '⚠️ Switch concurrentLicensing on: came too late'
      expect(heardBy(world, 'UOLGA', since)).toEqual(
        state === 'APPLIED'
          ? [`replaced: ${done}`]
          : [
              expect.stringMatching(/^ephemeral: .*is over \(it came too late\) and cannot be applied/),
              `replaced: ${tooLate}`,
            ],
      )
      // Where the tick was quick enough to carry out what was confirmed, it does not know of the button.
      expect([[], [`C1: ${done}`]]).toContainEqual(toChannel)
      return state
    })
    expect(ends).toEqual(new Set(['APPLIED', 'EXPIRED']))
  })

  it('Approve and the tick, when the request lapses: it has lapsed, whoever sees it first', async () => {
    await inManyOrders(async (order) => {
      const request = await requested(order)
      const { world, asked, atOnce, bench } = request
      world.clock.advance(8 * HOUR_MS)
      const since = world.heard.length
      const ticking = bench()
      await atOnce(pressing(request, 'UABEL', asked, 'Approve'), () => tick(ticking, async () => ticking))
      const { state, toChannel } = await endOf(request)
      const tooLate = '⚠️ Switch concurrentLicensing on: came too late'
      expect(heardBy(world, 'UABEL', since)).toEqual([
        expect.stringMatching(/^ephemeral: .*(has lapsed|is over)/),
        `replaced: ${tooLate}`,
      ])
      expect([state, toChannel]).toEqual(['EXPIRED', [`C1: ${tooLate}`]])
      return state
    })
  })

  it('the same press delivered twice is one press', async () => {
    await inManyOrders(async (order) => {
      const plan = await planned(order)
      const { world, atOnce, bench } = plan
      const since = world.heard.length
      const event = world.pressed('UOLGA', plan.plan, 'Confirm')
      await atOnce(
        () => world.deliver(event, bench()),
        () => world.deliver(event, bench()),
      )
      const { state } = await endOf(plan)
      expect(heardBy(world, 'UOLGA', since)).toEqual([`replaced: ${done}`])
      return state
    })
  })
})

describe('Confirm after the licenses of a user changed elsewhere', () => {
  const line = 'grant wallboardUser to ana@example.com'
  const straight = fc.sample(scheduler(), { seed: 1, numRuns: 1 })

  async function shown(of = line) {
    const [order] = straight
    if (!order) throw new Error('there is no scheduler')
    const plan = await planned(order, of)
    const { world } = plan
    const posts = () => world.posts()
    return { ...plan, ana: userAt(world, 0), holder: userAt(world, 2), posts }
  }

  it('to what was wished for: nothing is sent, and that is said', async () => {
    const { world, plan, changeId, ana, posts } = await shown()
    await byHand(world).assign({
      assignments: [{ licenseId: 'wallboardUser', userIdsAdd: [ana], userIdsRemove: [] }],
    })
    const sent = posts()
    const [answer, ...more] = await world.pressAll('UOLGA', plan, 'Confirm')
    expect([answer && titleOf(answer), more]).toEqual([
      '✅ Give wallboardUser to Ana Abebe: everything was so already',
      [],
    ])
    expect([(await headerOf(world, changeId)).state, posts() - sent, hasWallboard(world, ana)]).toEqual([
      'NOOP',
      0,
      true,
    ])
    expect(await world.tell()).toEqual([])
  })

  it('in another license: what was wished for is sent, and the table shows what holds now', async () => {
    const { world, plan, changeId, ana, posts } = await shown()
    await byHand(world).assign(taking([ana], 'cloudCX2'))
    const sent = posts()
    const [answer] = await world.pressAll('UOLGA', plan, 'Confirm')
    expect(answer && textOf(answer)).toMatch(/done, and Genesys shows it/)
    expect([(await headerOf(world, changeId)).state, posts() - sent, hasWallboard(world, ana)]).toEqual([
      'APPLIED',
      1,
      true,
    ])
    expect(world.org.truth().users[ana]).not.toContain('cloudCX2')
  })

  it('so that more would be sent than the plan showed: nothing is, and the person is told to plan again', async () => {
    const ends = await inManyOrders(async (order) => {
      const started = await race(order, {})
      const { world, atOnce, bench } = started
      const [ana, holder] = [userAt(world, 0), userAt(world, 2)]
      const plan = await world.type('UOLGA', `grant wallboardUser to ana@example.com, ${holder}`)
      const { changeId } = actionOf(plan, 'Confirm')
      const event = world.pressed('UOLGA', plan, 'Confirm')
      const since = world.heard.length
      // Somebody takes it from the one who held it, while Confirm is at work.
      await atOnce(
        () => world.deliver(event, bench()),
        () => byHandMeanwhile(bench(), taking([holder])),
      )
      const { state } = await headerOf(world, changeId)
      const heard = heardBy(world, 'UOLGA', since)
      const sent = world.posts() - 1
      if (state === 'SUPERSEDED') {
        expect(heard).toEqual([
          'replaced: ⚠️ Give wallboardUser to Ana Abebe (1 pair was so already): was not carried out: somebody has changed it meanwhile',
        ])
        expect([sent, hasWallboard(world, ana)]).toEqual([0, false])
      } else {
        expect(heard).toEqual([expect.stringMatching(/^replaced: .*done/)])
        expect([state, sent, hasWallboard(world, ana)]).toEqual(['APPLIED', 1, true])
      }
      expect(await world.tell()).toEqual([])
      return state
    })
    expect(ends).toEqual(new Set(['APPLIED', 'SUPERSEDED']))
  })
})

/** Somebody in Genesys's own user interface, who gets there about when the press does. */
async function byHandMeanwhile({ scope }: Workbench, batch: ReturnType<typeof taking>): Promise<void> {
  const { transport, origins, token, clock } = scope
  for (let turns = 0; turns < TURNS_BEFORE_A_HAND; turns++) await clock.sleep(0)
  await transport({
    method: 'POST',
    origin: origins.api,
    path: '/api/v2/license/organization',
    headers: { authorization: `Bearer ${token.value}`, 'content-type': 'application/json' },
    body: JSON.stringify(batch),
    timeoutMs: 8_000,
  })
}
