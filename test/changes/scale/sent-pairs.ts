/** Whether a pair is sent again without having been read since: seen where requests go out, whoever sends them. */
import type { Transport, TransportRequest } from '../../../lib/transport/transport.ts'
import { textOf } from '../../support/ledger/ledger.ts'

interface Batch {
  readonly assignments: readonly {
    readonly licenseId: string
    readonly userIdsAdd: readonly string[]
    readonly userIdsRemove: readonly string[]
  }[]
}

export class SentPairs {
  /** A sentence for each pair that was sent blindly again. */
  readonly faults: string[] = []
  /** Of each person that was sent and not read since, the licenses. */
  readonly #unread = new Map<string, Set<string>>()

  async carry(request: TransportRequest, carryOut: Transport): ReturnType<Transport> {
    if (request.path === '/api/v2/license/organization' && request.method === 'POST') this.#noteSent(request)
    const answer = await carryOut(request)
    if (request.path === '/api/v2/license/users' && answer.status === 200) {
      for (const userId of Object.keys(JSON.parse(answer.body.toString('utf8')))) this.#unread.delete(userId)
    }
    return answer
  }

  #noteSent(request: TransportRequest): void {
    for (const { licenseId, userIdsAdd, userIdsRemove } of (JSON.parse(textOf(request)) as Batch)
      .assignments) {
      for (const userId of [...userIdsAdd, ...userIdsRemove]) {
        const licenses = this.#unread.get(userId) ?? new Set()
        this.#unread.set(userId, licenses)
        if (licenses.has(licenseId)) this.faults.push(`${licenseId} of ${userId} was sent again unread`)
        licenses.add(licenseId)
      }
    }
  }
}
