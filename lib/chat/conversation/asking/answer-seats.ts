/** Seats and periods, from what is on record: nothing is asked of Genesys for them. */
import { GatewayError } from '../../../errors.ts'
import { nearest } from '../../../nearest.ts'
import type { SeatsNow } from '../../../seats/seats-port.ts'
import type { Command } from '../../grammar/typed-command.ts'
import { showNoPeriod, showPeriod } from '../words/period-replies.ts'
import { type Reply, refuse, sayNote, sayText } from '../words/reply.ts'
import { showLicenseSeats, showSeats } from '../words/seat-replies.ts'
import type { ChatSession } from './session.ts'

/** @throws GatewayError `reading.unavailable` before the first reading. */
export async function answerSeats(
  session: ChatSession,
  { license }: Extract<Command, { verb: 'seats' }>,
): Promise<Reply> {
  const { seats } = session
  const now = await seats.now()
  if (license === undefined) {
    const period = (await seats.periods()).find(({ status }) => status === 'open')
    return showSeats(now, period, readerOf(session))
  }
  const found = findCounted(now, license)
  if ('reply' in found) return found.reply
  const report = await seats.report('current')
  const entry = report.licenses.find(({ licenseId }) => licenseId === found.licenseId)
  if (entry) return showLicenseSeats(entry, report, readerOf(session))
  return refuse(`Of ${found.licenseId} nothing is on record in this period`, sayNote('All of them:', 'seats'))
}

/** @throws GatewayError `reading.unavailable` before the first reading. */
export async function answerReport(
  session: ChatSession,
  { period = 'current' }: Extract<Command, { verb: 'report' }>,
): Promise<Reply> {
  try {
    return showPeriod(await session.seats.report(period), readerOf(session))
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code !== 'not.found') throw error
    return showNoPeriod(period, await session.seats.periods(), readerOf(session))
  }
}

function readerOf({ who, desk }: ChatSession) {
  return { timeZone: who.timeZone, nowMs: desk.clock.nowMs() }
}

type Counted = { readonly licenseId: string } | { readonly reply: Reply }

/** As licenses are named elsewhere, of those that are counted: by id in any case, or the beginning of just one. */
export function findCounted({ licenses }: SeatsNow, typedName: string): Counted {
  const name = typedName.toLowerCase()
  const ids = licenses.map(({ licenseId }) => licenseId)
  const exact = ids.find((id) => id.toLowerCase() === name)
  if (exact !== undefined) return { licenseId: exact }
  const beginning = ids.filter((id) => id.toLowerCase().startsWith(name))
  const [only] = beginning
  if (only !== undefined && beginning.length === 1) return { licenseId: only }
  if (only !== undefined) {
    return {
      reply: refuse(`${typedName} could be any of ${beginning.length}`, sayText(beginning.join(', '))),
    }
  }
  const near = nearest(
    name,
    ids.map((id) => id.toLowerCase()),
  )
  const meant = ids.find((id) => id.toLowerCase() === near)
  return {
    reply: refuse(
      `Nobody holds a license ${typedName}, and the org file names none`,
      ...(meant === undefined ? [] : [sayText(`Did you mean “${meant}”?`)]),
      sayNote('Those that are counted:', 'seats'),
    ),
  }
}
