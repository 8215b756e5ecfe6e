/** The watch over seats on a clock, a ledger on dynalite and counts that the test sets. */
import type { Announcement } from '../../../lib/changes/model/change-events.ts'
import { GatewayError } from '../../../lib/errors.ts'
import type { Difference } from '../../../lib/inventory/inventory-port.ts'
import type { NoticeWork } from '../../../lib/seats/notices/tell-notice.ts'
import { watchSeats } from '../../../lib/seats/notices/watch-seats.ts'
import type { LicenseSeats, PeriodReport, PersonBehind, SeatsNow } from '../../../lib/seats/seats-port.ts'
import { type FakeClock, fakeClock } from '../fake-clock.ts'
import { ledgerForTests, type TestLedger } from '../ledger/ledger.ts'

export const CX3 = 'cloudCX3'

export interface NoticeWorld {
  readonly clock: FakeClock
  readonly store: TestLedger
  /** What is held by the newest reading; a reading is one where the test says so. */
  readonly org: {
    licenses: LicenseSeats[]
    asOfMs: number
    isWhole: boolean
    people: PersonBehind[]
    /** Held by the first count on record, where that was over already. */
    heldFromFirst?: number
    differences: Difference[]
    hasReading: boolean
    contractGoneSinceMs: number | undefined
    hasReport: boolean
  }
  readonly bus: { fails: 'no' | 'throws' | 'refuses' | 'crashes.after' }
  readonly told: Announcement[]
  readonly left: string[]
  readonly work: (changed?: Partial<NoticeWork>) => NoticeWork
  /** A minute goes by, and the chore runs. */
  readonly minute: (changed?: Partial<NoticeWork>) => Promise<void>
  /** So many are held of so many seats. */
  readonly count: (held: number, seats?: number) => void
  /** A night's reading of what is held now. */
  readonly read: (isWhole?: boolean) => void
  /** What was told since the last time this was asked, such as `Over entered 253`. */
  readonly heard: () => string[]
}

/** @param on the clock, the ledger and the bus of another world, where the watch is one part of it. */
export async function noticeWorld(on?: Pick<NoticeWorld, 'clock' | 'store' | 'told'>): Promise<NoticeWorld> {
  const { clock, store, told } = on ?? { clock: fakeClock(), store: await ledgerForTests(), told: [] }
  const org: NoticeWorld['org'] = {
    licenses: [],
    asOfMs: clock.nowMs(),
    isWhole: true,
    people: [],
    differences: [],
    hasReading: true,
    contractGoneSinceMs: undefined,
    hasReport: true,
  }
  const bus: NoticeWorld['bus'] = { fails: 'no' }
  const left: string[] = []
  let heardSoFar = 0

  const now = async (): Promise<SeatsNow> => {
    if (!org.hasReading) throw new GatewayError('reading.unavailable', 'no reading yet')
    const { asOfMs, isWhole, licenses, contractGoneSinceMs } = org
    return { asOfMs, isWhole, counting: 'named', contractGoneSinceMs, licenses, unmapped: [] }
  }
  const report = async (): Promise<PeriodReport> => {
    if (!org.hasReport) throw new GatewayError('ledger.unavailable', 'the ledger is away')
    const period = { id: '2026-11', from: 'calendar', start: '2026-11-01', end: '2026-11-30' } as const
    const none = { given: 0, taken: 0, changedOutside: 0, days: [] }
    const { heldFromFirst, people } = org
    const first = heldFromFirst === undefined ? {} : { isOverFromFirst: true as const, heldFromFirst }
    const licenses = org.licenses.map((each) => ({ ...each, ...none, ...first, people }))
    const { asOfMs, isWhole } = org
    return { ...period, status: 'open', asOfMs, isWhole, counting: 'named', licenses, unmapped: [] }
  }
  const work: NoticeWorld['work'] = (changed = {}) => ({
    seats: { now, report },
    inventory: {
      counts: async () => ({
        asOfMs: org.asOfMs,
        isWhole: org.isWhole,
        readToMs: org.asOfMs + 60_000,
        recordsFromMs: org.asOfMs,
        counts: [],
      }),
      async *differences(fromMs, toMs) {
        yield* org.differences.filter(({ atMs }) => atMs >= fromMs && atMs < toMs)
      },
    },
    notices: store.notices,
    bus: {
      async put(announcements) {
        if (bus.fails === 'throws') throw new Error('the bus is away')
        if (bus.fails === 'refuses') return announcements.map(() => false)
        told.push(...announcements)
        if (bus.fails === 'crashes.after') throw new Error('the answer of the bus was lost')
        return announcements.map(() => true)
      },
    },
    clock,
    log: { noteDeferred: (id, what) => left.push(`${id}: ${what}`) },
    policy: {},
    ...changed,
  })

  return {
    clock,
    store,
    org,
    bus,
    told,
    left,
    work,
    async minute(changed) {
      clock.advance(60_000)
      await watchSeats(work(changed))
    },
    count(held, seats = 250) {
      org.licenses = [{ licenseId: CX3, held, seats, seatsFrom: 'orgFile', over: Math.max(0, held - seats) }]
    },
    read(isWhole = true) {
      clock.advance(60_000)
      org.asOfMs = clock.nowMs()
      org.isWhole = isWhole
      clock.advance(120_000)
    },
    heard() {
      const since = told.slice(heardSoFar)
      heardSoFar = told.length
      return since.map(({ detailType, detail }) => {
        const { seats } = detail as { seats?: { turn: string; held: number } }
        const what = detailType.replace('License ', '')
        return seats ? `${what} ${seats.turn} ${seats.held}` : what
      })
    },
  }
}

/** The detail of the one event that was told. @throws Error where it is not one. */
export function onlyDetail(told: readonly Announcement[]): Announcement['detail'] {
  const [only, another] = told
  if (!only || another) throw new Error(`${told.length} events were told`)
  return only.detail
}
