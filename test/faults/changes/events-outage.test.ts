/** Writes and ticks while the event bus hangs: nobody waits for it longer than one short try, and nothing is lost. */
import { describe, expect, it } from 'vitest'
import { postLicenseOrganization } from '../../../lib/operations/license/post-license-organization.ts'
import { nodeTransport, type Transport } from '../../../lib/transport/transport.ts'
import { giftIn } from '../../support/requests.ts'
import { world } from '../../support/world.ts'

/** The longest that a write may take longer for a bus that hangs. Milliseconds. */
const MOST_MS = 1_000

const TICK_MS = 60_000

async function hanging(times: number) {
  const each = await world()
  const triesMs: number[] = []
  const transport: Transport = async (request) => {
    if (request.headers['x-amz-target'] === 'AWSEvents.PutEvents') triesMs.push(request.timeoutMs)
    return await nodeTransport(request)
  }
  each.aws.fail('PutEvents', { type: 'none', hangs: true, times })
  const gift = giftIn(each)
  const post = each.writer(postLicenseOrganization, { transport })
  return { each, triesMs, gift, post: () => post(gift.event) }
}

describe('an event bus that hangs', () => {
  it('is tried once, shortly, while somebody waits for a write; the tick tells of it later', async () => {
    const { each, triesMs, gift, post } = await hanging(1)
    expect((await post()).status).toBe(200)
    expect(gift.isGiven()).toBe(true)
    expect(triesMs).toHaveLength(1)
    expect(triesMs[0]).toBeLessThanOrEqual(MOST_MS)
    expect(each.aws.events()).toEqual([])
    const [header] = await each.changes()
    expect(header).toMatchObject({ state: 'APPLIED', dueAtMs: expect.any(Number) })
    expect(header?.publishedVersion).toBeUndefined()
    await each.later(TICK_MS)
    expect(each.aws.events()).toMatchObject([{ 'detail-type': 'License Change Applied' }])
    expect((await each.changes())[0]?.dueAtMs).toBeUndefined()
  })

  it('shows in what a tick says: how much is left, and since when', async () => {
    const { each, post } = await hanging(2)
    await post()
    await each.later(2 * TICK_MS)
    const ran = each.logged.map((line) => JSON.parse(line)).find(({ code }) => code === 'tick.ran')
    expect(ran).toMatchObject({
      level: 'WARN',
      advanced: 0,
      failed: 0,
      told: 0,
      left: 1,
      TickRan: 1,
      ChangesLeft: 1,
      OldestDueSeconds: 2 * 60,
    })
    each.logged.length = 0
    await each.later(TICK_MS)
    const next = each.logged.map((line) => JSON.parse(line)).find(({ code }) => code === 'tick.ran')
    expect(next).toMatchObject({ told: 1, left: 0, ChangesLeft: 0, OldestDueSeconds: 0 })
  })
})
