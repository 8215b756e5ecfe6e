/** Seats and periods as chat words them: of a period that is over, and of charges that the contract does not have. */
import { describe, expect, it } from 'vitest'
import type { Part, Reply } from '../../../../lib/chat/conversation/words/reply.ts'
import {
  showLicenseSeats,
  showPeriod,
  showSeats,
} from '../../../../lib/chat/conversation/words/seat-replies.ts'
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
    expect(lines.slice(0, 5)).toEqual([
      'Calendar month 2026-10: 1 October to 31 October, since Genesys told no billing period for it',
      'license | end | most | paid | billed',
      'cloudCX3 | 253 | 254 | 250 | 231',
      'license | given | taken | outside',
      'cloudCX3 | 21 | 6 | 2',
    ])
    expect(lines).toContain('cloudCX3 was over its seats by 3 in the end, since 24 October.')
    expect(lines).toContain('As of Sat 31 Oct 2026, 02:10 UTC, by the last reading in the period.')
    expect(lines.join()).not.toMatch(/\bnow\b|\bis over|has settled since/)
  })

  it('is told as not read where nobody read in it, and figures that nobody knows as none of them zero', () => {
    const unread = license('cloudCX3', { seats: 12, seatsFrom: 'contract' })
    const { held: _, given: _given, taken: _taken, changedOutside: _outside, ...untold } = unread
    const { asOfMs: _asOfMs, isWhole: _isWhole, ...closed } = report({ ...october })
    const lines = said(showPeriod({ ...closed, licenses: [untold] }, reader))
    expect(lines).toContain('cloudCX3 | – | – | 12')
    expect(lines).toContain('Nobody has read who held what in this period.')
    expect(lines).toContain(
      'What was given, taken and changed outside is not on record: the first reading came later.',
    )
    expect(lines.join()).not.toMatch(/\b0\b|As of/)
  })
})

it('a period at work is told as it stands now', () => {
  const lines = said(showPeriod(report({ licenses: [license('cloudCX3', over)] }), reader))
  expect(lines).toContain('license | now | most | paid | billed')
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
  const one = said(showLicenseSeats(first, shown, reader)).join('\n')
  expect(one).toContain('24 October at the latest')
  expect(one).toContain('By the first count on record it was over already: 22 who hold it had it then.')
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
