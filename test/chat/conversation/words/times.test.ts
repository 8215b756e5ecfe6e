import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { wallTimeAt } from '../../../../lib/changes/model/local-time.ts'
import { distanceTextOf, instantOfMoment, timeTextOf } from '../../../../lib/chat/conversation/words/times.ts'
import type { Moment } from '../../../../lib/chat/grammar/typed-command.ts'
import { moment } from '../../grammar/commands.ts'

const BERLIN = 'Europe/Berlin'
const clock = (time: string): Moment => ({ kind: 'clock', time })
const tomorrow = (time: string): Moment => ({ kind: 'tomorrow', time })
const weekday = (day: 1 | 2 | 3 | 4 | 5 | 6 | 7, time = '00:00'): Moment => ({ kind: 'weekday', day, time })

describe('a moment named in Berlin', () => {
  // 24 November 2026 is a Tuesday. Clocks go back on 25 October 2026 at 03:00 and forward on 28 March 2027 at 02:00.
  it.each<[string, Moment, string, string]>([
    ['a clock time to come is today', clock('18:00'), '2026-11-24T12:00Z', '2026-11-24T17:00Z'],
    ['a clock time that is past is tomorrow', clock('09:00'), '2026-11-24T12:00Z', '2026-11-25T08:00Z'],
    ['the time that it is, is tomorrow', clock('13:00'), '2026-11-24T12:00Z', '2026-11-25T12:00Z'],
    ['today is the day there', clock('00:30'), '2026-11-24T23:15Z', '2026-11-24T23:30Z'],
    ['a clock time of a night that clocks go back', clock('09:00'), '2026-10-24T12:00Z', '2026-10-25T08:00Z'],
    ['one that comes twice is the first', clock('02:30'), '2026-10-25T00:10Z', '2026-10-25T00:30Z'],
    ['or the second, after the first', clock('02:30'), '2026-10-25T00:45Z', '2026-10-25T01:30Z'],
    ['or the next day, after both', clock('02:30'), '2026-10-25T01:45Z', '2026-10-26T01:30Z'],
    ['one that is skipped is as much later', clock('02:30'), '2027-03-28T00:10Z', '2027-03-28T01:30Z'],
    ['and the next day, after the skip', clock('02:30'), '2027-03-28T01:10Z', '2027-03-29T00:30Z'],
    ['tomorrow', tomorrow('09:00'), '2026-11-24T12:00Z', '2026-11-25T08:00Z'],
    ['tomorrow, after the clocks went back', tomorrow('09:00'), '2026-10-24T12:00Z', '2026-10-25T08:00Z'],
    ['tomorrow, after midnight there', tomorrow('09:00'), '2026-11-24T23:30Z', '2026-11-26T08:00Z'],
    ['a weekday to come', weekday(5, '17:00'), '2026-11-24T12:00Z', '2026-11-27T16:00Z'],
    ['a weekday of next week', weekday(1, '08:00'), '2026-11-24T12:00Z', '2026-11-30T07:00Z'],
    ['Sunday', weekday(7), '2026-11-24T12:00Z', '2026-11-28T23:00Z'],
    ['today by its name, still to come', weekday(2, '18:00'), '2026-11-24T12:00Z', '2026-11-24T17:00Z'],
    ['today by its name, past', weekday(2, '09:00'), '2026-11-24T12:00Z', '2026-12-01T08:00Z'],
    ['today by its name alone', weekday(2), '2026-11-24T12:00Z', '2026-11-30T23:00Z'],
    ['next week, over a change of clocks', weekday(3, '09:00'), '2027-03-24T12:00Z', '2027-03-31T07:00Z'],
    ['a local time', { kind: 'local', at: '2026-12-01T09:00' }, '2026-11-24T12:00Z', '2026-12-01T08:00Z'],
    [
      'a local time in summer',
      { kind: 'local', at: '2026-07-01T09:00:30' },
      '2026-11-24T12:00Z',
      '2026-07-01T07:00:30Z',
    ],
    [
      'an instant',
      { kind: 'instant', iso: '2026-12-01T09:00:00+05:00' },
      '2026-11-24T12:00Z',
      '2026-12-01T04:00Z',
    ],
  ])('%s', (_, said, now, expected) => {
    expect(new Date(instantOfMoment(said, Date.parse(now), BERLIN))).toEqual(new Date(expected))
  })

  it('is never past, unless it has a date', () => {
    const zones = fc.constantFrom(
      BERLIN,
      'UTC',
      'America/New_York',
      'Australia/Lord_Howe',
      'Pacific/Apia',
      'Asia/Kolkata',
      'America/Santiago',
    )
    const now = fc.integer({ min: Date.parse('2024-01-01'), max: Date.parse('2030-01-01') })
    fc.assert(
      fc.property(moment, now, zones, (said, nowMs, zone) => {
        fc.pre(said.kind !== 'instant' && said.kind !== 'local')
        const atMs = instantOfMoment(said, nowMs, zone)
        expect(atMs).toBeGreaterThan(nowMs)
        const shownMinutes = (wallTimeAt(atMs, zone) / 60_000) % 1_440
        const [hours, minutes] = said.time.split(':')
        // Where clocks skip the time, by an hour at most, it is shown so much later.
        const lateMinutes = (shownMinutes - Number(hours) * 60 - Number(minutes) + 1_440) % 1_440
        expect([0, 30, 60]).toContain(lateMinutes)
      }),
      { numRuns: 500 },
    )
  })
})

describe('a time said in words', () => {
  it.each([
    ['2026-12-01T08:00Z', BERLIN, 'Tue 1 Dec 2026, 09:00 CET (Europe/Berlin)'],
    ['2026-09-01T08:00Z', BERLIN, 'Tue 1 Sep 2026, 10:00 CEST (Europe/Berlin)'],
    ['2026-10-25T00:30Z', BERLIN, 'Sun 25 Oct 2026, 02:30 CEST (Europe/Berlin)'],
    ['2026-10-25T01:30Z', BERLIN, 'Sun 25 Oct 2026, 02:30 CET (Europe/Berlin)'],
    ['2026-12-01T05:05Z', 'America/New_York', 'Tue 1 Dec 2026, 00:05 EST (America/New_York)'],
    ['2026-12-01T05:05Z', 'Australia/Sydney', 'Tue 1 Dec 2026, 16:05 AEDT (Australia/Sydney)'],
    ['2026-12-01T05:05Z', 'Asia/Tokyo', 'Tue 1 Dec 2026, 14:05 GMT+9 (Asia/Tokyo)'],
    ['2026-12-01T05:05Z', 'UTC', 'Tue 1 Dec 2026, 05:05 UTC'],
  ])('%s in %s', (at, zone, words) => {
    expect(timeTextOf(Date.parse(at), zone)).toBe(words)
  })

  it.each([
    [29_000, 'now'],
    [60_000, 'in 1 minute'],
    [9_000_000, 'in 2 hours 30 minutes'],
    [7_200_000, 'in 2 hours'],
    [86_400_000, 'in 1 day'],
    [97_500_000, 'in 1 day 3 hours'],
    [-300_000, '5 minutes ago'],
  ])('%i ms away', (awayMs, words) => {
    expect(distanceTextOf(1_000_000_000_000 + awayMs, 1_000_000_000_000)).toBe(words)
  })
})
