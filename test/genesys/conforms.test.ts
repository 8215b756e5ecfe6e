import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { safeParse } from 'zod/v4/core'
import { conforms } from '../../lib/genesys/conforms.ts'
import {
  LicenseDefinition,
  LicenseIds,
  LicenseOrgToggle,
  LicensesByUser,
  LicenseUpdateStatuses,
  LicenseUser,
  UserLicensesEntityListing,
} from '../../lib/genesys/models/licenses.ts'

const models = {
  LicenseDefinition,
  LicenseIds,
  LicenseOrgToggle,
  LicensesByUser,
  LicenseUpdateStatuses,
  LicenseUser,
  UserLicensesEntityListing,
}

/** JSON that is often near a model: its property names with values of any kind. */
const near = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, 1, 1.5, 2 ** 60, '', 'cloudCX1', {}, []),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom(
        'id',
        'ids',
        'licenses',
        'permissions',
        'prerequisites',
        'comprises',
        'selfUri',
        'entities',
        'total',
        'pageCount',
        'featureName',
        'enabled',
        'result',
        'more',
        '__proto__',
      ),
      tie('value'),
      { maxKeys: 5, noNullPrototype: true },
    ),
  ),
})).value

describe('a value that conforms', () => {
  for (const [name, model] of Object.entries(models)) {
    it(`is one that the parser hands back unchanged: ${name}`, () => {
      fc.assert(
        fc.property(near, (given) => {
          const value: unknown = JSON.parse(JSON.stringify(given))
          if (!conforms(model, value)) return
          const parsed = safeParse(model, value)
          expect(parsed.success).toBe(true)
          expect(parsed.data).toStrictEqual(value)
        }),
        { numRuns: 2_000 },
      )
    })
  }

  it('may have all, some or none of its fields, and more', () => {
    const user = {
      id: 'a',
      licenses: [{ id: 'cloudCX2', comprises: [{ id: 'cloudCX1', comprises: null }], added: { later: [1] } }],
      selfUri: null,
    }
    expect(conforms(LicenseUser, user)).toBe(true)
    expect(conforms(LicenseUser, { id: 'a' })).toBe(true)
    expect(conforms(UserLicensesEntityListing, {})).toBe(true)
    expect(conforms(LicensesByUser, { a: ['x'], b: { id: 'b', licenses: ['y'] } })).toBe(true)
  })

  it('is never one that the parser refuses or changes', () => {
    expect(conforms(LicenseUser, { licenses: [] })).toBe(false)
    expect(conforms(LicenseUser, { id: 'a', licenses: [{ id: 1 }] })).toBe(false)
    expect(conforms(LicenseUser, JSON.parse('{"id":"a","__proto__":{}}'))).toBe(false)
    expect(conforms(UserLicensesEntityListing, { total: 1.5 })).toBe(false)
    expect(conforms(LicenseIds, 'cloudCX1')).toBe(false)
  })

  it('is left to the parser where the schema has rules of its own', () => {
    expect(conforms(z.string().check(z.minLength(1)), 'a')).toBe(false)
    expect(conforms(z.strictObject({ id: z.string() }), { id: 'a' })).toBe(false)
    expect(conforms(z.object({ id: z.string() }), { id: 'a' })).toBe(false)
    expect(conforms(z.iso.datetime(), '2026-01-01T00:00:00Z')).toBe(false)
    expect(conforms(z._default(z.string(), 'a'), 'b')).toBe(false)
  })
})
