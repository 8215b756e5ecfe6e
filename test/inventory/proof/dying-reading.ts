/** A reading whose function dies at one of its calls outside is gone on with, and ends as if it had not. */
import { deepEqual } from 'node:assert/strict'
import type { Difference } from '../../../lib/inventory/inventory-port.ts'
import { nodeTransport, type Transport } from '../../../lib/transport/transport.ts'
import { Crash } from '../../support/ledger/ledger.ts'
import { heldByInventory, heldByTruth, takeWholeReading } from '../../support/seats/readings.ts'
import { type World, world } from '../../support/world.ts'

const USERS = 130
/** A license that some have and most have not. */
const GIVEN = 'wallboardUser'
const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
/** Of licenses and of the directory, and those since the last checkpoint once more. */
const MOST_PAGES = 4 + 2

/**
 * After a call is also before the next: what the dead had seen is lost with them.
 *
 * @param n the call at which it dies, 1 being the first.
 * @returns whether there was such a call. @throws AssertionError, or what went wrong afterwards.
 */
export async function readingDiesAtCall(n: number): Promise<boolean> {
  const ends: (() => Promise<void> | void)[] = []
  try {
    const each = await world({
      org: { users: USERS, tokenSeconds: (2 * DAY_MS) / 1000 },
      atEnd: (end) => ends.push(end),
    })
    return await dies(each, n)
  } finally {
    for (const end of ends.reverse()) await end()
  }
}

async function dies(each: World, n: number): Promise<boolean> {
  const { org, clock } = each
  await takeWholeReading(each)
  const given = [personAt(each, 120), personAt(each, 3)].sort()
  org.assign({ assignments: [{ licenseId: GIVEN, userIdsAdd: given, userIdsRemove: [] }] })
  clock.advance(DAY_MS)
  const asked = pagesAsked(each)
  const dying = dyingAt(n)
  await each.takeInventory({ transport: dying.transport }).catch(() => {})
  clock.advance(MINUTE_MS)
  await takeWholeReading(each)
  const inventory = await each.inventory()
  const told: Difference[] = []
  const nowMs = clock.nowMs()
  for await (const one of inventory.differences(nowMs - 60 * DAY_MS, nowMs + DAY_MS)) told.push(one)
  const pages = pagesAsked(each) - asked
  const where = `after call ${n}`
  deepEqual(await heldByInventory(each), heldByTruth(org), where)
  deepEqual(
    told.map(({ userId, by }) => [userId, by]).sort(),
    given.map((id) => [id, 'outside']),
    where,
  )
  deepEqual((await inventory.days('2026-11-15', '2026-11-30')).length, 2, where)
  deepEqual(Math.min(pages, MOST_PAGES), pages, `${where}: pages`)
  return dying.hasDied()
}

/** From the n-th call outside on, none comes back. */
function dyingAt(n: number) {
  let calls = 0
  const transport: Transport = async (request) => {
    calls += 1
    if (calls < n) return await nodeTransport(request)
    if (calls === n) await nodeTransport(request)
    throw new Crash('the process has ended')
  }
  return { transport, hasDied: () => calls >= n }
}

/** The next person from an index on who has not that license. */
function personAt({ org }: World, index: number): string {
  const { users } = org.truth()
  const found = org
    .people(USERS)
    .slice(index)
    .find(({ id }) => !users[id]?.includes(GIVEN))
  return String(found?.id)
}

function pagesAsked({ org }: World): number {
  const lists = ['/api/v2/license/users', '/api/v2/users']
  return org.requests().filter(({ method, path }) => method === 'GET' && lists.includes(path)).length
}
