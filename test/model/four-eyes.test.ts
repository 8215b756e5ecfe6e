/** Four eyes in every order of steps, and each rule of it broken on purpose. */
import { expect, it } from 'vitest'
import { explore, mutations } from './four-eyes.ts'

it('whatever takes effect, or comes to last, was let through by somebody who had no hand in it', () => {
  const { states, unsound } = explore()
  expect(unsound).toEqual([])
  expect(states.length).toBeGreaterThan(500)
})

it('an order is carried out, kept and given again where three people agree', () => {
  const { states } = explore()
  const isDone = (way: 'first' | 'keep' | 'again') =>
    states.some(({ orders }) => orders[way]?.state === 'done')
  expect((['first', 'keep', 'again'] as const).map(isDone)).toEqual([true, true, true])
})

it.each(Object.entries(mutations))('is caught: %s', (_, broken) => {
  expect(explore(broken).unsound).not.toEqual([])
})
