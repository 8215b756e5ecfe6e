import type { OrgCall, OrgOutcome } from '../call.ts'
import { pageAsked, pageOf } from '../paging.ts'
import { personId } from './people.ts'

/** The address of one user, as the selfUri of models has it. */
export function userUri(id: string): string {
  return `/api/v2/license/users/${id}`
}

/** A page of users with their license ids; a page past the end is empty. */
export function listUsers({ truth, view, query, lie }: OrgCall): OrgOutcome {
  const page = pageAsked(query.get('pageSize'), query.get('pageNumber'))
  if ('refusal' in page) return page
  const { presence } = truth
  const { indexes, counts } = pageOf({ total: presence.count(), from: presence.indexesFrom }, page, lie)
  const entities = indexes.map((index) => {
    const id = personId(index)
    return { id, licenses: view.licensesOf(index), selfUri: userUri(id) }
  })
  return { value: { entities, ...counts } }
}

/**
 * Licenses by user id, unknown ids left out. The contract has each value as an object and no more ([?]): here it is
 * a UserLicenses.
 */
export function userLicenses(ids: readonly string[], { truth, view }: OrgCall): Record<string, unknown> {
  return Object.fromEntries(
    ids.flatMap((id) => {
      const index = truth.indexOf(id)
      return index === undefined ? [] : [[id, { id, licenses: view.licensesOf(index), selfUri: userUri(id) }]]
    }),
  )
}
