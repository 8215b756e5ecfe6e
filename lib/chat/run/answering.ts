/** From a command to its reply: who may, what is meant, and what comes of it. */
import { GatewayError } from '../../errors.ts'
import type { Role } from '../../operation.ts'
import { includesRole } from '../../role.ts'
import type { Command } from '../command.ts'
import { parse } from '../grammar/parse.ts'
import type { Reply } from '../reply.ts'
import { answerTo } from './reading.ts'
import { failed, help, misunderstood, refusal, text } from './said.ts'
import type { Session } from './session.ts'
import { planAssignment, planToggle, planUndo } from './writing.ts'

/** @param line what was typed behind the command. */
export async function answerLine(session: Session, line: string): Promise<Reply> {
  const parsed = parse(line)
  if ('misunderstood' in parsed) return misunderstood(parsed.misunderstood)
  return await guarded(() => answerCommand(session, parsed.command))
}

/** What a port throws becomes a reply; what is ours is thrown on. */
export async function guarded(work: () => Promise<Reply>): Promise<Reply> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof GatewayError) return failed(error)
    throw error
  }
}

async function answerCommand(session: Session, command: Command): Promise<Reply> {
  const asked = roleFor(command)
  if (!includesRole(session.who.role, asked)) {
    return refusal(
      `This is for ${asked}s`,
      text(
        `You are a ${session.who.role} here. Whoever looks after the gateway can change that in the org file.`,
      ),
    )
  }
  if (asked === 'operator' && !session.mayChange) {
    return refusal('This message names no time at which it was written, so it can change nothing')
  }
  switch (command.verb) {
    case 'help':
      return help(command.about)
    case 'toggle':
      return command.set === undefined
        ? await answerTo(session, command)
        : await planToggle(session, { ...command, set: command.set })
    case 'grant':
    case 'revoke':
      return await planAssignment(session, command)
    case 'undo':
      return await planUndo(session, command.changeId)
    default:
      return await answerTo(session, command)
  }
}

function roleFor(command: Command): Role {
  const isWish =
    command.verb === 'grant' ||
    command.verb === 'revoke' ||
    command.verb === 'undo' ||
    (command.verb === 'toggle' && command.set !== undefined)
  return isWish ? 'operator' : 'viewer'
}
