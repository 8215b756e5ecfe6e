import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { initialLicenses, person } from '../../infra/local/org/people/people.ts'
import { packUsers, unpackUsers } from '../../lib/people/pack-snapshot.ts'
import type { User } from '../../lib/people/user.ts'
import { userOf } from '../../lib/people/user.ts'

const maybe = fc.option(fc.string({ minLength: 1 }), { nil: undefined })
const user: fc.Arbitrary<User> = fc
  .record({
    id: fc.uuid(),
    name: maybe,
    email: maybe,
    state: maybe,
    licenses: fc.array(fc.constantFrom('cloudCX1', 'cloudCX2', 'wallboardUser', 'x')),
  })
  .map(({ id, licenses, ...known }) => userOf(id, { id, ...known }, licenses))

describe('packed users', () => {
  it('are the same again when they are unpacked', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(user), async (users) => {
        expect(await unpackUsers(await packUsers(users))).toEqual({ users })
        const walk = { sinceMs: 7, pageCount: 3, nextPage: 2 }
        expect(await unpackUsers(await packUsers(users, walk))).toEqual({ users, walk })
      }),
    )
  })

  it('take some thirty bytes each, whatever the size of the organization', async () => {
    for (const count of [2_000, 20_000]) {
      const users = Array.from({ length: count }, (_, index) => {
        const { id, ...known } = person(index)
        return userOf(id, { id, ...known }, initialLicenses(index))
      })
      expect((await packUsers(users)).length / count).toBeLessThan(40)
    }
  })

  it.each([
    ['no gzip', Buffer.from('{"schema":1,"licenses":[],"rows":[]}')],
    ['nothing', Buffer.alloc(0)],
    ['no JSON', gzipSync('{')],
    ['of a newer version', gzipSync('{"schema":2,"licenses":[],"rows":[]}')],
    ['of another shape', gzipSync('{"schema":1,"licenses":[],"rows":[["a"]]}')],
  ])('that are %s are none', async (_what, bytes) => {
    expect(await unpackUsers(bytes)).toBeUndefined()
  })

  it('that were cut short are none', async () => {
    const bytes = await packUsers([userOf('a', undefined, ['cloudCX1'])])
    expect(await unpackUsers(bytes.subarray(0, -9))).toBeUndefined()
  })
})
