/** What goes on, and how it is stopped or gone on with, where the command is left before its end. Pure. */
import type { Change } from '../../lib/changes/answers/change-schemas.ts'
import { isSettled } from '../../lib/changes/model/transitions.ts'
import type { ChangeOptions } from './options.ts'
import type { Gateway } from './place.ts'

/** The same line finds nothing where the file was to be a change of its own. */
export function hasHandedIn({ command, subject, isAnew }: ChangeOptions): boolean {
  return 'file' in subject && !isAnew && (command === 'plan' || command === 'apply')
}

export function linesOfLeaving(
  { id, state, isReleased, list }: Change,
  { command }: ChangeOptions,
  gateway: Gateway,
): string[] {
  if (isSettled(state)) return []
  if (state === 'PLANNING' && command === 'apply') {
    const goesOn = gateway.commandFor(`apply ${id}`)
    return [`${id} is being planned, and this command has applied nothing. To go on: ${goesOn}`]
  }
  if (!isReleased) return [`${id} stays on record: ${gateway.commandFor(`watch ${id}`)}`]
  const goesOn = `${id} goes on without this command: ${gateway.commandFor(`watch ${id}`)}`
  if (!list) return [goesOn]
  if (state === 'PAUSED') {
    return [
      `${id} is paused: ${gateway.commandFor(`watch ${id}`)}`,
      'To let it go on:',
      `  ${gateway.lineFor('operator', `/v1/changes/${id}/resume`)}`,
    ]
  }
  return [
    goesOn,
    'To stop it behind the part that is under way:',
    `  ${gateway.lineFor('operator', `/v1/changes/${id}/pause`)}`,
  ]
}
