/** A change, looked at until it waits for nothing more; how far it is stands in one line that a terminal rewrites. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Change } from '../../lib/changes/answers/change-schemas.ts'
import { requesterOf, stateWords } from '../../lib/changes/answers/summarize.ts'
import { isSettled } from '../../lib/changes/model/transitions.ts'
import type { Ask } from './ask.ts'
import { readChange } from './changes.ts'
import { count, utc, withTimesRead } from './words.ts'

/** Between two looks, from one to the other: each is an invocation of a function. Milliseconds. */
const FIRST_LOOK_MS = 250
const LONGEST_LOOK_MS = 3_000

/** Where lines stay, as in the log of a job: at most one in so long while only figures change, and one at least. Milliseconds. */
const LINE_EVERY_MS = 5_000
const STILL_EVERY_MS = 60_000

/** Between two parts a list waits so long without anything being amiss (lib/changes/carry-out/lists). Milliseconds. */
const USUAL_WAIT_MS = 5_000

export interface ProgressLine {
  readonly show: (change: Change) => void
  /** The change as it was shown last. */
  readonly shown: () => Change | undefined
  /** Before anything else is printed. */
  readonly end: () => void
}

/** @param isOver of what nobody need look at any longer. Default: it has ended. */
export async function follow(
  ask: Ask,
  change: Change,
  progress: ProgressLine,
  isOver: (seen: Change) => boolean = ({ state }) => isSettled(state),
): Promise<Change> {
  let seen = change
  for (let waitMs = FIRST_LOOK_MS; !isOver(seen); waitMs = Math.min(waitMs * 1.5, LONGEST_LOOK_MS)) {
    progress.show(seen)
    await sleep(waitMs)
    seen = await readChange(ask, seen.id)
  }
  progress.end()
  return seen
}

/** A terminal, a pipe or a file. */
export interface Stream {
  readonly write: (text: string | Uint8Array) => unknown
  readonly isTTY?: boolean
  readonly columns?: number
}

export function progressOn(stream: Stream): ProgressLine {
  let last = { state: '', line: '', atMs: Number.NEGATIVE_INFINITY }
  let isOpen = false
  let shown: Change | undefined
  return {
    show(change) {
      shown = change
      const { state } = change
      const line = progressOf(change)
      const atMs = performance.now()
      if (stream.isTTY) {
        stream.write(`\r\x1b[K${line.slice(0, (stream.columns || 80) - 1)}`)
        isOpen = true
        return
      }
      const dueMs = last.atMs + (line === last.line ? STILL_EVERY_MS : LINE_EVERY_MS)
      if (state === last.state && atMs < dueMs) return
      stream.write(`${line}\n`)
      last = { state, line, atMs }
    },
    shown: () => shown,
    end() {
      if (isOpen) stream.write('\r\x1b[K')
      isOpen = false
    },
  }
}

/** Why it waits where the line has it already, from what else the change says. */
const saidOtherwise: readonly NonNullable<Change['waits']>['why'][] = [
  'time',
  'retry',
  'writes.paused',
  'failing',
]

/** How far it is, in one line. */
function progressOf(change: Change): string {
  const { state, list, approval, writesPaused, waits, notBefore, retryAt, failure, createdAt, updatedAt } =
    change
  const said = state === 'RUNNING' ? [] : [stateWords[state].standing]
  if (state === 'PLANNING') said.push(`it came ${utc(createdAt)}`)
  if (state === 'AWAITING_APPROVAL' && approval?.expiresAt) said.push(`until ${utc(approval.expiresAt)}`)
  if (state === 'PAUSED') said.push('POST …/resume lets it go on')
  if (state === 'PLANNED' || state === 'APPROVED') {
    if (notBefore !== undefined && notBefore > updatedAt) said.push(`until ${utc(notBefore)}`)
    if (retryAt !== undefined)
      said.push(`tried again ${clockTime(retryAt)}${failure ? `: ${failure.message}` : ''}`)
  }
  if (writesPaused) said.push(pauseText(writesPaused))
  if (list && (state === 'RUNNING' || state === 'PAUSED')) said.push(...partsText(change, list))
  if (waits && !saidOtherwise.includes(waits.why)) said.push(withTimesRead(waits.says))
  return said.join('; ')
}

function partsText({ desired, state, updatedAt }: Change, list: NonNullable<Change['list']>): string[] {
  const {
    parts,
    begun,
    underWay,
    outcomes,
    requests,
    requestsPerMinute,
    waitsUntil,
    endEstimatedAt,
    failingSince,
    stopped,
  } = list
  const { notSettled = 0, ...settled } = outcomes
  const pairs = 'pairs' in desired ? desired.pairs : 0
  const bad = (settled.notApplied ?? 0) + (settled.conflict ?? 0) + (settled.unknown ?? 0)
  const isLastBegun = begun >= parts || stopped !== undefined
  const leftMs = endEstimatedAt === undefined ? undefined : Date.parse(endEstimatedAt) - Date.parse(updatedAt)
  const waitMs = waitsUntil === undefined ? 0 : Date.parse(waitsUntil) - Date.parse(updatedAt)
  return [
    `${(pairs - notSettled).toLocaleString('en')} of ${count(pairs, 'pair')}`,
    ...(bad > 0 ? [`${bad.toLocaleString('en')} NOT DONE`] : []),
    `${begun} of ${count(parts, 'part')}`,
    ...(stopped ? [`no further part begins: ${stopped.why}`] : []),
    ...(isLastBegun && underWay > 0
      ? [`${count(underWay, 'part')} looked at again when nothing can land any more`]
      : []),
    ...(failingSince === undefined
      ? []
      : [`the next cannot be begun since ${utc(failingSince)}, and is tried again by itself`]),
    `${count(requests, 'request')}${requestsPerMinute === undefined ? '' : `, ${requestsPerMinute} a minute`}`,
    ...(state === 'RUNNING' && leftMs !== undefined && !isLastBegun && waitMs <= USUAL_WAIT_MS
      ? [`some ${spanText(leftMs)} left`]
      : []),
  ]
}

function pauseText({ by, since, reason, isByOrgFile }: NonNullable<Change['writesPaused']>): string {
  const who = isByOrgFile ? 'the org file' : by === undefined ? 'somebody' : requesterOf(by)
  return `ALL WRITES ARE PAUSED by ${who}${since === undefined ? '' : ` since ${utc(since)}`}${reason === undefined ? '' : `: ${reason}`}`
}

function clockTime(iso: string): string {
  return `${iso.slice(11, 19)} UTC`
}

function spanText(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1_000))
  return seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`
}
