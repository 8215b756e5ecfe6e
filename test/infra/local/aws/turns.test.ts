/** The stand-in for the queue of lists' turns, asked by the real client over a socket: as unkind as SQS's FIFO. */
import { writeFileSync } from 'node:fs'
import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs'
import { describe, expect, it } from 'vitest'
import { GatewayError } from '../../../../lib/errors.ts'
import { TURN_MAX_RECEIVES } from '../../../../lib/events/contract.ts'
import { listQueue } from '../../../../lib/events/list-queue.ts'
import { startedAws, stateFiles } from './running-aws.ts'

const QUEUE = '000000000000/lists.fifo'
const LETTERS = '000000000000/list-letters.fifo'

/** The longest that a turn which is being taken is kept from the next try, and longer. */
const AFTER_VISIBILITY_MS = 31_000

/** A function that notes the lists whose turns it is handed, and gives back those that it is told to. */
function worker(failing: readonly string[] = []) {
  const taken: string[] = []
  const receives: number[] = []
  return {
    taken,
    receives,
    failing: new Set(failing),
    async run(event: unknown) {
      const { Records } = event as {
        Records: { messageId: string; body: string; attributes: { ApproximateReceiveCount: string } }[]
      }
      const failed = []
      for (const { messageId, body, attributes } of Records) {
        const { changeId } = JSON.parse(body) as { changeId: string }
        taken.push(changeId)
        receives.push(Number(attributes.ApproximateReceiveCount))
        if (this.failing.has(changeId)) failed.push({ itemIdentifier: messageId })
      }
      return { batchItemFailures: failed }
    },
  }
}

type Started = Awaited<ReturnType<typeof startedAws>>

async function begun(worked: { readonly run: (event: unknown) => Promise<unknown> }, options = {}) {
  const started = await startedAws({ takeTurns: (event) => worked.run(event), ...options })
  return { ...started, ask: askingOf(started) }
}

function askingOf({ aws, queue }: Started) {
  const { askForTurn } = listQueue({ client: queue, queueUrl: `${aws.url}/${QUEUE}` })
  return async (changeId: string, turn = `${changeId}-1`) => {
    await askForTurn(changeId, turn)
    await aws.idle()
  }
}

async function lettersIn({ aws, queue }: Pick<Started, 'aws' | 'queue'>): Promise<(string | undefined)[]> {
  const { Messages = [] } = await queue.send(
    new ReceiveMessageCommand({
      QueueUrl: `${aws.url}/${LETTERS}`,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: 1,
    }),
  )
  return Messages.map(({ Body }) => Body)
}

describe('the queue of turns', () => {
  it('hands turns on in the order in which they were asked for', async () => {
    const worked = worker()
    const { ask } = await begun(worked)
    for (const list of ['one', 'two', 'three']) await ask(list)
    expect(worked.taken).toEqual(['one', 'two', 'three'])
  })

  it('takes a repeat within five minutes and delivers it to nobody, and after them again', async () => {
    const worked = worker()
    const { aws, ask } = await begun(worked)
    await ask('one', 'one-7')
    await ask('one', 'one-7')
    await aws.advance(5 * 60_000 - 1)
    await ask('one', 'one-7')
    expect(worked.taken).toEqual(['one'])
    await aws.advance(1)
    await ask('one', 'one-7')
    expect(worked.taken).toEqual(['one', 'one'])
  })

  it('keeps all others back behind a turn that failed, which comes again when its time is up', async () => {
    const worked = worker(['one'])
    const { aws, ask } = await begun(worked)
    await ask('one')
    await ask('two')
    await aws.advance(29_000)
    expect(worked.taken).toEqual(['one'])
    worked.failing.clear()
    await aws.advance(2_000)
    expect(worked.taken).toEqual(['one', 'one', 'two'])
    expect(worked.receives).toEqual([1, 2, 1])
  })

  it('delivers a turn a second time whose deletion was lost', async () => {
    const worked = worker()
    const { aws, ask } = await begun(worked)
    aws.fail('DeleteMessage', { type: 'ServiceUnavailable' })
    await ask('one')
    await aws.advance(AFTER_VISIBILITY_MS)
    expect(worked.taken).toEqual(['one', 'one'])
    await aws.advance(10 * AFTER_VISIBILITY_MS)
    expect(worked.taken).toHaveLength(2)
  })

  it('delivers a turn twice at once where the first delivery is slower than its time (D26)', async () => {
    const gate = Promise.withResolvers<void>()
    let running = 0
    let most = 0
    const run = async () => {
      running += 1
      most = Math.max(most, running)
      await gate.promise
      running -= 1
    }
    const { aws, queue } = await startedAws({ takeTurns: run })
    await listQueue({ client: queue, queueUrl: `${aws.url}/${QUEUE}` }).askForTurn('one', 'one-1')
    const again = aws.redeliverTurn()
    gate.resolve()
    await again
    await aws.idle()
    expect(most).toBe(2)
  })

  it('puts a turn that failed fifteen times among the letters of lists, and goes on with the next (D29)', async () => {
    const worked = worker(['poison'])
    const { aws, queue, ask } = await begun(worked)
    await ask('poison')
    await ask('two')
    await aws.advance(TURN_MAX_RECEIVES * AFTER_VISIBILITY_MS)
    expect(worked.taken).toEqual([...Array(TURN_MAX_RECEIVES).fill('poison'), 'two'])
    expect(aws.deadLetters()).toMatchObject([{ why: 'a turn of a list: take-turns failed 15 times' }])
    expect(await lettersIn({ aws, queue })).toEqual(['{"changeId":"poison"}'])
    // The group is out: nothing more of it is handed out before that comes back.
    expect(await lettersIn({ aws, queue })).toEqual([])
  })

  it('gives a turn up that throws or answers no word of which message failed, as it gives up what is given back', async () => {
    for (const answer of [
      () => Promise.reject(new Error('out of memory')),
      () => Promise.resolve({ batchItemFailures: [{ itemIdentifier: '' }] }),
      () => Promise.resolve({ batchItemFailures: [{ itemIdentifier: 'unknown' }] }),
      () => Promise.resolve('no object'),
    ]) {
      const { aws, ask } = await begun({ run: answer })
      await ask('one')
      await aws.advance((TURN_MAX_RECEIVES + 1) * AFTER_VISIBILITY_MS)
      expect(aws.deadLetters()).toHaveLength(1)
    }
  })

  it('takes an answer that names no message for a success, an empty one too', async () => {
    for (const answer of [null, {}, { batchItemFailures: null }, { batchItemFailures: [] }]) {
      let calls = 0
      const run = async () => {
        calls += 1
        return answer
      }
      const { aws, ask } = await begun({ run })
      await ask('one')
      await aws.advance((TURN_MAX_RECEIVES + 1) * AFTER_VISIBILITY_MS)
      expect([calls, aws.deadLetters()]).toEqual([1, []])
    }
  })

  it('hands what waited, what was being taken and what was asked for before on to the next run, by its file', async () => {
    const files = stateFiles()
    const stuck = new Promise<never>(() => {})
    const first = await startedAws({ ...files, takeTurns: () => stuck })
    const queueUrl = `${first.aws.url}/${QUEUE}`
    const { askForTurn } = listQueue({ client: first.queue, queueUrl })
    await askForTurn('taken', 'taken-1')
    await askForTurn('waiting', 'waiting-1')
    await first.aws.close()

    const worked = worker()
    const { aws, ask } = await begun(worked, files)
    await ask('taken', 'taken-1')
    expect(worked.taken).toEqual([])
    await aws.advance(AFTER_VISIBILITY_MS)
    expect(worked.taken).toEqual(['taken', 'waiting'])
    expect(worked.receives).toEqual([2, 1])
  })

  it('does not start over a damaged file', async () => {
    const { turnsFile } = stateFiles()
    writeFileSync(turnsFile, '{"version":1}')
    await expect(startedAws({ turnsFile })).rejects.toThrow(`The turns of lists in ${turnsFile} are damaged.`)
  })

  it('refuses a message without group or deduplication id, and a queue that does not exist', async () => {
    const { aws, queue } = await begun(worker())
    const send = (name: string, more: object) =>
      queue.send(
        new SendMessageCommand({ QueueUrl: `${aws.url}/000000000000/${name}`, MessageBody: 'x', ...more }),
      )
    await expect(send('lists.fifo', { MessageDeduplicationId: 'x' })).rejects.toThrow('MessageGroupId')
    await expect(send('lists.fifo', { MessageGroupId: 'x' })).rejects.toThrow('MessageDeduplicationId')
    await expect(send('lists', {})).rejects.toMatchObject({ name: 'QueueDoesNotExist' })
  })

  it('that cannot be reached is a failure that passes', async () => {
    const { aws, ask } = await begun(worker())
    aws.fail('SendMessage', { type: 'ServiceUnavailable', status: 503 })
    const failed = await ask('one').catch((error: unknown) => error)
    expect(failed).toBeInstanceOf(GatewayError)
    expect(failed).toMatchObject({ code: 'queue.unavailable', retryAfterSeconds: 5 })
  })
})
