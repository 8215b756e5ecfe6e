/** Many people at once: a list is handed in, looked at, confirmed and watched to its end. */
import { mayCall, useMe, useMeComing } from '../api/use-me.ts'
import { ChangeDetails } from '../changes/change-details.tsx'
import { Callout } from '../parts/states.tsx'
import { Heading } from '../shell/heading.tsx'
import type { PageView } from '../shell/view.ts'
import { HandIn } from './hand-in.tsx'
import { ListStanding } from './list-standing.tsx'
import { NewestLists } from './newest-lists.tsx'
import './lists.css'

export const listsView: PageView = {
  name: 'lists',
  label: 'Lists',
  needs: 'listChanges',
  Show: ({ path: [, id], query }) =>
    id === undefined ? (
      <Lists />
    ) : (
      <ChangeDetails id={id} query={query} from={['lists', 'All lists']} Beside={ListStanding} />
    ),
}

function Lists() {
  const me = useMe()
  const isComing = useMeComing()
  return (
    <>
      <Heading text="Lists" />
      {me &&
        (mayCall(me, 'createChange') ? (
          <HandIn />
        ) : (
          <Callout>To hand in a list takes the role operator.</Callout>
        ))}
      {/* With what stands above it: what came late there would move what is pressed here. */}
      <NewestLists isAboveComing={isComing} />
    </>
  )
}
