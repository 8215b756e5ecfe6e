/**
 * Slack's side of a webhook: members type `/license` and press buttons, and Slack signs and delivers it. Sources:
 * docs.slack.dev, "Slash commands", "Handling user interaction in your Slack apps".
 */
import { randomBytes } from 'node:crypto'
import { jsonOf } from '../../../../lib/json.ts'
import { deliver } from '../delivering.ts'
import type { Member, Members } from '../members.ts'
import type { Message, Messages, Pressable } from '../messages.ts'
import { SLACK } from '../places.ts'
import { slackHeaders } from '../signing.ts'
import { markedUp } from '../typed.ts'
import type { ResponseUrls } from './response-urls.ts'
import { Response, show } from './slack-services.ts'

/** How long Slack waits for a webhook, milliseconds. */
const WAITS_MS = 3_000

const COMMAND = /^\/license(?:\s+(.*))?$/s

export interface SlackOptions {
  /** Epoch milliseconds, by the laptop's clock. */
  readonly now: () => number
  readonly messages: Messages
  readonly members: Members
  readonly urls: ResponseUrls
  readonly signingSecret: string
  /** The gateway's webhook; known once it listens. */
  readonly webhookUrl: () => string
}

export function localSlack({ now, messages, members, urls, signingSecret, webhookUrl }: SlackOptions) {
  async function send(form: Readonly<Record<string, string>>) {
    const body = new URLSearchParams(form).toString()
    return await deliver(webhookUrl(), { body, headers: slackHeaders(body, signingSecret, now()) }, WAITS_MS)
  }

  /** What Slack itself says, to one member. */
  function tell(member: Member, channelId: string, answers: string, text: string): void {
    messages.add({
      platform: 'slack',
      channelId,
      from: 'Slack',
      onlyFor: member.name,
      answers,
      parts: [{ kind: 'note', text }],
      buttons: [],
    })
  }

  return {
    /** Types a line. Resolves to its id when the webhook has answered; what the app replies comes later. */
    async say(member: Member, line: string): Promise<string> {
      const channelId = SLACK.channels.licenses
      const { id: said } = messages.add({
        platform: 'slack',
        channelId,
        from: member.name,
        onlyFor: member.name,
        parts: [{ kind: 'text', spans: [{ text: line }] }],
        buttons: [],
      })
      const [isCommand, text = ''] = COMMAND.exec(line.trim()) ?? []
      if (isCommand === undefined) {
        tell(member, channelId, said, `Only lines that begin with ${SLACK.command} reach the app.`)
        return said
      }
      const answerable = { member, channelId, said }
      const answered = await send(commandForm(member, escaped(text, members), urls.make(answerable), now()))
      if (answered?.status !== 200) {
        const error = answered === undefined ? 'operation_timeout' : 'dispatch_failed'
        tell(member, channelId, said, `${SLACK.command} failed with the error “${error}”.`)
        return said
      }
      const acknowledgement = Response.safeParse(jsonOf(answered.body))
      if (acknowledgement.success) show(messages, acknowledgement.data, answerable)
      return said
    },

    /** Presses a button. Resolves to the press's id when the webhook has answered. */
    async press(member: Member, message: Message, button: Pressable): Promise<string> {
      const { id: messageId, channelId } = message
      const said = `press-${randomBytes(6).toString('hex')}`
      const responseUrl = urls.make({ member, channelId, said, messageId })
      const answered = await send({
        payload: JSON.stringify(pressPayload(member, message, button, responseUrl, now())),
      })
      if (answered?.status !== 200) {
        const why = answered?.status ?? 'no answer in time'
        tell(member, channelId, said, `⚠ The app did not take this press (${why}).`)
      }
      return said
    },
  }
}

function commandForm(member: Member, text: string, responseUrl: string, nowMs: number) {
  return {
    team_id: SLACK.team,
    team_domain: 'laptop',
    channel_id: SLACK.channels.licenses,
    channel_name: 'licenses',
    user_id: member.slack ?? '',
    user_name: member.name,
    command: SLACK.command,
    text,
    api_app_id: SLACK.app,
    is_enterprise_install: 'false',
    response_url: responseUrl,
    trigger_id: triggerId(nowMs),
  }
}

function pressPayload(
  member: Member,
  { channelId, at, version }: Message,
  { value, label }: Pressable,
  responseUrl: string,
  nowMs: number,
) {
  // A message's id in Slack is its time, to the microsecond.
  const ts = `${Math.floor(Date.parse(at) / 1_000)}.${String(version).padStart(6, '0')}`
  return {
    type: 'block_actions',
    user: { id: member.slack, username: member.name, team_id: SLACK.team },
    api_app_id: SLACK.app,
    team: { id: SLACK.team, domain: 'laptop' },
    enterprise: null,
    channel: { id: channelId },
    container: { type: 'message', message_ts: ts, channel_id: channelId },
    message: { ts },
    response_url: responseUrl,
    trigger_id: triggerId(nowMs),
    actions: [{ type: 'button', action_id: label, value, text: { type: 'plain_text', text: label } }],
  }
}

function triggerId(nowMs: number): string {
  return `${nowMs}.${randomBytes(4).readUInt32BE()}.${randomBytes(16).toString('hex')}`
}

/** As a command with `should_escape` sends it: members and addresses are links too. */
function escaped(text: string, members: Members): string {
  const mention = (name: string) => {
    const id = members.find(name)?.slack
    return id === undefined ? undefined : `<@${id}>`
  }
  return markedUp(text, mention).replace(/(^|[\s,;])([\w.+-]+@[\w-]+(?:\.[\w-]+)+)/g, '$1<mailto:$2|$2>')
}
