/** Somebody: what they hold, since when and by whom, and what may be given or taken. */
import type { Change } from '../../../changes/answers/change-schemas.ts'
import { isSettled } from '../../../changes/model/transitions.ts'
import { RefusedCall } from '../api/problems.ts'
import { useDefinitions } from '../api/use-definitions.ts'
import { useMeComing } from '../api/use-me.ts'
import { askedThroughOf } from '../changes/asked-through.ts'
import { StateChip } from '../changes/state-chip.tsx'
import { PersonState } from '../parts/chip.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Callout, Loading, Problem } from '../parts/states.tsx'
import { Time } from '../parts/times.tsx'
import { BySchedule, useComing } from '../schedules/by-schedule.tsx'
import { hashOf } from '../shell/route.ts'
import { GiveOrTake } from './give-or-take.tsx'
import { History } from './history.tsx'
import { changeBehind, type HistoryState, useHistory } from './use-history.ts'
import type { Person } from './use-person.ts'

interface PersonDrawerProps {
  readonly person: Person
  /** Something has become of what was asked for here. */
  readonly onChanged: () => void
  readonly onClose: () => void
}

export function PersonDrawer({ person, onChanged, onClose }: PersonDrawerProps) {
  const { id, name, known, live, reading } = person
  const history = useHistory(id)
  const coming = useComing(id)
  const { definitions, problem: undefinedBy } = useDefinitions()
  const isMeComing = useMeComing()
  // All of it at once: what came late would move what is pressed.
  const isComing =
    isMeComing ||
    (live.value ?? live.problem) === undefined ||
    (reading.value ?? reading.problem) === undefined ||
    (definitions ?? undefinedBy) === undefined ||
    (history.holdings ?? history.problem) === undefined ||
    (!coming.isHidden && (coming.value ?? coming.problem) === undefined)
  const isGone = live.problem instanceof RefusedCall && live.problem.status === 404
  // What is no id of anybody is told once, and not by each of those that were asked.
  if ([live.problem, reading.problem].some((each) => each instanceof RefusedCall && each.status === 400)) {
    return (
      <Dialog title="Nobody" look="drawer" onClose={onClose}>
        <Callout tone="warning">
          This link names nobody: what stands at its end is no id of a person. Close this, and find them in
          the list by their name or e-mail.
        </Callout>
      </Dialog>
    )
  }
  const readAnew = () => void Promise.all([live.refresh(), reading.refresh(), history.refresh()])
  return (
    <Dialog title={name} look="drawer" onClose={onClose}>
      <article class="person">
        {/* Of one line, or of two. */}
        {!isComing && (
          <p class="note">
            {known?.email && known.email !== name && <>{known.email} · </>}
            <code>{id}</code>
            <PersonState state={known?.state} />
          </p>
        )}
        {isGone ? (
          <Callout tone="warning">Genesys does not know this person any more, or never did.</Callout>
        ) : (
          <Problem problem={live.problem} onRetry={() => void live.refresh()} />
        )}
        {/* Where nothing can be had, once is enough. */}
        {live.problem === undefined && (
          <Problem problem={reading.problem} onRetry={() => void reading.refresh()} />
        )}
        {isComing ? (
          <Loading lines={8} />
        ) : (
          <>
            <LicensesNow person={person} history={history} definitions={definitions} />
            <GiveOrTake
              person={person}
              onChanged={() => {
                onChanged()
                readAnew()
              }}
              onBegin={readAnew}
            />
            <UnderWay history={history} />
            <BySchedule userId={id} coming={coming} />
            <OtherThanHistory held={live.value && person.held} history={history} />
            <History name={name} history={history} />
          </>
        )}
      </article>
    </Dialog>
  )
}

/** What somebody has asked for and nothing has become of yet; a plan that only its asker has seen is not told. */
function UnderWay({ history: { changes, unlisted, refresh } }: { readonly history: HistoryState }) {
  const open = [...changes.values()].filter(
    ({ state, isReleased }) => !isSettled(state) && (state !== 'PLANNED' || isReleased),
  )
  if (open.length === 0 && unlisted === undefined) return null
  return (
    <section>
      <h3>On its way</h3>
      <Problem problem={unlisted} onRetry={() => void refresh()} />
      <ul class="holds">
        {open.map((change) => (
          <li key={change.id}>
            <StateChip {...change} /> <a href={hashOf(['changes', change.id])}>{change.summary}</a>
            <span class="note under">
              asked for by {askedThroughOf(change)}, <Time at={change.createdAt} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Of what was given until some time. */
function GoesBack({ change }: { readonly change: Change | undefined }) {
  const dueAt = change?.revert?.dueAt
  if (dueAt === undefined) return null
  return (
    <span class="note">
      , goes back <Time at={dueAt} />
    </span>
  )
}

/** What was done in Genesys itself since the last reading. */
function OtherThanHistory({
  held,
  history: { holdings, listing },
}: {
  readonly held: readonly string[] | undefined
  readonly history: HistoryState
}) {
  const open = holdings?.filter(({ until }) => until === undefined).map(({ licenseId }) => licenseId)
  if (held === undefined || open === undefined || listing === undefined) return null
  const isSame = held.length === open.length && held.every((each) => open.includes(each))
  if (isSame) return null
  return (
    <Callout>
      <p>
        Something was changed in Genesys itself since the reading of <Time at={listing.asOf} />: the history
        has it with the next reading.
      </p>
    </Callout>
  )
}

/** By Genesys's own answer; the newest reading has to do where there is none. */
function LicensesNow({
  person: { held, live, known, reading },
  history,
  definitions = [],
}: {
  readonly person: Person
  readonly history: HistoryState
  readonly definitions: ReturnType<typeof useDefinitions>['definitions']
}) {
  const open = history.holdings?.filter(({ until }) => until === undefined) ?? []
  if (held === undefined) return null
  return (
    <section>
      <h3>Licenses now</h3>
      {live.value === undefined && known && reading.value && (
        <p class="note">
          As read <Time at={reading.value.asOf} />.
        </p>
      )}
      {held.length === 0 ? (
        <p>None.</p>
      ) : (
        <ul class="holds">
          {held.map((licenseId) => {
            const since = open.find((each) => each.licenseId === licenseId)
            return (
              <li key={licenseId}>
                <strong>{licenseId}</strong>
                {since && since.by !== 'before records' && (
                  <span class="note">
                    {' '}
                    since <Time at={since.from} />
                  </span>
                )}
                <GoesBack change={history.changes.get(changeBehind(since?.by) ?? '')} />
                <span class="note under">{definitions.find(({ id }) => id === licenseId)?.description}</span>
              </li>
            )
          })}
        </ul>
      )}
    </section>
  )
}
