/** That billing tells of the contract no more: to the channel, once for each time it goes. */
import { expect, it } from 'vitest'
import { noticeWorld } from '../../support/seats/notice-world.ts'

const DAY_MS = 86_400_000

it('is told once, however long it lasts, and again where it comes back and goes', async () => {
  const { minute, heard, org, clock, told } = await noticeWorld()
  await minute()
  expect(heard()).toEqual([])
  const firstMs = clock.nowMs() - 7 * DAY_MS
  org.contractGoneSinceMs = firstMs
  for (let days = 0; days < 3; days++) {
    await minute()
    clock.advance(DAY_MS)
  }
  expect(heard()).toEqual(['Contract Gone'])
  expect(told[0]?.detail).toEqual({
    eventId: 'contract#billing#1',
    contract: {
      goneSince: new Date(firstMs).toISOString(),
      asOf: new Date(org.asOfMs).toISOString(),
      isWhole: true,
    },
  })
  org.contractGoneSinceMs = undefined
  await minute()
  expect(heard()).toEqual([])
  org.contractGoneSinceMs = firstMs + 5 * DAY_MS
  await minute()
  await minute()
  expect(heard()).toEqual(['Contract Gone'])
})

it('is told by a later minute where the bus fails, and by one of two at once', async () => {
  const { minute, heard, org, clock, bus } = await noticeWorld()
  org.contractGoneSinceMs = clock.nowMs() - 8 * DAY_MS
  bus.fails = 'throws'
  await minute()
  bus.fails = 'no'
  await minute()
  expect(heard()).toEqual(['Contract Gone'])
  org.contractGoneSinceMs += DAY_MS
  await Promise.all([minute(), minute()])
  expect(heard()).toEqual(['Contract Gone'])
})
