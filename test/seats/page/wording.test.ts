import { describe, expect, it } from 'vitest'
import { msOfDay } from '../../../lib/seats/page/days.ts'
import { longDay, mediumDay, originOf, spanAt } from '../../../lib/seats/page/wording.ts'

describe('a day on the page', () => {
  it.each([
    ['2026-11-28', '<time datetime="2026-11-28">28 November 2026</time>'],
    [
      '2026-11-28T00:00:00.000Z',
      '<time datetime="2026-11-28T00:00:00.000Z">28 November 2026 at 00:00 UTC</time>',
    ],
    ['2026-11-28T23:59:59.999Z', '<bdi>2026-11-28T23:59:59.999Z</bdi>'],
    ['2026-11-28T00:00:00+02:00', '<bdi>2026-11-28T00:00:00+02:00</bdi>'],
    ['2026-02-31', '<bdi>2026-02-31</bdi>'],
    ['', '<bdi></bdi>'],
    ['the <b>14th</b>', '<bdi>the &lt;b&gt;14th&lt;/b&gt;</bdi>'],
  ])('%j is written so that nothing of it is lost', (day, written) => {
    expect(longDay(day).text).toBe(written)
  })

  it('is told as it came where it is none, and never as another', () => {
    expect(mediumDay('2026-11-28')).toBe('28 Nov 2026')
    expect(mediumDay('2026-02-31')).toBe('2026-02-31')
    expect(msOfDay('tomorrow')).toBeUndefined()
  })
})

describe('when somebody was given a license', () => {
  const [atMs, afterMs] = ['2026-11-28T02:10:00Z', '2026-11-27T02:04:00Z'].map((time) => Date.parse(time))

  it('is the time of the change; of what was done outside, between the two readings that show it', () => {
    const timesOf = (text: string) => text.replace(/<[^>]+>/g, '')
    expect(timesOf(spanAt(atMs ?? 0, undefined).text)).toBe('28 November 2026 at 02:10 UTC')
    expect(timesOf(spanAt(atMs ?? 0, afterMs).text)).toBe(
      'between 27 November 2026 at 02:04 UTC and 28 November 2026 at 02:10 UTC',
    )
  })

  it('has who did it beside it', () => {
    const by = [{ changeId: 'chg_<1>' }, 'outside'] as const
    expect(by.map((each) => originOf({ userId: 'u', sinceMs: 0, by: each }).text)).toEqual([
      'change <code>chg_&lt;1&gt;</code>',
      'outside of the gateway',
    ])
    const why = { askedBy: 'Ana', reason: 'new <here>', approvedBy: 'Bo' }
    expect(originOf({ userId: 'u', sinceMs: 0, by: by[0], ...why }).text.replace(/<\/?bdi>/g, '')).toBe(
      'Ana, because new &lt;here&gt;, approved by Bo<small>change <code>chg_&lt;1&gt;</code></small>',
    )
  })
})
