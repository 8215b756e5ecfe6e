import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldName, foldNameLoosely, searchablePartsOf } from '../../lib/people/fold-name.ts'

describe('two names', () => {
  it.each([
    ['Zoë Brontë', 'Zoë Brontë'.normalize('NFD')],
    ["Sean O'Neill", 'SEAN O’NEILL'],
    ['Ada Stone', ' Ada  Stone\u00a0'],
    ['Ada Stone', 'Ada\u200b Stone'],
    ['Ada Stone', '\u202aAda Sto\u00adne\u202c\u200e'],
    ['علی\u200cرضا', '\u200fعلی\u200cرضا\u200c'],
    ["Sean O'Neill", 'Sean Oʼneill'],
    ["Sean O'Neill", 'Sean Oʻneill'],
  ])('are the same however they are written: %j and %j', (one, other) => {
    expect(foldName(one)).toBe(foldName(other))
  })

  it.each([
    ['Zoe', 'Zoë'],
    ['Wei Li', 'Wei Lin'],
    ['Anna', 'Ana'],
    ['AnaLi', 'Ana Li'],
    ['علی\u200cرضا', 'علیرضا'],
  ])('are not the same for being alike: %j and %j', (one, other) => {
    expect(foldName(one)).not.toBe(foldName(other))
  })
})

/** A name as somebody else may have written it. */
const writings: readonly ((name: string) => string)[] = [
  (name) => name.normalize('NFD'),
  (name) => name.normalize('NFC'),
  (name) => name.replaceAll("'", '’'),
  (name) => ` ${name.replaceAll(' ', '  ')} `,
]

const LETTERS = ['ʼ', 'ʻ', 'a', 'B', 'é', 'ü', 'Ö', "'", ' ', 'ł', '李', 'ß', 'ñ', '3', '-']

/** Of letters that are written in one way only: a name without any is searched for in its few whole writings. */
const PLAIN = /[aBł李ß3]/u

describe('what is searched for', () => {
  it('is a part of every name that folds as the one asked for, whatever else a search tells apart', () => {
    const name = fc
      .string({ unit: fc.constantFrom(...LETTERS), minLength: 1, maxLength: 20 })
      .filter((text) => PLAIN.test(text) || new Set(text.match(/['ʼʻ]/gu)).size < 2)
    fc.assert(
      fc.property(name, fc.constantFrom(...writings), fc.constantFrom(...writings), (text, one, other) => {
        const held = one(text)
        for (const ways of searchablePartsOf(other(text))) {
          expect(ways.some((way) => held.includes(way))).toBe(true)
        }
      }),
    )
  })

  it('is the words of a name that is written in one way only', () => {
    expect(searchablePartsOf('Wei Li')).toEqual([['Wei'], ['Li']])
    expect(searchablePartsOf('Zoë O’Neill')).toEqual([['Neill'], ['Zo']])
    expect(searchablePartsOf('Niamh OʼDea')).toEqual([['Niamh'], ['Dea']])
  })

  it('is a part of an Arabic name too from which what parts its letters was left out', () => {
    const [ways = []] = searchablePartsOf('علیرضا')
    expect(ways.some((way) => 'علی\u200cرضا'.includes(way))).toBe(true)
    expect(foldNameLoosely('علیرضا')).toBe(foldNameLoosely('علی\u200cرضا'))
  })
})
