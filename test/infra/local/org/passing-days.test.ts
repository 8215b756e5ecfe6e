/** The laptop's clock is moved on, and everything lives by it: the org's bills too, and tokens that end meanwhile. */
import { expect, it } from 'vitest'
import { gatewayForTests, sendRaw } from '../../../support/gateway.ts'
import { callerOf } from './org-client.ts'

/** Six hours before a period of the contract ends. */
const EVE_MS = Date.parse('2026-11-14T18:00:00Z')

/** An access token lives for 24 of them. */
const HOUR_MS = 3_600_000

const stack = await gatewayForTests({
  now: () => EVE_MS,
  tickEveryMs: HOUR_MS,
  org: { users: 20, billing: { contracts: [{}] } },
})

it('days pass in the embedded org too: periods end, and the gateway renews its tokens', async () => {
  const periods = async () => {
    const caller = await callerOf(stack.org, stack.org.clients.reader, '/api/v2/billing')
    const [{ billingPeriods }] = (await caller.get('/contracts')).json.entities
    return billingPeriods.length
  }
  const read = async () => {
    const { status, headers } = await sendRaw(stack, { path: '/api/v2/license/users?pageSize=1' })
    return [status, headers['date']?.slice(0, 19)]
  }
  expect([await periods(), ...(await read())]).toEqual([22, 200, 'Sat, 14 Nov 2026 18'])
  await stack.aws.advance(25 * HOUR_MS)
  expect([await periods(), ...(await read())]).toEqual([23, 200, 'Sun, 15 Nov 2026 19'])
  const [asked] = stack.org
    .requests()
    .filter(({ path }) => path === '/api/v2/license/users')
    .slice(-1)
  expect(asked?.at).toMatch(/^2026-11-15T19:00/)
})
