/** What the page's figures are, and what is not known of them. */
import { utcDayOf } from '../../utc-day.ts'
import type { Counting, PeriodReport } from '../seats-port.ts'
import { paidBeforeText } from '../words/seat-words.ts'
import { mediumDay } from './wording.ts'

/** What being held means for a bill. */
export function countingNote(counting: Counting | undefined): string {
  if (counting === 'named')
    return 'Named licensing: Genesys bills whoever logged in during the period, at the highest license held in it. What is held here is not what will be billed.'
  if (counting === 'concurrent')
    return 'Concurrent licensing: Genesys bills the most people who were logged in at once. How many hold a license is not that peak, and no figure here is.'
  return 'Whether the contract counts named or concurrent users is not known: no API of Genesys tells, and the org file does not say it (counting).'
}

/** Those that this report needs; each is a sentence or two. */
export function notesOf(report: PeriodReport): readonly string[] {
  const { licenses, from, status, isWhole, unmapped, contractGoneSinceMs, seatsFromDay } = report
  const days = licenses.flatMap((license) => license.days)
  const hasContract = from === 'contract' || licenses.some(({ seatsFrom }) => seatsFrom === 'contract')
  const notes: readonly (string | false)[] = [
    status === 'open'
      ? 'Held is how many people the last reading of the organization showed with the license, with what the gateway has settled since. It is not what is billed.'
      : 'Held is how many people held the license when the period ended, as the last reading before its end showed it. It is not what is billed.',
    licenses.some(({ unknown = 0 }) => unknown > 0) &&
      'More not known: so many people hold it or do not, since a write of the gateway’s may or may not have come about. They are not counted as held.',
    'Paid for is what the contract has prepaid, or the seats of the org file. Over is held less paid for. Where it says not told or not known, nobody has told it: that is not zero.',
    'Billed is what Genesys’s billing had counted when it was last asked, of the charges that the org file names for the license. How fresh that is Genesys does not say. There are no prices here.',
    'Days are UTC, and a day shows its last reading: what came and went between two readings is not seen. A day without a reading stays open in charts.',
    (isWhole === false || days.some((day) => day.isWhole === false)) &&
      'Not whole, or somebody missing: all of the organization was read, and somebody was not found of whom it is not known yet what became. What they held is counted as before until the next whole reading has not found them either, or the directory says that they were deleted.',
    'Outside counts what two readings show and no change of the gateway’s explains: done in Genesys itself. Before anything was on record is what the first reading found.',
    hasContract &&
      'The contract is read by an API of Genesys’s that is a preview and may change. Start and end are told as Genesys gives them; whether the last day still belongs to the period it does not say.',
    from === 'calendar' &&
      'Genesys told no billing period for it, so the period is the calendar month, which need not be Genesys’s.',
    seatsFromDay !== undefined && paidBeforeText(mediumDay(seatsFromDay)),
    'At most counted is the highest of what whole readings counted in the period and of what is held now: what was given and taken again between two readings is in it only as long as it is held.',
    contractGoneSinceMs !== undefined &&
      `The contract is told no more: Genesys told of it last on ${mediumDay(utcDayOf(contractGoneSinceMs))}. Its seats count for today no longer; what closed periods came to stays on record.`,
    unmapped.length > 0 &&
      'Which license a charge is for no API tells: the org file does (licenses, charges). What it names nowhere, and what several organizations share, is shown here and counted for none.',
  ]
  return notes.filter((note) => note !== false)
}
