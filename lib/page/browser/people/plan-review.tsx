/** A plan for one person: before and after, seats, what was found; confirmed here, and watched until something has become of it. */
import { useEffect, useRef } from 'preact/hooks'
import type { Change } from '../../../changes/answers/change-schemas.ts'
import { isApprovalToCome } from '../../../changes/answers/offer-decisions.ts'
import { failureTextOf, requesterOf, wordsOfState } from '../../../changes/answers/summarize.ts'
import { changedTextsOf, foundLinesOf } from '../../../changes/answers/words/found-words.ts'
import { isSettled } from '../../../changes/model/transitions.ts'
import { serverNowMs } from '../api/server-clock.ts'
import { useAnswer } from '../api/use-answer.ts'
import { useCallOff } from '../api/use-call-off.ts'
import { useMe, zoneOf } from '../api/use-me.ts'
import { Decisions } from '../changes/decisions.tsx'
import { ApprovalToCome } from '../changes/nothing-sent.tsx'
import { isLapsed, type OfferedChange } from '../changes/offers.ts'
import { FoundLines, plainLine } from '../changes/plan-findings.tsx'
import { StateChip } from '../changes/state-chip.tsx'
import { Button } from '../parts/button.tsx'
import { Callout, Loading, Problem } from '../parts/states.tsx'
import { Time, timeIn } from '../parts/times.tsx'
import { hashOf } from '../shell/route.ts'
import { tellAloud } from '../shell/tell-aloud.tsx'
import { PlanTable } from './plan-table.tsx'
import type { Person } from './use-person.ts'

/** Somebody waits for what becomes of it. */
const EVERY_MS = 2_000

interface PlanReviewProps {
  readonly person: Person
  /** The change's. */
  readonly id: string
  /** Something has become of it, or of the person: what is shown of them is read anew. */
  readonly onChanged: () => void
  /** Back to what was chosen, which is kept. */
  readonly onAgain: () => void
  readonly onDone: () => void
}

export function PlanReview({ person, id, onChanged, onAgain, onDone }: PlanReviewProps) {
  const isOver = useRef(false)
  const { value, problem, refresh } = useAnswer<OfferedChange>(
    `v1/changes/${id}`,
    isOver.current ? {} : { everyMs: EVERY_MS },
  )
  isOver.current = value !== undefined && isSettled(value.state)
  useSettled(value, onChanged)
  useDoneBefore(value, onDone)
  const isUndecided = value?.state === 'PLANNED' && !value.isReleased
  const meanwhile = useChangedMeanwhile(person, value, isUndecided)
  useEffect(() => {
    if (meanwhile !== undefined) onChanged()
  }, [meanwhile])
  const hasLapsed = value !== undefined && isLapsed(value, serverNowMs())
  // Whoever turns away from it calls it off thereby, and that is no decision of its own.
  const confirming = hasLapsed ? [] : (value?.offers ?? []).filter((each) => each === 'apply')
  const callOff = useCallOff()
  const isPressed = useRef(false)
  function turnAway(on: () => void): void {
    if (isUndecided && !hasLapsed && !isPressed.current) callOff(id)
    on()
  }
  return (
    <section class="wish">
      <h3>{isUndecided || value === undefined ? 'The plan' : 'What becomes of it'}</h3>
      <Problem problem={problem} onRetry={() => void refresh()} />
      {value === undefined && problem === undefined && <Loading lines={4} />}
      {value && (
        <>
          <p class="stands">
            <StateChip state={value.state} />
            <span>
              {value.summary}: {isUndecided ? untilDecidedOf(value) : wordsOfState(value.state).standing}.
            </span>
          </p>
          {failureTextOf(value) && <Callout tone="bad">{failureTextOf(value)}</Callout>}
          <Rejected change={value} />
          <Asked change={value} />
          {isUndecided && !hasLapsed && isApprovalToCome(value) && (
            <Callout>
              <ApprovalToCome change={value} />
            </Callout>
          )}
          <Found change={value} name={person.name} />
          <PlanTable change={value} userId={person.id} />
          {value.revert?.at && (
            <p>
              Goes back <Time at={value.revert.at} />.
            </p>
          )}
          <div class="dialog-foot">
            <a class="aside" href={hashOf(['changes', value.id])}>
              All about this change
            </a>
            {/* Whatever becomes of it, each stays where it is: nothing else comes under a press. */}
            <Button onClick={() => turnAway(onDone)}>{isUndecided ? 'Not now' : 'Close this'}</Button>
            {(isUndecided || mayBeWantedStill(value)) && (
              <Button look={hasLapsed ? 'primary' : 'plain'} onClick={() => turnAway(onAgain)}>
                {!isUndecided
                  ? 'Choose again'
                  : hasLapsed || meanwhile
                    ? 'Plan it again'
                    : 'Choose otherwise'}
              </Button>
            )}
            <Decisions
              change={isUndecided ? { ...value, offers: confirming } : value}
              onDecided={refresh}
              onSend={() => {
                isPressed.current = true
              }}
            />
          </div>
          {/* What comes late stands below all that is pressed, and moves none of it. */}
          {hasLapsed && (
            <Callout tone="warning" isSudden>
              This plan has lapsed, and nothing was sent. Plan it again to see what it does now: what you
              chose and typed is kept.
            </Callout>
          )}
          {isInVain(value) && (
            <Callout>
              Nothing was changed. To plan it again, choose again: what you chose and typed is kept.
            </Callout>
          )}
          {meanwhile && !hasLapsed && (
            <Callout tone="warning">
              {person.name} was changed meanwhile, and holds {meanwhile} now. Plan it again to see what it
              does to that.
            </Callout>
          )}
        </>
      )}
    </section>
  )
}

/** It has ended, and what was wanted has not come about. */
function mayBeWantedStill({ state }: Change): boolean {
  return isSettled(state) && !['APPLIED', 'NOOP'].includes(state)
}

/** Nothing was sent of it either. */
function isInVain({ state }: Change): boolean {
  return ['CANCELLED', 'EXPIRED', 'REJECTED', 'SUPERSEDED'].includes(state)
}

function untilDecidedOf(change: Change): string {
  return isApprovalToCome(change)
    ? 'nothing is sent and nobody is asked before you ask for approval'
    : 'nothing is sent before you confirm it'
}

/** What was done when somebody last looked at the person is no news: it is in the history. */
function useDoneBefore(change: Change | undefined, onDone: () => void): void {
  const isSeen = useRef(false)
  useEffect(() => {
    if (change === undefined || isSeen.current) return
    isSeen.current = true
    if (change.state === 'APPLIED') onDone()
  }, [change])
}

/** Once, as it comes to its end, and where it was there already. */
function useSettled(change: Change | undefined, onChanged: () => void): void {
  const last = useRef<Change['state'] | undefined>(undefined)
  useEffect(() => {
    if (change === undefined || change.state === last.current) return
    if (last.current !== undefined) tellAloud(`${change.summary}: ${wordsOfState(change.state).standing}`)
    last.current = change.state
    if (isSettled(change.state)) onChanged()
  }, [change])
}

/** What they hold by now, where that is not what the plan saw. */
function useChangedMeanwhile({ live, id }: Person, change: Change | undefined, isUndecided: boolean) {
  const { value, refresh } = live
  useEffect(() => {
    if (isUndecided) void refresh()
  }, [isUndecided, refresh])
  const before = change?.before && 'users' in change.before ? change.before.users : []
  const seen = before.find(({ userId }) => userId === id)?.licenses
  if (!isUndecided || seen === undefined || value?.licenses == null) return undefined
  const held = value.licenses.map((license) => license.id)
  const isSame = held.length === seen.length && held.every((each) => seen.includes(each))
  return isSame ? undefined : held.join(', ') || 'nothing'
}

/** Who has turned it down, and what they said. */
function Rejected({ change: { approval } }: { readonly change: Change }) {
  if (approval?.isApproved !== false || approval.by === undefined) return null
  return (
    <Callout tone="warning">
      Rejected by {requesterOf(approval.by)}
      {approval.reason ? `: ${approval.reason}` : ', who did not say why.'}
    </Callout>
  )
}

/** Who else is asked, and why. */
function Asked({ change: { state, approval } }: { readonly change: Change }) {
  if (state !== 'AWAITING_APPROVAL' || approval?.expiresAt === undefined) return null
  return (
    <Callout>
      <p>
        An approver other than whoever asked is asked: {approval.because.join('. ')}. They have until{' '}
        <Time at={approval.expiresAt} />; nothing is sent before.
      </p>
    </Callout>
  )
}

/** What they would lack or hold twice, and what others have changed. */
function Found({ change, name }: { readonly change: Change; readonly name: string }) {
  const zone = zoneOf(useMe())
  if (isSettled(change.state)) return null
  const changed = changedTextsOf(
    change,
    () => name,
    (iso) => timeIn(iso, zone),
  )
  const lines = [...changed.map(plainLine), ...foundLinesOf(change, () => name)]
  return lines.length > 0 && <FoundLines title="What to know" lines={lines} />
}
