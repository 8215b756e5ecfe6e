/** Changes as the rows of a file: one for each toggle or (license, user), so that a spreadsheet can sort and filter them. */
import type { Row } from '../../files.ts'
import type { User } from '../../people/user.ts'
import type { Actor } from '../model/change.ts'
import type { Change, ChangeResult } from './change-schemas.ts'

/** What a row says of its one toggle or pair. */
export const resultColumns = [
  'licenseId',
  'userId',
  'userName',
  'featureName',
  'desired',
  'outcome',
  'result',
  'before',
  'after',
  'action',
  'userEmail',
] as const
export type ResultRow = Row<(typeof resultColumns)[number]>

export const changeColumns = [
  'changeId',
  'createdAt',
  'updatedAt',
  'state',
  'kind',
  'summary',
  'actor',
  'actorName',
  'person',
  'tool',
  'reason',
  'submittedBy',
  'submittedByName',
  'submittedAt',
  'approvalBecause',
  'approvedBy',
  'rejectedBy',
  'decidedByName',
  'decidedAt',
  'sentAt',
  'cancelledBy',
  'cancelledByName',
  'cancelledAt',
  'undoes',
  'partOf',
  'licenseId',
  'userId',
  'userName',
  'featureName',
  'before',
  'desired',
  'after',
  'outcome',
  'result',
  'failure',
  'dueAt',
] as const
export type ChangeRow = Row<(typeof changeColumns)[number]>

/** What a user is called; undefined where that is not known. */
export type NameOf = (userId: string) => string | undefined

/** What users are called now, and by which address; by id, those of whom nobody knows are left out. */
export type NamesOf = (
  userIds: readonly string[],
) => Promise<ReadonlyMap<string, Pick<User, 'name' | 'email'>>>

/**
 * @param hasEmails whether rows have e-mails too, by which namesakes are told apart; no change has any.
 * @returns what completes rows with names that the changes themselves do not have, asking about each user once.
 */
export function completerOf(namesOf: NamesOf, { hasEmails = false } = {}) {
  const known = new Map<string, Pick<User, 'name' | 'email'> | undefined>()
  return async <R extends ResultRow>(rows: readonly R[]): Promise<R[]> => {
    const lacking = rows.filter(
      ({ userId, userName }) => userId !== undefined && (hasEmails || userName === undefined),
    )
    const unknown = new Set(lacking.map(({ userId }) => String(userId)).filter((id) => !known.has(id)))
    if (unknown.size > 0) {
      const found = await namesOf([...unknown])
      for (const id of unknown) known.set(id, found.get(id))
    }
    return rows.map((row) => {
      const { name, email } = known.get(String(row.userId)) ?? {}
      return { ...row, userName: row.userName ?? name, ...(hasEmails && { userEmail: email }) }
    })
  }
}

/** Which of its targets a change is asked about; all where nothing is given. */
export interface TargetFilter {
  readonly licenseId?: string | undefined
  readonly userId?: string | undefined
  readonly featureName?: string | undefined
}

/**
 * @param list of which it is a part: who submitted, approved or called it off, and when, is on the list's record.
 * @returns a row for each of the results that fits: of a change all of them, of a list those of a piece.
 */
export function rowsOfChange(
  change: Change,
  results: readonly ChangeResult[],
  only: TargetFilter,
  nameOf: NameOf,
  list?: Change,
): ChangeRow[] {
  const head = headOf(change, list)
  return results
    .map((result) => ({ ...head, ...rowOfResult(result, nameOf) }))
    .filter((row) => fits(row, only))
}

/** Of a change that has no targets, since nothing of it has been planned: that it was asked for. */
export function rowOfUnplanned(change: Change): ChangeRow {
  return headOf(change)
}

export function rowOfResult(result: ChangeResult, nameOf: NameOf): ResultRow {
  const { line: _line, ...row } = result
  const { userId } = row
  return { ...row, userName: userId === undefined ? undefined : nameOf(userId) }
}

/** By it, `userId` and `licenseId` the file can be handed in as a list again; a toggle has none. */
export function withAction(row: ResultRow): ResultRow {
  const { licenseId, desired } = row
  return { ...row, action: licenseId === undefined ? undefined : desired === true ? 'add' : 'remove' }
}

function fits(row: ChangeRow, { licenseId, userId, featureName }: TargetFilter): boolean {
  return (
    (licenseId === undefined || row.licenseId === licenseId) &&
    (userId === undefined || row.userId === userId) &&
    (featureName === undefined || row.featureName === featureName)
  )
}

function headOf(change: Change, decided = change): ChangeRow {
  const { id, createdAt, updatedAt, state, kind, summary, actor, reason } = change
  const { undoes, partOf, failure, history } = change
  const { approval, revert } = decided
  const { because, by, at, isApproved } = approval ?? {}
  const decidedBy = by && partyText(by)
  const submitted = decided.history.find(isSubmitting)
  const sent = history.find((entry) => entry.state === 'SENT')
  const cancelled = decided.history.find((entry) => entry.state === 'CANCELLED')
  return {
    changeId: id,
    createdAt,
    updatedAt,
    state,
    kind,
    summary,
    actor: `${actor.kind}:${actor.id}`,
    actorName: actor.name,
    person: actor.person,
    tool: actor.tool,
    reason,
    submittedBy: submitted?.by,
    submittedByName: submitted?.byName,
    submittedAt: submitted?.at,
    approvalBecause: because?.join('; '),
    approvedBy: isApproved === true ? decidedBy : undefined,
    rejectedBy: isApproved === false ? decidedBy : undefined,
    decidedByName: by?.name,
    decidedAt: at,
    sentAt: sent?.at,
    cancelledBy: cancelled?.by,
    cancelledByName: cancelled?.byName,
    cancelledAt: cancelled?.at,
    undoes,
    partOf: partOf?.changeId,
    failure: failure && `${failure.code}: ${failure.message}`,
    dueAt: revert?.dueAt,
  }
}

/** Whether somebody asked by it for a plan to be carried out: that released it, or made a request for approval of it. */
function isSubmitting({ state, note }: Change['history'][number], index: number): boolean {
  return note === 'apply' || (state === 'AWAITING_APPROVAL' && index > 0)
}

/** As the org file calls them, else by what they have proved to be. */
function partyText({ kind, id, person, tool }: Actor): string {
  return person ?? tool ?? `${kind}:${id}`
}
