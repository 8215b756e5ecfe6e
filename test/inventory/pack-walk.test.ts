/** What is kept of a walk at a checkpoint, and how pieces come together again. */
import { expect, it } from 'vitest'
import { mergeBlocks } from '../../lib/inventory/reading/merge-blocks.ts'
import { packBlocks, packListed, unpackListed } from '../../lib/inventory/reading/pack-walk.ts'

const idOf = (n: number) => `${((n * 7_919) % 1_200).toString().padStart(6, '0')}-User`

function pageOf(n: number, ids: readonly string[]) {
  const lines = ids.map((id) => packListed({ id, licenses: ['One', `page ${n}`, 'ONE'] })).join('')
  return { lines: Buffer.from(lines), askedAtMs: n * 10, answeredAtMs: n * 10 + 1 }
}

async function* inBlocks(rows: readonly { readonly key: string }[], size: number) {
  for (let start = 0; start < rows.length; start += size) yield rows.slice(start, start + size)
}

it('a piece has everybody once, in the order of folded ids, as the earlier page had them', async () => {
  const pages = Array.from({ length: 12 }, (_, n) =>
    pageOf(
      n,
      Array.from({ length: 100 }, (_, k) => idOf(n * 100 + k)),
    ),
  )
  const again = pageOf(12, [idOf(3).toUpperCase()])
  const blocks = await packBlocks([...pages, again])
  expect(blocks).toHaveLength(3)
  const users = []
  for (const block of blocks) for await (const stretch of unpackListed(block)) users.push(...stretch)
  expect(users.map(({ id }) => id)).toEqual(
    Array.from({ length: 1_200 }, (_, n) => idOf(n)).sort((a, b) =>
      a.toLowerCase() < b.toLowerCase() ? -1 : 1,
    ),
  )
  expect(users.find(({ id }) => id === idOf(3))).toEqual({
    id: idOf(3),
    licenses: ['One', 'page 0'],
    askedAtMs: 0,
    answeredAtMs: 1,
  })
})

it('all that any source has of one person is in one stretch, in the order of the sources', async () => {
  const keys = Array.from({ length: 200 }, (_, n) => String(n).padStart(3, '0'))
  const source = (name: string, step: number, size: number) =>
    inBlocks(
      keys.filter((_, n) => n % step === 0).map((key) => ({ key, name })),
      size,
    )
  const met: { key: string; names: unknown }[] = []
  for await (const stretch of mergeBlocks([source('a', 2, 7), source('b', 3, 50), source('c', 5, 1)])) {
    const rows = stretch.map((row) => ({ ...row }))
    for (const key of [...new Set(rows.map((row) => row.key))].sort())
      met.push({ key, names: rows.filter((row) => row.key === key).map((row) => Object.values(row)[1]) })
  }
  const expected = keys.flatMap((key, n) => {
    const names = [n % 2 === 0 && 'a', n % 3 === 0 && 'b', n % 5 === 0 && 'c'].filter(Boolean)
    return names.length > 0 ? [{ key, names }] : []
  })
  expect(met).toEqual(expected)
})
