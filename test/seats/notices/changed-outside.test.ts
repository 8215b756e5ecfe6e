/** What was done in Genesys itself: told once a reading, with counts and the first twenty. */
import { expect, it } from 'vitest'
import type { Difference } from '../../../lib/inventory/inventory-port.ts'
import { CX3, noticeWorld, onlyDetail } from '../../support/seats/notice-world.ts'

function outside(n: number, atMs: number, isGiven = true): Difference {
  return {
    userId: `u${String(n).padStart(2, '0')}`,
    licenseId: CX3,
    isGiven,
    atMs,
    afterMs: atMs - 1_000,
    by: 'outside',
  }
}

it('is not told of the first reading, which has none before it', async () => {
  const { minute, heard, org, count } = await noticeWorld()
  count(1)
  org.differences = [outside(1, org.asOfMs)]
  await minute()
  expect(heard()).toEqual([])
})

it('is told once a reading, with counts and the first twenty, and not what changes of ours did', async () => {
  const { minute, heard, read, org, count, told } = await noticeWorld()
  count(1)
  await minute()
  read()
  const ours = { ...outside(99, org.asOfMs), by: { changeId: '38f6eke3343vjeyayy06' } }
  org.differences = [
    ours,
    ...Array.from({ length: 24 }, (_, n) => outside(n, org.asOfMs + n)),
    outside(24, org.asOfMs + 24, false),
  ]
  await minute()
  await minute()
  expect(heard()).toEqual(['Changed Outside'])
  const { eventId, outside: said } = onlyDetail(told) as { eventId: string; outside: { first: object[] } }
  expect(eventId).toBe('outside#readings#2')
  expect(said).toMatchObject({
    given: 24,
    taken: 1,
    people: 25,
    licenses: [{ licenseId: CX3, given: 24, taken: 1 }],
  })
  expect(said.first).toHaveLength(20)
})

it('a reading that found nothing tells nothing, and what the next one finds is told alone', async () => {
  const { minute, heard, read, org, count, told } = await noticeWorld()
  count(1)
  await minute()
  read()
  org.differences = [outside(1, org.asOfMs)]
  await minute()
  read()
  await minute()
  read()
  org.differences.push(outside(2, org.asOfMs))
  await minute()
  expect(heard()).toEqual(['Changed Outside', 'Changed Outside'])
  expect(told.map(({ detail }) => detail['outside'])).toMatchObject([{ people: 1 }, { people: 1 }])
})

it('what readings found while the bus was away is told when it is back, all of it once', async () => {
  const { minute, heard, read, org, count, bus, told } = await noticeWorld()
  count(1)
  await minute()
  bus.fails = 'throws'
  for (const n of [1, 2, 3]) {
    read()
    org.differences.push(outside(n, org.asOfMs))
    await minute()
  }
  bus.fails = 'no'
  await minute()
  await minute()
  expect(heard()).toEqual(['Changed Outside', 'Changed Outside'])
  const first = told.flatMap(({ detail }) => (detail['outside'] as { first: { userId: string }[] }).first)
  expect(first.map(({ userId }) => userId)).toEqual(['u01', 'u02', 'u03'])
})
