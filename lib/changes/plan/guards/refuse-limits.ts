/**
 * What no change does, whoever asks and whoever approves: the org file's limits. An order is judged as a whole and by
 * what it names, since what holds when it is planned may not when it is carried out. Targets come in, a refusal that
 * names what is protected goes out. What is asked of a person besides stands in `confirm-people.ts`.
 */
import { type FieldFault, GatewayError } from '../../../errors.ts'
import type { LeftAlone, Target } from '../../model/change.ts'
import type { Policy } from '../../model/policy.ts'

/** Ids that a sentence names; the rest are counted, and stand in the fields. */
const MAX_NAMED = 5
const MAX_FAULTS = 50

interface Beyond {
  readonly people: readonly string[]
  readonly licenses: readonly string[]
  /** How many people it is about, where those are too many. */
  readonly tooMany: number | undefined
}

/** @throws GatewayError `change.limit.refused` */
export function refuseBeyondLimits({ limits }: Pick<Policy, 'limits'>, targets: readonly Target[]): void {
  const { people, licenses, tooMany } = findBeyond(limits, targets)
  const faults = [
    ...people.map((id) => faultOf('PROTECTED_PERSON', `the org file protects the user ${id}`, id)),
    ...licenses.map((id) => faultOf('PROTECTED_LICENSE', `the org file protects the license ${id}`, id)),
    ...(tooMany === undefined ? [] : [faultOf('TOO_MANY_PEOPLE', `names ${tooMany} people`)]),
  ]
  if (faults.length === 0) return
  const sentences = [
    ...(people.length > 0 ? [`protects ${listFew(people, 'user', 'users')}`] : []),
    ...(licenses.length > 0 ? [`protects ${listFew(licenses, 'license', 'licenses')}`] : []),
    ...(tooMany === undefined
      ? []
      : [`lets a change be about ${limits?.mostPeople} people at most, and this is about ${tooMany}`]),
  ]
  throw new GatewayError(
    'change.limit.refused',
    `The org file ${sentences.join(' and ')}: no change through the gateway may do that, so leave it out or have the limits of the org file changed`,
    { faults: faults.slice(0, MAX_FAULTS) },
  )
}

export function isWithinLimits({ limits }: Pick<Policy, 'limits'>, targets: readonly Target[]): boolean {
  const { people, licenses, tooMany } = findBeyond(limits, targets)
  return people.length + licenses.length === 0 && tooMany === undefined
}

/** For what goes back by itself: nobody is there who could leave out what is protected. */
export function isProtected(policy: Pick<Policy, 'limits'>, target: Target): boolean {
  return protectionOf(policy, target) !== undefined
}

/** What of it the org file protects. */
export function protectionOf({ limits }: Pick<Policy, 'limits'>, target: Target): LeftAlone['protects'] {
  const { people, licenses } = findBeyond(limits, [target])
  if (people.length > 0) return 'user'
  return licenses.length > 0 ? 'license' : undefined
}

function findBeyond(limits: Policy['limits'], targets: readonly Target[]): Beyond {
  if (limits === undefined) return { people: [], licenses: [], tooMany: undefined }
  const { mostPeople, protectedPeople = [], protectedLicenses = [] } = limits
  const pairs = targets.flatMap((target) => ('userId' in target ? [target] : []))
  const people = new Set(pairs.map(({ userId }) => userId))
  const licenses = new Set(pairs.map(({ licenseId }) => licenseId))
  return {
    people: namedIn(protectedPeople, people),
    licenses: namedIn(protectedLicenses, licenses),
    tooMany: mostPeople !== undefined && people.size > mostPeople ? people.size : undefined,
  }
}

/** Genesys spells ids in ways of its own, so case tells nothing apart. */
function namedIn(listed: readonly string[], ids: ReadonlySet<string>): string[] {
  const meant = new Set(listed.map((each) => each.toLowerCase()))
  return meant.size === 0 ? [] : [...ids].filter((each) => meant.has(each.toLowerCase()))
}

function faultOf(errorCode: string, message: string, entityId?: string): FieldFault {
  return { fieldName: 'assignments', errorCode, message, entityId }
}

function listFew(ids: readonly string[], one: string, several: string): string {
  const more = ids.length - MAX_NAMED
  const named = ids.slice(0, MAX_NAMED).join(', ')
  return `the ${ids.length === 1 ? one : several} ${named}${more > 0 ? ` and ${more} more` : ''}`
}
