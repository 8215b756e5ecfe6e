/** A license an organisation can hold, as GET /api/v2/license/definitions shows it. Genesys gives it no name. */
export interface OrgLicense {
  readonly id: string
  readonly description: string
  readonly permissions: { readonly ids: readonly string[] }
  readonly prerequisites: readonly { readonly id: string; readonly selfUri: string }[]
  readonly comprises: readonly OrgLicense[]
  readonly selfUri: string
}

const uriOf = (id: string) => `/api/v2/license/definitions/${id}`

function define(
  id: string,
  description: string,
  permissions: string,
  prerequisites: readonly string[] = [],
  comprises: readonly OrgLicense[] = [],
): OrgLicense {
  return {
    id,
    description,
    permissions: { ids: permissions.split(' ') },
    prerequisites: prerequisites.map((each) => ({ id: each, selfUri: uriOf(each) })),
    comprises,
    selfUri: uriOf(id),
  }
}

/** Workforce engagement permissions, which both WEM upgrades carry. */
const wem =
  'wfm:schedule:view wfm:schedule:edit quality:evaluation:edit coaching:appointment:add gamification:profile:view'

/** Speech and text analytics permissions, which the STA upgrade and both WEM upgrades carry. */
const sta = 'speechAndTextAnalytics:data:view speechAndTextAnalytics:topic:edit'

const collaborate = define('collaborate', 'Chat and directory', 'chat:room:create directory:user:view')
const collaboratePro = define(
  'collaboratePro',
  'Chat, directory and video',
  'video:conference:create documents:workspace:edit',
  [],
  [collaborate],
)
const communicate = define(
  'communicate',
  'Business telephony',
  'conversation:call:add telephony:phone:edit voicemail:message:view',
  [],
  [collaborate],
)
const cloudCX1 = define(
  'cloudCX1',
  'Genesys Cloud CX 1: voice contact centre',
  'routing:queue:join conversation:call:accept analytics:conversationAggregate:view routing:queue:edit',
  [],
  [communicate],
)
const cloudCX2 = define(
  'cloudCX2',
  'Genesys Cloud CX 2: digital and voice contact centre',
  'conversation:email:accept conversation:message:accept recording:recording:view quality:evaluation:view',
  [],
  [cloudCX1],
)
const cloudCX3 = define(
  'cloudCX3',
  'Genesys Cloud CX 3: digital, voice and workforce engagement',
  `${wem} ${sta} recording:screenRecording:view`,
  [],
  [cloudCX2],
)
const agentAssist = define(
  'agentAssistLicense',
  'Agent Assist for voice',
  'assistants:assistant:view assistants:queue:view',
  ['cloudCX1'],
)

/**
 * What the embedded org can hold: the fifteen license ids seen in live organisations. Their ids are real; which
 * permissions, prerequisites and comprised licenses each has is our choice ([?]: those are org-scoped and
 * unpublished). In order of price within a family; nothing enforces prerequisites.
 */
export const definitions: readonly OrgLicense[] = [
  collaborate,
  collaboratePro,
  communicate,
  cloudCX1,
  cloudCX2,
  cloudCX3,
  define('gc1WEMupgrade', 'Workforce engagement on top of CX 1', `${wem} ${sta}`, ['cloudCX1']),
  define('gc2WEMupgrade', 'Workforce engagement on top of CX 2', `${wem} ${sta}`, ['cloudCX2']),
  define('gcSTAupgrade', 'Speech and text analytics', sta),
  define('wallboardUser', 'Wallboards', 'analytics:wallboard:view analytics:dashboard:view'),
  define(
    'predictiveEngagementLicense',
    'Predictive engagement',
    'journey:segment:view journey:actionmap:edit',
    ['cloudCX1'],
  ),
  agentAssist,
  define(
    'agentAssistOmniLicense',
    'Agent Assist for voice and digital',
    'assistants:copilot:view',
    ['cloudCX2'],
    [agentAssist],
  ),
  define('cxCloudSF', 'CX Cloud for Salesforce', 'integration:salesforce:view integration:salesforce:edit', [
    'cloudCX1',
  ]),
  define('cxCloudSN', 'CX Cloud for ServiceNow', 'integration:servicenow:view integration:servicenow:edit', [
    'cloudCX1',
  ]),
]

const byId = new Map(definitions.map((each) => [each.id, each]))

/** The definition of that id, or undefined. */
export function definitionOf(licenseId: string): OrgLicense | undefined {
  return byId.get(licenseId)
}

/**
 * The list as the list operation answers it: live orgs were seen to leave out permissions there that the by-id
 * operation has, so one license (cxCloudSN) comes without them.
 */
export const listedDefinitions: readonly OrgLicense[] = definitions.map((each) =>
  each.id === 'cxCloudSN' ? { ...each, permissions: { ids: [] } } : each,
)
