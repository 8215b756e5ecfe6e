/** The queues of dead letters: looked through without keeping anything from anybody, and emptied letter by letter. */
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs'
import { type Letter, letterOf } from './letter.ts'

/** For how long what was received is hidden from others, seconds: for a person to decide. */
const HELD_SECONDS = 300

/** The most that is looked at in one run; more than that is no list for a person. */
const MAX_LETTERS = 500

/** SQS's most of one request. */
const MAX_OF_REQUEST = 10

/** Long polling asks all of SQS's servers; a short one may miss what is there. Seconds. */
const WAIT_SECONDS = 2

/** Empty answers in a row after which nothing is left. */
const MAX_EMPTY = 2

/**
 * @param prefix what the queue's name begins with.
 * @throws Error with a sentence where there is none, or more than one.
 */
export async function findQueue(client: SQSClient, prefix: string): Promise<string> {
  const { QueueUrls = [] } = await client.send(new ListQueuesCommand({ QueueNamePrefix: prefix }))
  const [url, ...more] = QueueUrls
  if (url !== undefined && more.length === 0) return url
  const found = url === undefined ? 'There is no queue' : `There are ${QueueUrls.length} queues`
  throw new Error(
    `${found} whose name begins with ${prefix}: name it with --queue, as the stack's output DeadLetterQueueUrl or ListLetterQueueUrl has it, and look whether account and region are the right ones`,
  )
}

/**
 * Each letter once, oldest first, hidden from others for some minutes: give back what is not dealt with. Of a FIFO queue
 * the first ten alone: others of their group come when these are dealt with.
 */
export async function receiveLetters(client: SQSClient, queueUrl: string): Promise<readonly Letter[]> {
  const letters = new Map<string, Letter>()
  for (let empty = 0; empty < MAX_EMPTY && letters.size < MAX_LETTERS; ) {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: MAX_OF_REQUEST,
        VisibilityTimeout: HELD_SECONDS,
        WaitTimeSeconds: empty === 0 && letters.size > 0 ? 1 : WAIT_SECONDS,
        MessageSystemAttributeNames: ['SentTimestamp'],
        MessageAttributeNames: ['All'],
      }),
    )
    empty = Messages.length === 0 ? empty + 1 : 0
    // The same one may come twice; its newest handle counts.
    for (const letter of Messages.flatMap((message) => letterOf(message, queueUrl) ?? []))
      letters.set(letter.id, letter)
  }
  return [...letters.values()].sort((a, b) => (a.atMs ?? 0) - (b.atMs ?? 0))
}

/** Shows them to others again, the alarm among these. What cannot be given back comes back by itself. */
export async function giveBack(client: SQSClient, letters: readonly Letter[]): Promise<void> {
  for (const { receipt, queueUrl } of letters) {
    const command = new ChangeMessageVisibilityCommand({
      QueueUrl: queueUrl,
      ReceiptHandle: receipt,
      VisibilityTimeout: 0,
    })
    await client.send(command).catch(() => {})
  }
}

export async function removeLetter(client: SQSClient, { receipt, queueUrl }: Letter): Promise<void> {
  await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: receipt }))
}
