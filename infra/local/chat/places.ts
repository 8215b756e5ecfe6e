/** The laptop's Slack workspace and Teams team: made-up ids in the platforms' own forms, the same in every directory. */

export const SLACK = {
  team: 'T0LAPTOP',
  app: 'A0LICENSE',
  command: '/license',
  channels: { licenses: 'C0LICENSES', approvals: 'C0APPROVALS' },
} as const

export const TEAMS = {
  tenant: '00000000-0000-4000-8000-0000000000a1',
  team: '19:laptop@thread.tacv2',
  channel: '19:licenses@thread.tacv2',
  /** The outgoing webhook's own id, as the Bot Framework has it. */
  webhook: '28:00000000-0000-4000-8000-0000000000b1',
  /** As an org file names a workflow; on the laptop it is posted to the stand-in, whatever its host. */
  incoming: 'https://teams.example.com/workflows/licenses',
} as const

/** As members see them. */
export const CHANNEL_NAMES: Readonly<Record<string, string>> = {
  [SLACK.channels.licenses]: '#licenses',
  [SLACK.channels.approvals]: '#license-approvals',
  [TEAMS.channel]: 'Licenses',
}
