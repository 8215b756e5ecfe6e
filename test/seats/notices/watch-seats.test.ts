/** What is told of seats, and when: each entry once, each leaving once a whole reading shows it, whatever fails. */
import { describe, expect, it } from 'vitest'
import { turns } from '../../../lib/seats/notices/seat-standings.ts'
import { watchSeats } from '../../../lib/seats/notices/watch-seats.ts'
import { CX3, noticeWorld, onlyDetail } from '../../support/seats/notice-world.ts'

describe('a license that comes to its seats', () => {
  it('is told once as near, once as over, and not again while it stays so', async () => {
    const { count, read, minute, heard } = await noticeWorld()
    const held = [224, 225, 226, 250, 251, 253, 252]
    const told: string[] = []
    for (const each of held) {
      count(each)
      read()
      await minute()
      await minute()
      told.push(...heard())
    }
    expect(told).toEqual(['Near Seats entered 225', 'Over Seats entered 251'])
  })

  it('is told as over alone where it never was near', async () => {
    const { count, minute, heard } = await noticeWorld()
    count(251)
    await minute()
    expect(heard()).toEqual(['Over Seats entered 251'])
  })

  it('is told by the count of the minute, before any reading shows it', async () => {
    const { count, minute, heard } = await noticeWorld()
    count(100)
    await minute()
    count(300)
    await minute()
    expect(heard()).toEqual(['Over Seats entered 300'])
  })

  it('is not told where nobody has told the seats, nor where nobody holds it', async () => {
    const { count, minute, heard, org } = await noticeWorld()
    count(0, 0)
    await minute()
    org.licenses = [{ licenseId: CX3, held: 5, seatsFrom: 'none' }]
    await minute()
    expect(heard()).toEqual([])
  })

  it('is told from as many per cent on as the org file says', async () => {
    const { count, minute, heard } = await noticeWorld()
    count(199)
    await minute({ policy: { nearPercent: 80 } })
    count(200)
    await minute({ policy: { nearPercent: 80 } })
    expect(heard()).toEqual(['Near Seats entered 200'])
  })
})

describe('a license that leaves its seats free again', () => {
  it('is told once, by a whole reading that began after it was told', async () => {
    const { count, read, minute, heard } = await noticeWorld()
    count(253)
    await minute()
    heard()
    count(10)
    await minute()
    expect(heard()).toEqual([])
    read(false)
    await minute()
    expect(heard()).toEqual([])
    read()
    await minute()
    await minute()
    expect(heard()).toEqual(['Over Seats left 10'])
  })

  it('and is near its seats then, is told as no more over, and of near only once that is left too', async () => {
    const { count, read, minute, heard } = await noticeWorld()
    count(253)
    await minute()
    count(240)
    read()
    await minute()
    expect(heard()).toEqual(['Over Seats entered 253', 'Over Seats left 240'])
    count(100)
    read()
    await minute()
    expect(heard()).toEqual(['Near Seats left 100'])
  })

  it('for an hour alone has told one entry and no leaving', async () => {
    const { count, minute, heard } = await noticeWorld()
    for (const held of [251, 249, 251, 220, 252]) {
      count(held)
      await minute()
    }
    expect(heard()).toEqual(['Over Seats entered 251'])
  })

  it('because its seats are not told any more is not told as within them', async () => {
    const { read, count, minute, heard, org } = await noticeWorld()
    count(253)
    await minute()
    org.licenses = [{ licenseId: CX3, held: 253, seatsFrom: 'none' }]
    read()
    await minute()
    count(253)
    read()
    await minute()
    expect(heard()).toEqual(['Over Seats entered 253'])
  })
})

it('nothing is told before the first reading', async () => {
  const { minute, heard, org, store } = await noticeWorld()
  org.hasReading = false
  await minute()
  expect(heard()).toEqual([])
  expect(await store.items()).toEqual([])
})

it('where nothing has turned a minute puts nothing, and reads what was told by one query', async () => {
  const { count, minute, store } = await noticeWorld()
  count(253)
  await minute()
  const before = store.faults.calls.length
  await minute()
  expect(store.faults.calls.slice(before).map(({ action }) => action)).toEqual(['Query'])
})

it('an event says what is held, what is paid for, and by which changes', async () => {
  const { count, minute, org, told } = await noticeWorld()
  count(253)
  const [one, two] = ['38f6eke3343vjeyayy06', '4zcrhnda1yfr6p57b91c']
  const gave = (userId: string, changeId: string, sinceMs: number) => ({
    userId,
    name: 'Ana Abebe',
    email: 'ana@example.com',
    sinceMs,
    by: { changeId },
  })
  org.people = [
    gave('u1', one, 1),
    gave('u2', one, 2),
    gave('u3', two, 3),
    { userId: 'u4', sinceMs: 4, by: 'outside' },
  ]
  await minute()
  const { seats, eventId } = onlyDetail(told)
  expect(eventId).toBe('seats#cloudcx3#1')
  expect(seats).toEqual({
    licenseId: CX3,
    standing: 'over',
    was: 'within',
    turn: 'entered',
    held: 253,
    seats: 250,
    seatsFrom: 'orgFile',
    over: 3,
    nearFrom: 225,
    counting: 'named',
    asOf: '2026-11-15T12:00:00.000Z',
    isWhole: true,
    since: '2026-11-15',
    period: { id: '2026-11', from: 'calendar', start: '2026-11-01', end: '2026-11-30' },
    behind: {
      people: 4,
      changes: [
        { changeId: two, people: 1 },
        { changeId: one, people: 2 },
      ],
      outside: 1,
    },
  })
  expect(JSON.stringify(told)).not.toMatch(/Ana|example/)
})

it('an event says where it was over by the first count on record, and how many hold it since then', async () => {
  const { count, minute, org, told } = await noticeWorld()
  count(253)
  org.heldFromFirst = 252
  org.people = [{ userId: 'u4', sinceMs: 4, by: 'outside' }]
  await minute()
  expect(onlyDetail(told)['seats']).toMatchObject({
    isFromFirst: true,
    behind: { people: 253, changes: [], outside: 1, beforeRecords: 252 },
  })
})

it('what is over is told though nobody can say who is behind it', async () => {
  const { count, minute, org, told, left } = await noticeWorld()
  count(253)
  org.hasReport = false
  await minute()
  expect(told).toHaveLength(1)
  expect(told[0]?.detail['seats']).not.toHaveProperty('behind')
  expect(left).toHaveLength(1)
})

describe('where telling fails', () => {
  it.each(['throws', 'refuses'] as const)(
    'because the bus %s, a later minute tells it once',
    async (fails) => {
      const { count, minute, heard, bus } = await noticeWorld()
      count(253)
      bus.fails = fails
      await minute()
      await minute()
      bus.fails = 'no'
      await minute()
      await minute()
      expect(heard()).toEqual(['Over Seats entered 253'])
    },
  )

  it('it holds up no other license', async () => {
    const { minute, heard, org, work } = await noticeWorld()
    org.licenses = ['a', 'b'].map((licenseId) => ({
      licenseId,
      held: 2,
      seats: 1,
      seatsFrom: 'orgFile',
      over: 1,
    }))
    const { bus } = work()
    let puts = 0
    const refusingOne = {
      put: async (all: Parameters<typeof bus.put>[0]) => (puts++ === 0 ? [false] : await bus.put(all)),
    }
    await minute({ bus: refusingOne })
    expect(heard()).toEqual(['Over Seats entered 2'])
    await minute()
    expect(heard()).toEqual(['Over Seats entered 2'])
  })

  it('after the bus took it and its answer was lost, the same event goes out again under the same id', async () => {
    const { count, minute, told, bus } = await noticeWorld()
    count(253)
    bus.fails = 'crashes.after'
    await minute()
    bus.fails = 'no'
    await minute()
    await minute()
    expect(told).toHaveLength(2)
    expect(told[1]?.detail).toEqual(told[0]?.detail)
  })

  it('what has turned meanwhile waits until that is told, so they come in order', async () => {
    const { count, read, minute, heard, bus } = await noticeWorld()
    count(253)
    bus.fails = 'throws'
    await minute()
    count(10)
    read()
    await minute()
    bus.fails = 'no'
    await minute()
    await minute()
    expect(heard()).toEqual(['Over Seats entered 253', 'Over Seats left 10'])
  })
})

describe('a crash at each call of the ledger', () => {
  it.each([false, true])(
    'tells an entry at least once, under one id (the last call is stored: %s)',
    async (isStored) => {
      for (let calls = 1; calls <= 3; calls++) {
        const { count, minute, told, store } = await noticeWorld()
        count(253)
        store.faults.crashAfter(calls, isStored)
        await minute().catch(() => {})
        await store.faults.heal()
        for (let minutes = 0; minutes < 3; minutes++) await minute()
        const ids = told.map(({ detail }) => detail['eventId'])
        expect(new Set(ids), `crash at call ${calls}`).toEqual(new Set(['seats#cloudcx3#1']))
        expect(ids.length).toBeLessThanOrEqual(2)
      }
    },
  )
})

it('of many at once one tells, and whoever comes while it is at that does not', async () => {
  const { count, heard, work } = await noticeWorld()
  count(253)
  const slow = work()
  const meanwhile: Promise<void>[] = []
  const busy = {
    async put(announcements: Parameters<typeof slow.bus.put>[0]) {
      for (let others = 0; others < 4; others++) meanwhile.push(watchSeats(work()))
      await Promise.all(meanwhile)
      return await slow.bus.put(announcements)
    },
  }
  await Promise.all(Array.from({ length: 4 }, () => watchSeats({ ...slow, bus: busy })))
  expect(meanwhile.length).toBeGreaterThan(0)
  expect(heard()).toEqual(['Over Seats entered 253'])
})

it('each turn from one standing to another is declared, and tells what it enters or what it leaves', () => {
  for (const [from, to] of Object.entries(turns)) {
    for (const [standing, { tells, turn }] of Object.entries(to)) {
      expect(tells).toBe(turn === 'entered' ? standing : from)
    }
  }
})
