/** From a command to its reply: who may, what is meant, and what comes of it. */
import { GatewayError } from '../../../errors.ts'
import { includesRole } from '../../../roles.ts'
import type { Command, Parsed } from '../../grammar/typed-command.ts'
import { answerQuestion } from '../asking/answer-question.ts'
import type { ChatSession } from '../asking/session.ts'
import { explainMistake, explainVerbs, type Reply, refuse, refuseRole, sayText } from '../words/reply.ts'
import { cancelNow, rejectNow } from './call-off.ts'
import { confirmCount } from './confirm-count.ts'
import { endNow, extendNow } from './move-end.ts'
import { operationOf } from './operation-of.ts'
import { planAssignment, planToggle, replyToRetry, replyToSettle, replyToUndo } from './plan-wish.ts'
import { steerList } from './steer-list.ts'
import { tellError } from './tell-error.ts'
import { replyToWrites, throwWrites } from './throw-writes.ts'

/** @throws Error for what is ours: whoever asked is told so elsewhere. */
export async function answerLine(session: ChatSession, parsed: Parsed): Promise<Reply> {
  if ('misunderstood' in parsed) return explainMistake(parsed.misunderstood)
  const { command } = parsed
  if (command.verb === 'help') return explainVerbs(command.about)
  const { role, effect } = operationOf(command)
  if (!includesRole(session.who.role, role)) {
    session.noteRefusal(`it is for ${role}s`)
    return refuseRole(session.who.role, role)
  }
  const isToChange = effect === 'write' || effect === 'plan' || command.verb === 'extend'
  if (isToChange && !session.mayChange) {
    session.noteRefusal('nothing proves that it was asked now')
    return refuse('This message names no time at which it was written, so it can change nothing')
  }
  return await tellErrorsOf(session, command, () => answerCommand(session, command))
}

/** What a port throws becomes a reply; what is ours is thrown on. */
async function tellErrorsOf(
  session: ChatSession,
  command: Command,
  work: () => Promise<Reply>,
): Promise<Reply> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    return tellError(session, error, isPlanning(command))
  }
}

/** A wish that is typed becomes a plan, and of a plan nothing is sent. */
function isPlanning(command: Command): boolean {
  if (command.verb === 'toggle') return command.set !== undefined
  return (
    command.verb === 'grant' ||
    command.verb === 'revoke' ||
    command.verb === 'undo' ||
    command.verb === 'retry'
  )
}

/** What is decided stays decided. */
async function decideTyped(
  session: ChatSession,
  command: Extract<Command, { verb: 'confirm' | 'reject' | 'cancel' | 'pause' | 'resume' }>,
): Promise<Reply> {
  const { verb } = command
  if (!session.mayDecide) {
    session.noteRefusal('nothing proves who decides')
    const what = 'changeId' in command ? command.changeId : (command.because ?? '')
    const count = command.verb === 'confirm' ? ` ${command.count}` : ''
    return refuse(
      'Nothing proves here who decides',
      sayText(
        `Type “${`/license ${verb} ${what}${count}`.trim()}” in Slack, or decide it through the gateway’s API.`,
      ),
    )
  }
  switch (verb) {
    case 'confirm':
      return await confirmCount(session, command.changeId, command.count)
    case 'cancel':
      return await cancelNow(session, command.changeId)
    case 'reject':
      return await rejectNow(session, command.changeId, command.because)
    case 'pause':
    case 'resume':
      return 'changeId' in command
        ? await steerList(session, command.changeId, verb)
        : await throwWrites(session, verb === 'pause' ? 'paused' : 'running', command.because)
  }
}

async function answerCommand(
  session: ChatSession,
  command: Exclude<Command, { verb: 'help' }>,
): Promise<Reply> {
  switch (command.verb) {
    case 'toggle':
      return command.set === undefined
        ? await answerQuestion(session, command)
        : await planToggle(session, { ...command, set: command.set })
    case 'grant':
    case 'revoke':
      return await planAssignment(session, command)
    case 'undo':
      return await replyToUndo(session, command.changeId, command.because)
    case 'retry':
      return await replyToRetry(session, command.changeId)
    case 'extend':
      return await extendNow(session, command)
    case 'end':
      // Where nothing proves who asks, it is a request as any other.
      return session.mayDecide
        ? await endNow(session, command.changeId)
        : await replyToUndo(session, command.changeId)
    case 'settle':
      return await replyToSettle(session, command.changeId)
    case 'writes':
      return await replyToWrites(session)
    case 'confirm':
    case 'reject':
    case 'cancel':
    case 'pause':
    case 'resume':
      return await decideTyped(session, command)
    default:
      return await answerQuestion(session, command)
  }
}
