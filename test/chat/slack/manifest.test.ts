/** docs/slack-app.json against what this code does with Slack, and against what Slack takes for a manifest. */

import { readFileSync } from 'node:fs'
import type { webApi } from '@slack/bolt'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { type Reply, sayLines } from '../../../lib/chat/conversation/words/reply.ts'
import { parseLine } from '../../../lib/chat/grammar/parse.ts'
import { SLACK_API, type SlackApi, slackApi } from '../../../lib/chat/slack/api.ts'
import { readSlackDelivery } from '../../../lib/chat/slack/delivery.ts'
import { slackMessageOf } from '../../../lib/chat/slack/message.ts'
import type { Transport } from '../../../lib/transport/transport.ts'
import { command as delivered, formBody, formType } from './forms.ts'

/** Bot scopes that the documentation names for what is done here; anything else would be asked for in vain. */
const scopesOfMethods: Readonly<Record<string, readonly string[]>> = {
  // docs.slack.dev/reference/methods/chat.postMessage
  'chat.postMessage': ['chat:write'],
  // docs.slack.dev/reference/methods/chat.update: the same scope, for messages of its own.
  'chat.update': [],
  // docs.slack.dev/reference/methods/users.info: without the second one the answer has no address.
  'users.info': ['users:read', 'users:read.email'],
}
const otherScopes = [
  // docs.slack.dev/reference/scopes/commands
  'commands',
  // docs.slack.dev/reference/scopes/chat.write.public: posting to channels that the app has not joined.
  'chat:write.public',
] as const

const https = z.string().regex(/^https:\/\/\S+$/)

/** The fields that are used, with Slack's limits. Source: docs.slack.dev/reference/app-manifest. */
const Manifest = z.strictObject({
  display_information: z.strictObject({ name: z.string().max(35), description: z.string().max(140) }),
  features: z.strictObject({
    // What Slack takes nowhere else is told to the person: without this tab that is refused (messages_tab_disabled).
    app_home: z.strictObject({
      home_tab_enabled: z.literal(false),
      messages_tab_enabled: z.literal(true),
      messages_tab_read_only_enabled: z.literal(true),
    }),
    bot_user: z.strictObject({
      display_name: z
        .string()
        .max(80)
        .regex(/^[a-z0-9._-]+$/),
      always_online: z.boolean(),
    }),
    slash_commands: z.tuple([
      z.strictObject({
        command: z
          .string()
          .max(32)
          .regex(/^\/[^\s/]+$/),
        url: https,
        description: z.string().max(2_000),
        usage_hint: z.string().max(1_000),
        should_escape: z.boolean(),
      }),
    ]),
  }),
  oauth_config: z.strictObject({
    scopes: z.strictObject({
      bot: z.array(z.enum(['chat:write', 'users:read', 'users:read.email', ...otherScopes])),
    }),
  }),
  settings: z.strictObject({
    interactivity: z.strictObject({ is_enabled: z.boolean(), request_url: https }),
    org_deploy_enabled: z.boolean(),
    socket_mode_enabled: z.boolean(),
    token_rotation_enabled: z.boolean(),
  }),
})

const file = readFileSync(new URL('../../../docs/slack-app.json', import.meta.url), 'utf8')
const manifest = Manifest.parse(JSON.parse(file))
/** By the types of Slack's own SDK too. */
const {
  features: { slash_commands },
  oauth_config,
  settings,
} = manifest satisfies webApi.AppsManifestCreateArguments['manifest']
const [command] = slash_commands

const reply: Reply = { title: 'x', tone: 'info', parts: [], isPrivate: false }

describe("the Slack app's manifest", () => {
  it('has the one command that our replies name and our delivery takes', () => {
    const { blocks } = slackMessageOf({ ...reply, parts: [sayLines('help')] })
    expect(JSON.stringify(blocks)).toContain(`${command.command} help`)
    const body = formBody({ ...delivered, command: command.command })
    expect(readSlackDelivery(body, formType, { fingerprint: '0123456789abcdefghjk' })).toMatchObject({
      delivery: { kind: 'command', command: command.command },
    })
  })

  it('has Slack escape mentions, which our grammar reads by their ids', () => {
    expect(command.should_escape).toBe(true)
  })

  it('hints at lines that our grammar understands', () => {
    for (const line of command.usage_hint.split(' | ')) expect(parseLine(line)).toHaveProperty('command')
  })

  it('sends commands and buttons to one address, the one that docs/chat.md says to replace', () => {
    expect(settings.interactivity).toEqual({ is_enabled: true, request_url: command.url })
    expect(command.url).toBe('https://CHAT-API/slack')
  })

  it('has a token that does not expire, for one workspace, and no socket', () => {
    expect(settings).toMatchObject({
      org_deploy_enabled: false,
      socket_mode_enabled: false,
      token_rotation_enabled: false,
    })
  })

  it('asks for the scopes of what we call, and for no other', async () => {
    const methods = await methodsCalled()
    expect(methods).toEqual(Object.keys(scopesOfMethods))
    const needed = methods.flatMap((method) => scopesOfMethods[method] ?? [])
    expect([...oauth_config.scopes.bot].sort()).toEqual([...needed, ...otherScopes].sort())
  })
})

const message = slackMessageOf(reply)

/** Each thing that we do with Slack; a new one does not compile before it is here. */
const uses: Readonly<Record<Exclude<keyof SlackApi, 'pageUrl'>, (of: SlackApi) => Promise<unknown>>> = {
  respond: (of) => of.respond('https://hooks.slack.com/commands/T1/2/3', message),
  post: (of) => of.post('C1', message),
  update: (of) => of.update({ channelId: 'C1', ts: '1.1' }, message),
  emailOf: (of) => of.emailOf('U1'),
}

/** The Web API's methods that all of it calls. */
async function methodsCalled(): Promise<string[]> {
  const methods = new Set<string>()
  const transport: Transport = async ({ origin, path }) => {
    const method = /^\/api\/([a-zA-Z.]+)/.exec(path)?.[1]
    if (origin === SLACK_API && method !== undefined) methods.add(method)
    return { status: 200, headers: {}, body: Buffer.from('{"ok":true}') }
  }
  const ours = slackApi({ transport, loopbackOrigin: undefined, botToken: async () => 'xoxb-1' })
  for (const use of Object.values(uses)) await use(ours)
  return [...methods].sort()
}
