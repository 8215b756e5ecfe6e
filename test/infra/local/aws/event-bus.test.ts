import { writeFileSync } from 'node:fs'
import { CreateScheduleCommand } from '@aws-sdk/client-scheduler'
import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs'
import { describe, expect, it } from 'vitest'
import type { Rule } from '../../../../infra/local/aws/events/event-bus.ts'
import { listQueue } from '../../../../lib/events/list-queue.ts'
import { nested } from '../../../support/nested.ts'
import { authorization, NOON, schedule, startedAws, stateFiles, target, toggleAsked } from './running-aws.ts'

function rule(run: Rule['target']): Rule {
  return {
    name: 'toggle-requested',
    functionName: 'flip-toggle',
    matches: (event) => event['detail-type'] === 'License Toggle Requested',
    target: run,
  }
}

describe('an event that is put', () => {
  it('reaches the rules that match it, in the envelope of the real bus', async () => {
    const { calls, run } = target()
    const other = target()
    const { aws, put } = await startedAws({
      rules: [rule(run), { ...rule(other.run), matches: () => false }],
    })
    const { Entries, FailedEntryCount } = await put(toggleAsked)
    await aws.idle()
    const id = Entries?.[0]?.EventId
    expect(FailedEntryCount).toBe(0)
    expect(calls).toEqual([
      {
        version: '0',
        id,
        'detail-type': 'License Toggle Requested',
        source: 'test',
        account: '000000000000',
        time: NOON,
        region: 'us-east-1',
        resources: [],
        detail: { featureName: 'f', enabled: true },
      },
    ])
    expect(other.calls).toEqual([])
    expect(await (await fetch(`${aws.url}/__aws/events`, { headers: { authorization } })).json()).toEqual(
      calls,
    )
  })

  it('nested without end is delivered, and what lists it and keeps it as a dead letter goes on', async () => {
    const { eventsFile } = stateFiles()
    const { calls, run } = target()
    const { aws, put, queue } = await startedAws({ eventsFile, rules: [rule(run)] })
    await put({ ...toggleAsked, Detail: `{"featureName":"f","x":${nested()}}` })
    await aws.idle()
    expect(calls).toHaveLength(1)
    const MessageBody = `{"why":"deep","event":{"featureName":"f","x":${nested()}}}`
    await queue.send(
      new SendMessageCommand({ QueueUrl: `${aws.url}/000000000000/dead-letters`, MessageBody }),
    )
    for (const list of ['events', 'dead-letters']) {
      const answer = await fetch(`${aws.url}/__aws/${list}`, { headers: { authorization } })
      expect([list, await answer.text()]).toEqual([list, expect.stringContaining('"featureName":"f"')])
    }
  })

  it('keeps its own time and resources', async () => {
    const { aws, put } = await startedAws()
    await put({ ...toggleAsked, Time: new Date('2026-11-15T10:00:00.900Z'), Resources: ['arn:aws:x'] })
    expect(aws.events()).toMatchObject([{ time: '2026-11-15T10:00:00Z', resources: ['arn:aws:x'] }])
  })

  it('can be delivered again, as the real bus may', async () => {
    const { calls, run } = target()
    const { aws, put } = await startedAws({ rules: [rule(run)] })
    await put(toggleAsked)
    await aws.idle()
    const [event] = aws.events()
    await aws.redeliver(event?.id ?? '')
    expect(calls).toEqual([event, event])
    expect(aws.events()).toEqual([event])
    await expect(aws.redeliver('unknown')).rejects.toThrow('No event unknown was put.')
  })
})

describe('a request is refused', () => {
  it('entry by entry where it names another bus than the one there is, or none', async () => {
    const { aws, put } = await startedAws()
    const on = (EventBusName: string | undefined) => ({ ...toggleAsked, EventBusName })
    const arn = 'arn:aws:events:us-east-1:000000000000:event-bus/'
    expect(
      await put(on('test'), on('tests'), on(undefined), on(`${arn}test`), on(`${arn}default`)),
    ).toMatchObject({
      FailedEntryCount: 3,
      Entries: [
        { EventId: expect.any(String) },
        {
          ErrorCode: 'ResourceNotFoundException',
          ErrorMessage: expect.stringMatching(/^Event bus tests does not exist/),
        },
        {
          ErrorMessage: expect.stringMatching(
            /^Event bus default does not exist.* test: name it as EventBusName/,
          ),
        },
        { EventId: expect.any(String) },
        { ErrorCode: 'ResourceNotFoundException' },
      ],
    })
    expect(aws.events()).toHaveLength(2)
  })

  it('entry by entry, the sound ones are taken', async () => {
    const { aws, put } = await startedAws()
    aws.fail('PutEvents', { type: 'ThrottlingException', entry: 6 })
    const { Entries, FailedEntryCount } = await put(
      { ...toggleAsked, Source: '' },
      { ...toggleAsked, DetailType: undefined },
      { ...toggleAsked, Detail: undefined },
      { ...toggleAsked, Detail: '{' },
      { ...toggleAsked, Detail: '["a"]' },
      { ...toggleAsked, Source: 'aws.license' },
      toggleAsked,
      toggleAsked,
    )
    expect(Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
      'InvalidArgument',
      'InvalidArgument',
      'InvalidArgument',
      'MalformedDetail',
      'MalformedDetail',
      'NotAuthorizedForSourceException',
      'ThrottlingException',
      undefined,
    ])
    expect(FailedEntryCount).toBe(7)
    expect(aws.events().map(({ id }) => id)).toEqual([Entries?.[7]?.EventId])
  })

  it('as a whole with no entry, with more than ten, over 256 kB, and when told to', async () => {
    const { aws, put } = await startedAws()
    const refused = { name: 'ValidationException' }
    await expect(put()).rejects.toMatchObject(refused)
    await expect(put(...Array.from({ length: 11 }, () => toggleAsked))).rejects.toMatchObject(refused)
    const large = { ...toggleAsked, Detail: JSON.stringify({ text: 'x'.repeat(140_000) }) }
    await expect(put(large, large)).rejects.toMatchObject(refused)
    aws.fail('PutEvents', { type: 'InternalException', status: 500 })
    await expect(put(toggleAsked)).rejects.toMatchObject({
      name: 'InternalException',
      $metadata: { httpStatusCode: 500 },
    })
    expect(aws.events()).toEqual([])
    expect(aws.requests()).toHaveLength(4)
  })
})

describe('a delivery that fails', () => {
  it('is tried again after 5 and after 10 seconds, and then done', async () => {
    const { calls, run } = target(2)
    const { aws, put } = await startedAws({ rules: [rule(run)] })
    await put(toggleAsked)
    await aws.idle()
    const callsAfter = async (ms: number) => {
      await aws.advance(ms)
      return calls.length
    }
    expect(calls).toHaveLength(1)
    expect(await callsAfter(4_999)).toBe(1)
    expect(await callsAfter(1)).toBe(2)
    expect(await callsAfter(9_999)).toBe(2)
    expect(await callsAfter(1)).toBe(3)
    expect(await callsAfter(3_600_000)).toBe(3)
    expect(aws.deadLetters()).toEqual([])
  })

  it('three times becomes a dead letter, which is told, listed and kept over a restart', async () => {
    const { eventsFile } = stateFiles()
    const told: string[] = []
    const { calls, run } = target(3)
    const { aws, put } = await startedAws({
      rules: [rule(run)],
      eventsFile,
      onFailure: (sentence) => told.push(sentence),
    })
    await put(toggleAsked)
    await aws.idle()
    await aws.advance(60_000)
    expect(calls).toHaveLength(3)
    const letter = {
      at: '2026-11-15T12:00:15.000Z',
      from: 'rule',
      why: 'toggle-requested: failed 3 times: not now',
      event: aws.events()[0],
    }
    expect(aws.deadLetters()).toEqual([letter])
    expect(told).toEqual([`dead letter from a rule: ${letter.why}`])
    await aws.close()
    const restarted = await startedAws({ eventsFile })
    expect(
      await (await fetch(`${restarted.aws.url}/__aws/dead-letters`, { headers: { authorization } })).json(),
    ).toEqual([letter])
  })

  it('is given up early once it would be too old', async () => {
    const { calls, run } = target(3)
    const { aws, put } = await startedAws({ rules: [rule(run)], retryWaitsMs: [600_000, 600_000] })
    await put(toggleAsked)
    await aws.idle()
    await aws.advance(3_600_000)
    expect(calls).toHaveLength(2)
    expect(aws.deadLetters()).toMatchObject([{ why: 'toggle-requested: too old to be tried again: not now' }])
  })

  it('is neither tried again nor a dead letter where what waits is forgotten, as turns and schedules are', async () => {
    const { calls, run } = target(3)
    const given: string[] = []
    const failing = (name: string) => async () => {
      given.push(name)
      throw new Error('not now')
    }
    const { aws, put, scheduler, queue } = await startedAws({
      rules: [rule(run)],
      onSchedule: failing('schedule'),
      takeTurns: failing('turn'),
    })
    await put(toggleAsked)
    const { askForTurn } = listQueue({ client: queue, queueUrl: `${aws.url}/000000000000/lists.fifo` })
    await askForTurn('list', 'list-1')
    await scheduler.send(new CreateScheduleCommand(schedule('at(2026-11-15T12:01:00)')))
    await aws.idle()
    aws.forgetWaiting()
    await aws.advance(3_600_000)
    expect([calls.length, given, aws.deadLetters()]).toEqual([1, ['turn'], []])
    await askForTurn('list', 'list-2')
    await aws.idle()
    expect(given).toEqual(['turn', 'turn'])
  })

  it('becomes a dead letter when the gateway stops first', async () => {
    const { aws, put } = await startedAws({ rules: [rule(target(1).run)] })
    await put(toggleAsked)
    await aws.idle()
    await aws.close()
    expect(aws.deadLetters()).toMatchObject([
      { why: 'toggle-requested: the gateway was stopped before it was done: not now' },
    ])
  })
})

describe('the queue for dead letters', () => {
  const QueueUrl = 'https://sqs.us-east-1.amazonaws.com/000000000000/dead-letters'

  it('keeps why and the event, or the whole text where it has another form', async () => {
    const { aws, queue } = await startedAws()
    for (const MessageBody of ['{"why":"no featureName","event":{"id":"1"}}', 'text', '{"a":1}']) {
      await queue.send(new SendMessageCommand({ QueueUrl, MessageBody }))
    }
    const at = '2026-11-15T12:00:00.000Z'
    expect(aws.deadLetters()).toEqual([
      { at, from: 'queue', why: 'no featureName', event: { id: '1' } },
      { at, from: 'queue', why: 'put into the queue', event: 'text' },
      { at, from: 'queue', why: 'put into the queue', event: '{"a":1}' },
    ])
  })

  it('refuses an empty message, and fails when told to', async () => {
    const { aws, queue } = await startedAws()
    const send = (MessageBody: string) => queue.send(new SendMessageCommand({ QueueUrl, MessageBody }))
    await expect(send('')).rejects.toMatchObject({ name: 'ValidationException' })
    aws.fail('SendMessage', { type: 'KmsThrottled' })
    await expect(send('x')).rejects.toMatchObject({ name: 'KmsThrottled' })
    expect(aws.deadLetters()).toEqual([])
  })
})

it('dead letters that were kept before they were messages are read as what a function put', async () => {
  const { eventsFile } = stateFiles()
  const letter = { at: NOON, from: 'rule', why: 'one: failed 3 times: not now', event: { id: '1' } }
  writeFileSync(eventsFile, JSON.stringify({ version: 1, deadLetters: [letter] }))
  const { aws, queue } = await startedAws({ eventsFile })
  expect(aws.deadLetters()).toEqual([letter])
  const QueueUrl = `${aws.url}/000000000000/dead-letters`
  const { Messages = [] } = await queue.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1 }))
  expect(JSON.parse(Messages[0]?.Body ?? '')).toEqual({ why: letter.why, event: letter.event })
})

it('dead letters that are damaged stop it with a sentence', async () => {
  const { eventsFile } = stateFiles()
  writeFileSync(eventsFile, '{"version":2}')
  await expect(startedAws({ eventsFile })).rejects.toThrow(`The dead letters in ${eventsFile} are damaged.`)
})

describe('failures that are asked for over HTTP', () => {
  const ask = (url: string, method: string, body?: string) =>
    fetch(`${url}/__aws/failures`, {
      method,
      headers: { authorization },
      ...(body === undefined ? {} : { body }),
    })
  const failure = '[{"action":"PutEvents","type":"InternalException","status":500,"times":2}]'

  it('come as often as asked for, and are forgotten when told to', async () => {
    const { aws, put } = await startedAws()
    expect((await ask(aws.url, 'POST', failure)).status).toBe(200)
    await expect(put(toggleAsked)).rejects.toMatchObject({ name: 'InternalException' })
    await ask(aws.url, 'DELETE')
    expect(await put(toggleAsked)).toMatchObject({ FailedEntryCount: 0 })
  })

  it('are refused where they are none', async () => {
    const { aws } = await startedAws()
    const answer = await ask(aws.url, 'POST', '[{"action":"PutEvents"}]')
    expect([answer.status, await answer.text()]).toEqual([
      400,
      expect.stringContaining('The body must be [{'),
    ])
  })
})

describe('a function that is handed an event', () => {
  const invoke = (url: string, type: string) =>
    fetch(`${url}/2015-03-31/functions/some/invocations`, {
      method: 'POST',
      headers: { authorization, 'x-amz-invocation-type': type },
      body: '{"id":"1"}',
    })

  it('is answered before it runs, tried again where it fails, and its event is a dead letter as Lambda makes it', async () => {
    const { calls, run } = target(3)
    const { aws, queue } = await startedAws({ functions: { some: run } })
    expect((await invoke(aws.url, 'Event')).status).toBe(202)
    await aws.idle()
    await aws.advance(60_000)
    expect(calls).toHaveLength(3)
    const QueueUrl = `${aws.url}/000000000000/dead-letters`
    const { Messages = [] } = await queue.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1 }))
    expect(JSON.parse(Messages[0]?.Body ?? '')).toMatchObject({
      requestContext: {
        functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:some:$LATEST',
        condition: 'RetriesExhausted',
        approximateInvokeCount: 3,
      },
      requestPayload: { id: '1' },
      responsePayload: { errorMessage: 'not now' },
    })
  })
})

describe('a message of the queue', () => {
  it('is hidden from others while somebody has it, and is not deleted with an older handle', async () => {
    const { aws, queue } = await startedAws()
    const QueueUrl = `${aws.url}/000000000000/dead-letters`
    await queue.send(new SendMessageCommand({ QueueUrl, MessageBody: 'text' }))
    const receive = async (WaitTimeSeconds: number) =>
      (await queue.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds, VisibilityTimeout: 60 })))
        .Messages
    expect(await receive(0)).toBe(undefined)
    const [first] = (await receive(1)) ?? []
    expect(await receive(1)).toEqual([])
    await aws.advance(60_000)
    const [second] = (await receive(1)) ?? []
    expect(second?.MessageId).toBe(first?.MessageId)
    await queue.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle }))
    expect(aws.deadLetters()).toHaveLength(1)
    await queue.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: second?.ReceiptHandle }))
    expect(aws.deadLetters()).toEqual([])
  })
})
