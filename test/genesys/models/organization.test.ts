import fc from 'fast-check'
import { expect, it } from 'vitest'
import { foldOrganization } from '../../../lib/genesys/models/fold-organization.ts'
import type { UserLicenses } from '../../../lib/genesys/models/licenses.ts'

const ORG = { id: 'org', name: 'Org' }

it('an organization has each holding of each user once', () => {
  const licenseIds = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor', 'toString'))
  const users = fc.uniqueArray(fc.record({ id: fc.uuid(), licenses: licenseIds }), {
    selector: ({ id }) => id,
  })
  fc.assert(
    fc.property(users, (given) => {
      const { licenses, ...rest } = foldOrganization(ORG, given)
      expect(rest).toEqual({ ...ORG, selfUri: '/api/v2/license/organization' })
      const pairs = Object.entries(licenses).flatMap(([license, holders]) =>
        holders.map(({ id }) => `${id} ${license}`),
      )
      const expected = given.flatMap(({ id, licenses: held }) => held.map((license) => `${id} ${license}`))
      expect(pairs.sort()).toEqual(expected.sort())
    }),
  )
})

it('a user without licenses, or with none told, holds nothing', () => {
  const users: UserLicenses[] = [{ id: '1' }, { id: '2', licenses: null }, { id: '3', licenses: [] }]
  expect(foldOrganization(ORG, users).licenses).toEqual({})
})
