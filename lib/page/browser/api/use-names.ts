/** Names of users, which changes know by id alone: asked for once each, and kept. */
import { useEffect, useState } from 'preact/hooks'
import type { User, UserListing } from '../../../people/user.ts'
import { usePage } from '../shell/page-context.ts'

type Named = Pick<User, 'id' | 'name' | 'email'>

const names = new Map<string, Promise<Named | undefined>>()

/** @returns by id, as far as they are known: ids have to do until then. */
export function useNames(ids: readonly string[]): ReadonlyMap<string, Named> {
  const { api } = usePage()
  const [known, setKnown] = useState<ReadonlyMap<string, Named>>(new Map())
  const wanted = ids.join(' ')
  useEffect(() => {
    let isWanted = true
    const nameOf = (id: string) => {
      const asked =
        names.get(id) ??
        api
          .call<UserListing>({ path: `v1/users?search=${encodeURIComponent(id)}&limit=1` })
          .then(({ entities }) => entities.find((each) => each.id === id))
      names.set(id, asked)
      return asked.catch(() => {
        names.delete(id)
        return undefined
      })
    }
    void Promise.all(wanted.split(' ').filter(Boolean).map(nameOf)).then((found) => {
      if (isWanted) setKnown(new Map(found.flatMap((user) => (user ? [[user.id, user] as const] : []))))
    })
    return () => {
      isWanted = false
    }
  }, [api, wanted])
  return known
}
