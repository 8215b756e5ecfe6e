/** Which changes the rules of the org file hold back until a second person has approved them. */
import { describe, expect, it } from 'vitest'
import {
  assigning,
  assignment,
  giving,
  OFF,
  ON,
  toggle,
  userAt,
  WALLBOARD,
} from '../../support/changes/change-orders.ts'
import { changeWorld } from '../../support/changes/change-world.ts'

describe('the rules of the org file', () => {
  it.each([
    ['a toggle by name', [{ toggles: [OFF] }], 'toggle'],
    ['any toggle', [{ toggles: ['*'] }], 'toggle'],
    ['a license by name', [{ licenses: ['cloudCX3', WALLBOARD] }], 'assignments'],
    ['any license', [{ licenses: ['*'] }], 'assignments'],
    ['more people than a number', [{ peopleOver: 1 }], 'assignments'],
    ['a license for more people than a number', [{ licenses: [WALLBOARD], peopleOver: 1 }], 'assignments'],
  ])('hold back %s until it is approved', async (_, approvals, kind) => {
    const world = await changeWorld({ approvals })
    const batch = giving([userAt(world, 0), userAt(world, 1)])
    const { value } = await world.changes().request(kind === 'toggle' ? toggle(true) : assigning(batch))
    expect(value).toMatchObject({
      state: 'AWAITING_APPROVAL',
      approval: {
        because: [expect.stringMatching(/^A second person must approve changes of /)],
        expiresAt: '2026-11-15T20:00:00.000Z',
      },
    })
    expect(world.posts()).toBe(0)
  })

  it.each([
    ['another toggle', [{ toggles: [ON] }], 'toggle'],
    ['another license', [{ licenses: ['cloudCX3'] }], 'assignments'],
    ['just so many people', [{ peopleOver: 2 }], 'assignments'],
    ['a license for just so many people', [{ licenses: [WALLBOARD], peopleOver: 2 }], 'assignments'],
    ['many people of another license', [{ licenses: ['cloudCX3'], peopleOver: 1 }], 'assignments'],
  ])('let pass what is not about %s', async (_, approvals, kind) => {
    const world = await changeWorld({ approvals })
    const batch = giving([userAt(world, 0), userAt(world, 1)])
    const { value } = await world.changes().request(kind === 'toggle' ? toggle(true) : assigning(batch))
    expect(value.state).toBe('APPLIED')
  })

  it('count a person once, however many licenses it is about', async () => {
    const world = await changeWorld({ approvals: [{ peopleOver: 1 }] })
    const ana = userAt(world, 0)
    const assignments = [assignment(WALLBOARD, [ana]), assignment('collaborate', [ana])]
    const { value } = await world.changes().request(assigning({ assignments }))
    expect(value.state).toBe('APPLIED')
  })

  it('name each reason', async () => {
    const world = await changeWorld({ approvals: [{ licenses: ['*'] }, { peopleOver: 0 }] })
    const { value } = await world.changes().request(assigning(giving([userAt(world, 0)])))
    expect(value.approval?.because).toEqual([
      `A second person must approve changes of the license ${WALLBOARD}`,
      'A second person must approve changes of more than 0 people',
    ])
  })
})
