/** How far a list has come: a bar, what became of its pairs, at what pace, and what keeps it waiting or has ended it. */
import type { Change, ChangeOutcomes, ChangeResult } from '../../../changes/answers/change-schemas.ts'
import { isRetryOffered } from '../../../changes/answers/offer-decisions.ts'
import { countNames } from '../../../changes/answers/summarize.ts'
import { failingTextOf, shareOf, stoppedTextOf } from '../../../changes/answers/words/progress-words.ts'
import { isSettled } from '../../../changes/model/transitions.ts'
import { outcomeFactsOf, type ShownChange } from './change-facts.ts'
import { humanizeSentence } from './humanize-sentence.ts'
import { type Part, sayNote, sayText } from './reply.ts'
import { ageTextOf, distanceTextOf } from './times.ts'

type Progress = NonNullable<Change['list']>
type Fact = readonly [name: string, value: string]

/** Blocks of a whole bar: as many as a phone shows on one line. */
const BAR_LENGTH = 20

/** Parts to be looked at that are named. */
const MAX_NAMED = 3

/** Whether anything of it has begun, so that it has come anywhere. */
function isBegunList({ list }: Pick<Change, 'list'>): boolean {
  return list?.beganAt !== undefined
}

/** Nothing of what is no list, or has not begun. */
export function listPartsOf({ change, timeZone, nowMs }: ShownChange): Part[] {
  const { id, state, list, history } = change
  if (!list || !isBegunList(change)) return []
  const hasEnded = isSettled(state)
  const last = history.at(-1)
  const at = (iso: string) => ageTextOf(Date.parse(iso), timeZone, nowMs)
  return [
    sayText(
      `${barOf(list.outcomes)}${hasEnded || nowMs === undefined ? '' : `, as of ${ageTextOf(nowMs, timeZone, nowMs)}`}`,
    ),
    {
      kind: 'facts',
      facts: [...outcomeFactsOf(list.outcomes), ...paceFactsOf(list, at, nowMs)],
    },
    ...(state === 'PAUSED' && !list.stopped
      ? [sayText(`Paused by ${last?.byName ?? last?.by}: the part under way ends, and no other begins.`)]
      : []),
    ...stoppedPartsOf(list, hasEnded),
    ...(hasEnded ? [] : waitingPartsOf(list, at)),
    ...attentionPartsOf(list),
    ...(hasEnded ? [sayNote('What became of each:', `results ${id}`), ...retryPartsOf(change)] : []),
    ...(hasEnded || list.stopped
      ? []
      : [
          state === 'PAUSED'
            ? sayNote('To let it go on:', `resume ${id}`)
            : sayNote('To pause it:', `pause ${id}`),
          sayNote('To call off what has not begun:', `cancel ${id}`),
        ]),
  ]
}

/** Whole per cent, and a hundred of all alone. */
function barOf(outcomes: Progress['outcomes']): string {
  const { done, all, share } = shareOf(outcomes)
  const full = Math.floor(share * BAR_LENGTH)
  return `${'█'.repeat(full)}${'░'.repeat(BAR_LENGTH - full)} ${Math.floor(share * 100)} %: ${done} of ${all}`
}

function paceFactsOf(
  { requests, requestsPerMinute, endEstimatedAt, stopped }: Progress,
  at: (iso: string) => string,
  nowMs: number | undefined,
): Fact[] {
  const rate = requestsPerMinute === undefined ? '' : `, ${requestsPerMinute} a minute`
  const facts: Fact[] = [['requests', `${requests}${rate}`]]
  if (endEstimatedAt === undefined || stopped) return facts
  const distance = nowMs === undefined ? 'now' : distanceTextOf(Date.parse(endEstimatedAt), nowMs)
  const when = distance === 'now' ? at(endEstimatedAt) : `${at(endEstimatedAt)}, ${distance}`
  return [...facts, ['expected to end', when]]
}

function stoppedPartsOf(list: Progress, hasEnded: boolean): Part[] {
  const said = stoppedTextOf(list, hasEnded)
  if (said === undefined) return []
  const isGivenUp = list.stopped?.why === 'failing'
  return [
    sayText(said),
    ...(isGivenUp ? [sayNote('Whoever operates the gateway finds why in its log.')] : []),
  ]
}

function waitingPartsOf(list: Progress, at: (iso: string) => string): Part[] {
  const said = failingTextOf(list, at)
  return said === undefined ? [] : [sayText(said)]
}

/** What other facts of a change tell already. */
const toldBeside: readonly unknown[] = ['time', 'retry', 'writes.paused', 'failing']

/** Why it goes no further for now, and until when. */
export function waitsPartsOf({ change: { waits }, timeZone }: ShownChange): Part[] {
  if (!waits || toldBeside.includes(waits.why)) return []
  return [sayText(`${humanizeSentence(waits.says, { timeZone })}.`)]
}

function attentionPartsOf({ needAttention = [] }: Progress): Part[] {
  if (needAttention.length === 0) return []
  const more = needAttention.length - MAX_NAMED
  return [
    sayText('Of some of it nobody is sure. To have that looked at:'),
    { kind: 'command', lines: needAttention.slice(0, MAX_NAMED).map((id) => `settle ${id}`) },
    ...(more > 0 ? [sayNote(`And ${more} more parts.`)] : []),
  ]
}

/** What did not come about can be asked for once more, or has been. */
export function retryPartsOf(change: Change): Part[] {
  const { id, retriedBy } = change
  if (retriedBy !== undefined) return [sayNote('Planned anew as:', `change ${retriedBy}`)]
  return isRetryOffered(change) ? [sayNote('To plan anew what did not come about:', `retry ${id}`)] : []
}

/** Each outcome that somebody may want to look at, by the word that lists its people. */
const worthALook: readonly (readonly [keyof ChangeOutcomes, ChangeResult['outcome']])[] = [
  ['notApplied', 'not.applied'],
  ['unknown', 'unknown'],
  ['superseded', 'superseded'],
  ['conflict', 'conflict'],
  ['notSent', 'not.sent'],
]

/** What may be asked next of a change's results. @param shown the outcome that is shown; all where absent. */
export function outcomeNotesOf(
  { id }: Pick<Change, 'id'>,
  counts: ChangeOutcomes | undefined,
  shown: ChangeResult['outcome'] | undefined,
): Part[] {
  const filter = shown === undefined ? '' : `?outcome=${shown}`
  const option = shown === undefined ? '' : `--outcome ${shown} `
  return [
    ...(shown === undefined
      ? worthALook.flatMap(([name, outcome]) =>
          (counts?.[name] ?? 0) > 0
            ? [sayNote(`Only what is ${countNames[name]}:`, `results ${id} ${outcome}`)]
            : [],
        )
      : [sayNote('Everybody:', `results ${id}`)]),
    sayNote(
      `As a file: GET /v1/changes/${id}/results${filter} with “Accept: text/csv”, or npm run change -- results ${id} ${option}--out results.csv.`,
    ),
  ]
}
