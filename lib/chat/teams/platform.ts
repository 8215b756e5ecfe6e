/**
 * Teams as the conversation's port has it. Enters what webhook.ts took and invoked run-command with (command.ts
 * verifies and answers it), leaves Adaptive Cards, as the webhook's one answer and to channels' incoming URLs (api.ts).
 */
import type { ChatPlatform } from '../conversation/chat-platform.ts'
import type { TeamsApi } from './api.ts'
import { teamsPostOf } from './card.ts'
import { runTeamsCommand } from './command.ts'
import type { TeamsChecks } from './signature.ts'

export interface TeamsParts extends Pick<TeamsChecks, 'keys'> {
  readonly api: TeamsApi
  /** The page's address, with a slash at its end; undefined where the org has none. */
  readonly pageUrl?: string | undefined
  /** The org file's; undefined where Teams is not listened to. */
  readonly settings:
    | {
        readonly tenants: readonly string[]
        /** Incoming URLs by channel. */
        readonly incoming?: Readonly<Record<string, string>> | undefined
        /** The channel of those that is told what concerns everybody. */
        readonly notices?: string | undefined
      }
    | undefined
}

export function teamsPlatform({ api, settings, keys, pageUrl }: TeamsParts): ChatPlatform<'teams'> {
  const checks = { keys, tenants: settings?.tenants ?? [] }
  const placesOf: ChatPlatform<'teams'>['placesOf'] = ({ channelId }) => {
    const url = settings?.incoming?.[channelId]
    if (url === undefined) return []
    return [{ by: 'the incoming URL', send: (said) => api.post(url, teamsPostOf(said, pageUrl)) }]
  }
  return {
    idName: 'Entra',
    // A mention's id is the one of the org file and of nothing else that we can ask.
    emailOf: async () => undefined,
    answer: (work, queued) => runTeamsCommand({ work, checks, placesOf, pageUrl }, queued),
    placesOf,
    // An incoming URL takes posts alone, and says nothing of where they stand.
    replace: undefined,
    replyBelow: undefined,
    approvers: undefined,
    notices:
      settings?.notices === undefined ? undefined : placesOf({ channelId: settings.notices, userId: '' })[0],
  }
}
