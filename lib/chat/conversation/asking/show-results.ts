/** What became of whom by a change, page by page: of everybody, or of those of one outcome. */
import type { Change, ChangeResult } from '../../../changes/answers/change-schemas.ts'
import { wordsOfStanding } from '../../../changes/answers/words/standing-words.ts'
import { pairOf } from '../../../changes/model/change.ts'
import type { Header } from '../../../changes/model/header.ts'
import { isSettled } from '../../../changes/model/transitions.ts'
import { readResults } from '../../../changes/record/read-results.ts'
import { requireHeader } from '../../../changes/record/write-header.ts'
import { deadlineIn } from '../../../clock.ts'
import type { Command } from '../../grammar/typed-command.ts'
import { type Fact, nameIn, outcomeFactsOf, outcomeTextOf, titleOf } from '../words/change-facts.ts'
import { humanizeSentence } from '../words/humanize-sentence.ts'
import { outcomeNotesOf, retryPartsOf } from '../words/list-words.ts'
import { answerWith, type Reply, sayNote, sayText } from '../words/reply.ts'
import { readNamesOf } from './find-named.ts'
import type { ChatSession } from './session.ts'

/** People on a page, each with what Genesys said of them. */
const MAX_PEOPLE = 10

/** For so long parts are looked through, milliseconds: a function lives half a minute, and is to answer yet. */
const PATIENCE_MS = 15_000

type Outcome = ChangeResult['outcome']

export async function showResults(
  session: ChatSession,
  found: Change,
  { outcome, page = 1 }: Extract<Command, { verb: 'results' }>,
): Promise<Reply> {
  const { id, state, failure, list } = found
  const counts = list?.outcomes ?? found.outcomes
  const { facts, hasMore, cutAt } = await readResultsOf(session, found, { page, size: MAX_PEOPLE, outcome })
  const first = (page - 1) * MAX_PEOPLE + 1
  const line = `results ${id}${outcome === undefined ? '' : ` ${outcome}`}`
  const what = `${state === 'INVALID' ? 'Bad rows' : 'People'}${outcome === undefined ? '' : ` of whom something is ${outcome}`}`
  return answerWith(
    `${titleOf(found)}: ${wordsOfStanding(found).standing}`,
    ...(counts ? [{ kind: 'facts', facts: outcomeFactsOf(counts) } as const] : []),
    ...(state === 'INVALID' && failure
      ? [sayText(`${humanizeSentence(failure.message, { timeZone: session.who.timeZone })}.`)]
      : []),
    ...(facts.length > 0
      ? [
          sayText(`${what}, ${first} to ${first + facts.length - 1}:`),
          { kind: 'facts', facts } as const,
          ...(hasMore ? [sayNote('There are more:', `${line} ${page + 1}`)] : []),
        ]
      : cutAt === undefined
        ? [
            sayText(
              state === 'PLANNING'
                ? 'It is being planned.'
                : `${what}: none${page === 1 ? '' : ` on page ${page}`}.`,
            ),
          ]
        : []),
    ...(cutAt === undefined
      ? []
      : [
          sayText(
            `There was no time to look through more than ${cutAt} of its ${list?.parts} parts. The file has all.`,
          ),
        ]),
    ...outcomeNotesOf(found, counts, outcome),
    ...retryPartsOf(found),
    sayNote('The whole change:', `change ${id}`),
  )
}

interface PageOfResults {
  readonly facts: readonly Fact[]
  readonly hasMore: boolean
  /** So many parts were looked through, where there was no time for all of them. */
  readonly cutAt?: number | undefined
}

export async function readResultsOf(
  session: ChatSession,
  { id, state }: Pick<Change, 'id' | 'state'>,
  { page, size, outcome }: { page: number; size: number; outcome?: Outcome | undefined },
): Promise<PageOfResults> {
  const { ledger, clock } = session.desk
  const header = await requireHeader(session.desk, id)
  const deadline = deadlineIn(PATIENCE_MS, clock)
  const before = (page - 1) * size
  const { from, skip } =
    outcome === undefined ? await pieceOf(session, header, before) : { from: 0, skip: before }
  const people = new Map<string, ChangeResult[]>()
  let cutAt: number | undefined
  for await (const { n, results } of readResults(ledger, header, from)) {
    for (const [index, result] of results.entries()) {
      if (outcome !== undefined && result.outcome !== outcome) continue
      const who = result.userId ?? result.featureName ?? `row ${index}`
      people.set(who, [...(people.get(who) ?? []), result])
    }
    if (people.size > skip + size) break
    if (deadline.remainingMs() > 0) continue
    cutAt = n + 1
    break
  }
  const shown = [...people].slice(skip, skip + size)
  const users = await readNamesOf(
    session,
    shown.flatMap(([, [first]]) => first?.userId ?? []),
  )
  const facts = shown.map(([who, results]): Fact => {
    const [{ line, outcome: became, result = '' } = {}] = results
    // Of a bad row its line is the name; what came as JSON has none, and says in its text where in the body it is.
    if (line !== undefined) return [`line ${line}`, result.replace(`line ${line}: `, '')]
    if (became === 'invalid') return ['in the body', result]
    return [nameIn(users, who), outcomeTextOf(results, isSettled(state))]
  })
  return { facts, hasMore: people.size > skip + size, cutAt }
}

/** Where a page of everybody begins: what is before it is counted by the list's plan alone. */
async function pieceOf(
  { desk: { ledger } }: ChatSession,
  header: Header,
  before: number,
): Promise<{ readonly from: number; readonly skip: number }> {
  let skip = before
  let from = 0
  if (!header.list) return { from, skip }
  for await (const { targets } of ledger.parts(header)) {
    const people = new Set(targets.map((each) => pairOf(each).userId)).size
    if (skip < people) break
    skip -= people
    from += 1
  }
  return { from, skip }
}
