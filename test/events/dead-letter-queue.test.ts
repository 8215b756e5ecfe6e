import { describe, expect, it } from 'vitest'
import { deadLetterQueue } from '../../lib/events/dead-letter-queue.ts'
import { queueClient } from '../../lib/events/queue-client.ts'
import { nodeTransport, type Transport } from '../../lib/transport/transport.ts'
import { nested } from '../support/nested.ts'
import { awsForTest, NOWHERE, REGION } from './aws.ts'

const lettersAt = (endpoint: string, transport = nodeTransport) =>
  deadLetterQueue({
    client: queueClient(transport, REGION, endpoint),
    queueUrl: `${endpoint}/000000000000/dead-letters`,
    functionName: 'flip-toggle',
  })

describe('a dead letter', () => {
  it('is the event with what is wrong with it', async () => {
    const aws = await awsForTest()
    const event = { id: '1', detail: { featureName: 'ü\uFFFE\uFFFF', enabled: 'yes' } }
    await lettersAt(aws.url).put(event, 'detail.enabled: must be true or false')
    expect(aws.deadLetters()).toMatchObject([
      { from: 'queue', why: 'detail.enabled: must be true or false', event },
    ])
  })

  it.each([
    ['of 6 MB', 'x'.repeat(6_000_000)],
    ['of long characters', '€'.repeat(100_000)],
    ['of quotes', '"'.repeat(150_000)],
  ])('for an event %s is cut to what the queue takes', async (_, text) => {
    const aws = await awsForTest()
    const bodies: string[] = []
    const transport: Transport = (request) => {
      const { body } = request
      bodies.push(typeof body === 'string' ? body : new TextDecoder().decode(body))
      return nodeTransport(request)
    }
    await lettersAt(aws.url, transport).put({ text }, 'too long')
    const { MessageBody }: { MessageBody: string } = JSON.parse(bodies[0] ?? '')
    expect(Buffer.byteLength(MessageBody)).toBeLessThanOrEqual(200_000)
    expect(JSON.parse(MessageBody)).toEqual({
      why: 'too long',
      event: JSON.stringify({ text }).slice(0, 60_000),
      isCut: true,
    })
  })

  it('of an event that is nested too deep to be written has the rest of it', async () => {
    const aws = await awsForTest()
    const event = { id: '1', detail: { featureName: 'f', x: JSON.parse(nested()) } }
    await lettersAt(aws.url).put(event, 'too deep')
    const [letter] = aws.deadLetters()
    expect(letter).toMatchObject({ why: 'too deep', event: { id: '1', detail: { featureName: 'f' } } })
    expect(JSON.stringify(letter)).toContain('(nested deeper than 32 levels)')
  })

  it('that the queue does not take is an error, so that the event is tried again', async () => {
    const aws = await awsForTest()
    aws.fail('SendMessage', { type: 'KmsAccessDenied' })
    await expect(lettersAt(aws.url).put({}, 'why')).rejects.toMatchObject({ name: 'KmsAccessDenied' })
    await expect(lettersAt(NOWHERE).put({}, 'why')).rejects.toThrow('SQS: ')
  })
})
