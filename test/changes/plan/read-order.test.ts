import { expect, it } from 'vitest'
import { readOrder } from '../../../lib/changes/plan/read-order.ts'
import { assigning, assignment, giving, NOBODY, OFF, toggle } from '../../support/changes/change-orders.ts'

const NOON_MS = Date.parse('2026-11-15T12:00:00Z')

it('an order of a toggle has one target', () => {
  expect(readOrder({ ...toggle(true), reason: 'go live' }, NOON_MS)).toEqual({
    kind: 'toggle',
    targets: [{ featureName: OFF, desired: true }],
    subject: { featureName: OFF, enabled: true },
    reason: 'go live',
  })
})

it('an order of assignments has a target for each pair, in one order', () => {
  const assignments = [assignment('b', ['u2', 'u1', 'u2'], ['u3']), assignment('a', ['u1'])]
  expect(readOrder(assigning({ assignments }), NOON_MS)).toEqual({
    kind: 'assignments',
    targets: [
      { licenseId: 'a', userId: 'u1', desired: true },
      { licenseId: 'b', userId: 'u1', desired: true },
      { licenseId: 'b', userId: 'u2', desired: true },
      { licenseId: 'b', userId: 'u3', desired: false },
    ],
    subject: {
      ...{ pairs: 4, users: 3, licenses: ['a', 'b'] },
      gives: [
        { licenseId: 'a', users: 1 },
        { licenseId: 'b', users: 2 },
      ],
      takes: [{ licenseId: 'b', users: 1 }],
    },
  })
})

it('times become points on the clock, a duration stays one', () => {
  const times = {
    notBefore: '2026-11-15T14:00:00+01:00',
    notAfter: '2026-11-15T14:00:00Z',
    revertAfter: 'PT8H',
  }
  expect(readOrder({ ...toggle(true), ...times }, NOON_MS)).toMatchObject({
    notBeforeMs: NOON_MS + 3_600_000,
    notAfterMs: NOON_MS + 7_200_000,
    revert: { afterMs: 8 * 3_600_000 },
  })
})

it('a notBefore that has gone by is no fault: it begins now', () => {
  expect(readOrder({ ...toggle(true), notBefore: '2026-11-15T11:00:00Z' }, NOON_MS).notBeforeMs).toBe(
    NOON_MS - 3_600_000,
  )
})

it('repeats count among the pairs', () => {
  expect(() => readOrder(assigning(giving(Array(501).fill(NOBODY))), NOON_MS)).toThrow('at most 500')
})
