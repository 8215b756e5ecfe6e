/** How a file goes out: no faster than it is taken, whole or visibly not, and noted at its end. */
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import type { ChangeRow } from '../../../lib/changes/answers/change-rows.ts'
import { GatewayError } from '../../../lib/errors.ts'
import { requirePresent } from '../../../lib/http/chain.ts'
import { listChanges } from '../../../lib/operations/changes/list-changes.ts'
import { lambdaContext, madeOf, restEvent } from '../../support/events.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import { bearerFor, originBefore, pathTo, records } from '../ports.ts'
import { ask, changesOf, connectTo, partsOf, untilWaiting } from './asking.ts'

const row = { changeId: 'a', reason: 'b' }

/** About a megabyte. */
const LARGE: readonly ChangeRow[] = [{ reason: 'x'.repeat(2 ** 20) }]
const MB = 2 ** 20

const unavailable = () =>
  new GatewayError('ledger.unavailable', 'The ledger cannot be reached; try again', { retryAfterSeconds: 5 })

async function* failingAfter(parts: number): AsyncGenerator<readonly ChangeRow[]> {
  for (let part = 0; part < parts; part += 1) yield [row]
  throw unavailable()
}

describe('a file that fails', () => {
  it.each(['text/csv', 'application/x-ndjson'])(
    'as %s before its first rows is an error as any other (O04)',
    async (accept) => {
      const listing = changesOf(() => failingAfter(0))
      const { status, headers, body, isWhole } = await ask(listing, { accept })
      expect([status, headers['content-type'], headers['retry-after'], isWhole]).toEqual([
        503,
        'application/json',
        '5',
        true,
      ])
      expect(headers).not.toHaveProperty('content-disposition')
      expect(JSON.parse(body.toString())).toMatchObject({ status: 503, code: 'ledger.unavailable' })
      expect(listing.calls).toEqual([expect.objectContaining({ error: expect.any(GatewayError) })])
      expect(listing.calls[0]?.file).toBeUndefined()
    },
  )

  it.each([1, 2, 200])(
    'after %i parts breaks the connection, and never ends it cleanly (O05)',
    async (parts) => {
      const listing = changesOf(() => failingAfter(parts))
      const { status, body, isWhole } = await ask(listing, { accept: 'text/csv' })
      expect([status, isWhole]).toEqual([200, false])
      expect(body.toString()).not.toContain('ledger')
      expect(listing.calls).toEqual([
        expect.objectContaining({
          error: expect.any(GatewayError),
          file: expect.objectContaining({ rows: parts, end: 'broken off' }),
        }),
      ])
    },
  )

  it('shows to a client of the usual kind as an error, not as the end', async () => {
    const listing = changesOf(() => failingAfter(3))
    const response = await fetch(`${await originBefore(listing)}${pathTo(listing.operation)}`, {
      headers: { accept: 'text/csv', authorization: bearerFor(listing.operation) },
    })
    expect(response.status).toBe(200)
    await expect(response.text()).rejects.toThrow()
  })
})

describe('a client', () => {
  it('that reads slowly makes the function wait: what is read of the ledger is never far ahead (O06)', async () => {
    const total = 64
    let made = 0
    const listing = changesOf(async function* () {
      for (; made < total; made += 1) yield LARGE
    })
    const socket = await connectTo(listing, { accept: 'application/x-ndjson' })
    let read = 0
    let mostAhead = 0
    for await (const chunk of socket) {
      read += chunk.length
      mostAhead = Math.max(mostAhead, made * MB - read)
    }
    expect(read).toBeGreaterThan(total * MB)
    // What the sockets' buffers hold on either side, and the parts on their way.
    expect(mostAhead).toBeLessThan(24 * MB)
    expect(listing.calls[0]?.file).toMatchObject({ rows: total, end: 'whole' })
  })

  it('that goes away ends the reading of the ledger, which is noted (O07)', async () => {
    const left = Promise.withResolvers<void>()
    const listing = changesOf(async function* () {
      try {
        for (;;) yield LARGE
      } finally {
        left.resolve()
      }
    })
    const socket = await connectTo(listing, { accept: 'text/csv' })
    await once(socket, 'data')
    socket.destroy()
    await left.promise
    await expect.poll(() => listing.calls.length).toBe(1)
    expect(listing.calls[0]).toMatchObject({ file: { type: 'text/csv', end: 'abandoned' } })
    expect(listing.calls[0]?.error).toBeUndefined()
  })

  it('is named where the file is noted, which happens at its end', async () => {
    const gate = Promise.withResolvers<void>()
    const listing = changesOf(async function* () {
      yield [row]
      await gate.promise
      yield [row]
    })
    const socket = await connectTo(listing, { accept: 'text/csv' })
    await once(socket, 'data')
    expect(listing.calls).toEqual([])
    gate.resolve()
    socket.resume()
    await once(socket, 'close')
    expect(listing.calls).toEqual([
      expect.objectContaining({
        actor: { kind: 'jwt', id: 'ana' },
        file: expect.objectContaining({ rows: 2, end: 'whole' }),
      }),
    ])
  })
})

describe('the time of a file', () => {
  it('is that of every answer up to its first rows, and then what is left of the function', async () => {
    const clock = fakeClock()
    const remaining: number[] = []
    const handler = madeOf(listChanges, {
      auth: 'jwt',
      clock,
      log: { noteRequest: () => {} },
      middlewares: [],
      contextFor: ({ deadline }) =>
        records({
          async *changeRows() {
            remaining.push(deadline.remainingMs())
            yield [row]
            remaining.push(deadline.remainingMs())
          },
        }),
    })
    const event = restEvent('listChanges', { headers: { accept: 'text/csv' }, multiValueHeaders: null })
    await handler(event, lambdaContext(120_000))
    // 14 s less what rendering is given; 120 s less what the outcome is given.
    expect(remaining).toEqual([13_500, 119_000])
  })

  it('that is over before its first rows are there is answered as an error, and who reads them is stopped (O11)', async () => {
    const clock = fakeClock()
    const late = Promise.withResolvers<void>()
    let isStopped = false
    let isGoneOn = false
    const listing = changesOf(async function* () {
      try {
        await late.promise
        yield [row]
        isGoneOn = true
      } finally {
        isStopped = true
      }
    }, clock)
    const answer = ask(listing, { accept: 'text/csv' })
    const waits = await untilWaiting(clock)
    clock.advance(waits)
    const { status, headers, body, isWhole } = await answer
    expect(waits).toBeLessThan(14_000)
    expect([status, headers['content-type'], isWhole]).toEqual([504, 'application/json', true])
    expect(headers).not.toHaveProperty('content-disposition')
    expect(JSON.parse(body.toString())).toMatchObject({ status: 504, code: 'request.timeout' })
    expect(clock.nextTimerMs()).toBeUndefined()
    late.resolve()
    await expect.poll(() => isStopped).toBe(true)
    expect(isGoneOn).toBe(false)
    expect(listing.calls).toEqual([expect.objectContaining({ error: expect.any(GatewayError) })])
    expect(listing.calls[0]?.file).toBeUndefined()
  })

  it('is as long for a page, and whoever is late to read for it has no more of it (O11)', async () => {
    const clock = fakeClock()
    let remainingMs = (): number => Number.NaN
    const page = () => new Promise<never>(() => {})
    const operation = { ...listChanges, files: { ...requirePresent(listChanges.files, 'files'), page } }
    const handler = madeOf(operation, {
      auth: 'jwt',
      clock,
      log: { noteRequest: () => {} },
      middlewares: [],
      contextFor({ deadline }) {
        remainingMs = () => deadline.remainingMs()
        return records({})
      },
    })
    const event = restEvent('listChanges', { headers: { accept: 'text/html' }, multiValueHeaders: null })
    const answer = handler(event, lambdaContext(120_000))
    clock.advance(await untilWaiting(clock))
    expect((await answer).statusCode).toBe(504)
    expect(remainingMs()).toBeLessThanOrEqual(0)
  })

  it('that is over before it begins is told as such', async () => {
    const listing = changesOf(() => partsOf([[row]]))
    const event = restEvent('listChanges', { headers: { accept: 'text/csv' }, multiValueHeaders: null })
    const { statusCode, body } = await listing.handler(event, lambdaContext(1_500))
    expect([statusCode, JSON.parse(body).code]).toEqual([503, 'deadline.too.short'])
  })
})
