/** Buttons: bound to the plan that was shown, and to who may press them. */
import { advance } from '../../../changes/carry-out/advance.ts'
import { announce } from '../../../changes/carry-out/announce.ts'
import { ChangeWriter } from '../../../changes/change-writer.ts'
import { cancelChange } from '../../../changes/decide/decide-cancel.ts'
import { rejectChange } from '../../../changes/decide/decide-change.ts'
import { revertDueAtOf } from '../../../changes/model/due.ts'
import { isLedgerDown, mayBeCarriedOut } from '../../../changes/model/failure.ts'
import type { Header } from '../../../changes/model/header.ts'
import { identifyActor, isSamePerson } from '../../../changes/model/policy.ts'
import { isSettled, listStates, runningStates, waitingStates } from '../../../changes/model/transitions.ts'
import { nameActor } from '../../../changes/name-parties.ts'
import { awaitSettled } from '../../../changes/record/repeats.ts'
import { requireHeader } from '../../../changes/record/write-header.ts'
import { deadlineIn } from '../../../clock.ts'
import { GatewayError } from '../../../errors.ts'
import { includesRole } from '../../../roles.ts'
import { recordsOf, standing as standingOf } from '../asking/change-lists.ts'
import { type ChatSession, chatCallerOf, markAnswered } from '../asking/session.ts'
import {
  type ButtonAction,
  type DeliveryReplies,
  type Reply,
  refuse,
  refuseRole,
  sayLines,
  sayText,
} from '../words/reply.ts'
import { endIfSealed, pressEnding } from './move-end.ts'
import { operationOfButton } from './operation-of.ts'
import { replyToRetry, replyToUndo } from './plan-wish.ts'
import { isListAct, type ListAct, steerList } from './steer-list.ts'
import { tellError } from './tell-error.ts'

/**
 * @param confirmPeople the count that was typed in place of a press; no button has one.
 * @throws Error for what is ours: whoever pressed is told so elsewhere.
 */
export async function pressButton(
  session: ChatSession,
  action: ButtonAction,
  confirmPeople?: number,
): Promise<DeliveryReplies> {
  try {
    return await carryOutPress(session, action, confirmPeople)
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    return { said: tellWithId(session, error, action.changeId) }
  }
}

/** @throws GatewayError where it cannot even be said how the change stands. */
async function carryOutPress(
  session: ChatSession,
  action: ButtonAction,
  confirmPeople: number | undefined,
): Promise<DeliveryReplies> {
  const refused = await refusalOf(session, action)
  if (refused) return { said: refused }
  // It makes a plan of its own, and the change that it takes back stands as it stood.
  const { do: act, ...rest } = action
  if (act === 'undo') return { said: await replyToUndo(session, action.changeId) }
  if (act === 'retry') return { said: await replyToRetry(session, action.changeId) }
  try {
    if (act === 'extend' || act === 'end') return await pressEnding(session, { do: act, ...rest })
    if (isListAct(act)) return { stands: await steerList(session, action.changeId, act) }
    await decideAs(session, { do: act, ...rest }, confirmPeople)
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    return await explainUndecided(session, action, error)
  }
  try {
    return { stands: await readStanding(session, action) }
  } catch (error) {
    const isReleased = act === 'apply' || act === 'approve'
    throw isReleased && isLedgerDown(error) ? mayBeCarriedOut(action.changeId, error) : error
  }
}

/** @returns what somebody is told whose button it is not; others may still press it. */
async function refusalOf(
  session: ChatSession,
  { do: act, changeId }: ButtonAction,
): Promise<Reply | undefined> {
  const { desk, who } = session
  const { role } = operationOfButton[act]
  if (!includesRole(who.role, role)) {
    session.noteRefusal(`it is for ${role}s`)
    return refuseRole(who.role, role)
  }
  if (act !== 'apply' && act !== 'cancel') return undefined
  const { actor } = await requireHeader(desk, changeId)
  if (isSamePerson(identifyActor(desk.policy, actor), identifyActor(desk.policy, who.actor))) return undefined
  session.noteRefusal('it is for whoever asked')
  return refuse(
    `This is ${nameActor(desk.policy, actor).name ?? actor.person ?? 'somebody else'}’s to confirm or call off`,
    sayText('Ask them to press it.'),
  )
}

async function decideAs(
  session: ChatSession,
  {
    do: act,
    changeId,
    digest,
  }: ButtonAction & {
    readonly do: Exclude<ButtonAction['do'], 'undo' | 'retry' | 'extend' | 'end' | ListAct>
  },
  confirmPeople: number | undefined,
): Promise<void> {
  const { desk, bus } = session
  const caller = chatCallerOf(session, act)
  switch (act) {
    case 'apply': {
      const bench = await session.bench()
      const answered = { ...bench, bus: markAnswered(bench.bus) }
      await new ChangeWriter(answered, caller).apply(changeId, digest, confirmPeople)
      return
    }
    case 'approve':
      await new ChangeWriter(await session.bench(), caller).approve(changeId, digest, confirmPeople)
      return
    case 'reject':
      await announce({ ...desk, bus }, (await rejectChange(desk, caller, changeId)).header)
      return
    case 'cancel': {
      // What it called off was a plan, when it was shown: no revert of what has been applied since.
      const { header } = await cancelChange(desk, caller, changeId, 'plan')
      await announce({ ...desk, bus: markAnswered(bus) }, header)
    }
  }
}

async function explainUndecided(
  session: ChatSession,
  action: ButtonAction,
  error: GatewayError,
): Promise<DeliveryReplies> {
  const { changeId } = action
  const header = await readLatest(session, changeId).catch((failed) => {
    // What could not be done, or is not known, says more than that it cannot be looked at either.
    throw isLedgerDown(failed) ? error : failed
  })
  // What was asked for has been tried, and this is how it ended; or it waits for somebody else already.
  const isAnswer =
    (header && isSettled(header.state) && header.failure?.code === error.code) ||
    error.code === 'change.approval.required'
  if (isAnswer) return { stands: await readStanding(session, action) }
  if (error.status < 500) session.noteRefusal(error.code)
  const said = tellWithId(session, error, changeId)
  const isAboutThem = error.code === 'change.approver.refused'
  if (!header || isAboutThem || !isStale(action, header)) return { said }
  // Whoever is still at it replaces the same message, and what it shows last must not be that it is under way.
  if (isUnderWay(header, session.desk.clock.nowMs())) return { said }
  return { said, stands: await readStanding(session, action) }
}

/** What went wrong here may have come after the decision: then they must look. */
function tellWithId(session: ChatSession, error: GatewayError, changeId: string): Reply {
  const told = tellError(session, error)
  return error.status < 500 ? told : { ...told, parts: [...told.parts, sayLines(`change ${changeId}`)] }
}

/** Whether the change has moved on, so that nobody can do what the button says. */
function isStale({ do: act, digest }: ButtonAction, header: Header): boolean {
  const { state, isReleased } = header
  if (act === 'extend') return endIfSealed(header, digest) === undefined
  if (act === 'end') return revertDueAtOf(header) === undefined
  if (act === 'resume') return state !== 'PAUSED'
  if (isListAct(act)) return !listStates.includes(state)
  if (act === 'approve' || act === 'reject') return state !== 'AWAITING_APPROVAL'
  return act === 'cancel'
    ? ![...waitingStates, 'PLANNING'].includes(state)
    : state !== 'PLANNED' || isReleased
}

/** UNKNOWN is what the press that sent it is answered with too. */
function isUnderWay({ state, notBeforeMs = 0, retryAtMs = 0 }: Header, nowMs: number): boolean {
  if (isSettled(state) || state === 'UNKNOWN') return false
  return runningStates.includes(state) || nowMs >= Math.max(notBeforeMs, retryAtMs)
}

/** How long somebody who came second waits for what the first is at, milliseconds: writes take one to three seconds. */
const PATIENCE_MS = 10_000

/** The change as it stands when nobody is at it, if that comes soon. A request that has lapsed is ended by whoever looks. */
async function readLatest({ desk, bench }: ChatSession, changeId: string): Promise<Header | undefined> {
  const { ledger, clock } = desk
  const header = await ledger.get(changeId)
  if (!header) return undefined
  const hasLapsed = header.state === 'AWAITING_APPROVAL' && clock.nowMs() >= header.approval.expiresAtMs
  return hasLapsed
    ? (await advance(await bench(), changeId, header)).header
    : await awaitSettled(desk, header, deadlineIn(PATIENCE_MS, clock))
}

async function readStanding(session: ChatSession, { do: act, changeId }: ButtonAction): Promise<Reply> {
  const change = await recordsOf(session).change(changeId)
  return await standingOf(session, change, act === 'approve' || act === 'reject')
}
