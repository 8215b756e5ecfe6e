/** What callers were told, held against what is on record in the end. */
import type { Header } from '../../../lib/changes/model/header.ts'
import { digestOf } from '../../../lib/changes/model/record-ids.ts'
import { REPEAT_WINDOW_MS } from '../../../lib/changes/model/timing.ts'
import { type ChangeState, isSettled } from '../../../lib/changes/model/transitions.ts'
import { isFree } from '../../../lib/changes/record/repeats.ts'
import { GatewayError } from '../../../lib/errors.ts'

/** What one request came to for whoever made it; a process that died has none. */
export type Answer = { readonly what: string } & ({ readonly value: unknown } | { readonly error: unknown })

/** @returns the answer of a request, or how it was refused. */
export async function answerOf(what: string, work: Promise<unknown>): Promise<Answer> {
  try {
    return { what, value: await work }
  } catch (error) {
    return { what, error }
  }
}

/** @returns a sentence for each answer that the records do not bear out. */
export function faultsOfAnswers(answers: readonly Answer[], headers: readonly Header[]): string[] {
  return answers.flatMap((answer) => {
    const fault =
      'error' in answer ? faultOfError(answer.error, headers) : faultOfValue(answer.value, headers)
    return fault === undefined ? [] : [`${answer.what}: ${fault}`]
  })
}

function faultOfError(error: unknown, headers: readonly Header[]): string | undefined {
  if (!(error instanceof GatewayError)) return error instanceof Error ? String(error.stack) : String(error)
  if (error.status === 500) return `answered 500: ${error.message}`
  const named = error.faults.find(({ fieldName }) => fieldName === 'changeId')?.entityId
  return named === undefined || headers.some(({ id }) => id === named)
    ? undefined
    : `names the change ${named}, which is not on record`
}

/** Ends that callers may be told as an outcome in Genesys's models. */
const outcomes: readonly ChangeState[] = ['APPLIED', 'PARTIAL', 'NO_EFFECT', 'NOOP', 'FAILED']

interface Told {
  readonly id?: string
  readonly state?: ChangeState
  readonly enabled?: boolean
}

function faultOfValue(answered: unknown, headers: readonly Header[]): string | undefined {
  if (typeof answered !== 'object' || answered === null || !('value' in answered)) return undefined
  const { value, changeId } = answered as { readonly value: Told; readonly changeId?: string }
  const header = headers.find(({ id }) => id === (changeId ?? value.id))
  if (!header) return `tells of ${changeId ?? value.id}, which is not on record`
  const { state } = value
  if (state !== undefined) {
    return isBorneOut(header, state) ? undefined : `told as ${state}, and on record as ${header.state}`
  }
  const told = outcomes.find((each) => isBorneOut(header, each))
  if (told === undefined) return `told as an outcome, and on record as ${header.state}`
  const isSwitched = told === 'APPLIED' || told === 'NOOP'
  return 'featureName' in header.subject && isSwitched && value.enabled !== header.subject.enabled
    ? `told as ${value.enabled}, and on record as ${header.subject.enabled}`
    : undefined
}

/** It was so, and where that was an end it still is; but for what a second look found. */
function isBorneOut({ history, state }: Header, told: ChangeState): boolean {
  if (!history.some((entry) => entry.state === told)) return false
  return !isSettled(told) || state === told || (told === 'APPLIED' && state === 'NEEDS_ATTENTION')
}

/** Histories make no keyed ones, so what names no value came without a key. */
export function isKeylessSwitch({ subject, requestDigest }: Header): boolean {
  return 'featureName' in subject && requestDigest === digestOf({ featureName: subject.featureName })
}

/**
 * Keyless toggle POSTs of one caller that came soon after each other must be one change.
 *
 * @param headers in the order in which they were put on record: those of one millisecond are told apart by nothing else.
 * @returns a sentence for each change that should have been a repeat of the one before.
 */
export function faultsOfRepeats(headers: readonly Header[]): string[] {
  const switches = headers.filter(isKeylessSwitch)
  return switches.flatMap((later, index) => {
    const earlier = switches.slice(0, index).findLast((each) => each.requestDigest === later.requestDigest)
    return earlier && !isOver(earlier, later.createdAtMs)
      ? [`${later.id} should have been a repeat of ${earlier.id}`]
      : []
  })
}

function isOver(earlier: Header, atMs: number): boolean {
  const settledMs = earlier.history.find(({ state }) => isSettled(state))?.atMs ?? Number.POSITIVE_INFINITY
  return atMs - settledMs >= REPEAT_WINDOW_MS || (isFree(earlier) && settledMs <= atMs)
}
