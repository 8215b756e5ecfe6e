/**
 * The laptop's Slack and Teams in one: a server on loopback for what the gateway calls (Slack's Web API, response URLs,
 * a Teams workflow), and for people what they would see and do in either client.
 */
import type { IncomingMessage } from 'node:http'
import { jsonOf } from '../../../lib/json.ts'
import { serveLoopback } from '../loopback.ts'
import { readBody, splitTarget } from '../request.ts'
import type { Member, Members } from './members.ts'
import { type Message, messagesOf } from './messages.ts'
import { CHANNEL_NAMES, SLACK } from './places.ts'
import { type Refusals, refusalsOf } from './refusals.ts'
import { APP_NAME, type SeenMessage } from './seen.ts'
import { responseUrls } from './slack/response-urls.ts'
import { localSlack } from './slack/slack.ts'
import { slackServices } from './slack/slack-services.ts'
import { localTeams } from './teams/teams.ts'

export type Platform = SeenMessage['platform']

export interface WorkspaceOptions {
  /** Epoch milliseconds, by the laptop's clock. */
  readonly now: () => number
  readonly members: Members
  readonly secrets: WorkspaceSecrets
  /** The gateway's webhook of a platform; asked for when something is delivered. */
  readonly webhookUrl: (platform: Platform) => string
  /** Where Slack's response URLs lead; to this server itself by default. */
  readonly responseOrigin?: string
}

export interface WorkspaceSecrets {
  readonly slackSigningSecret: string
  readonly slackBotToken: string
  /** In base64, as Teams shows it. */
  readonly teamsKey: string
}

/** For so long Slack takes no more, as it says. */
const RETRY_AFTER_SECONDS = '30'

/** Somebody is not there, or a button is not; the message is for whoever asked. */
export class NotThere extends Error {
  override readonly name = 'NotThere'
}

export interface Workspace {
  /** Origin of the stand-in for Slack's and Teams' own services. */
  readonly url: string
  readonly members: Members
  /**
   * Types a line as a member.
   *
   * @returns its id, when the webhook has answered. What the app replies has it as `answers`.
   * @throws NotThere for a member who is not on that platform.
   */
  say(platform: Platform, as: string, line: string): Promise<string>
  /**
   * Presses a button of a message that the member sees, of the newest that has one of that label where none is named.
   *
   * @returns the press's id, when the webhook has answered.
   * @throws NotThere
   */
  press(as: string, label: string, messageId?: string): Promise<string>
  /** What a member sees that is newer than a version, the oldest first. @throws NotThere */
  seen(platform: Platform, as: string, since: number): { version: number; messages: readonly SeenMessage[] }
  /** Resolves when anything is newer than that version, or the time is up. */
  changed(version: number, waitMs: number): Promise<void>
  /** Makes the next calls of the services fail. */
  readonly refuse: Refusals['plan']
  /** Forgets all messages, and what was to fail. */
  readonly reset: () => void
  readonly close: () => Promise<void>
}

/** Largest body taken, bytes. */
const MAX_BODY_BYTES = 1_000_000

export async function startWorkspace({
  now,
  members,
  secrets,
  webhookUrl,
  responseOrigin,
}: WorkspaceOptions): Promise<Workspace> {
  const messages = messagesOf(now)
  const refusals = refusalsOf()
  const urls = responseUrls(now, () => responseOrigin ?? url)
  const services = slackServices({ messages, members, refusals, urls, botToken: secrets.slackBotToken })
  const standing = { now, messages, members }
  const slack = localSlack({
    ...standing,
    urls,
    signingSecret: secrets.slackSigningSecret,
    webhookUrl: () => webhookUrl('slack'),
  })
  const teams = localTeams({
    ...standing,
    refusals,
    key: secrets.teamsKey,
    webhookUrl: () => webhookUrl('teams'),
  })

  /** What the gateway calls. */
  async function answer(message: IncomingMessage): Promise<{ status: number; body: unknown }> {
    const read = await readBody(message, MAX_BODY_BYTES)
    const body = Buffer.isBuffer(read) ? jsonOf(read) : undefined
    const { path, query } = splitTarget(message.url ?? '')
    const { authorization } = message.headers
    const route = `${message.method} ${path}`
    if (route === 'POST /api/chat.postMessage')
      return { status: 200, body: services.post(authorization, body) }
    if (route === 'POST /api/chat.update') return { status: 200, body: services.update(authorization, body) }
    if (route === 'GET /api/users.info') {
      const user = new URLSearchParams(query).get('user') ?? ''
      return { status: 200, body: services.userInfo(authorization, user) }
    }
    if (route.startsWith('POST /commands/')) return services.respond(path, body)
    if (route.startsWith('POST /workflows/')) return { ...teams.post(body), body: '' }
    return { status: 404, body: 'The stand-in for Slack and Teams has no such route.' }
  }

  const { url, close } = await serveLoopback((message, response) => {
    answer(message).then(
      ({ status, body }) => {
        const isText = typeof body === 'string'
        const type = { 'content-type': isText ? 'text/plain' : 'application/json' }
        const [code, more] = isRateLimited(body)
          ? [429, { 'retry-after': RETRY_AFTER_SECONDS }]
          : [status, {}]
        response.writeHead(code, { ...type, ...more })
        response.end(isText ? body : JSON.stringify(body))
      },
      () => response.destroy(),
    )
  })

  function memberOn(platform: Platform, as: string): Member {
    const member = members.find(as)
    if (member?.[platform] !== undefined) return member
    const known = members.people.map(({ name, role, slack: id }) => `${name} (${id}, ${role})`).join(', ')
    throw new NotThere(`There is nobody called ${as} in the laptop's ${platform}; there are ${known}`)
  }

  const visible = (platform: Platform, { name, role }: Member) =>
    messages
      .all()
      .filter(
        ({ channelId, onlyFor, ...message }) =>
          message.platform === platform &&
          (onlyFor === undefined || onlyFor === name) &&
          (channelId !== SLACK.channels.approvals || role === 'approver'),
      )

  return {
    url,
    members,
    say: async (platform, as, line) => await { slack, teams }[platform].say(memberOn(platform, as), line),
    async press(as, label, messageId) {
      const member = memberOn('slack', as)
      const wanted = label.toLowerCase()
      for (const message of visible('slack', member)) {
        if (messageId !== undefined && message.id !== messageId) continue
        const button = message.buttons.find((each) => each.label.toLowerCase() === wanted)
        if (button) return await slack.press(member, message, button)
      }
      throw new NotThere(`${member.name} sees no button ${label}`)
    },
    seen(platform, as, since) {
      const newer = visible(platform, memberOn(platform, as)).filter(({ version }) => version > since)
      return { version: messages.version(), messages: newer.reverse().map(seenOf) }
    },
    changed: messages.changed,
    refuse: refusals.plan,
    reset() {
      messages.clear()
      refusals.clear()
    },
    close() {
      messages.close()
      return close()
    },
  }
}

function seenOf({ channelId, onlyFor, buttons, ...message }: Message): SeenMessage {
  return {
    ...message,
    channel: CHANNEL_NAMES[channelId] ?? APP_NAME,
    isPrivate: onlyFor !== undefined,
    buttons: buttons.map(({ label, style }) => ({ label, style })),
  }
}

/** What Slack says no to since it was asked too often comes with a status of its own (docs.slack.dev, "Rate limits"). */
function isRateLimited(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'error' in body && body.error === 'ratelimited'
}
