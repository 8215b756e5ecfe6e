/** DynamoDB leaves part of a batch unread under load, in an answer of 200. dynalite does not, so it is scripted. */
import { describe, expect, it } from 'vitest'
import { nodeTransport, type Transport } from '../../lib/transport/transport.ts'
import { ledgerForTests, textOf } from '../support/ledger/ledger.ts'
import { createOn, newHeader, planOf, putLockOn } from './records.ts'

interface Asked {
  readonly RequestItems: Readonly<Record<string, { readonly Keys: readonly unknown[] }>>
}

/** Reads so many keys of each batch, and answers that the others were left. */
function hasty(readable: (call: number) => number): { transport: Transport; calls: () => number } {
  let calls = 0
  return {
    calls: () => calls,
    async transport(request) {
      if (request.headers['x-amz-target']?.split('.')[1] !== 'BatchGetItem')
        return await nodeTransport(request)
      calls += 1
      const [[table, asked] = ['', { Keys: [] }]] = Object.entries(
        (JSON.parse(textOf(request)) as Asked).RequestItems,
      )
      const [now, later] = [asked.Keys.slice(0, readable(calls)), asked.Keys.slice(readable(calls))]
      const only = (Keys: readonly unknown[]) => ({ [table]: { ...asked, Keys } })
      const unread = later.length === 0 ? {} : { UnprocessedKeys: only(later) }
      const headers = { 'content-type': 'application/x-amz-json-1.0' }
      if (now.length === 0) return { status: 200, headers, body: Buffer.from(JSON.stringify(unread)) }
      const { 'content-length': _, ...sent } = request.headers
      const body = JSON.stringify({ RequestItems: only(now) })
      const answer = await nodeTransport({ ...request, headers: sent, body })
      const read = JSON.parse(answer.body.toString())
      return { status: answer.status, headers, body: Buffer.from(JSON.stringify({ ...read, ...unread })) }
    },
  }
}

describe('what is left unread of a batch', () => {
  it('is read in the end', async () => {
    const { ledger, another } = await ledgerForTests()
    const keys = Array.from({ length: 30 }, (_, n) => `toggle#${n}`)
    for (const key of keys) await putLockOn(ledger, key, { holder: key }, undefined)
    const { transport, calls } = hasty((call) => (call % 2 === 0 ? 0 : 10))
    expect((await another(transport).locks(keys)).size).toBe(30)
    expect(calls()).toBe(5)
  })

  it('is a 503 once nothing at all is read any more', async () => {
    const { another } = await ledgerForTests()
    const { transport, calls } = hasty(() => 0)
    const refused = { code: 'ledger.unavailable', status: 503, retryAfterSeconds: 5 }
    await expect(another(transport).locks(['toggle#a'])).rejects.toMatchObject(refused)
    expect(calls()).toBe(5)
  })
})

describe('the rows of a large change', () => {
  it('are all put', async () => {
    const { ledger, items } = await ledgerForTests()
    await createOn(ledger, newHeader(), planOf(500))
    // A plan, and an index row each for all, the actor, the license and 500 users; that it moved, and the header.
    expect(await items()).toHaveLength(1 + 503 + 1 + 1)
  })

  it('are not begun any more once one has failed', async () => {
    const { ledger, faults } = await ledgerForTests()
    faults.crashAfter(1)
    await expect(createOn(ledger, newHeader(), planOf(3_000))).rejects.toThrow('the process has ended')
    // Of thirty batches those alone that went side by side with it.
    expect(faults.calls.length).toBeLessThan(20)
  })
})
