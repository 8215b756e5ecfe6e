/** (L25) A reply whose response URL has expired or is used up goes another way, and the work is never done again. */
import { describe, expect, it } from 'vitest'
import { TransportError } from '../../lib/transport/transport.ts'
import { OFF } from '../support/changes/change-orders.ts'
import { allChanges } from '../support/changes/change-world.ts'
import { type ChatWorld, type ChatWorldOptions, chatWorld, textOf } from './chat-world.ts'

/** How a post fails: `refuses` as Slack does what has expired or where the app is not, `breaks` on the way there. */
type Failing = 'refuses' | 'breaks'

function fails(how: Failing): boolean {
  if (how === 'refuses') return false
  throw new TransportError('reset', 'the connection was reset', true)
}

/** A Slack in which response URLs, and channels or people by their ids, fail. */
function slackWhere(
  url: Failing,
  others: Readonly<Record<string, Failing>> = {},
): NonNullable<ChatWorldOptions['slack']> {
  return ({ post }) => ({
    respond: async () => fails(url),
    post: async (to, message) => {
      const how = others[to]
      return how === undefined ? await post(to, message) : fails(how)
    },
  })
}

const sentTo = ({ posted }: ChatWorld) => posted.map(({ channelId }) => channelId)

describe.each(['refuses', 'breaks'] as const)('a response URL that %s', (how) => {
  const why = how === 'refuses' ? 'not taken' : 'TransportError: the connection was reset'

  it('has what everybody may see posted in the channel', async () => {
    const world = await chatWorld({ slack: slackWhere(how) })
    await world.deliver(world.typed('UOLGA', `toggle ${OFF} on`))
    expect(sentTo(world)).toEqual(['C1'])
    expect(world.posted.map(({ message }) => textOf(message)).join()).toMatch(/\[Confirm\]/)
    expect(world.undelivered).toMatchObject([
      { what: 'answer', tried: [`the response URL: ${why}`], isLost: false },
    ])
    expect(await allChanges(world)).toHaveLength(1)
  })

  it('has it sent to the person where the app is not in the channel', async () => {
    const world = await chatWorld({ slack: slackWhere(how, { C1: how }) })
    await world.deliver(world.typed('UOLGA', `toggle ${OFF} on`))
    expect(sentTo(world)).toEqual(['UOLGA'])
    expect(world.undelivered).toMatchObject([
      { tried: [`the response URL: ${why}`, `the channel: ${why}`], isLost: false },
    ])
  })

  it.each([
    ['a refusal', 'UVERA', `toggle ${OFF} on`],
    ['a mistake', 'UVERA', 'tuggle'],
    ['help', 'UVERA', 'help'],
    ['what a stranger is told', 'UEVE', 'definitions'],
  ])('has %s sent to the person, and never to the channel', async (_, userId, line) => {
    const world = await chatWorld({ slack: slackWhere(how) })
    await world.deliver(world.typed(userId, line))
    expect(sentTo(world)).toEqual([userId])
  })

  it('loses what nobody takes, once, and that wakes somebody', async () => {
    const world = await chatWorld({ slack: slackWhere(how, { C1: how, UOLGA: how }) })
    const event = world.typed('UOLGA', `toggle ${OFF} on`)
    await world.deliver(event)
    await world.deliver(event)
    expect(world.undelivered).toMatchObject([
      {
        id: expect.stringMatching(/^slack-/),
        tried: ['the response URL', 'the channel', 'the person'].map((way) => `${way}: ${why}`),
        isLost: true,
      },
    ])
    expect(await allChanges(world)).toHaveLength(1)
  })

  it('has the end of a change that a button brought about posted in the channel, and it is made once', async () => {
    let hasExpired = false
    const world = await chatWorld({
      slack: ({ respond }) => ({
        respond: async (url, message) => (hasExpired ? fails(how) : await respond(url, message)),
      }),
    })
    const plan = await world.type('UOLGA', `toggle ${OFF} on`)
    hasExpired = true
    const press = world.pressed('UOLGA', plan, 'Confirm')
    await world.deliver(press)
    await world.deliver(press)
    expect(sentTo(world)).toEqual(['C1'])
    expect(world.posted.map(({ message }) => textOf(message)).join()).toMatch(/done, and Genesys shows it/)
    expect(world.posts()).toBe(1)
    // The channel has it now: the bus's event tells it no second time.
    expect(await world.tell()).toEqual([])
  })
})

it('a person who is told privately what broke is told so directly too, and the alarm sees what broke', async () => {
  const bug = new TypeError('undefined is not a function')
  const world = await chatWorld({ slack: slackWhere('refuses') })
  world.opening.fails = bug
  await expect(world.deliver(world.typed('UOLGA', 'definitions'))).rejects.toBe(bug)
  expect(sentTo(world)).toEqual(['UOLGA'])
})
