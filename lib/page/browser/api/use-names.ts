/** Names of users, which changes know by id alone: asked for once each, many at a time, and kept. */
import { useEffect, useState } from 'preact/hooks'
import type { User, UserListing } from '../../../people/user.ts'
import { usePage } from '../shell/page-context.ts'
import type { Api } from './call-api.ts'

type Named = Pick<User, 'id' | 'name' | 'email'>

/** Most ids of one request, as the gateway has it. */
const MAX_IDS = 100

const names = new Map<string, Promise<Named | undefined>>()

/** @returns by id, as far as they are known: ids have to do until then. */
export function useNames(ids: readonly string[]): ReadonlyMap<string, Named> {
  const { api } = usePage()
  const [known, setKnown] = useState<ReadonlyMap<string, Named>>(new Map())
  const wanted = ids.join(' ')
  useEffect(() => {
    let isWanted = true
    const asked = wanted.split(' ').filter(Boolean)
    askForNames(api, asked)
    void Promise.all(asked.map((id) => names.get(id)?.catch(() => undefined))).then((found) => {
      if (isWanted) setKnown(new Map(found.flatMap((user) => (user ? [[user.id, user] as const] : []))))
    })
    return () => {
      isWanted = false
    }
  }, [api, wanted])
  return known
}

function askForNames(api: Api, ids: readonly string[]): void {
  const others = [...new Set(ids)].filter((id) => !names.has(id))
  for (let first = 0; first < others.length; first += MAX_IDS) {
    const some = others.slice(first, first + MAX_IDS)
    const path = `v1/users?id=${some.join(',')}&limit=${MAX_IDS}`
    const answer = api.call<UserListing>({ path }).catch((problem) => {
      // They are asked for again when they are wanted again.
      for (const id of some) names.delete(id)
      throw problem
    })
    for (const id of some) {
      names.set(
        id,
        answer.then(({ entities }) => entities.find((each) => each.id.toLowerCase() === id)),
      )
    }
  }
}
