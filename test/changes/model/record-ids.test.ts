import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ChangeId } from '../../../lib/changes/answers/change-schemas.ts'
import { digestOf, idOf, randomId } from '../../../lib/changes/model/record-ids.ts'

describe('an id', () => {
  it('made from parts is always the same, and another for other parts', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.array(fc.string()), (some, others) => {
        expect(idOf(...some)).toBe(idOf(...some))
        if (JSON.stringify(some) !== JSON.stringify(others)) expect(idOf(...some)).not.toBe(idOf(...others))
      }),
    )
  })

  it('does not run parts together', () => {
    expect(
      new Set([idOf('ab', 'c'), idOf('a', 'bc'), idOf('abc'), idOf('a', '', 'bc'), idOf('a","bc')]).size,
    ).toBe(5)
  })

  it('is one that callers may name', () => {
    const ids = [idOf(), ...Array.from({ length: 1_000 }, randomId)]
    expect(ids.filter((id) => !ChangeId.safeParse(id).success)).toEqual([])
    expect(new Set(ids).size).toBe(1_001)
  })
})

describe('a digest', () => {
  it('(B23) does not depend on the order of members', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse())
        expect(digestOf(reversed)).toBe(digestOf(value))
      }),
    )
  })

  it('depends on everything else', () => {
    const different = [
      {},
      [],
      null,
      '',
      0,
      false,
      { a: 1 },
      { a: '1' },
      { b: 1 },
      [1, 2],
      [2, 1],
      [[1], 2],
      { a: [1] },
    ]
    expect(new Set(different.map(digestOf)).size).toBe(different.length)
  })

  it('takes a member that is not set for absent', () => {
    expect(digestOf({ a: 1, b: undefined })).toBe(digestOf({ a: 1 }))
  })
})
