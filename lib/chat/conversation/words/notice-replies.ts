/** What a whole channel is told of seats: counts and ids of changes, and no names. */
import type { ContractTold, DigestTold, OutsideTold, SeatsTold } from '../../../seats/notices/notices.ts'
import {
  barOf,
  byOver,
  contractGoneText,
  countOf,
  dayTextOf,
  heldCellOf,
  heldOfSeats,
  NOT_WHOLE,
  overTextOf,
} from '../../../seats/words/seat-words.ts'
import { linkToSeats, type Part, type Reply, sayNote, sayText } from './reply.ts'
import { sayConcurrent } from './seat-parts.ts'
import { ageTextOf } from './times.ts'

/** The channel is many people's, in zones of their own. */
const ZONE = 'UTC'

export function showSeatsTold(told: SeatsTold, nowMs: number): Reply {
  const { licenseId, turn, standing, was, counting, isWhole, unknown } = told
  const isEntered = turn === 'entered'
  return {
    title: `${licenseId}: ${heldOfSeats(told)}${periodTextOf(told, nowMs)}; ${turnTextOf(told, nowMs)}`,
    tone: isEntered ? 'warning' : standing === 'within' ? 'good' : 'info',
    isPrivate: false,
    onPage: linkToSeats,
    parts: [
      ...(isEntered && was === 'near' && standing === 'over'
        ? [sayText('It was near its seats before.')]
        : []),
      ...sayConcurrent(counting),
      ...(unknown
        ? [
            sayText(
              `Of ${countOf(unknown, 'more person', 'more people')} it is not known whether they hold it.`,
            ),
          ]
        : []),
      ...(isWhole ? [] : [sayText(NOT_WHOLE)]),
      sayNote(
        `${asOfText(told, nowMs)} Seats are as ${told.seatsFrom === 'contract' ? 'the contract' : 'the org file'} has them.`,
      ),
      ...(isEntered ? [sayNote('Who holds it:', `who ${licenseId}`)] : []),
      ...(told.behind?.changes
        .slice(0, 1)
        .map(({ changeId }) => sayNote('The latest change:', `change ${changeId}`)) ?? []),
    ],
  }
}

function periodTextOf({ period }: Pick<SeatsTold, 'period'>, nowMs: number): string {
  if (period === undefined) return ''
  // What Genesys does not tell is the calendar's to say, and is named as that.
  const what = period.from === 'contract' ? 'period' : 'calendar month'
  return `, ${what} ends ${dayTextOf(period.end, nowMs)}`
}

function turnTextOf(told: SeatsTold, nowMs: number): string {
  const { turn, standing, was, since } = told
  if (turn === 'left') {
    const what = was === 'over' ? 'no longer over its seats' : 'no longer near its seats'
    return standing === 'near' ? `${what}, but near them` : what
  }
  const day = since === new Date(nowMs).toISOString().slice(0, 10) ? 'today' : dayTextOf(since, nowMs)
  if (standing === 'near') return `near its seats since ${day}`
  const behind = behindTextOf(told.behind)
  return `over since ${day}${told.isFromFirst ? ' at the latest' : ''}${behind === '' ? '' : `, by ${behind}`}`
}

/** Changes that are named in a line; all of them are in the event and in the report. */
const MAX_NAMED = 3

/** Who is behind it, counted: the first says of whom, the others count on. */
function behindTextOf(behind: SeatsTold['behind']): string {
  if (behind === undefined) return ''
  const { changes, byMoreChanges = 0, outside = 0, beforeRecords = 0 } = behind
  const byChanges = changes.reduce((sum, { people }) => sum + people, byMoreChanges)
  const ways = [
    { people: byChanges, how: `given it in ${changesTextOf(behind)}` },
    { people: outside, how: 'given it outside of the gateway' },
    { people: beforeRecords, how: 'who had it before anything was on record' },
  ].filter(({ people }) => people > 0)
  return joinWords(
    ways.map(
      ({ people, how }, place) => `${place === 0 ? countOf(people, 'person', 'people') : people} ${how}`,
    ),
  )
}

function changesTextOf({ changes, byMoreChanges = 0 }: NonNullable<SeatsTold['behind']>): string {
  const named = changes.slice(0, MAX_NAMED).map(({ changeId }) => changeId)
  if (changes.length > named.length || byMoreChanges > 0) return `changes ${named.join(', ')} and others`
  return `${named.length === 1 ? 'change' : 'changes'} ${joinWords(named)}`
}

function joinWords(words: readonly string[]): string {
  const last = words.at(-1) ?? ''
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`
}

function asOfText({ asOf }: { readonly asOf: string }, nowMs: number): string {
  return `As of ${ageTextOf(Date.parse(asOf), ZONE, nowMs)}, and what the gateway has settled since.`
}

export function showContractGone({ goneSince }: ContractTold, nowMs: number): Reply {
  return {
    title: 'Genesys tells of the contract no more',
    tone: 'warning',
    isPrivate: false,
    onPage: linkToSeats,
    parts: [
      sayText(contractGoneText(dayTextOf(goneSince, nowMs))),
      sayText(
        'Seats that the org file names count on. What is over its seats by the contract is told no more.',
      ),
      sayNote('What is held and paid for now:', 'seats'),
    ],
  }
}

export function showOutsideTold(told: OutsideTold, nowMs: number): Reply {
  const { given, taken, people, licenses, isWhole } = told
  const counts = [
    ...(given > 0 ? [`${countOf(given, 'license', 'licenses')} given`] : []),
    ...(taken > 0 ? [`${given > 0 ? taken : countOf(taken, 'license', 'licenses')} taken`] : []),
  ]
  return {
    title: `Changed outside of the gateway: ${counts.join(', ')}, of ${countOf(people, 'person', 'people')}`,
    tone: 'info',
    isPrivate: false,
    parts: [
      {
        kind: 'table',
        headings: ['license', 'given', 'taken'],
        rows: licenses.map((each) => [each.licenseId, String(each.given), String(each.taken)]),
      },
      ...(isWhole ? [] : [sayText(NOT_WHOLE)]),
      sayNote(
        `Found by the reading of ${ageTextOf(Date.parse(told.asOf), ZONE, nowMs)}, since the whole one before it.`,
      ),
      sayNote('Whose licenses have changed, one by one:', 'history <person>'),
    ],
  }
}

export function showDigest(told: DigestTold, nowMs: number): Reply {
  const { licenses, counting, isWhole, day } = told
  const isOver = licenses.some((each) => (each.over ?? 0) > 0)
  const over = overTextOf(licenses)
  const table: Part = {
    kind: 'table',
    headings: ['license', '', 'held'],
    rows: byOver(licenses).map((each) => [each.licenseId, barOf(each), heldCellOf(each)]),
  }
  return {
    title: `Licenses on ${dayTextOf(day, nowMs)}${periodTextOf(told, nowMs)}${over === undefined ? '' : `: ${over}`}`,
    tone: isOver ? 'warning' : 'info',
    isPrivate: false,
    onPage: linkToSeats,
    parts: [
      ...(licenses.length === 0 ? [] : [table]),
      ...(told.contractGoneSince === undefined
        ? []
        : [sayText(contractGoneText(dayTextOf(told.contractGoneSince, nowMs)))]),
      ...movedParts(told, nowMs),
      ...sayConcurrent(counting),
      ...(isWhole ? [] : [sayText(NOT_WHOLE)]),
      sayNote(asOfText(told, nowMs)),
      sayNote('All figures of the period:', 'report'),
    ],
  }
}

/** What has moved in the period, in a line; nothing where that is not known. */
function movedParts({ licenses, countedFrom }: DigestTold, nowMs: number): Part[] {
  const sum = (of: 'given' | 'taken' | 'changedOutside') => {
    const known = licenses.flatMap((each) => each[of] ?? [])
    return known.length === 0 ? undefined : known.reduce((all, each) => all + each, 0)
  }
  const [given, taken, outside] = [sum('given'), sum('taken'), sum('changedOutside')]
  if (given === undefined || taken === undefined || outside === undefined) return []
  const since =
    countedFrom === undefined
      ? 'In this period'
      : `Since ${dayTextOf(countedFrom, nowMs)}, when the first reading was made,`
  return [
    sayText(
      `${since} ${given} were given and ${taken} taken by changes, and ${outside} changed outside of the gateway.`,
    ),
  ]
}
