import { describe, expect, it } from 'vitest'
import { type DatedCharge, excessOf, paidOf, unmappedOf } from '../../lib/seats/count-paid.ts'

const rules = {
  licenses: {
    cloudCX3: { charges: ['Genesys Cloud CX 3 Named', 'CX 3 Add-on'] },
    cloudCX2: { seats: 40, charges: ['CX 2'] },
  },
}

const line = (charge: Partial<DatedCharge['charge']>): DatedCharge => ({
  readAtMs: 5,
  charge: { name: 'Genesys Cloud CX 3 Named', covers: 'ours', ...charge },
})
const told = (...charges: readonly DatedCharge[]) => ({ charges, usage: undefined })

describe('seats of a license', () => {
  it('are the sum of the charges that the org file maps to it, in any case and with blanks around', () => {
    const charges = [
      line({ name: ' genesys cloud cx 3 NAMED ', prepaid: 200, actual: 190 }),
      line({ name: 'CX 3 Add-on', prepaid: 50, actual: 3 }),
    ]
    expect(paidOf(rules, 'CLOUDcx3', told(...charges))).toEqual({
      seats: 250,
      seatsFrom: 'contract',
      billed: 193,
      billedAsOfMs: 5,
    })
  })

  it('are what the org file says where it names them, and billing still says what is billed', () => {
    expect(paidOf(rules, 'cloudCX2', told(line({ name: 'CX 2', prepaid: 99, actual: 7 })))).toEqual({
      seats: 40,
      seatsFrom: 'orgFile',
      contractSeats: 99,
      billed: 7,
      billedAsOfMs: 5,
    })
  })

  it.each([
    ['no charge of the name is there', [line({ name: 'CX 3', prepaid: 5 })]],
    ['one of two does not tell', [line({ prepaid: 200 }), line({ name: 'CX 3 Add-on' })]],
    ['one of two is not there', [line({ prepaid: 200, actual: 190 })]],
    [
      'one is for several orgs together',
      [line({ prepaid: 200, covers: 'shared' }), line({ name: 'CX 3 Add-on', prepaid: 5 })],
    ],
    ['nothing is told at all', []],
  ])('are not known where %s, and never zero', (_, charges) => {
    expect(paidOf(rules, 'cloudCX3', told(...charges))).toMatchObject({ seatsFrom: 'none' })
    for (const name of ['seats', 'billed', 'billedAsOfMs'])
      expect(paidOf(rules, 'cloudCX3', told(...charges))).not.toHaveProperty(name)
  })

  it('are not known while those of a second contract are not, which may have more of each charge', () => {
    const charges = [line({ prepaid: 200, actual: 190 }), line({ name: 'CX 3 Add-on', prepaid: 50 })]
    expect(paidOf(rules, 'cloudCX3', { ...told(...charges), isInPart: true })).toEqual({ seatsFrom: 'none' })
    expect(paidOf(rules, 'cloudCX3', { ...told(line({})), isInPart: true })).toEqual({ seatsFrom: 'none' })
    expect(
      paidOf(rules, 'cloudCX2', { ...told(line({ name: 'CX 2', prepaid: 9 })), isInPart: true }),
    ).toEqual({
      seats: 40,
      seatsFrom: 'orgFile',
    })
  })

  it('name the charges that the org file maps and the contract does not have, where it tells any', () => {
    const unknown = (...charges: readonly DatedCharge[]) =>
      paidOf(rules, 'cloudCX3', told(...charges)).unknownCharges
    expect(unknown(line({ prepaid: 200 }))).toEqual(['CX 3 Add-on'])
    expect(paidOf(rules, 'cloudCX2', told(line({ prepaid: 200 })))).toEqual({
      seats: 40,
      seatsFrom: 'orgFile',
      unknownCharges: ['CX 2'],
    })
    expect(unknown(line({ prepaid: 200 }), line({ name: 'cx 3 add-on' }))).toBeUndefined()
    expect(unknown()).toBeUndefined()
  })

  it('are zero where the contract says zero', () => {
    const charges = [line({ prepaid: 0 }), line({ name: 'CX 3 Add-on', prepaid: 0 })]
    expect(paidOf(rules, 'cloudCX3', told(...charges)).seats).toBe(0)
  })
})

it('billable usage counts where charges do not tell all of it, as of the day it reaches to, and only whole', () => {
  const usages = [
    { name: 'Genesys Cloud CX 3 Named', total: 180 },
    { name: 'CX 3 Add-on', total: 3 },
  ]
  const usage = { fromMs: 0, untilMs: 9, readAtMs: 11, usages }
  const counted = { seatsFrom: 'none', billed: 183, billedAsOfMs: 9 }
  expect(paidOf(rules, 'cloudCX3', { charges: [], usage })).toEqual(counted)
  const one = [line({ actual: 190 })]
  expect(paidOf(rules, 'cloudCX3', { charges: one, usage })).toMatchObject(counted)
  const both = [...one, line({ name: 'CX 3 Add-on', actual: 2 })]
  expect(paidOf(rules, 'cloudCX3', { charges: both, usage }).billed).toBe(192)
  const half = { ...usage, usages: usages.slice(0, 1) }
  expect(paidOf(rules, 'cloudCX3', { charges: [], usage: half })).toEqual({ seatsFrom: 'none' })
})

it('what is held beyond the seats is not known where one of them is not', () => {
  expect([
    excessOf(253, 250),
    excessOf(250, 250),
    excessOf(undefined, 250),
    excessOf(253, undefined),
  ]).toEqual([3, 0, undefined, undefined])
})

it('names of billable usage that nobody maps are shown where no charge has them', () => {
  const usages = ['CX 2', 'WEM Add-on', 'Storage'].map((name) => ({ name, total: 3 }))
  const usage = { fromMs: 0, untilMs: 9, readAtMs: 11, usages }
  const names = (charges: readonly DatedCharge[]) =>
    unmappedOf(rules.licenses, { charges, usage }).map(({ charge, isUsage }) => [charge, isUsage])
  expect(names([])).toEqual([
    ['WEM Add-on', true],
    ['Storage', true],
  ])
  expect(names([line({ name: 'wem add-on', actual: 4 })])).toEqual([
    ['wem add-on', undefined],
    ['Storage', true],
  ])
})

it('charges that count for no license are shown, those of several orgs among them', () => {
  const charges = [
    line({ prepaid: 1 }),
    line({ name: 'WEM Add-on', prepaid: 10, actual: 4 }),
    line({ prepaid: 500, covers: 'shared' }),
  ]
  expect(unmappedOf(rules.licenses, told(...charges))).toEqual([
    { charge: 'WEM Add-on', prepaid: 10, billed: 4 },
    { charge: 'Genesys Cloud CX 3 Named', prepaid: 500, billed: undefined, isShared: true },
  ])
})
