/** Plan, apply, watch and results: what each asks of the gateway and tells whoever typed it. Start reading here. */
import papa from 'papaparse'
import type { Change } from '../../lib/changes/answers/change-schemas.ts'
import { isApprovalToCome } from '../../lib/changes/answers/offer-decisions.ts'
import { isSettled, undoableStates } from '../../lib/changes/model/transitions.ts'
import { keepPrivately, refuseExisting } from '../local/usage.ts'
import { type Ask, asker, RefusedByGateway } from './ask.ts'
import {
  applyChange,
  findHandedIn,
  handIn,
  MAX_BAD_ROWS,
  readBadRows,
  readChange,
  readLeftAlone,
  readResults,
  readRows,
} from './changes.ts'
import { follow, type ProgressLine, progressOn, type Stream } from './follow.ts'
import { type Notes, notesIn } from './notes.ts'
import { type ChangeOptions, withOptionNames } from './options.ts'
import { type Gateway, gatewayOf } from './place.ts'
import { COUNT_IS_TYPED, isDone, linesOfApproval, linesOfEnd, linesOfNext, outcomesOf } from './tell-end.ts'
import { hasHandedIn, linesOfLeaving } from './tell-leaving.ts'
import { linesOfPlan } from './tell-plan.ts'
import { findUndo } from './undone.ts'
import { count, utc } from './words.ts'

const DONE = 0
const NOT_DONE = 1
const AWAITS_APPROVAL = 3

interface Desk {
  readonly options: ChangeOptions
  readonly gateway: Gateway
  readonly ask: Ask
  readonly notes: Notes
  readonly progress: ProgressLine
  readonly out: Stream
  readonly say: (lines: readonly string[]) => void
  readonly warn: (lines: readonly string[]) => void
}

export interface Around {
  readonly variables: NodeJS.ProcessEnv
  /** Where it notes what a deployed API was handed. */
  readonly directory: string
  readonly out: Stream
  /** Also takes how far it is. */
  readonly err: Stream
}

/**
 * @returns what runs the command and ends with its exit code, and what says, where it is left before that, how it goes on.
 * @throws UsageError where the environment lacks something.
 */
export function changeCommand(options: ChangeOptions, { variables, directory, out, err }: Around) {
  const { place } = options
  const gateway = gatewayOf(place, variables)
  const notes = 'url' in place ? notesIn(directory, place.url) : notesIn(place.directory)
  const progress = progressOn(err)
  const write = (stream: Stream) => (lines: readonly string[]) => {
    progress.end()
    if (lines.length > 0) stream.write(`${lines.join('\n')}\n`)
  }
  const warn = write(err)
  const ask = asker(gateway, (sentence) => warn([sentence]))
  const desk = { options, gateway, ask, notes, progress, out, say: write(out), warn }
  return {
    async run(): Promise<number> {
      if (options.out !== undefined) refuseExisting(options.out)
      try {
        return await commands[options.command](desk, await findChange(desk))
      } finally {
        progress.end()
      }
    },
    leave() {
      const left = progress.shown()
      if (left) warn(linesOfLeaving(left, options, gateway))
      else if (hasHandedIn(options)) warn(['The same line, typed again, goes on from where this was left.'])
    },
  }
}

/** @throws RefusedByGateway, with the rows of the file that are bad told. */
async function findChange(desk: Desk): Promise<Change> {
  const { options, ask, notes, warn } = desk
  const { subject, command, order } = options
  if ('id' in subject) return await readChange(ask, subject.id)
  const { file } = subject
  if (command === 'watch' || command === 'results') return await findHandedIn(ask, file, order, notes)
  try {
    const { change, isReplay, key } = await handIn(ask, file, options)
    note(desk, key, change)
    if (isReplay && isSettled(change.state))
      warn([
        `This file was handed in before, ${utc(change.createdAt)}: --again plans it as a change of its own.`,
      ])
    return change
  } catch (error) {
    if (!(error instanceof RefusedByGateway) || error.faults.length === 0) throw error
    warn(
      error.faults
        // Of the whole of the file, or of one field alone, the error says the same.
        .filter(
          ({ fieldName, line, message }) =>
            fieldName !== '$' && (line !== undefined || !error.sentence.includes(message)),
        )
        .map(({ line, fieldName, message }) =>
          line === undefined
            ? withOptionNames(`${fieldName} ${message}`)
            : `line ${line}: ${fieldName} ${message}`,
        ),
    )
    throw new Error(withOptionNames(error.message), { cause: error })
  }
}

/** What cannot be noted is found by its id all the same. */
function note({ notes, warn }: Desk, key: string, { id }: Change): void {
  try {
    notes.keep(key, id)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    warn([`Watch and results of this file need its id, ${id}, since that cannot be noted: ${why}`])
  }
}

const commands = { plan, apply, watch, results }

async function plan(desk: Desk, change: Change): Promise<number> {
  const { gateway, say } = desk
  const planned = await awaitPlan(desk, change)
  if (planned.state === 'INVALID') return await tellBadRows(desk, planned)
  if (isSettled(planned.state)) return await tellEnd(desk, planned, isSettled(change.state))
  await tellPlan(desk, planned)
  if (isUnapplied(planned)) {
    const { id, impact, lapsesAt, approval } = planned
    const isCounted = impact?.massRemovals !== undefined
    const counted = isCounted ? ' --confirm-people N' : ''
    say([
      '',
      `Nothing was sent. Until ${utc(lapsesAt ?? '')}: ${gateway.commandFor(`apply ${id}${counted}`)}`,
      ...(approval && isApprovalToCome(planned)
        ? [`Nobody was asked yet: that asks an approver, because: ${approval.because.join('; ')}`]
        : []),
      ...(isCounted ? [COUNT_IS_TYPED] : []),
    ])
  } else if (planned.state === 'AWAITING_APPROVAL') {
    say(['', ...linesOfApproval(planned, gateway)])
    return AWAITS_APPROVAL
  } else say(['', `It was applied already: ${gateway.commandFor(`watch ${planned.id}`)}`])
  return DONE
}

async function apply(desk: Desk, change: Change): Promise<number> {
  const { options, gateway, say, warn } = desk
  let standing = await awaitPlan(desk, change)
  if (standing.state === 'INVALID') return await tellBadRows(desk, standing)
  if (isUndecided(standing)) await tellPlan(desk, standing)
  if (isUnapplied(standing)) {
    const { impact, id } = standing
    if (impact?.massRemovals && options.confirmPeople === undefined) {
      warn([
        '',
        `Nothing was sent: it takes a license from many, so the number of people is asked for:`,
        `  ${gateway.commandFor(`apply ${id} --confirm-people N`)}`,
        COUNT_IS_TYPED,
      ])
      return NOT_DONE
    }
    standing = await applyOrSee(desk, standing)
  }
  if (standing.state !== 'AWAITING_APPROVAL') return await watch(desk, standing)
  say(['', ...linesOfApproval(standing, gateway)])
  return AWAITS_APPROVAL
}

/** @throws RefusedByGateway where it was not applied by that. */
async function applyOrSee({ ask, options }: Desk, change: Change): Promise<Change> {
  try {
    return await applyChange(ask, change, options.confirmPeople)
  } catch (error) {
    // What Genesys refused, and what came of nobody knows, is on record all the same.
    const seen = error instanceof RefusedByGateway ? await readChange(ask, change.id) : change
    if (isUnapplied(seen)) throw error
    return seen
  }
}

async function watch(desk: Desk, change: Change): Promise<number> {
  const { ask, gateway, progress, say } = desk
  const isOver = (seen: Change) => isSettled(seen.state) || isUnapplied(seen)
  const last = await follow(ask, change, progress, isOver)
  if (last.state === 'INVALID') return await tellBadRows(desk, last)
  if (isSettled(last.state)) return await tellEnd(desk, last, isSettled(change.state))
  say([`${last.id} is planned, and nobody has applied it: ${gateway.commandFor(`apply ${last.id}`)}`])
  return NOT_DONE
}

async function results(desk: Desk, { id, state }: Change): Promise<number> {
  const { ask, say, warn, options } = desk
  const { out, outcome } = options
  // Excel knows the encoding by the byte order mark.
  const bytes = await readResults(ask, id, 'text/csv', {
    ...(outcome !== undefined && { outcome }),
    ...(out !== undefined && { bom: true }),
  })
  if (!isSettled(state)) warn([`${id} is ${state}: these are the results so far.`])
  const rows = rowsIn(bytes)
  const isNone = rows === 0 && outcome !== undefined
  const none = `No row of ${id} has the outcome ${outcome}`
  if (out === undefined) {
    desk.out.write(bytes)
    if (isNone) warn([`${none}.`])
    return DONE
  }
  keepPrivately(out, bytes)
  say([isNone ? `${none}: ${out} has its header alone.` : `${count(rows, 'row')} in ${out}`])
  return DONE
}

/** Below the header of a CSV file, of which a quoted field may go over several lines. */
function rowsIn(csv: Buffer): number {
  return papa.parse(csv.toString(), { skipEmptyLines: true }).data.length - 1
}

const awaitPlan = ({ ask, progress }: Desk, change: Change) =>
  follow(ask, change, progress, ({ state }) => state !== 'PLANNING')

/** Somebody is yet to say that it shall be carried out. */
function isUnapplied({ state, isReleased }: Change): boolean {
  return state === 'PLANNED' && !isReleased
}

function isUndecided(change: Change): boolean {
  return isUnapplied(change) || change.state === 'AWAITING_APPROVAL'
}

async function tellPlan({ ask, say }: Desk, change: Change): Promise<void> {
  const rows = await readRows(ask, change.id)
  say(linesOfPlan(change, rows, await readLeftAlone(ask, change)))
}

async function tellBadRows({ ask, gateway, warn }: Desk, { id, failure }: Change): Promise<number> {
  const rows = await readBadRows(ask, id)
  warn([
    ...rows.map(({ result = '' }) => result),
    failure?.message ?? 'Rows of it cannot be planned',
    ...(rows.length < MAX_BAD_ROWS
      ? []
      : [`All of the first thousand: ${gateway.commandFor(`results ${id} --out bad-rows.csv`)}`]),
  ])
  return NOT_DONE
}

/** @param wasOver whether it had ended before this command came. */
async function tellEnd(desk: Desk, change: Change, wasOver: boolean): Promise<number> {
  const { ask, gateway, say, warn } = desk
  const outcomes = outcomesOf(change, change.list ? [] : await readRows(ask, change.id))
  const undo = wasOver && undoableStates.includes(change.state) ? await findUndo(ask, change) : undefined
  say(linesOfEnd(change, outcomes, { undo, leftAlone: await readLeftAlone(ask, change) }))
  if (undo) return NOT_DONE
  if (isDone(change)) return DONE
  const retry = change.retriedBy === undefined ? undefined : await readChange(ask, change.retriedBy)
  warn(linesOfNext(change, outcomes, gateway, { retry, nowMs: Date.now() }))
  return NOT_DONE
}
