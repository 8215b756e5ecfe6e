/** A ledger that is set back to an earlier second, as docs/operations.md has it restored: what then is due, and what stops it. */
import { describe, expect, it } from 'vitest'
import { gatewayForTests, sendRaw } from '../../support/gateway.ts'
import { postsOf } from '../../support/requests.ts'

const KEPT = 'concurrentLicensing'
const MINUTE_MS = 60_000

const stack = await gatewayForTests({ org: { toggles: 'legacy' } })
const { aws, org, stored } = stack

let keys = 0
async function send(method: string, path: string, body?: object, key = `key-${keys++}`) {
  const headers = ['Content-Type', 'application/json', 'Idempotency-Key', key]
  const sent = { method, path, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
  const { status, json } = await sendRaw(stack, sent)
  return { status, json: json as Record<string, unknown> }
}

async function applied(order: object): Promise<string> {
  const { json } = await send('POST', '/v1/changes', { kind: 'toggle', ...order })
  const id = String(json['id'])
  await send('POST', `/v1/changes/${id}/apply`, { digest: json['digest'] })
  return id
}

/** A change that is to be taken back in an hour, then the second to which the ledger is set back, then what is lost by it. */
async function restored() {
  const changeId = await applied({ featureName: KEPT, enabled: true, revertAfter: 'PT1H' })
  const then = await stored.all()
  // Somebody decides that it stays, makes a schedule, asks for something else, and writes are stopped.
  expect(await send('POST', `/v1/changes/${changeId}/cancel`)).toMatchObject({ status: 200 })
  const change = { kind: 'toggle', featureName: KEPT, enabled: false }
  const { json: schedule } = await send('POST', '/v1/schedules', { rate: '30 minutes', change })
  await aws.idle()
  await send('PUT', '/v1/writes', { state: 'paused', reason: 'records were destroyed' })
  await stored.clear()
  for (const item of then) await stored.put(item)
  return { changeId, scheduleId: String(schedule['id']), posts: postsOf(stack).length }
}

describe('a ledger that is set back', () => {
  it('knows nothing of a pause that was ordered later', async () => {
    await restored()
    expect(await send('GET', '/v1/writes')).toMatchObject({ json: { state: 'running' } })
  })

  it.each([
    ['before its time, by the change that it returns', 0],
    ['after it, as the change that it has become', 120],
  ])(
    'while writes are paused sends nothing, and a return that is due again is called off %s',
    async (_, minutes) => {
      const { changeId, posts } = await restored()
      await send('PUT', '/v1/writes', { state: 'paused', reason: 'restored' })
      await aws.advance(minutes * MINUTE_MS)
      expect([postsOf(stack).length, org.truth().toggles[KEPT]]).toEqual([posts, true])
      const { json } = await send('GET', '/v1/changes?open=true')
      const open = json['entities'] as { readonly id: string; readonly undoes?: string }[]
      const toCancel = open.find(({ undoes }) => undoes === changeId)?.id ?? changeId
      expect(toCancel === changeId).toBe(minutes === 0)
      expect(await send('POST', `/v1/changes/${toCancel}/cancel`)).toMatchObject({ status: 200 })
      await send('PUT', '/v1/writes', { state: 'running' })
      await aws.advance(180 * MINUTE_MS)
      expect([postsOf(stack).length, org.truth().toggles[KEPT]]).toEqual([posts, true])
    },
  )

  it('that goes on at once takes back what was to stay: why it is paused first', async () => {
    const { posts } = await restored()
    await aws.advance(90 * MINUTE_MS)
    expect([postsOf(stack).length, org.truth().toggles[KEPT]]).toEqual([posts + 1, false])
  })

  it('does not know a schedule that was made later: it fires into the dead letters', async () => {
    const { scheduleId } = await restored()
    await send('PUT', '/v1/writes', { state: 'paused', reason: 'restored' })
    await aws.advance(31 * MINUTE_MS)
    expect(await send('GET', `/v1/schedules/${scheduleId}`)).toMatchObject({ status: 404 })
    expect(aws.deadLetters().at(-1)).toMatchObject({
      why: `there is no schedule ${scheduleId} on record`,
      event: { scheduleId },
    })
  })

  it('takes a key that was first used later for a new one, and does not send what holds already', async () => {
    const then = await stored.all()
    const path = `/v1/toggles/${KEPT}`
    await send('PUT', path, { enabled: true }, 'used-later')
    const posts = postsOf(stack).length
    await stored.clear()
    for (const item of then) await stored.put(item)
    expect(await send('PUT', path, { enabled: true }, 'used-later')).toMatchObject({
      json: { state: 'NOOP' },
    })
    expect(postsOf(stack)).toHaveLength(posts)
  })
})
