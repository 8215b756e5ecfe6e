/** A list as it came, kept in pieces until a turn plans it. */
import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { MAX_LIST_PAIRS, MAX_PERSON_LENGTH } from '../../../../lib/changes/model/change-order.ts'
import { type ListOrder, packOrder, unpackOrder } from '../../../../lib/changes/plan/lists/list-order.ts'

/** What DynamoDB keeps in an item, bytes: the key and the header of the row need some of it. */
const BYTES_OF_AN_ITEM = 390_000

/** Text that nothing makes smaller. */
const noise = (bytes: number) => randomBytes(bytes).toString('base64url')

async function* each<T>(all: readonly T[]) {
  yield* all
}

/** As many as a body of 4 MB has of them. */
const longest = Array.from({ length: 12_000 }, () => noise((MAX_PERSON_LENGTH * 3) / 4))

const orders: readonly { title: string; order: ListOrder }[] = [
  {
    title: 'rows that nothing makes smaller',
    order: { rows: longest.map((user) => ({ user, license: noise(60), isGiven: true })) },
  },
  {
    title: 'as many people as a list may name, with nothing to hold',
    order: {
      rows: [],
      desired: {
        mode: 'exact',
        of: 'people',
        names: Array.from({ length: MAX_LIST_PAIRS }, () => noise(27)),
      },
    },
  },
  {
    title: 'nobody, of a license',
    order: { rows: [], desired: { mode: 'exact', of: 'licenses', names: ['a'] } },
  },
]

test.each(orders)(
  'of $title each piece fits where it is kept, and together they are what came',
  async ({ order }) => {
    const pieces = packOrder(order)
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(BYTES_OF_AN_ITEM)
    expect(await unpackOrder(each(pieces))).toEqual(order)
  },
)
