/** SQS's queue of turns, as far as it is met: first in, first out in one group, no name twice within five minutes, and what dies is out of sight for as long as the stack says. */
import { createHash, randomUUID } from 'node:crypto'
import { TURN_VISIBILITY_SECONDS } from '../../../lib/events/contract.ts'
import type { TransportRequest, TransportResponse } from '../../../lib/transport/transport.ts'
import { textOf } from '../../support/ledger/ledger.ts'

const DEDUPLICATION_MS = 5 * 60_000

const VISIBILITY_MS = TURN_VISIBILITY_SECONDS * 1_000

export interface Message {
  readonly messageId: string
  readonly body: string
  visibleAtMs: number
  receives: number
}

interface Sending {
  readonly MessageBody: string
  readonly MessageDeduplicationId: string
}

export class TurnQueue {
  readonly #nowMs: () => number
  #messages: Message[] = []
  readonly #sentAtMs = new Map<string, number>()

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  /** The first of the group, where nobody is at it. */
  receive(): Message | undefined {
    const nowMs = this.#nowMs()
    const [head] = this.#messages
    if (!head || head.visibleAtMs > nowMs) return undefined
    head.receives += 1
    head.visibleAtMs = nowMs + VISIBILITY_MS
    return head
  }

  delete({ messageId }: Message): void {
    this.#messages = this.#messages.filter((each) => each.messageId !== messageId)
  }

  /** When the first comes into sight. */
  nextAtMs(): number | undefined {
    return this.#messages[0]?.visibleAtMs
  }

  answer(request: TransportRequest): TransportResponse {
    const { MessageBody: body, MessageDeduplicationId: name } = JSON.parse(textOf(request)) as Sending
    const nowMs = this.#nowMs()
    for (const [each, atMs] of this.#sentAtMs)
      if (nowMs - atMs >= DEDUPLICATION_MS) this.#sentAtMs.delete(each)
    const messageId = randomUUID()
    if (!this.#sentAtMs.has(name)) {
      this.#sentAtMs.set(name, nowMs)
      this.#messages.push({ messageId, body, visibleAtMs: nowMs, receives: 0 })
    }
    const MD5OfMessageBody = createHash('md5').update(body).digest('hex')
    return {
      status: 200,
      headers: { 'content-type': 'application/x-amz-json-1.0' },
      body: Buffer.from(JSON.stringify({ MessageId: messageId, MD5OfMessageBody })),
    }
  }
}
