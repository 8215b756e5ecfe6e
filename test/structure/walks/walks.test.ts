import { expect, it } from 'vitest'
import { countWalks } from './walks.ts'

it('tells what a request passes from what is only loaded for it, function by function', async () => {
  const [read, toggle] = await countWalks(['read', 'toggle'])
  if (!read || !toggle) throw new Error('Two walks were to be counted')
  const rooms = (sources: readonly string[]) => new Set(sources.map((source) => source.split('/')[1]))
  expect(read.passed).toContain('functions/license/get-license-user.ts')
  expect(toggle.passed).toContain('functions/toggles/put-toggle.ts')
  expect([...rooms(read.passed)]).toEqual(
    expect.arrayContaining(['http', 'operations', 'genesys', 'transport']),
  )
  // A read knows types of changes and of what keeps them, and runs nothing of either.
  expect(rooms(read.loaded)).not.toContain('ledger')
  expect(rooms(read.passed)).not.toContain('changes')
  expect([...rooms(toggle.passed)]).toEqual(expect.arrayContaining(['changes', 'ledger']))
  // Settings are read as a function is loaded, before there is a request.
  expect(read.loaded).toContain('lib/environment.ts')
  expect(read.passed).not.toContain('lib/environment.ts')
  for (const { loaded, passed } of [read, toggle]) expect(loaded).toEqual(expect.arrayContaining([...passed]))
})
