/** What the inventory's operations answer, all pages of it. */
import { HoldingListing } from '../../../lib/inventory/answers/inventory-schemas.ts'
import { UserListing } from '../../../lib/people/user.ts'
import { SeatListing } from '../../../lib/seats/seat-schemas.ts'
import { eventAsking } from '../../support/events.ts'
import type { RawAnswer } from '../../support/gateway.ts'
import type { Invoke } from '../../support/world.ts'

/** Of a page, as many as there may be. */
const LIMIT = '100'

export async function listingOf(
  users: Invoke,
  query: Readonly<Record<string, string>> = { limit: '1' },
): Promise<UserListing> {
  return UserListing.parse(taken(await users(eventAsking(query))))
}

export async function everybodyOf(users: Invoke): Promise<UserListing> {
  const entities: UserListing['entities'] = []
  for (let cursor: string | undefined; ; ) {
    const page = await listingOf(users, { limit: LIMIT, ...(cursor === undefined ? {} : { cursor }) })
    entities.push(...page.entities)
    cursor = page.next
    if (cursor === undefined) return { ...page, entities }
  }
}

export async function seatsOf(seats: Invoke): Promise<SeatListing> {
  return SeatListing.parse(taken(await seats()))
}

/** @returns nothing of whom the gateway does not know. */
export async function historyOf(
  history: Invoke,
  pathParameters: Readonly<Record<string, string>>,
): Promise<HoldingListing['entities']> {
  const entities: HoldingListing['entities'] = []
  for (let cursor: string | undefined; ; ) {
    const query = { limit: LIMIT, ...(cursor === undefined ? {} : { cursor }) }
    const answer = await history({ ...eventAsking(query), pathParameters })
    if (answer.status === 404) return []
    const page = HoldingListing.parse(taken(answer))
    entities.push(...page.entities)
    cursor = page.next
    if (cursor === undefined) return entities
  }
}

function taken({ status, json, text }: RawAnswer): unknown {
  if (status !== 200) throw new Error(`${status}: ${text}`)
  return json
}
