/** What becomes of a file that nobody takes any more: it is noted in time, with what was asked, and never ended cleanly. */
import { once } from 'node:events'
import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { provideStreaming } from '../../../infra/local/streaming/response-stream.ts'
import type { ChangeRow } from '../../../lib/changes/answers/change-rows.ts'
import type { RequestLog } from '../../../lib/http/chain.ts'
import { streamed } from '../../../lib/http/streamed.ts'
import { listChanges } from '../../../lib/operations/changes/list-changes.ts'
import { lambdaContext, restEvent } from '../../support/events.ts'
import { type FakeClock, fakeClock } from '../../support/fake-clock.ts'
import { records } from '../ports.ts'
import { ask, changesOf, connectTo, partsOf, untilWaiting } from './asking.ts'

const row = { changeId: 'a', reason: 'b' }

/** About a megabyte. */
const LARGE: readonly ChangeRow[] = [{ reason: 'x'.repeat(2 ** 20) }]
const MB = 2 ** 20

type Noted = Parameters<RequestLog['noteRequest']>[1]

/** What nobody reads: it takes a slice when it is told to. */
class Stalling extends Writable {
  #taken: (() => void) | undefined

  override _write(_chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#taken = done
  }

  takeOne(): void {
    this.#taken?.()
  }
}

/** The function of the list of changes, with the stream that the test has. */
async function invokeWith(
  clock: FakeClock,
  stream: Writable,
  noted: Noted[],
  rows: () => AsyncIterable<readonly ChangeRow[]>,
  remainingMs = 120_000,
): Promise<void> {
  provideStreaming()
  const handler = streamed(listChanges, {
    auth: 'jwt',
    clock,
    log: { noteRequest: (_operation, call) => noted.push(call) },
    middlewares: [],
    contextFor: () => records({ changeRows: rows }),
  })
  const event = restEvent('listChanges', { headers: { accept: 'text/csv' }, multiValueHeaders: null })
  const until = clock.monotonicMs() + remainingMs
  const context = { ...lambdaContext(), getRemainingTimeInMillis: () => until - clock.monotonicMs() }
  await handler(event, Object.assign(stream, { setContentType: () => {} }), context)
}

describe('a client', () => {
  it('that takes nothing any more is waited for half a minute; then the file is broken off and noted (O12)', async () => {
    const clock = fakeClock()
    let isClosed = false
    const listing = changesOf(async function* () {
      try {
        for (;;) yield LARGE
      } finally {
        isClosed = true
      }
    }, clock)
    const socket = await connectTo(listing, { accept: 'text/csv' })
    const waits = await untilWaiting(clock)
    expect(waits).toBe(30_000)
    clock.advance(29_999)
    expect(listing.calls).toEqual([])
    clock.advance(1)
    await expect.poll(() => listing.calls.length).toBe(1)
    const [noted] = listing.calls
    expect(noted?.error).toBeUndefined()
    expect(noted).toMatchObject({
      actor: { kind: 'jwt', id: 'ana' },
      file: { end: 'abandoned' },
      taking: 'stalled',
    })
    expect(isClosed).toBe(true)
    const taken: Buffer[] = []
    socket.on('error', () => {})
    socket.on('data', (chunk: Buffer) => taken.push(chunk))
    await once(socket, 'close')
    const text = Buffer.concat(taken)
    expect(text.subarray(-5).toString()).not.toBe('0\r\n\r\n')
    // Never fewer than may have been read.
    const rowsRead = text.toString().split('x\r\n').length - 1
    expect(noted?.file?.rows).toBeGreaterThan(0)
    expect(noted?.file?.rows).toBeGreaterThanOrEqual(Math.floor(text.length / MB))
    expect(noted?.file?.bytes).toBeGreaterThanOrEqual(text.length - 4_096 - rowsRead)
  })

  it('that stops within a page, or before the end of what is short, is noted in time too', async () => {
    for (const rows of [1, 40]) {
      const clock = fakeClock()
      const noted: Noted[] = []
      const stream = new Stalling()
      const handled = invokeWith(clock, stream, noted, async function* () {
        yield Array.from({ length: rows }, () => ({ reason: 'y'.repeat(10_000) }))
      })
      expect(await untilWaiting(clock)).toBe(30_000)
      expect(noted).toEqual([])
      clock.advance(30_000)
      await expect(handled).rejects.toMatchObject({ name: 'ClientStalled' })
      expect(noted).toEqual([
        expect.objectContaining({ file: expect.objectContaining({ rows, end: 'abandoned' }) }),
      ])
      expect([stream.destroyed, stream.writableFinished]).toEqual([true, false])
    }
  })

  it('is not waited for past what its function needs to note it', async () => {
    const clock = fakeClock()
    const noted: Noted[] = []
    const stream = new Stalling()
    const handled = invokeWith(clock, stream, noted, () => partsOf([LARGE]), 12_000)
    expect(await untilWaiting(clock)).toBe(11_000)
    clock.advance(11_000)
    await expect(handled).rejects.toMatchObject({ name: 'ClientStalled' })
    expect(noted).toEqual([expect.objectContaining({ file: expect.objectContaining({ end: 'abandoned' }) })])
  })

  it('that takes a little now and then has until the time of the function, and no longer', async () => {
    const clock = fakeClock()
    const noted: Noted[] = []
    const stream = new Stalling()
    const handled = invokeWith(
      clock,
      stream,
      noted,
      async function* () {
        for (;;) yield LARGE
      },
      120_000,
    )
    let waitedMs = 0
    for (;;) {
      const waitMs = await untilWaiting(clock)
      if (waitMs < 30_000) {
        clock.advance(waitMs)
        waitedMs += waitMs
        break
      }
      clock.advance(20_000)
      waitedMs += 20_000
      stream.takeOne()
    }
    await expect(handled).rejects.toMatchObject({ name: 'ClientStalled' })
    expect(waitedMs).toBe(119_000)
    expect(noted).toHaveLength(1)
  })

  it('leaves no timer behind where all was taken', async () => {
    const clock = fakeClock()
    const listing = changesOf(() => partsOf([LARGE, LARGE]), clock)
    expect((await ask(listing, { accept: 'text/csv' })).isWhole).toBe(true)
    expect(clock.nextTimerMs()).toBeUndefined()
  })

  it('is noted with what was asked, but for what may be a name or an e-mail', async () => {
    const listing = changesOf(() => partsOf([[row]]))
    const query = `?user=92ca2f0e-9b3c-4493-999f-aae61f48d350&from=2026-10-01T00:00:00Z&actor=ana%40example.com`
    await ask(listing, { accept: 'text/csv', query })
    expect(listing.calls[0]?.asked).toEqual({
      user: '92ca2f0e-9b3c-4493-999f-aae61f48d350',
      from: expect.stringMatching(/^2026-10-01/),
      actor: '[not logged]',
    })
  })
})
