/** Licenses given and taken here: chosen, planned, looked at, confirmed, and watched until it is done. */
import { useState } from 'preact/hooks'
import type { Change } from '../../../changes/answers/change-schemas.ts'
import { problemTextOf, RefusedCall, reasonFaultIn } from '../api/problems.ts'
import { serverNowMs } from '../api/server-clock.ts'
import { useCallOff } from '../api/use-call-off.ts'
import { useDeed } from '../api/use-deed.ts'
import { useDefinitions } from '../api/use-definitions.ts'
import { mayCall, useMe, zoneOf } from '../api/use-me.ts'
import { Button } from '../parts/button.tsx'
import { Field } from '../parts/field.tsx'
import { Form } from '../parts/form.tsx'
import { Callout, Loading, Problem } from '../parts/states.tsx'
import { TypedTimeField } from '../parts/typed-time-field.tsx'
import { draftOf, useDraft } from '../session/drafts.ts'
import { PlanReview } from './plan-review.tsx'
import type { Person } from './use-person.ts'
import {
  faultsInWish,
  giveOrTakeOf,
  noWish,
  pressLicense,
  type Wish,
  wishDraftOf,
  wishFor,
  wishIn,
} from './wish.ts'

interface GiveOrTakeProps {
  readonly person: Person
  /** Something has become of it: what is shown of the person is read anew. */
  readonly onChanged: () => void
  /** It is chosen from what is held by then: the person is read anew. */
  readonly onBegin: () => void
}

export function GiveOrTake({ person, onChanged, onBegin }: GiveOrTakeProps) {
  const [draft, setDraft] = useDraft(wishDraftOf(person.id))
  const wish = wishIn(draft)
  const setWish = (next: Wish | undefined) => setDraft(next && JSON.stringify(next))
  const callOff = useCallOff()
  const isAllowed = mayCall(useMe(), 'createChange')
  if (!isAllowed || person.held === undefined) return null
  if (wish === undefined) {
    return (
      <Begin
        onBegin={() => {
          setWish(noWish)
          onBegin()
        }}
      />
    )
  }
  if (wish.changeId === undefined) {
    return (
      <Choosing
        person={person}
        held={person.held}
        wish={wish}
        setWish={setWish}
        onPlanned={(changeId) => {
          // What was chosen and typed while it was planned is kept, and nothing where it is not wanted any more.
          const latest = wishIn(draftOf(wishDraftOf(person.id)))
          if (latest) setWish({ ...latest, changeId })
          else callOff(changeId)
        }}
      />
    )
  }
  return (
    <PlanReview
      person={person}
      id={wish.changeId}
      onChanged={onChanged}
      onAgain={() => {
        setWish({ ...wish, changeId: undefined })
        onBegin()
      }}
      onDone={() => setWish(undefined)}
    />
  )
}

function Begin({ onBegin }: { readonly onBegin: () => void }) {
  return (
    <div>
      <Button look="primary" onClick={onBegin}>
        Give or take licenses
      </Button>
    </div>
  )
}

interface ChoosingProps {
  readonly person: Person
  readonly held: readonly string[]
  readonly wish: Wish
  readonly setWish: (wish: Wish | undefined) => void
  readonly onPlanned: (changeId: string) => void
}

function Choosing({ person: { id, name }, held, wish, setWish, onPlanned }: ChoosingProps) {
  const zone = zoneOf(useMe())
  const { definitions, problem, refresh } = useDefinitions()
  const [faults, setFaults] = useState<Partial<ReturnType<typeof faultsInWish>>>({})
  const deed = useDeed()
  const refused = deed.problem instanceof RefusedCall ? deed.problem.faults : []
  const refusedIn = (field: string) => refused.find(({ fieldName }) => fieldName === field)?.message
  const isToldInPlace =
    refused.length > 0 && refused.every(({ fieldName }) => ['reason', 'revertAt'].includes(fieldName))

  async function plan(): Promise<void> {
    const wanted = wishFor(wish, held)
    const found = faultsInWish(wanted, zone, serverNowMs())
    setFaults(found)
    if (found.licenses !== undefined || found.until !== undefined) return
    const change = await deed.run<Change>({
      method: 'POST',
      path: 'v1/changes',
      body: giveOrTakeOf(id, wanted, zone),
    })
    if (change) onPlanned(change.id)
  }

  return (
    <section class="wish">
      <h3>Give or take licenses</h3>
      <Form onSubmit={plan} isBusy={deed.isBusy}>
        <Problem problem={problem} onRetry={() => void refresh()} />
        {definitions === undefined && problem === undefined && <Loading lines={4} />}
        {definitions && (
          <LicenseBoxes
            legend={`What ${name} is to hold`}
            definitions={definitions}
            held={held}
            wish={wish}
            fault={faults.licenses}
            onPress={(licenseId) => setWish(pressLicense(wish, licenseId, held.includes(licenseId)))}
          />
        )}
        <Field
          label="Reason"
          hint="For the record, and for whoever approves it"
          value={wish.reason}
          maxLength={500}
          fault={reasonFaultIn(deed.problem)}
          onInput={({ currentTarget: { value } }) => setWish({ ...wish, reason: value })}
        />
        <TypedTimeField
          label="Until when"
          hint="Empty is for good; else all of it goes back then"
          value={wish.until}
          fault={faults.until ?? refusedIn('revertAt')}
          onType={(until) => setWish({ ...wish, until })}
        />
        {deed.problem !== undefined && !isToldInPlace && (
          <Callout tone="bad">{problemTextOf(deed.problem)}</Callout>
        )}
        <p class="note">The plan shows what it does. Nothing is sent by it, and nobody is asked.</p>
        <div class="dialog-foot">
          <Button onClick={() => setWish(undefined)}>Not now</Button>
          <Button type="submit" look="primary" isBusy={deed.isBusy}>
            Plan it
          </Button>
        </div>
      </Form>
    </section>
  )
}

interface LicenseBoxesProps {
  readonly legend: string
  readonly definitions: NonNullable<ReturnType<typeof useDefinitions>['definitions']>
  readonly held: readonly string[]
  readonly wish: Wish
  readonly fault: string | undefined
  readonly onPress: (licenseId: string) => void
}

/** A box for each license of the org, pressed where it is to be held. */
function LicenseBoxes({ legend, definitions, held, wish, fault, onPress }: LicenseBoxesProps) {
  const defined = definitions.map(({ id, description }) => ({ id, description }))
  // What is held is there whether or not the org can still hold more of it.
  const others = held.filter((id) => !defined.some((each) => each.id === id))
  const all = [...others.map((id) => ({ id, description: undefined })), ...defined]
  return (
    <fieldset class="boxes" aria-describedby="boxes-fault">
      <legend>{legend}</legend>
      {all.map(({ id, description }) => {
        const isGiven = wish.gives.includes(id) && !held.includes(id)
        const isTaken = wish.takes.includes(id) && held.includes(id)
        return (
          <label key={id} class={isGiven || isTaken ? 'box other' : 'box'}>
            <input
              type="checkbox"
              checked={isGiven || (held.includes(id) && !isTaken)}
              onChange={() => onPress(id)}
            />
            <span>
              {id}
              {isGiven && <strong> to be given</strong>}
              {isTaken && <strong> to be taken</strong>}
              {description && <span class="note under">{description}</span>}
            </span>
          </label>
        )
      })}
      <span id="boxes-fault" class={fault === undefined ? 'unseen' : 'fault'} role="alert">
        {fault}
      </span>
    </fieldset>
  )
}
