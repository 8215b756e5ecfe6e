/** Slack's signing secret and bot token: asked for, tried and put. */
import * as z from 'zod/mini'
import type { Transport } from '../../lib/transport/transport.ts'
import { type ChatProvisioning, heldIn, putInto } from './chat-secret.ts'
import type { SecretQuestion } from './questions.ts'
import { type ListenedSlack, tryBotToken } from './try-bot-token.ts'

const SIGNING_SECRET = /^[0-9a-f]{32}$/
const BOT_TOKEN = /^xoxb-[A-Za-z0-9-]{10,250}$/

/** The variables are none of those that name the secrets' ARNs to the functions, nor those of Slack's own SDKs. */
export const slackQuestions: readonly SecretQuestion[] = [
  {
    prompt: 'Signing secret of the Slack app (not shown; Enter leaves it as it is): ',
    isSecret: true,
    isOptional: true,
    variable: 'SLACK_SIGNING_SECRET_VALUE',
    faultOf: (answer) =>
      SIGNING_SECRET.test(answer)
        ? undefined
        : 'A signing secret is 32 of the characters 0-9 and a-f; it is among the app credentials of the Slack app',
  },
  {
    prompt: 'Bot token of the Slack app (not shown; Enter leaves it as it is): ',
    isSecret: true,
    isOptional: true,
    variable: 'SLACK_BOT_TOKEN_VALUE',
    faultOf: (answer) =>
      BOT_TOKEN.test(answer)
        ? undefined
        : 'A bot token begins with xoxb-; one with anything before that would expire, so leave token rotation off',
  },
]

export interface SlackProvisioning extends ChatProvisioning {
  readonly transport: Transport
  /** Undefined on the laptop, where there is no Slack to ask. */
  readonly slackApi: ListenedSlack | undefined
}

/**
 * @param answers in the questions' order; '' leaves a secret as it is.
 * @throws ProvisioningError saying which step failed and what to do. Nothing is put where Slack does not take the token.
 */
export async function putSlack(
  [signingSecret = '', botToken = '']: readonly string[],
  to: SlackProvisioning,
): Promise<void> {
  const { client, names, transport, slackApi, tell } = to
  if (botToken !== '' && slackApi) tell(await tryBotToken(botToken, slackApi, transport))
  if (signingSecret !== '') await putSigningSecret(signingSecret, to)
  if (botToken !== '') {
    await putInto(client, names.slackBot, { token: botToken })
    tell(`bot token: put into ${names.slackBot}`)
  }
  if (signingSecret === '' && botToken === '') tell('Nothing was answered, so all is as it was')
}

const Signing = z.strictObject({ current: z.optional(z.string()), previous: z.optional(z.string()) })

/** Until the same one is put again, the one before it is accepted too: what it signed may still be on its way. */
async function putSigningSecret(secret: string, { client, names, tell }: ChatProvisioning): Promise<void> {
  const id = names.slackSigning
  const held = (await heldIn(client, id, Signing, '{ current, previous }')) ?? {}
  if (held.current === secret && held.previous === undefined) {
    tell(`signing secret: ${id} holds it already, and no other`)
    return
  }
  const isNew = held.current !== secret
  const previous = isNew ? held.current : undefined
  await putInto(client, id, { current: secret, previous })
  tell(
    isNew
      ? `signing secret: put into ${id}`
      : `signing secret: the one before it is dropped from ${id}; this one alone counts within 5 minutes`,
  )
  if (previous !== undefined) {
    tell('signing secret: the one before it is accepted too, until you put this same one again')
  }
}
