/** The table of arrows, and the one place that moves a header by it. */
import { expect, it } from 'vitest'
import { arrows, carriedIn, changeStates, isSettled } from '../../../lib/changes/model/transitions.ts'
import { moveHeader } from '../../../lib/changes/record/write-header.ts'
import { newHeader } from '../../ledger/records.ts'

const nowMs = Date.parse('2026-11-15T12:00:00Z')
const failure = { code: 'upstream.unavailable', status: 503, message: 'later', isPassing: true }

it('a header moves by the arrows of the table, for whoever they name, and by no other', () => {
  const planning = { orderName: 'one', askedAtMs: nowMs, isWholeNeeded: false }
  const list = { parts: 1, next: 0, open: [], outcomes: {}, attention: [], requests: 0 }
  const members = { owner: 'one', failure, retryAtMs: nowMs } as const
  const bound = { PLANNED: {}, APPROVED: {} }
  const declared = new Set(arrows.map(({ from, to, as }) => `${from} ${to} ${as}`))
  const taken = new Set<string>()
  for (const from of changeStates) {
    for (const to of changeStates) {
      for (const as of ['planner', 'person', 'worker', 'owner', 'clock'] as const) {
        const { retryAtMs, ...rest } = members
        const carried = to in bound ? members : to === 'CLAIMED' ? { ...rest, leaseUntilMs: nowMs } : rest
        const header = newHeader({ state: from, owner: 'one', list, planning })
        const move = () => moveHeader(header, { state: to, as, by: 'gateway', with: carried }, nowMs)
        if (!declared.has(`${from} ${to} ${as}`)) {
          expect(move).toThrow(`No ${as} takes a change from ${from} to ${to}`)
        } else {
          expect(move().state).toBe(to)
          taken.add(`${from} ${to} ${as}`)
        }
      }
    }
  }
  expect(taken.size).toBe(arrows.filter(({ from }) => from !== undefined).length)
})

it('no arrow is declared twice, and every state but the first ones is come to by one', () => {
  const named = arrows.map(({ from, to, as }) => `${from} ${to} ${as}`)
  expect(new Set(named).size).toBe(named.length)
  expect(new Set(arrows.map(({ to }) => to))).toEqual(new Set(changeStates))
})

it.each(Object.entries(carriedIn))(
  'a header that is %s without what guards it there cannot be made',
  (state, members) => {
    for (const member of members) {
      expect(() =>
        newHeader({ state: state as keyof typeof carriedIn, owner: 'one', [member]: undefined }),
      ).toThrow(`cannot be ${state} without ${member}`)
    }
  },
)

it('what guarded a state is gone with it, whatever comes next', () => {
  const sent = newHeader({ state: 'SENT', owner: 'one', leaseUntilMs: nowMs, retryAtMs: nowMs })
  const applied = moveHeader(
    sent,
    { state: 'APPLIED', as: 'owner', by: 'gateway', with: { lookDueAtMs: nowMs } },
    nowMs,
  )
  expect(applied).toMatchObject({ leaseUntilMs: undefined, retryAtMs: undefined, lookDueAtMs: nowMs })
  const warned = moveHeader(applied, { state: 'NEEDS_ATTENTION', as: 'clock', by: 'gateway' }, nowMs)
  expect(warned.lookDueAtMs).toBeUndefined()
})

it('what has ended moves only where a second look or a person finds otherwise', () => {
  const out = arrows.filter(({ from }) => from !== undefined && isSettled(from))
  expect(out.map(({ from, to, as }) => `${from} ${to} ${as}`)).toEqual([
    'APPLIED NEEDS_ATTENTION clock',
    'PARTIAL NEEDS_ATTENTION clock',
    'NEEDS_ATTENTION APPLIED person',
    'NEEDS_ATTENTION PARTIAL person',
    'NEEDS_ATTENTION FAILED person',
  ])
})
