/** Which operation is meant by what is typed or pressed: its declaration says who may. */
import type { Operation } from '../../../operation.ts'
import { applyChange } from '../../../operations/changes/apply-change.ts'
import { approveChange } from '../../../operations/changes/approve-change.ts'
import { cancelChange } from '../../../operations/changes/cancel-change.ts'
import { endChange } from '../../../operations/changes/end-change.ts'
import { extendChange } from '../../../operations/changes/extend-change.ts'
import { rejectChange } from '../../../operations/changes/reject-change.ts'
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
  extend: extendChange,
  end: endChange,
}

/** @throws Error where no operation declares it: then nobody may. */
export function operationOf(command: Exclude<Command, { verb: 'help' }>): Operation {
  const typed =
    command.verb === 'toggle' && command.set ? `toggle ${command.set.enabled ? 'on' : 'off'}` : command.verb
  const operation = operations.find(({ chat }) => chat?.includes(typed))
  if (!operation) throw new Error(`No operation declares '${typed}' for chat`)
  return operation
}
