/** Names of users, which changes know by id only: read page by page from the API, and kept. */
import type { UserListing } from '../../../../lib/people/models.ts'
import { ask } from './asking.ts'

/** More than this many pages of a large org are not read for a name. */
const MAX_PAGES = 10

export function peopleNames() {
  const names = new Map<string, string>()
  /** Where the next page begins; undefined when all that will be read has been. */
  let next: string | undefined = ''
  let pages = 0
  let reading: Promise<void> = Promise.resolve()

  async function readFor(ids: readonly string[], token: string): Promise<void> {
    while (next !== undefined && ids.some((id) => !names.has(id))) {
      const query = new URLSearchParams({ limit: '100', ...(next === '' ? {} : { cursor: next }) })
      const page: UserListing = await ask(`/v1/users?${query}`, { token })
      for (const { id, name } of page.entities) names.set(id, name ?? id)
      pages += 1
      next = pages < MAX_PAGES ? page.next : undefined
    }
  }

  /** @returns what each is called; an id where no name is known. */
  return async (ids: readonly string[], token: string): Promise<(id: string) => string> => {
    // One after the other, so that no page is read twice.
    const mine = reading.then(() => readFor(ids, token))
    reading = mine.catch(() => {})
    await mine
    return (id) => names.get(id) ?? id
  }
}
