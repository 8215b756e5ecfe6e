/** Names of users, which changes know by id alone: asked for once each, many at a time, and kept. */
import { useEffect, useState } from 'preact/hooks'
import type { User, UserListing } from '../../../people/user.ts'
import { usePage } from '../shell/page-context.ts'
import type { Api } from './call-api.ts'

type Named = Pick<User, 'id' | 'name' | 'email'>
export type Names = ReadonlyMap<string, Named>

/** Most ids of one request, as the gateway has it. */
const MAX_IDS = 100

const NOBODY: Names = new Map()

/** What was answered, by id: undefined where nobody of that id is known. */
const answered = new Map<string, Named | undefined>()
/** What is on its way. */
const asked = new Map<string, Promise<void>>()

/**
 * @returns by id, where they are known: ids have to do where the gateway knows none. Undefined before the first answer, so
 * that nothing is shown by id for a moment, and moves away under whoever presses it.
 */
export function useNames(ids: readonly string[]): Names | undefined {
  const { api } = usePage()
  const [isSettled, setSettled] = useState(false)
  // Drawn anew as more are known.
  const [, setRounds] = useState(0)
  const wanted = ids.join(' ')
  useEffect(() => {
    let isWanted = true
    const missing = wanted.split(' ').filter((id) => id !== '' && !answered.has(id))
    if (missing.length === 0) return
    void Promise.allSettled(askForNames(api, missing)).then(() => {
      if (!isWanted) return
      setSettled(true)
      setRounds((rounds) => rounds + 1)
    })
    return () => {
      isWanted = false
    }
  }, [api, wanted])
  if (ids.length === 0) return NOBODY
  const isKnown = isSettled || ids.every((id) => answered.has(id))
  return isKnown
    ? new Map(
        ids.flatMap((id) => {
          const user = answered.get(id)
          return user ? [[id, user] as const] : []
        }),
      )
    : undefined
}

/** @returns what settles once they are known, or cannot be: they are asked for again when they are wanted again. */
function askForNames(api: Api, ids: readonly string[]): Promise<void>[] {
  const others = [...new Set(ids)].filter((id) => !asked.has(id))
  for (let first = 0; first < others.length; first += MAX_IDS) {
    const some = others.slice(first, first + MAX_IDS)
    const answer = api
      .call<UserListing>({ path: `v1/users?id=${some.join(',')}&limit=${MAX_IDS}` })
      .then(({ entities }) => {
        const byId = new Map(entities.map((user) => [user.id.toLowerCase(), user]))
        for (const id of some) answered.set(id, byId.get(id))
      })
      .finally(() => {
        for (const id of some) asked.delete(id)
      })
    for (const id of some) asked.set(id, answer)
  }
  return ids.flatMap((id) => asked.get(id) ?? [])
}
