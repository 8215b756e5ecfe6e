/** What goes wrong while lists are worked through: answers that are lost, faults of Genesys, and processes that die. */
import fc from 'fast-check'
import type { OrgFault } from '../../../infra/local/org/faults/faults.ts'
import type { Stage, Watch } from './stage.ts'

/** Of a hundred requests. */
const LOST = 5
const FAILED = 2
const FAILURES = [500, 502, 503, 504]

/** Calls of a turn, one of which may be its last. */
const CALLS = 12

/** A share of so many requests are carried out and their answers lost, or are answered 5xx: the same ones for one seed. */
export function unluckyRequests(requests: number, seed: number): OrgFault[] {
  const luck = fc.noBias(fc.tuple(fc.integer({ min: 0, max: 99 }), fc.constantFrom(...FAILURES)))
  const faults: OrgFault[] = []
  let skip = 0
  for (const [drawn, status] of fc.sample(luck, { numRuns: requests, seed })) {
    if (drawn >= LOST + FAILED) skip += 1
    else {
      faults.push({ match: {}, skip, do: drawn < LOST ? { applyThenReset: true } : { status } })
      skip = 0
    }
  }
  return faults
}

const never = new Promise<never>(() => {})

/** Every so many parts the process of a turn dies at some call, carried out or not. @returns how many have. */
export function killEvery(stage: Stage, parts: number, seed: number): () => number {
  const deaths = fc.sample(fc.tuple(fc.integer({ min: 1, max: CALLS }), fc.boolean()), {
    numRuns: 1_000,
    seed,
  })
  const { turn: inner } = stage.watch()
  let kills = 0

  function live(): void {
    const [atCall = 1, isCarriedOut = false] = deaths[kills] ?? []
    const death = Promise.withResolvers<void>()
    let turns = 0
    let calls = 0
    let isDead = false
    const turn: Watch = async (request, to, carryOut) => {
      if (isDead) return await never
      if (turns < parts || ++calls < atCall) return await inner(request, to, carryOut)
      isDead = true
      kills += 1
      if (isCarriedOut) await inner(request, to, carryOut).catch(() => {})
      live()
      death.resolve()
      return await never
    }
    const began = () => {
      turns += 1
    }
    stage.watchWith({ turn, died: death.promise, began })
  }
  live()
  return () => kills
}
