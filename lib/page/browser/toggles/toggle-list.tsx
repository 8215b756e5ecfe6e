import { useEffect } from 'preact/hooks'
import type { Change, ChangeListing } from '../../../changes/answers/change-schemas.ts'
import { onOff } from '../../../changes/answers/summarize.ts'
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
import { useOpen } from '../session/drafts.ts'
import { Heading } from '../shell/heading.tsx'
import { hashOf } from '../shell/route.ts'
import { tellAloud } from '../shell/tell-aloud.tsx'
import { setFilters } from '../shell/use-route.ts'
import { SwitchToggle } from './switch-toggle.tsx'

/** They are switched rarely, and elsewhere too. */
const EVERY_MS = 30_000

const UNKNOWN = 'Genesys knows no toggle of this name.'
const NO_NAME =
  'No toggle can have this name: each is of letters, digits and _ . : - alone, and begins with a letter or digit. Type it again above.'

type KnownToggle = ToggleListing['entities'][number]
type Switching = ToggleListing['switching']

/** What becomes of a switch, as far as the record tells. */
const sentences: Readonly<Record<Switching, string>> = {
  honoured: 'Genesys takes switching: the last switch that the record tells of took effect.',
  ignored:
    'Switching has no effect today: Genesys answers, and switches nothing. It reads every toggle as on, whatever it is.',
  unknown:
    'Whether switching has an effect is not known: no recent change tells. Genesys documents since July 2023 that it has none, and that every toggle reads as on.',
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
              Genesys lists no toggles, and{' '}
              {value.isWhole
                ? 'none has been switched here yet'
                : 'none of the newest hundred changes is of one'}
              . Type the name of one above.
            </Empty>
          ) : (
            <ul class="rows toggles" aria-label="Toggles">
              {[...others, ...listed].map((toggle) => (
                <Row
                  key={toggle.featureName}
                  toggle={toggle}
                  of={value}
                  isAskedFor={toggle.featureName.toLowerCase() === typed.toLowerCase()}
                />
              ))}
            </ul>
          )}
          {(listed.length > 0 || !value.isWhole) && (
            <p class="note">
              {listed.length > 0 &&
                `Genesys lists no toggles: these are those ${
                  value.isWhole ? 'that were ever switched here' : 'of the newest hundred changes'
                }, and those that a rule of the org file names. `}
              {!value.isWhole && 'One that was switched before those is found by its name, above.'}
            </p>
          )}
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
  readonly of: Pick<ToggleListing, 'switching' | 'isWhole'>
  /** Its name was typed, and focus stays there: how it is is heard. */
  readonly isAskedFor: boolean
}

function Row({ toggle, of: { switching, isWhole }, isAskedFor }: RowProps) {
  const { featureName, isInOrgFile } = toggle
  const maySwitch = mayCall(useMe(), 'putToggle')
  // What was asked for before the sign-in ended is gone on with as it was, however it reads by then.
  const [wanted, setWanted] = useOpen(`toggle ${featureName}`)
  const { value, problem, refresh } = useAnswer<LicenseOrgToggle>(
    `api/v2/license/toggles/${encodeURIComponent(featureName)}`,
  )
  const isComing = value === undefined && problem === undefined
  const status = problem instanceof RefusedCall ? problem.status : undefined
  const why = status === 404 ? UNKNOWN : status === 400 ? NO_NAME : undefined
  const enabled = value?.enabled
  useEffect(() => {
    if (!isAskedFor) return
    if (why !== undefined) tellAloud(why)
    else if (typeof enabled === 'boolean') tellAloud(`${featureName} reads ${onOff(enabled)}.`)
  }, [isAskedFor, why, enabled])
  return (
    <li class="row">
      <div>
        <strong>{featureName}</strong>
        {isInOrgFile && <p class="note">A rule of the org file names it.</p>}
        {why ? <p>{why}</p> : <Problem problem={problem} onRetry={() => void refresh()} />}
      </div>
      <div>
        {typeof enabled === 'boolean' && (
          <Chip tone={enabled ? 'good' : 'info'}>{enabled ? 'On' : 'Off'}</Chip>
        )}
        {isComing && (
          <span class="to-come">
            <Chip tone="good">On</Chip>
          </span>
        )}
        {(enabled === true || isComing) && switching !== 'honoured' && (
          <p class={isComing ? 'note to-come' : 'note'}>As Genesys reads it, which may say nothing.</p>
        )}
        {value && typeof enabled !== 'boolean' && <span class="note">Genesys does not say how it is.</span>}
      </div>
      <LastSwitch toggle={toggle} isWhole={isWhole} />
      {maySwitch && isComing && (
        <span class="to-come">
          <Button>Switch off</Button>
        </span>
      )}
      {maySwitch && value && (
        <Button
          aria-label={`Switch ${enabled ? 'off' : 'on'} ${featureName}`}
          onClick={() => setWanted(onOff(!enabled))}
        >
          Switch {enabled ? 'off' : 'on'}
        </Button>
      )}
      {wanted !== undefined && value && (
        <SwitchToggle
          featureName={featureName}
          enabled={enabled}
          wanted={wanted === 'on'}
          switching={switching}
          onClose={() => setWanted(undefined)}
        />
      )}
    </li>
  )
}

/** Of one that the newest changes are not about it is asked for, where there are older ones. */
function LastSwitch({
  toggle: { featureName, lastChange },
  isWhole,
}: Pick<RowProps, 'toggle'> & Pick<ToggleListing, 'isWhole'>) {
  const { value, problem } = useAnswer<ChangeListing>(
    lastChange || isWhole ? undefined : `v1/changes?toggle=${encodeURIComponent(featureName)}&limit=1`,
  )
  const [older] = value?.entities ?? []
  const last = lastChange ?? (older && { ...older, enabled: isOn(older), at: older.createdAt })
  if (last) {
    return (
      <p class="note">
        <a href={hashOf(['changes', last.id])}>Switched {onOff(last.enabled)}</a> <Time at={last.at} />{' '}
        <StateChip state={last.state} />
      </p>
    )
  }
  if (isWhole || value) return <p class="note">Not switched here yet.</p>
  return <p class="note">{problem === undefined ? '\u00a0' : 'Whether it was switched here is not known.'}</p>
}

const isOn = ({ desired }: Change) => ('featureName' in desired ? desired.enabled : undefined)
