import Papa from 'papaparse'
import { describe, expect, it } from 'vitest'
import { csvOf } from '../../../lib/http/files/encode-rows.ts'
import { PERIOD_COLUMNS, rowsOfPeriod } from '../../../lib/seats/page/period-rows.ts'
import { fullReport, HOSTILE_NAMES, hostileReport, license, report } from './reports.ts'

describe('the rows of a period as a file', () => {
  it('begin with a row a license and a charge, then people, then days', () => {
    const kinds = [...rowsOfPeriod(fullReport())].map(({ row }) => row)
    expect([...new Set(kinds)]).toEqual(['license', 'charge', 'person', 'day'])
    expect(kinds).toEqual([...kinds].sort((one, other) => orderOf(one) - orderOf(other)))
    expect(kinds.filter((kind) => kind === 'license')).toHaveLength(4)
    expect(kinds.filter((kind) => kind === 'day')).toHaveLength(28 + 28 + 9)
  })

  it('have no column that the file has not', () => {
    const columns = new Set<string>(PERIOD_COLUMNS)
    for (const row of rowsOfPeriod(fullReport())) {
      for (const name of Object.keys(row)) expect(columns).toContain(name)
    }
  })

  it('leave out what nobody knows, and keep a zero that is one', () => {
    const [row] = rowsOfPeriod(report({ licenses: [license('cloudCX1', { held: 0 })] }))
    expect(row).toMatchObject({ row: 'license', licenseId: 'cloudCX1', held: 0, given: 0, seatsFrom: 'none' })
    expect(row?.seats).toBeUndefined()
    expect(row?.billed).toBeUndefined()
  })

  it('say who gave it: a change by its id, or that it was done outside', () => {
    const people = [...rowsOfPeriod(fullReport())].filter(({ row }) => row === 'person')
    expect(people[0]).toMatchObject({
      name: 'Ana Example',
      email: 'person1@example.com',
      since: '2026-11-26T08:14:00.000Z',
      by: 'chg_0191f2f0a4c97d3e8a11',
    })
    expect(people[2]).toMatchObject({ by: 'outside' })
    expect(people[2]?.name).toBeUndefined()
  })
})

describe('the period as a CSV file, read by another reader', () => {
  it('has in each cell what its row has, with each name as it is or marked as text', () => {
    const rows = [...rowsOfPeriod(hostileReport())]
    const encoder = csvOf(PERIOD_COLUMNS, true)
    const { data, errors, meta } = Papa.parse<Record<string, string>>(encoder.head + encoder.encode(rows), {
      header: true,
      skipEmptyLines: true,
    })
    expect(errors).toEqual([])
    expect(meta.fields).toEqual([...PERIOD_COLUMNS])
    expect(data).toHaveLength(rows.length)
    data.forEach((read, index) => {
      for (const column of PERIOD_COLUMNS) {
        const written = String(rows[index]?.[column] ?? '')
        expect([written, `'${written}`]).toContain(read[column])
        expect(read[column] ?? '').not.toMatch(/^\s*[=+\-@]/)
      }
    })
    expect(data.filter(({ row }) => row === 'person').map(({ name }) => name)).toContain("'=1+2")
    expect(data.filter(({ row }) => row === 'charge')).toHaveLength(HOSTILE_NAMES.length)
  })
})

function orderOf(kind: string): number {
  return ['license', 'charge', 'person', 'day'].indexOf(kind)
}
