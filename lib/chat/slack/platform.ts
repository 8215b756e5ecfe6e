/**
 * Slack as the conversation's port has it. Enters what webhook.ts took and put on the bus (command.ts verifies and
 * answers it), leaves messages of Block Kit, to response URLs, channels and people (api.ts).
 */
import { GatewayError } from '../../errors.ts'
import { TransportError } from '../../transport/transport.ts'
import type { ChatPlatform } from '../conversation/chat-platform.ts'
import type { SlackApi } from './api.ts'
import { channelPlaceOf, personPlaceOf, placeAt, runSlackCommand } from './command.ts'
import { slackMessageOf, slackReplyTo } from './message.ts'
import type { SlackChecks } from './signature.ts'

export interface SlackParts extends Omit<SlackChecks, 'allowed'> {
  readonly api: SlackApi
  /** The org file's; undefined where Slack is not listened to. */
  readonly settings:
    | (SlackChecks['allowed'] & {
        readonly approvals?: string | undefined
        readonly notices?: string | undefined
      })
    | undefined
}

export function slackPlatform({ api, settings, ...proofs }: SlackParts): ChatPlatform<'slack'> {
  const checks = { ...proofs, allowed: settings ?? { teams: [] } }
  const channelId = settings?.approvals
  const noticesId = settings?.notices ?? channelId
  return {
    idName: 'Slack',
    emailOf: (userId) => emailOf(api, userId),
    async answer(work, queued) {
      await runSlackCommand({ work, log: work.log, api, checks }, queued)
      return {}
    },
    placesOf: (asked) => [channelPlaceOf(api, asked), personPlaceOf(api, asked)],
    replace: (place, said) => api.update(place, slackMessageOf(said, api.pageUrl)),
    replyBelow: async ({ channelId: id, ts }, said, userId) =>
      (await api.post(id, slackReplyTo(ts, said, userId))) !== false,
    approvers: channelId === undefined ? undefined : placeAt(api, channelId, 'the approvers’ channel'),
    notices: noticesId === undefined ? undefined : placeAt(api, noticesId, 'Slack’s channel for notices'),
  }
}

/** @throws GatewayError where Slack cannot be asked. */
async function emailOf(api: SlackApi, userId: string): Promise<string | undefined> {
  try {
    return await api.emailOf(userId)
  } catch (cause) {
    if (!(cause instanceof TransportError)) throw cause
    throw new GatewayError(
      'upstream.unavailable',
      'Slack does not say just now who was mentioned: name them by e-mail, or try again',
      { cause },
    )
  }
}
