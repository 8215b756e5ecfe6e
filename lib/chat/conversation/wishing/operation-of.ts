/** Which operation is meant by what is typed or pressed: its declaration says who may. */
import type { Operation } from '../../../operation.ts'
import { applyChange } from '../../../operations/changes/apply-change.ts'
import { approveChange } from '../../../operations/changes/approve-change.ts'
import { cancelChange } from '../../../operations/changes/cancel-change.ts'
import { endChange } from '../../../operations/changes/end-change.ts'
import { extendChange } from '../../../operations/changes/extend-change.ts'
import { pauseChange } from '../../../operations/changes/pause-change.ts'
import { rejectChange } from '../../../operations/changes/reject-change.ts'
import { resumeChange } from '../../../operations/changes/resume-change.ts'
import { retryChange } from '../../../operations/changes/retry-change.ts'
import { undoChange } from '../../../operations/changes/undo-change.ts'
import { operations } from '../../../operations/index.ts'
import type { Command } from '../../grammar/typed-command.ts'
import type { ButtonAction } from '../words/reply.ts'

export const operationOfButton: Readonly<Record<ButtonAction['do'], Operation>> = {
  apply: applyChange,
  cancel: cancelChange,
  approve: approveChange,
  reject: rejectChange,
  undo: undoChange,
  retry: retryChange,
  extend: extendChange,
  end: endChange,
  pause: pauseChange,
  resume: resumeChange,
  stop: cancelChange,
}

/** @throws Error where no operation declares it: then nobody may. */
export function operationOf(command: Exclude<Command, { verb: 'help' }>): Operation {
  const typed = typedOf(command)
  const operation = operations.find(({ chat }) => chat?.includes(typed))
  if (!operation) throw new Error(`No operation declares '${typed}' for chat`)
  return operation
}

/** As operations declare it: more than the verb where that alone does not say what is meant. */
function typedOf(command: Command): string {
  switch (command.verb) {
    case 'toggle':
      return command.set ? `toggle ${command.set.enabled ? 'on' : 'off'}` : 'toggle'
    case 'pause':
    case 'resume':
      return 'changeId' in command ? `${command.verb} id` : command.verb
    default:
      return command.verb
  }
}
