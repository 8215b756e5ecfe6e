/** Who holds a license, page by page, from the inventory: however many people there are, and nothing is asked of Genesys for it. */
import { nameOf } from '../../../people/find-users.ts'
import type { User } from '../../../people/user.ts'
import type { LicenseSeats } from '../../../seats/seats-port.ts'
import { NOT_WHOLE } from '../../../seats/words/seat-words.ts'
import type { Command } from '../../grammar/typed-command.ts'
import { nameText } from '../../grammar/typed-names.ts'
import { unknownOf } from '../words/plan-warnings.ts'
import { answerWith, type Part, type Reply, refuse, sayNote, sayText } from '../words/reply.ts'
import { ageTextOf } from '../words/times.ts'
import { findCounted } from './answer-seats.ts'
import { findLicense } from './find-named.ts'
import type { ChatSession } from './session.ts'

/** Rows of a page. */
const PAGE = 20

/** @throws GatewayError `reading.unavailable` before the first reading. */
export async function listHolders(
  session: ChatSession,
  { license: named, page = 1 }: Extract<Command, { verb: 'who' }>,
): Promise<Reply> {
  const now = await session.seats.now()
  const counted = findCounted(now, named)
  // What nobody holds may be a license all the same.
  const meant = 'reply' in counted ? await findLicense(session, named) : undefined
  if (meant && 'reply' in meant) return meant.reply
  const licenseId = 'licenseId' in counted ? counted.licenseId : (meant?.license.id ?? named)
  const entry = now.licenses.find((each) => each.licenseId === licenseId)
  const heading = headingOf(session, entry ?? { licenseId, held: 0 }, now.asOfMs)
  const pages = Math.max(1, Math.ceil((entry?.held ?? 0) / PAGE))
  const lineOf = (number: number) => `who ${nameText(licenseId)}${number === 1 ? '' : ` ${number}`}`
  if (page > pages) {
    return refuse(
      `${heading}: page ${page} is past the end, there ${pages === 1 ? 'is 1' : `are ${pages}`}`,
      sayNote('The last of them:', lineOf(pages)),
    )
  }
  const rows = (await readPage(session, licenseId, page)).map((each) => [nameOf(each), each.email ?? each.id])
  return answerWith(
    pages === 1 ? heading : `${heading}: page ${page} of ${pages}`,
    ...(rows.length === 0
      ? []
      : [{ kind: 'table', headings: ['name', 'e-mail or id'], rows } satisfies Part]),
    ...(now.isWhole ? [] : [sayText(NOT_WHOLE)]),
    ...(page < pages ? [sayNote('The next page:', lineOf(page + 1))] : []),
  )
}

function headingOf(
  { who, desk }: ChatSession,
  { licenseId, held, unknown = 0, seats }: Pick<LicenseSeats, 'licenseId' | 'held' | 'unknown' | 'seats'>,
  asOfMs: number,
): string {
  return [
    `${held} ${held === 1 ? 'holds' : 'hold'} ${licenseId}`,
    ...(seats === undefined ? [] : [`of ${seats} ${seats === 1 ? 'seat' : 'seats'}`]),
    ...unknownOf(unknown),
    `as of ${ageTextOf(asOfMs, who.timeZone, desk.clock.nowMs())}`,
  ].join(', ')
}

/** In the order of their ids; no more of the org is looked at than it takes. */
async function readPage(
  { inventory }: ChatSession,
  licenseId: string,
  page: number,
): Promise<readonly User[]> {
  const { users } = await inventory.everybody()
  const found: User[] = []
  let passed = 0
  for await (const user of users) {
    if (!user.licenses.some((each) => each.toLowerCase() === licenseId.toLowerCase())) continue
    passed += 1
    if (passed > (page - 1) * PAGE) found.push(user)
    if (found.length === PAGE) break
  }
  return found
}
