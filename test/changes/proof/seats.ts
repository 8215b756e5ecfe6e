/** What is counted from a reading with the journal since, against what Genesys has at that moment. */

import { targetKey } from '../../../lib/changes/model/change.ts'
import type { Header } from '../../../lib/changes/model/header.ts'
import { readHoldersSince } from '../../../lib/changes/plan/count-seats.ts'
import type { SeatReading } from '../../../lib/changes/record/desk.ts'
import { WALLBOARD } from '../../support/changes/change-orders.ts'
import { allChanges, type ChangeWorld } from '../../support/changes/change-world.ts'

export interface SeatWitness {
  /** Somebody reads who holds what: from now on this is counted from. */
  readonly read: () => void
  /** Somebody counts: whoever is told as holding the license must, and whoever is not must not. */
  readonly count: () => Promise<void>
  /** A sentence for each promise that was broken, counted once more when nothing moves. */
  readonly faultsAtRest: () => Promise<string[]>
}

export function seatWitnessOf(world: ChangeWorld): SeatWitness {
  const faults = new Set<string>()
  let reading = readingNow(world)

  async function counted(): Promise<ReadonlySet<string>> {
    const desk = { ledger: world.store.ledger, clock: world.clock }
    const { held, unknown } = await readHoldersSince(desk, reading, WALLBOARD)
    for (const [userId, licenses] of Object.entries(world.org.truth().users)) {
      const isHeld = held.has(userId)
      if (unknown.has(userId) || isHeld === licenses.includes(WALLBOARD)) continue
      faults.add(`${userId} is ${isHeld ? '' : 'not '}counted as holding ${WALLBOARD}`)
    }
    return unknown
  }

  return {
    read: () => {
      reading = readingNow(world)
    },
    async count() {
      await counted()
    },
    async faultsAtRest() {
      const unknown = await counted()
      const unclear = await lastWords(world)
      for (const userId of unknown) {
        const last = unclear.get(userId)
        if (last?.state === 'APPLIED' || last?.state === 'NOOP')
          faults.add(`${userId} is not known after ${last.id}, which is ${last.state}`)
      }
      return [...faults]
    },
  }
}

/** Of each user, the change that came last to an end which somebody has read. */
async function lastWords(world: ChangeWorld): Promise<ReadonlyMap<string, Header>> {
  const last = new Map<string, Header>()
  const endedMs = ({ history }: Header) => history.at(-1)?.atMs ?? 0
  for (const header of [...(await allChanges(world))].sort((a, b) => endedMs(a) - endedMs(b))) {
    for (const target of (await world.store.ledger.plan(header)).targets) {
      if ('userId' in target && targetKey(target).includes(WALLBOARD)) last.set(target.userId, header)
    }
  }
  return last
}

function readingNow({ org, clock }: ChangeWorld): SeatReading {
  const users = Object.entries(org.truth().users)
  const holders = users.flatMap(([id, licenses]) => (licenses.includes(WALLBOARD) ? [id] : []))
  const holding = new Set(holders)
  return {
    atMs: clock.nowMs(),
    holdersOf: (licenseId) => (licenseId === WALLBOARD ? holding : new Set()),
  }
}
