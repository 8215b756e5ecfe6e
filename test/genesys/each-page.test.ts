import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GatewayError } from '../../lib/errors.ts'
import { eachPage, type PageWalk } from '../../lib/genesys/each-page.ts'
import type { UserLicensesEntityListing } from '../../lib/genesys/models/licenses.ts'

async function walked(walk: PageWalk): Promise<string[]> {
  const ids: string[] = []
  for await (const users of eachPage(walk)) ids.push(...users.map(({ id }) => id))
  return ids
}

const users = fc.array(fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f') }), { maxLength: 5 })
const count = fc.option(fc.integer({ min: -2, max: 30 }), { nil: undefined })
const page: fc.Arbitrary<UserLicensesEntityListing> = fc.record({
  entities: fc.option(users, { nil: undefined }),
  pageCount: count,
  total: count,
  pageSize: count,
})

describe('the walk over pages of users', () => {
  it('ends for any pages, asks for none twice and yields each id once, in order of first sight', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(page, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 7 }),
        async (pages, lanes) => {
          const asked: number[] = []
          const fetchPage = async (number: number) => {
            asked.push(number)
            return pages[(number - 1) % pages.length] ?? {}
          }
          const ids = await walked({ fetchPage, lanes }).catch((error) => {
            expect(error).toBeInstanceOf(GatewayError)
            expect(asked).toEqual([1])
            return undefined
          })
          expect(new Set(asked).size).toBe(asked.length)
          if (ids === undefined) return
          const held = asked.flatMap((number) => pages[(number - 1) % pages.length]?.entities ?? [])
          expect(ids).toEqual([...new Set(held.map(({ id }) => id))])
        },
      ),
    )
  })

  it('never has more pages under way than lanes, whichever ends first', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 1, max: 6 }), async (scheduler, lanes) => {
        let underway = 0
        let most = 0
        const fetchPage = async (number: number) => {
          most = Math.max(most, ++underway)
          await scheduler.schedule(Promise.resolve())
          underway--
          return { entities: [{ id: String(number) }], pageCount: 12, total: 12 }
        }
        const ids = walked({ fetchPage, lanes })
        await scheduler.waitFor(ids)
        expect(await ids).toEqual(Array.from({ length: 12 }, (_, index) => String(index + 1)))
        expect(most).toBeLessThanOrEqual(lanes)
      }),
      { numRuns: 50 },
    )
  })

  it('holds no more than the pages under way when its reader stops early', async () => {
    const asked: number[] = []
    const fetchPage = async (number: number) => {
      asked.push(number)
      return { entities: [{ id: String(number) }], pageCount: 1_000 }
    }
    for await (const _ of eachPage({ fetchPage, lanes: 3 })) break
    expect(asked).toEqual([1, 2, 3, 4])
  })

  it('believes up to 10,000 pages', async () => {
    const fetchPage = async (number: number) => ({ entities: [{ id: String(number) }], pageCount: 10_000 })
    expect(await walked({ fetchPage })).toHaveLength(10_000)
    const more = async () => ({ entities: [{ id: 'a' }], pageCount: 10_001 })
    await expect(walked({ fetchPage: more })).rejects.toMatchObject({ code: 'upstream.bad.response' })
  })
})
