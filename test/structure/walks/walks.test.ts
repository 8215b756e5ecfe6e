import { expect, it } from 'vitest'
import { countWalks } from './walks.ts'

/** Two processes that read their sources one by one: 2 s, and many times that on a busy machine. */
const TIME = { timeout: 60_000 }

it('tells what a request passes from what is only loaded for it, function by function', TIME, async () => {
  const [read, toggle] = await countWalks(['read', 'toggle'])
  expect(read?.passed).toEqual(
    expect.arrayContaining(['functions/license/get-license-user.ts', 'lib/genesys/client.ts']),
  )
  expect(toggle?.passed).toEqual(
    expect.arrayContaining(['functions/toggles/put-toggle.ts', 'lib/genesys/client.ts']),
  )
  // One user is read without going through all pages, and settings are read before there is a request.
  for (const source of ['lib/genesys/walk.ts', 'lib/environment.ts']) {
    expect(read?.loaded).toContain(source)
    expect(read?.passed).not.toContain(source)
  }
  const ofLedger = (source: string) => source.startsWith('lib/ledger/')
  expect(read?.loaded.filter(ofLedger)).toEqual([])
  expect(toggle?.passed.filter(ofLedger)).not.toEqual([])
  expect(toggle?.passed.filter((source) => !toggle.loaded.includes(source))).toEqual([])
})
