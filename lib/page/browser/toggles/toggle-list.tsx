import { useState } from 'preact/hooks'
import type { ToggleListing } from '../../../changes/answers/write-schemas.ts'
import type { LicenseOrgToggle } from '../../../genesys/models/licenses.ts'
import { RefusedCall } from '../api/problems.ts'
import { useAnswer } from '../api/use-answer.ts'
import { mayCall, useMe } from '../api/use-me.ts'
import { StateChip } from '../changes/state-chip.tsx'
import { Button } from '../parts/button.tsx'
import { Chip } from '../parts/chip.tsx'
import { Field } from '../parts/field.tsx'
import { Callout, Empty, Loading, Problem } from '../parts/states.tsx'
import { Time } from '../parts/times.tsx'
import { draftOf, setDraft } from '../session/drafts.ts'
import { Heading } from '../shell/heading.tsx'
import { hashOf } from '../shell/route.ts'
import { setFilters } from '../shell/use-route.ts'
import { SwitchToggle, toggleDraftOf } from './switch-toggle.tsx'

/** They are switched rarely, and elsewhere too. */
const EVERY_MS = 30_000

type KnownToggle = ToggleListing['entities'][number]
type Switching = ToggleListing['switching']

/** What becomes of a switch, as far as the record tells. */
const sentences: Readonly<Record<Switching, string>> = {
  honoured: 'Genesys takes switching: the last switch that the record tells of took effect.',
  ignored:
    'Switching has no effect today: Genesys answers, and switches nothing. It reads every toggle as on, whatever it is.',
  unknown:
    'Whether switching has an effect is not known: no change tells yet. Genesys documents since July 2023 that it has none, and that every toggle reads as on.',
}

export function ToggleList({ query }: { readonly query: URLSearchParams }) {
  const { value, problem, refresh } = useAnswer<ToggleListing>('v1/toggles', { everyMs: EVERY_MS })
  const typed = query.get('name')?.trim() ?? ''
  const listed = value?.entities ?? []
  const isListed = listed.some(({ featureName }) => featureName.toLowerCase() === typed.toLowerCase())
  const others = typed === '' || isListed ? [] : [{ featureName: typed, isInOrgFile: false }]
  return (
    <>
      <Heading text="Toggles" />
      <Problem problem={problem} onRetry={() => void refresh()} />
      {value === undefined ? (
        problem === undefined && <Loading />
      ) : (
        <>
          <Callout tone={value.switching === 'honoured' ? 'info' : 'warning'}>
            <p>{sentences[value.switching]}</p>
          </Callout>
          <Another typed={typed} />
          {listed.length + others.length === 0 ? (
            <Empty>
              Genesys lists no toggles, and none has been switched here yet. Type the name of one above.
            </Empty>
          ) : (
            <ul class="rows toggles" aria-label="Toggles">
              {[...others, ...listed].map((toggle) => (
                <Row key={toggle.featureName} toggle={toggle} switching={value.switching} />
              ))}
            </ul>
          )}
          <p class="note">
            Genesys lists no toggles: these are those of the newest changes, and those that a rule of the org
            file names.
          </p>
        </>
      )}
    </>
  )
}

/** One that nobody has had to do with yet. */
function Another({ typed }: { readonly typed: string }) {
  return (
    <form
      class="filters"
      aria-label="Look at a toggle"
      onSubmit={(event) => {
        event.preventDefault()
        setFilters({ name: String(new FormData(event.currentTarget).get('name') ?? '').trim() })
      }}
    >
      <Field
        key={typed}
        name="name"
        label="Another toggle, by its name"
        defaultValue={typed}
        maxLength={128}
      />
      <div class="field">
        <Button type="submit">Look at it</Button>
      </div>
    </form>
  )
}

interface RowProps {
  readonly toggle: KnownToggle
  readonly switching: Switching
}

function Row({ toggle, switching }: RowProps) {
  const { featureName, isInOrgFile, lastChange } = toggle
  const draft = toggleDraftOf(featureName)
  const maySwitch = mayCall(useMe(), 'putToggle')
  // What was typed before the sign-in ended is gone on with.
  const [isOpen, setOpen] = useState(() => draftOf(draft) !== undefined)
  const { value, problem, refresh } = useAnswer<LicenseOrgToggle>(
    `api/v2/license/toggles/${encodeURIComponent(featureName)}`,
  )
  const isUnknown = problem instanceof RefusedCall && problem.status === 404
  const enabled = value?.enabled
  return (
    <li class="row">
      <div>
        <strong>{featureName}</strong>
        {isInOrgFile && <p class="note">A rule of the org file names it.</p>}
        {isUnknown ? (
          <p>Genesys knows no toggle of this name.</p>
        ) : (
          <Problem problem={problem} onRetry={() => void refresh()} />
        )}
      </div>
      <div>
        {typeof enabled === 'boolean' && (
          <Chip tone={enabled ? 'good' : 'info'}>{enabled ? 'On' : 'Off'}</Chip>
        )}
        {enabled === true && switching !== 'honoured' && (
          <p class="note">As Genesys reads it, which may say nothing.</p>
        )}
        {value && typeof enabled !== 'boolean' && <span class="note">Genesys does not say how it is.</span>}
      </div>
      <p class="note">
        {lastChange ? (
          <>
            <a href={hashOf(['changes', lastChange.id])}>Switched {lastChange.enabled ? 'on' : 'off'}</a>{' '}
            <Time at={lastChange.at} /> <StateChip state={lastChange.state} />
          </>
        ) : (
          'Not switched here lately.'
        )}
      </p>
      {maySwitch && value && (
        <Button aria-label={`Switch ${featureName} ${enabled ? 'off' : 'on'}`} onClick={() => setOpen(true)}>
          Switch {enabled ? 'off' : 'on'}
        </Button>
      )}
      {isOpen && value && (
        <SwitchToggle
          featureName={featureName}
          enabled={enabled}
          switching={switching}
          onClose={() => {
            setDraft(draft, undefined)
            setOpen(false)
          }}
        />
      )}
    </li>
  )
}
