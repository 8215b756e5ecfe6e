/** Seats in chat: each grant counts the ones before, with its age, and what does not suffice is said first. */
import { describe, expect, it } from 'vitest'
import { byHand, giving, userAt, WALLBOARD } from '../../../support/changes/change-orders.ts'
import { chatWorld, textOf } from '../../chat-world.ts'

const MINUTE_MS = 60_000

/** People of the embedded org without a wallboard. */
const NEW = [0, 1, 3] as const

/** @param free seats beyond those that are taken, by the reading at its beginning. */
async function seated(free: number, approvals: object[] = []) {
  const licenses: Record<string, { seats: number }> = {}
  const world = await chatWorld({ approvals, policy: { licenses } })
  const taken = () => Object.values(world.org.truth().users).filter((each) => each.includes(WALLBOARD)).length
  const total = taken() + free
  licenses[WALLBOARD] = { seats: total }
  await world.read()
  const grant = (index: number) => world.type('UOLGA', `grant ${WALLBOARD} to ${userAt(world, index)}`)
  return { world, taken, total, grant }
}

describe('three grants within five minutes', () => {
  it('count each other, and say as of when', async () => {
    const { world, taken, total, grant } = await seated(10)
    for (const index of NEW) {
      const plan = await grant(index)
      expect(textOf(plan)).toContain(`${taken() + 1} of ${total} taken after it, as of 13:00 CET`)
      await world.press('UOLGA', plan, 'Confirm')
      world.clock.advance(MINUTE_MS)
    }
    const pages = world.org
      .requests()
      .filter(({ method, path }) => method === 'GET' && path === '/api/v2/license/users')
    // The reading's own, and none for a plan.
    expect(pages).toHaveLength(1)
    await world.read()
    const who = textOf(await world.type('UVERA', `who ${WALLBOARD}`))
    expect(who).toContain(`${taken()} hold ${WALLBOARD}, of ${total} seats, as of 12:03 UTC`)
  })

  it('list whoever was given it meanwhile by name, and no more whoever lost it', async () => {
    const { world, grant } = await seated(10)
    const before = textOf(await world.type('UVERA', `who ${WALLBOARD}`))
    expect(before).not.toContain('Ana Abebe')
    await world.press('UOLGA', await grant(0), 'Confirm')
    expect(textOf(await world.type('UVERA', `who ${WALLBOARD}`))).toContain('Ana Abebe')
    const revoke = await world.type('UOLGA', `revoke ${WALLBOARD} from ${userAt(world, 0)}`)
    await world.press('UOLGA', revoke, 'Confirm')
    expect(textOf(await world.type('UVERA', `who ${WALLBOARD}`))).toBe(before)
  })
})

describe('a plan that takes a license over its seats', () => {
  it('says so before all else, as a warning', async () => {
    const { grant, total } = await seated(0)
    const [title, first] = textOf(await grant(0)).split('\n')
    expect(title).toMatch(/^⚠️ Give wallboardUser to Ana Abebe\?/u)
    expect(first).toBe(`This takes ${WALLBOARD} over its seats: ${total + 1} of ${total} would be taken.`)
  })

  it('says so to approvers, who see what has been taken since', async () => {
    const { world, grant, total } = await seated(1, [{ licenses: [WALLBOARD] }])
    const plan = await grant(0)
    expect(textOf(plan)).toContain(`${total} of ${total} taken after it`)
    await byHand(world).assign(giving([userAt(world, 1)]))
    world.clock.advance(6 * MINUTE_MS)
    await world.read()
    await world.press('UOLGA', plan, 'Confirm')
    const [card] = await world.tell()
    if (!card) throw new Error('approvers are asked')
    expect(textOf(card.message)).toMatch(/^⚠️ olga asks: /u)
    expect(textOf(card.message)).toContain(
      `This takes ${WALLBOARD} over its seats: ${total + 1} of ${total} would be taken.`,
    )
    expect(textOf(card.message)).toContain('as of 12:06 UTC')
  })

  it('says that it may, where it is not known of some', async () => {
    const { world, grant, total } = await seated(1)
    world.org.addFaults([
      { match: { method: 'POST', path: '/api/v2/license/organization' }, do: { reset: true } },
    ])
    await world.press('UOLGA', await grant(0), 'Confirm')
    const said = textOf(await grant(1))
    expect(said).toContain(
      `This may take ${WALLBOARD} over its seats: ${total} of ${total}, and 1 not known.`,
    )
    expect(said).toContain(`${total} of ${total} taken after it, 1 not known, as of 13:00 CET`)
    expect(textOf(await world.type('UVERA', `who ${WALLBOARD}`))).toContain(', 1 not known, as of')
  })

  it('is confirmed by a second person where the rule says so, though it had seats when it was planned', async () => {
    const { world, grant } = await seated(1, [{ overSeats: true }])
    const [one, two] = [await grant(0), await grant(1)]
    expect(textOf(await world.press('UOLGA', one, 'Confirm'))).toMatch(/done, and Genesys shows it/)
    expect(textOf(await world.press('UOLGA', two, 'Confirm'))).toMatch(
      /waits for an approver[\s\S]*A second person must approve giving wallboardUser beyond its \d+ seats/,
    )
  })
})

it('a count of another day carries its day', async () => {
  const { world, grant } = await seated(3)
  world.clock.advance(13 * 60 * MINUTE_MS)
  world.org.addFaults([
    { match: { method: 'GET', path: '/api/v2/license/users' }, times: 9, do: { status: 500 } },
  ])
  expect(textOf(await grant(0))).toContain('as of Sun 15 Nov 2026, 13:00 CET (Europe/Berlin)')
})
