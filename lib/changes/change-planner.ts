/** The port `Plans`: what would be changed, on record and not yet released. */

import type { Billing } from '../genesys/billing.ts'
import type { Capabilities, Change } from './answers/change-schemas.ts'
import { changeOf } from './answers/render-change.ts'
import { settleChange } from './decide/decide-settlement.ts'
import { type Caller, targetKey } from './model/change.ts'
import type { ChangeOrder } from './model/change-order.ts'
import type { Asked, Header } from './model/header.ts'
import { identifyActor } from './model/policy.ts'
import { digestOf } from './model/record-ids.ts'
import { planChange, proposalAskedIn } from './plan/plan-change.ts'
import { planUndo, readUndoable } from './plan/plan-undo.ts'
import { nameSubjectBy, readOrder } from './plan/read-order.ts'
import type { Answered, Plans } from './port.ts'
import { readCapabilities } from './read-capabilities.ts'
import type { PlanningDesk } from './record/desk.ts'
import type { LedgerWrite } from './record/ledger.ts'
import { readPauseOver } from './record/read-pause.ts'
import { type PlannedBeside, recordOnce } from './record/record-once.ts'
import { prepareWish } from './record/take-locks.ts'
import { requireHeader } from './record/write-header.ts'

/** Pairs that are planned while whoever asks waits: their people are read by four requests. */
const MAX_PAIRS_AT_ONCE = 2_000

const nobody = () => undefined

export class ChangePlanner implements Plans {
  readonly #desk: PlanningDesk
  readonly #caller: Caller

  constructor(desk: PlanningDesk, caller: Caller) {
    this.#desk = desk
    this.#caller = caller
  }

  /**
   * @param asked where in chat: then it is a draft, and becomes a request when it is applied.
   * @param nameOf what users are called, where they were looked up already.
   */
  async plan(
    order: ChangeOrder,
    asked?: Asked,
    nameOf: (userId: string) => string | undefined = nobody,
  ): Promise<Answered<Change>> {
    const { clock } = this.#desk
    return await this.#once(digestOf(order), async (id, requestDigest) => {
      const { subject, ...read } = readOrder(order, clock.nowMs(), MAX_PAIRS_AT_ONCE)
      const proposal = {
        ...this.#unreleased(id, requestDigest, asked),
        ...read,
        subject: nameSubjectBy(subject, nameOf),
      }
      // What waits for its time may have something to do by then.
      if (proposal.notBeforeMs !== undefined) return await planChange(this.#desk, proposal, true)
      const wish = { changeId: id, atMs: clock.nowMs(), arrivedAtMs: clock.nowMs() }
      const readNotes = await prepareWish(this.#desk, wish, proposal.targets.map(targetKey))
      let beside: readonly LedgerWrite[] = []
      const isNothingToDo = async (isApprovalAsked: boolean) => {
        // Where a second person is asked, what holds already needs none, and has no say either: no wish is noted.
        if (isApprovalAsked) return true
        const notes = await readNotes()
        beside = notes ?? []
        return notes !== undefined
      }
      const planned = await planChange(this.#desk, proposal, true, { isNothingToDo })
      return { ...planned, beside, otherwise: () => planChange(this.#desk, proposal, true) }
    })
  }

  /** The undoing of a change, to be confirmed. @throws GatewayError `change.state.conflict` where there is nothing to undo. */
  async undo(changeId: string, asked: Asked): Promise<Answered<Change>> {
    return await this.#once(digestOf({ undo: changeId }), async (id, requestDigest) => {
      const original = await readUndoable(this.#desk, changeId)
      const { actor } = this.#unreleased(id, requestDigest, asked)
      return await planUndo(this.#desk, original, {
        id,
        requestDigest,
        actor,
        isPlanned: false,
        draftFor: asked,
      })
    })
  }

  async settle(changeId: string): Promise<Answered<Change>> {
    const { header, isReplay } = await settleChange(this.#desk, this.#caller, changeId)
    return await this.#answer(header, isReplay)
  }

  #unreleased(id: string, requestDigest: string, asked: Asked | undefined) {
    const actor = identifyActor(this.#desk.policy, this.#caller.actor)
    return { id, requestDigest, actor, isReleased: false, ...proposalAskedIn(asked) }
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
      const value = changeOf(header, plan, undefined, await readPauseOver(this.#desk, header))
      return { value, isReplay }
    }
    return await this.#answer(seen ?? (await requireHeader(this.#desk, id)), isReplay)
  }

  capabilities(billing: Billing): Promise<Capabilities> {
    return readCapabilities(this.#desk, billing)
  }

  async #answer(header: Header, isReplay: boolean): Promise<Answered<Change>> {
    const { ledger } = this.#desk
    const [plan, evidence] = [await ledger.plan(header), await ledger.evidence(header)]
    return { value: changeOf(header, plan, evidence, await readPauseOver(this.#desk, header)), isReplay }
  }
}
