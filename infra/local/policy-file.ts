/** DIR/policy.json: who is who on the laptop, and which changes a second person must approve; anyone may edit it. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { isTimeZone } from '../../lib/changes/model/local-time.ts'
import type { Policy, PolicyFile } from '../../lib/changes/model/policy.ts'
import { readPolicy } from '../../lib/composition/bindings/read-policy.ts'
import { jsonOf, parseStrictFile } from '../../lib/json.ts'
import { adviceOnSeats, licensesToldTwice, TOLD_TWICE } from '../../lib/license-terms.ts'
import { sentences } from '../orgs/define-org.ts'
import { identityFaults } from '../orgs/identities.ts'
import { policySchema } from '../orgs/org-schema.ts'
import { writeJsonFile } from './atomic-file.ts'
import { SLACK, TEAMS } from './chat/places.ts'
import { EVENT_COMMAND_SOURCE } from './event/source.ts'
import { person } from './org/people/people.ts'
import { UsageError } from './usage.ts'

/**
 * The laptop's three callers are three persons, over HTTP and in both chats, and `npm run event` is a tool of one. One license, which few orgs have, shows
 * what an approval is like, one what a reason that must be given, and another what seats are.
 */
function standard(): PolicyFile {
  const { timeZone: ours } = new Intl.DateTimeFormat().resolvedOptions()
  const timeZone = isTimeZone(ours) ? ours : 'UTC'
  const entry = (role: 'viewer' | 'operator' | 'approver', index: number) => ({
    role,
    jwt: [`local-${role}`],
    slack: [`U0${role.toUpperCase()}`],
    teams: [`00000000-0000-4000-8000-0000000000c${index + 1}`],
    name: person(index).name,
    timeZone,
    email: person(index).email ?? undefined,
  })
  return {
    approvals: [{ licenses: ['cxCloudSN'] }],
    reasons: [{ licenses: ['predictiveEngagementLicense'] }],
    counting: 'named',
    licenses: { cloudCX3: { seats: 100, charges: ['Genesys Cloud CX 3 Named'] } },
    chat: {
      slack: { teams: [SLACK.team], approvals: SLACK.channels.approvals },
      teams: {
        tenants: [TEAMS.tenant],
        incoming: { [TEAMS.channel]: TEAMS.incoming },
        notices: TEAMS.channel,
      },
    },
    people: {
      'local-viewer': entry('viewer', 1),
      'local-operator': entry('operator', 0),
      'local-approver': entry('approver', 2),
    },
    tools: { 'local-events': { owners: ['local-operator'], eventSources: [EVENT_COMMAND_SOURCE] } },
  }
}

/** Whether there is one that is another than `npm start` writes. */
export function isPolicyEdited(directory: string): boolean {
  const path = join(directory, 'policy.json')
  if (!existsSync(path)) return false
  try {
    return !isDeepStrictEqual(jsonOf(readFileSync(path, 'utf8')), jsonOf(JSON.stringify(standard())))
  } catch {
    // That it cannot be read is told where it is needed.
    return true
  }
}

export interface LaptopPolicy {
  readonly path: string
  readonly policy: Policy
  /** What is better written in another way, a sentence; undefined where nothing is. */
  readonly advice: string | undefined
}

/**
 * @returns the file's path, written where there is none, and what is in it.
 * @throws UsageError where what somebody made of it has no chat, or an identity of two; ConfigurationError where it is no policy.
 */
export function policyFile(directory: string): LaptopPolicy {
  const path = join(directory, 'policy.json')
  if (!existsSync(path)) writeJsonFile(path, standard())
  const advice = refuseFaulty(path)
  const policy = readPolicy(path)
  if (!policy.chat?.slack || !policy.chat.teams) {
    throw new UsageError(
      `${path} has no chat.slack and chat.teams: add them, or delete it, and npm start writes its own`,
    )
  }
  const faults = identityFaults(policy)
  if (faults.length > 0) throw new UsageError(`${path}: ${faults.join('; ')}`)
  return { path, policy, advice }
}

/** Faults told at once; of more the first of them are, and how many there are. */
const MAX_FAULTS = 50

/** By the rules of an org file, so that what works here works at synth. @returns advice, if any. @throws UsageError */
function refuseFaulty(path: string): string | undefined {
  const { data, error } = policySchema.safeParse(valueIn(path))
  if (error === undefined) {
    const [twice] = licensesToldTwice(data)
    if (twice !== undefined) throw new UsageError(`${path} is faulty:\nseats.${twice} ${TOLD_TWICE}`)
    const advice = adviceOnSeats(data)
    return advice && `${path}: ${advice}`
  }
  const faults = error.issues.flatMap((issue) => sentences(issue, 'policy.json'))
  const more = faults.length - MAX_FAULTS
  const rest = more > 0 ? `\n(and ${more} more)` : ''
  throw new UsageError(`${path} is faulty:\n${faults.slice(0, MAX_FAULTS).join('\n')}${rest}`)
}

function valueIn(path: string): unknown {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new UsageError(`${path} cannot be read`, { cause })
  }
  try {
    return parseStrictFile(text, path)
  } catch (error) {
    throw error instanceof Error ? new UsageError(error.message, { cause: error }) : error
  }
}
