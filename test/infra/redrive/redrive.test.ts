/** `npm run redrive`, as its own process against the whole stack: what lies in the queue is shown, sent back, discarded. */
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import {
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bearerOf } from '../../../infra/local/aws/access-key.ts'
import { writeRunFile } from '../../../infra/local/run-file.ts'
import { TURN_MAX_RECEIVES } from '../../../lib/events/contract.ts'
import { listQueue } from '../../../lib/events/list-queue.ts'
import { command } from '../../support/command.ts'
import { gatewayForTests, sendRaw } from '../../support/gateway.ts'
import { postsOf } from '../../support/requests.ts'

const stack = await gatewayForTests({ org: { toggles: 'legacy' } })
const { aws, org } = stack
const settings = { region: 'us-east-1', endpoint: aws.url, credentials: aws.key }
const queue = new SQSClient({ ...settings, useQueueUrlAsEndpoint: false })
const events = new EventBridgeClient(settings)
const QueueUrl = `${aws.url}/000000000000/dead-letters`
const TOGGLE = 'concurrentLicensing'

beforeAll(() => writeRunFile(stack.directory, stack.run))
afterAll(() => {
  queue.destroy()
  events.destroy()
})

const redrive = (...args: readonly string[]) =>
  command('infra/redrive/main.ts', ['--org', 'local', '--data', stack.directory, ...args], {})
const shown = async () => (await redrive()).stdout
async function receive(VisibilityTimeout: number) {
  const all = { MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }
  const { Messages = [] } = await queue.send(
    new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout, ...all }),
  )
  return Messages
}

async function emptyQueue(): Promise<void> {
  for (let left = await receive(0); left.length > 0; left = await receive(0)) {
    for (const { ReceiptHandle } of left)
      await queue.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))
  }
}
beforeEach(emptyQueue)

async function put(detail: object): Promise<string> {
  const entry = { EventBusName: 'local', Source: 'workforce', DetailType: 'License Toggle Requested' }
  const { Entries } = await events.send(
    new PutEventsCommand({ Entries: [{ ...entry, Detail: JSON.stringify(detail) }] }),
  )
  await aws.idle()
  return Entries?.[0]?.EventId ?? ''
}

/** An event that is given up after three tries, since Genesys does not answer. */
async function givenUp(more: object = {}): Promise<string> {
  org.addFaults([{ match: { path: `/api/v2/license/toggles/${TOGGLE}` }, times: 1_000, do: { status: 503 } }])
  const id = await put({ featureName: TOGGLE, enabled: true, ...more })
  await aws.advance(5_000)
  await aws.advance(10_000)
  return id
}

async function changes(): Promise<unknown> {
  const { json } = await sendRaw(stack, { path: `/v1/changes?toggle=${TOGGLE}` })
  return json
}

const visible = async () => (await receive(0)).length

describe('the redrive command', () => {
  it('shows what lies there, when and why, changes nothing, and lets others see it', async () => {
    const id = await givenUp()
    const { code, stdout, stderr } = await redrive()
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^1 dead letter in http/)
    expect(stdout).toContain(`License Toggle Requested: "${TOGGLE}" true, from workforce, event ${id}`)
    expect(stdout).toMatch(/why {4}RetriesExhausted after 3 tries: /)
    expect(stdout).toMatch(/to {5}flip-toggle\n/)
    expect(stdout).toMatch(/again {2}it is carried out until /)
    expect([await visible(), postsOf(stack).length]).toEqual([1, 0])
  })

  it('sends back what is named, to be carried out once, and takes it from the queue', async () => {
    await givenUp()
    org.reset()
    const [, id = ''] = /^([0-9a-f]{8}) /m.exec(await shown()) ?? []
    expect(await redrive('--send', id, '--yes')).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining(`${id} sent back to flip-toggle\n`),
    })
    await aws.idle()
    expect(await changes()).toMatchObject({ entities: [{ state: 'APPLIED', actor: { id: 'workforce' } }] })
    expect([await visible(), postsOf(stack).length]).toEqual([0, 1])
  })

  it('sent back although it was carried out before, it does nothing', async () => {
    await givenUp()
    org.reset()
    aws.fail('DeleteMessage', { type: 'ServiceUnavailable', status: 503, times: 3 })
    const first = await redrive('--send', 'all', '--yes')
    expect(first.code).toBe(1)
    expect(first.stderr).toMatch(/could not be deleted from the queue: .*nothing is done twice/)
    await aws.idle()
    await redrive('--send', 'all', '--yes')
    await aws.idle()
    expect(await changes()).toMatchObject({ entities: [{ state: 'APPLIED' }] })
    expect([await visible(), postsOf(stack).length]).toEqual([0, 1])
  })

  it('what fails again is a dead letter again', async () => {
    await givenUp()
    await redrive('--send', 'all', '--yes')
    await aws.idle()
    expect(await visible()).toBe(0)
    await aws.advance(5_000)
    await aws.advance(10_000)
    expect(await shown()).toMatch(/why {4}RetriesExhausted after 3 tries/)
  })

  it('past its end it says so, and sent all the same it ends EXPIRED', async () => {
    await givenUp()
    org.reset()
    await aws.advance(15 * 60_000)
    expect(await shown()).toContain('it would end EXPIRED')
    await redrive('--send', 'all', '--yes')
    await aws.idle()
    expect(await changes()).toMatchObject({ entities: [{ state: 'EXPIRED' }] })
    expect(postsOf(stack)).toEqual([])
  })

  it('what a function refused at once goes back to it', async () => {
    await put({ featureName: 'no/such', enabled: true })
    const before = await shown()
    expect(before).toMatch(/why {4}detail\.featureName: /)
    expect(before).toMatch(/to {5}flip-toggle\n/)
    await redrive('--send', 'all', '--yes')
    await aws.idle()
    expect(await shown()).toMatch(/^1 dead letter /)
  })

  it('what Lambda does not take stays in the queue', async () => {
    await givenUp()
    aws.fail('Invoke', { type: 'TooManyRequestsException', status: 429, message: 'Rate Exceeded.' })
    const { code, stderr } = await redrive('--send', 'all', '--yes')
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(
        /^[0-9a-f]{8} stays in the queue: TooManyRequestsException: Lambda answered 429: Rate Exceeded\.\n$/,
      ),
    ])
    expect(await visible()).toBe(1)
  })

  it('a message from elsewhere is shown without what steers a terminal, goes nowhere, and can be discarded', async () => {
    await queue.send(new SendMessageCommand({ QueueUrl, MessageBody: '\u001b[2Jhello' }))
    const before = await shown()
    expect(before).toContain('hello')
    expect(before).not.toContain('\u001b')
    expect(before).toMatch(/to {5}nowhere/)
    await redrive('--send', 'all', '--yes')
    const [, id = ''] = /^([0-9a-f]{8}) /m.exec(before) ?? []
    expect(await redrive('--send', id, '--yes')).toMatchObject({
      code: 2,
      stderr: `${id} cannot be sent back; nothing was done\n`,
    })
    expect(await visible()).toBe(1)
    await redrive('--discard', id, '--yes')
    expect(await visible()).toBe(0)
  })

  it('a function that is not of this gateway is not invoked, whatever the message says', async () => {
    const event = {
      'detail-type': 'License Toggle Requested',
      id: '1',
      source: 's',
      time: '2026-11-15T12:00:00Z',
      detail: {},
    }
    const MessageAttributes = { FUNCTION_NAME: { DataType: 'String', StringValue: 'put-toggle' } }
    const MessageBody = JSON.stringify({ why: 'made up', event })
    await queue.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageAttributes }))
    expect(await shown()).toMatch(/to {5}nowhere/)
    await redrive('--send', 'all', '--yes')
    expect(stack.awsRequests().filter(({ action }) => action === 'Invoke')).toEqual([])
  })

  it('a turn of a list that was given up lies in a queue of its own, goes nowhere, and can be discarded (D29)', async () => {
    const changeId = '0'.repeat(20)
    const failuresAt = `${aws.url}/__aws/failures`
    const headers = { Authorization: bearerOf(aws.key) }
    const action = 'BatchGetItem'
    const body = JSON.stringify([{ action, type: 'InternalServerError', status: 500, times: 1_000 }])
    await fetch(failuresAt, { method: 'POST', headers, body })
    const { askForTurn } = listQueue({ client: queue, queueUrl: `${aws.url}/000000000000/lists.fifo` })
    await askForTurn(changeId, `${changeId}-1`)
    await aws.idle()
    for (let n = 0; n < TURN_MAX_RECEIVES; n++) await aws.advance(31_000)
    await fetch(failuresAt, { method: 'DELETE', headers })
    const { stdout } = await redrive()
    expect(stdout).toMatch(/^0 dead letters in .*\/dead-letters\n1 dead letter in .*\/list-letters\.fifo\n/)
    expect(stdout).toContain(`what   a turn of the list ${changeId}\n`)
    expect(stdout).toContain('why    take-turns failed 15 times: its log says why\n')
    expect(stdout).toMatch(/to {5}nowhere/)
    const [, id = ''] = /^([0-9a-f]{8}) /m.exec(stdout) ?? []
    expect(await redrive('--discard', id, '--yes')).toMatchObject({ code: 0 })
    expect(await shown()).toMatch(/^0 dead letters in .*\n0 dead letters in .*\n$/)
  })

  it('a turn of a list that nobody knows is a letter at once, which says so and goes nowhere', async () => {
    const { askForTurn } = listQueue({ client: queue, queueUrl: `${aws.url}/000000000000/lists.fifo` })
    await askForTurn('1'.repeat(20), 'unknown-1')
    await aws.idle()
    const stdout = await shown()
    expect(stdout).toMatch(/^1 dead letter in /)
    expect(stdout).toContain(`why    there is no list ${'1'.repeat(20)} on record\n`)
    expect(stdout).toMatch(/to {5}nowhere/)
  })

  it('more letters than one answer of SQS holds are all seen, each once', async () => {
    for (let n = 0; n < 23; n++)
      await queue.send(new SendMessageCommand({ QueueUrl, MessageBody: `letter ${n}` }))
    const stdout = await shown()
    expect(stdout).toMatch(/^23 dead letters in /)
    expect(stdout.match(/letter \d+/g)).toHaveLength(23)
    expect(await visible()).toBe(10)
  })

  it('without a terminal and without --yes, nothing is done', async () => {
    await givenUp()
    const { code, stderr } = await redrive('--send', 'all')
    expect([code, stderr]).toEqual([2, 'There is no terminal to ask on, so say --yes; nothing was done\n'])
    expect(await visible()).toBe(1)
  })

  it.each([
    ['nobody', [], 'Say whose dead letters'],
    ['an org that is none', ['--org', 'nowhere'], "There is no org named 'nowhere'"],
    ['an id too short', ['--org', 'local', '--send', 'ab'], "'ab' is no message’s id"],
    ['everything at once', ['--org', 'local', '--discard', 'all'], "'all' is no message’s id"],
  ])('%s is refused with what to type instead', async (_, args, sentence) => {
    const ended = await command('infra/redrive/main.ts', args, {})
    expect([ended.code, ended.stderr]).toEqual([2, expect.stringContaining(sentence)])
  })

  it('an id that no message has is refused, and the others stay', async () => {
    await givenUp()
    const { code, stderr } = await redrive('--send', '00000000-ffff', '--yes')
    expect([code, stderr]).toEqual([2, expect.stringContaining('No message in the queue has an id')])
    expect(await visible()).toBe(1)
  })
})
