import { expect, it } from 'vitest'
import { heldByInventory, heldByTruth, takeWholeReading } from '../support/readings.ts'
import { world } from '../support/world.ts'

it('takes the first reading at once, and counts as the org has it', async () => {
  const w = await world({ org: { users: 230 } })
  await takeWholeReading(w)
  expect(await heldByInventory(w)).toEqual(heldByTruth(w.org))
  expect(w.org.requests().length).toBe(6)
})
