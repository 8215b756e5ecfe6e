/** Slack's deliveries against changes on the embedded org: real signatures, a Slack that keeps what it was told. */
import { createHmac } from 'node:crypto'
import type { Policy } from '../../../lib/changes/policy.ts'
import { CHAT_DELIVERED, CHAT_SOURCE } from '../../../lib/chat/queued.ts'
import type { Action } from '../../../lib/chat/reply.ts'
import type { ChatWork } from '../../../lib/chat/run/chat-work.ts'
import { runCommand } from '../../../lib/chat/run/run-command.ts'
import type { SlackMessage } from '../../../lib/chat/slack/message.ts'
import { type ChangeWorld, type ChangeWorldOptions, changeWorld } from '../../support/change-world.ts'

const SECRET = 'a signing secret of this test'
export const APPROVERS = 'C9'

const people: Policy['people'] = {
  vera: { role: 'viewer', slack: ['UVERA'] },
  olga: { role: 'operator', slack: ['UOLGA'], timeZone: 'Europe/Berlin', email: 'ana@example.com' },
  omar: { role: 'operator', slack: ['UOMAR'] },
  abel: { role: 'approver', slack: ['UABEL'] },
  zoe: { role: 'approver', slack: ['UZOE'] },
}

export interface ChatWorld extends ChangeWorld {
  /** Types a line; resolves to what the person is answered. */
  readonly type: (userId: string, line: string) => Promise<SlackMessage>
  readonly press: (userId: string, message: SlackMessage, label: string) => Promise<SlackMessage>
  /** Hands the bus's events of changes to run-command, as the rule does; resolves to what was posted to channels. */
  readonly tell: () => Promise<readonly { readonly channelId: string; readonly message: SlackMessage }[]>
  /** Delivers an event just as it is given. */
  readonly deliver: (event: unknown) => Promise<unknown>
  readonly queued: (userId: string, body: URLSearchParams) => { readonly detail: { rawBody: string } }
  readonly answers: SlackMessage[]
  readonly posts: () => number
  readonly refused: string[]
}

export async function chatWorld(options: ChangeWorldOptions = {}): Promise<ChatWorld> {
  const world = await changeWorld({
    ...options,
    policy: { people, chat: { slack: { teams: ['T1'], approvals: APPROVERS } }, ...options.policy },
  })
  const answers: SlackMessage[] = []
  const posted: { channelId: string; message: SlackMessage }[] = []
  const refused: string[] = []
  let deliveries = 0
  let toldSoFar = 0
  const work = (): ChatWork => ({
    bench: world.bench(),
    snapshots: { get: async () => undefined, put: async () => {} },
    slack: {
      async respond(_url, message) {
        answers.push(message)
        return true
      },
      async post(channelId, message) {
        posted.push({ channelId, message })
        return true
      },
      emailOf: async (userId) => (userId === 'UBEN' ? 'ben@example.com' : undefined),
    },
    postToTeams: async () => false,
    slackSecrets: { read: async () => [SECRET] },
    teamsKeys: { read: async () => [] },
    loopbackOrigin: undefined,
    log: {
      refused: (_id, why) => refused.push(why),
      answered: () => {},
      undelivered: () => {},
    },
  })
  const deliver = (event: unknown) => runCommand(work(), event)

  const queued: ChatWorld['queued'] = (_userId, body) => {
    const rawBody = body.toString()
    const timestamp = String(Math.floor(world.clock.nowMs() / 1000))
    const signature = `v0=${createHmac('sha256', SECRET).update(`v0:${timestamp}:${rawBody}`).digest('hex')}`
    const detail = {
      platform: 'slack',
      deliveryId: `test-${deliveries}`,
      rawBody: Buffer.from(rawBody).toString('base64'),
      contentType: 'application/x-www-form-urlencoded',
      timestamp,
      signature,
    }
    return { 'detail-type': CHAT_DELIVERED, source: CHAT_SOURCE, detail }
  }
  const answered = async (userId: string, body: Record<string, string>) => {
    deliveries += 1
    await deliver(queued(userId, new URLSearchParams(body)))
    const last = answers.at(-1)
    if (!last) throw new Error('nobody was answered')
    return last
  }
  const response_url = 'https://hooks.slack.com/commands/T1/1/a'

  return {
    ...world,
    answers,
    refused,
    deliver,
    queued,
    type: (userId, text) =>
      answered(userId, {
        team_id: 'T1',
        user_id: userId,
        channel_id: 'C1',
        command: '/license',
        text,
        response_url,
        trigger_id: `1.1.${deliveries}`,
      }),
    press: (userId, message, label) =>
      answered(userId, {
        payload: JSON.stringify({
          type: 'block_actions',
          user: { id: userId },
          team: { id: 'T1' },
          channel: { id: 'C1' },
          container: { message_ts: '1.1' },
          trigger_id: `1.2.${deliveries}`,
          response_url,
          actions: [{ type: 'button', action_id: 'a', value: JSON.stringify(actionOf(message, label)) }],
        }),
      }),
    async tell() {
      const before = posted.length
      for (const { detailType, detail } of world.told.slice(toldSoFar)) {
        await deliver({ 'detail-type': detailType, source: 'genesys-license-gateway', detail })
      }
      toldSoFar = world.told.length
      return posted.slice(before)
    },
  }
}

/** What a button of a message does. @throws Error where it has none of that label. */
export function actionOf({ blocks }: SlackMessage, label: string): Action {
  for (const block of blocks) {
    if (block.type !== 'actions') continue
    const found = block.elements.find(({ text }) => text.text === label)
    if (found) return JSON.parse(found.value)
  }
  throw new Error(`There is no button ${label}`)
}

/** All that a message says. */
export function textOf({ blocks }: SlackMessage): string {
  return blocks
    .flatMap((block): string[] => {
      if ('fields' in block) return block.fields.map(({ text }) => text)
      if (block.type === 'actions') return block.elements.map(({ text }) => `[${text.text}]`)
      return 'elements' in block ? block.elements.map(({ text }) => text) : [block.text.text]
    })
    .join('\n')
}
