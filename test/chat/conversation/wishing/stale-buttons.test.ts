/** A button whose change has moved on: whoever presses it is told why, and nobody presses it again. */
import { describe, expect, it } from 'vitest'
import type { SlackMessage } from '../../../../lib/chat/slack/message.ts'
import { TransportError } from '../../../../lib/transport/transport.ts'
import { benchOn, isPost, OFF } from '../../../support/changes/change-orders.ts'
import { BO, headerOf } from '../../../support/changes/change-world.ts'
import { actionOf, type ChatWorld, type ChatWorldOptions, chatWorld, textOf } from '../../chat-world.ts'

const HOUR_MS = 3_600_000
const approvals = [{ toggles: [OFF] }]
const approver = { actor: BO, operation: 'decide', idempotencyKey: 'd1' } as const

/** Whether only the person sees it or it takes the buttons' place, and what it says. */
const said = (messages: readonly SlackMessage[]) =>
  messages.map((message) => [
    message.replace_original ? 'replaced' : message.response_type,
    textOf(message).split('\n').slice(0, 1).join(),
  ])
const hasButtons = (message: SlackMessage | undefined) =>
  message?.blocks.some(({ type }) => type === 'actions')

interface Requested {
  readonly world: ChatWorld
  readonly plan: SlackMessage
  readonly asked: SlackMessage
  readonly changeId: string
  readonly digest: string
}

async function requested(options: ChatWorldOptions = {}, line = `toggle ${OFF} on`): Promise<Requested> {
  const world = await chatWorld({ approvals, ...options })
  const plan = await world.type('UOLGA', line)
  await world.press('UOLGA', plan, 'Confirm')
  const [asked] = await world.tell()
  if (!asked) throw new Error('no approver was asked')
  return { world, plan, asked: asked.message, ...actionOf(plan, 'Confirm') }
}

describe('a request that is decided already', () => {
  const ends: readonly (readonly [
    how: string,
    end: (asked: Requested) => Promise<unknown>,
    why: RegExp,
    stands: RegExp,
  ])[] = [
    [
      'rejected by somebody quicker',
      ({ world, asked }) => world.press('UZOE', asked, 'Reject'),
      /zoe has rejected the change/,
      /was rejected/,
    ],
    [
      'approved by somebody quicker, and done',
      ({ world, asked }) => world.press('UZOE', asked, 'Approve'),
      /zoe has approved the change/,
      /done, and Genesys shows it/,
    ],
    [
      'approved over HTTP',
      ({ world, changeId, digest }) => world.changes(approver).approve(changeId, digest),
      /bo has approved the change/,
      /done, and Genesys shows it/,
    ],
    [
      'called off over HTTP',
      ({ world, changeId }) => world.records(approver).cancel(changeId),
      /is called off and awaits no approval/,
      /was called off/,
    ],
    [
      'lapsed, and the tick has seen that',
      async ({ world }) => {
        world.clock.advance(8 * HOUR_MS)
        await world.tick()
      },
      /is over \(it came too late\) and awaits no approval/,
      /came too late/,
    ],
    [
      'lapsed, and nobody has seen that',
      async ({ world }) => world.clock.advance(8 * HOUR_MS),
      /has lapsed; plan it again/,
      /came too late/,
    ],
  ]

  it.each(ends)('(L19, L20) %s: Approve tells why, and how it stands takes its place', async (...given) => {
    const [, end, why, stands] = given
    const request = await requested()
    const { world, asked, changeId } = request
    await end(request)
    const posts = world.posts()
    const messages = await world.pressAll('UABEL', asked, 'Approve')
    expect(said(messages)).toEqual([
      ['ephemeral', expect.stringMatching(why)],
      ['replaced', expect.stringMatching(stands)],
    ])
    expect(messages.map(hasButtons)).toEqual([false, false])
    expect(world.posts()).toBe(posts)
    expect(world.refused).toMatchObject([{ person: 'abel', wish: 'approve', changeId }])
  })
})

it('a request that somebody quicker is still at is left for them to replace', async () => {
  const { world, asked } = await requested()
  let goOn = () => {}
  let first: Promise<unknown> | undefined
  const isWaiting = new Promise<void>((resolve) => {
    goOn = resolve
  })
  await new Promise<void>((isAtIt) => {
    const slow = benchOn(world, (inner) => async (request) => {
      if (isPost(request)) {
        isAtIt()
        await isWaiting
      }
      return await inner(request)
    })
    first = world.deliver(world.pressed('UZOE', asked, 'Approve'), slow)
  })
  const second = await world.pressAll('UABEL', asked, 'Approve')
  expect(said(second)).toEqual([['ephemeral', expect.stringMatching(/zoe has approved the change/)]])
  goOn()
  await first
  expect(said(world.answers.slice(-1))).toEqual([
    ['replaced', expect.stringMatching(/done, and Genesys shows it/)],
  ])
})

describe('a plan that has moved on', () => {
  it('lapsed: Confirm tells why, and how it stands takes its place', async () => {
    const world = await chatWorld()
    const plan = await world.type('UOLGA', `toggle ${OFF} on`)
    await world.rest()
    expect(said(await world.pressAll('UOLGA', plan, 'Confirm'))).toEqual([
      [
        'ephemeral',
        expect.stringMatching(/is over \(it came too late\) and cannot be applied; plan it again/),
      ],
      ['replaced', expect.stringMatching(/came too late/)],
    ])
    expect(world.posts()).toBe(0)
  })

  it('to an approver: Confirm once more only shows that it waits', async () => {
    const { world, plan } = await requested()
    expect(said(await world.pressAll('UOLGA', plan, 'Confirm'))).toEqual([
      ['replaced', expect.stringMatching(/waits for an approver/)],
    ])
  })

  it('to its end: Confirm once more only shows that', async () => {
    const world = await chatWorld()
    const plan = await world.type('UOLGA', `toggle ${OFF} on`)
    await world.press('UOLGA', plan, 'Confirm')
    expect(said(await world.pressAll('UOLGA', plan, 'Confirm'))).toEqual([
      ['replaced', expect.stringMatching(/done, and Genesys shows it/)],
    ])
    expect(world.posts()).toBe(1)
  })

  it('to its end: Cancel comes too late, and leaves the planned revert alone', async () => {
    const world = await chatWorld()
    const plan = await world.type('UOLGA', `toggle ${OFF} on for 2h`)
    await world.press('UOLGA', plan, 'Confirm')
    expect(said(await world.pressAll('UOLGA', plan, 'Cancel'))).toEqual([
      ['ephemeral', expect.stringMatching(/is done: too late to call it off; undo it instead/)],
      ['replaced', expect.stringMatching(/done, and Genesys shows it/)],
    ])
    await world.rest()
    expect(world.org.truth().toggles[OFF]).toBe(false)
  })

  it('and failed: the end is the answer, with what Genesys said', async () => {
    const world = await chatWorld()
    const plan = await world.type('UOLGA', `toggle ${OFF} on`)
    world.org.addFaults([{ match: { method: 'POST' }, do: { status: 403 } }])
    const messages = await world.pressAll('UOLGA', plan, 'Confirm')
    expect(said(messages)).toEqual([
      ['replaced', expect.stringMatching(/Switch concurrentLicensing on: failed/)],
    ])
    expect(messages.map(hasButtons)).toEqual([false])
    expect(world.refused).toEqual([])
  })

  it('and waits for Genesys: the answer says that it is tried again', async () => {
    const world = await chatWorld()
    const plan = await world.type('UOLGA', `toggle ${OFF} on`)
    world.org.addFaults([{ match: { method: 'GET' }, times: 9, do: { status: 503 } }])
    const [answer] = await world.pressAll('UOLGA', plan, 'Confirm')
    expect(answer && textOf(answer)).toMatch(
      /is planned[\s\S]*Genesys[\s\S]*It is tried again Sun 15 Nov 2026, 13:01 CET/,
    )
    world.org.clearFaults()
    await world.rest()
    expect((await world.tell()).map(({ message }) => textOf(message))).toEqual([
      expect.stringMatching(/done, and Genesys shows it/),
    ])
  })
})

describe('a refusal of the person', () => {
  it('leaves the buttons to others', async () => {
    const { world, plan, asked, changeId } = await requested()
    for (const [userId, message, label] of [
      ['UOMAR', asked, 'Approve'],
      ['UOMAR', asked, 'Reject'],
      ['UOMAR', plan, 'Confirm'],
      ['UOMAR', plan, 'Cancel'],
      ['UEVE', asked, 'Approve'],
    ] as const) {
      const messages = await world.pressAll(userId, message, label)
      expect([userId, label, said(messages).map(([how]) => how)]).toEqual([userId, label, ['ephemeral']])
    }
    expect((await headerOf(world, changeId)).state).toBe('AWAITING_APPROVAL')
  })

  it('is for a requester too who is no operator any more', async () => {
    const world = await chatWorld()
    const plan = await world.type('UOLGA', `toggle ${OFF} on`)
    const { policy } = world.bench()
    const people: typeof policy.people = { ...policy.people, olga: { role: 'viewer', slack: ['UOLGA'] } }
    const event = world.pressed('UOLGA', plan, 'Confirm')
    await world.deliver(event, world.bench({ policy: { ...policy, people } }))
    expect(said(world.answers.slice(1))).toEqual([
      ['ephemeral', expect.stringMatching(/This is for operators/)],
    ])
    expect(world.posts()).toBe(0)
  })

  it('is for whoever presses a button of a change that there is not', async () => {
    const world = await chatWorld()
    const plan = await world.type('UOLGA', `toggle ${OFF} on`)
    const other = JSON.parse(
      JSON.stringify(plan).replaceAll(actionOf(plan, 'Confirm').changeId, '0'.repeat(20)),
    )
    expect(said(await world.pressAll('UOLGA', other, 'Confirm'))).toEqual([
      ['ephemeral', expect.stringMatching(/There is no change 0{20}/)],
    ])
  })
})

describe('of the two messages', () => {
  /** A request that is rejected already, in a Slack that does not take some messages at response URLs. */
  async function staleWhere(isRefused: (message: SlackMessage) => boolean) {
    let hasBegun = false
    const request = await requested({
      slack: ({ respond }) => ({
        async respond(url, message) {
          if (hasBegun && isRefused(message)) throw new TransportError('timeout', 'no whole answer', true)
          return await respond(url, message)
        },
      }),
    })
    await request.world.press('UZOE', request.asked, 'Reject')
    await request.world.tell()
    hasBegun = true
    return request
  }

  it('the replacement is not lost with the answer, which goes to the person directly', async () => {
    const { world, asked } = await staleWhere((message) => !message.replace_original)
    const before = world.posted.length
    expect(said(await world.pressAll('UABEL', asked, 'Approve')).map(([how]) => how)).toEqual(['replaced'])
    const sent = world.posted.slice(before).map(({ channelId, message }) => `${channelId} ${textOf(message)}`)
    expect(sent).toEqual([expect.stringMatching(/^UABEL .*zoe has rejected/)])
    const tried = ['the response URL: TransportError: no whole answer']
    expect(world.undelivered).toMatchObject([{ what: 'answer', tried, isLost: false }])
  })

  it('the answer is not lost with the replacement, which no channel is bothered with', async () => {
    const { world, asked } = await staleWhere((message) => message.replace_original)
    const before = world.posted.length
    expect(said(await world.pressAll('UABEL', asked, 'Approve')).map(([how]) => how)).toEqual(['ephemeral'])
    expect(world.posted.slice(before)).toEqual([])
    expect(world.undelivered).toMatchObject([{ what: 'replacement', isLost: false }])
  })
})
