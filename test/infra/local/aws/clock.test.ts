import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { laptopClock } from '../../../../infra/local/clock.ts'
import { authorization, startedAws } from './running-aws.ts'

describe('the tick', () => {
  it('comes every 10 seconds while nobody moves the clock, and once a minute while it is moved on', async () => {
    let ticks = 0
    const { aws } = await startedAws({ tick: async () => (ticks += 1) })
    expect(ticks).toBe(0)
    await aws.advance(10_000)
    expect(ticks).toBe(1)
    await aws.advance(60 * 60_000)
    expect(ticks).toBe(61)
  })

  it('is not called again before it has ended', async () => {
    let running = 0
    let most = 0
    const { aws } = await startedAws({
      async tick() {
        running += 1
        most = Math.max(most, running)
        await new Promise((resolve) => setImmediate(resolve))
        running -= 1
      },
    })
    await Promise.all([aws.advance(60_000), aws.advance(60_000), aws.advance(60_000)])
    expect(most).toBe(1)
  })

  it('goes on after a failure, which is told once for as long as it lasts', async () => {
    const told: string[] = []
    let ticks = 0
    const { aws } = await startedAws({
      onFailure: (sentence) => told.push(sentence),
      async tick() {
        ticks += 1
        if (ticks !== 3) throw new Error('no ledger')
      },
    })
    await aws.advance(5 * 60_000)
    expect(ticks).toBe(5)
    expect(told).toEqual(['tick failed: no ledger', 'tick failed: no ledger'])
  })
})

describe('the laptop’s clock', () => {
  it('is moved on over HTTP', async () => {
    const { aws } = await startedAws()
    const move = async (body: string) => {
      const answer = await fetch(`${aws.url}/__aws/clock`, {
        method: 'POST',
        headers: { authorization },
        body,
      })
      return [answer.status, await answer.json()]
    }
    expect(await move('{"advanceSeconds":90}')).toEqual([200, { now: '2026-11-15T12:01:30.000Z' }])
    expect(await move('{"advanceSeconds":0}')).toEqual([200, { now: '2026-11-15T12:01:30.000Z' }])
    for (const body of ['{"advanceSeconds":-1}', '{}', '{"advanceSeconds":"1"}', '{']) {
      expect((await move(body))[0]).toBe(400)
    }
    expect((await fetch(`${aws.url}/__aws/constructor`, { headers: { authorization } })).status).toBe(404)
  })

  it('is not moved on where that would be due before a real org', async () => {
    const { aws } = await startedAws({ canMoveClock: false })
    const answer = await fetch(`${aws.url}/__aws/clock`, {
      method: 'POST',
      headers: { authorization },
      body: '{"advanceSeconds":90}',
    })
    expect([answer.status, await answer.json()]).toEqual([
      403,
      expect.objectContaining({ message: 'The clock of a real org’s gateway is not moved on.' }),
    ])
    expect(new Date(aws.now()).toISOString()).toBe('2026-11-15T12:00:00.000Z')
  })

  it('looks once a second, so that no time is too far ahead and a sleep is made up for', () => {
    vi.useFakeTimers()
    onTestFinished(() => {
      vi.useRealTimers()
    })
    const clock = laptopClock()
    const fired: string[] = []
    clock.at(clock.now() + 1_500, () => fired.push('soon'))
    clock.at(clock.now() + 40 * 86_400_000, () => fired.push('in 40 days'))
    vi.advanceTimersByTime(1_000)
    expect(fired).toEqual([])
    vi.advanceTimersByTime(1_000)
    expect(fired).toEqual(['soon'])
    vi.setSystemTime(Date.now() + 41 * 86_400_000)
    expect(fired).toEqual(['soon'])
    vi.advanceTimersByTime(1_000)
    expect(fired).toEqual(['soon', 'in 40 days'])
    clock.close()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is not moved on under what has come due by itself and is not done yet', async () => {
    vi.useFakeTimers()
    onTestFinished(() => {
      vi.useRealTimers()
    })
    const clock = laptopClock()
    const startMs = clock.now()
    const work = Promise.withResolvers<void>()
    const done: [string, number][] = []
    clock.at(startMs + 1_000, async () => {
      await work.promise
      done.push(['came by itself', clock.now() - startMs])
      clock.at(startMs + 31_000, () => done.push(['in half a minute', clock.now() - startMs]))
    })
    vi.advanceTimersByTime(1_000)
    const moved = clock.advance(60_000)
    work.resolve()
    await moved
    expect(done).toEqual([
      ['came by itself', 1_000],
      ['in half a minute', 31_000],
    ])
    expect(clock.now() - startMs).toBe(61_000)
    clock.close()
  })

  it('that does not go by itself does nothing before it is moved on, and then all that came due', async () => {
    vi.useFakeTimers()
    onTestFinished(() => {
      vi.useRealTimers()
    })
    const clock = laptopClock(Date.now, { goesByItself: false })
    const fired: string[] = []
    clock.at(clock.now() + 1_500, () => fired.push('soon'))
    vi.advanceTimersByTime(60_000)
    expect(fired).toEqual([])
    await clock.advance(0)
    expect(fired).toEqual(['soon'])
    clock.close()
  })

  it('does what is due in the order of its time, each at its time, what is added meanwhile too', async () => {
    const clock = laptopClock(() => 1_000)
    const done: [string, number][] = []
    const note = (name: string) => () => done.push([name, clock.now()])
    clock.at(1_300, note('third'))
    clock.at(1_100, () => {
      note('first')()
      clock.at(1_200, note('second'))
    })
    clock.at(1_501, note('never'))
    const callOff = clock.at(1_160, note('called off'))
    callOff()
    await clock.advance(500)
    expect(done).toEqual([
      ['first', 1_100],
      ['second', 1_200],
      ['third', 1_300],
    ])
    expect(clock.now()).toBe(1_500)
    clock.close()
    await clock.advance(500)
    expect(done).toHaveLength(3)
  })
})
