import { expect, it } from 'vitest'
import { targetKey } from '../../../lib/changes/model/change.ts'
import type { Header } from '../../../lib/changes/model/header.ts'
import { GatewayError } from '../../../lib/errors.ts'
import { ANA, allChanges, type ChangeWorld, changeWorld } from '../../support/changes/change-world.ts'
import { benchBehind, type Gate } from './gate.ts'
import { sharedTime } from './shared-time.ts'

const CHANGES = 30
const USERS = 5
/** Of them, in one change. */
const MAX_USERS = 4

/** Three numbers that repeat themselves late enough: as random as this needs to be, and the same each time. */
function usersOf(n: number): number[] {
  const first = (7 * n + 3) % USERS
  return Array.from({ length: 1 + (n % MAX_USERS) }, (_, i) => (first + i * (1 + (n % 2))) % USERS)
}

it('30 changes at once on pairs that overlap: no pair is ever open in two, and each ends in a known way', async () => {
  const world = await changeWorld()
  const { clock, gate } = sharedTime(world)
  const watched = watchingOpen(world, gate)
  const people = world.org.people(USERS).map(({ id }) => id)
  const answers = await Promise.allSettled(
    Array.from({ length: CHANGES }, (_, n) => {
      const ids = [...new Set(usersOf(n))].flatMap((index) => people[index] ?? [])
      // The order in which they are named is another one each time, and must not matter.
      const named = n % 3 === 0 ? ids : ids.toReversed()
      const isGift = n % 2 === 0
      const assignments = [
        { licenseId: 'wallboardUser', userIdsAdd: isGift ? named : [], userIdsRemove: isGift ? [] : named },
      ]
      const changes = world.changes(
        { actor: ANA, operation: 'locks', idempotencyKey: `k${n}` },
        benchBehind(world, watched.gate, { clock }),
      )
      return changes.request({ kind: 'assignments', assignments })
    }),
  )

  expect(watched.overlaps).toEqual([])
  const headers = await allChanges(world)
  expect(headers).toHaveLength(CHANGES)
  expect(headers.map(endOf).filter((end) => !ends.includes(end))).toEqual([])
  const refused = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []))
  for (const error of refused) expect(error).toMatchObject({ code: 'change.conflict', status: 409 })
  expect(refused.every((error) => error instanceof GatewayError)).toBe(true)
  // Some of them met, and some got through.
  expect(headers.map(endOf)).toEqual(expect.arrayContaining(['APPLIED', 'FAILED change.conflict']))
})

const ends = ['APPLIED', 'NOOP', 'FAILED change.conflict']
const endOf = ({ state, failure }: Header) => [state, failure?.code].filter(Boolean).join(' ')

/**
 * Notes each write under way whose targets another open write has too. A change is open upstream from its permit to the
 * record of what came of it.
 */
function watchingOpen({ store }: ChangeWorld, inner: Gate) {
  const open = new Map<string, readonly string[]>()
  const overlaps: string[] = []
  const gate: Gate = async (call, carryOut) => {
    const { puts } = call
    if (!puts) return await inner(call, carryOut)
    const isOpening = puts.state === 'SENT'
    if (isOpening) {
      const header = await store.ledger.get(puts.changeId)
      const keys = header ? (await store.ledger.plan(header)).targets.map(targetKey) : []
      for (const [other, held] of open) {
        const shared = keys.filter((key) => held.includes(key))
        if (shared.length > 0) overlaps.push(`${puts.changeId} and ${other} on ${shared.join(', ')}`)
      }
      open.set(puts.changeId, keys)
    }
    const answer = await inner(call, carryOut)
    if (!isOpening && puts.state !== 'UNKNOWN') open.delete(puts.changeId)
    return answer
  }
  return { gate, overlaps }
}
