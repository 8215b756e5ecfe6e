/** Slack's deliveries against changes on the embedded org: real signatures, a Slack that keeps what it was told. */
import { createHmac } from 'node:crypto'
import type { Policy } from '../../lib/changes/model/policy.ts'
import type { Workbench } from '../../lib/changes/record/desk.ts'
import type { Ledger } from '../../lib/changes/record/ledger.ts'
import type { ChatWork } from '../../lib/chat/conversation/chat-platform.ts'
import type { Undelivered, Wished } from '../../lib/chat/conversation/wish-log.ts'
import type { ButtonAction } from '../../lib/chat/conversation/words/reply.ts'
import { runCommand } from '../../lib/chat/run-command.ts'
import type { SlackApi } from '../../lib/chat/slack/api.ts'
import type { SlackMessage } from '../../lib/chat/slack/message.ts'
import { slackPlatform } from '../../lib/chat/slack/platform.ts'
import { teamsPlatform } from '../../lib/chat/teams/platform.ts'
import { CHAT_DELIVERED, CHAT_SOURCE } from '../../lib/chat/webhook/queued.ts'
import { type ChangeWorld, type ChangeWorldOptions, changeWorld } from '../support/changes/change-world.ts'

const SECRET = 'a signing secret of this test'
export const APPROVERS = 'C9'

const people: Policy['people'] = {
  vera: { role: 'viewer', slack: ['UVERA'] },
  olga: { role: 'operator', slack: ['UOLGA'], timeZone: 'Europe/Berlin', email: 'ana@example.com' },
  omar: { role: 'operator', slack: ['UOMAR'] },
  abel: { role: 'approver', slack: ['UABEL'] },
  zoe: { role: 'approver', slack: ['UZOE'], jwt: ['zoe'] },
  bo: { role: 'approver', jwt: ['bo'] },
}

/** Posts that one response URL takes. */
const POSTS_PER_URL = 5

interface Heard {
  /** Whose delivery it answers. */
  readonly userId: string
  readonly message: SlackMessage
}

interface Posted {
  readonly channelId: string
  readonly message: SlackMessage
}

interface Updated extends Posted {
  /** Of the message in whose place it stands. */
  readonly ts: string
}

/** An event of the bus that brings a delivery. */
interface Queued {
  readonly detail: { readonly rawBody: string; readonly deliveryId: string }
}

export interface ChatWorldOptions extends ChangeWorldOptions {
  /** How Slack fails: what is put in the place of one that takes everything. */
  readonly slack?: (inner: SlackApi) => Partial<SlackApi>
  /** What run-command has in the place of the ledger. */
  readonly ledger?: (inner: Ledger) => Ledger
  /** Of what deliveries are carried out with, beside that. */
  readonly work?: Partial<ChatWork>
}

export interface ChatWorld extends ChangeWorld {
  /** Types a line; resolves to the first that the person is answered. */
  readonly type: (userId: string, line: string) => Promise<SlackMessage>
  /** Presses a button; resolves to the first that comes of it at the press's response URL. */
  readonly press: (userId: string, message: SlackMessage, label: string) => Promise<SlackMessage>
  /** Resolves to all that comes of it there. */
  readonly pressAll: (
    userId: string,
    message: SlackMessage,
    label: string,
  ) => Promise<readonly SlackMessage[]>
  /** The event of a line or a press, to be delivered when the test wants. */
  readonly typed: (userId: string, line: string) => Queued
  readonly pressed: (userId: string, message: SlackMessage, label: string) => Queued
  /** Hands the bus's events of changes to run-command, as the rule does; resolves to what was posted to channels. */
  readonly tell: () => Promise<readonly Posted[]>
  /** Delivers an event just as it is given, to a container with that workbench. */
  readonly deliver: (event: unknown, bench?: Workbench) => Promise<unknown>
  readonly queued: (userId: string, body: URLSearchParams) => Queued
  /** What Slack took at response URLs, and in channels and conversations; in order. */
  readonly heard: readonly Heard[]
  readonly posted: readonly Posted[]
  /** What took the place of what was posted. */
  readonly updated: readonly Updated[]
  readonly answers: readonly SlackMessage[]
  /** The audit trail. */
  readonly asked: readonly Wished[]
  readonly refused: readonly (Wished & { readonly why: string })[]
  readonly failed: readonly unknown[]
  readonly undelivered: readonly Undelivered[]
  /** How workbenches are opened: how often, and what opening throws. */
  readonly opening: { times: number; fails: Error | undefined }
}

export async function chatWorld(options: ChatWorldOptions = {}): Promise<ChatWorld> {
  const world = await changeWorld({
    ...options,
    policy: { people, chat: { slack: { teams: ['T1'], approvals: APPROVERS } }, ...options.policy },
  })
  const heard: Heard[] = []
  const posted: Posted[] = []
  const updated: Updated[] = []
  const asked: Wished[] = []
  const refused: (Wished & { why: string })[] = []
  const failed: unknown[] = []
  const undelivered: Undelivered[] = []
  const opening: ChatWorld['opening'] = { times: 0, fails: undefined }
  const urls = new Map<string, { readonly userId: string; posts: number }>()
  let deliveries = 0
  let toldSoFar = 0

  const patient: SlackApi = {
    async respond(responseUrl, message) {
      const url = urls.get(responseUrl)
      if (!url || url.posts === POSTS_PER_URL) return false
      url.posts += 1
      heard.push({ userId: url.userId, message })
      return true
    },
    async post(channelId, message) {
      posted.push({ channelId, message })
      return { channelId, ts: `${posted.length}.000100` }
    },
    async update(place, message) {
      updated.push({ ...place, message })
      return true
    },
    emailOf: async (userId) => (userId === 'UBEN' ? 'ben@example.com' : undefined),
  }
  const slack: SlackApi = { ...patient, ...options.slack?.(patient) }
  const workOn = (bench: Workbench): ChatWork => ({
    desk: { ...bench, ledger: options.ledger?.(bench.ledger) ?? bench.ledger },
    async openBench() {
      opening.times += 1
      if (opening.fails) throw opening.fails
      return bench
    },
    bus: bench.bus,
    notices: world.store.notices,
    inventory: world.inventory,
    seats: world.seats,
    platforms: {
      slack: slackPlatform({
        api: slack,
        secrets: { read: async () => [SECRET] },
        settings: bench.policy.chat?.slack,
      }),
      teams: teamsPlatform({
        api: { post: async () => false },
        keys: { read: async () => [] },
        settings: bench.policy.chat?.teams,
      }),
    },
    log: {
      noteWish: (wished) => asked.push(wished),
      noteRefusal: (wished, why) => refused.push({ ...wished, why }),
      noteFailure: (_, error) => failed.push(error),
      noteUndelivered: (line) => undelivered.push(line),
    },
    ...options.work,
  })
  const deliver: ChatWorld['deliver'] = (event, bench = world.bench()) => runCommand(workOn(bench), event)

  const queued: ChatWorld['queued'] = (userId, body) => {
    urls.set(body.get('response_url') ?? '', { userId, posts: 0 })
    return signed(body)
  }
  const signed = (body: URLSearchParams) => {
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
  const newUrl = () => {
    deliveries += 1
    return `https://hooks.slack.com/commands/T1/${deliveries}/a`
  }
  const typed: ChatWorld['typed'] = (userId, text) =>
    queued(
      userId,
      new URLSearchParams({
        team_id: 'T1',
        user_id: userId,
        channel_id: 'C1',
        command: '/license',
        text,
        response_url: newUrl(),
        trigger_id: `1.1.${deliveries}`,
      }),
    )
  const pressed: ChatWorld['pressed'] = (userId, message, label) => {
    const response_url = newUrl()
    const payload = JSON.stringify({
      type: 'block_actions',
      user: { id: userId },
      team: { id: 'T1' },
      channel: { id: 'C1' },
      container: { message_ts: '1.1' },
      trigger_id: `1.2.${deliveries}`,
      response_url,
      actions: [{ type: 'button', action_id: 'a', value: JSON.stringify(actionOf(message, label)) }],
    })
    urls.set(response_url, { userId, posts: 0 })
    return signed(new URLSearchParams({ payload }))
  }
  const answersTo = async (userId: string, event: Queued): Promise<readonly SlackMessage[]> => {
    const before = heard.length
    await deliver(event)
    return heard.slice(before).flatMap((each) => (each.userId === userId ? [each.message] : []))
  }

  return {
    ...world,
    heard,
    posted,
    updated,
    get answers() {
      return heard.map(({ message }) => message)
    },
    asked,
    refused,
    failed,
    undelivered,
    opening,
    deliver,
    queued,
    typed,
    pressed,
    type: async (userId, line) => only(await answersTo(userId, typed(userId, line))),
    press: async (userId, message, label) => only(await answersTo(userId, pressed(userId, message, label))),
    pressAll: (userId, message, label) => answersTo(userId, pressed(userId, message, label)),
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

function only([first]: readonly SlackMessage[]): SlackMessage {
  if (!first) throw new Error('nobody was answered')
  return first
}

/** What a button of a message does. @throws Error where it has none of that label. */
export function actionOf({ blocks }: SlackMessage, label: string): ButtonAction {
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
