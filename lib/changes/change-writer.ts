/** The port `Changes`: every write a change on record, whoever asks for it. */
import { GatewayError } from '../errors.ts'
import type {
  LicenseBatchAssignmentRequest,
  LicenseOrgToggle,
  LicenseUpdateStatus,
} from '../genesys/models/licenses.ts'
import type { Change } from './answers/change-schemas.ts'
import type { Undoing } from './answers/decision-schemas.ts'
import { refuseUnsettled, statusesOf, toggleOf } from './answers/license-answers.ts'
import { advance } from './carry-out/advance.ts'
import { advanceInRequest, type Progress } from './carry-out/advance-in-request.ts'
import { carryOutDirectly } from './carry-out/carry-out-directly.ts'
import { applyChange, approveChange } from './decide/decide-change.ts'
import { resumeList } from './decide/decide-list.ts'
import { endChange } from './decide/decide-revert.ts'
import { offersFor } from './describe-caller.ts'
import type { Actor, Caller } from './model/change.ts'
import type { ChangeOrder, Delivery } from './model/change-order.ts'
import { errorOfFailure, isError, isLedgerDown, markUnsent, mayBeCarriedOut } from './model/failure.ts'
import type { Decided, Header } from './model/header.ts'
import { identifyAsker } from './model/policy.ts'
import { digestOf } from './model/record-ids.ts'
import { isSettled } from './model/transitions.ts'
import { refuseUnconfirmedUndo } from './plan/guards/confirm-people.ts'
import { nameUndo, readUndoable } from './plan/guards/refuse-undone.ts'
import type { Readings } from './plan/kinds.ts'
import { planChange } from './plan/plan-change.ts'
import { planUndo } from './plan/plan-undo.ts'
import { pairTargetsOf, readOrder, subjectOf, toggleTargetsOf } from './plan/read-order.ts'
import { type Proposal, planExpired } from './plan/record-proposal.ts'
import type { Answered, Changes } from './port.ts'
import type { Workbench } from './record/desk.ts'
import { refuseWhilePaused } from './record/read-pause.ts'
import { readWholeChange } from './record/read-whole.ts'
import {
  type MadeChange,
  noteSwitchAnswered,
  type PlannedBeside,
  type Recorded,
  recordSwitch,
  recordWishOnce,
} from './record/record-once.ts'
import { firstIdOf, isFree, isRepeat, keepFirstIntent, switchKeyOf } from './record/repeats.ts'
import { putNewChange } from './record/write-header.ts'

/** A request as it came: the newer of two wishes wins, however long what is read for each takes (ADR 10). */
interface Ask {
  readonly requestDigest: string
  readonly askedAtMs: number
}

/** What every order of a caller has of its own, whatever it asks for. */
type Wish = Pick<Proposal, 'id' | 'requestDigest' | 'actor' | 'askers' | 'isReleased' | 'askedAtMs'>

type PlanWish = (wish: Wish) => Promise<PlannedBeside> | PlannedBeside

/** What a caller asks for; a switch names no value before its toggle has been read. */
type ProposeWish = (wish: Wish, readings?: Readings) => Proposal

export class ChangeWriter implements Changes {
  readonly #bench: Workbench
  readonly #caller: Caller
  readonly #actor: Actor

  constructor(bench: Workbench, caller: Caller) {
    this.#bench = bench
    this.#caller = caller
    this.#actor = identifyAsker(bench.policy, caller)
  }

  async assign(batch: LicenseBatchAssignmentRequest): Promise<Answered<LicenseUpdateStatus[]>> {
    const targets = pairTargetsOf(batch)
    const subject = subjectOf(targets)
    const decided = await this.#once(this.#ask({ targets }), (wish) => ({
      ...wish,
      kind: 'assignments',
      targets,
      subject,
    }))
    const { header, isReplay } = refuseUnsettled(decided, decided.isStopped)
    const { ledger } = this.#bench
    const value = statusesOf(header, await ledger.plan(header), await ledger.evidence(header))
    return { value, isReplay, changeId: header.id }
  }

  async switchToggle(featureName: string): Promise<Answered<LicenseOrgToggle>> {
    const propose: ProposeWish = (wish, { values: [isOn = false] } = { values: [] }) => {
      const targets = toggleTargetsOf(featureName, !isOn)
      return { ...wish, kind: 'toggle', targets, subject: subjectOf(targets) }
    }
    const plan: PlanWish = async (wish) => {
      const { enabled } = await this.#bench.genesys.getToggle(featureName)
      const known = { values: [enabled] }
      return await planChange(this.#bench, propose(wish, known), false, { known })
    }
    const decided =
      this.#caller.idempotencyKey === undefined
        ? await this.#switchKeyless(featureName, propose, plan)
        : await this.#once(this.#ask({ featureName }), propose, this.#unlessPaused(plan))
    const { header, isReplay } = refuseUnsettled(decided, decided.isStopped)
    const value = toggleOf(header, await this.#bench.ledger.evidence(header))
    return { value, isReplay, changeId: header.id }
  }

  async request(order: ChangeOrder): Promise<Answered<Change>> {
    const nowMs = this.#bench.clock.nowMs()
    const isForLater = order.notBefore !== undefined && Date.parse(order.notBefore) > nowMs
    const propose: ProposeWish = (wish) => ({ ...wish, ...readOrder(order, this.#bench.clock.nowMs()) })
    const plan: PlanWish = (wish) => planChange(this.#bench, propose(wish), false)
    const decided = await this.#once(this.#ask(order), propose, isForLater ? plan : this.#unlessPaused(plan))
    return await this.#answer(decided)
  }

  /**
   * For what comes by itself, perhaps late: past `latestMs` it is recorded as EXPIRED. A duplicate takes the first one
   * as far as it goes now and does not wait for it.
   *
   * @param askedAtMs when it was asked for; a time in the future counts as now.
   *
   * @throws GatewayError for a failure that passes, so that the delivery is tried again.
   */
  async deliver(
    order: ChangeOrder,
    { latestMs, notAfterMs, askedAtMs, approval }: Delivery,
  ): Promise<Header> {
    const { clock } = this.#bench
    const propose: ProposeWish = (wish) => {
      const read = readOrder(order, clock.nowMs())
      return {
        ...wish,
        ...read,
        windowUntilMs: latestMs,
        askedAtMs,
        notAfterMs: notAfterMs ?? read.notAfterMs,
        approval,
        isApproved: approval !== undefined,
      }
    }
    const isLate = () => clock.nowMs() > latestMs
    const ask = this.#ask(order)
    const plan: PlanWish = (wish) =>
      isLate() ? planExpired(this.#bench, propose(wish)) : planChange(this.#bench, propose(wish), false)
    const { begun, found } = isLate() ? {} : await this.#carryOutDirectly(ask, propose)
    const { id: changeId, seen } = begun ?? (await this.#record(ask, plan, found))
    const { header: delivered } = await advance(this.#bench, changeId, seen)
    const { id, failure } = delivered
    if (failure && isFree(delivered)) throw errorOfFailure({ id, failure })
    return delivered
  }

  async apply(changeId: string, digest: string, confirmPeople?: number): Promise<Answered<Change>> {
    const confirmation = { digest, confirmPeople }
    return await this.#carryOut(await applyChange(this.#bench, this.#caller, changeId, confirmation))
  }

  async approve(changeId: string, digest: string, confirmPeople?: number): Promise<Answered<Change>> {
    const confirmation = { digest, confirmPeople }
    return await this.#carryOut(await approveChange(this.#bench, this.#caller, changeId, confirmation))
  }

  async resume(changeId: string): Promise<Answered<Change>> {
    return await this.#carryOut(await resumeList(this.#bench, this.#caller, changeId))
  }

  async undo(changeId: string, how: Undoing = {}): Promise<Answered<Change>> {
    const { confirmPeople, isDraft, reason } = how
    const plan: PlanWish = async (wish) => {
      const original = await readUndoable(this.#bench, changeId)
      const planned = await planUndo(this.#bench, original, { ...wish, isPlanned: false, isDraft, reason })
      // Before the count: where another has undone it, no count is right.
      const named = await nameUndo(this.#bench, original, planned)
      // Who only looks need not count; what is typed all the same must be right.
      if (!isDraft || confirmPeople !== undefined) refuseUnconfirmedUndo(planned.header, confirmPeople)
      return named
    }
    const ask = this.#ask({ undo: changeId, confirmPeople, isDraft, reason })
    return await this.#answer(await this.#recordAndAdvance(ask, isDraft ? plan : this.#unlessPaused(plan)))
  }

  async end(changeId: string): Promise<Answered<Change>> {
    await refuseWhilePaused(this.#bench)
    const { header, isReplay } = await endChange(this.#bench, this.#caller, changeId)
    const ended = await this.#advanceNoted(changeId, header)
    const revertId = ended.revert?.changeId
    const reverting = revertId === undefined ? ended : await this.#advanceNoted(revertId)
    return await this.#answer({ header: reverting, isReplay })
  }

  /** What has been decided stays so, and the tick goes on with it, whatever fails now. */
  async #advanceNoted(changeId: string, seen?: Header): Promise<Header> {
    try {
      return (await advanceInRequest(this.#bench, changeId, seen)).header
    } catch (error) {
      if (!seen || !(error instanceof GatewayError)) throw error
      this.#bench.log.noteDeferred(changeId, 'it could not be taken back at once', error)
      return seen
    }
  }

  /** @param request what makes it the same request when it comes again. */
  #ask(request: unknown): Ask {
    return { requestDigest: digestOf(request), askedAtMs: this.#bench.clock.nowMs() }
  }

  #wish(id: string, ask: Ask): Wish {
    const { maker } = this.#caller
    return { ...ask, id, actor: this.#actor, askers: maker ? [maker] : [], isReleased: true }
  }

  /** One change for one request. */
  #record(ask: Ask, plan: PlanWish, found?: Header): Promise<Recorded> {
    const planOf = (id: string) => plan(this.#wish(id, ask))
    return recordWishOnce(this.#bench, this.#caller, ask.requestDigest, planOf, found)
  }

  /** What has begun, or the change that is on record already; neither where nothing of it is on record yet. */
  async #carryOutDirectly(
    ask: Ask,
    propose: ProposeWish,
    id = firstIdOf(this.#caller),
  ): Promise<{ readonly begun?: MadeChange; readonly found?: Header }> {
    const wish = this.#wish(id, ask)
    const step = await carryOutDirectly(this.#bench, id, (readings) => propose(wish, readings))
    if (!step) return {}
    if (step.kind === 'found') return { found: step.header }
    const seen = step.kind === 'overtaken' ? undefined : step.header
    return { begun: { id, seen, isStopped: step.kind === 'stopped' } }
  }

  /** While writes are paused nothing new is made but what is for later. */
  #unlessPaused(plan: PlanWish): PlanWish {
    return async (wish) => {
      await refuseWhilePaused(this.#bench)
      return await plan(wish)
    }
  }

  /** One change for one request, as far as it goes now. */
  async #once(
    ask: Ask,
    propose: ProposeWish,
    plan: PlanWish = this.#unlessPaused((wish) => planChange(this.#bench, propose(wish), false)),
  ): Promise<Decided & Progress> {
    const { begun, found } = await markUnsent(this.#carryOutDirectly(ask, propose))
    if (begun) return { ...(await this.#follow(begun)), isReplay: false }
    return await this.#recordAndAdvance(ask, plan, found)
  }

  async #recordAndAdvance(ask: Ask, plan: PlanWish, found?: Header): Promise<Decided & Progress> {
    const { id, isReplay, seen } = await markUnsent(this.#record(ask, plan, found))
    return { ...(await advanceInRequest(this.#bench, id, seen)), isReplay }
  }

  async #switchKeyless(
    featureName: string,
    propose: ProposeWish,
    plan: PlanWish,
  ): Promise<Decided & Progress> {
    const key = switchKeyOf(this.#actor, featureName)
    const ask = this.#ask({ featureName })
    const { taken, begun } = await markUnsent(
      recordSwitch(this.#bench, key, async (id, earlier): Promise<MadeChange> => {
        // Trying again is no new wish: it has the time of the first.
        const direct = earlier ? {} : await this.#carryOutDirectly(ask, propose, id)
        if (direct.begun) return direct.begun
        const planned = keepFirstIntent(await this.#unlessPaused(plan)(this.#wish(id, ask)), earlier)
        return { id, seen: await putNewChange(this.#bench, planned), isStopped: false }
      }),
    )
    const progress = await this.#follow(begun)
    await noteSwitchAnswered(this.#bench, key, taken, progress.header)
    return { ...progress, isReplay: isRepeat(taken) }
  }

  async #follow({ id, seen, isStopped }: MadeChange): Promise<Progress> {
    return seen && isStopped ? { header: seen, isStopped } : await advanceInRequest(this.#bench, id, seen)
  }

  async #carryOut({ header, isReplay }: Decided): Promise<Answered<Change>> {
    return await this.#answer({ ...(await advanceInRequest(this.#bench, header.id, header)), isReplay })
  }

  async #answer({ header, isReplay }: Decided): Promise<Answered<Change>> {
    const { id, failure, state } = header
    if (failure && isError(failure) && state === 'FAILED') throw errorOfFailure({ id, failure }, isReplay)
    try {
      const offer = offersFor(this.#bench, this.#caller)
      return { value: offer(await readWholeChange(this.#bench, header)), isReplay }
    } catch (error) {
      throw isLedgerDown(error) && !isSettled(state) ? mayBeCarriedOut(id, error) : error
    }
  }
}
