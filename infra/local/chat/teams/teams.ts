/**
 * Microsoft Teams, as far as the gateway meets it: a channel with an outgoing webhook, and a workflow that posts to it.
 * Source: learn.microsoft.com, "Create Outgoing Webhooks" and "Create incoming webhooks with Workflows".
 */

import { jsonOf } from '../../../../lib/json.ts'
import { deliver } from '../delivering.ts'
import type { Member, Members } from '../members.ts'
import type { Messages } from '../messages.ts'
import { TEAMS } from '../places.ts'
import type { Refusals } from '../refusals.ts'
import { APP_NAME } from '../seen.ts'
import { teamsHeaders } from '../signing.ts'
import { markedUp } from '../typed.ts'
import { seenOfTeams, TeamsContent } from './adaptive-card.ts'

/** How long Teams waits for a webhook, milliseconds. */
const WAITS_MS = 5_000

export interface TeamsOptions {
  /** Epoch milliseconds, by the laptop's clock. */
  readonly now: () => number
  readonly messages: Messages
  readonly members: Members
  readonly refusals: Refusals
  /** The outgoing webhook's security token, in base64. */
  readonly key: string
  readonly webhookUrl: () => string
}

export function localTeams({ now, messages, members, refusals, key, webhookUrl }: TeamsOptions) {
  function add(from: string, content: Pick<ReturnType<typeof seenOfTeams>, 'parts'>, answers?: string) {
    const channelId = TEAMS.channel
    return messages.add({
      platform: 'teams',
      channelId,
      from,
      buttons: [],
      ...content,
      ...(answers === undefined ? {} : { answers }),
    })
  }

  return {
    /** Mentions the webhook with a line behind it. Resolves to the line's id when the webhook has answered. */
    async say(member: Member, line: string): Promise<string> {
      const text = line
        .trim()
        .replace(/^(\/license|@license)\b/i, '')
        .trim()
      const { id } = add(member.name, {
        parts: [{ kind: 'text', spans: [{ text: `@${APP_NAME} ${text}` }] }],
      })
      const body = JSON.stringify(activityOf({ member, text, members, id, nowMs: now() }))
      const answered = await deliver(webhookUrl(), { body, headers: teamsHeaders(body, key) }, WAITS_MS)
      const content = TeamsContent.safeParse(jsonOf(answered?.status === 200 ? answered.body : ''))
      if (content.success) add(APP_NAME, seenOfTeams(content.data), id)
      else
        add(
          'Teams',
          { parts: [{ kind: 'note', text: 'Sorry, there was a problem encountered with your request.' }] },
          id,
        )
      return id
    },

    /** A workflow's URL is posted to. @returns its status. */
    post(body: unknown) {
      if (refusals.take('workflow')) return { status: 502 }
      const content = TeamsContent.safeParse(body)
      if (!content.success) return { status: 400 }
      add(APP_NAME, seenOfTeams(content.data))
      return { status: 202 }
    },
  }
}

interface Typed {
  readonly member: Member
  readonly text: string
  readonly members: Members
  readonly id: string
  readonly nowMs: number
}

/** A channel message as Teams posts it: HTML, mentions as `<at>` with an entity each. */
function activityOf({ member, text, members, id, nowMs }: Typed) {
  const own = `<at>${APP_NAME}</at>`
  const entities: unknown[] = [
    { type: 'mention', text: own, mentioned: { id: TEAMS.webhook, name: APP_NAME } },
  ]
  const html = markedUp(text, (called) => {
    const mentioned = members.find(called)
    if (mentioned?.teams === undefined) return undefined
    const { name, teams: aadObjectId } = mentioned
    // Teams may make a mention of each part of a person's name, all with the person's id.
    const spans = name.split(' ').map((part) => {
      const span = `<at>${part}</at>`
      entities.push({ type: 'mention', text: span, mentioned: { id: `29:${name}`, name: part, aadObjectId } })
      return span
    })
    return spans.join('&nbsp;')
  })
  return {
    type: 'message',
    id: `${nowMs}${id.slice(1)}`,
    timestamp: new Date(nowMs).toISOString(),
    serviceUrl: 'https://smba.example.com/emea/',
    channelId: 'msteams',
    from: { id: `29:${member.name}`, name: member.name, aadObjectId: member.teams },
    recipient: { id: TEAMS.webhook, name: APP_NAME },
    conversation: { id: `${TEAMS.channel};messageid=${nowMs}`, tenantId: TEAMS.tenant },
    channelData: {
      channel: { id: TEAMS.channel },
      team: { id: TEAMS.team },
      tenant: { id: TEAMS.tenant },
    },
    entities,
    text: `${own} ${html}\n`,
    textFormat: 'plain',
  }
}
