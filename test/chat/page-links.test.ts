/** Messages lead to the page, where the org has one: to the change that they are about. */
import { describe, expect, it } from 'vitest'
import type { SeenMessage } from '../../infra/local/chat/seen.ts'
import type { SlackMessage } from '../../lib/chat/slack/message.ts'
import { OFF } from '../support/changes/change-orders.ts'
import { chatOf, textOf, untilSeen } from '../support/chat.ts'
import { gatewayForTests } from '../support/gateway.ts'
import { actionOf, chatWorld } from './chat-world.ts'

const stack = await gatewayForTests()

const pageUrl = 'https://licenses.example.com/live/'
const approvals = [{ toggles: [OFF] }]

/** Where its links lead, and what they are called. */
const linksIn = ({ blocks }: SlackMessage) =>
  [...JSON.stringify(blocks).matchAll(/<(http[^|>]*)\|([^>]*)>/g)].map(([, url, label]) => [url, label])

describe('a message in Slack', () => {
  it('of a change leads to it: the plan, what approvers are asked, and how it stands', async () => {
    const world = await chatWorld({ approvals, slack: () => ({ pageUrl }) })
    const plan = await world.type('UOLGA', `toggle ${OFF} on`)
    const link = [[`${pageUrl}#/changes/${actionOf(plan, 'Confirm').changeId}`, 'See it on the page']]
    expect(linksIn(plan)).toEqual(link)
    const standing = await world.press('UOLGA', plan, 'Confirm')
    expect(linksIn(standing)).toEqual(link)
    const [asked] = await world.tell()
    expect(asked && linksIn(asked.message)).toEqual(link)
  })

  it('that is about no change leads nowhere', async () => {
    const world = await chatWorld({ slack: () => ({ pageUrl }) })
    expect(linksIn(await world.type('UOLGA', 'help'))).toEqual([])
    expect(linksIn(await world.type('UOLGA', 'grant'))).toEqual([])
  })

  it('leads nowhere where the org has no page', async () => {
    const world = await chatWorld({ approvals })
    expect(linksIn(await world.type('UOLGA', `toggle ${OFF} on`))).toEqual([])
  })
})

it('on the laptop both platforms lead to the page of the gateway', async () => {
  const chat = chatOf(stack)
  const leads = (message: SeenMessage) =>
    new RegExp(`^See it on the page: ${stack.gateway}/#/changes/\\w+$`, 'm').test(textOf(message))
  await chat.say('slack', 'operator', '/license toggle wallboards off')
  await untilSeen(chat, 'slack', 'operator', leads)
  await chat.say('teams', 'operator', '@license toggle wallboards off because of the pilot')
  await untilSeen(chat, 'teams', 'operator', leads)
})
