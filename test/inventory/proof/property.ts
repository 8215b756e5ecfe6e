/** Days and nights as a property: whatever comes, histories are what happened and counts are what is known. */
import fc from 'fast-check'
import { initialLicenses } from '../../../infra/local/org/people/people.ts'
import type { Policy } from '../../../lib/changes/model/policy.ts'
import { world } from '../../support/world.ts'
import { daysOf, isInStory, LICENSES } from './days.ts'
import { type Lived, liveThrough, ORG_USERS } from './live-through.ts'

/** Of those who are given licenses and lose them some half hold each at any time: who has seats for five of them is over soon, and soon again. */
const SEATS_FOR_THEM = 5

const paidFor = new Map(
  LICENSES.map((licenseId) => {
    const others = Array.from({ length: ORG_USERS }, (_, index) => index).filter((index) => !isInStory(index))
    return [
      licenseId,
      others.filter((each) => initialLicenses(each).includes(licenseId)).length + SEATS_FOR_THEM,
    ]
  }),
)

const policy: Policy = {
  approvals: [],
  people: {},
  licenses: Object.fromEntries([...paidFor].map(([licenseId, seats]) => [licenseId, { seats }])),
}

/**
 * @param isOver asked before each day: from then on no further one is lived through.
 * @param onDone told what was lived through each time that all held.
 */
export function nightsHold(
  days: number,
  isOver: () => boolean = () => false,
  onDone: (lived: Lived) => void = () => {},
) {
  return fc.asyncProperty(daysOf(days), async (story) => {
    const ends: (() => Promise<void> | void)[] = []
    try {
      const each = await world({ org: { users: ORG_USERS }, policy, atEnd: (end) => ends.push(end) })
      onDone(await liveThrough(each, story, paidFor, isOver))
    } finally {
      for (const end of ends.reverse()) await end()
    }
  })
}
