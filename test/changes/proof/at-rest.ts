/** What must hold once nothing moves any more: the org, the records, the events and the answers tell the same story. */

import { tick } from '../../../lib/changes/carry-out/tick.ts'
import { type Caller, type EvidenceRow, type Target, targetKey } from '../../../lib/changes/model/change.ts'
import { changeEvents } from '../../../lib/changes/model/change-events.ts'
import type { Header } from '../../../lib/changes/model/header.ts'
import { idOf } from '../../../lib/changes/model/record-ids.ts'
import { STALENESS_MS } from '../../../lib/changes/model/timing.ts'
import { type ChangeState, isSettled } from '../../../lib/changes/model/transitions.ts'
import { isFree } from '../../../lib/changes/record/repeats.ts'
import { intentOf } from '../../../lib/changes/record/take-locks.ts'
import { ANA, allChanges, type ChangeWorld, headerOf, PEOPLE } from '../../support/changes/change-world.ts'
import { benchBehind, openGate } from './gate.ts'
import type { Witness } from './witness.ts'

/** Ends of a change by which a person is told that not all is as it was asked for. */
const warnings: readonly ChangeState[] = ['NEEDS_ATTENTION', 'NO_EFFECT', 'PARTIAL', 'FAILED', 'EXPIRED']

/** Ends of a change of which nothing has been applied. */
const withoutEffect: readonly ChangeState[] = [
  'NOOP',
  'FAILED',
  'EXPIRED',
  'CANCELLED',
  'REJECTED',
  'SUPERSEDED',
]

/** More ticks than any history needs. */
const MAX_TICKS = 200

/** Moves the clock on to what is due next, and ticks, with the writes watched, until time does nothing more. */
export async function restWatched(world: ChangeWorld, witness: Witness): Promise<void> {
  const { ledger } = world.store
  for (let ticks = 0; ticks < MAX_TICKS; ticks++) {
    const [first] = await ledger.due(Number.MAX_SAFE_INTEGER, 1)
    if (first === undefined) return
    const { dueAtMs = 0 } = await headerOf(world, first)
    world.clock.advance(Math.max(0, dueAtMs - world.clock.nowMs()))
    const bench = benchBehind(world, witness.watching(openGate))
    await tick(bench, async () => bench)
  }
}

/** @returns a sentence for each promise that is broken; none where all is well. */
export async function faultsAtRest(world: ChangeWorld, witness: Witness): Promise<string[]> {
  const headers = await allChanges(world)
  const faults: string[] = []
  for (const id of await world.store.ledger.due(Number.MAX_SAFE_INTEGER, 10))
    faults.push(`${id} is still due`)
  for (const turn of witness.turns) {
    if (turn.by !== undefined && !headers.some(({ id }) => id === turn.by))
      faults.push(`${turn.key} was switched by ${turn.by}, which is not on record`)
  }
  faults.push(...(await faultsOfOrder(world, witness, headers)))
  const latest = new Map<string, { header: Header; target: Target; place: number }>()
  for (const header of headers) {
    const { targets } = await world.store.ledger.plan(header)
    const evidence = await world.store.ledger.evidence(header)
    const spoken = `${header.kind} ${header.id} (${header.history.map(({ state }) => state).join(' ')})`
    const found = targets.flatMap((target, index) => [
      ...faultsOfTarget(witness, header, target, evidence?.outcomes[index]),
    ])
    for (const what of [...faultsOfRecord(world, header), ...found]) faults.push(`${spoken}: ${what}`)
    const isCarriedOut = header.state === 'NOOP' || !withoutEffect.includes(header.state)
    const place = isCarriedOut ? beginOf(witness, header) : undefined
    if (place === undefined) continue
    for (const target of targets) {
      const key = targetKey(target)
      if ((latest.get(key)?.place ?? 0) <= place) latest.set(key, { header, target, place })
    }
  }
  for (const [key, { header, target, place }] of latest) {
    if (warnings.includes(header.state) || witness.valueNow(key) === target.desired) continue
    const isTurnedSince =
      isMeddledWith(witness, header, key) ||
      witness.turns.slice(place).some((turn) => turn.key === key && turn.by !== header.id)
    if (!isTurnedSince) faults.push(`${key} is not as ${header.id} wanted, and nobody was told`)
  }
  return faults
}

/** The newer wish wins: what is older is not sent once a newer one holds, and only what is older gives way. */
async function faultsOfOrder({ store }: ChangeWorld, witness: Witness, headers: readonly Header[]) {
  const faults: string[] = []
  const keysOf = new Map<string, readonly string[]>()
  for (const header of headers)
    keysOf.set(header.id, (await store.ledger.plan(header)).targets.map(targetKey))
  for (const older of headers) {
    const newer = headers.filter(
      (other) =>
        isNewerWish(other, older) && keysOf.get(other.id)?.some((key) => keysOf.get(older.id)?.includes(key)),
    )
    if (older.state === 'SUPERSEDED' && older.supersededBy !== undefined) {
      const isNewer = newer.some(({ id }) => id === older.supersededBy)
      const decider = headers.find(({ id }) => id === older.supersededBy)
      if (!isNewer && !(decider && isSameTime(decider, older)))
        faults.push(`${older.id} is SUPERSEDED by ${older.supersededBy}, which is no newer wish`)
    }
    const sent = witness.lastPutOf(older.id, 'SENT')
    if (older.kind !== 'toggle' || sent === undefined) continue
    for (const other of newer) {
      const held = witness.putOf(other.id, other.state)
      if ((other.state === 'APPLIED' || other.state === 'NOOP') && held !== undefined && held < sent)
        faults.push(`${older.id} was sent after ${other.id}, which is the newer wish and held already`)
    }
  }
  return faults
}

function isNewerWish(one: Header, than: Header): boolean {
  const [a, b] = [intentOf(one), intentOf(than)]
  return a.atMs === b.atMs ? a.arrivedAtMs > b.arrivedAtMs : a.atMs > b.atMs
}

function isSameTime(one: Header, other: Header): boolean {
  return one.id !== other.id && !isNewerWish(one, other) && !isNewerWish(other, one)
}

function faultsOfRecord({ told }: ChangeWorld, { id, state, eventVersion }: Header): string[] {
  if (!isSettled(state)) return [`it is still ${state}`]
  const isPut = told.some(
    ({ detail, detailType }) =>
      detailType === changeEvents[state] && detail['eventId'] === `${id}#${eventVersion}`,
  )
  return state in changeEvents && eventVersion !== undefined && !isPut ? ['its event was never put'] : []
}

function* faultsOfTarget(
  witness: Witness,
  header: Header,
  target: Target,
  outcome: EvidenceRow['outcomes'][number] | undefined,
): Generator<string> {
  const key = targetKey(target)
  const { id, state } = header
  const own = witness.turns.filter((turn) => turn.key === key && turn.by === id)
  if (own.length > 1) yield `it switched ${key} ${own.length} times`
  if (own.length > 0 && withoutEffect.includes(state)) yield `it is ${state}, and has switched ${key}`
  const wrong = own.find(({ value }) => value !== target.desired)
  if (wrong) {
    const place = witness.turns.indexOf(wrong) + 1
    // What a person has put right before it was looked at cannot be told apart.
    const isPutRight = witness
      .valuesWithin(key, place, witness.lastPlaceOf(id, state) ?? place)
      .includes(target.desired)
    if (!warnings.includes(state) && !isPutRight) yield `it switched ${key} the wrong way and nobody was told`
    if (!isMeddledWith(witness, header, key)) yield `it switched ${key} the wrong way though nobody meddled`
  }
  const hasBeenSince = (place: number | undefined) =>
    isMeddledWith(witness, header, key) ||
    witness.valuesWithin(key, place ?? 0, witness.placeOf(id, state) ?? 0).includes(target.desired)
  if (state === 'NOOP' && !hasBeenSince(beginOf(witness, header)))
    yield `it is NOOP, and ${key} was not as desired`
  if (state === 'APPLIED' && outcome !== 'unchanged') {
    if (outcome !== 'applied') yield `it is APPLIED, and says '${outcome}' of ${key}`
    if (!hasBeenSince(witness.placeOf(id, 'SENT'))) yield `it is APPLIED, and ${key} was not as desired`
  }
}

/** Where a change was first at its targets: with its claim, or where it was made as SENT or NOOP, just after its reading. */
function beginOf(witness: Witness, header: Header): number | undefined {
  const [made] = header.history
  const claimed = witness.placeOf(header.id, 'CLAIMED')
  return claimed ?? (made && isDirect(header) ? witness.placeOf(header.id, made.state) : undefined)
}

function isDirect({ history: [made] }: Pick<Header, 'history'>): boolean {
  return made?.state === 'SENT' || made?.state === 'NOOP'
}

/** Whether a person switched while the change was at it, or so shortly before that what it read was stale. */
function isMeddledWith({ turns }: Witness, { history }: Header, key: string): boolean {
  const begun =
    history.find(({ state }) => state === 'CLAIMED') ?? (isDirect({ history }) ? history[0] : undefined)
  const begunMs = begun?.atMs ?? Number.POSITIVE_INFINITY
  return turns.some(
    (turn) => turn.key === key && turn.by === undefined && turn.atMs >= begunMs - STALENESS_MS,
  )
}

/** The changes of a key: the one, and before it those that failed with nothing applied. */
export async function attemptsOf(
  { store }: ChangeWorld,
  { actor, operation, idempotencyKey = '' }: Caller,
): Promise<Header[]> {
  const attempts: Header[] = []
  for (let attempt = 1; ; attempt++) {
    const id = idOf(actor.kind, actor.id, operation, idempotencyKey, String(attempt))
    const header = await store.ledger.get(id)
    if (!header) return attempts
    attempts.push(header)
  }
}

/** @returns a sentence for a key that led to more than one change that counts, or to more than one switch. */
export async function faultsOfKey(world: ChangeWorld, { turns }: Witness, key: Caller): Promise<string[]> {
  const attempts = await attemptsOf(world, key)
  const counting = attempts.filter((header) => !isFree(header))
  const switches = turns.filter(
    (turn) => turn.key.startsWith('toggle#') && attempts.some(({ id }) => id === turn.by),
  )
  return [
    ...(counting.length > 1 ? [`the key ${key.idempotencyKey} has ${counting.length} changes`] : []),
    ...(switches.length > 1 ? [`the key ${key.idempotencyKey} switched ${switches.length} times`] : []),
  ]
}

/** Whether a later change on each target goes ahead: no lock is left that counts. Changes them all. */
export async function faultsOfLocks(world: ChangeWorld, targets: readonly Target[]): Promise<string[]> {
  const bench = benchBehind(world, openGate, { policy: { approvals: [], people: PEOPLE } })
  const changes = world.changes({ actor: ANA, operation: 'probe' }, bench)
  const { toggles, users } = world.org.truth()
  const toggled = targets.flatMap((target) => ('featureName' in target ? [target.featureName] : []))
  const assignments = targets.flatMap((target) => {
    if (!('userId' in target)) return []
    const { userId, licenseId } = target
    const isHeld = users[userId]?.includes(licenseId)
    return [{ licenseId, userIdsAdd: isHeld ? [] : [userId], userIdsRemove: isHeld ? [userId] : [] }]
  })
  const orders = [
    ...[...new Set(toggled)].map(
      (featureName) => ({ kind: 'toggle', featureName, enabled: !toggles[featureName] }) as const,
    ),
    ...(assignments.length > 0 ? [{ kind: 'assignments', assignments } as const] : []),
  ]
  const faults: string[] = []
  // What a person has just done may not show yet.
  world.clock.advance(STALENESS_MS)
  for (const order of orders) {
    try {
      const { value } = await changes.request(order)
      if (value.state !== 'APPLIED' && value.state !== 'NO_EFFECT')
        faults.push(`a later change is ${value.state}`)
    } catch (error) {
      faults.push(`a later change is refused: ${error}`)
    }
  }
  return faults
}
