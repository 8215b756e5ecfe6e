import { familyNames, givenNames } from './names.ts'
import { namesakes, type PersonState } from './namesakes.ts'
import { indexOfSeededUuid, mix, seededUuid } from './seeded.ts'

/**
 * Someone in the embedded org. `id` is a lower-case UUID; e-mails are at example.com, and unique among those who are not
 * deleted. A few have none.
 */
export interface OrgPerson {
  readonly id: string
  readonly name: string
  readonly email?: string
  readonly state: PersonState
}

const ID_SEED = 0x9e3779b9

/** People before this index have short addresses: ana@example.com, ben@example.com and so on. */
const SHORT_ADDRESSES = 64

/** The id of the person at that index. */
export function personId(index: number): string {
  return seededUuid(index, ID_SEED)
}

/** The index of the person with that id among the first `users` people; undefined for any other string. */
export function personIndex(id: string, users: number): number | undefined {
  if (id.length !== 36) return undefined
  const index = indexOfSeededUuid(id, ID_SEED)
  return index < users && personId(index) === id ? index : undefined
}

/** The person at that index: the same in every org, whatever its size. About one in 24 is inactive. */
export function person(index: number): OrgPerson {
  const hard = namesakes.get(index)
  if (hard) return { id: personId(index), ...hard }
  const lap = Math.floor(index / givenNames.length)
  const given = givenNames[index % givenNames.length] ?? ''
  const family = familyNames[(lap + index * 7) % familyNames.length] ?? ''
  const round = Math.floor(lap / familyNames.length)
  const local = index < SHORT_ADDRESSES ? given : `${given}.${family}${round === 0 ? '' : round + 1}`
  return {
    id: personId(index),
    name: `${given} ${family}`,
    email: `${ascii(local)}@example.com`,
    state: stateOf(index),
  }
}

/** Those with short addresses, by them. */
export function personAddressed(email: string): OrgPerson | undefined {
  return Array.from({ length: SHORT_ADDRESSES }, (_, index) => person(index)).find(
    (each) => each.email === email,
  )
}

/** Without the rest of the person, for counting. */
export function stateOf(index: number): PersonState {
  const hard = namesakes.get(index)
  if (hard) return hard.state
  return index === 0 || mix(index ^ 0x27d4eb2f) % 24 !== 0 ? 'active' : 'inactive'
}

const ascii = (text: string) =>
  text
    .normalize('NFD')
    .replace(/[^A-Za-z0-9.]/g, '')
    .toLowerCase()

/** Share of each base license in twenty people; the first person (Ana) has cloudCX2. */
const bases =
  'cloudCX2 cloudCX1 cloudCX1 communicate cloudCX3 cloudCX2 cloudCX1 communicate cloudCX2 collaborate cloudCX1 cloudCX3 cloudCX2 communicate cloudCX1 collaboratePro cloudCX2 cloudCX3 cloudCX1 communicate'.split(
    ' ',
  )

const addOns: Readonly<Record<string, readonly string[]>> = {
  cloudCX1: ['gc1WEMupgrade', 'gcSTAupgrade', 'wallboardUser', 'agentAssistLicense', 'cxCloudSF'],
  cloudCX2: ['gc2WEMupgrade', 'agentAssistOmniLicense', 'wallboardUser', 'predictiveEngagementLicense'],
  cloudCX3: ['agentAssistOmniLicense', 'cxCloudSN', 'wallboardUser'],
}

/** The license ids the person at that index holds to begin with: one base license, for one in four also an add-on. */
export function initialLicenses(index: number): readonly string[] {
  const base = bases[index % bases.length] ?? 'communicate'
  const hash = mix(index ^ 0x165667b1)
  const choices = addOns[base] ?? []
  const addOn = hash % 4 === 0 ? choices[(hash >>> 8) % choices.length] : undefined
  return addOn === undefined ? [base] : [base, addOn]
}
