import { seededUuid } from '../people/seeded.ts'

/** A role: what a person may do. Genesys derives the license from the permissions. `id` is a UUID. */
export interface OrgRole {
  readonly id: string
  readonly name: string
  readonly permissions: readonly string[]
}

const grants: readonly (readonly [name: string, permissions: string])[] = [
  ['Employee', 'chat:room:create directory:user:view'],
  ['Video host', 'video:conference:create'],
  ['Phone user', 'conversation:call:add voicemail:message:view'],
  ['Voice agent', 'routing:queue:join conversation:call:accept'],
  ['Digital agent', 'conversation:email:accept conversation:message:accept'],
  ['Supervisor', 'analytics:conversationAggregate:view recording:recording:view quality:evaluation:view'],
  ['Planner', 'wfm:schedule:view wfm:schedule:edit routing:queue:join'],
  ['Speech analyst', 'speechAndTextAnalytics:data:view'],
  ['Screen reviewer', 'recording:screenRecording:view'],
  ['Wallboard viewer', 'analytics:wallboard:view'],
  ['Journey designer', 'journey:segment:view journey:actionmap:edit'],
  ['Assisted agent', 'assistants:copilot:view routing:queue:join'],
]

/** The embedded org's roles, the same in every org. Names and grants are our choice. */
export const roles: readonly OrgRole[] = grants.map(([name, permissions], index) => ({
  id: seededUuid(index, 0x7f4a7c15),
  name,
  permissions: permissions.split(' '),
}))
