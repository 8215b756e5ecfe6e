/** Which operation is meant by what is typed or pressed: its declaration says who may. */
import type { Operation } from '../../operation.ts'
import { applyChange } from '../../operations/apply-change.ts'
import { approveChange } from '../../operations/approve-change.ts'
import { cancelChange } from '../../operations/cancel-change.ts'
import { operations } from '../../operations/index.ts'
import { rejectChange } from '../../operations/reject-change.ts'
import { undoChange } from '../../operations/undo-change.ts'
import type { Command } from '../command.ts'
import type { Action } from '../reply.ts'

export const operationOfButton: Readonly<Record<Action['do'], Operation>> = {
  apply: applyChange,
  cancel: cancelChange,
  approve: approveChange,
  reject: rejectChange,
  undo: undoChange,
}

/** @throws Error where no operation declares it: then nobody may. */
export function operationOf(command: Exclude<Command, { verb: 'help' }>): Operation {
  const typed =
    command.verb === 'toggle' && command.set ? `toggle ${command.set.enabled ? 'on' : 'off'}` : command.verb
  const operation = operations.find(({ chat }) => chat?.includes(typed))
  if (!operation) throw new Error(`No operation declares '${typed}' for chat`)
  return operation
}
