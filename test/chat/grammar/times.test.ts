import { describe, expect, it } from 'vitest'
import { parseLine } from '../../../lib/chat/grammar/parse.ts'

/** What is read behind `until` or `for`. */
function until(words: string): unknown {
  const parsed = parseLine(`grant cx to ana@example.com ${words}`)
  if ('misunderstood' in parsed) return parsed.misunderstood.error
  return parsed.command.verb === 'grant' ? parsed.command.until : undefined
}

describe('a time', () => {
  it.each([
    ['18:00', { kind: 'clock', time: '18:00' }],
    ['9:05', { kind: 'clock', time: '09:05' }],
    ['5pm', { kind: 'clock', time: '17:00' }],
    ['12:30 AM', { kind: 'clock', time: '00:30' }],
    ['12 pm', { kind: 'clock', time: '12:00' }],
    ['Tomorrow 7:30', { kind: 'tomorrow', time: '07:30' }],
    ['tomorrow at 7:30', { kind: 'tomorrow', time: '07:30' }],
    ['tomorrow', { kind: 'tomorrow', time: '00:00' }],
    ['mon', { kind: 'weekday', day: 1, time: '00:00' }],
    ['Sunday 18:00', { kind: 'weekday', day: 7, time: '18:00' }],
    ['thurs at 6pm', { kind: 'weekday', day: 4, time: '18:00' }],
    ['2026-12-01', { kind: 'local', at: '2026-12-01T00:00' }],
    ['2026-12-01 9:00', { kind: 'local', at: '2026-12-01T09:00' }],
    ['2026-12-01t09:00:30', { kind: 'local', at: '2026-12-01T09:00:30' }],
    ['2028-02-29', { kind: 'local', at: '2028-02-29T00:00' }],
    ['2026-12-01T09:00Z', { kind: 'instant', iso: '2026-12-01T09:00:00Z' }],
    ['2026-12-01 09:00 +0100', { kind: 'instant', iso: '2026-12-01T09:00:00+01:00' }],
    ['2026-12-01T09:00:00.250-03:30', { kind: 'instant', iso: '2026-12-01T09:00:00.250-03:30' }],
  ])('%s', (words, at) => {
    expect(until(`until ${words}`)).toEqual({ at })
  })

  it.each([
    ...[
      '24:00',
      '9',
      '9:60',
      '13pm',
      '0am',
      '18:00 sharp',
      'yesterday',
      'next friday',
      'friday 25:00',
      'soon',
    ],
    ...['2026-02-29', '2026-13-01', '2026-12-01T25:00', '2026-12-01T09:00+15:00', '1999-01-01', '01.12.2026'],
    ...['tomorrow at', 'friday,18:00', '٩:٠٠'],
  ])('%s is none', (words) => {
    expect(until(`until ${words}`)).toMatch(/is no time I know/)
  })
})

describe('a duration', () => {
  it.each([
    ['2h', 'PT2H'],
    ['90m', 'PT1H30M'],
    ['90 Minutes', 'PT1H30M'],
    ['3 days', 'P3D'],
    ['1 week', 'P7D'],
    ['2h30m', 'PT2H30M'],
    ['1 day 2 hrs', 'P1DT2H'],
    ['an hour', 'PT1H'],
    ['pt8h', 'PT8H'],
    ['P1W', 'P7D'],
    ['366 days', 'P366D'],
  ])('%s', (words, iso) => {
    expect(until(`for ${words}`)).toEqual({ for: iso })
  })

  it.each([
    ['2', /no duration/],
    ['h', /no duration/],
    ['-2h', /no duration/],
    ['1.5h', /no duration/],
    ['2h 3h', /no duration/],
    ['ever', /no duration/],
    ['2 months', /“months” is no unit/],
    ['0h', /longer than nothing/],
    ['367 days', /up to 366 days/],
    ['99999999 weeks', /up to 366 days/],
  ])('%s is none', (words, error) => {
    expect(until(`for ${words}`)).toMatch(error)
  })
})
