/** All licenses, once a week, where the org file asks for it. */
import { isoOf, utcDayOf } from '../../utc-day.ts'
import type { LicensePeriod, PeriodReport, SeatsNow } from '../seats-port.ts'
import type { DigestTold, Notice } from './notices.ts'
import { type NoticeWork, noteAndTell } from './tell-notice.ts'
import { periodTold } from './told-times.ts'

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const

/** From that UTC hour on it is told by whatever reading there is; before, by one of the day itself alone. */
const LATEST_HOUR = 12

/** @param report the period's as it stands; undefined where it cannot be made. */
export async function noteDigest(
  work: NoticeWork,
  now: SeatsNow,
  told: readonly Notice[],
  report: () => Promise<PeriodReport | undefined>,
): Promise<void> {
  const nowMs = work.clock.nowMs()
  const day = utcDayOf(nowMs)
  const time = new Date(nowMs)
  if (work.policy.digest !== weekdays[time.getUTCDay()]) return
  if (utcDayOf(now.asOfMs) !== day && time.getUTCHours() < LATEST_HOUR) return
  const seen = told.find(({ kind }) => kind === 'digest')
  if (seen?.kind === 'digest' && (!seen.isTold || seen.told.day >= day)) return
  const found = await report()
  const digest: DigestTold = {
    day,
    asOf: isoOf(now.asOfMs),
    isWhole: now.isWhole,
    ...(now.counting === undefined ? {} : { counting: now.counting }),
    ...(found === undefined ? {} : { period: periodTold(found) }),
    ...(now.contractGoneSinceMs === undefined ? {} : { contractGoneSince: isoOf(now.contractGoneSinceMs) }),
    ...(found?.countedFromMs === undefined ? {} : { countedFrom: isoOf(found.countedFromMs) }),
    licenses: now.licenses.map(({ licenseId, held, unknown, seats, over }) => ({
      licenseId,
      held,
      ...(unknown ? { unknown } : {}),
      ...(seats === undefined ? {} : { seats }),
      ...(over === undefined ? {} : { over }),
      ...periodFiguresOf(found?.licenses.find((each) => each.licenseId === licenseId)),
    })),
  }
  await noteAndTell(work, { kind: 'digest', name: 'week', told: digest }, seen)
}

function periodFiguresOf(entry: LicensePeriod | undefined) {
  if (entry === undefined) return {}
  const { most, given, taken, changedOutside } = entry
  return {
    ...(most === undefined ? {} : { most: most.held }),
    ...(given === undefined ? {} : { given }),
    ...(taken === undefined ? {} : { taken }),
    ...(changedOutside === undefined ? {} : { changedOutside }),
  }
}
