/** From when until when somebody has held what, and by which change: from the inventory, and nothing is asked of Genesys for it. */
import type { NamedHolding } from '../../../inventory/inventory-port.ts'
import { nameOf } from '../../../people/find-users.ts'
import { userOf } from '../../../people/user.ts'
import { NOT_WHOLE } from '../../../seats/words/seat-words.ts'
import type { Command } from '../../grammar/typed-command.ts'
import { answerWith, type Reply, refuse, sayNote, sayText } from '../words/reply.ts'
import { ageTextOf, spanTextOf } from '../words/times.ts'
import { ADDED_SINCE, findInReading } from './find-in-reading.ts'
import type { ChatSession } from './session.ts'

/** Rows of a page. */
const PAGE = 10

/** @throws GatewayError `reading.unavailable` before the first reading. */
export async function showHistory(
  session: ChatSession,
  { person, page = 1 }: Extract<Command, { verb: 'history' }>,
): Promise<Reply> {
  const meant = await findInReading(session, person)
  if ('reply' in meant) return meant.reply
  const user = meant.user ?? userOf(meant.userId, undefined, [])
  const { holdings, hasMore, asOfMs, isWhole } = await readPage(session, user.id, page)
  const { who, desk } = session
  const nowMs = desk.clock.nowMs()
  const name = nameOf(user)
  if (holdings.length === 0 && meant.user === undefined && isWhole && page === 1) {
    return refuse(
      `Nobody has had the id ${user.id} as of ${ageTextOf(asOfMs, who.timeZone, nowMs)}`,
      sayText(ADDED_SINCE),
    )
  }
  if (holdings.length === 0) {
    return answerWith(
      page === 1
        ? `${name} has held no license while there were records`
        : `${name}: nothing on page ${page}`,
    )
  }
  return answerWith(
    `What ${name} has held${page === 1 ? '' : `, page ${page}`}`,
    {
      kind: 'table',
      headings: ['license', 'from', 'until', 'by'],
      rows: holdings.map((each) => rowOf(each, who.timeZone, nowMs)),
    },
    ...(isWhole ? [] : [sayText(NOT_WHOLE)]),
    ...(hasMore ? [sayNote('There are more:', `history ${user.email ?? user.id} ${page + 1}`)] : []),
    sayNote(`As of ${ageTextOf(asOfMs, who.timeZone, nowMs)}, and what the gateway has settled since.`),
  )
}

function rowOf(holding: NamedHolding, timeZone: string, nowMs: number): string[] {
  const { licenseId, by, endedBy, fromMs, fromAfterMs, untilMs, untilAfterMs } = holding
  const at = (ms: number) => ageTextOf(ms, timeZone, nowMs)
  // What was done outside was done between two readings.
  const spanOf = (ms: number, afterMs: number | undefined) =>
    afterMs === undefined ? at(ms) : spanTextOf(afterMs, ms, timeZone, nowMs)
  const begun = by === 'before records' ? `before ${at(fromMs)}` : spanOf(fromMs, fromAfterMs)
  const ended =
    endedBy === undefined ? '' : `, ended ${endedBy === 'outside' ? '' : 'by '}${originTextOf(endedBy)}`
  return [
    licenseId,
    begun,
    untilMs === undefined ? 'now' : spanOf(untilMs, untilAfterMs),
    `${originTextOf(by)}${ended}`,
  ]
}

function originTextOf(by: NamedHolding['by']): string {
  if (typeof by === 'object') return `change ${by.changeId}`
  return by
}

/** Pages are counted from the latest; what came in between may have moved them on. */
async function readPage({ inventory }: ChatSession, userId: string, page: number) {
  let cursor: string | undefined
  for (let at = 1; ; at++) {
    const { holdings, next, asOfMs, isWhole } = await inventory.holdings({ userId, limit: PAGE, cursor })
    if (at === page || next === undefined) {
      const isReached = at === page
      return {
        holdings: isReached ? holdings : [],
        hasMore: isReached && next !== undefined,
        asOfMs,
        isWhole,
      }
    }
    cursor = next
  }
}
