/** The port `Plans`: what would be changed, on record and not yet released. */

import { createHash } from 'node:crypto'
import { GatewayError } from '../errors.ts'
import type { Billing } from '../genesys/billing.ts'
import { countPairs } from '../genesys/models/assignments.ts'
import type { Change } from './answers/change-schemas.ts'
import { wholeChangeOf } from './answers/count-outcomes.ts'
import type { Capabilities } from './answers/write-schemas.ts'
import { settleChange } from './decide/decide-settlement.ts'
import { offersFor } from './describe-caller.ts'
import { type Caller, targetKey } from './model/change.ts'
import { MAX_LIST_PAIRS, type PlanOrder } from './model/change-order.ts'
import type { Asked, Header } from './model/header.ts'
import { identifyActor } from './model/policy.ts'
import { digestOf, randomId } from './model/record-ids.ts'
import { placeUnknown } from './plan/check-assignments.ts'
import type { StateOf } from './plan/guards/find-not-active.ts'
import { nameUndo, readUndoable } from './plan/guards/refuse-undone.ts'
import { refuseListWithoutReason } from './plan/guards/require-reason.ts'
import type { Readings } from './plan/kinds.ts'
import {
  type ListOrder,
  MAX_PAIRS_AT_ONCE,
  needsReading,
  orderOfAssignments,
  orderOfDesired,
  orderOfPairs,
  packOrder,
} from './plan/lists/list-order.ts'
import {
  planListLater,
  readRowsNow,
  refuseBadRows,
  refuseUnknownLicenses,
  resolveNow,
} from './plan/lists/plan-list.ts'
import { readCsv } from './plan/lists/read-csv.ts'
import { planChange } from './plan/plan-change.ts'
import { leaveOutNobodies, nameRetry, readFailed, readRetryable } from './plan/plan-retry.ts'
import { planUndo } from './plan/plan-undo.ts'
import { nameSubjectBy, type OrderTiming, readOrder, readTiming } from './plan/read-order.ts'
import { type Proposal, proposalAskedIn } from './plan/record-proposal.ts'
import type { Answered, Plans } from './port.ts'
import { readCapabilities } from './read-capabilities.ts'
import { readShownChange } from './read-shown-change.ts'
import type { PlanningDesk } from './record/desk.ts'
import type { LedgerWrite } from './record/ledger.ts'
import { readPauseOver } from './record/read-pause.ts'
import { type PlannedBeside, recordOnce } from './record/record-once.ts'
import { prepareWish } from './record/take-locks.ts'
import { requireHeader } from './record/write-header.ts'

const nobody = () => undefined

/** How a plan is asked for, whatever it is about. */
type PlanWay = Pick<Proposal, 'asked' | 'isDraft'>

interface PersonKnown {
  readonly name?: string | undefined
  readonly state?: string | undefined
}

export class ChangePlanner implements Plans {
  readonly #desk: PlanningDesk
  readonly #caller: Caller

  constructor(desk: PlanningDesk, caller: Caller) {
    this.#desk = desk
    this.#caller = caller
  }

  /**
   * @param asked where in chat: in Slack it is a draft then, and becomes a request when it is applied.
   * @param knownOf what users are called and how they stand, where they were looked up already.
   */
  async plan(
    order: PlanOrder,
    asked?: Asked,
    knownOf: (userId: string) => PersonKnown | undefined = nobody,
  ): Promise<Answered<Change>> {
    const { clock } = this.#desk
    const list = listIn(order)
    const { isDraft } = order
    if (list) return await this.#planList(list, order, digestOf(order), { asked, isDraft })
    if (order.kind === 'desired') throw new Error('a desired state is a list')
    return await this.#once(digestOf(order), async (id, requestDigest) => {
      const { subject, ...read } = readOrder(order, clock.nowMs(), MAX_PAIRS_AT_ONCE)
      const proposal = {
        ...this.#unreleased(id, requestDigest, { asked, isDraft }),
        ...read,
        subject: nameSubjectBy(subject, (userId) => knownOf(userId)?.name),
      }
      try {
        return await this.#planNow(proposal, { stateOf: (userId) => knownOf(userId)?.state })
      } catch (error) {
        throw order.kind === 'assignments' ? placeUnknown(error, order) : error
      }
    })
  }

  async planFile(bytes: Uint8Array, timing: OrderTiming, isDraft?: boolean): Promise<Answered<Change>> {
    const file = createHash('sha256').update(bytes).digest('hex')
    const requestDigest = digestOf({ file, ...timing, isDraft })
    return await this.#planList(() => readCsv(bytes), timing, requestDigest, { isDraft })
  }

  /** @param orderOf throws what is wrong with it. */
  async #planList(
    orderOf: () => ListOrder,
    timing: OrderTiming,
    requestDigest: string,
    way: PlanWay,
  ): Promise<Answered<Change>> {
    const desk = this.#desk
    return await this.#once(requestDigest, async (id) => {
      const order = orderOf()
      if (order.badRows) await refuseBadRows(desk, order)
      const head = {
        ...this.#unreleased(id, requestDigest, way),
        ...readTiming(timing, desk.clock.nowMs()),
      }
      if (needsReading(order)) {
        refuseListWithoutReason(desk.policy, head, order)
        await refuseUnknownLicenses(desk, order)
        const orderName = randomId()
        await desk.ledger.putOrder(id, orderName, packOrder(order))
        return planListLater(desk, head, order, orderName)
      }
      const now = await resolveNow(desk, order)
      const { org: _, ...wish } = now
      return await this.#planNow({ ...head, ...wish }, { read: () => readRowsNow(desk, order, now) })
    })
  }

  /** @param read its targets, where that is more than reading them. */
  async #planNow(
    proposal: Proposal,
    { read, stateOf }: { readonly read?: () => Promise<Readings>; readonly stateOf?: StateOf } = {},
  ): Promise<PlannedBeside> {
    const { clock } = this.#desk
    // What waits for its time may have something to do by then.
    if (proposal.notBeforeMs !== undefined) {
      return await planChange(this.#desk, proposal, true, { known: await read?.(), stateOf })
    }
    const wish = { changeId: proposal.id, atMs: clock.nowMs(), arrivedAtMs: clock.nowMs() }
    const readNotes = await prepareWish(this.#desk, wish, proposal.targets.map(targetKey))
    let beside: readonly LedgerWrite[] = []
    const isNothingToDo = async (isApprovalAsked: boolean) => {
      // Where a second person is asked, what holds already needs none, and has no say either: no wish is noted.
      if (isApprovalAsked) return true
      const notes = await readNotes()
      beside = notes ?? []
      return notes !== undefined
    }
    const known = await read?.()
    const planned = await planChange(this.#desk, proposal, true, { known, isNothingToDo, stateOf })
    return { ...planned, beside, otherwise: () => planChange(this.#desk, proposal, true, { known, stateOf }) }
  }

  /** The undoing of a change, to be confirmed. @throws GatewayError `change.state.conflict` where there is nothing to undo. */
  async undo(changeId: string, asked: Asked, reason?: string): Promise<Answered<Change>> {
    return await this.#once(digestOf({ undo: changeId, reason }), async (id, requestDigest) => {
      const original = await readUndoable(this.#desk, changeId)
      const actor = identifyActor(this.#desk.policy, this.#caller.actor)
      const request = { id, requestDigest, actor, isPlanned: false, asked, reason }
      return nameUndo(this.#desk, original, await planUndo(this.#desk, original, request))
    })
  }

  async retry(changeId: string, way: PlanWay = {}): Promise<Answered<Change>> {
    const desk = this.#desk
    return await this.#once(
      digestOf({ retry: changeId, isDraft: way.isDraft }),
      async (id, requestDigest) => {
        const original = await readRetryable(desk, changeId)
        const failed = await readFailed(desk, original)
        const proposal = { ...this.#unreleased(id, requestDigest, way), ...failed }
        if (failed.targets.length <= MAX_PAIRS_AT_ONCE) {
          // What they hold is read once more, after what others wish of it.
          const left = await leaveOutNobodies(desk, original, proposal)
          return nameRetry(desk, original, await this.#planNow(left))
        }
        const order = orderOfPairs(failed.targets)
        const orderName = randomId()
        await desk.ledger.putOrder(id, orderName, packOrder(order))
        return planListLater(desk, proposal, order, orderName)
      },
    )
  }

  async settle(changeId: string): Promise<Answered<Change>> {
    const { header, isReplay } = await settleChange(this.#desk, this.#caller, changeId)
    return await this.#answer(header, isReplay)
  }

  #unreleased(id: string, requestDigest: string, { asked, isDraft }: PlanWay) {
    const actor = identifyActor(this.#desk.policy, this.#caller.actor)
    return { id, requestDigest, actor, isReleased: false, isDraft, ...proposalAskedIn(asked) }
  }

  async #once(
    requestDigest: string,
    make: (id: string, requestDigest: string) => Promise<PlannedBeside>,
  ): Promise<Answered<Change>> {
    const { id, isReplay, seen, planned } = await recordOnce(
      this.#desk,
      this.#caller,
      requestDigest,
      (newId) => make(newId, requestDigest),
    )
    if (planned) {
      const { header, plan } = planned
      const value = wholeChangeOf(header, plan, undefined, await readPauseOver(this.#desk, header))
      return { value: this.#offer(value), isReplay }
    }
    return await this.#answer(seen ?? (await requireHeader(this.#desk, id)), isReplay)
  }

  capabilities(billing: Billing): Promise<Capabilities> {
    return readCapabilities(this.#desk, billing)
  }

  async #answer(header: Header, isReplay: boolean): Promise<Answered<Change>> {
    const shown = await readShownChange(this.#desk, header)
    return { value: this.#offer(isReplay ? asFirstAnswered(shown) : shown), isReplay }
  }

  #offer(change: Change): Change {
    return offersFor(this.#desk, this.#caller)(change)
  }
}

/** As long as nobody is known to have changed anything since, a replay is the first answer, letter for letter. */
function asFirstAnswered(change: Change): Change {
  const { findings } = change
  if (!findings?.changedSince || findings.changedSince.people.length > 0) return change
  return { ...change, findings: { ...findings, changedSince: undefined } }
}

/** What of an order is a list's: a desired state, and more pairs than are named one by one; undefined of any other. */
function listIn(order: PlanOrder): (() => ListOrder) | undefined {
  if (order.kind === 'toggle') return undefined
  if (order.kind === 'assignments') {
    return countPairs(order) > MAX_PAIRS_AT_ONCE ? () => refuseTooLong(orderOfAssignments(order)) : undefined
  }
  return () => refuseTooLong(orderOfDesired(order))
}

/** @throws GatewayError 413 */
function refuseTooLong(order: ListOrder): ListOrder {
  const { length: pairs } = order.rows
  if (pairs <= MAX_LIST_PAIRS) return order
  throw new GatewayError(
    'request.entity.too.large',
    `The request names ${pairs} (license, user) pairs, and a list takes at most ${MAX_LIST_PAIRS}: hand it in in parts`,
  )
}
