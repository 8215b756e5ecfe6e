/** What must hold of a list at every moment, seen from beside it: no pair is lost or counted twice, and none is sent blindly again. */
import { isList } from '../../../../lib/changes/carry-out/lists/step-list.ts'
import { nodeTransport, type Transport } from '../../../../lib/transport/transport.ts'
import type { ChangeWorld } from '../../../support/changes/change-world.ts'
import { textOf } from '../../../support/ledger/ledger.ts'
import { callOf, type Gate } from '../gate.ts'

export interface ListWatch {
  /** A sentence for each promise that was broken. */
  readonly faults: string[]
  /** Looks at the list's record after each call of the ledger. */
  readonly counting: (gate: Gate) => Gate
  /** What goes to Genesys, with what is sent remembered until it is read. */
  readonly wire: Transport
  /** Calls of the ledger, and requests to Genesys. */
  readonly calls: { ledger: number; genesys: number }
}

interface Batch {
  readonly assignments: readonly {
    readonly licenseId: string
    readonly userIdsAdd?: readonly string[]
    readonly userIdsRemove?: readonly string[]
  }[]
}

export function watchList({ store }: ChangeWorld, changeId: string): ListWatch {
  const faults: string[] = []
  const pairsOfParts = new Map<number, number>()
  const sentUnread = new Set<string>()
  const calls = { ledger: 0, genesys: 0 }

  async function count(after: string): Promise<void> {
    const header = await store.ledger.get(changeId)
    if (!header || !isList(header) || !('pairs' in header.subject)) return
    const { list, subject } = header
    let sum = Object.values(list.outcomes).reduce((total, each) => total + each, 0)
    for (let n = 0; n < list.parts; n++) {
      const pairs = pairsOfParts.get(n) ?? (await store.ledger.part(header, n)).targets.length
      pairsOfParts.set(n, pairs)
      if (n >= list.next || list.open.includes(n)) sum += pairs
    }
    if (sum !== subject.pairs) faults.push(`after ${after} ${sum} pairs are counted, of ${subject.pairs}`)
  }

  return {
    faults,
    calls,
    counting: (gate) => (call, carryOut) =>
      gate(call, async () => {
        if (call.to === 'ledger') calls.ledger += 1
        if (call.to === 'genesys') calls.genesys += 1
        const answer = await carryOut()
        if (call.to === 'ledger' && /^(Put|Transact)/.test(call.what)) await count(call.what)
        return answer
      }),
    async wire(request) {
      const { isWrite } = callOf(request)
      if (isWrite) {
        const { assignments } = JSON.parse(textOf(request)) as Batch
        for (const { licenseId, userIdsAdd = [], userIdsRemove = [] } of assignments) {
          for (const userId of [...userIdsAdd, ...userIdsRemove]) {
            const pair = `${licenseId} ${userId}`
            if (sentUnread.has(pair)) faults.push(`${pair} was sent again, and not read in between`)
            sentUnread.add(pair)
          }
        }
      }
      const answer = await nodeTransport(request)
      // Whoever is named in what was read has been read.
      if (!isWrite && answer.status === 200 && sentUnread.size > 0) {
        const text = `${request.path} ${new TextDecoder().decode(answer.body)}`
        for (const pair of sentUnread) if (text.includes(pair.split(' ')[1] ?? pair)) sentUnread.delete(pair)
      }
      return answer
    },
  }
}
