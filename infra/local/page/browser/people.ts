/**
 * Names of users, which changes know by id only: read page by page from the API, and kept. A name that is not known to
 * be the only one of its kind carries the e-mail or the id, since whoever reads it may confirm or approve.
 */

import { foldAddress, foldName } from '../../../../lib/people/fold-name.ts'
import type { User, UserListing } from '../../../../lib/people/user.ts'
import { ask, Refused } from './asking.ts'

/** More than this many pages of a large org are not read for a name. */
const MAX_PAGES = 10

type Read = Pick<User, 'id' | 'name' | 'email'>

/** @returns undefined before the first reading of the org, or where it cannot be had now: ids have to do until then. */
async function pageOf(query: URLSearchParams, token: string): Promise<UserListing | undefined> {
  try {
    return await ask(`/v1/users?${query}`, { token })
  } catch (error) {
    if (error instanceof Refused && error.status === 503) return undefined
    throw error
  }
}

export function peopleNames() {
  const people = new Map<string, Read>()
  /** By folded name. */
  const namesakes = new Map<string, Read[]>()
  let isWhole = false
  /** Where the next page begins; undefined when all that will be read has been. */
  let next: string | undefined = ''
  let pages = 0
  let reading: Promise<void> = Promise.resolve()

  async function readFor(ids: readonly string[], token: string): Promise<void> {
    // All of it, where it is not too long: that a name is the only one of its kind is known no sooner.
    while (next !== undefined && ids.length > 0) {
      const query = new URLSearchParams({ limit: '100', ...(next === '' ? {} : { cursor: next }) })
      const page = await pageOf(query, token)
      if (page === undefined) return
      for (const user of page.entities) keep(user)
      pages += 1
      isWhole = page.next === undefined
      next = pages < MAX_PAGES ? page.next : undefined
    }
  }

  function keep(user: Read): void {
    if (people.has(user.id)) return
    people.set(user.id, user)
    const folded = foldName(user.name ?? '')
    namesakes.set(folded, [...(namesakes.get(folded) ?? []), user])
  }

  function called(id: string): string {
    const user = people.get(id)
    if (user?.name === undefined) return user?.email ?? id
    const others = (namesakes.get(foldName(user.name)) ?? []).filter((each) => each.id !== id)
    if (isWhole && others.length === 0) return user.name
    const { name, email = id } = user
    const isShared = others.some((each) => foldAddress(each.email ?? '') === foldAddress(email))
    return `${name} (${isShared ? id : email})`
  }

  /** @returns what each is called; an id where no name is known. */
  return async (ids: readonly string[], token: string): Promise<(id: string) => string> => {
    // One after the other, so that no page is read twice.
    const mine = reading.then(() => readFor(ids, token))
    reading = mine.catch(() => {})
    await mine
    return called
  }
}
