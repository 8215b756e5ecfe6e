/** Who holds a license, who was given it last first: since when, by whom and why. */
import { useEffect } from 'preact/hooks'
import type { HoldingEntry } from '../../../inventory/answers/inventory-schemas.ts'
import { usePages } from '../api/use-pages.ts'
import { askedThroughOf } from '../changes/asked-through.ts'
import { Pager } from '../parts/pager.tsx'
import { Callout, Empty, Loading, Problem } from '../parts/states.tsx'
import { Table } from '../parts/table.tsx'
import { Time } from '../parts/times.tsx'
import { hashOf } from '../shell/route.ts'
import { changeBehind, type HistoryState, useChangesBehind } from './use-history.ts'

/** What others change shows by then. */
const EVERY_MS = 60_000

const nameOf = ({ userId, name, email }: HoldingEntry) => name?.trim() || email || userId
const keyOf = ({ userId, from }: HoldingEntry) => `${userId} ${from}`

export const holdersPath = (licenseId: string) => `v1/licenses/${encodeURIComponent(licenseId)}/history`

interface NewestHoldersProps {
  readonly licenseId: string
  /** With it the way back leads here. */
  readonly query: URLSearchParams
  /** How many have been made over the list: with each it is read anew. */
  readonly changes: number
}

export function NewestHolders({ licenseId, query, changes: made }: NewestHoldersProps) {
  const { entities, dated, problem, refresh, more } = usePages<HoldingEntry>(holdersPath(licenseId), EVERY_MS)
  useEffect(() => {
    if (made > 0) void refresh()
  }, [made, refresh])
  const held = entities?.filter(({ until }) => until === undefined)
  const { changes, areListed } = useChangesBehind(held, `license=${encodeURIComponent(licenseId)}`)
  return (
    <>
      <Problem problem={problem} onRetry={() => void refresh()} />
      {dated?.isWhole === false && (
        <Callout tone="warning">Something may be missing: not all readings got the whole org.</Callout>
      )}
      {held === undefined || !areListed ? (
        problem === undefined && <Loading />
      ) : held.length === 0 && more === undefined ? (
        <Empty>Nobody holds {licenseId}.</Empty>
      ) : (
        <div class="people">
          <Table
            caption={`Who holds ${licenseId}, who was given it last first`}
            rows={held}
            keyOf={keyOf}
            columns={[
              {
                name: 'Person',
                cell: (holding) => (
                  <>
                    <a href={hashOf(['people', holding.userId], query)}>{nameOf(holding)}</a>
                    {holding.name && holding.email && <span class="note under">{holding.email}</span>}
                  </>
                ),
              },
              { name: 'Holds it since', cell: (holding) => <Since holding={holding} /> },
              { name: 'Given by', cell: ({ by }) => <GivenBy by={by} changes={changes} /> },
              { name: 'Reason', cell: ({ by }) => changes.get(changeBehind(by) ?? '')?.reason ?? '' },
            ]}
          />
          <Pager count={held.length} of={['person', 'people']} more={more} />
        </div>
      )}
      {dated?.asOf && (
        <p class="note">
          As read <Time at={dated.asOf} />, with what was changed here since.
        </p>
      )}
    </>
  )
}

function Since({ holding: { by, from, fromAfter } }: { readonly holding: HoldingEntry }) {
  if (by === 'before records') {
    return (
      <>
        before the first reading, <Time at={from} />
      </>
    )
  }
  if (fromAfter === undefined) return <Time at={from} />
  return (
    <>
      between <Time at={fromAfter} /> and <Time at={from} />
    </>
  )
}

interface GivenByProps {
  readonly by: HoldingEntry['by']
  readonly changes: HistoryState['changes']
}

function GivenBy({ by, changes }: GivenByProps) {
  if (by === 'before records') return <span class="note">not on record</span>
  if (by === 'outside') return <>in Genesys itself</>
  const change = changes.get(by.changeId)
  return (
    <>
      {change && `${askedThroughOf(change)} – `}
      <a href={hashOf(['changes', by.changeId])}>the change</a>
    </>
  )
}
