/** A process whose every step outside goes through a gate: each call of the ledger, of Genesys, of the bus and of the queue of lists. */
import type { ChangeState } from '../../../lib/changes/model/transitions.ts'
import type { Workbench } from '../../../lib/changes/record/desk.ts'
import { nodeTransport, type Transport, type TransportRequest } from '../../../lib/transport/transport.ts'
import type { ChangeWorld } from '../../support/changes/change-world.ts'
import { textOf } from '../../support/ledger/ledger.ts'

/** One call that leaves the process. */
export interface Outgoing {
  readonly to: 'ledger' | 'genesys' | 'bus' | 'queue'
  /** For people, e.g. `PutItem SENT` or `POST /api/v2/license/toggles/wallboards`. */
  readonly what: string
  /** A write of Genesys: what must not be done twice. */
  readonly isWrite: boolean
  /** The change whose header this call puts, and in which state. */
  readonly puts?: { readonly changeId: string; readonly state: ChangeState }
}

/** Decides when a call is carried out, if it is, and whether its answer is seen. */
export type Gate = <T>(call: Outgoing, carryOut: () => Promise<T>) => Promise<T>

export const openGate: Gate = (_, carryOut) => carryOut()

/** A new invocation's workbench behind a gate. @param wire what carries calls out once they are let through. */
export function benchBehind(
  world: ChangeWorld,
  gate: Gate,
  changed: Partial<Pick<Workbench, 'clock' | 'policy'>> = {},
  wire: Transport = nodeTransport,
): Workbench {
  const base = world.bench(changed)
  const transport: Transport = (request) => gate(callOf(request), () => wire(request))
  return world.bench({
    ...changed,
    scope: { ...base.scope, transport },
    ledger: world.store.another(transport),
    bus: {
      put: (announcements) =>
        gate({ to: 'bus', what: 'PutEvents', isWrite: false }, () => base.bus.put(announcements)),
    },
    lists: {
      askForTurn: (changeId, turn) =>
        gate({ to: 'queue', what: 'SendMessage', isWrite: false }, () =>
          base.lists.askForTurn(changeId, turn),
        ),
    },
  })
}

interface PutItem {
  readonly sk?: { readonly S?: string }
  readonly record?: {
    readonly M?: { readonly id?: { readonly S: string }; readonly state?: { readonly S: ChangeState } }
  }
}

/** What a request is, from its bytes. */
export function callOf(request: TransportRequest): Outgoing {
  const [service, action = ''] = (request.headers['x-amz-target'] ?? '').split('.')
  if (service !== 'DynamoDB_20120810') {
    const { method, path } = request
    const isWrite = method === 'POST' && /\/license\/(organization|toggles\/)/.test(path)
    return { to: 'genesys', what: `${method} ${path}`, isWrite }
  }
  const puts = putsOf(action, request)
  const header = puts.find(({ sk }) => sk?.S === 'header')
  const { id, state } = header?.record?.M ?? {}
  return {
    to: 'ledger',
    what: [action, state?.S ?? puts[0]?.sk?.S?.split('#')[0]].filter(Boolean).join(' '),
    isWrite: false,
    ...(id && state ? { puts: { changeId: id.S, state: state.S } } : {}),
  }
}

/** The items that a call puts. Of two headers that of a part comes first, and that of its list after it. */
function putsOf(action: string, request: TransportRequest): readonly PutItem[] {
  if (action === 'PutItem') return [(JSON.parse(textOf(request)) as { Item: PutItem }).Item]
  if (action !== 'TransactWriteItems') return []
  const { TransactItems } = JSON.parse(textOf(request)) as { TransactItems: { Put: { Item: PutItem } }[] }
  return TransactItems.map(({ Put }) => Put.Item)
}

/** A process that ends in the middle. */
export interface Mortal {
  readonly gate: Gate
  readonly hasDied: () => boolean
  /** It dies now, in a call whose answer it does not see. */
  readonly end: () => Promise<never>
  /** The work's result, or undefined as soon as its process has died: nobody sees what it would have said. */
  readonly outlive: <T>(work: Promise<T>) => Promise<T | undefined>
  /** What the n-th call was. */
  readonly lastCall: () => string
}

/** What the dead wait for: no handler of theirs runs any more. */
const never = new Promise<never>(() => {})

/**
 * A process that dies at its n-th call outside, 1 being the first.
 *
 * @param isCarriedOut whether the call still happens, its answer unseen.
 */
export function mortal(n: number, isCarriedOut: boolean, inner: Gate = (_, carryOut) => carryOut()): Mortal {
  let calls = 0
  let what = ''
  const death = Promise.withResolvers<undefined>()
  const end = () => {
    death.resolve(undefined)
    return never
  }
  return {
    end,
    async gate(call, carryOut) {
      calls += 1
      if (calls > n) return await never
      if (calls < n) return await inner(call, carryOut)
      what = call.what
      if (isCarriedOut) await inner(call, carryOut).catch(() => {})
      return await end()
    },
    hasDied: () => calls >= n,
    outlive: (work) => Promise.race([work, death.promise]),
    lastCall: () => what,
  }
}
