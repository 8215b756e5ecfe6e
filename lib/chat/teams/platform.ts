/** Teams as the conversation's port has it: Adaptive Cards, as a webhook's one answer and to channels' incoming URLs. */
import type { Platform } from '../conversation/platform.ts'
import type { TeamsApi } from './api.ts'
import { teamsPostOf } from './card.ts'
import { runTeamsCommand } from './command.ts'
import type { TeamsChecks } from './verify-delivery.ts'

export interface TeamsParts extends Pick<TeamsChecks, 'keys'> {
  readonly api: TeamsApi
  /** The org file's; undefined where Teams is not listened to. */
  readonly settings:
    | {
        readonly tenants: readonly string[]
        /** Incoming URLs by channel. */
        readonly incoming?: Readonly<Record<string, string>> | undefined
      }
    | undefined
}

export function teamsPlatform({ api, settings, keys }: TeamsParts): Platform<'teams'> {
  const checks = { keys, tenants: settings?.tenants ?? [] }
  const placesOf: Platform<'teams'>['placesOf'] = ({ channelId }) => {
    const url = settings?.incoming?.[channelId]
    if (url === undefined) return []
    return [{ by: 'the incoming URL', send: (said) => api.post(url, teamsPostOf(said)) }]
  }
  return {
    idName: 'Entra',
    // A mention's id is the one of the org file and of nothing else that we can ask.
    emailOf: async () => undefined,
    answer: (work, queued) => runTeamsCommand({ work, checks, placesOf }, queued),
    placesOf,
    approvers: undefined,
  }
}
