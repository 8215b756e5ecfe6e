/** What is planned and taken back leaves an org that nobody else touched as it was, and what is desired holds the second time. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { desiredModes } from '../../../../lib/changes/model/change-order.ts'
import { assigning } from '../../../support/changes/change-orders.ts'
import { changeWorld } from '../../../support/changes/change-world.ts'
import { asAssignments, carryThrough, LICENSES, orderOf, PEOPLE, truthOf, undone } from './list-story.ts'

const timeout = 60_000

const few = fc.array(fc.constantFrom('give', 'take', ...new Array<string>(20).fill('leave')), {
  minLength: PEOPLE * LICENSES.length,
  maxLength: PEOPLE * LICENSES.length,
})

test('a change of a few pairs and its undo leave the org as it was: what held already, what is taken and what needs more', {
  timeout,
}, async () => {
  const world = await changeWorld({ org: { users: PEOPLE } })
  const before = truthOf(world)
  const story = fc.asyncProperty(few, async (wishes) => {
    const { value: plan } = await world
      .plans({ idempotencyKey: crypto.randomUUID() })
      .plan(assigning(asAssignments(orderOf(world, wishes))))
    const { state, id } = await carryThrough(world, plan)
    expect(['APPLIED', 'NOOP']).toContain(state)
    if (state === 'APPLIED') expect((await undone(world, id)).state).toBe('APPLIED')
    expect(truthOf(world)).toBe(before)
  })
  await fc.assert(story, { seed: 20_261_130, numRuns: 6 })
})

const MINUTE_MS = 60_000

test.each(desiredModes)(
  'what is desired %s is as desired the second time, and nothing is sent',
  { timeout },
  async (mode) => {
    const world = await changeWorld({ org: { users: PEOPLE } })
    await world.read()
    const people = world.org.people(PEOPLE)
    const order = () => ({
      kind: 'desired' as const,
      mode,
      licenses: Object.fromEntries(
        LICENSES.slice(0, 4).map((license, place) => [
          license,
          people.filter((_, n) => n % (place + 2) === 0).map(({ id }) => id),
        ]),
      ),
    })
    const carryOut = async () => {
      const { value } = await world.plans({ idempotencyKey: crypto.randomUUID() }).plan(order())
      if (value.state !== 'PLANNING') return await carryThrough(world, value)
      world.clock.advance(MINUTE_MS)
      await world.tick()
      await world.read()
      world.clock.advance(5 * MINUTE_MS)
      await world.tick()
      await world.takeTurns()
      return await carryThrough(world, await world.records().change(value.id))
    }
    expect((await carryOut()).state).toBe('APPLIED')
    const posts = world.posts()
    expect((await carryOut()).state).toBe('NOOP')
    expect(world.posts()).toBe(posts)
  },
)
