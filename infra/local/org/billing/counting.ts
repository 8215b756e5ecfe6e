/** Whom billing counts, from who logged in and what they held. Holding alone is not billed, but of Genesys Cloud EX. */
import { DAY_MS, firstLogin, loginOn } from '../people/logins.ts'
import type { Truth } from '../truth.ts'
import { billedOf } from './charges.ts'

/** Billed without a login too. */
const WITHOUT_LOGIN = 'communicate'

const HOUR_MS = 3_600_000

/** People stay logged in for so long. Our choice. */
const SESSION_HOURS = 8

/** From one time until before another, epoch milliseconds. */
export interface Between {
  readonly fromMs: number
  readonly untilMs: number
}

/** Somebody who is billed, and when billing first saw them. */
export interface Billed {
  readonly index: number
  readonly firstSeenMs: number
}

/** By license id: who logged in, at the highest license held in that stretch, whoever has left since too. */
export function billedByLogin(
  { users, presence, heldIn }: Truth,
  { fromMs, untilMs }: Between,
): ReadonlyMap<string, readonly Billed[]> {
  const found = new Map<string, Billed[]>()
  for (let index = 0; index < users; index++) {
    const atMs = firstLogin(index, fromMs, untilMs, (at) => presence.couldLogIn(index, at))
    const billed = billedOf(heldIn(index, fromMs, untilMs))
    for (const licenseId of billed) {
      if (atMs === undefined && licenseId !== WITHOUT_LOGIN) continue
      const all = found.get(licenseId) ?? []
      all.push({ index, firstSeenMs: atMs ?? fromMs })
      found.set(licenseId, all)
    }
  }
  return found
}

/** By license id: the most who were logged in at the same hour, each at the highest license held on that day. */
export function peaks(truth: Truth, { fromMs, untilMs }: Between): ReadonlyMap<string, number> {
  const most = new Map<string, number>()
  for (let day = Math.floor(fromMs / DAY_MS); day * DAY_MS < untilMs; day++) {
    for (const [licenseId, hours] of loggedInByHour(truth, day)) {
      most.set(licenseId, Math.max(most.get(licenseId) ?? 0, ...hours))
    }
  }
  return most
}

function loggedInByHour({ users, presence, heldIn }: Truth, day: number): Map<string, number[]> {
  const byLicense = new Map<string, number[]>()
  for (let index = 0; index < users; index++) {
    const atMs = loginOn(index, day)
    if (atMs === undefined || !presence.couldLogIn(index, atMs)) continue
    const from = Math.floor((atMs - day * DAY_MS) / HOUR_MS)
    for (const licenseId of billedOf(heldIn(index, day * DAY_MS, (day + 1) * DAY_MS))) {
      const hours = byLicense.get(licenseId) ?? Array.from({ length: 24 }, () => 0)
      for (let hour = from; hour < Math.min(24, from + SESSION_HOURS); hour++)
        hours[hour] = (hours[hour] ?? 0) + 1
      byLicense.set(licenseId, hours)
    }
  }
  return byLicense
}
