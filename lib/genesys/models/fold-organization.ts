import type { LicenseOrganization, UserLicenses } from './licenses.ts'

/**
 * Folds users into the organization's view: license id -> who holds it, licenses in the order first met.
 *
 * @param org id and name, which the License API does not tell.
 * @param users each user once.
 */
export function foldOrganization(
  org: { readonly id: string; readonly name: string },
  users: Iterable<UserLicenses>,
): LicenseOrganization {
  const licenses = new Map<string, { id: string; selfUri: string }[]>()
  for (const user of users) {
    for (const license of user.licenses ?? []) {
      const holder = { id: user.id, selfUri: `/api/v2/license/users/${user.id}` }
      const holders = licenses.get(license)
      if (holders) holders.push(holder)
      else licenses.set(license, [holder])
    }
  }
  return {
    id: org.id,
    name: org.name,
    licenses: Object.fromEntries(licenses),
    selfUri: '/api/v2/license/organization',
  }
}
