import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { UserLicenses } from '../../lib/license/models.ts'
import { foldOrganization } from '../../lib/license/organization.ts'

const ORG = { id: 'org', name: 'Org' }

async function* pagesOf(users: readonly UserLicenses[], size: number): AsyncGenerator<UserLicenses[]> {
  for (let at = 0; at < users.length; at += size) yield users.slice(at, at + size)
}

it('an organization has each holding of each user once, whatever the pages', async () => {
  const licenseIds = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor', 'toString'))
  const users = fc.uniqueArray(fc.record({ id: fc.uuid(), licenses: licenseIds }), {
    selector: ({ id }) => id,
  })
  await fc.assert(
    fc.asyncProperty(users, fc.integer({ min: 1, max: 7 }), async (given, size) => {
      const { licenses, ...rest } = await foldOrganization(ORG, pagesOf(given, size))
      expect(rest).toEqual({ ...ORG, selfUri: '/api/v2/license/organization' })
      const pairs = Object.entries(licenses).flatMap(([license, holders]) =>
        holders.map(({ id }) => `${id} ${license}`),
      )
      const expected = given.flatMap(({ id, licenses: held }) => held.map((license) => `${id} ${license}`))
      expect(pairs.sort()).toEqual(expected.sort())
    }),
  )
})

it('a user without licenses, or with none told, holds nothing', async () => {
  const users: UserLicenses[] = [{ id: '1' }, { id: '2', licenses: null }, { id: '3', licenses: [] }]
  expect((await foldOrganization(ORG, pagesOf(users, 2))).licenses).toEqual({})
})
