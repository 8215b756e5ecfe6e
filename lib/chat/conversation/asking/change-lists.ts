/** Changes on record as a person in chat asks for them: lists by page, what waits for approvers, one change. */

import type { Change, ChangeListing } from '../../../changes/answers/change-schemas.ts'
import { offerDecisions } from '../../../changes/answers/offer-decisions.ts'
import { requesterOf, stateWords } from '../../../changes/answers/summarize.ts'
import { wordsOfStanding } from '../../../changes/answers/words/standing-words.ts'
import { openStates } from '../../../changes/model/transitions.ts'
import type { ListFilter } from '../../../changes/record/ledger.ts'
import { RecordKeeper } from '../../../changes/record-keeper.ts'
import { GatewayError } from '../../../errors.ts'
import { tellApartUnasked } from '../../../people/find-users.ts'
import { type User, userOf } from '../../../people/user.ts'
import { DAY_MS } from '../../../utc-day.ts'
import type { Command } from '../../grammar/typed-command.ts'
import { type Fact, MAX_PEOPLE, pageOfPeople, peopleFactsOf, titleOf } from '../words/change-facts.ts'
import { showStanding } from '../words/change-replies.ts'
import { humanizeSentence } from '../words/humanize-sentence.ts'
import { answerWith, cut, oneLine, type Part, type Reply, sayNote } from '../words/reply.ts'
import { timeTextOf } from '../words/times.ts'
import { readNamesIn } from './find-named.ts'
import { type ChatSession, chatCallerOf, deciderOf } from './session.ts'
import { readResultsOf } from './show-results.ts'

/** What `changes due` lists. */
const DUE_WITHIN_MS = 7 * DAY_MS

/** Rows of a list in a reply. */
const MAX_ROWS = 20

export function recordsOf(session: ChatSession): RecordKeeper {
  return new RecordKeeper(session.desk, () => chatCallerOf(session, 'read'))
}

export async function listChanges(
  session: ChatSession,
  { which, page = 1 }: Extract<Command, { verb: 'changes' }>,
): Promise<Reply> {
  const { who } = session
  const filter = { all: {}, mine: { actor: who.person }, open: { states: openStates }, due: {} }[which]
  const isDue = which === 'due'
  const { entities, hasMore } = await pageOf(session, filter, page, isDue ? DUE_WITHIN_MS : undefined)
  const title = {
    all: 'Changes',
    mine: 'Your changes',
    open: 'Open changes',
    due: 'Taken back within a week',
  }[which]
  if (entities.length === 0)
    return answerWith(page === 1 ? `${title}: none` : `${title}: none on page ${page}`)
  const users = await onlyUsersOf(session, entities)
  return answerWith(
    page === 1 ? title : `${title}, page ${page}`,
    {
      kind: 'table',
      headings: ['id', 'what', 'who', isDue ? 'taken back' : 'when'],
      rows: entities.map((each) => [
        each.id,
        `${titleOf(each, users)}: ${standingIn(each, who.timeZone)}`,
        requesterOf(each.actor),
        timeTextOf(Date.parse((isDue ? each.revert?.dueAt : undefined) ?? each.createdAt), who.timeZone),
      ]),
    },
    ...moreNotesOf(hasMore, `changes ${which === 'all' ? '' : `${which} `}${page + 1}`),
    sayNote('To see one:', 'change <id>'),
  )
}

/** Characters of a list's row that say why something failed; the change itself has all. */
const MAX_WHY = 120

function standingIn(change: Change, timeZone: string): string {
  const { state, failure } = change
  const { standing: sentence } = wordsOfStanding(change)
  const tellStanding = sentence === stateWords.APPLIED.standing && state === 'APPLIED' ? 'done' : sentence
  return failure === undefined
    ? tellStanding
    : `${tellStanding}: ${cut(oneLine(humanizeSentence(failure.message, { timeZone })), MAX_WHY)}`
}

/** What waits for an approver. Where there is one alone, the whole of it, with what the asker may do about it. */
export async function listApprovals(session: ChatSession): Promise<Reply> {
  const { who, desk } = session
  const { entities, hasMore } = await pageOf(session, { states: ['AWAITING_APPROVAL'] }, 1)
  const nowMs = desk.clock.nowMs()
  const open = entities.filter(
    ({ approval }) => approval?.expiresAt !== undefined && nowMs < Date.parse(approval.expiresAt),
  )
  if (open.length === 0) return answerWith('Nothing waits for an approver')
  const theirs = open.filter((each) => offerDecisions(each, deciderOf(session), nowMs).includes('approve'))
  const [only] = theirs.length === 1 ? theirs : open.length === 1 ? open : []
  if (only && open.length === 1) return await showChange(session, { verb: 'change', changeId: only.id })
  const users = await onlyUsersOf(session, open)
  const until = ({ approval }: Change) =>
    approval?.expiresAt === undefined ? '' : timeTextOf(Date.parse(approval.expiresAt), who.timeZone)
  const table: Part = {
    kind: 'table',
    headings: ['id', 'what', 'who', 'until'],
    rows: open.map((each) => [each.id, titleOf(each, users), requesterOf(each.actor), until(each)]),
  }
  const more = moreNotesOf(hasMore, 'changes open')
  const opening = sayNote('To see one, and to decide about it:', 'change <id>')
  const heading = `${open.length} changes wait for an approver`
  if (!only) return answerWith(heading, table, ...more, opening)
  const shown = await showChange(session, { verb: 'change', changeId: only.id })
  return {
    ...shown,
    title: `${heading}, one of them for you`,
    parts: [table, ...more, opening, sayNote(shown.title), ...shown.parts],
  }
}

export async function showChange(
  session: ChatSession,
  { changeId, people }: Extract<Command, { verb: 'change' }>,
): Promise<Reply> {
  const found = await recordsOf(session).change(changeId)
  if (people !== undefined) return await listPeopleOf(session, found, people)
  return await standing(session, found)
}

/**
 * How it stands, and what the person may do about it.
 *
 * @param isForAll where others look at it just as much, such as approvers at what one of them decided.
 */
export async function standing(session: ChatSession, found: Change, isForAll = false): Promise<Reply> {
  const { who, desk } = session
  const nowMs = desk.clock.nowMs()
  return showStanding({
    change: found,
    users: await readNamesIn(session, found),
    timeZone: who.timeZone,
    nowMs,
    may: isForAll ? [] : offerDecisions(found, deciderOf(session), nowMs),
  })
}

async function listPeopleOf(session: ChatSession, found: Change, page: number): Promise<Reply> {
  const { all, facts } = found.list
    ? await readPeopleOfList(session, found, page)
    : await readPeopleOf(session, found, page)
  if (facts.length === 0) {
    return answerWith(
      all === 0 ? `${titleOf(found)}: it is about nobody` : `${all} people: none on page ${page}`,
      sayNote('To see it:', `change ${found.id}`),
    )
  }
  const first = (page - 1) * MAX_PEOPLE + 1
  return answerWith(
    `${titleOf(found)}: people ${first} to ${first + facts.length - 1} of ${all}`,
    { kind: 'facts', facts },
    ...moreNotesOf(page * MAX_PEOPLE < all, `change ${found.id} people ${page + 1}`),
    ...(found.list ? [sayNote('What became of how many:', `results ${found.id}`)] : []),
    sayNote('The whole change:', `change ${found.id}`),
  )
}

interface PageOfPeople {
  /** How many there are. */
  readonly all: number
  readonly facts: readonly Fact[]
}

async function readPeopleOf(session: ChatSession, found: Change, page: number): Promise<PageOfPeople> {
  const all = found.before && 'users' in found.before ? found.before.users.length : 0
  const shown = pageOfPeople(found, page)
  return { all, facts: peopleFactsOf(shown, await readNamesIn(session, shown)) }
}

async function readPeopleOfList(session: ChatSession, found: Change, page: number): Promise<PageOfPeople> {
  const { desired } = found
  const all = 'users' in desired && typeof desired.users === 'number' ? desired.users : 0
  if ((page - 1) * MAX_PEOPLE >= all) return { all, facts: [] }
  const { facts } = await readResultsOf(session, found, { page, size: MAX_PEOPLE })
  return { all, facts }
}

function moreNotesOf(hasMore: boolean, line: string): Part[] {
  return hasMore ? [sayNote('There are more:', line)] : []
}

/** A page of a list, counted from the newest; what came in between may have moved it on. */
async function pageOf(
  session: ChatSession,
  filter: ListFilter,
  page: number,
  dueWithinMs?: number,
): Promise<{ readonly entities: ChangeListing['entities']; readonly hasMore: boolean }> {
  const read = recordsOf(session)
  let cursor: string | undefined
  for (let at = 1; ; at++) {
    const { entities, next } = await read.changes({ filter, limit: MAX_ROWS, cursor, dueWithinMs })
    if (at === page) return { entities, hasMore: next !== undefined }
    if (next === undefined) return { entities: [], hasMore: false }
    cursor = next
  }
}

/** Whom changes about one user alone are about, by one request; without Genesys the records' own words stand. */
async function onlyUsersOf(session: ChatSession, listed: readonly Change[]): Promise<readonly User[]> {
  const ids = new Set(
    // Where the plan has looked, its own line names them already.
    listed.flatMap(({ desired, summary }) =>
      'userId' in desired && desired.userId && summary.includes(desired.userId) ? [desired.userId] : [],
    ),
  )
  if (ids.size === 0) return []
  try {
    const { genesys } = await session.bench()
    const known = await genesys.getDirectoryUsers([...ids])
    return known.map((each) => tellApartUnasked(userOf(each.id, each, [])))
  } catch (error) {
    if (error instanceof GatewayError) return []
    throw error
  }
}
