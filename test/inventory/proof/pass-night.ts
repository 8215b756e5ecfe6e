/** A night as a story has it, by the function that deploys, once a minute. */
import { nodeTransport, type Transport } from '../../../lib/transport/transport.ts'
import { utcDayOf } from '../../../lib/utc-day.ts'
import type { World } from '../../support/world.ts'
import type { DayEvent, Meanwhile, Night } from './days.ts'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000
const DAY_MS = 24 * HOUR_MS

/** The night's hour has passed by then, UTC. */
const NIGHT_MS = 3 * HOUR_MS

/** By then a reading has been taken up that somebody had left, and one that was not whole has been taken again as often as it is. */
const LONGEST_MINUTES = 12

/** A page that is not answered by then is not that night. */
const HALF_MINUTES = 3

export interface NightDoings {
  readonly idOf: (person: number) => string
  readonly live: (event: DayEvent) => Promise<void>
}

/** @returns whether anybody came who reads, up to the end of the night. */
export async function passNight(each: World, night: Night, { idOf, live }: NightDoings): Promise<boolean> {
  const { org, clock } = each
  const midnightMs = Math.ceil(clock.nowMs() / DAY_MS) * DAY_MS
  clock.advance(midnightMs + NIGHT_MS - clock.nowMs())
  switch (night.kind) {
    case 'whole':
      await takeMinutes(each)
      return true
    case 'half':
      org.addFaults([{ match: { path: PAGES }, skip: 1, do: { status: 500 }, times: 1_000 }])
      await takeMinutes(each, HALF_MINUTES)
      org.clearFaults()
      return false
    case 'storm': {
      const refusal = { status: 429, headers: { 'Retry-After': '30' } }
      org.addFaults([{ match: { path: PAGES }, skip: 1, do: refusal, times: 12 }])
      await takeMinutes(each)
      org.clearFaults()
      return true
    }
    case 'cut':
      // Lambda tells of its own that a process has died, and nobody else is told.
      await each.takeInventory({ transport: dyingAt(night.atCall) }).catch(() => {})
      if (night.isTakenUp) await takeMinutes(each)
      return night.isTakenUp
    case 'slip': {
      const slipped = org.truth().users[idOf(night.person)] ? [idOf(night.person)] : []
      org.movePeople(slipped.map((id) => ({ id, state: 'vanished' })))
      await takeMinutes(each)
      org.movePeople(slipped.map((id) => ({ id, state: 'active' })))
      return true
    }
    case 'astir':
      await each.takeInventory({ transport: stirring(each, night.meanwhile, live) })
      await takeMinutes(each)
      return true
  }
}

const PAGES = '/api/v2/license/users'

/** Until the night's reading has ended, whole or not, or so many minutes. */
async function takeMinutes(each: World, longest = LONGEST_MINUTES): Promise<void> {
  const { store } = await each.readingSource()
  let isRead = false
  for (let minute = 0; minute < longest; minute++) {
    await each.takeInventory()
    each.clock.advance(MINUTE_MS)
    // One more, which has nothing to do.
    if (isRead) return
    const { seen } = await store.standing()
    const { current, wholeAtMs = 0 } = seen?.state ?? {}
    isRead = !current && utcDayOf(wholeAtMs) === utcDayOf(each.clock.nowMs())
  }
}

/** The process dies at that call outside, whatever it is, and makes none after it. */
function dyingAt(call: number): Transport {
  let calls = 0
  return async (request) => {
    calls += 1
    if (calls >= call) throw new Error('the process has died')
    return await nodeTransport(request)
  }
}

/** Requests of Genesys are answered one after another, so that what happens after an answer happens before the next. */
function stirring(
  { scripted }: World,
  meanwhile: readonly Meanwhile[],
  live: NightDoings['live'],
): Transport {
  let answers = 0
  let last: Promise<unknown> = Promise.resolve()
  return scripted((request) => {
    const answer = last.then(async () => {
      const found = await nodeTransport(request)
      answers += 1
      const due = meanwhile.filter(({ afterAnswer }) => afterAnswer === answers)
      for (const event of due.flatMap(({ events }) => events)) await live(event)
      return found
    })
    last = answer.catch(() => {})
    return answer
  })
}
