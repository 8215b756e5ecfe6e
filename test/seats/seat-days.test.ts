/** GET /v1/seats/days from readings of the embedded org, through the function that deploys. */
import { expect, it } from 'vitest'
import type { Policy } from '../../lib/changes/model/policy.ts'
import { postLicenseOrganization } from '../../lib/operations/license/post-license-organization.ts'
import { getSeatDays } from '../../lib/operations/seats/get-seat-days.ts'
import { SeatDayListing } from '../../lib/seats/seat-schemas.ts'
import { nodeTransport, type Transport } from '../../lib/transport/transport.ts'
import { dayBefore, utcDayOf } from '../../lib/utc-day.ts'
import { eventAsking } from '../support/events.ts'
import { expectError } from '../support/refusals.ts'
import { heldByTruth, takeWholeReading } from '../support/seats/readings.ts'
import { world } from '../support/world.ts'

const DAY_MS = 86_400_000
const CX3 = 'cloudCX3'
const policy: Policy = {
  approvals: [],
  people: {},
  licenses: { [CX3]: { seats: 12 }, nobodyHoldsIt: { seats: 3 } },
}

async function start() {
  const each = await world({ org: { users: 60 }, policy })
  const asked: string[] = []
  const transport: Transport = (request) => {
    asked.push(String(request.headers['x-amz-target']))
    return nodeTransport(request)
  }
  const get = each.inventoried(getSeatDays, { transport })
  return {
    ...each,
    asked,
    get,
    change: each.writer(postLicenseOrganization),
    days: async (query: Record<string, string> = {}) =>
      SeatDayListing.parse((await get(eventAsking(query))).json),
    today: () => utcDayOf(each.clock.nowMs()),
  }
}

it('are not known before the first reading, and never zero', async () => {
  const { get } = await start()
  expectError(await get(eventAsking({})), { status: 503, code: 'reading.unavailable' })
})

it('are each day’s end, and of today what holds now; of a day without a reading nothing is said', async () => {
  const { days, today, clock, org, change, ...each } = await start()
  await takeWholeReading({ clock, org, ...each })
  const before = heldByTruth(org)[CX3] ?? 0
  clock.advance(2 * DAY_MS)
  const lacking = Object.entries(org.truth().users).filter(([, held]) => !held.includes(CX3))
  const body = {
    assignments: [{ licenseId: CX3, userIdsAdd: lacking.slice(0, 2).map(([id]) => id), userIdsRemove: [] }],
  }
  expect((await change({ body: JSON.stringify(body) })).status).toBe(200)
  const { from, to, isWhole, entities } = await days({ days: '4', license: 'CLOUDcx3' })
  const [yesterday, first] = [dayBefore(today()), dayBefore(dayBefore(today()))]
  expect([from, to, isWhole]).toEqual([dayBefore(first), today(), true])
  expect(entities).toEqual([
    {
      licenseId: CX3,
      days: [
        { day: from, seats: 12 },
        { day: first, held: before, isWhole: true, seats: 12 },
        { day: yesterday, seats: 12 },
        { day: to, held: before + 2, isWhole: true, seats: 12 },
      ],
    },
  ])
})

it('are three months of each license, by as many questions to the ledger as of one day', async () => {
  const { days, asked, clock, org, ...each } = await start()
  await takeWholeReading({ clock, org, ...each })
  await days({ days: '1' })
  asked.length = 0
  await days({ days: '1' })
  const forOne = [...asked]
  asked.length = 0
  const { entities } = await days()
  expect(asked).toEqual(forOne)
  expect(asked).toHaveLength(6)
  const ids = [...Object.keys(heldByTruth(org)), 'nobodyHoldsIt'].sort()
  expect(entities.map(({ licenseId }) => licenseId).sort()).toEqual(ids)
  expect(entities.every((license) => license.days.length === 92)).toBe(true)
  expect(entities.find(({ licenseId }) => licenseId === 'nobodyHoldsIt')?.days.at(-1)).toMatchObject({
    held: 0,
    seats: 3,
  })
})

it.each(['0', '93', 'many'])('of days=%s there are none: it is refused', async (count) => {
  const { get } = await start()
  expectError(await get(eventAsking({ days: count })), { status: 400, code: 'bad.request' })
})
