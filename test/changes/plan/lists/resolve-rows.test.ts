/** Whom rows name, and which pairs a desired state comes to, by a reading of the org. */
import { describe, expect, test } from 'vitest'
import type { DesiredOrder } from '../../../../lib/changes/model/change-order.ts'
import { findNamedPeople } from '../../../../lib/changes/plan/lists/find-named-people.ts'
import {
  type ListOrder,
  orderOfDesired,
  subjectAsWritten,
} from '../../../../lib/changes/plan/lists/list-order.ts'
import { resolveRows } from '../../../../lib/changes/plan/lists/resolve-rows.ts'
import type { RosterPerson } from '../../../../lib/changes/record/roster.ts'

const definitions = ['one', 'two'].map((id) => ({ id, description: id }))
const idAt = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`

function personAt(n: number, known: Partial<RosterPerson> = {}): RosterPerson {
  const email = `person${n}@example.com`
  return { id: idAt(n), name: `Person ${n}`, email, state: 'active', licenses: [], unknown: [], ...known }
}

async function resolve(order: ListOrder, people: readonly RosterPerson[]) {
  return resolveRows(order, { people: await findNamedPeople(order, people), definitions })
}

const desired = (order: Omit<DesiredOrder, 'kind'>) => orderOfDesired({ kind: 'desired', ...order })
const pairsIn = ({ targets }: Awaited<ReturnType<typeof resolve>>) =>
  targets.map(({ licenseId, userId, desired: isGiven }) => [licenseId, userId, isGiven])

describe('a desired state has each pair once', () => {
  const holders = [1, 2, 3].map((n) => personAt(n, { licenses: ['one', 'two'] }))

  test('however often it names a license', async () => {
    const licenses = { one: [idAt(1)], ONE: [idAt(1)], One: [] }
    expect(pairsIn(await resolve(desired({ mode: 'exact', licenses }), holders))).toEqual([
      ['one', idAt(1), true],
      ['one', idAt(2), false],
      ['one', idAt(3), false],
    ])
  })

  test('and in however many ways it names a person', async () => {
    const people = { [idAt(1)]: ['one'], 'person1@example.com': [], 'Person 1': [], 'Person 2': ['two'] }
    expect(pairsIn(await resolve(desired({ mode: 'remove-only', people }), holders))).toEqual([
      ['one', idAt(2), false],
      ['two', idAt(1), false],
    ])
  })

  test('and is refused where it comes to more of them than a list may have', async () => {
    const many = Array.from({ length: 25_001 }, (_, n) => personAt(n, { licenses: ['one', 'two'] }))
    const order = desired({ mode: 'exact', licenses: { one: [], two: [] } })
    await expect(resolve(order, many)).rejects.toMatchObject({ code: 'request.entity.too.large' })
  })
})

describe('a name that looks like an id or an address names nobody but whose that is', () => {
  test.each([
    ['an id', idAt(7)],
    ['an address', 'Person7@Example.com'],
  ])('%s', async (_, name) => {
    const order = desired({ mode: 'add-only', licenses: { one: [name] } })
    const named = personAt(1, { name })
    expect((await resolve(order, [named])).faults.kept).toMatchObject([{ errorCode: 'UNKNOWN_USER' }])
    expect(pairsIn(await resolve(order, [named, personAt(7)]))).toEqual([['one', idAt(7), true]])
  })

  test('a name with an at sign between words is a name', async () => {
    const order = desired({ mode: 'add-only', licenses: { one: ['Ana @ Sales'] } })
    expect(pairsIn(await resolve(order, [personAt(1, { name: 'Ana @ Sales' })]))).toEqual([
      ['one', idAt(1), true],
    ])
  })
})

test('before a list is planned it is told by counts, and by name no more than what looks like a license', () => {
  const rows = ['one', 'ONE', 'secret.person@example.com', idAt(7), 'two'].map((license, n) => ({
    user: idAt(n),
    license,
    isGiven: license !== 'two',
  }))
  expect(subjectAsWritten({ rows })).toEqual({
    pairs: 5,
    users: 5,
    licenses: ['one', 'two'],
    gives: [{ licenseId: 'one', users: 2 }],
    takes: [{ licenseId: 'two', users: 1 }],
  })
})

/** What the rows of the longest list that names nothing known may cost, in CPU time of this process: some ten times what they do. */
const MAX_MS = 2_000

describe('of a list that is bad throughout what was meant is looked for once a name, and of no more names than are told', () => {
  const many = Array.from({ length: 60 }, (_, n) => ({ id: `cloudCXlicense${n}Upgrade` }))
  const rowsOf = (licenseOf: (n: number) => string) =>
    Array.from({ length: 50_000 }, (_, n) => ({
      line: n + 2,
      user: idAt(n % 500),
      license: licenseOf(n),
      isGiven: true,
    }))
  const people = Array.from({ length: 500 }, (_, n) => personAt(n))
  const far = 'GET /api/v2/license/definitions lists those it has'

  test.each([
    ['one license, misspelt', () => 'cloudCXlicense0Upgrad', 'did you mean cloudCXlicense0Upgrade?'],
    ['one license, unlike all that there are', () => 'engageCompletelyElse', far],
    [
      'as many as there are rows',
      (n: number) => `cloudCXlicens${n}Upgrade`,
      'did you mean cloudCXlicense0Upgrade?',
    ],
  ])('%s', async (_, licenseOf, says) => {
    const order = { rows: rowsOf(licenseOf) }
    const found = await findNamedPeople(order, people)
    const { user: before } = process.cpuUsage()
    const { faults } = resolveRows(order, { people: found, definitions: many })
    expect((process.cpuUsage().user - before) / 1_000).toBeLessThan(MAX_MS)
    expect([faults.count, faults.kept.length, faults.isCut]).toEqual([50_000, 1_000, true])
    expect(faults.kept[0]?.message).toContain(says)
    expect(faults.kept.every(({ message }) => message.includes('the organization has no license'))).toBe(true)
  })
})
