import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { safeParse } from 'zod/v4/core'
import {
  FeatureName,
  integerQuery,
  LicenseId,
  PermissionId,
  RoleId,
  UserId,
} from '../../../lib/genesys/models/ids.ts'

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...'0123456789.-+eExX _') }),
  fc.string({ unit: fc.constantFrom(...'aZ9_.:-*/%') }),
  fc.uuid(),
)

describe('a whole number of the query', () => {
  it('is taken exactly where it is the one spelling of a number in range', () => {
    const range = fc.tuple(fc.integer({ min: 0, max: 1_000 }), fc.nat(1_000_000))
    const text = fc.oneof(anyText, fc.integer().map(String), fc.integer({ min: 0, max: 3_000 }).map(String))
    fc.assert(
      fc.property(range, text, ([min, span], given) => {
        const result = safeParse(integerQuery(min, min + span, min), given)
        const value = Number(given)
        const isSound =
          String(value) === given && Number.isSafeInteger(value) && value >= min && value <= min + span
        expect(result.success).toBe(isSound)
        if (result.success) expect(result.data).toBe(value)
      }),
      { numRuns: 2_000 },
    )
  })

  it('is its default only where it is not given', () => {
    const schema = integerQuery(1, 100, 25)
    expect(safeParse(schema, undefined)).toMatchObject({ success: true, data: 25 })
    for (const given of ['', null, 25, '١٢', '2٥']) expect(safeParse(schema, given).success).toBe(false)
  })

  it('says which numbers it takes', () => {
    for (const given of ['0', '101', 'x', '']) {
      const [issue] = safeParse(integerQuery(1, 100, 25), given).error?.issues ?? []
      expect(issue?.message).toBe('must be a whole number from 1 to 100')
    }
  })
})

describe('ids', () => {
  const names = [LicenseId, FeatureName, RoleId]

  it('of names are as they come, within the grammar, and nothing else is taken', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,130}$/)), (text) => {
        const isSound =
          text.length >= 1 &&
          text.length <= 128 &&
          /^[A-Za-z0-9]/.test(text) &&
          !/[^A-Za-z0-9_.:-]/.test(text)
        for (const schema of names) {
          const result = safeParse(schema, text)
          expect(result.success).toBe(isSound)
          if (result.success) expect(result.data).toBe(text)
        }
      }),
      { numRuns: 1_000 },
    )
  })

  it('of names never leave their segment of a URL (C10)', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}$/), (name) => {
        const url = new URL(
          `/api/v2/license/definitions/${encodeURIComponent(name)}`,
          'https://api.example.com',
        )
        expect(decodeURIComponent(url.pathname.split('/')[5] ?? '')).toBe(name)
        expect(url.pathname.split('/')).toHaveLength(6)
      }),
    )
  })

  it('of users are UUIDs in lower case, and idempotent', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.infiniteStream(fc.boolean()), (id, coins) => {
        const mixed = [...id].map((char) => (coins.next().value ? char.toUpperCase() : char)).join('')
        const result = safeParse(UserId, mixed)
        expect(result).toMatchObject({ success: true, data: id })
        expect(safeParse(UserId, id)).toMatchObject({ success: true, data: id })
      }),
    )
    fc.assert(
      fc.property(fc.uuid(), fc.string({ minLength: 1 }), fc.nat(36), (id, inserted, at) => {
        expect(safeParse(UserId, id.slice(0, at) + inserted + id.slice(at)).success).toBe(false)
      }),
    )
  })

  it('of permissions have three parts', () => {
    const part = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/)
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
        expect(safeParse(PermissionId, parts.join(':')).success).toBe(parts.length === 3)
      }),
    )
  })

  it('are text and nothing that could become text', () => {
    fc.assert(
      fc.property(
        fc.anything().filter((value) => typeof value !== 'string'),
        (value) => {
          for (const schema of [...names, UserId, PermissionId])
            expect(safeParse(schema, value).success).toBe(false)
        },
      ),
    )
  })
})
