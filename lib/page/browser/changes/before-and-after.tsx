/** Who held what before, and holds after; of a toggle, how it stood. */
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import type { Change } from '../../../changes/answers/change-schemas.ts'
import { onOff } from '../../../changes/answers/summarize.ts'
import { useNames } from '../api/use-names.ts'
import { Pager } from '../parts/pager.tsx'
import { Table } from '../parts/table.tsx'
import { PersonName } from '../people/person-name.tsx'

/** People a page; more are shown when they are asked for. */
const PEOPLE = 20

interface Row {
  readonly id: string
  readonly before: string
  readonly after: string
}

export function BeforeAndAfter({ change }: { readonly change: Change }) {
  const { before, after, desired } = change
  const [shown, setShown] = useState(PEOPLE)
  const people = before && 'users' in before ? before.users.slice(0, shown) : []
  const names = useNames(people.map(({ userId }) => userId))
  const later = after === undefined ? 'Wanted' : 'After'
  if (before && 'featureName' in before) {
    const then =
      after && 'featureName' in after ? after.enabled : 'featureName' in desired ? desired.enabled : undefined
    const rows: Row[] = [{ id: before.featureName, before: onOff(before.enabled), after: onOff(then) }]
    return <Both caption="Before and after" first="Toggle" later={later} rows={rows} />
  }
  if (!before || !('users' in before) || people.length === 0) return null
  const held = after && 'users' in after ? after.users : 'assignments' in desired ? desired.users : undefined
  const rows = people.map(({ userId, licenses }) => {
    const next = held?.find((each) => each.userId === userId)?.licenses
    return { id: userId, before: listOf(licenses), after: next === undefined ? 'not known' : listOf(next) }
  })
  const isMore = before.users.length > people.length
  return (
    <>
      <Both
        caption="Before and after"
        first="Person"
        later={later}
        rows={rows}
        nameOf={(id) => <PersonName id={id} names={names} />}
      />
      {before.users.length > PEOPLE && (
        <Pager
          count={people.length}
          of={['person', 'people']}
          more={isMore ? () => setShown(shown + PEOPLE) : undefined}
        />
      )}
    </>
  )
}

const listOf = (licenses: readonly string[]) => licenses.join(', ') || 'none'

interface BothProps {
  readonly caption: string
  readonly first: string
  readonly later: string
  readonly rows: readonly Row[]
  /** Default: the id. */
  readonly nameOf?: (id: string) => ComponentChildren
}

function Both({ caption, first, later, rows, nameOf = (id) => id }: BothProps) {
  return (
    <section>
      <h2>{caption}</h2>
      <Table
        caption={caption}
        keyOf={({ id }) => id}
        rows={rows}
        columns={[
          { name: first, cell: ({ id }) => nameOf(id) },
          { name: 'Before', cell: ({ before }) => before },
          { name: later, cell: ({ after }) => after },
        ]}
      />
    </section>
  )
}
