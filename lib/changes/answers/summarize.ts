/**
 * A change in one line, who asked for it, and what its states and what became of its parts are called: the same words in
 * lists, events, chat and on the page. Pure.
 */
import type { Actor } from '../model/change.ts'
import type { ChangeState } from '../model/transitions.ts'
import type { Change, ChangeOutcomes, ChangeResult } from './change-schemas.ts'

/** What the line is about. */
export interface Summarized {
  readonly desired: Change['desired']
  readonly findings?: Pick<NonNullable<Change['findings']>, 'noOps'> | undefined
  readonly notBefore?: string | undefined
  readonly undoes?: string | undefined
  /** `extend` makes last what was to be taken back: until `revert.at`, or for good. */
  readonly kind?: Change['kind'] | undefined
  readonly revert?: Pick<NonNullable<Change['revert']>, 'at'> | undefined
  /** Of what is not planned: only what was asked for is known of it. */
  readonly unplanned?:
    | {
        /** It takes from whoever is not named too. */
        readonly isOfWhole: boolean
        readonly hasEnded: boolean
        readonly mode?: string | undefined
      }
    | undefined
}

/** How many licenses are named. */
const MAX_NAMED = 3

/**
 * `Give cloudCX3 to Ana Abebe`, `Take cloudCX3 from 3 people (2 pairs were so already)`, `Switch agentAssist off`; `Undo ID` where nothing is left
 * to undo; `Set who holds cloudCX3 (exact, not planned yet)` of a desired state that may take from people whom it does not
 * name, `(exact, never planned)` once it has ended so.
 *
 * @param nameOf what a user is called; where nobody knows, the id stands for them.
 */
export function summaryOf(
  summarized: Summarized,
  nameOf: (userId: string) => string | undefined = () => undefined,
): string {
  const { desired, undoes, kind, revert, unplanned } = summarized
  const mode = unplanned?.mode === undefined ? '' : `${unplanned.mode}, `
  const behind = unplanned ? ` (${mode}${unplanned.hasEnded ? 'never planned' : 'not planned yet'})` : ''
  if (unplanned?.isOfWhole && 'licenses' in desired) {
    return `Set who holds ${listFew(desired.licenses)}${behind}`
  }
  const kept = kind === 'extend' ? keptFor(revert?.at) : undefined
  const what =
    'featureName' in desired
      ? toggleLineOf(desired, kept)
      : assignmentLineOf({ ...summarized, desired }, nameOf, kept)
  if (undoes === undefined) return `${what || 'Nothing'}${behind}`
  return what === '' ? `Undo ${undoes}` : `${what}, undoing ${undoes}`
}

/** `until 2026-11-20 18:00 UTC`: the same for all who read it. */
function keptFor(untilIso: string | undefined): string {
  return untilIso === undefined ? 'for good' : `until ${untilIso.slice(0, 16).replace('T', ' ')} UTC`
}

/** @param kept for how long, of what was to be taken back. */
function toggleLineOf(
  { featureName, enabled }: Extract<Change['desired'], { featureName: string }>,
  kept: string | undefined,
): string {
  const value = enabled ? 'on' : 'off'
  return kept === undefined ? `Switch ${featureName} ${value}` : `Keep ${featureName} ${value} ${kept}`
}

interface Hand {
  readonly licenseId: string
  readonly users: number
  readonly userId?: string | undefined
}

type OfPairs = Omit<Summarized, 'desired'> & {
  readonly desired: Exclude<Change['desired'], { featureName: string }>
}

function assignmentLineOf(
  ofPairs: OfPairs,
  nameOf: (userId: string) => string | undefined,
  kept: string | undefined,
): string {
  const isExtended = kept !== undefined
  const { desired } = ofPairs
  const { gives, takes, unchanged } = handsOf(ofPairs)
  const whom = (hands: readonly Hand[]) => {
    const [first] = hands
    const users = first?.users ?? 0
    const id = first?.userId
    return users === 1 && id !== undefined ? (nameOf(id) ?? id) : people(users)
  }
  const give = isExtended ? (['Keep', 'with'] as const) : (['Give', 'to'] as const)
  const take = isExtended ? (['Keep', 'away from'] as const) : (['Take', 'from'] as const)
  const given = groupHands(gives).map((hands) => `${give[0]} ${namesIn(hands)} ${give[1]} ${whom(hands)}`)
  const taken = groupHands(takes).map((hands) => `${take[0]} ${namesIn(hands)} ${take[1]} ${whom(hands)}`)
  // What is taken is never among those that are counted alone.
  const first = given.length < MAX_NAMED || taken.length === 0 ? given : given.slice(0, MAX_NAMED - 1)
  const parts = [...first, ...taken, ...given.slice(first.length)]
  const line = listFew(parts.map((part, index) => (index === 0 ? part : lowerFirst(part))))
  if (line === '' && 'pairs' in desired && desired.pairs > 0) {
    // A record from before directions were kept, or a list that is not planned and names nothing that looks like a license.
    const named = desired.licenses.slice(0, MAX_NAMED).join(', ')
    return `Change ${named === '' ? 'licenses' : named} of ${people(desired.users)}`
  }
  if (line !== '' && isExtended) return `${line} ${kept}`
  return unchanged === 0
    ? line
    : `${line} (${unchanged} ${unchanged === 1 ? 'pair was' : 'pairs were'} so already)`
}

/** What it changes, by license, and how many pairs were so already when it was planned; where all were, what was asked for. */
export function handsOf(ofPairs: OfPairs): {
  readonly gives: readonly Hand[]
  readonly takes: readonly Hand[]
  readonly unchanged: number
} {
  const { desired } = ofPairs
  if ('pairs' in desired) {
    const { gives = [], takes = [], unchanged, userId } = desired
    const less = (all: typeof gives, same: typeof gives = []) =>
      all.flatMap(({ licenseId, users }): Hand[] => {
        const left = users - (same.find((each) => each.licenseId === licenseId)?.users ?? 0)
        return left > 0 ? [{ licenseId, users: left, userId }] : []
      })
    return {
      gives: less(gives, unchanged?.gives),
      takes: less(takes, unchanged?.takes),
      unchanged: unchanged?.pairs ?? 0,
    }
  }
  const same = noOpsOf(ofPairs)
  const hands = (of: 'userIdsAdd' | 'userIdsRemove') =>
    desired.assignments.flatMap(({ licenseId, [of]: all }): Hand[] => {
      const ids = all.filter((userId) => !same.has(`${licenseId} ${userId}`))
      return ids.length === 0
        ? []
        : [{ licenseId, users: ids.length, userId: ids.length === 1 ? ids[0] : undefined }]
    })
  const changed = { gives: hands('userIdsAdd'), takes: hands('userIdsRemove'), unchanged: same.size }
  return changed.gives.length + changed.takes.length === 0 && same.size > 0 ? handsOf({ desired }) : changed
}

/** What waits for its time is judged then. */
function noOpsOf({ findings, notBefore, kind }: OfPairs): ReadonlySet<string> {
  const noOps = notBefore === undefined && kind !== 'extend' ? (findings?.noOps ?? []) : []
  return new Set(noOps.map(({ licenseId, userId }) => `${licenseId} ${userId}`))
}

/** Licenses for the same one user belong together; those of several may be of others each. */
function groupHands(hands: readonly Hand[]): readonly (readonly Hand[])[] {
  const groups = new Map<string, Hand[]>()
  for (const hand of hands) {
    const key = hand.users === 1 && hand.userId !== undefined ? hand.userId : `#${groups.size}`
    groups.set(key, [...(groups.get(key) ?? []), hand])
  }
  return [...groups.values()]
}

function namesIn(hands: readonly Hand[]): string {
  return listFew(hands.map(({ licenseId }) => licenseId))
}

/** The first few; the rest are counted. */
function listFew(parts: readonly string[]): string {
  const more = parts.length - MAX_NAMED
  return more > 0 ? `${parts.slice(0, MAX_NAMED).join(', ')} and ${more} more` : parts.join(', ')
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1)

const people = (count: number) => (count === 1 ? '1 person' : `${count} people`)

/** Longest name of a requester, in characters: what is asked must stand beside it on one line. */
const MAX_REQUESTER = 40

const kinds: Readonly<Record<Actor['kind'], string>> = {
  iam: 'IAM',
  jwt: 'JWT subject',
  event: 'event source',
  schedule: 'schedule',
  slack: 'Slack user',
  teams: 'Teams user',
}

type Requester = Pick<Actor, 'kind' | 'id'> & {
  readonly name?: string | undefined
  readonly person?: string | undefined
  readonly tool?: string | undefined
}

/**
 * Whoever asked, so that nobody passes for another: a person bare, since only the org file makes persons, all else by
 * what it is: `event source local-operator`. On one line, and cut where it is long.
 */
export function requesterOf({ kind, id, name, person, tool }: Requester): string {
  const called = name ?? person ?? (tool === undefined ? undefined : `tool ${tool}`)
  if (kind === 'schedule' && called !== undefined) return cutName(`${called} by schedule ${id}`)
  return cutName(called ?? `${kinds[kind]} ${id}`)
}

/** By name, with what the record has of them behind it: `Ana Abebe (ana.abebe)`. */
export function requesterWithId(requester: Requester): string {
  const { name, kind, id, person } = requester
  const called = requesterOf(requester)
  return name === undefined ? called : `${called} (${cutName(person ?? `${kinds[kind]} ${id}`)})`
}

function cutName(name: string): string {
  // Whatever ends a line, turns or hides what stands beside it.
  const shown = [...name.replace(/[\p{C}\p{Z}]+/gu, ' ').trim()]
  return shown.length > MAX_REQUESTER ? `${shown.slice(0, MAX_REQUESTER - 1).join('')}…` : shown.join('')
}

export interface StateWords {
  /** By itself: on a list, in a filter. */
  readonly name: string
  /** Behind what the change is about. */
  readonly standing: string
  readonly tone: 'info' | 'question' | 'warning' | 'good' | 'bad'
}

export const stateWords: Readonly<Record<ChangeState, StateWords>> = {
  PLANNING: { name: 'Being planned', standing: 'is being planned', tone: 'info' },
  INVALID: { name: 'Bad rows', standing: 'cannot be planned: rows of it are bad', tone: 'bad' },
  PLANNED: { name: 'Planned', standing: 'is planned', tone: 'info' },
  AWAITING_APPROVAL: { name: 'Waits for approval', standing: 'waits for an approver', tone: 'question' },
  APPROVED: { name: 'Approved', standing: 'is approved and waits for its time', tone: 'info' },
  CLAIMED: { name: 'Under way', standing: 'is under way', tone: 'info' },
  SENT: { name: 'Sent', standing: 'is under way', tone: 'info' },
  UNKNOWN: {
    name: 'Not known yet',
    standing: 'was sent, and what came of it is not known yet',
    tone: 'warning',
  },
  RUNNING: { name: 'Part by part', standing: 'is under way, part by part', tone: 'info' },
  PAUSED: { name: 'Paused', standing: 'is paused: no further part begins', tone: 'warning' },
  APPLIED: { name: 'Done', standing: 'done, and Genesys shows it', tone: 'good' },
  PARTIAL: { name: 'Done in part', standing: 'done in part', tone: 'warning' },
  NO_EFFECT: {
    name: 'No effect',
    standing: 'had no effect: Genesys answered and switched nothing',
    tone: 'warning',
  },
  FAILED: { name: 'Failed', standing: 'failed', tone: 'bad' },
  NEEDS_ATTENTION: { name: 'Needs a look', standing: 'needs a person to look', tone: 'bad' },
  NOOP: { name: 'So already', standing: 'everything was so already', tone: 'good' },
  REJECTED: { name: 'Rejected', standing: 'was rejected', tone: 'warning' },
  EXPIRED: { name: 'Too late', standing: 'came too late', tone: 'warning' },
  CANCELLED: { name: 'Called off', standing: 'was called off', tone: 'info' },
  SUPERSEDED: {
    name: 'Left to a newer one',
    standing: 'was not carried out: somebody has changed it meanwhile',
    tone: 'warning',
  },
}

/** A page may be older than its gateway, and than a state of it, which is shown as it is then. */
export function wordsOfState(state: ChangeState): StateWords {
  return Object.hasOwn(stateWords, state) ? stateWords[state] : plainWordsOf(state)
}

export function plainWordsOf(state: string): StateWords {
  return { name: state, standing: `is at “${state}”`, tone: 'info' }
}

/** In the order in which they are told. */
export const countNames: Readonly<Record<keyof ChangeOutcomes, string>> = {
  applied: 'done',
  unchanged: 'so already',
  notApplied: 'not done',
  unknown: 'not known',
  superseded: 'left to newer changes',
  conflict: 'left alone, since it was not seen as planned or is protected',
  notSent: 'not begun',
  notSettled: 'to come',
}

export const isCounted = (name: string): name is keyof ChangeOutcomes => Object.hasOwn(countNames, name)

/** What became of one pair, in the words of the counts. @param hasEnded whether its change has. */
export function outcomeNameOf(outcome: ChangeResult['outcome'], hasEnded: boolean): string {
  const name =
    outcome === 'not.sent' ? (hasEnded ? 'notSent' : 'notSettled') : outcome.replace('.applied', 'Applied')
  return isCounted(name) ? countNames[name] : outcome
}

export function onOff(enabled: boolean | undefined): string {
  return enabled === undefined ? 'unknown' : enabled ? 'on' : 'off'
}

/** Why it has not come about. What was held back is told as people speak: by whom and since when stands elsewhere. */
export function failureTextOf({ failure, retryAt }: Pick<Change, 'failure' | 'retryAt'>): string | undefined {
  if (failure?.code !== 'writes.paused') return failure?.message
  const then = retryAt === undefined ? '' : ' It goes on some minutes after they are resumed.'
  return `Nothing was sent while writes were paused.${then}`
}
