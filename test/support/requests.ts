/** Events for requests that make sense in an embedded org. */
import type { Org } from '../../infra/local/org/server.ts'

interface HasOrg {
  readonly org: Org
}

/** One user of the org, and the event that asks for their licenses. */
export function userIn({ org }: HasOrg) {
  const [{ id } = { id: '' }] = org.people(1)
  return { id, path: `/api/v2/license/users/${id}`, event: { pathParameters: { userId: id } } }
}

/** A batch that gives that user one license more, and whether they have it. */
export function giftIn({ org }: HasOrg) {
  const { id } = userIn({ org })
  const give = { licenseId: 'wallboardUser', userIdsAdd: [id], userIdsRemove: [] }
  return {
    event: { body: JSON.stringify({ assignments: [give] }) },
    path: '/api/v2/license/organization',
    isGiven: () => org.truth().users[id]?.includes('wallboardUser') ?? false,
  }
}
