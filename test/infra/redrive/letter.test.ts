/** Messages of the dead-letter queue in the forms that AWS's services give them, read for whoever looks. */
import type { Message } from '@aws-sdk/client-sqs'
import { describe, expect, it } from 'vitest'
import { letterOf } from '../../../infra/redrive/letter.ts'
import { repeatOf } from '../../../infra/redrive/repeat.ts'

const NOON_MS = Date.parse('2026-11-15T12:00:00Z')
const ARN = 'arn:aws:lambda:eu-west-1:000000000000:function:genesys-license-example-flip'

const toggle = {
  version: '0',
  id: 'event-1',
  'detail-type': 'License Toggle Requested',
  source: 'com.example.workforce',
  time: '2026-11-15T11:50:00Z',
  detail: { featureName: 'agentAssist', enabled: true },
}

function message(body: unknown, attributes: Readonly<Record<string, string>> = {}): Message {
  return {
    MessageId: 'message-1',
    ReceiptHandle: 'receipt-1',
    Body: typeof body === 'string' ? body : JSON.stringify(body),
    Attributes: { SentTimestamp: String(NOON_MS) },
    MessageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
    ),
  }
}

const QUEUE_URL = 'https://sqs.eu-west-1.amazonaws.com/000000000000/letters'
const letter = (of: Message) => letterOf(of, QUEUE_URL)

const delivery = {
  TARGET_ARN: ARN,
  ERROR_CODE: 'NO_PERMISSIONS',
  ERROR_MESSAGE: 'not authorized to perform lambda:InvokeFunction',
  EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
  RETRY_ATTEMPTS: '2',
}

describe('a message', () => {
  it('of an EventBridge rule is the event, with why in attributes', () => {
    const RULE_ARN = 'arn:aws:events:eu-west-1:000000000000:rule/bus/rule'
    expect(letter(message(toggle, { RULE_ARN, ...delivery }))).toEqual({
      id: 'message-1',
      receipt: 'receipt-1',
      queueUrl: QUEUE_URL,
      atMs: NOON_MS,
      why: 'NO_PERMISSIONS not authorized to perform lambda:InvokeFunction (MaximumRetryAttempts, 2 retries)',
      event: toggle,
      isCut: false,
      functionName: 'genesys-license-example-flip',
    })
  })

  it('of a schedule has the time that it was for, also where its input was handed back unfilled', () => {
    const SCHEDULE_ARN = 'arn:aws:scheduler:eu-west-1:000000000000:schedule/group/one'
    const SCHEDULED_TIME = '2026-11-15T11:00:00Z'
    const unfilled = { scheduleId: 'one', scheduledTime: '<aws.scheduler.scheduled-time>' }
    const filled = { scheduleId: 'one', scheduledTime: '2026-11-15T10:00:00Z' }
    const read = (body: object) => letter(message(body, { SCHEDULE_ARN, SCHEDULED_TIME, ...delivery }))?.event
    expect(read(unfilled)).toEqual({ scheduleId: 'one', scheduledTime: SCHEDULED_TIME })
    expect(read(filled)).toEqual(filled)
  })

  it('of an invocation that Lambda gave up is what it was invoked with', () => {
    const record = {
      version: '1.0',
      timestamp: '2026-11-15T12:00:00.000Z',
      requestContext: {
        requestId: 'request-1',
        functionArn: `${ARN}:$LATEST`,
        condition: 'RetriesExhausted',
        approximateInvokeCount: 3,
      },
      requestPayload: toggle,
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: { errorType: 'GatewayError', errorMessage: 'Genesys is not reachable' },
    }
    expect(letter(message(record))).toMatchObject({
      why: 'RetriesExhausted after 3 tries: GatewayError: Genesys is not reachable',
      event: toggle,
      functionName: 'genesys-license-example-flip',
    })
    const { responsePayload: _, ...unanswered } = record
    const aged = {
      ...unanswered,
      requestContext: { functionArn: `${ARN}:$LATEST`, condition: 'EventAgeExceeded' },
    }
    expect(letter(message(aged))).toMatchObject({ why: 'EventAgeExceeded', event: toggle })
  })

  it('of a function of ours has its name beside it', () => {
    const body = { why: 'detail.enabled: must be true or false', event: toggle }
    expect(letter(message(body, { FUNCTION_NAME: 'genesys-license-example-flip' }))).toMatchObject({
      ...body,
      isCut: false,
      functionName: 'genesys-license-example-flip',
    })
    expect(letter(message({ ...body, event: '{"a', isCut: true }))).toMatchObject({ isCut: true })
  })

  it.each([
    ['text', 'hello'],
    ['JSON of another form', '{"a":1}'],
    ['nothing', ''],
    ['an invocation of something that is no function', '{"requestContext":{"functionArn":"x"}}'],
  ])('from elsewhere, %s, is shown as it is', (_, body) => {
    expect(letter(message(body))).toMatchObject({ event: body, functionName: undefined })
  })

  it('of the queue of lists is a turn, which nothing needs to be done about', () => {
    const turn = { changeId: 'abc' }
    expect(letter(message(turn))).toMatchObject({
      event: turn,
      why: 'take-turns failed 15 times: its log says why',
      functionName: undefined,
    })
    expect(repeatOf({ event: turn, isCut: false }, NOON_MS)).toEqual({
      what: 'a turn of the list abc',
      again: 'it can only be discarded: while the list is under way, its next turn is asked for by itself',
      carriedOutBy: undefined,
    })
  })

  it('that names something else than a function has none', () => {
    const TARGET_ARN = 'arn:aws:sqs:eu-west-1:000000000000:queue'
    expect(letter(message(toggle, { RULE_ARN: 'arn', ...delivery, TARGET_ARN }))?.functionName).toBe(
      undefined,
    )
  })
})

describe('repeating', () => {
  const again = (event: unknown, nowMs = NOON_MS) => repeatOf({ event, isCut: false }, nowMs)

  it('a toggle in time is the same change as the first time', () => {
    expect(again(toggle)).toEqual({
      what: 'License Toggle Requested: "agentAssist" true, from com.example.workforce, event event-1',
      again:
        "it is carried out until 2026-11-15T12:05:00.000Z, as the same change as the first time, by the event's id",
      carriedOutBy: 'flip-toggle',
    })
  })

  it('what is over ends EXPIRED: a toggle by its own end or a quarter of an hour after it may begin, a schedule after that', () => {
    const over = expect.stringContaining('it would end EXPIRED')
    const inTime = expect.stringContaining('it is carried out until')
    const detail = (more: object) => ({ ...toggle, detail: { ...toggle.detail, ...more } })
    expect(again(toggle, NOON_MS + 5 * 60_000 + 1).again).toEqual(over)
    expect(again(detail({ notAfter: '2026-11-15T11:59:59Z' })).again).toEqual(over)
    expect(again(detail({ notAfter: '2026-11-16T00:00:00Z' })).again).toEqual(inTime)
    expect(again(detail({ notBefore: '2026-11-15T13:00:00Z' }), NOON_MS + 70 * 60_000).again).toEqual(inTime)
    const fired = { scheduleId: 'one', scheduledTime: '2026-11-15T11:45:00Z' }
    expect(again(fired)).toMatchObject({ carriedOutBy: 'fire-schedule', again: inTime })
    expect(again(fired, NOON_MS + 1).again).toEqual(over)
  })

  it('a message in Slack is of use for 20 minutes, and nothing of what was typed is shown', () => {
    const detail = {
      platform: 'slack',
      deliveryId: 'slack-1',
      rawBody: 'dGV4dA==',
      timestamp: String(NOON_MS / 1_000 - 60),
      signature: 'v0=canary',
    }
    const delivered = {
      'detail-type': 'License Chat Delivered',
      source: 'genesys-license-gateway.chat',
      detail,
    }
    expect(again(delivered)).toEqual({
      what: 'a message in slack, delivery slack-1',
      again: expect.stringMatching(/^it is carried out, unless it was begun before/),
      carriedOutBy: 'run-command',
    })
    expect(again(delivered, NOON_MS + 20 * 60_000).again).toMatch(/^nothing comes of it after 20 minutes/)
  })

  it('what became of a change is told where it still stands so', () => {
    const told = {
      'detail-type': 'License Change Applied',
      source: 'genesys-license-gateway',
      detail: { eventId: 'change-1#4', change: { id: 'change-1' } },
    }
    expect(again(told)).toMatchObject({
      what: 'License Change Applied, of the change change-1',
      carriedOutBy: 'run-command',
    })
  })

  it('is not for what is cut or unknown', () => {
    expect(repeatOf({ event: toggle, isCut: true }, NOON_MS).carriedOutBy).toBe(undefined)
    for (const event of ['text', { a: 1 }, null, undefined]) expect(again(event).carriedOutBy).toBe(undefined)
  })
})
