import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { safeParse } from 'zod/v4/core'
import { ScheduleOrder } from '../../../lib/changes/answers/schedule-schemas.ts'
import { ChangeOrder } from '../../../lib/changes/model/change-order.ts'
import { canonicalBatchOf, countPairs, ValidBatch } from '../../../lib/genesys/models/assignments.ts'
import type { LicenseBatchAssignmentRequest } from '../../../lib/genesys/models/licenses.ts'

/** Few licenses and users, so that they meet. */
const license = fc.constantFrom('cloudCX1', 'cloudCX2', 'cloudCX3', 'communicate')
const user = fc.nat(5).map((number) => `0000000${number}-0000-4000-8000-00000000000a`)
const users = fc.array(user, { maxLength: 4 })
const batch = fc.record({
  assignments: fc.array(fc.record({ licenseId: license, userIdsAdd: users, userIdsRemove: users }), {
    minLength: 1,
    maxLength: 5,
  }),
})

/** `license user` -> the lists it is in, over the whole batch. */
function listsByPair({ assignments }: LicenseBatchAssignmentRequest): Map<string, Set<string>> {
  const lists = new Map<string, Set<string>>()
  for (const { licenseId, userIdsAdd, userIdsRemove } of assignments) {
    for (const id of userIdsAdd)
      lists.set(`${licenseId} ${id}`, (lists.get(`${licenseId} ${id}`) ?? new Set()).add('add'))
    for (const id of userIdsRemove) {
      lists.set(`${licenseId} ${id}`, (lists.get(`${licenseId} ${id}`) ?? new Set()).add('remove'))
    }
  }
  return lists
}

const isValid = (given: LicenseBatchAssignmentRequest) =>
  given.assignments.every((each) => each.userIdsAdd.length + each.userIdsRemove.length > 0) &&
  [...listsByPair(given).values()].every((lists) => lists.size === 1)

const orderOf = (given: LicenseBatchAssignmentRequest) => ({ kind: 'assignments', ...given })
const scheduleOf = (given: LicenseBatchAssignmentRequest) => ({ rate: '1 hour', change: orderOf(given) })

describe('a batch', () => {
  it('is valid where each assignment names somebody and nobody both gains and loses one license', () => {
    fc.assert(
      fc.property(batch, (given) => {
        expect(safeParse(ValidBatch, given).success).toBe(isValid(given))
      }),
      { numRuns: 1_000 },
    )
  })

  it.each([
    ['POST /v1/changes', ChangeOrder, orderOf],
    ['POST /v1/schedules', ScheduleOrder, scheduleOf],
  ] as const)('is valid for %s just where it is for Genesys', (_, schema, bodyOf) => {
    fc.assert(
      fc.property(batch, (given) => {
        expect(safeParse(schema, bodyOf(given)).success).toBe(isValid(given))
      }),
      { numRuns: 500 },
    )
  })

  it('gives and takes one license, however it is spelled, at no door', () => {
    const id = '00000001-0000-4000-8000-00000000000a'
    const assignments = [
      { licenseId: 'cloudCX1', userIdsAdd: [id], userIdsRemove: [] },
      { licenseId: 'CLOUDcx1', userIdsAdd: [], userIdsRemove: [id.toUpperCase()] },
    ]
    const bodies = [
      [ValidBatch, { assignments }],
      [ChangeOrder, orderOf({ assignments })],
      [ScheduleOrder, scheduleOf({ assignments })],
    ] as const
    for (const [schema, body] of bodies) {
      expect(safeParse(schema, body).error?.issues[0]?.message).toContain(
        'cannot both gain and lose CLOUDcx1',
      )
    }
  })

  it('names a place that exists for each fault', () => {
    fc.assert(
      fc.property(batch, (given) => {
        for (const [schema, body] of [
          [ValidBatch, given],
          [ChangeOrder, orderOf(given)],
          [ScheduleOrder, scheduleOf(given)],
        ] as const) {
          for (const { path } of safeParse(schema, body).error?.issues ?? []) {
            const found = path.reduce((value: unknown, step) => Object(value)[step], body)
            expect(found).toBeDefined()
          }
        }
      }),
    )
  })

  it('is refused or taken, whatever JSON it is, and never a crash', () => {
    const nearly = fc.record(
      {
        assignments: fc.oneof(
          fc.jsonValue(),
          fc.array(
            fc.oneof(
              fc.jsonValue(),
              fc.record(
                { licenseId: fc.jsonValue(), userIdsAdd: fc.jsonValue(), userIdsRemove: fc.jsonValue() },
                { requiredKeys: [] },
              ),
            ),
          ),
        ),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), nearly), (given) => {
        expect(typeof safeParse(ValidBatch, given).success).toBe('boolean')
      }),
      { numRuns: 500 },
    )
  })
})

describe('the canonical form', () => {
  it('does not depend on the order of entries, of users, or on how they are split', () => {
    fc.assert(
      fc.property(batch, fc.infiniteStream(fc.nat()), (given, chance) => {
        const shuffled = <T>(list: readonly T[]): T[] =>
          list
            .map((item) => ({ item, rank: chance.next().value }))
            .sort((a, b) => a.rank - b.rank)
            .map(({ item }) => item)
        const split = given.assignments.flatMap(({ licenseId, userIdsAdd, userIdsRemove }) => [
          ...userIdsAdd.map((id) => ({ licenseId, userIdsAdd: [id], userIdsRemove: [] })),
          ...userIdsRemove.map((id) => ({ licenseId, userIdsAdd: [], userIdsRemove: [id] })),
        ])
        const reordered = {
          assignments: shuffled(given.assignments).map((each) => ({
            ...each,
            userIdsAdd: shuffled(each.userIdsAdd),
            userIdsRemove: shuffled(each.userIdsRemove),
          })),
        }
        const bytes = JSON.stringify(canonicalBatchOf(given))
        expect(JSON.stringify(canonicalBatchOf(reordered))).toBe(bytes)
        const named = new Set(split.map(({ licenseId }) => licenseId))
        if (given.assignments.every(({ licenseId }) => named.has(licenseId))) {
          expect(JSON.stringify(canonicalBatchOf({ assignments: shuffled(split) }))).toBe(bytes)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('is its own canonical form', () => {
    fc.assert(
      fc.property(batch, (given) => {
        expect(canonicalBatchOf(canonicalBatchOf(given))).toEqual(canonicalBatchOf(given))
      }),
    )
  })

  it('asks for the same, each pair once, one entry a license', () => {
    fc.assert(
      fc.property(batch, (given) => {
        const form = canonicalBatchOf(given)
        expect(Object.fromEntries(listsByPair(form))).toEqual(Object.fromEntries(listsByPair(given)))
        const licenses = form.assignments.map(({ licenseId }) => licenseId)
        expect(licenses).toEqual([...new Set(given.assignments.map(({ licenseId }) => licenseId))].sort())
        if (isValid(given)) {
          expect(countPairs(form)).toBe(listsByPair(given).size)
          expect(safeParse(ValidBatch, form).success).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('leaves what it was given as it was', () => {
    fc.assert(
      fc.property(batch, (given) => {
        const before = structuredClone(given)
        canonicalBatchOf(given)
        expect(given).toEqual(before)
      }),
    )
  })
})
