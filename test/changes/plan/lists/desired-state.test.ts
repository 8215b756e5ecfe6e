/** Properties of desired states, on orgs of any make-up: what is resolved, carried out, and resolved again. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type DesiredOrder, desiredModes } from '../../../../lib/changes/model/change-order.ts'
import { findNamedPeople } from '../../../../lib/changes/plan/lists/find-named-people.ts'
import { orderOfDesired } from '../../../../lib/changes/plan/lists/list-order.ts'
import { resolveRows } from '../../../../lib/changes/plan/lists/resolve-rows.ts'
import type { RosterPerson } from '../../../../lib/changes/record/roster.ts'

const LICENSES = ['one', 'Two', 'three']
const definitions = LICENSES.map((id) => ({
  id,
  description: id,
  permissions: {},
  prerequisites: [],
  comprises: [],
}))
const idAt = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`

type Held = readonly (readonly string[])[]

const held = fc.array(fc.subarray(LICENSES), { minLength: 1, maxLength: 8 })
/** Each person by id, by e-mail or by name, in any case. */
const writtenAs = fc.constantFrom(
  (n: number) => idAt(n).toUpperCase(),
  (n: number) => `Person${n}@Example.com`,
  (n: number) => ` person  ${n} `.trim(),
)
const world = held.chain((of) =>
  fc.record({
    held: fc.constant(of),
    mode: fc.constantFrom(...desiredModes),
    isOfPeople: fc.boolean(),
    /** Of each license, or of each person, who or which; absent of what the order does not name. */
    named: fc.array(fc.option(fc.subarray([...of.keys()])), { minLength: 3, maxLength: 3 }),
    written: writtenAs,
  }),
)
type World = typeof world extends fc.Arbitrary<infer W> ? W : never

function peopleOf(of: Held): RosterPerson[] {
  return of.map((licenses, n) => ({
    id: idAt(n),
    name: `Person ${n}`,
    email: `person${n}@example.com`,
    state: 'active',
    licenses,
    unknown: [],
  }))
}

function orderIn({ mode, isOfPeople, named, written, held: of }: World): DesiredOrder {
  const licenses: Record<string, string[]> = {}
  for (const [place, people] of named.entries()) {
    if (people) licenses[String(LICENSES[place]).toUpperCase()] = people.map(written)
  }
  if (!isOfPeople) return { kind: 'desired', mode, licenses }
  const people: Record<string, string[]> = {}
  for (const [n] of of.entries()) {
    const ids = LICENSES.filter((_, place) => named[place]?.includes(n))
    if (ids.length > 0 || n === 0) people[written(n)] = ids
  }
  return { kind: 'desired', mode, people }
}

async function resolve(order: DesiredOrder, of: Held) {
  const rows = orderOfDesired(order)
  const people = await findNamedPeople(rows, peopleOf(of))
  return resolveRows(rows, { people, definitions })
}

function carriedOut(of: Held, { targets }: Awaited<ReturnType<typeof resolve>>): string[][] {
  return of.map((licenses, n) => {
    const after = new Set(licenses)
    for (const { userId, licenseId, desired } of targets) {
      if (userId !== idAt(n)) continue
      if (desired) after.add(licenseId)
      else after.delete(licenseId)
    }
    return LICENSES.filter((each) => after.has(each))
  })
}

test('applied twice a desired state is a no-op the second time, and asks for the same both times', async () => {
  await fc.assert(
    fc.asyncProperty(world, async (drawn) => {
      const order = orderIn(drawn)
      const first = await resolve(order, drawn.held)
      expect(first.faults.count).toBe(0)
      const after = carriedOut(drawn.held, first)
      const second = await resolve(order, after)
      expect(second.targets.every(({ desired }, index) => second.values[index] === desired)).toBe(true)
      expect(carriedOut(after, second)).toEqual(after)
    }),
  )
})

test('what it does not name is left alone, and of what it names each mode does its own', async () => {
  await fc.assert(
    fc.asyncProperty(world, async (drawn) => {
      const { mode, isOfPeople, named } = drawn
      const after = carriedOut(drawn.held, await resolve(orderIn(drawn), drawn.held))
      for (const [n, before] of drawn.held.entries()) {
        for (const [place, license] of LICENSES.entries()) {
          const who = named[place]
          const isNamed = who?.includes(n) ?? false
          const isAbout = isOfPeople
            ? (who?.length ?? 0) > 0 && (n === 0 || named.some((each) => each?.includes(n)))
            : who !== null
          const was = before.includes(license)
          const isHeld = after[n]?.includes(license)
          if (!isAbout) expect(isHeld).toBe(was)
          else if (mode === 'exact') expect(isHeld).toBe(isNamed)
          else if (mode === 'add-only') expect(isHeld).toBe(was || isNamed)
          else expect(isHeld).toBe(was && isNamed)
        }
      }
    }),
  )
})
