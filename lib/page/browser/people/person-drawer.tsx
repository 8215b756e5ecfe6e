/** Somebody: what they hold, since when and by whom, and what may be given or taken. */
import { RefusedCall } from '../api/problems.ts'
import { useDefinitions } from '../api/use-definitions.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Callout, Loading, Problem } from '../parts/states.tsx'
import { Time } from '../parts/times.tsx'
import { GiveOrTake } from './give-or-take.tsx'
import { History } from './history.tsx'
import { PersonState } from './person-state.tsx'
import { type HistoryState, useHistory } from './use-history.ts'
import type { Person } from './use-person.ts'

interface PersonDrawerProps {
  readonly person: Person
  readonly onClose: () => void
}

export function PersonDrawer({ person, onClose }: PersonDrawerProps) {
  const { id, name, known, live, reading } = person
  const history = useHistory(id)
  const isGone = live.problem instanceof RefusedCall && live.problem.status === 404
  return (
    <Dialog title={name} look="drawer" onClose={onClose}>
      <article class="person">
        <p class="note">
          {known?.email && known.email !== name && <>{known.email} · </>}
          <code>{id}</code>
          <PersonState state={known?.state} />
        </p>
        {isGone ? (
          <Callout tone="warning">Genesys does not know this person any more, or never did.</Callout>
        ) : (
          <Problem problem={live.problem} onRetry={() => void live.refresh()} />
        )}
        {/* Where nothing can be had, once is enough. */}
        {live.problem === undefined && (
          <Problem problem={reading.problem} onRetry={() => void reading.refresh()} />
        )}
        <LicensesNow person={person} history={history} />
        <GiveOrTake
          person={person}
          onChanged={() => void Promise.all([live.refresh(), reading.refresh(), history.refresh()])}
        />
        <OtherThanHistory held={live.value && person.held} history={history} />
        <History name={name} history={history} />
      </article>
    </Dialog>
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
function LicensesNow({ person, history }: { readonly person: Person; readonly history: HistoryState }) {
  const { held, live, known, reading } = person
  const { definitions = [] } = useDefinitions()
  const open = history.holdings?.filter(({ until }) => until === undefined) ?? []
  if (held === undefined) return live.problem === undefined ? <Loading lines={3} /> : null
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
                <span class="note under">{definitions.find(({ id }) => id === licenseId)?.description}</span>
              </li>
            )
          })}
        </ul>
      )}
    </section>
  )
}
