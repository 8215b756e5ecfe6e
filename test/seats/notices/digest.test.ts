/** The digest: once a week, on the day that the org file names, after that day's reading. */
import { expect, it } from 'vitest'
import { noticeWorld } from '../../support/seats/notice-world.ts'

const HOUR_MS = 3_600_000

it('comes once on its day, after the reading of that day', async () => {
  const { minute, heard, read, count, clock, told } = await noticeWorld()
  count(240)
  for (let hours = 0; hours < 14 * 24; hours++) {
    clock.advance(HOUR_MS)
    if (new Date(clock.nowMs()).getUTCHours() === 3) read()
    await minute({ policy: { digest: 'monday' } })
  }
  expect(heard().filter((each) => each === 'Seats Digest')).toHaveLength(2)
  const digests = told.flatMap(({ detail }) => (detail['digest'] as object | undefined) ?? [])
  expect(digests).toMatchObject([
    { day: '2026-11-16', isWhole: true, licenses: [{ licenseId: 'cloudCX3', held: 240, seats: 250 }] },
    { day: '2026-11-23' },
  ])
})

it('comes at noon by an older reading, where that day has none', async () => {
  const { minute, heard, count, clock, told } = await noticeWorld()
  count(1)
  for (let hours = 0; hours < 30; hours++) {
    clock.advance(HOUR_MS)
    await minute({ policy: { digest: 'monday' } })
  }
  expect(heard()).toEqual(['Seats Digest'])
  expect(told[0]?.detail['digest']).toMatchObject({ day: '2026-11-16', asOf: '2026-11-15T12:00:00.000Z' })
})

it('does not come where the org file asks for none', async () => {
  const { minute, heard, count, clock } = await noticeWorld()
  count(1)
  for (let days = 0; days < 8; days++) {
    clock.advance(24 * HOUR_MS)
    await minute()
  }
  expect(heard()).toEqual([])
})
