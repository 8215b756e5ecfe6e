/** A process whose every step outside goes through a gate: each call of the ledger, of Genesys and of the bus. */
import type { ChangeState } from '../../../lib/changes/model/change.ts'
import type { Workbench } from '../../../lib/changes/record/desk.ts'
import { nodeTransport, type Transport, type TransportRequest } from '../../../lib/transport/transport.ts'
import type { ChangeWorld } from '../../support/changes/change-world.ts'
import { textOf } from '../../support/ledger/ledger.ts'

/** One call that leaves the process. */
export interface Outgoing {
  readonly to: 'ledger' | 'genesys' | 'bus'
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

/** Of a loopback socket on a busy machine, milliseconds. */
const PATIENT_MS = 8_000

/** A new invocation's workbench behind a gate. @param wire what carries calls out once they are let through. */
export function benchBehind(
  world: ChangeWorld,
  gate: Gate,
  changed: Partial<Pick<Workbench, 'clock' | 'policy'>> = {},
  wire: Transport = nodeTransport,
): Workbench {
  const base = world.bench({ perTryTimeoutMs: PATIENT_MS, ...changed })
  const transport: Transport = (request) => gate(callOf(request), () => wire(request))
  return world.bench({
    ...changed,
    scope: { ...base.scope, transport },
    ledger: world.store.another(transport),
    bus: {
      put: (announcements) =>
        gate({ to: 'bus', what: 'PutEvents', isWrite: false }, () => base.bus.put(announcements)),
    },
  })
}

interface PutHeader {
  readonly Item?: {
    readonly sk?: { readonly S?: string }
    readonly record?: {
      readonly M?: { readonly id?: { readonly S: string }; readonly state?: { readonly S: ChangeState } }
    }
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
  const { Item }: PutHeader = action === 'PutItem' ? JSON.parse(textOf(request)) : {}
  const { id, state } = (Item?.sk?.S === 'header' && Item.record?.M) || {}
  return {
    to: 'ledger',
    what: [action, state?.S ?? Item?.sk?.S?.split('#')[0]].filter(Boolean).join(' '),
    isWrite: false,
    ...(id && state ? { puts: { changeId: id.S, state: state.S } } : {}),
  }
}
