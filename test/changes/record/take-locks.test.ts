import { expect, it } from 'vitest'
import type { Header } from '../../../lib/changes/model/header.ts'
import type { LedgerWrite } from '../../../lib/changes/record/ledger.ts'
import { takeLocks } from '../../../lib/changes/record/take-locks.ts'
import { moveHeader } from '../../../lib/changes/record/write-header.ts'
import { createOn, newHeader, replaceOn } from '../../ledger/records.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import { ledgerForTests } from '../../support/ledger/ledger.ts'

const clock = fakeClock()
const KEY = 'toggle#wallboards'
const leaseUntilMs = clock.nowMs() + 30_000
const failure = { code: 'upstream.unavailable', status: 503, message: 'later', isPassing: true }

function claimedBy(header: Header, owner: string): Header {
  return moveHeader(
    header,
    { state: 'CLAIMED', as: 'worker', by: 'gateway', with: { owner, leaseUntilMs } },
    header.updatedAtMs,
  )
}

it('a change that was given back and is claimed again cannot lose its lock to one who saw the old one', async () => {
  const { ledger, another } = await ledgerForTests()
  const first = await createOn(ledger, newHeader())
  const other = await createOn(ledger, claimedBy(newHeader(), 'other'))
  const claimed = claimedBy(first, 'one')
  await replaceOn(ledger, claimed, first)
  await takeLocks({ ledger, clock }, claimed, [KEY])
  const givenBack = moveHeader(
    claimed,
    { state: 'PLANNED', as: 'owner', by: 'gateway', with: { failure, retryAtMs: leaseUntilMs } },
    claimed.updatedAtMs,
  )
  await replaceOn(ledger, givenBack, claimed)

  // Between the other's look at the header and its put, the first is claimed again and puts its lock.
  const again = claimedBy(givenBack, 'two')
  const slow = another()
  const racing = {
    ...slow,
    async commit(writes: readonly LedgerWrite[]) {
      if ((await ledger.get(first.id))?.state === 'PLANNED') {
        await replaceOn(ledger, again, givenBack)
        await takeLocks({ ledger, clock }, again, [KEY])
      }
      return await slow.commit(writes)
    },
  }
  await expect(takeLocks({ ledger: racing, clock }, other, [KEY])).rejects.toMatchObject({
    code: 'change.conflict',
    faults: [expect.objectContaining({ entityId: first.id })],
  })
  expect((await ledger.locks([KEY])).get(KEY)?.holder).toBe(`${first.id}.two`)
})
