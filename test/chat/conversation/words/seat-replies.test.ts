/** Seats and periods as chat words them: of a period that is over, and of charges that the contract does not have. */
import { describe, expect, it } from 'vitest'
import { showNoPeriod, showPeriod } from '../../../../lib/chat/conversation/words/period-replies.ts'
import type { Part, Reply } from '../../../../lib/chat/conversation/words/reply.ts'
import { showLicenseSeats, showSeats } from '../../../../lib/chat/conversation/words/seat-replies.ts'
import type { LicensePeriod } from '../../../../lib/seats/seats-port.ts'
import { license, report } from '../../../seats/page/reports.ts'

const reader = { timeZone: 'UTC', nowMs: Date.parse('2026-11-28T09:00:00Z') }

const over: Partial<LicensePeriod> = {
  ...{ held: 253, seats: 250, seatsFrom: 'contract', over: 3, overSince: '2026-10-24' },
  ...{ most: { held: 254, day: '2026-10-27' }, billed: 231, given: 21, taken: 6, changedOutside: 2 },
}

function linesOf(part: Part): string[] {
  if (part.kind === 'table') return [part.headings, ...part.rows].map((cells) => cells.join(' | '))
  if (part.kind === 'facts') return part.facts.map((fact) => fact.join(': '))
  if (part.kind === 'command') return [...part.lines]
  return [part.text]
}
const said = ({ title, parts }: Reply) => [title, ...parts.flatMap(linesOf)]

describe('a period that is over', () => {
  const october = { id: '2026-10', start: '2026-10-01', end: '2026-10-31', status: 'closed' } as const
  const asOfMs = Date.parse('2026-10-31T02:10:00Z')

  it('is told in the past, by its own last reading, with nothing of what was settled since', () => {
    const lines = said(
      showPeriod(report({ ...october, asOfMs, licenses: [license('cloudCX3', over)] }), reader),
    )
    expect(lines.slice(0, 6)).toEqual([
      '1 October to 31 October: cloudCX3 was over its seats in the end',
      'cloudCX3 was over its seats by 3 in the end, since 24 October.',
      'license | end | paid | over | most | billed',
      'cloudCX3 | 253 | 250 | ▲3 | 254 | 231',
      'license | given | taken | outside',
      'cloudCX3 | 21 | 6 | 2',
    ])
    expect(lines).toContain('As of Sat 31 Oct 2026, 02:10 UTC, by the last reading in the period.')
    expect(lines.join()).not.toMatch(/\bnow\b|\bis over|has settled since/)
  })

  it('is told as not read where nobody read in it, and figures that nobody knows as none of them zero', () => {
    const unread = license('cloudCX3', { seats: 12, seatsFrom: 'contract' })
    const { held: _, given: _given, taken: _taken, changedOutside: _outside, ...untold } = unread
    const { asOfMs: _asOfMs, isWhole: _isWhole, ...closed } = report({ ...october })
    const lines = said(showPeriod({ ...closed, licenses: [untold] }, reader))
    expect(lines).toContain('cloudCX3 | – | 12 | –')
    expect(lines).toContain('Nobody has read who held what in this period.')
    expect(lines).toContain(
      'What was given, taken and changed outside is not on record: the first reading came later.',
    )
    expect(lines.join()).not.toMatch(/\b0\b|As of/)
  })
})

it('a period at work is told as it stands now', () => {
  const lines = said(showPeriod(report({ licenses: [license('cloudCX3', over)] }), reader))
  expect(lines).toContain('license | now | paid | over | most | billed')
  expect(lines).toContain('cloudCX3 is over its seats by 3, since 24 October.')
  expect(lines).toContain('As of 02:10 UTC, and what the gateway has settled since.')
})

it('what was over and came back is told with by how many and when, and what never was within with at the latest', () => {
  const back = license('gcSTAupgrade', { held: 10, over: 0, mostOver: { over: 2, day: '2026-11-30' } })
  const first = license('cloudCX3', { ...over, isOverFromFirst: true, heldFromFirst: 22 })
  const shown = report({ licenses: [back, first] })
  const lines = said(showPeriod(shown, reader))
  expect(lines).toContain('gcSTAupgrade was over its seats by 2 at most, on 30 November.')
  expect(lines).toContain('cloudCX3 is over its seats by 3, since 24 October at the latest.')
  expect(lines).toContain('gcSTAupgrade | 10 | – | (▲2) | – | –')
  const closed = report({ status: 'closed', licenses: [{ ...back, seats: 12 }] })
  expect(showPeriod(closed, reader).title).toMatch(/: no license was over its seats in the end$/)
  expect(showPeriod(closed, reader).onPage?.hash).toBe(`#/report/${closed.id}`)
  expect(said(showLicenseSeats(back, shown, reader))).toContain('over at most: 2, on 30 November')
  const one = said(showLicenseSeats(first, shown, reader)).join('\n')
  expect(one).toContain('24 October at the latest')
  expect(one).toContain('By the first count on record it was over already: 22 who hold it had it then.')
})

it('charges that count for no license are a short table, those first that are most beyond what is paid for', () => {
  const names = Array.from({ length: 13 }, (_, index) => `Charge ${index}`)
  const unmapped = names.map((charge, index) => ({ charge, prepaid: 10, billed: index === 9 ? 812_355 : 1 }))
  const [first, ...others] = unmapped
  const shared = { charge: 'Shared', isShared: true, prepaid: 1 } as const
  const lines = said(showPeriod(report({ unmapped: [shared, ...(first ? [first] : []), ...others] }), reader))
  expect(lines.filter((line) => /Charge|Shared|charge/.test(line))).toEqual([
    '14 charges count for no license, as the org file has it:',
    'charge | paid | billed',
    'Charge 9 | 10 | 812355',
    'Shared | 1 | –',
    ...['Charge 0 | 10 | 1', 'Charge 1 | 10 | 1', 'Charge 2 | 10 | 1'],
    'For several orgs together: Shared.',
  ])
  expect(lines.join()).not.toContain('▲')
})

describe('a period that there is not', () => {
  const periods = ['2026-11', '2026-10', '2026-09'].map((month, index) => {
    const start = `${month}-15T00:00:00Z`
    const end = `2026-${12 - index}-14T00:00:00Z`
    return { id: `1f0c${index}a2e-uuid`, from: 'contract', start, end, status: 'closed' } as const
  })

  it('of a month that two of the contract share names those by a day, and no ids', () => {
    expect(said(showNoPeriod('2026-11', periods, reader))).toEqual([
      'No billing period has all of 2026-11, but 2 have days of it',
      'from | to',
      '15 November | 14 December',
      '15 October | 14 November',
      'A day finds the period that it is in:',
    ])
  })

  it('is told with those that there are', () => {
    const lines = said(showNoPeriod('2019-01', periods, reader))
    expect(lines[0]).toBe('There is no period 2019-01 on record')
    expect(lines).toHaveLength(6)
    expect(lines.join()).not.toContain('uuid')
  })
})

describe('charges that the contract does not have', () => {
  const names = ['CX 3 Addon', 'CX 3 <Named>']
  const told =
    'The org file maps charges to cloudCX3 that the contract does not have: CX 3 Addon, CX 3 <Named>. So what the contract pays for it is not known.'

  it.each([
    [
      'the seats of all licenses',
      (each: LicensePeriod) =>
        showSeats(
          { ...report(), asOfMs: 0, isWhole: true, licenses: [{ ...each, held: 5 }] },
          undefined,
          reader,
        ),
    ],
    ['those of one', (each: LicensePeriod) => showLicenseSeats(each, report(), reader)],
    ['a report', (each: LicensePeriod) => showPeriod(report({ licenses: [each] }), reader)],
  ] as const)('are named in %s, with what follows from it', (_, show) => {
    expect(said(show(license('cloudCX3', { held: 5, unknownCharges: names })))).toContain(told)
    expect(said(show(license('cloudCX3', { held: 5 }))).join()).not.toContain('does not have')
  })
})
