/** What somebody wants a person to hold, as it is chosen and typed: kept as a draft, and asked for as a plan. Pure. */
import { faultInTime, isoOfTime } from '../parts/field-times.ts'

export interface Wish {
  /** License ids. */
  readonly gives: readonly string[]
  readonly takes: readonly string[]
  readonly reason: string
  /** As its field has it; empty where it is for good. */
  readonly until: string
  /** Of the plan that came of it. */
  readonly changeId?: string | undefined
}

export const noWish: Wish = { gives: [], takes: [], reason: '', until: '' }

export const wishDraftOf = (userId: string) => `licenses ${userId}`

/** @returns undefined where nothing is wished for. */
export function wishIn(draft: string | undefined): Wish | undefined {
  return draft === undefined ? undefined : { ...noWish, ...(JSON.parse(draft) as Partial<Wish>) }
}

/** As a box stands that is pressed. @param isHeld whether it is held now. */
export function pressLicense(wish: Wish, licenseId: string, isHeld: boolean): Wish {
  const isChosen = wish[isHeld ? 'takes' : 'gives'].includes(licenseId)
  // What was chosen before others gave or took it is no wish any more.
  const gives = wish.gives.filter((id) => id !== licenseId)
  const takes = wish.takes.filter((id) => id !== licenseId)
  if (isChosen) return { ...wish, gives, takes }
  return isHeld
    ? { ...wish, gives, takes: [...takes, licenseId] }
    : { ...wish, gives: [...gives, licenseId], takes }
}

/** Without what has come about meanwhile. @param held what they hold now. */
export function wishFor(wish: Wish, held: readonly string[]): Wish {
  return {
    ...wish,
    gives: wish.gives.filter((id) => !held.includes(id)),
    takes: wish.takes.filter((id) => held.includes(id)),
  }
}

/** @returns a sentence for each field that is wrong. @param nowMs epoch milliseconds. */
export function faultsInWish({ gives, takes, until }: Wish, timeZone: string, nowMs: number) {
  return {
    licenses:
      gives.length + takes.length === 0 ? 'Choose at least one license to give or to take.' : undefined,
    until: until === '' ? undefined : faultInTime(until, timeZone, nowMs),
  }
}

/** As `POST v1/changes` takes it. @param timeZone of the clocks by which it ends. */
export function giveOrTakeOf(userId: string, { gives, takes, reason, until }: Wish, timeZone: string) {
  return {
    kind: 'assignments',
    isDraft: true,
    assignments: [
      ...gives.map((licenseId) => ({ licenseId, userIdsAdd: [userId], userIdsRemove: [] })),
      ...takes.map((licenseId) => ({ licenseId, userIdsAdd: [], userIdsRemove: [userId] })),
    ],
    ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
    ...(until === '' ? {} : { revertAt: isoOfTime(until, timeZone) }),
  }
}
