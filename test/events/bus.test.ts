import { describe, expect, it } from 'vitest'
import { eventBridgeClient, eventBus } from '../../lib/events/bus.ts'
import { nodeTransport } from '../../lib/transport/transport.ts'
import { awsForTest, NOON_MS, NOWHERE, REGION } from './aws.ts'

const busAt = (endpoint: string) =>
  eventBus({
    client: eventBridgeClient(nodeTransport, REGION, endpoint),
    busName: 'test',
    source: 'genesys-license-gateway',
  })

const applied = { detailType: 'License Change Applied', detail: { eventId: 'a#3' }, atMs: NOON_MS }

describe('the event bus', () => {
  it('takes events as they are announced', async () => {
    const aws = await awsForTest()
    expect(await busAt(aws.url).put([applied, { ...applied, detail: { eventId: 'b#4' } }])).toEqual([
      true,
      true,
    ])
    expect(aws.events()).toMatchObject([
      {
        source: 'genesys-license-gateway',
        'detail-type': 'License Change Applied',
        time: '2026-11-15T12:00:00Z',
        detail: { eventId: 'a#3' },
      },
      { detail: { eventId: 'b#4' } },
    ])
  })

  it('says which events it refused inside an answer of 200', async () => {
    const aws = await awsForTest()
    aws.fail('PutEvents', { type: 'ThrottlingException', entry: 1 })
    expect(await busAt(aws.url).put([applied, applied, applied])).toEqual([true, false, true])
    expect(aws.events()).toHaveLength(2)
  })

  it('throws where it refuses the whole request or cannot be reached', async () => {
    const aws = await awsForTest()
    aws.fail('PutEvents', { type: 'AccessDeniedException' })
    await expect(busAt(aws.url).put([applied])).rejects.toMatchObject({ name: 'AccessDeniedException' })
    await expect(busAt(NOWHERE).put([applied])).rejects.toThrow('EventBridge: ')
  })
})
