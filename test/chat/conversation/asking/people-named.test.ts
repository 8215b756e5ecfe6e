/** Several people in one line: each is looked up once, ids all at once, and whoever is not clear is told with the others. */
import { describe, expect, it } from 'vitest'
import { NOBODY, userAt, WALLBOARD } from '../../../support/changes/change-orders.ts'
import { allChanges } from '../../../support/changes/change-world.ts'
import { type ChatWorld, chatWorld, textOf } from '../../chat-world.ts'

const peopleOf = (world: ChatWorld, count: number) => world.org.people(count).map(({ id }) => id)

async function requestsFor(line: (world: ChatWorld) => string) {
  const world = await chatWorld({ org: { users: 200 } })
  const before = world.org.requests().length
  const said = textOf(await world.type('UOLGA', line(world)))
  return { world, said, requests: world.org.requests().length - before }
}

describe('one person named again and again', () => {
  it.each(['ana@example.com', 'ANA@example.com, ana@example.com', '"Ana Abebe"'])(
    'as %s is looked up once',
    async (named) => {
      const once = await requestsFor(() => `grant ${WALLBOARD} to ${named.split(',')[0]}`)
      const often = await requestsFor(() => `grant ${WALLBOARD} to ${Array(60).fill(named).join(', ')}`)
      expect(often.said).toContain('Give wallboardUser to Ana Abebe')
      expect(often.requests).toBe(once.requests)
    },
  )
})

it('70 people named by id cost hardly more requests than one', async () => {
  const named = (count: number) => (world: ChatWorld) =>
    `grant ${WALLBOARD} to ${peopleOf(world, count).join(' ')}`
  const one = await requestsFor(named(1))
  const many = await requestsFor(named(70))
  expect(many.said).toContain('68 people (2 pairs were so already)')
  // Namesakes of the first five names are looked for.
  expect(many.requests).toBeLessThanOrEqual(one.requests + 4)
})

it('26 by e-mail are more than a line may name: it says how many it takes, and nothing is asked', async () => {
  const named = Array.from({ length: 26 }, (_, index) => `a${index}@example.com`)
  const { said, requests, world } = await requestsFor(() => `grant ${WALLBOARD} to ${named.join(', ')}`)
  expect(said).toMatch(/26 people are named, more than one line may name\nA line takes 25 people by e-mail/)
  // Which license is meant.
  expect(requests).toBeLessThanOrEqual(1)
  expect(await allChanges(world)).toEqual([])
})

it('everybody who is not clear is told at once', async () => {
  const world = await chatWorld()
  const said = textOf(
    await world.type(
      'UOLGA',
      `grant ${WALLBOARD} to ana@example.com, nobody@example.com, ${NOBODY}, Zz Yy, ${userAt(world, 1)}`,
    ),
  )
  expect(said).toContain('Of the 5 people named, 3 are not clear')
  for (const each of ['nobody@example.com', NOBODY, '“Zz Yy”']) expect(said).toContain(each)
  expect(said).not.toContain('ana@example.com')
  expect(await allChanges(world)).toEqual([])
})

it('whoever was mentioned and is not known is told as that', async () => {
  const world = await chatWorld()
  expect(textOf(await world.type('UOLGA', 'user <@UNOBODY>'))).toMatch(
    /^⚠️ Whoever was mentioned is not known in Genesys/u,
  )
})
