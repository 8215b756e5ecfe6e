/** Who holds what: people by search and filters, and each in a drawer with their history, to whom licenses are given and from whom they are taken there. */
import { useState } from 'preact/hooks'
import type { PageRoute } from '../shell/route.ts'
import { hashOf } from '../shell/route.ts'
import { goBackOr } from '../shell/use-route.ts'
import type { PageView } from '../shell/view.ts'
import { PeopleList } from './people-list.tsx'
import { PersonDrawer } from './person-drawer.tsx'
import { usePerson } from './use-person.ts'
import './people.css'

export const peopleView: PageView = {
  name: 'people',
  label: 'People',
  needs: 'listUsers',
  isOnePlace: true,
  Show: People,
}

function People({ path: [, id], query }: PageRoute) {
  const person = usePerson(id)
  const [changes, setChanges] = useState(0)
  return (
    <>
      <PeopleList query={query} title={id && person.name} changes={changes} />
      {id !== undefined && (
        <PersonDrawer
          key={id}
          person={person}
          onChanged={() => setChanges((before) => before + 1)}
          onClose={() => goBackOr(hashOf(['people'], query))}
        />
      )}
    </>
  )
}
