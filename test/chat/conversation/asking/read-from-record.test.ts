/** Seats, histories and periods in chat, from real readings of the embedded org. */
import { describe, expect, it } from 'vitest'
import { byHand, giving, NOBODY, taking, userAt, WALLBOARD } from '../../../support/changes/change-orders.ts'
import { chatWorld, textOf } from '../../chat-world.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** @param free seats beyond those that are taken. */
async function readOnce(free: number) {
  const licenses: Record<string, { seats: number }> = {}
  const world = await chatWorld({ policy: { licenses } })
  const taken = () => Object.values(world.org.truth().users).filter((each) => each.includes(WALLBOARD)).length
  const seats = taken() + free
  licenses[WALLBOARD] = { seats }
  await world.read()
  const say = async (line: string, who = 'UVERA') => textOf(await world.type(who, line))
  const grant = async (index: number) =>
    await world.press(
      'UOLGA',
      await world.type('UOLGA', `grant ${WALLBOARD} to ${userAt(world, index)}`),
      'Confirm',
    )
  return { world, taken, seats, say, grant }
}

describe('seats', () => {
  it('are told of all licenses with a bar, as of when, and cause no request to Genesys', async () => {
    const { world, taken, seats, say } = await readOnce(3)
    const before = world.org.requests().length
    const said = await say('seats')
    // Of all others nobody has told the seats, so whether they are over is not known.
    expect(said).toMatch(
      /^No license is known to be over its seats, and of \d+ nobody has told how many are paid for\n/,
    )
    expect(said).toMatch(new RegExp(`${WALLBOARD} +█+░* +${taken()}/${seats}`))
    expect(said).toMatch(/As of 12:00 UTC, and what the gateway has settled since\./)
    expect(said).toContain(
      'Calendar month 1 November to 30 November (2026-11), since Genesys told no billing period for it.',
    )
    expect(world.org.requests()).toHaveLength(before)
  })

  it('are told of one license, with since when it is over and by which change, and no names', async () => {
    const { world, seats, say, grant } = await readOnce(0)
    await grant(0)
    const [given] = (await world.store.ledger.list({ filter: {}, limit: 1 })).headers
    const said = await say(`seats ${WALLBOARD.toUpperCase()}`)
    expect(said).toContain(`${WALLBOARD} is over its seats by 1`)
    expect(said).toContain(`${seats + 1}`)
    expect(said).toContain(`${seats}, as the org file has it`)
    expect(said).toContain('15 November')
    expect(said).toContain(given?.id)
    expect(said).not.toContain('Ana Abebe')
  })

  it('are not told before the first reading, and never as none', async () => {
    const world = await chatWorld()
    const said = textOf(await world.type('UVERA', 'seats'))
    expect(said).toContain('Nobody has read yet who holds what')
    expect(said.match(/try again/gi)).toHaveLength(1)
    expect(said).not.toMatch(/\b0\b/)
  })

  it('of a license that nobody counts are refused, with what may be meant', async () => {
    const { say } = await readOnce(1)
    expect(await say('seats wallbordUser')).toContain(`Did you mean “${WALLBOARD}”?`)
    expect(await say('seats wallboard-user')).toContain(`Did you mean “${WALLBOARD}”?`)
    expect(await say('seats cloud')).toMatch(/cloud could be any of \d/)
  })
})

describe('a history', () => {
  it('names what somebody has held, from when until when, by which change or outside', async () => {
    const { world, say, grant } = await readOnce(5)
    await grant(0)
    const [given] = (await world.store.ledger.list({ filter: {}, limit: 1 })).headers
    world.clock.advance(HOUR_MS)
    await world.read()
    await byHand(world).assign(taking([userAt(world, 0)]))
    world.clock.advance(HOUR_MS)
    await world.read()
    const said = await say('history ana@example.com')
    expect(said).toContain('What Ana Abebe has held')
    expect(said).toContain(`change ${given?.id}, ended outside`)
    // Nobody knows when it was taken: after a reading that showed it, and before the one that did not.
    expect(said).toMatch(/wallboardUser · 12:00 UTC · between 13:00 UTC and 14:00 UTC · change/)
    expect(said).toMatch(/before records/)
  })

  it('dates both ends of when something was done outside, unless both are of today', async () => {
    const { world, say, grant } = await readOnce(5)
    await grant(0)
    world.clock.advance(HOUR_MS)
    await world.read()
    await byHand(world).assign(taking([userAt(world, 0)]))
    world.clock.advance(12 * HOUR_MS)
    await world.read()
    expect(await say('history ana@example.com')).toContain(
      '· between Sun 15 Nov 2026, 13:00 UTC and Mon 16 Nov 2026, 01:00 UTC ·',
    )
  })

  it('finds people as the readings have them, deleted or gone ones too, and asks Genesys for nothing', async () => {
    const { world, say } = await readOnce(5)
    const [ana, ben] = [userAt(world, 0), userAt(world, 1)]
    world.org.movePeople([
      { id: ana, state: 'deleted' },
      { id: ben, state: 'vanished' },
    ])
    for (let readings = 0; readings < 2; readings++) {
      world.clock.advance(HOUR_MS)
      await world.read()
    }
    const before = world.org.requests().length
    for (const named of ['ANA@example.com', 'Ana Abebe', 'ana ab', ana.toUpperCase()]) {
      const said = await say(`history ${named}`)
      expect(said).toContain('What Ana Abebe (deleted) has held')
      expect(said).toContain('ended outside')
    }
    expect(await say(`history ${ben}`)).toContain(`What ${ben} has held`)
    const unknown = await say('history ben@example.com')
    expect(unknown).toContain('The last reading has nobody known as ben@example.com')
    expect(unknown).toContain('Whom Genesys has no more at all is found by id alone.')
    expect(await say(`history ${NOBODY}`)).toContain(`Nobody has had the id ${NOBODY} as of 14:00 UTC`)
    expect(await say('history a')).toMatch(/“a” could be any of \d+/i)
    expect(world.org.requests()).toHaveLength(before)
    expect(world.opening.times).toBe(0)
  })

  it('is shown ten to a page, the latest first, and says how to see more', async () => {
    const { world, say } = await readOnce(50)
    const ana = userAt(world, 0)
    const HALF_HOUR_MS = HOUR_MS / 2
    for (let times = 0; times < 10; times++) {
      for (const order of [giving([ana]), taking([ana])]) {
        await byHand(world).assign(order)
        world.clock.advance(HALF_HOUR_MS)
        await world.read()
      }
    }
    const first = await say('history ana@example.com')
    expect(first).toContain('/license history ana@example.com 2')
    const second = await say('history ana@example.com 2')
    expect(second).toContain('What Ana Abebe has held, page 2')
    expect(second).toContain('before records')
    expect(await say('history ana@example.com 3')).toContain('nothing on page 3')
  })
})

describe('a report', () => {
  it('has the figures of the current period, and of one by its id', async () => {
    const { taken, seats, say, grant } = await readOnce(1)
    await grant(0)
    const said = await say('report')
    expect(said).toMatch(/^1 November to 30 November: no license is known to be over its seats/)
    expect(said).toContain('(2026-11), since Genesys told no billing period for it.')
    expect(said).toMatch(new RegExp(`${WALLBOARD} +${taken()} +${seats} +${taken()}`))
    expect(said).toContain('GET /v1/periods/2026-11')
    expect(await say('report 2026-11')).toBe(said)
    expect(await say('report 2026-11-20')).toBe(said)
    const none = await say('report 1999-01')
    expect(none).toContain('There is no period 1999-01 on record')
    expect(none).toContain('A day finds the period that it is in: /license report 2026-11-01')
  })
})
