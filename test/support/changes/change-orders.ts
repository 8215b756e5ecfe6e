/** Orders, people, hands and stand-ins for ports that tests of changes need again and again. */

import { type Target, targetKey } from '../../../lib/changes/model/change.ts'
import type { Header } from '../../../lib/changes/model/header.ts'
import type { Scheduler, When } from '../../../lib/changes/model/schedule.ts'
import type { ChangeState } from '../../../lib/changes/model/transitions.ts'
import type { Workbench } from '../../../lib/changes/record/desk.ts'
import type { Commit, Ledger, LedgerWrite } from '../../../lib/changes/record/ledger.ts'
import { GatewayError } from '../../../lib/errors.ts'
import type { DeadLetterQueue } from '../../../lib/events/dead-letter-queue.ts'
import type { LicenseBatchAssignmentRequest } from '../../../lib/genesys/models/licenses.ts'
import { nodeTransport, type Transport } from '../../../lib/transport/transport.ts'
import { putLockOn } from '../../ledger/records.ts'
import { Crash } from '../ledger/ledger.ts'
import type { ChangeWorld } from './change-world.ts'

/** Toggles of the embedded org, by how they begin in its legacy mode. */
export const OFF = 'concurrentLicensing'
export const ON = 'agentAssist'

/** A license that few hold and nothing needs. */
export const WALLBOARD = 'wallboardUser'

export const BATCH_PATH = '/api/v2/license/organization'
export const togglePath = (featureName = OFF) => `/api/v2/license/toggles/${featureName}`

/** A user id that the org does not know. */
export const NOBODY = '00000000-0000-4000-8000-000000000000'

export const toggle = (enabled: boolean, featureName = OFF) =>
  ({ kind: 'toggle', featureName, enabled }) as const

/** Who gains and who loses one license. */
export const assignment = (licenseId: string, userIdsAdd: string[], userIdsRemove: string[] = []) => ({
  licenseId,
  userIdsAdd,
  userIdsRemove,
})

export const giving = (userIds: string[], licenseId = WALLBOARD): LicenseBatchAssignmentRequest => ({
  assignments: [assignment(licenseId, userIds)],
})

export const taking = (userIds: string[], licenseId = WALLBOARD): LicenseBatchAssignmentRequest => ({
  assignments: [assignment(licenseId, [], userIds)],
})

export const assigning = ({ assignments }: LicenseBatchAssignmentRequest) =>
  ({ kind: 'assignments', assignments }) as const

/** The id of the org's person at that index; of the first ten only the third (2) holds a wallboard. */
export function userAt({ org }: ChangeWorld, index: number): string {
  const id = org.people(index + 1)[index]?.id
  if (id === undefined) throw new Error(`The org has no person ${index}`)
  return id
}

export function licensesOf({ org }: ChangeWorld, userId: string): readonly string[] {
  return org.licensesOf(userId) ?? []
}

export function hasWallboard(world: ChangeWorld, userId: string): boolean {
  return licensesOf(world, userId).includes(WALLBOARD)
}

/** A workbench whose requests to Genesys go through another transport. */
export function benchOn(world: ChangeWorld, wrap: (inner: Transport) => Transport): Workbench {
  const { scope } = world.bench()
  return world.bench({ scope: { ...scope, transport: wrap(nodeTransport) } })
}

/** A workbench to which the org has a license no longer. */
export function withdrawing(world: ChangeWorld, licenseId: string): Workbench {
  return benchOn(world, (inner) => async (request) => {
    const answer = await inner(request)
    if (!request.path.endsWith('/license/definitions')) return answer
    const all: { id: string }[] = JSON.parse(answer.body.toString())
    return { ...answer, body: Buffer.from(JSON.stringify(all.filter(({ id }) => id !== licenseId))) }
  })
}

/** A transport that lets something happen once, just before the first request that it says yes to. */
export function beforeRequest(
  matches: (request: Parameters<Transport>[0]) => boolean,
  happen: () => Promise<unknown>,
): (inner: Transport) => Transport {
  let hasHappened = false
  return (inner) => async (request) => {
    if (!hasHappened && matches(request)) {
      hasHappened = true
      await happen()
    }
    return await inner(request)
  }
}

export const isPost = ({ method, path }: Parameters<Transport>[0]) =>
  method === 'POST' && path !== '/api/v2/license/users'

/** Somebody in Genesys's own user interface; the org counts their requests among the POSTs. */
export function byHand(world: ChangeWorld) {
  const { scope } = world.bench()
  const post = async (path: string, body?: unknown) => {
    const { status } = await nodeTransport({
      method: 'POST',
      origin: scope.origins.api,
      path,
      headers: { authorization: `Bearer ${scope.token.value}`, 'content-type': 'application/json' },
      timeoutMs: 5_000,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (status !== 200) throw new Error(`The org answered ${status}`)
  }
  return {
    press: (featureName = OFF) => post(togglePath(featureName)),
    assign: (batch: LicenseBatchAssignmentRequest) => post(BATCH_PATH, batch),
  }
}

/** How changes ended, as the bus was told; requests for approval aside. */
export function toldTypes({ told }: ChangeWorld): string[] {
  return told
    .map(({ detailType }) => detailType)
    .filter((each) => each !== 'License Change Awaiting Approval')
}

/** A workbench whose process ends at the write of a header with that state: just before it, or just after. */
export function crashingAt(world: ChangeWorld, state: ChangeState, when: 'before' | 'after'): Workbench {
  const ledger = atHeaders(world.store.ledger, async (next, write) => {
    if (next.state !== state) return await write()
    if (when === 'after') await write()
    throw new Crash('the process has ended')
  })
  return world.bench({ ledger })
}

/**
 * A ledger on which something happens at each write of a header, alone or with others.
 *
 * @param at is given what is written, and what writes it; false stands for another write that came first.
 */
export function atHeaders(
  ledger: Ledger,
  at: (next: Header, write: () => Promise<boolean>) => Promise<boolean>,
): Ledger {
  return {
    ...ledger,
    async commit(writes) {
      const next = writes.map(headerIn).find((header) => header !== undefined)
      if (!next) return await ledger.commit(writes)
      let answer: Commit = { kind: 'refused', headers: new Map(), locks: new Map(), pointers: new Map() }
      await at(next, async () => {
        answer = await ledger.commit(writes)
        return answer.kind === 'done'
      })
      return answer
    },
  }
}

function headerIn(write: LedgerWrite): Header | undefined {
  if (write.kind === 'create') return write.header
  return write.kind === 'replace' ? write.next : undefined
}

/** Leaves a lock of which nobody knows the change, so that what is asked of the target next is planned and claimed. */
export async function leaveLock(world: ChangeWorld, target: Target = { featureName: OFF, desired: true }) {
  await putLockOn(world.store.ledger, targetKey(target), { holder: 'nobody.' }, undefined)
}

/** EventBridge Scheduler as its port has it: what it was told to make, and calls of it that fail as told. */
export function schedulerForTests() {
  const made = new Map<string, When>()
  let failures: ('before' | 'after')[] = []
  let refusals = 0
  const fail = (when: 'before' | 'after') => {
    if (failures[0] !== when) return
    failures = failures.slice(1)
    throw new GatewayError('scheduler.unavailable', 'EventBridge Scheduler did not answer')
  }
  const scheduler: Scheduler = {
    async create(scheduleId, when) {
      fail('before')
      if (refusals-- > 0) throw new GatewayError('bad.request', 'at: must be a time that is taken')
      refusals = 0
      made.set(scheduleId, when)
      fail('after')
    },
    async remove(scheduleId) {
      fail('before')
      made.delete(scheduleId)
      fail('after')
    },
  }
  return {
    scheduler,
    made,
    /** The next that is to be made is one that the service does not take. */
    refuseNext: () => {
      refusals += 1
    },
    /** @param when before anything was done, or after it with the answer lost. */
    failNext: (when: 'before' | 'after') => {
      failures.push(when)
    },
  }
}

/** The dead letters as their port has them. */
export function lettersForTests() {
  const letters: { event: unknown; why: string }[] = []
  const deadLetters: DeadLetterQueue = {
    async put(event, why) {
      letters.push({ event, why })
    },
  }
  return { letters, deadLetters }
}
