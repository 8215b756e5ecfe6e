/** What the bus says of seats, in the channel: once, to all chats, with counts and ids of changes and no names. */
import { describe, expect, it } from 'vitest'
import type { PersonBehind } from '../../lib/seats/seats-port.ts'
import { CX3, noticeWorld } from '../support/seats/notice-world.ts'
import { APPROVERS, type ChatWorldOptions, chatWorld, textOf } from './chat-world.ts'

const ONE = '38f6eke3343vjeyayy06'
const TWO = '4zcrhnda1yfr6p57b91c'

async function watched(options: ChatWorldOptions = {}) {
  const world = await chatWorld(options)
  const watch = await noticeWorld(world)
  const heard = async () =>
    (await world.tell()).map(({ channelId, message }) => `${channelId}: ${textOf(message)}`)
  return { ...watch, world, heardInChannel: heard }
}

const person = (n: number, by: PersonBehind['by']): PersonBehind => ({
  userId: `u${n}`,
  name: 'Ana Abebe',
  email: 'ana@example.com',
  sinceMs: n,
  by,
})

describe('the channel', () => {
  it('is told once what is held, what is paid for, until when, since when and by which change, and where to see it', async () => {
    const pageUrl = 'https://licenses.example.com/live/'
    const { count, minute, org, heardInChannel, world } = await watched({ slack: () => ({ pageUrl }) })
    count(253)
    org.people = [1, 2, 3].map((n) => person(n, { changeId: ONE }))
    await minute()
    const [said = '', another] = await heardInChannel()
    expect(another).toBeUndefined()
    expect(said).toContain(
      `${CX3}: 253 held, 250 paid for, calendar month ends 30 November; over since today, by 3 people given it in change ${ONE}`,
    )
    expect(said.split(':')[0]).toBe(APPROVERS)
    expect(said).toContain('As of 12:00 UTC, and what the gateway has settled since.')
    expect(said).toContain(`<${pageUrl}#/seats|See the seats on the page>`)
    expect(said).not.toMatch(/Ana|ana@|\bu1\b/)
    await minute()
    world.told.push(...world.told)
    expect(await heardInChannel()).toEqual([])
  })

  it('is told of several changes, of what was done outside and of what was so before', async () => {
    const { count, minute, org, heardInChannel } = await watched()
    count(257)
    org.people = [
      person(6, { changeId: TWO }),
      person(5, { changeId: ONE }),
      person(4, { changeId: ONE }),
      person(3, 'outside'),
    ]
    org.heldFromFirst = 1
    await minute()
    const [said] = await heardInChannel()
    expect(said).toContain(
      `by 3 people given it in changes ${TWO} and ${ONE}, 1 given it outside of the gateway and 1 who had it before anything was on record`,
    )
  })

  it('is told that Genesys tells of the contract no more, since when, and what counts then', async () => {
    const { minute, org, heardInChannel, world } = await watched()
    org.contractGoneSinceMs = world.clock.nowMs() - 8 * 86_400_000
    await minute()
    const [said, another] = await heardInChannel()
    expect(another).toBeUndefined()
    expect(said).toContain('Genesys tells of the contract no more')
    expect(said).toContain(
      'Genesys told of the contract last on 7 November: its seats count for today no longer.',
    )
    expect(said).toContain('Seats that the org file names count on.')
    await minute()
    expect(await heardInChannel()).toEqual([])
  })

  it('is told that it is near, and that it is left, each in its own words', async () => {
    const { count, read, minute, heardInChannel } = await watched()
    count(226)
    await minute()
    expect((await heardInChannel())[0]).toContain(
      '226 held, 250 paid for, calendar month ends 30 November; near its seats since today',
    )
    count(251)
    await minute()
    expect((await heardInChannel())[0]).toContain('over since today')
    count(230)
    read()
    await minute()
    expect((await heardInChannel())[0]).toContain('no longer over its seats, but near them')
    count(1)
    read()
    await minute()
    expect((await heardInChannel())[0]).toContain('no longer near its seats')
  })

  it('is told that a count is not whole, and that a concurrent contract counts otherwise', async () => {
    const { count, minute, org, work, heardInChannel } = await watched()
    count(253)
    org.isWhole = false
    const { seats } = work()
    await minute({
      seats: { ...seats, now: async () => ({ ...(await seats.now()), counting: 'concurrent' }) },
    })
    const [said] = await heardInChannel()
    expect(said).toContain('Somebody was missing in the last reading and is not known to be gone')
    expect(said).toContain('held is not what is used')
  })

  it('is told what a reading found done outside, without whose', async () => {
    const { count, minute, read, org, heardInChannel } = await watched()
    count(1)
    await minute()
    read()
    const found = (userId: string, isGiven: boolean) =>
      ({ userId, licenseId: CX3, isGiven, atMs: org.asOfMs, by: 'outside' }) as const
    org.differences = [found('u1', true), found('u2', true), found('u3', false)]
    await minute()
    const [said] = await heardInChannel()
    expect(said).toContain('Changed outside of the gateway: 2 licenses given, 1 taken, of 3 people')
    expect(said).toMatch(/cloudCX3 +2 +1/)
    expect(said).not.toMatch(/\bu[123]\b/)
  })

  it('is told the week, with a bar of blocks for each license', async () => {
    const { minute, read, org, clock, heardInChannel } = await watched()
    org.licenses = [
      { licenseId: CX3, held: 253, seats: 250, seatsFrom: 'contract', over: 3 },
      { licenseId: 'wallboardUser', held: 12, seats: 40, seatsFrom: 'orgFile', over: 0 },
      { licenseId: 'communicate', held: 7, seatsFrom: 'none' },
    ]
    clock.advance(15 * 3_600_000)
    read()
    await minute({ policy: { digest: 'monday' } })
    const said = (await heardInChannel()).find((each) => each.includes('Licenses on')) ?? ''
    expect(said).toContain(
      `Licenses on 16 November, calendar month ends 30 November: ${CX3} is over its seats`,
    )
    expect(said).toMatch(/cloudCX3 +██████████ +253\/250 ▲3/)
    expect(said).toMatch(/wallboardUser +███░░░░░░░ +12\/40/)
    expect(said).toMatch(/communicate +7/)
    expect(said).toContain('In this period 0 were given and 0 taken by changes')
  })

  it('is told the week by real readings: since when changes are counted, and what is not known to be over', async () => {
    const licenses = { wallboardUser: { seats: 1_000 } }
    const { world, minute, heardInChannel } = await watched({ policy: { licenses } })
    await world.read()
    const { inventory, seats } = world
    await minute({ inventory, seats, policy: { digest: 'sunday' } })
    const [said = '', another] = await heardInChannel()
    expect(another).toBeUndefined()
    expect(said).toMatch(
      /Licenses on 15 November, .*: no license is known to be over its seats, and of \d+ nobody has told/,
    )
    expect(said).toContain('Since 15 November, when the first reading was made, 0 were given and 0 taken')
    expect(said).not.toContain('In this period')
    expect(world.told.at(-1)?.detail).toMatchObject({ digest: { countedFrom: '2026-11-15T12:00:00.000Z' } })
  })
})

it('is another channel where the org file names one, and none where it names none', async () => {
  const slack = { teams: ['T1'], approvals: APPROVERS }
  const one = await watched({ policy: { chat: { slack: { ...slack, notices: 'C0NOTICES' } } } })
  one.count(253)
  await one.minute()
  expect((await one.heardInChannel())[0]).toMatch(/^C0NOTICES: /)
  const none = await watched({ policy: { chat: { slack: { teams: ['T1'] } } } })
  none.count(253)
  await none.minute()
  expect(await none.heardInChannel()).toEqual([])
})

it('an event that nobody has noted, or that has been followed by another, is not told', async () => {
  const { count, read, minute, world, told, heardInChannel } = await watched()
  const eventId = `seats#${CX3.toLowerCase()}#1`
  const detail = { eventId, seats: { licenseId: CX3, held: 9_999 } }
  await world.deliver({ 'detail-type': 'License Over Seats', source: 'genesys-license-gateway', detail })
  expect(world.posted).toEqual([])
  count(253)
  await minute()
  count(1)
  read()
  await minute()
  expect(told).toHaveLength(2)
  const said = await heardInChannel()
  expect(said).toHaveLength(1)
  expect(said[0]).toContain('no longer over its seats')
})

it('a channel that does not take it is for the log, with the event’s id and no more', async () => {
  const { count, minute, world } = await watched({ slack: () => ({ post: async () => false }) })
  count(253)
  await minute()
  await world.tell()
  expect(world.undelivered).toEqual([
    {
      id: `seats#${CX3.toLowerCase()}#1`,
      what: 'notice of seats',
      tried: ['Slack’s channel for notices: not taken'],
      isLost: true,
    },
  ])
})
