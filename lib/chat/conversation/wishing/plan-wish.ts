/** Wishes: each becomes a plan with buttons. Nothing is sent before somebody presses one. */

import type { Change } from '../../../changes/answers/change-schemas.ts'
import { offerDecisions } from '../../../changes/answers/offer-decisions.ts'
import { announce } from '../../../changes/carry-out/announce.ts'
import { ChangePlanner } from '../../../changes/change-planner.ts'
import type { ChangeOrder } from '../../../changes/model/change-order.ts'
import { REASON_MISSING } from '../../../changes/plan/guards/require-reason.ts'
import { type FieldFault, GatewayError } from '../../../errors.ts'
import { nameOf, tellApart } from '../../../people/find-users.ts'
import type { User } from '../../../people/user.ts'
import type { Command, Moment, Until } from '../../grammar/typed-command.ts'
import { findLicense, findPeople, readNamesIn } from '../asking/find-named.ts'
import { type ChatSession, chatCallerOf, deciderOf } from '../asking/session.ts'
import { showAccepted, showPlan, showStanding } from '../words/change-replies.ts'
import { type Reply, refuse, sayText } from '../words/reply.ts'
import { instantOfMoment, timeTextOf } from '../words/times.ts'

type ToggleSetting = Extract<Command, { verb: 'toggle' }> & {
  readonly set: NonNullable<Extract<Command, { verb: 'toggle' }>['set']>
}
type Assigning = Extract<Command, { verb: 'grant' | 'revoke' }>

export async function planToggle(session: ChatSession, { feature, set }: ToggleSetting): Promise<Reply> {
  const { enabled, at, for: duration, because } = set
  const past = refusePastTime(session, at)
  if (past) return past
  return await planOrder(
    session,
    {
      kind: 'toggle',
      featureName: feature,
      enabled,
      reason: because,
      notBefore: at && isoOf(session, at),
      revertAfter: duration,
    },
    [],
  )
}

export async function planAssignment(session: ChatSession, command: Assigning): Promise<Reply> {
  const isGrant = command.verb === 'grant'
  const until = isGrant ? command.until : undefined
  const past = refusePastTime(session, until && 'at' in until ? until.at : undefined)
  if (past) return past
  const license = await findLicense(session, command.license)
  if ('reply' in license) return license.reply
  const people = await findPeople(session, command.people)
  if ('reply' in people) return people.reply
  const ids = people.users.map(({ id }) => id)
  return await planOrder(
    session,
    {
      kind: 'assignments',
      assignments: [
        {
          licenseId: license.license.id,
          userIdsAdd: isGrant ? ids : [],
          userIdsRemove: isGrant ? [] : ids,
        },
      ],
      reason: command.because,
      ...(until && untilOf(session, until)),
    },
    await tellApart((await session.bench()).genesys, people.users),
  )
}

/** @param because as it was typed; a button has none. */
export async function replyToUndo(session: ChatSession, changeId: string, because?: string): Promise<Reply> {
  return await unlessReasonless(
    session,
    `Type “undo ${changeId} because”, and the reason behind it.`,
    async () => {
      const { value } = await (await openPlanner(session, 'undo')).undo(changeId, session.asked, because)
      return await replyToPlan(session, value, await readNamesIn(session, value))
    },
  )
}

/** What did not come about, planned anew. @throws GatewayError as over HTTP. */
export async function replyToRetry(session: ChatSession, changeId: string): Promise<Reply> {
  const { value } = await (await openPlanner(session, 'retry')).retry(changeId, { asked: session.asked })
  return await replyToPlan(session, value, await readNamesIn(session, value))
}

/** Nothing is sent: what is read decides how the change stands. */
export async function replyToSettle(session: ChatSession, changeId: string): Promise<Reply> {
  const { value: change } = await (await openPlanner(session, 'settle')).settle(changeId)
  return showStanding({
    change,
    users: await readNamesIn(session, change),
    timeZone: session.who.timeZone,
  })
}

async function planOrder(session: ChatSession, order: ChangeOrder, users: readonly User[]): Promise<Reply> {
  return await unlessReasonless(session, 'Add “because” and the reason at the end of the line.', async () => {
    const { value } = await (await openPlanner(session, 'plan')).plan(order, session.asked, (userId) => {
      const user = users.find(({ id }) => id === userId)
      return user && { name: user.name && nameOf(user), state: user.state }
    })
    return await replyToPlan(session, value, users)
  })
}

/** @param how a reason is typed here. */
async function unlessReasonless(
  session: ChatSession,
  how: string,
  plan: () => Promise<Reply>,
): Promise<Reply> {
  try {
    return await plan()
  } catch (error) {
    const missing = error instanceof GatewayError ? error.faults.find(isReasonMissing) : undefined
    if (missing === undefined) throw error
    session.noteRefusal('a reason is asked for')
    return refuse(`A reason ${missing.message}`, sayText(how))
  }
}

const isReasonMissing = ({ errorCode }: FieldFault) => errorCode === REASON_MISSING

async function openPlanner(session: ChatSession, operation: string): Promise<ChangePlanner> {
  return new ChangePlanner(await session.bench(), chatCallerOf(session, operation))
}

/** A replay of the same delivery may find it further on. */
async function replyToPlan(session: ChatSession, change: Change, users: readonly User[]): Promise<Reply> {
  if (change.state === 'AWAITING_APPROVAL') await askApprovers(session, change.id)
  const nowMs = session.desk.clock.nowMs()
  const may = offerDecisions(change, deciderOf(session), nowMs)
  const shown = { change, users, may, timeZone: session.who.timeZone, nowMs }
  if (change.state === 'AWAITING_APPROVAL') return showAccepted(shown)
  return change.state === 'PLANNED' || change.state === 'NOOP' ? showPlan(shown) : showStanding(shown)
}

/** What is asked for in Teams is a request at once, and approvers need not wait for the tick to hear of it. */
async function askApprovers({ desk, bus }: ChatSession, changeId: string): Promise<void> {
  try {
    const header = await desk.ledger.get(changeId)
    if (header) await announce({ ...desk, bus }, header)
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    desk.log.noteDeferred(changeId, 'its approvers could not be asked at once', error)
  }
}

/** The end of what is wished for, as an order names it. */
export function untilOf(session: ChatSession, until: Until) {
  return 'for' in until ? { revertAfter: until.for } : { revertAt: isoOf(session, until.at) }
}

function isoOf(session: ChatSession, moment: Moment): string {
  return new Date(instantIn(session, moment)).toISOString()
}

function instantIn({ desk, who }: ChatSession, moment: Moment): number {
  return instantOfMoment(moment, desk.clock.nowMs(), who.timeZone)
}

/** @returns what somebody is told who named a time that is over. */
export function refusePastTime(session: ChatSession, moment: Moment | undefined): Reply | undefined {
  if (moment === undefined) return undefined
  const atMs = instantIn(session, moment)
  if (atMs > session.desk.clock.nowMs()) return undefined
  return refuse(`${timeTextOf(atMs, session.who.timeZone)} is past`, sayText('Name a time to come.'))
}
