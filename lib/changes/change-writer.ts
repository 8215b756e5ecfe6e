/** The port `Changes`: every write a change on record, whoever asks for it. */
import { GatewayError } from '../errors.ts'
import type {
  LicenseBatchAssignmentRequest,
  LicenseOrgToggle,
  LicenseUpdateStatus,
} from '../genesys/models/licenses.ts'
import type { Change } from './answers/change-schemas.ts'
import { changeOf } from './answers/render-change.ts'
import { advance } from './carry-out/advance.ts'
import { isLeftOpen, leaveOpen } from './carry-out/send-once.ts'
import { applyChange, approveChange, type Decided } from './decide/decide-change.ts'
import { assignmentStatuses, refuseUnsettled, toggleNow } from './license-answers.ts'
import type { Caller } from './model/change.ts'
import { type Actor, type Approval, type Header, isSettled, type Planned } from './model/change.ts'
import type { ChangeOrder } from './model/change-order.ts'
import { errorOf, isError, isLedgerDown, mayBeCarriedOut, withNothingSent } from './model/failure.ts'
import { digestOf } from './model/identity.ts'
import { known, type Policy } from './model/policy.ts'
import { planChange, planExpired } from './plan/plan-change.ts'
import { planUndo, readUndoable } from './plan/plan-undo.ts'
import { pairTargetsOf, readOrder, subjectOf, toggleTargetsOf } from './plan/read-order.ts'
import type { Answered, Changes } from './port.ts'
import { asFirstAsked, attemptOf, isFree } from './record/attempts.ts'
import type { Workbench } from './record/desk.ts'
import {
  forgetRepeat,
  isRepeat,
  type New,
  noteAnswered,
  switchKeyOf,
  type Taken,
  takeFirst,
  waitingKeyOf,
} from './record/repeats.ts'
import { whenSettled } from './record/when-settled.ts'
import { createChange, requireHeader } from './record/write-header.ts'

/** What comes by itself: the last moment at which it is carried out, and when it was asked for; epoch milliseconds. */
interface Delivery {
  readonly latestMs: number
  /** The same, where whoever asked named it. */
  readonly notAfterMs?: number
  readonly askedAtMs: number
  readonly approval?: Approval
}

/** Makes the change of an id, not yet on record. */
type Plan = (id: string, requestDigest: string) => Promise<Planned> | Planned

/** What fails before a change is on record ends the write before there is anything to send. */
async function unsent<T>(made: Promise<T>): Promise<T> {
  try {
    return await made
  } catch (error) {
    throw error instanceof GatewayError ? withNothingSent(error) : error
  }
}

export class ChangeWriter implements Changes {
  readonly #bench: Workbench
  readonly #caller: Caller
  readonly #actor: Actor

  constructor(bench: Workbench, caller: Caller) {
    this.#bench = bench
    this.#caller = caller
    this.#actor = actorOf(bench.policy, caller)
  }

  async assign(batch: LicenseBatchAssignmentRequest): Promise<Answered<LicenseUpdateStatus[]>> {
    const targets = pairTargetsOf(batch)
    const decided = await this.#once(digestOf({ targets }), (id, requestDigest) =>
      planChange(
        this.#bench,
        {
          ...this.#released(id, requestDigest),
          kind: 'assignments',
          targets,
          subject: subjectOf(targets),
        },
        false,
      ),
    )
    refuseUnsettled(decided)
    const { header, isReplay } = decided
    return { value: await assignmentStatuses(this.#bench, header), isReplay, changeId: header.id }
  }

  async switchToggle(featureName: string): Promise<Answered<LicenseOrgToggle>> {
    const plan = async (id: string, requestDigest: string) => {
      const { enabled } = await this.#bench.genesys.getToggle(featureName)
      const targets = toggleTargetsOf(featureName, !enabled)
      return await planChange(
        this.#bench,
        { ...this.#released(id, requestDigest), kind: 'toggle', targets, subject: subjectOf(targets) },
        false,
        { known: { values: [enabled] } },
      )
    }
    const decided =
      this.#caller.idempotencyKey === undefined
        ? await this.#switchKeyless(featureName, plan)
        : await this.#once(digestOf({ featureName }), plan)
    refuseUnsettled(decided)
    const { header, isReplay } = decided
    return { value: await toggleNow(this.#bench, header), isReplay, changeId: header.id }
  }

  async request(order: ChangeOrder): Promise<Answered<Change>> {
    const decided = await this.#once(digestOf(order), (id, requestDigest) => {
      const proposal = {
        ...this.#released(id, requestDigest),
        ...readOrder(order, this.#bench.clock.nowMs()),
      }
      return planChange(this.#bench, proposal, false)
    })
    return await this.#answered(decided)
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
    const { id: changeId, seen } = await this.#first(digestOf(order), (id, requestDigest) => {
      const proposal = {
        ...this.#released(id, requestDigest),
        ...readOrder(order, clock.nowMs()),
        windowUntilMs: latestMs,
        askedAtMs,
        ...(notAfterMs === undefined ? {} : { notAfterMs }),
        ...(approval ? { approval, isApproved: true } : {}),
      }
      return clock.nowMs() > latestMs
        ? planExpired(this.#bench, proposal)
        : planChange(this.#bench, proposal, false)
    })
    const delivered =
      (await advance(this.#bench, changeId, seen)) ?? (await requireHeader(this.#bench, changeId))
    const { id, failure } = delivered
    if (failure && isFree(delivered)) throw errorOf({ id, failure })
    return delivered
  }

  async apply(changeId: string, digest: string): Promise<Answered<Change>> {
    return await this.#carriedOut(await applyChange(this.#bench, this.#caller, changeId, digest))
  }

  async approve(changeId: string, digest: string): Promise<Answered<Change>> {
    return await this.#carriedOut(await approveChange(this.#bench, this.#caller, changeId, digest))
  }

  async undo(changeId: string): Promise<Answered<Change>> {
    const decided = await this.#once(digestOf({ undo: changeId }), async (id, requestDigest) => {
      const original = await readUndoable(this.#bench, changeId)
      return await planUndo(this.#bench, original, {
        id,
        requestDigest,
        actor: this.#actor,
        isPlanned: false,
      })
    })
    return await this.#answered(decided)
  }

  #released(id: string, requestDigest: string) {
    const { maker } = this.#caller
    const askers = maker ? [maker] : []
    return { id, requestDigest, actor: this.#actor, askers, isReleased: true }
  }

  /** One change for one key, however often it is asked for. */
  async #once(requestDigest: string, plan: Plan): Promise<Decided> {
    const { id, isReplay, seen } = await unsent(this.#first(requestDigest, plan))
    return { header: await this.#advanced(id, seen), isReplay }
  }

  /** The change of a key: made here, or found. */
  async #first(
    requestDigest: string,
    plan: Plan,
  ): Promise<{ readonly id: string; readonly isReplay: boolean; readonly seen?: Header }> {
    const { id, existing, earlier } = await attemptOf(this.#bench, this.#caller, requestDigest)
    if (existing) return { id, isReplay: true, seen: existing }
    const planned = asFirstAsked(await plan(id, requestDigest), earlier)
    const isKeyless = this.#caller.idempotencyKey === undefined
    if (isKeyless && planned.header.state === 'AWAITING_APPROVAL') return await this.#firstWaiting(planned)
    if (await createChange(this.#bench, planned)) return { id, isReplay: false, seen: planned.header }
    // Another request with the same key was quicker: it must have been the same request.
    const first = await attemptOf(this.#bench, this.#caller, requestDigest)
    // It may have failed by now and freed the key: then that failure is the answer, and no id that nobody has made.
    return { id: first.existing ? first.id : id, isReplay: true }
  }

  async #switchKeyless(featureName: string, plan: Plan): Promise<Decided> {
    const key = switchKeyOf(this.#actor, featureName)
    const taken = await unsent(takeFirst(this.#bench, key))
    const isReplay = isRepeat(taken)
    const seen = isReplay
      ? taken.first
      : await unsent(this.#createdFor(key, taken, plan, digestOf({ featureName })))
    const header = await this.#advanced(seen.id, seen)
    await this.#noteAnswered(key, taken, header)
    return { header, isReplay }
  }

  async #createdFor(key: string, taken: New, plan: Plan, requestDigest: string): Promise<Header> {
    return await this.#orForget(key, taken, async () => {
      const planned = asFirstAsked(await plan(taken.id, requestDigest), taken.earlier)
      await createChange(this.#bench, planned)
      return planned.header
    })
  }

  /**
   * What is read for the answer comes first: an answer without a result puts no time off. That it was given is noted
   * where it can be; unnoted, a repeat is taken for one for longer.
   *
   * @throws GatewayError `outcome.unknown` where the result cannot be read: after a 5xx clients would resend for longer
   *   than this may be told a repeat.
   */
  async #noteAnswered(key: string, taken: Taken, header: Header): Promise<void> {
    if (!isSettled(header.state)) return
    const { ledger, log } = this.#bench
    try {
      await ledger.evidence(header)
    } catch (error) {
      throw isLedgerDown(error) ? mayBeCarriedOut(header.id, error) : error
    }
    try {
      await noteAnswered(this.#bench, key, taken)
    } catch (error) {
      if (!isLedgerDown(error)) throw error
      log.left(header.id, 'it could not be noted that its result was told', error)
    }
  }

  /** Where nothing of it is on record, the next request need not wait for it. */
  async #orForget<T>(key: string, taken: New, make: () => Promise<T>): Promise<T> {
    try {
      return await make()
    } catch (error) {
      if (error instanceof GatewayError && error.code === 'outcome.unknown') throw error
      await forgetRepeat(this.#bench, key, taken).catch((failed) => {
        if (!isLedgerDown(failed)) throw failed
      })
      throw error
    }
  }

  /** A client that resends what waits for an approver asks for nothing new: the open request is the answer. */
  async #firstWaiting(planned: Planned) {
    const { operation } = this.#caller
    const { id, requestDigest } = planned.header
    const key = waitingKeyOf(this.#actor, operation, requestDigest)
    const taken = await takeFirst(this.#bench, key, id)
    if (isRepeat(taken)) return { id: taken.first.id, isReplay: true, seen: taken.first }
    await this.#orForget(key, taken, () => createChange(this.#bench, planned))
    return { id, isReplay: false, seen: planned.header }
  }

  async #carriedOut({ header, isReplay }: Decided): Promise<Answered<Change>> {
    return await this.#answered({ header: await this.#advanced(header.id, header), isReplay })
  }

  /**
   * Takes the change as far as it goes now, and waits where another invocation is at it. It is on record, so where the
   * ledger fails in between, it goes on by itself, and the answer is no failure.
   */
  async #advanced(changeId: string, seen?: Header): Promise<Header> {
    const { log, scope } = this.#bench
    try {
      const header =
        (await advance(this.#bench, changeId, seen)) ?? (await requireHeader(this.#bench, changeId))
      return isLeftOpen(header) ? header : await whenSettled(this.#bench, header, scope.deadline)
    } catch (error) {
      if (!isLedgerDown(error)) throw error
      log.left(changeId, 'the ledger failed while it was carried out', error)
      if (!seen) throw mayBeCarriedOut(changeId, error)
      return leaveOpen(seen)
    }
  }

  async #answered({ header, isReplay }: Decided): Promise<Answered<Change>> {
    const { id, failure, state } = header
    if (failure && isError(failure) && state === 'FAILED') throw errorOf({ id, failure }, isReplay)
    const { ledger } = this.#bench
    try {
      const value = changeOf(header, await ledger.plan(header), await ledger.evidence(header))
      return { value, isReplay }
    } catch (error) {
      throw isLedgerDown(error) && !isSettled(state) ? mayBeCarriedOut(id, error) : error
    }
  }
}

/** A schedule asks in the name of whoever made it. */
function actorOf(policy: Policy, { actor, maker }: Caller): Actor {
  if (!maker) return known(policy, actor)
  const { person, tool } = known(policy, maker)
  return {
    ...actor,
    ...(person === undefined ? {} : { person }),
    ...(tool === undefined ? {} : { tool }),
  }
}
