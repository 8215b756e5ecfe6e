/** Days and nights as a property: whatever comes, histories are what happened and counts are what is known. */
import fc from 'fast-check'
import { world } from '../../support/world.ts'
import { daysOf } from './days.ts'
import { type Lived, liveThrough, ORG_USERS } from './live-through.ts'

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
      const each = await world({ org: { users: ORG_USERS }, atEnd: (end) => ends.push(end) })
      onDone(await liveThrough(each, story, isOver))
    } finally {
      for (const end of ends.reverse()) await end()
    }
  })
}
