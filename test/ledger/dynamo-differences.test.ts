/** Differences on the table: found by time, by user, by license and by pair, and none before its reading is there. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ledgerClient } from '../../lib/aws/dynamo-client.ts'
import type { Difference } from '../../lib/inventory/inventory-port.ts'
import type { RecordedDifferences } from '../../lib/inventory/reading-store.ts'
import { differenceRows } from '../../lib/ledger/dynamo-differences.ts'
import { storeOf } from '../../lib/ledger/table/store.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { ledgerForTests } from '../support/ledger/ledger.ts'
import { differencesAtHand } from '../support/seats/differences-at-hand.ts'
import { ann, bob, noonMs } from './records.ts'

const DAY_MS = 86_400_000
const licenses = ['cloudCX3', 'cloudCX33']

async function start() {
  const { faults, url, tableName } = await ledgerForTests()
  const client = ledgerClient(faults.transport, 'us-east-1', url)
  return { store: differenceRows(storeOf({ client, tableName, clock: fakeClock() })), faults }
}

async function all(differences: AsyncIterable<Difference>): Promise<Difference[]> {
  const found: Difference[] = []
  for await (const each of differences) found.push(each)
  return found
}

const given = (changes: Partial<Difference> = {}): Difference => ({
  ...{ userId: ann, licenseId: 'cloudCX3', isGiven: true, atMs: noonMs, by: 'outside' },
  ...changes,
})

/** In two months, several at one time. */
const some = fc.sample(
  fc.uniqueArray(
    fc.record({
      userId: fc.constantFrom(ann, bob),
      licenseId: fc.constantFrom(...licenses),
      isGiven: fc.boolean(),
      atMs: fc.integer({ min: 0, max: 9 }).map((n) => noonMs + n * 3 * DAY_MS),
      by: fc.constantFrom('outside' as const, { changeId: 'change-1' }),
    }),
    {
      minLength: 40,
      maxLength: 40,
      selector: ({ userId, licenseId, isGiven, atMs }) => [userId, licenseId, isGiven, atMs].join(' '),
    },
  ),
  { seed: 20_261_129, numRuns: 1 },
)[0]

describe('differences on record', () => {
  it('are found in their order by whatever they are looked for, ids in any case', async () => {
    const { store } = await start()
    const differences = some ?? []
    await store.putDifferences(differences, noonMs)
    const [stored, wanted] = [store.recorded(noonMs), differencesAtHand(differences)]
    const asks: ((of: RecordedDifferences) => AsyncIterable<Difference>)[] = [
      (of) => of.between(noonMs + 1, noonMs + 20 * DAY_MS),
      ...[ann, bob.toUpperCase()].flatMap((userId) => [
        (of: RecordedDifferences) => of.of({ userId }, true),
        (of: RecordedDifferences) => of.of({ userId }, false, noonMs + 12 * DAY_MS),
        (of: RecordedDifferences) => of.ofPair({ userId, licenseId: 'CLOUDcx3' }, noonMs + 3 * DAY_MS),
        (of: RecordedDifferences) => of.byUser('cloudCX33', userId.toLowerCase()),
      ]),
      ...licenses.flatMap((licenseId) => [
        (of: RecordedDifferences) => of.of({ licenseId }, true, noonMs + 6 * DAY_MS),
        (of: RecordedDifferences) => of.of({ licenseId: licenseId.toUpperCase() }, false),
        (of: RecordedDifferences) => of.byUser(licenseId),
      ]),
    ]
    for (const ask of asks) expect(await all(ask(stored))).toEqual(await all(ask(wanted)))
  })

  it('are found in one call of the ledger', async () => {
    const { store, faults } = await start()
    await store.putDifferences(some ?? [], noonMs)
    const before = faults.calls.length
    await all(store.recorded(noonMs).of({ licenseId: 'cloudCX3' }, true))
    expect(faults.calls.slice(before).map(({ action }) => action)).toEqual(['Query'])
  })

  it('of a reading that ended later are passed over, and putting them again changes nothing', async () => {
    const { store } = await start()
    const [kept, newer] = [given(), given({ userId: bob, atMs: noonMs - DAY_MS })]
    await store.putDifferences([kept], noonMs)
    await store.putDifferences([newer], noonMs + DAY_MS)
    await store.putDifferences([newer], noonMs + DAY_MS)
    const told = (recorded: RecordedDifferences) =>
      Promise.all(
        [
          recorded.between(noonMs - 9 * DAY_MS, noonMs + DAY_MS),
          recorded.of({ licenseId: 'cloudCX3' }, true),
          recorded.byUser('cloudCX3'),
        ].map(async (each) => (await all(each)).length),
      )
    expect(await told(store.recorded(noonMs))).toEqual([1, 1, 1])
    expect(await told(store.recorded(noonMs + DAY_MS))).toEqual([2, 2, 2])
    expect(await all(store.recorded(noonMs).ofPair(newer, 0))).toEqual([])
  })
})
