/** Changes of many people, the newest first. */
import type { Change } from '../../../changes/answers/change-schemas.ts'
import { usePages } from '../api/use-pages.ts'
import { ChangeLine } from '../changes/change-list.tsx'
import { Button } from '../parts/button.tsx'
import { Empty, Loading, Problem } from '../parts/states.tsx'
import { numberOf } from '../parts/times.tsx'

/** Lists are also handed in elsewhere. */
const EVERY_MS = 8_000

export function NewestLists({ isAboveComing }: { readonly isAboveComing: boolean }) {
  const { entities, problem, refresh, more } = usePages<Change>('v1/changes', EVERY_MS)
  const lists = entities?.filter(isOfMany)
  return (
    <section>
      <h2>The newest lists</h2>
      <Problem problem={problem} onRetry={() => void refresh()} />
      {lists === undefined || isAboveComing ? (
        problem === undefined && <Loading lines={3} />
      ) : (
        <>
          {lists.length === 0 ? (
            <Empty>
              {more
                ? `None of the newest ${numberOf(entities?.length ?? 0)} changes is a list.`
                : 'Nobody has handed in a list yet.'}
            </Empty>
          ) : (
            <ul class="rows" aria-label="Lists, the newest first">
              {lists.map((change) => (
                <ChangeLine key={change.id} change={change} path={['lists', change.id]} />
              ))}
            </ul>
          )}
          {more && (
            <div class="pager">
              <span class="note">Lists among the newest {numberOf(entities?.length ?? 0)} changes</span>
              <Button onClick={more}>Look further back</Button>
            </div>
          )}
        </>
      )}
    </section>
  )
}

/** What was handed in as a list: small ones are one change of several people. */
function isOfMany({ desired, list, state }: Change): boolean {
  if (list !== undefined || state === 'PLANNING' || state === 'INVALID') return true
  return 'pairs' in desired && desired.users > 1
}
