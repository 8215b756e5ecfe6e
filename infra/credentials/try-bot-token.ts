/** Whether Slack takes a bot token, and of which workspace it is. */
import * as z from 'zod/mini'
import { type Transport, TransportError } from '../../lib/transport/transport.ts'
import { ProvisioningError } from './provisioning-error.ts'

const TIMEOUT_MS = 8_000

export interface ListenedSlack {
  /** Slack's own; a test's is on loopback. */
  readonly origin: string
  /** Workspaces of the org file. */
  readonly teams: readonly string[]
}

/** Source: docs.slack.dev, auth.test, which needs no scope. Error codes are words such as `invalid_auth`. */
const Answer = z.union([
  z.looseObject({
    ok: z.literal(true),
    team_id: z.string().check(z.regex(/^[A-Z][A-Z0-9]{1,31}$/)),
    is_enterprise_install: z.optional(z.boolean()),
  }),
  z.looseObject({ ok: z.literal(false), error: z.string().check(z.regex(/^[a-z_]{1,64}$/)) }),
])

/**
 * @returns a sentence that says how it went. Where Slack gives no answer nothing is known against the token.
 * @throws ProvisioningError where Slack does not take it, or it is of a workspace that is not listened to.
 */
export async function tryBotToken(
  token: string,
  { origin, teams }: ListenedSlack,
  transport: Transport,
): Promise<string> {
  const asked = await answerOf(token, origin, transport)
  if (typeof asked === 'string') return `bot token: not tried, as Slack gave no answer (${asked})`
  if (!asked.ok)
    throw new ProvisioningError(`Slack does not take the bot token (${asked.error}); nothing was put`)
  const { team_id: team, is_enterprise_install: isOfEnterprise = false } = asked
  if (!isOfEnterprise && !teams.includes(team)) {
    throw new ProvisioningError(
      `The bot token is of the workspace ${team}, which chat.slack.teams of the org file does not list; nothing was put`,
    )
  }
  return `bot token: Slack takes it, in ${team}`
}

/** @returns why there is no answer, in a few words. */
async function answerOf(
  token: string,
  origin: string,
  transport: Transport,
): Promise<z.output<typeof Answer> | string> {
  try {
    const { status, body } = await transport({
      method: 'POST',
      origin,
      path: '/api/auth.test',
      headers: { authorization: `Bearer ${token}` },
      timeoutMs: TIMEOUT_MS,
      freshConnection: true,
    })
    const { data } = Answer.safeParse(status === 200 ? JSON.parse(body.toString('utf8')) : undefined)
    return data ?? `status ${status}`
  } catch (error) {
    if (error instanceof TransportError) return error.fault
    if (error instanceof SyntaxError) return 'not in JSON'
    throw error
  }
}
