import { describe, expect, it } from 'vitest'
import { deadlineIn } from '../../lib/clock.ts'
import { AccessTokens } from '../../lib/credentials/access-tokens.ts'
import type { SecretStore, TokenSecret } from '../../lib/credentials/secret-store.ts'
import { fakeClock, NOON } from '../support/fake-clock.ts'

const HOUR_MS = 3_600_000
const noonMs = Date.parse(NOON)

const token = (accessToken: string, changes: Partial<TokenSecret> = {}): TokenSecret => ({
  accessToken,
  createdAtMs: noonMs - HOUR_MS,
  expiresAtMs: noonMs + 24 * HOUR_MS,
  ...changes,
})

/** A store that holds what it is told to, and counts. */
function store(first: TokenSecret | Error) {
  const counts = { reads: 0, rotations: 0 }
  let held = first
  const port: { -readonly [K in keyof SecretStore]: SecretStore[K] } = {
    async read() {
      counts.reads++
      if (held instanceof Error) throw held
      return held
    },
    async askForRotation() {
      counts.rotations++
    },
  }
  return {
    port,
    counts,
    hold: (next: TokenSecret | Error) => {
      held = next
    },
  }
}

function started(first: TokenSecret | Error, whileAsleep?: () => Promise<void>) {
  const clock = fakeClock({ random: () => 0.5, ...(whileAsleep ? { whileAsleep } : {}) })
  const secret = store(first)
  const tokens = new AccessTokens(secret.port, clock)
  const deadline = () => deadlineIn(25_000, clock)
  return {
    clock,
    ...secret,
    tokens,
    current: () => tokens.current(deadline()),
    renew: (refused: string) => tokens.renew(refused, deadline()),
  }
}

describe('the access tokens of a container', () => {
  it('are kept until 22.5 minutes before the end where chance is one half', async () => {
    const { clock, counts, current } = started(token('a'))
    expect(await current()).toBe('a')
    clock.advance(24 * HOUR_MS - 22.5 * 60_000 - 1)
    await current()
    expect(counts.reads).toBe(1)
    clock.advance(1)
    await current()
    expect(counts.reads).toBe(2)
  })

  it('are looked for again a while after the secret still held the same', async () => {
    const { clock, counts, current, hold } = started(token('a'))
    await current()
    clock.advance(24 * HOUR_MS - 20 * 60_000)
    await current()
    clock.advance(89_999)
    await current()
    expect(counts.reads).toBe(2)
    hold(token('b', { expiresAtMs: noonMs + 36 * HOUR_MS }))
    clock.advance(1)
    expect(await current()).toBe('b')
    expect(counts.reads).toBe(3)
  })

  it('go by the wall clock, which others set: a clock put back keeps the token, one put forward renews it (K09)', async () => {
    const { clock, counts, current } = started(token('a'))
    await current()
    clock.setBack(48 * HOUR_MS)
    await current()
    expect(counts.reads).toBe(1)
    clock.setBack(-(48 * HOUR_MS + 24 * HOUR_MS - 60_000))
    expect(await current()).toBe('a')
    expect(counts.reads).toBe(2)
  })

  it('fail at once for a few seconds after a failure, by the clock that never goes back (K09)', async () => {
    const { clock, counts, current } = started(new Error('denied'))
    await expect(current()).rejects.toMatchObject({ code: 'credentials.unavailable', retryAfterSeconds: 5 })
    clock.setBack(-HOUR_MS)
    await expect(current()).rejects.toMatchObject({ code: 'credentials.unavailable' })
    expect(counts.reads).toBe(1)
    clock.advance(7_500)
    await expect(current()).rejects.toMatchObject({ code: 'credentials.unavailable' })
    expect(counts.reads).toBe(2)
  })

  it('that are refused are replaced for all who ask, with one rotation', async () => {
    const { counts, renew, hold, current, clock } = started(token('a'), async () => hold(token('b')))
    await current()
    expect(await Promise.all([renew('a'), renew('a'), renew('a')])).toEqual(['b', 'b', 'b'])
    expect([counts.rotations, counts.reads]).toEqual([1, 3])
    expect(await renew('a')).toBe('b')
    expect([counts.reads, clock.sleeps]).toEqual([3, [500]])
  })

  it('are not waited for longer than leaves two seconds to send again', async () => {
    const { clock, current, renew } = started(token('a'))
    await current()
    const began = clock.monotonicMs()
    await expect(renew('a')).rejects.toMatchObject({
      code: 'credentials.unavailable',
      retryAfterSeconds: 5,
    })
    expect(clock.monotonicMs() - began).toBe(22_500)
  })

  it('can be renewed again after a renewal failed', async () => {
    const { current, renew, hold } = started(token('a', { createdAtMs: noonMs }))
    await current()
    await expect(renew('a')).rejects.toMatchObject({ retryAfterSeconds: 60 })
    hold(token('b'))
    expect(await renew('a')).toBe('b')
  })

  describe('past their end are never handed out', () => {
    const end = noonMs + 24 * HOUR_MS
    const unavailable = { code: 'credentials.unavailable', retryAfterSeconds: expect.any(Number) }

    it('though the secret could not be read again less than a minute before', async () => {
      const { clock, current, hold } = started(token('a'))
      await current()
      hold(new Error('throttled'))
      clock.advance(24 * HOUR_MS - 1)
      expect(await current()).toBe('a')
      clock.advance(1)
      await expect(current()).rejects.toMatchObject(unavailable)
    })

    it('though they ended while the secret was being read, as in a container that was frozen', async () => {
      const { clock, current, port, counts } = started(token('a'))
      await current()
      clock.advance(24 * HOUR_MS - 60_000)
      const read = port.read
      port.read = async (deadline) => {
        clock.advance(HOUR_MS)
        return await read(deadline)
      }
      await expect(current()).rejects.toMatchObject(unavailable)
      expect(counts.rotations).toBe(1)
    })

    it('though the secret holds another one than before, which has ended too', async () => {
      const { clock, current, hold, counts } = started(token('a'))
      await current()
      clock.advance(24 * HOUR_MS - 60_000)
      hold(token('b', { expiresAtMs: end - 2 * 60_000 }))
      expect(await current()).toBe('a')
      clock.advance(60_000)
      await expect(current()).rejects.toMatchObject(unavailable)
      expect(counts.rotations).toBe(1)
    })

    it('though another one was refused', async () => {
      const { current, renew, hold, clock, counts } = started(token('a'))
      await current()
      hold(token('b', { expiresAtMs: noonMs - 1 }))
      await expect(renew('a')).rejects.toMatchObject(unavailable)
      expect(counts.rotations).toBe(1)
      hold(token('c', { expiresAtMs: clock.nowMs() + HOUR_MS }))
      expect(await renew('a')).toBe('c')
      clock.advance(2 * HOUR_MS)
      await expect(renew('a')).rejects.toMatchObject(unavailable)
    })

    it('to any of those who wait for a rotation', async () => {
      const { renew, hold, current } = started(token('a'), async () =>
        hold(token('b', { expiresAtMs: noonMs })),
      )
      await current()
      const waiting = await Promise.allSettled([renew('a'), renew('a'), renew('a')])
      for (const each of waiting) expect(each).toMatchObject({ status: 'rejected', reason: unavailable })
    })
  })
})
