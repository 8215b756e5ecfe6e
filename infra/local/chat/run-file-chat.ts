/** What run.json says of the chats. */
import type { Role } from '../../../lib/roles.ts'
import type { RunFileChat } from '../run-file.ts'
import type { Members } from './members.ts'
import { SLACK, TEAMS } from './places.ts'
import type { WorkspaceSecrets } from './workspace.ts'

/** @param gateway the local gateway's base URL. */
export function runFileChat(gateway: string, members: Members, secrets: WorkspaceSecrets): RunFileChat {
  const idsOf = (role: Role) => {
    const { slack = '', teams = '' } = members.find(role) ?? {}
    return { slack, teams }
  }
  return {
    slack: `${gateway}/slack`,
    teams: `${gateway}/teams`,
    slackSigningSecret: secrets.slackSigningSecret,
    teamsKey: secrets.teamsKey,
    people: { viewer: idsOf('viewer'), operator: idsOf('operator'), approver: idsOf('approver') },
    slackTeam: SLACK.team,
    slackApp: SLACK.app,
    slackChannel: SLACK.channels.licenses,
    slackApprovals: SLACK.channels.approvals,
    teamsTenant: TEAMS.tenant,
    teamsTeam: TEAMS.team,
    teamsChannel: TEAMS.channel,
  }
}
