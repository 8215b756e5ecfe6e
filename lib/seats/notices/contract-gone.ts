/** That billing tells of the contract no more, so that its seats count for today no longer: once for each time it goes. */
import { isoOf } from '../../utc-day.ts'
import type { SeatsNow } from '../seats-port.ts'
import type { Notice } from './notices.ts'
import { type NoticeWork, noteAndTell } from './tell-notice.ts'

/** @param told what was told last, which says of which time. */
export async function noteContractGone(
  work: NoticeWork,
  { contractGoneSinceMs, asOfMs, isWhole }: SeatsNow,
  told: readonly Notice[],
): Promise<void> {
  if (contractGoneSinceMs === undefined) return
  const goneSince = isoOf(contractGoneSinceMs)
  const seen = told.find(({ kind }) => kind === 'contract')
  if (seen?.kind === 'contract' && (!seen.isTold || seen.told.goneSince === goneSince)) return
  const gone = { goneSince, asOf: isoOf(asOfMs), isWhole }
  await noteAndTell(work, { kind: 'contract', name: 'billing', told: gone }, seen)
}
