/** The buttons of a change, and the second look that some of them take. */
import { useEffect, useState } from 'preact/hooks'
import type { Change } from '../../../changes/answers/change-schemas.ts'
import { requesterOf, wordsOfState } from '../../../changes/answers/summarize.ts'
import { isSettled } from '../../../changes/model/transitions.ts'
import { isOvertaken, NoAnswer, problemTextOf, RefusedCall, reasonFaultIn } from '../api/problems.ts'
import { serverNowMs } from '../api/server-clock.ts'
import { useCallOff } from '../api/use-call-off.ts'
import { useDeed } from '../api/use-deed.ts'
import { useMe, zoneOf } from '../api/use-me.ts'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Field } from '../parts/field.tsx'
import { faultInTime, isoOfTime, typedTimeOf } from '../parts/field-times.ts'
import { Form } from '../parts/form.tsx'
import { Callout } from '../parts/states.tsx'
import { timeIn } from '../parts/times.tsx'
import { TypedTimeField } from '../parts/typed-time-field.tsx'
import { draftOf, setDraft, useDraft, useOpen } from '../session/drafts.ts'
import { hashOf } from '../shell/route.ts'
import { tellAloud } from '../shell/tell-aloud.tsx'
import { goFromHere } from '../shell/use-route.ts'
import {
  actFor,
  bodyFor,
  isLapsed,
  isLookedAtFirst,
  noteOn,
  type OfferedChange,
  wantsCount,
} from './offers.ts'
import { TakenOver } from './plan-findings.tsx'

interface DecisionsProps {
  readonly change: OfferedChange
  /** Something was decided, or was not after all: what is shown is read anew. */
  readonly onDecided: () => Promise<void>
  /** Where another change is looked at that comes of it. Default: among the changes. */
  readonly view?: string
  /** Others stand beside it: what its buttons are called says whose they are. */
  readonly isOneOfMany?: boolean
  /** Somebody is asked in a dialog, or is not any more: meanwhile it must stay where it stands. */
  readonly onAsking?: (isAsking: boolean) => void
  /** Something was decided here, and is on its way to the gateway. */
  readonly onSend?: () => void
}

export function Decisions({
  change,
  onDecided,
  view = 'changes',
  isOneOfMany = false,
  onAsking,
  onSend,
}: DecisionsProps) {
  const offered = (change.offers ?? []).filter((name) => actFor(name, change) !== undefined)
  const [open, setOpen] = useOpen(`change ${change.id}`)
  const zone = zoneOf(useMe())
  const deed = useDeed()
  const callOff = useCallOff()
  const isAsking = open !== undefined
  useEffect(() => onAsking?.(isAsking), [isAsking])
  useEffect(() => {
    // Where the answer was lost, what has become of the change is the answer.
    if (deed.problem instanceof NoAnswer) deed.reset()
  }, [change.state])

  function press(name: string): void {
    if (actFor(name, change)?.asks || wantsCount(name, change)) setOpen(name)
    else void decide(name, bodyFor(name, change, { text: '', count: '' }))
  }

  async function decide(name: string, body: unknown): Promise<boolean> {
    const path = `v1/changes/${change.id}/${actFor(name, change)?.path ?? name}`
    const goOn = goFromHere()
    onSend?.()
    const answer = await deed.run<OfferedChange>(
      { method: 'POST', path, ...(body === undefined ? {} : { body }) },
      onDecided,
    )
    if (answer === undefined) return false
    tellAloud(whatCameOf(name, answer, zone))
    // What undoes it, tries it again or keeps it for longer is another change, which is the one to look at now.
    if (answer.id !== change.id) {
      if (isLookedAtFirst(name)) replacePlan(name, answer)
      goOn(hashOf([view, answer.id]))
    }
    return true
  }

  /** The plan that was made here before, where nobody has applied it, is not wanted any more. */
  function replacePlan(name: string, { id, state }: Change): void {
    const planned = `plan ${name} ${change.id}`
    const before = draftOf(planned)
    setDraft(planned, isSettled(state) ? undefined : id)
    if (before !== undefined && before !== id) callOff(before)
  }

  return (
    <>
      {offered.length > 0 && (
        <fieldset class="decisions">
          <legend class="unseen">What you may do{isOneOfMany && ` about “${change.summary}”`}</legend>
          {offered.map((name) => (
            <Button
              key={name}
              look={actFor(name, change)?.look ?? 'plain'}
              isBusy={deed.isBusy}
              {...(isOneOfMany && { 'aria-label': `${actFor(name, change)?.label}: ${change.summary}` })}
              onClick={() => press(name)}
            >
              {actFor(name, change)?.label}
            </Button>
          ))}
        </fieldset>
      )}
      {open === undefined && deed.problem !== undefined && (
        <Callout tone="bad">{problemTextOf(deed.problem)}</Callout>
      )}
      {open !== undefined && (
        <Asking
          name={open}
          change={change}
          deed={deed}
          decide={decide}
          isOffered={offered.some((each) => each === open)}
          onClose={() => {
            for (const each of draftNames(change.id, open)) setDraft(each, undefined)
            deed.reset()
            setOpen(undefined)
          }}
        />
      )}
    </>
  )
}

/** What is kept is told by how long it stays: that it was given is no news. */
function whatCameOf(name: string, { summary, state, revert }: OfferedChange, zone: string): string {
  if (isSettled(state) && name === 'keep' && revert?.isCancelled) return `${summary}: it stays for good.`
  const endsAt = revert?.dueAt ?? revert?.at
  if (isSettled(state) && name === 'extend' && endsAt)
    return `${summary}: it stays until ${timeIn(endsAt, zone)}.`
  return `${summary}: ${wordsOfState(state).standing}`
}

/** Of the words or the time, and of the count. */
const draftNames = (id: string, name: string) => [`${name} ${id}`, `${name} ${id} people`] as const

/** By whom it was decided, where somebody else was quicker. */
function decidedTextOf({ approval }: OfferedChange): string {
  if (approval?.by === undefined) return ''
  return `${requesterOf(approval.by)} has ${approval.isApproved === false ? 'rejected' : 'approved'} it. `
}

/** What it does to many, in the gateway's words; how else the number may be given does not matter where there is a field for it. */
function unconfirmedTextOf(problem: unknown): string {
  return `${problemTextOf(problem).split(': ')[0]}. Type how many people that is.`
}

interface AskingProps {
  readonly name: string
  readonly change: OfferedChange
  readonly deed: ReturnType<typeof useDeed>
  readonly decide: (name: string, body: unknown) => Promise<boolean>
  /** It may have ended, or been decided by somebody else, while this is open. */
  readonly isOffered: boolean
  readonly onClose: () => void
}

function Asking({ name, change, deed, decide, isOffered, onClose }: AskingProps) {
  const { asks, label = '', countsAt = label, wants, why = '', look } = actFor(name, change) ?? {}
  const [title, sentence, doIt] = asks ?? [countsAt, 'It changes many people.', label]
  const [ofText, ofCount] = draftNames(change.id, name)
  const [count = '', setCount] = useDraft(ofCount)
  const [fault, setFault] = useState<string | undefined>()
  const [countFault, setCountFault] = useState<string | undefined>()
  const zone = zoneOf(useMe())
  const dueAt = wants === 'time' ? change.revert?.dueAt : undefined
  // One begins where it ends now.
  const [text = dueAt === undefined ? '' : typedTimeOf(dueAt, zone), setText] = useDraft(ofText)
  const isCounted = wantsCount(name, change)
  const isUnconfirmed =
    isCounted && deed.problem instanceof RefusedCall && deed.problem.code === 'change.people.unconfirmed'
  const unreasoned = reasonFaultIn(deed.problem)
  const people = change.needs?.confirmPeople ?? (change.list && change.impact?.people)

  async function submit(): Promise<void> {
    const wrong = wants === 'time' ? faultInTime(text, zone, serverNowMs()) : undefined
    const uncounted =
      isCounted && !/^\d+$/.test(count.trim()) ? 'Type the number of people, in digits.' : undefined
    setFault(wrong)
    setCountFault(uncounted)
    if (wrong !== undefined || uncounted !== undefined) return
    const typed = wants === 'time' ? isoOfTime(text, zone) : text
    if (await decide(name, bodyFor(name, change, { text: typed, count }))) onClose()
  }

  return (
    <Dialog title={title} onClose={onClose}>
      <Form onSubmit={submit} isBusy={deed.isBusy || !isOffered}>
        <p class="about">{change.summary}</p>
        {isOffered ? (
          <>
            <p>
              {sentence} {noteOn(name, change)}
            </p>
            {(name === 'approve' || name === 'apply') && <TakenOver change={change} />}
          </>
        ) : (
          <Callout tone="warning" isSudden>
            {decidedTextOf(change)}
            {isLapsed(change, serverNowMs())
              ? 'The plan has lapsed'
              : `It is at “${wordsOfState(change.state).name}” by now`}
            , so this is not possible any more.
          </Callout>
        )}
        {wants === 'reason' && (
          <Field
            label={why}
            value={text}
            maxLength={500}
            fault={unreasoned}
            onInput={({ currentTarget: { value } }) => setText(value)}
          />
        )}
        {wants === 'time' && (
          <TypedTimeField label="Until when" isRequired value={text} fault={fault} onType={setText} />
        )}
        {isCounted && (
          <Field
            label="How many people it changes"
            hint={
              people === undefined
                ? 'It takes a license from many: type the number of people.'
                : `Type ${people} to go on: ${change.needs ? 'it takes a license from many' : 'all of them are changed'}.`
            }
            inputMode="numeric"
            isRequired
            fault={countFault ?? (isUnconfirmed ? unconfirmedTextOf(deed.problem) : undefined)}
            value={count}
            onInput={({ currentTarget: { value } }) => setCount(value)}
          />
        )}
        {deed.problem !== undefined &&
          !isUnconfirmed &&
          unreasoned === undefined &&
          !(isOvertaken(deed.problem) && !isOffered) && (
            <Callout tone="bad">{problemTextOf(deed.problem)}</Callout>
          )}
        <div class="dialog-foot">
          <Button onClick={onClose}>{isOffered ? 'Not now' : 'Close'}</Button>
          {isOffered && (
            <Button type="submit" look={look ?? 'primary'} isBusy={deed.isBusy}>
              {doIt}
            </Button>
          )}
        </div>
      </Form>
    </Dialog>
  )
}
